"""Claims about what the server answers beside Streamlit's pages, and the headers it puts on everything."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from asking import Answer, ask_of
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit import config
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from components.server import (
    COMPONENT_PATH,
    FAULTS,
    FOR_EVER,
    MIDDLEWARE,
    ROUTES,
    STREAMLIT_STATIC,
    UNUSED,
    Body,
    as_json,
    asset_address,
    assets,
)
from routes.dataset import FOLDER_VARIABLE

ROOT = Path(__file__).parent.parent
SCRIPTS_FROM_ELSEWHERE = (
    "http:",
    "https:",
    "*",
    "data:",
    "blob:",
    "'unsafe-inline'",
    "'unsafe-eval'",
    "'strict-dynamic'",
)
DATA = ["/map/data.json", "/map/basemap.json", "/map/provinces.json"]
PATHS = [*DATA, *(f"/assets/{name}" for name in assets()), "/", "/answer", "/assets/none.js", "/nowhere",
         f"{COMPONENT_PATH}/index.html", "/_stcore/health", "/loose", "/faulty", *UNUSED]  # fmt: skip


def _page(_request: Any) -> Response:
    return PlainTextResponse("a page of Streamlit's")


def _loose(_request: Any) -> Response:
    return PlainTextResponse(
        "x", headers={"Content-Security-Policy": "default-src *", "X-Content-Type-Options": "none"}
    )


def _faulty(_request: Any) -> Response:
    raise RuntimeError("the secret place of a file")


SITE = Starlette(
    routes=[
        *ROUTES,
        Route("/loose", _loose),
        Route("/faulty", _faulty),
        Route("/", _page),
        Route(f"{COMPONENT_PATH}/index.html", _page),
        Route(f"{COMPONENT_PATH}/static/main.js", _page),
        *(Route(f"{path}/{{rest:path}}", _page, methods=["GET", "PUT", "POST"]) for path in UNUSED),
    ],
    middleware=MIDDLEWARE,
    exception_handlers=FAULTS,
)


def ask(path: str, method: str = "GET", **headers: str) -> Answer:
    """What this site answers."""
    return ask_of(SITE, path, method, **headers)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_says_what_a_browser_may_do(path: str) -> None:
    answer = ask(path)
    assert answer.policy["default-src"] == ["'self'"]
    assert answer.policy["connect-src"] == ["'self'"]
    assert answer.policy["object-src"] == ["'none'"]
    assert answer.policy["base-uri"] == ["'none'"]
    assert answer.policy["frame-ancestors"] == ["'self'"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.repeated == set()


@pytest.mark.parametrize("path", PATHS)
def test_no_answer_lets_a_browser_talk_to_another_host(path: str) -> None:
    for values in ask(path).policy.values():
        assert not [value for value in values if re.match(r"https?:|wss?:|\*|//", value)]


@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith(COMPONENT_PATH)])
def test_inline_script_runs_nowhere_but_in_the_component(path: str) -> None:
    assert not set(ask(path).policy["script-src"]) & set(SCRIPTS_FROM_ELSEWHERE)


def test_the_component_may_run_what_streamlit_folium_needs() -> None:
    assert {"'unsafe-inline'", "'unsafe-eval'"} <= set(ask(f"{COMPONENT_PATH}/index.html").policy["script-src"])


def test_the_inline_scripts_of_streamlits_page_are_allowed_by_name() -> None:
    page = (STREAMLIT_STATIC / "index.html").read_text(encoding="utf-8")
    hashes = [value for value in ask("/").policy["script-src"] if value.startswith("'sha256-")]
    assert len(hashes) == len(re.findall(r"<script>", page))


@pytest.mark.parametrize("path", DATA)
def test_the_map_is_sent_as_json(path: str) -> None:
    answer = ask(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert isinstance(json.loads(answer.content), dict)


CACHED = [*DATA, *(asset_address(name) for name in assets())]


@pytest.mark.parametrize("path", CACHED)
def test_what_a_browser_has_is_not_sent_again(path: str) -> None:
    first = ask(path)
    again = ask(path, if_none_match=first.headers["etag"])
    assert (again.status, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert "content-security-policy" in again.headers
    assert ask(path, if_none_match=f"W/{first.headers['etag']}").status == 304
    assert ask(path, if_none_match='"another"').status == 200
    assert ask(path, if_none_match="").status == 200


@pytest.mark.parametrize("path", CACHED)
def test_what_can_be_packed_is_sent_packed(path: str) -> None:
    plain, packed = ask(path), ask(path, accept_encoding="br, gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in packed.headers["vary"]
    assert int(packed.headers["content-length"]) == len(packed.content)


@pytest.mark.parametrize("name", assets())
def test_an_asset_is_kept_for_ever_under_an_address_of_its_content(name: str) -> None:
    answer = ask(asset_address(name))
    assert answer.status == 200
    assert "immutable" in answer.headers["cache-control"]
    assert asset_address(name).endswith(answer.headers["etag"].strip('"'))
    assert answer.content


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [("localhost:8501", True), ("127.0.0.1:8600", True), ("[::1]:8501", True), ("evil.example", False), ("", False),
     ("localhost.evil.example", False), ("evil.example@localhost", False)],
)  # fmt: skip
def test_the_server_answers_to_its_own_names_alone(host: str, is_ours: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    names = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["server"]["allowedHosts"]
    monkeypatch.setattr(config, "get_option", {"server.allowedHosts": names}.__getitem__)
    assert is_host_allowed(host) == is_ours


def test_a_fault_of_ours_tells_nothing_of_itself() -> None:
    answer = ask("/faulty")
    assert (answer.status, answer.content) == (500, b"Internal Server Error")


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
@pytest.mark.parametrize("path", UNUSED)
def test_what_this_site_does_not_use_is_not_there(path: str, method: str) -> None:
    assert ask(path, method).status == 404
    assert ask(f"{path}/session/file", method).status == 404


@pytest.mark.parametrize("name", assets())
@pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789abcdef0123"])
def test_a_file_is_not_kept_for_ever_under_the_address_of_another(name: str, query: str) -> None:
    assert ask(asset_address(name)).headers["cache-control"] == FOR_EVER
    assert ask(f"/assets/{name}{query}").headers["cache-control"] == "no-cache"


def test_a_part_of_the_component_that_is_missing_is_not_kept_as_missing() -> None:
    assert ask(f"{COMPONENT_PATH}/static/main.js").headers["cache-control"] == FOR_EVER
    assert "cache-control" not in ask(f"{COMPONENT_PATH}/static/none.js").headers


@pytest.mark.parametrize("path", DATA)
def test_data_is_asked_for_anew(path: str) -> None:
    assert ask(path).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", [name for name in assets() if not name.endswith(".woff2")])
def test_no_asset_fetches_from_elsewhere(name: str) -> None:
    text = assets()[name].content.decode()
    assert not re.findall(
        r"""\ssrc\s*=\s*["']https?:|url\(\s*["']?(?:https?:)?//|@import|importScripts|sourceMappingURL""", text
    )
    assert name.startswith("leaflet") or not re.findall(r"https?://(?!www\.w3\.org/)", text)


