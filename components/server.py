"""What this server answers beside Streamlit's own pages: map data, the frame's files, and headers on everything."""

from __future__ import annotations

import base64
import gc
import gzip
import hashlib
import json
import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import streamlit
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import get_instance as get_runtime
from streamlit.runtime.pages_manager import PagesManager

from components.markup import compile_templates
from components.pages import EXPLORE, READING
from routes.basemap import basemap_data, province_lines
from routes.dataset import Dataset, load
from routes.mapdata import map_data

HERE = Path(__file__).parent
FRAME = HERE / "frame"
EDITOR_FRAME = HERE / "editor_frame"
STREAMLIT_STATIC = Path(streamlit.__file__).parent / "static"
COMPONENT_PATH = "/component/streamlit_folium"
EMBED = "/embed"
RAW_EDITOR_PATH = "/component/components.staff.raw_editor"
ASSETS = "/assets"

JSON = "application/json"
SCRIPT = "text/javascript; charset=utf-8"
STYLE = "text/css; charset=utf-8"
PAGE = "text/html; charset=utf-8"
FOR_EVER = "public, max-age=31536000, immutable"

UNUSED = ("/_stcore/metrics", "/_stcore/agent")
"""What Streamlit offers beside its pages and this site has no use for; nothing is answered there."""


@dataclass(frozen=True)
class Body:
    """A response made once: its bytes plain and compressed, and the tag a browser asks by."""

    content: bytes
    packed: bytes
    etag: str
    media_type: str

    @classmethod
    def of(cls, content: bytes, media_type: str) -> Body:
        """The body of `content`, compressed once for all readers."""
        etag = '"' + hashlib.sha256(content).hexdigest()[:20] + '"'
        return cls(content, gzip.compress(content, compresslevel=9, mtime=0), etag, media_type)

    @property
    def version(self) -> str:
        """What the address of a file ends in; it changes with the content, so that a browser may keep it for ever."""
        return self.etag.strip('"')

    def answer_file(self, request: Request) -> Response:
        """The response to `request` for a file: kept for ever where its address names this version."""
        is_current = request.query_params.get("v") == self.version
        return self.answer(request, cache_control=FOR_EVER if is_current else "no-cache")

    def answer(self, request: Request, *, cache_control: str) -> Response:
        """The response to `request`: 304 where the browser has this body already."""
        headers = {"ETag": self.etag, "Cache-Control": cache_control, "Vary": "Accept-Encoding"}
        if self.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(self.packed, headers=headers, media_type=self.media_type)
        return Response(self.content, headers=headers, media_type=self.media_type)


def as_json(value: Any) -> bytes:
    """Compact UTF-8 JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


@lru_cache(maxsize=8)
def _data_body(name: str, _fingerprint: str, today: date) -> Body:
    return Body.of(map_part(name, load(), today), JSON)


def map_part(name: str, dataset: Dataset, today: date) -> bytes:
    """One part of the map's data as JSON: `data`, `basemap` or `provinces`; KeyError for another."""
    make: dict[str, Callable[[Dataset], Any]] = {
        "data": lambda dataset: map_data(dataset, today=today),
        "basemap": basemap_data,
        "provinces": province_lines,
    }
    return as_json(make[name](dataset))


def data_version() -> str:
    """What the map data's addresses end in: it changes with the data and, since the clock ends today, with the day."""
    return f"{load().fingerprint}-{date.today():%Y%m%d}"


def _data_route(name: str) -> Route:
    def answer(request: Request) -> Response:
        body = _data_body(name, load().fingerprint, date.today())
        is_current = request.query_params.get("v") == data_version()
        return body.answer(request, cache_control=FOR_EVER if is_current else "no-cache")

    return Route(f"/map/{name}.json", answer)


