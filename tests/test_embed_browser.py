"""The map on another site's page: drawn by itself, with the controls that were asked for, and nothing else of ours."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from browser import serving
from playwright.sync_api import Browser, expect

from routes.sharing import CONTROLS, embed_code
from routes.view import View

pytestmark = pytest.mark.browser
PARTS = {
    "clock": ".chart",
    "legend": ".box.legend",
    "layers": ".box.layers",
    "zoom": ".leaflet-control-zoom",
    "reset": ".tools .reset",
}
VIEW = View(as_of=date(2014, 12, 31), selection="la-transit")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as found:
        yield found


@contextmanager
def another_site(body: str) -> Iterator[str]:
    """The address of a site of somebody else's with one page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>x</title>{body}".encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("controls", [CONTROLS, ("clock",), ()], ids=lambda names: ",".join(names) or "none")
def test_the_embed_code_shows_the_view_on_another_site(
    chromium: Browser, address: str, controls: tuple[str, ...]
) -> None:
    page = chromium.new_context().new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    with another_site(embed_code(VIEW, address, controls=controls)) as site:
        page.goto(site)
        frame = page.frame_locator("iframe")
        frame.locator('body[data-ready="yes"]').wait_for()
        expect(frame.locator('path[data-feature-id="la-transit"]')).to_have_attribute("data-stance", "mixed")
        expect(frame.locator(".clock .year")).to_contain_text("2014")
        for name, part in PARTS.items():
            expect(frame.locator(part)).to_be_visible(visible=name in controls)
        expect(frame.locator(".share")).to_be_hidden()
        assert page.context.cookies() == []
        assert [error for error in errors if "favicon" not in error] == []
    page.context.close()


@pytest.mark.parametrize(
    ("width", "controls", "shown"),
    [(390, "", False), (800, "", True), (1000, "", True), (800, "none", False)],
    ids=["phone", "column", "wide", "bare"],
)
def test_an_embedded_map_is_not_covered_by_what_stands_round_it(
    chromium: Browser, address: str, width: int, controls: str, shown: bool
) -> None:
    page = chromium.new_context(viewport={"width": width, "height": 560}).new_page()
    page.goto(f"{address}/embed?as_of=2014" + (f"&controls={controls}" if controls else ""))
    page.locator('body[data-ready="yes"]').wait_for()
    expect(page.locator(".box.tools")).to_be_visible(visible=shown)
    assert (page.locator(".box.legend").get_attribute("open") is not None) == (width >= 900)
    expect(page.locator(".clock .year")).to_have_text("2014")
    if controls == "none":
        assert page.locator(".clock").evaluate("(clock) => clock.offsetHeight") < 60
    page.context.close()


@pytest.mark.parametrize(("path", "ancestors"), [("/embed", "*"), ("/", "'self'"), ("/present", "'self'")])
def test_other_sites_may_show_the_embed_page_alone(address: str, path: str, ancestors: str) -> None:
    with urllib.request.urlopen(address + path) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert f"frame-ancestors {ancestors}" in policy
