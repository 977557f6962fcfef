"""Serves on this machine what folium loads from CDNs, so that the usual way needs no internet and loses nothing by it.

Run as `uvicorn mapfiles:app`. Files are compressed and may be kept for a year, as the CDNs do.
"""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from xstatic.pkg import font_awesome, jquery, leaflet

OURS = Path(__file__).parent / "mapfiles"
FOLDERS = {
    "leaflet": Path(leaflet.BASE_DIR),
    "jquery": Path(jquery.BASE_DIR),
    "fontawesome": Path(font_awesome.BASE_DIR),
    "vendored": OURS,
}
JS = [
    ("leaflet", "leaflet/leaflet.js"),
    ("jquery", "jquery/jquery.min.js"),
    ("bootstrap", "vendored/bootstrap.bundle.min.js"),
    ("awesome_markers", "vendored/leaflet.awesome-markers.js"),
]
CSS = [
    ("leaflet_css", "leaflet/leaflet.css"),
    ("bootstrap_css", "vendored/bootstrap.min.css"),
    ("glyphicons_css", "vendored/bootstrap-glyphicons.css"),
    ("awesome_markers_font_css", "fontawesome/css/all.min.css"),
    ("awesome_markers_css", "vendored/leaflet.awesome-markers.css"),
    ("awesome_rotate_css", "rotate.css"),
]
HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Access-Control-Allow-Origin": "*"}


def links(names: list[tuple[str, str]], address: str) -> list[tuple[str, str]]:
    """`JS` or `CSS` as folium's `default_js` and `default_css` want them, with the server's address."""
    return [(name, f"{address}/{path}") for name, path in names]


def _file(request: Request) -> Response:
    folder = FOLDERS.get(request.path_params["folder"])
    path = (folder / request.path_params["path"]).resolve() if folder else None
    if folder is None or path is None or not path.is_relative_to(folder.resolve()) or not path.is_file():
        return PlainTextResponse("No such file.", status_code=404)
    return FileResponse(path, headers=HEADERS)


def _rotate(_request: Request) -> Response:
    """The rotation classes of folium's icons, a rule for each degree."""
    rules = (f".fa-rotate-{angle}{{transform:rotate({angle}deg)}}" for angle in range(360))
    return Response("\n".join(rules), media_type="text/css", headers=HEADERS)


def _health(_request: Request) -> Response:
    return PlainTextResponse("ok")


app = Starlette(
    routes=[Route("/_stcore/health", _health), Route("/rotate.css", _rotate), Route("/{folder}/{path:path}", _file)],
    middleware=[Middleware(GZipMiddleware, minimum_size=500)],
)