@cache
def assets() -> dict[str, Body]:
    """The frame's files by name: Leaflet from its package, our scripts as one, our styles."""
    leaflet_folder = Path(str(distribution("XStatic-Leaflet").locate_file("xstatic/pkg/leaflet/data")))
    ours = sorted(FRAME.glob("*.js"))
    shared = [path for path in ours if path.name in ("1_store.js", "2_basemap.js")]
    return {
        "leaflet.js": Body.of((leaflet_folder / "leaflet.js").read_bytes().rsplit(b"//# source", 1)[0], SCRIPT),
        "leaflet.css": Body.of((leaflet_folder / "leaflet.css").read_bytes(), STYLE),
        "frame.js": Body.of(joined_files(ours), SCRIPT),
        "editor.js": Body.of(joined_files([*shared, *sorted(EDITOR_FRAME.glob("*.js"))]), SCRIPT),
        "frame.css": Body.of(typefaces() + (FRAME / "frame.css").read_bytes(), STYLE),
        "editor.css": Body.of(typefaces() + joined_files([FRAME / "frame.css", EDITOR_FRAME / "editor.css"]), STYLE),
        "embed.js": Body.of((HERE / "embed" / "embed.js").read_bytes(), SCRIPT),
        "embed.css": Body.of((HERE / "embed" / "embed.css").read_bytes(), STYLE),
        "staff.css": Body.of((HERE / "staff.css").read_bytes(), STYLE),
        "origin.js": Body.of((HERE / "origin.js").read_bytes(), SCRIPT),
        "page.css": Body.of((HERE / "page.css").read_bytes(), STYLE),
        "reading.css": Body.of((HERE / "reading.css").read_bytes(), STYLE),
    }


def joined_files(paths: Iterable[Path]) -> bytes:
    """The bytes of files one after the other, a line apart."""
    return b"\n".join(path.read_bytes() for path in paths)


def typefaces() -> bytes:
    """The page's own two typefaces for the frame, at the page's addresses, so that they are fetched once."""
    media = STREAMLIT_STATIC / "static" / "media"
    faces = {"Source Sans": "SourceSansVF-Upright", "Source Serif": "SourceSerifVariable-Roman"}
    rule = '@font-face {{ font-family: "{}"; src: url("/static/media/{}") format("woff2"); font-weight: 200 900; }}\n'
    return "".join(rule.format(name, next(media.glob(f"{file}*")).name) for name, file in faces.items()).encode()


def asset_address(name: str) -> str:
    """The address of an asset, which changes with its content, so that a browser may keep it for ever."""
    return f"{ASSETS}/{name}?v={assets()[name].version}"


def _asset(request: Request) -> Response:
    body = assets().get(request.path_params["name"])
    return Response(status_code=404) if body is None else body.answer_file(request)


FIRST_SCREEN = ("ComponentInstance", "IFrameUtil", "urls", "withCalculatedWidth", "Html", "purify")
"""The parts of Streamlit's frontend that the map waits for; a browser may fetch them before it knows."""


@cache
def _page() -> Body:
    """Streamlit's page with our styles, told where its server is and what it will soon need.

    Without the address it looks for the server below each page first, and every deep link begins with two failed
    requests.
    """
    page = (STREAMLIT_STATIC / "index.html").read_text(encoding="utf-8")
    scripts = STREAMLIT_STATIC / "static" / "js"
    soon = [path.name for name in FIRST_SCREEN for path in sorted(scripts.glob(f"{name}.*.js"))]
    head = [
        "<title>The Closing Door</title>",
        f'<script src="{asset_address("origin.js")}"></script>',
        *(f'<link rel="stylesheet" href="{asset_address(name)}">' for name in ("page.css", "reading.css", "staff.css")),
        *(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in soon),
        *(f'<link rel="prefetch" href="{address}">' for address in _frame_scripts()),
    ]
    return Body.of(page.replace("<title>Streamlit</title>", "".join(head)).encode(), PAGE)


