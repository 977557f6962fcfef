"""Measure our dashboard against the usual way and against an empty page: `python bench/run.py [--runs 7]`.

All three are served on this machine and visited in turn within each run, after one round that is not counted.
Times are taken by the page's own clock (see watch.js); the bytes over the websocket are counted on a visit of their
own, since counting costs time.
The empty page has our server's settings, so that only the page differs; the usual way has Streamlit's own.
A ratio that misses its aim is printed as missed.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright
from report import Figures, print_report
from servers import ROOT, serving, streamlit

OURS_PANEL = '[data-testid="stVerticalBlock"] .panel h2'
"""The heading of our panel, whose text changes when a click has filled it."""
USUAL_PANEL = "h3"
SEGMENT = "la-transit"
FROM_YEAR = 2012
LOOKS = {"ours": ("cooperates", "mixed"), "usual": ("#1a7f5a", "#d9a441")}
"""How the segment looks at the end of `FROM_YEAR` and a year later: a stance, or usual.py's colour for it."""
OURS_SLIDER = 'iframe[title^="streamlit_folium"]'

BENCH = Path(__file__).parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
"""The browser; where it is missing, the one that Playwright installed."""
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZE = {"width": 1440, "height": 900}
QUIET_S, SETTLE_S = 1.0, 30


@dataclass(frozen=True)
class Contender:
    """One page to measure: its name, its address, and what shows that it is there."""

    name: str
    address: str
    wants: dict[str, str]


@contextlib.contextmanager
def contenders() -> Iterator[list[Contender]]:
    """Ours, the usual way and the empty page, each served."""
    with contextlib.ExitStack() as stack:
        uvicorn = ["uvicorn", "mapfiles:app", "--port", "{port}", "--log-level", "warning"]
        files = stack.enter_context(serving("map files", uvicorn, BENCH))
        ours = stack.enter_context(serving("ours", streamlit("app.py"), ROOT))
        usual = stack.enter_context(serving("usual", streamlit("usual.py"), BENCH, MAP_FILES=files))
        empty = stack.enter_context(serving("empty", streamlit("bench/empty.py"), ROOT))
        yield [
            Contender("ours", f"{ours}/?as_of={FROM_YEAR}", {"id": SEGMENT, "look": LOOKS["ours"][0]}),
            Contender("usual", usual, {"id": SEGMENT, "look": LOOKS["usual"][0]}),
            Contender("empty", empty, {"selector": '[data-testid="stButton"] button'}),
        ]


class Wire:
    """Counts what passes over a page's websockets, with Chromium's own network events."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self.last = time.monotonic()
        events = page.context.new_cdp_session(page)
        events.on("Network.webSocketFrameReceived", self._count)
        events.on("Network.webSocketFrameSent", self._count)
        events.send("Network.enable")

    def _count(self, event: dict) -> None:
        frame = event["response"]
        payload = frame["payloadData"]
        self.bytes += len(payload.encode()) if frame["opcode"] == 1 else len(base64.b64decode(payload))
        self.last = time.monotonic()


def open_page(context: BrowserContext, contender: Contender) -> Page:
    """A new page on the contender's address, with watch.js in it from the start."""
    page = context.new_page()
    go(page, contender)
    return page


def go(page: Page, contender: Contender) -> None:
    """Send an empty page to the contender's address, with watch.js in it from the start."""
    wants = f"window.benchWants = {json.dumps(contender.wants)};\n"
    page.add_init_script(wants + (BENCH / "watch.js").read_text(encoding="utf-8"))
    page.goto(contender.address, wait_until="commit", timeout=60_000)


def load_ms(page: Page) -> float | None:
    """Milliseconds from navigation to what the contender wants to see."""
    value: float | None = page.evaluate("() => bench.ready")
    return value


def settle(page: Page) -> None:
    """Wait until no script runs and nothing has changed for a second: a click or key before that would wait in line."""
    running = page.locator('[data-testid="stApp"][data-test-script-state="running"]')
    last, quiet_since = time.monotonic() + SETTLE_S, time.monotonic()
    while time.monotonic() < last and time.monotonic() - quiet_since < QUIET_S:
        page.wait_for_timeout(100)
        if running.count():
            quiet_since = time.monotonic()


