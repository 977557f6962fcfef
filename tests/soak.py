"""The long counts: `make soak`. Prints what it measured, line by line, and fails where a claim does not hold.

1. 20,000 random links open, and what they could not restore is said.
2. 5,000 random sets of effects fold to the same spells in any order of rows.
3. 100,000 features are checked in at most four times what parsing them costs.
4. Of 1,000 histories of two people who edit at once, none loses what its author had not seen.
5. Killed, out of space or read-only at any instant, the store keeps every revision whole (tests/soak_store.py).
6. LibreOffice draws every story's slides (tests/soak_slides.py).
7. One reader's 400 steps of the date leave the server's memory where it was.
8. Twenty visits to every page leave no error and ask no other host.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import orjson
import soak_store
from browser import launch, serving, visit
from making import collection, effect, item
from playwright.sync_api import sync_playwright
from shapely import from_geojson
from soak_slides import slides_in_libreoffice
from test_interleavings import FIELDS, RECORDS, Act, run_history

from routes.dataset import load
from routes.layers import read_layer
from routes.records import STANCES, Effect
from routes.rfc7946 import check_geojson
from routes.stance import fold
from routes.view import read_view

TODAY = date(2026, 11, 22)
PAGES = ("/answer", "/arrivals", "/changes", "/disputes", "/sources", "/glossary", "/method")


def random_links(count: int = 20_000) -> str:
    """Open links of random parts."""
    chance = random.Random(1)
    dataset = load()
    alphabet = "abcLA019-/,:=&%{}<>\"'\u202e\x00 "
    silent = 0
    for _ in range(count):
        junk = {
            name: "".join(chance.choices(alphabet, k=chance.randrange(1, 12)))
            for name in ("as_of", "sel", "layers", "filter", "map")
        }
        _, unrestored = read_view(junk, dataset, today=TODAY)
        silent += not unrestored
    assert silent == 0, f"{silent} junk links were restored without a word"
    return f"{count:,} junk links opened, each saying what it could not restore"


def random_folds(count: int = 5_000) -> str:
    """Fold random effects in two orders."""
    chance = random.Random(2)
    for _ in range(count):
        effects = [_random_effect(chance, n) for n in range(chance.randrange(1, 9))]
        shuffled = random.Random(chance.random()).sample(effects, len(effects))
        spells = fold(effects)
        assert spells == fold(shuffled)
        for one, other in pairwise(spells):
            assert one.end is not None
            assert one.end < other.start
    return f"{count:,} random folds are the same in any order and never overlap"


def _random_effect(chance: random.Random, n: int) -> Effect:
    start = date(1990, 1, 1) + timedelta(days=chance.randrange(12_000))
    seen = start + timedelta(days=chance.randrange(3_000))
    return effect(
        f"e{n}",
        chance.choice(STANCES),
        start.isoformat(),
        seen=seen.isoformat() if chance.random() < 0.5 else None,
        basis=chance.choice(["practice", "practice", "act", "law"]),
        certainty=chance.choice(["established", "reported", "alleged"]),
    )


def a_hundred_thousand_features() -> str:
    """Check a large file, against the time to parse it twice over."""
    line = [[101.5, 20.1], [102.5, 20.25]]
    text = json.dumps(collection(*(item(f"la-{n}", coordinates=line) for n in range(100_000))))
    data = text.encode()
    parse = _fastest(lambda: (orjson.loads(data), from_geojson(text)))
    check = _fastest(lambda: check_geojson(data, "large.geojson"))
    read = _fastest(lambda: read_layer("large", data, shown_as="large.geojson"))
    assert read_layer("large", data, shown_as="large.geojson")[1] == []
    assert max(check, read) < 4 * parse, f"{check:.1f} s and {read:.1f} s against {parse:.1f} s"
    ratios = f"{check / parse:.1f} times (RFC 7946) and {read / parse:.1f} times (our own rules too)"
    return f"100,000 features checked in {ratios} what orjson and shapely need to parse them"


def many_histories(count: int = 1_000) -> str:
    """Let two people edit at once in random orders."""
    chance = random.Random(3)
    edits = conflicts = 0
    for _ in range(count):
        history = run_history([_random_act(chance) for _ in range(chance.randrange(2, 13))])
        edits, conflicts = edits + history.edits, conflicts + history.conflicts
    return f"{count:,} histories of two who edit at once: {edits:,} edits in, {conflicts:,} of them shown as conflicts"


def _random_act(chance: random.Random) -> Act:
    whats = ["look", "set", "set", "set", "remove", "add", "set and settle"]
    return Act(
        chance.choice(["lee", "kim"]), chance.choice(whats), chance.choice(RECORDS), chance.choice(FIELDS)  # type: ignore[arg-type]
    )


def _fastest(work: Callable[[], object], times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def long_reading(steps: int = 400) -> str:
    """Step the date back and forth with a rest at each, and read the server's memory before and after."""
    with serving() as address, sync_playwright() as playwright:
        browser = launch(playwright)
        reader = visit(browser.new_context(viewport={"width": 1440, "height": 900}), address)
        reader.open_map("as_of=2005&sel=cn-to-yunnan")
        slider = reader.frame.get_by_role("slider")
        before = 0.0
        for step in range(steps):
            slider.press("ArrowRight" if step // 15 % 2 == 0 else "ArrowLeft")
            reader.page.wait_for_timeout(420)
            if step == steps // 4:
                before = _server_memory_mib(address)
        after = _server_memory_mib(address)
        browser.close()
        assert reader.errors == []
    assert after < before * 1.15 + 10, f"{before:.0f} MiB grew to {after:.0f} MiB"
    return f"{steps} rested steps: after the first quarter memory went from {before:.0f} to {after:.0f} MiB"


def _server_memory_mib(address: str) -> float:
    port = address.rsplit(":", 1)[1]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and port in _command_of(entry):
            status = (entry / "status").read_text(encoding="utf-8")
            return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024
    raise AssertionError("the server is gone")


def _command_of(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().decode(errors="replace") if int(entry.name) != os.getpid() else ""
    except OSError:
        return ""


def many_visits(rounds: int = 20) -> str:
    """Visit every page over and over in one browser."""
    with serving() as address, sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        for _ in range(rounds):
            reader = visit(context, address)
            reader.open_map()
            for path in PAGES:
                reader.open(path)
            assert reader.errors == []
            assert reader.foreign == []
            reader.page.close()
        browser.close()
    return f"{rounds} visits to each of {len(PAGES) + 1} pages: no error, no foreign request"


if __name__ == "__main__":
    quick = (random_links, random_folds, a_hundred_thousand_features, many_histories)
    for claim in (*quick, *soak_store.CLAIMS, slides_in_libreoffice, long_reading, many_visits):
        print(claim(), flush=True)
