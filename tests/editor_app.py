"""The editing map alone, without accounts or a store: `streamlit run tests/editor_app.py`.

The address says what each test needs: `?desk=NAME&layer=layers/ID` is a draft of its own, which `/test/desk` shows.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

TESTS = Path(__file__).parent
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from editing import DESKS, DIFFERENCES, desk_of  # noqa: E402

from components.server import FAULTS, MIDDLEWARE, ROUTES, warm_up  # noqa: E402
from routes.editdata import difference_data, edit_data  # noqa: E402

NEVER_KEPT = {"Cache-Control": "no-store"}


def layer_data(request: Request) -> JSONResponse:
    """The layer at the state that the stamp names."""
    name, _, at = request.query_params["v"].rpartition("-")
    desk = DESKS[name]
    data = edit_data(desk.states[int(at)], request.query_params["layer"], desk.states[0])
    return JSONResponse(data, headers=NEVER_KEPT)


def differences(request: Request) -> JSONResponse:
    """One of the prepared comparisons."""
    return JSONResponse(difference_data(*DIFFERENCES[request.query_params["what"]]()), headers=NEVER_KEPT)


def show_desk(request: Request) -> JSONResponse:
    """What the draft has come to, and every message that reached it."""
    desk = desk_of(request.query_params["desk"])
    layer = desk.documents[request.query_params["layer"]]
    shapes = {key: record.get("geometry") for key, record in layer.records.items()}
    return JSONResponse({"shapes": shapes, "messages": desk.messages, "selected": desk.selected})


os.environ.setdefault("STREAMLIT_SERVER_HEADLESS", "true")
app = st.App(
    "editor_page.py",
    routes=[
        Route("/staff/map.json", layer_data),
        Route("/staff/difference.json", differences),
        Route("/test/desk", show_desk),
        *ROUTES,
    ],
    middleware=MIDDLEWARE,
    exception_handlers=FAULTS,
    lifespan=warm_up,
)