def step_ms(page: Page, name: str) -> float | None:
    """Milliseconds from the right arrow key on the year to the segment's next colour."""
    if name == "ours":
        page.frame_locator(OURS_SLIDER).locator(".slider").focus()
    else:
        page.get_by_role("slider").first.focus()
    page.evaluate("([id, wanted]) => { bench.result = bench.stepped(id, wanted); }", [SEGMENT, LOOKS[name][1]])
    page.keyboard.press("ArrowRight")
    value: float | None = page.evaluate("() => bench.result")
    return value


def click_ms(page: Page, name: str) -> float | None:
    """Milliseconds from a press of the mouse on the segment to the panel's new heading."""
    point = page.evaluate("(id) => bench.pointOn(id)", SEGMENT)
    if point is None:
        return None
    page.mouse.move(*point)
    page.wait_for_timeout(400)
    selector = OURS_PANEL if name == "ours" else USUAL_PANEL
    page.evaluate("(selector) => { bench.result = bench.filled('pointerdown', selector); }", selector)
    page.mouse.click(*point)
    value: float | None = page.evaluate("() => bench.result")
    return value


def fragment_ms(page: Page) -> float | None:
    """Milliseconds from a press on the empty page's button to its new label."""
    selector = '[data-testid="stButton"] button'
    page.evaluate("(selector) => { bench.result = bench.filled('pointerdown', selector); }", selector)
    page.locator(selector).click()
    value: float | None = page.evaluate("() => bench.result")
    return value


def websocket_kib(browser: Browser, contender: Contender) -> float | None:
    """KiB over the websocket, both ways, of one first load until it has settled."""
    with fresh(browser) as context:
        page = context.new_page()
        wire = Wire(page)
        go(page, contender)
        ready = load_ms(page)
        settle(page)
        return None if ready is None else wire.bytes / 1024


@contextlib.contextmanager
def fresh(browser: Browser) -> Iterator[BrowserContext]:
    """A browser context with nothing in its cache."""
    context = browser.new_context(viewport=SIZE)
    context.set_default_timeout(30_000)
    try:
        yield context
    finally:
        context.close()


def visit(browser: Browser, contender: Contender) -> dict[str, float | None]:
    """Every measure of one contender, once."""
    measured: dict[str, float | None] = {}
    with fresh(browser) as context:
        page = open_page(context, contender)
        measured["cold load ms"] = load_ms(page)
        settle(page)
        page.close()
        page = open_page(context, contender)
        measured["warm load ms"] = load_ms(page)
        settle(page)
        if contender.name == "empty":
            measured["fragment ms"] = tried(fragment_ms, page)
        else:
            measured["step ms"] = tried(step_ms, page, contender.name)
            settle(page)
            measured["click ms"] = tried(click_ms, page, contender.name)
    measured["websocket KiB"] = websocket_kib(browser, contender)
    return measured


def tried(measure: Callable[..., Any], *arguments: Any) -> Any:
    """What `measure` says, or None with a line on stderr where the browser could not do it."""
    try:
        return measure(*arguments)
    except Error as error:
        print(f"bench: {measure.__name__}: {str(error).splitlines()[0]}", file=sys.stderr)
        return None


def measure(runs: int) -> dict[str, Figures]:
    """The figures of every contender."""
    with contenders() as entered, sync_playwright() as playwright:
        chromium = CHROMIUM if Path(CHROMIUM).exists() else None
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        figures = {contender.name: Figures() for contender in entered}
        for run in range(runs + 1):
            for contender in entered:
                measured = tried(visit, browser, contender) or dict.fromkeys(figures[contender.name].values)
                label = f"run {run}" if run else "warm-up"
                shown = ", ".join(f"{name} {value and round(value, 1)}" for name, value in measured.items())
                print(f"{label} {contender.name}: {shown}", file=sys.stderr, flush=True)
                if run:
                    figures[contender.name].add(measured)
        browser.close()
        return figures


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7, help="rounds that count (at least 7 to report)")
    runs = parser.parse_args().runs
    if runs < 1:
        parser.error(f"expected --runs of 1 or more, got {runs}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: stopped"))  # so that the servers are stopped too
    print_report(measure(runs), runs)


if __name__ == "__main__":
    main()
