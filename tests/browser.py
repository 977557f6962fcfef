"""A server of our own and a real browser that may talk to nothing else; counts what crosses the wire."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from tempfile import TemporaryFile
from typing import Any

from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, Playwright, Route
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).parent.parent
FRAME = 'iframe[title^="streamlit_folium"]'
WIDTHS = {"desktop": (1440, 900), "projector": (1920, 1080), "phone": (390, 844)}
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch(playwright: Playwright) -> Browser:
    """The Chromium of this machine, headless."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for found in map(which, names) if found), None)
    assert path, "no Chromium: run `make programs`"
    return playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(data: Path | None = None) -> Iterator[str]:
    """The address of a dashboard on the given data folder, until the block ends."""
    port = free_port()
    environment = {**os.environ, **({"ROUTES_DATA": str(data)} if data else {})}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def wait_for(address: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Return once the server answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer from {address}")


@dataclass
class Visit:
    """One page in one browser, with everything it asked for, said and did wrong."""

    page: Page
    address: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    received: list[bytes] = field(default_factory=list)
    awaited: bool = False  # Python was asked for a run that has not ended yet

    @property
    def frame(self) -> FrameLocator:
        """The map's frame."""
        return self.page.frame_locator(FRAME)

    def open(self, path: str = "/") -> None:
        """Open a page of ours and wait until Streamlit has drawn it."""
        self.page.goto(self.address + path)
        self.page.locator('[data-testid="stMainBlockContainer"] > *').first.wait_for()

    def open_map(self, query: str = "") -> None:
        """Open the explore page and wait until the map stands and the panel is filled."""
        self.open("/" + (f"?{query}" if query else ""))
        self.frame.locator('body[data-ready="yes"]').wait_for()
        self.page.locator(".panel h2").first.wait_for()
        self.settle()

    def settle(self, quiet_ms: int = 500, seconds: float = 60) -> None:
        """Wait until every run that was asked for has ended and nothing has crossed the websocket for a while."""
        counted, end = -1, time.monotonic() + seconds
        while self.awaited or counted != len(self.sent) + len(self.received):
            assert time.monotonic() < end, "a run of the page did not end"
            counted = len(self.sent) + len(self.received)
            self.page.wait_for_timeout(quiet_ms)

    def note_sent(self, payload: bytes) -> None:
        """Keep what the page sent; a run that it asks for is awaited."""
        self.sent.append(payload)
        self.awaited |= BackMsg.FromString(payload).WhichOneof("type") == "rerun_script"

    def note_received(self, payload: bytes) -> None:
        """Keep what the server sent; a run that ended, unless only to begin anew, is awaited no longer."""
        self.received.append(payload)
        message = _forward(payload)
        if message.WhichOneof("type") == "script_finished":
            self.awaited = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def forget_wire(self) -> None:
        """Count what crosses the websocket from here."""
        self.sent.clear()
        self.received.clear()

    def runs(self) -> int:
        """How many Python runs finished since the wire was forgotten."""
        return sum(_forward(payload).WhichOneof("type") == "script_finished" for payload in self.received)

    def reruns_asked(self) -> list[BackMsg]:
        """What the page asked Python for since the wire was forgotten."""
        messages = [BackMsg.FromString(payload) for payload in self.sent]
        return [message for message in messages if message.WhichOneof("type") == "rerun_script"]

    def feature(self, feature_id: str) -> Any:
        """The drawn path of a feature."""
        return self.frame.locator(f'path[data-feature-id="{feature_id}"]')

    def stance(self, feature_id: str) -> str:
        """The stance a feature is drawn with."""
        return str(self.feature(feature_id).get_attribute("data-stance"))

    def params(self) -> dict[str, str]:
        """The parameters in the address bar."""
        from urllib.parse import parse_qsl, urlsplit

        return dict(parse_qsl(urlsplit(self.page.url).query))


def visit(context: BrowserContext, address: str) -> Visit:
    """A page in `context` that refuses every host but ours and keeps count."""
    page = context.new_page()
    page.set_default_timeout(20_000)
    seen = Visit(page, address)

    def only_ours(route: Route) -> None:
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            seen.foreign.append(route.request.url)
            route.abort()

    page.route("**/*", only_ours)
    page.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("dialog", lambda dialog: (seen.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def watch(socket: Any) -> None:
        seen.awaited = False  # whoever was asked is gone
        socket.on("framesent", lambda payload: seen.note_sent(_bytes(payload)))
        socket.on("framereceived", lambda payload: seen.note_received(_bytes(payload)))

    page.on("websocket", watch)
    return seen


def _bytes(payload: str | bytes) -> bytes:
    return payload.encode() if isinstance(payload, str) else payload


def _forward(payload: bytes) -> ForwardMsg:
    return ForwardMsg.FromString(payload)