def _frame_scripts() -> list[str]:
    """The addresses of the scripts that the map's frame runs, in their order."""
    build = Path(str(distribution("streamlit-folium").locate_file("streamlit_folium/frontend/build")))
    main = [f"{COMPONENT_PATH}.st_folium/static/js/{path.name}" for path in build.glob("static/js/main.*.js")]
    return [*main, asset_address("leaflet.js"), asset_address("frame.js")]


def answer_page(request: Request) -> Response:
    """Streamlit's page, which draws whichever of our pages the address names."""
    return _page().answer(request, cache_control="no-cache")


ROUTES = [
    *(Route(f"/{name}", answer_page) for name in ("", *READING)),
    Route(f"{ASSETS}/{{name}}", _asset),
    *(_data_route(name) for name in ("data", "basemap", "provinces")),
]


class SecurityHeaders:
    """Adds the headers of `_headers_for` to every response, and lets browsers keep the component's files."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        in_component = scope["path"].startswith((COMPONENT_PATH, RAW_EDITOR_PATH))
        # The names of its scripts hold a hash of their content; its page names them.
        kept_for = FOR_EVER if "/static/" in scope["path"] else "public, max-age=600"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = _headers_for(in_component, scope["path"] == EMBED)
                if in_component and message["status"] < 400:
                    ours = [*ours, (b"cache-control", kept_for.encode())]
                names = {name for name, _ in ours}
                kept = [pair for pair in message["headers"] if pair[0].lower() not in names]
                message["headers"] = [*kept, *ours]
            await send(message)

        await self.app(scope, receive, send_with_headers)


@cache
def _headers_for(in_component: bool, is_embed: bool = False) -> list[tuple[bytes, bytes]]:
    """The component's own path may run inline script and `eval`, which streamlit-folium needs; no other may.

    Other sites may show the embed page alone.
    """
    scripts = ["'self'", "'unsafe-inline'", "'unsafe-eval'"] if in_component else ["'self'", *_inline_script_hashes()]
    policy = {
        "default-src": ["'self'"],
        "script-src": scripts,
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["*" if is_embed else "'self'"],
    }
    headers = {
        "content-security-policy": "; ".join(f"{name} {' '.join(values)}" for name, values in policy.items()),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "permissions-policy": "geolocation=(), camera=(), microphone=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _inline_script_hashes() -> list[str]:
    page = (STREAMLIT_STATIC / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    return [f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts]


class NothingUnused:
    """Answers 404 for everything under `UNUSED`, whatever the method."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_unused = scope["type"] == "http" and scope["path"].startswith(UNUSED)
        await (Response(status_code=404) if is_unused else self.app)(scope, receive, send)


MIDDLEWARE = [Middleware(SecurityHeaders), Middleware(NothingUnused)]


def _answer_fault(_request: Request, _error: Exception) -> Response:
    """What a fault of ours looks like: it stands outside the middleware and so brings the headers itself."""
    response = Response("Internal Server Error", status_code=500, media_type="text/plain")
    response.raw_headers.extend(_headers_for(False))
    return response


FAULTS = {Exception: _answer_fault}


@asynccontextmanager
async def warm_up(_app: object) -> AsyncIterator[None]:
    """Read and compress everything before the first reader comes, then keep it out of the garbage collector's way.

    Streamlit collects after every run; what lives as long as the server need not be walked each time.
    """
    import streamlit_folium

    from components.staff import raw_editor

    for name in (EXPLORE, *READING):
        import_module(f"components.pages.{name}")  # imports are the slow part of a first run

    # Streamlit takes a folder called `pages` beside the script for its own; a first visit to /answer would miss ours.
    PagesManager.uses_pages_directory = False

    # Components declared outside a script run are not registered by themselves.
    for component in (streamlit_folium._component_func, raw_editor.EDITOR):
        get_runtime().component_registry.register_component(component)
    compile_templates()
    dataset = load()
    for name in ("data", "basemap", "provinces"):
        _data_body(name, dataset.fingerprint, date.today())
    assets()
    gc.collect()
    gc.freeze()
    yield