@pytest.mark.parametrize(
    "path", ["/assets/none.js", "/assets/..%2fserver.py", "/assets/../server.py", "/assets/", "/map/none.json"]
)
def test_nothing_else_is_served(path: str) -> None:
    assert ask(path).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/map/data.json", "/assets/frame.js"])
def test_nothing_can_be_written(path: str, method: str) -> None:
    assert ask(path, method).status == 405


def test_the_head_of_an_answer_can_be_asked_for() -> None:
    assert ask("/map/data.json", "HEAD").status == 200


def test_changed_data_is_sent_at_once(small_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(small_folder))
    before = ask("/map/data.json")
    path = small_folder / "policy_events.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("An act", "Another act"), encoding="utf-8")
    after = ask("/map/data.json", if_none_match=before.headers["etag"])
    assert after.status == 200
    assert b"Another act" in after.content


@given(st.binary())
def test_a_body_is_the_same_however_it_is_sent(content: bytes) -> None:
    body = Body.of(content, "text/plain")
    assert gzip.decompress(body.packed) == content
    assert body == Body.of(content, "text/plain")
    assert re.fullmatch('"[0-9a-f]{20}"', body.etag)


@given(st.binary(), st.binary())
def test_another_content_has_another_tag(one: bytes, other: bytes) -> None:
    assert (Body.of(one, "x").etag == Body.of(other, "x").etag) == (one == other)


def test_what_is_no_number_is_never_sent() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        as_json({"lat": float("nan")})
    assert as_json({"a": [1, "é"]}) == '{"a":[1,"é"]}'.encode()
