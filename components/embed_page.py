"""The one page that other sites may show in a frame: a map of what is published, without cookies, staff or sharing."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from components.markup import render
from components.server import EMBED, PAGE, Body, asset_address, data_version
from routes.view import MAX_ZOOM, MIN_ZOOM

MAP_OPTIONS = {
    "minZoom": MIN_ZOOM,
    "maxZoom": MAX_ZOOM,
    "zoomSnap": 0.25,
    "zoomDelta": 0.5,
    "wheelPxPerZoomLevel": 120,
    "maxBounds": [[-12, 60], [62, 165]],
    "maxBoundsViscosity": 0.8,
}
"""As `components.map.empty_map` has them."""


def _embed(request: Request) -> Response:
    html = render("embed", asset=asset_address, version=data_version(), options=json.dumps(MAP_OPTIONS))
    return Body.of(html.encode(), PAGE).answer(request, cache_control="no-cache")


EMBED_ROUTES = [Route(EMBED, _embed)]
