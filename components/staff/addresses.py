"""What the staff pages' frames fetch: the draft's map, its differences, its preview. For signed-in staff alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from anyio import to_thread
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from components.doors import SIGN_IN
from components.present import StagePlace, speaker_html, stage_html, story_part
from components.server import answer_page, as_json, map_part
from components.staff.office import PREVIEW, Work, desk_of, work_on
from components.staff.oidc import LandAtTheDoor
from routes.accounts import may
from routes.dataset import data_folder
from routes.desk import Desk
from routes.documents import Documents
from routes.editdata import difference_data, edit_data
from routes.problems import RoutesError
from routes.store import Store, documents_at
from routes.store.opening import open_store

PRIVATE = {"Cache-Control": "no-store", "Vary": "Cookie"}
WHAT = re.compile(r"(draft|conflict|(?:revision|take-back)-\d{1,9}|proposal-[0-9a-f]{12})")

DRAFTS_STAGE = StagePlace(PREVIEW, f"{PREVIEW}/stories", "/staff/present/speaker", "/staff?story=")

States = tuple[Documents, Documents, Documents | None]


def page(request: Request) -> Response:
    """The staff page, or the way to it for whoever is not signed in."""
    try:
        is_staff = desk_of(request.cookies).account is not None
    except RoutesError:
        is_staff = False
    return answer_page(request) if is_staff else RedirectResponse(SIGN_IN, status_code=303, headers=PRIVATE)


def _for_staff(make: Callable[[Request, Desk], Any]) -> Callable[[Request], Response]:
    """An address that answers JSON to staff, and to everybody else that it may not."""

    def answer(request: Request) -> Response:
        try:
            desk = desk_of(request.cookies)
            if not may(desk.account, "edit", desk.store):
                return Response(status_code=403, headers=PRIVATE)
            made = make(request, desk)
        except (RoutesError, KeyError):
            return Response(status_code=404, headers=PRIVATE)
        if isinstance(made, Response):
            return made
        content = made if isinstance(made, bytes) else as_json(made)
        return Response(content, media_type="application/json", headers=PRIVATE)

    return answer


def _map(request: Request, desk: Desk) -> Any:
    return edit_data(work_on(desk).documents, request.query_params.get("layer", ""), desk.store.documents())


def _preview(request: Request, desk: Desk) -> bytes:
    return map_part(request.path_params["name"], work_on(desk).preview, desk.now().date())


def _story(request: Request, desk: Desk) -> bytes:
    return story_part(request.path_params["id"], work_on(desk).preview, desk.now().date())


def _stage(_request: Request, desk: Desk) -> Response:
    """The draft on the stage, as readers would be shown it."""
    return HTMLResponse(stage_html(DRAFTS_STAGE, version=work_on(desk).stamp), headers=PRIVATE)


def _speaker(_request: Request, _desk: Desk) -> Response:
    """The speaker's window of the draft on the stage."""
    return HTMLResponse(speaker_html(DRAFTS_STAGE), headers=PRIVATE)


def _difference(request: Request, desk: Desk) -> Any:
    what = request.query_params.get("what", "")
    if not WHAT.fullmatch(what):
        raise KeyError(what)
    kind, _, which = what.rpartition("-")
    return difference_data(*STATES[kind or what](desk, which))


def _of_draft(desk: Desk, _which: str) -> States:
    work = work_on(desk)
    return work.base, work.documents, None


def _of_conflict(desk: Desk, _which: str) -> States:
    work: Work = work_on(desk)
    return work.base, work.documents, desk.store.documents()


def _of_revision(desk: Desk, which: str) -> States:
    number = int(which)
    desk.store.revision(number)
    return documents_at(desk.store, number - 1), documents_at(desk.store, number), None


def _of_take_back(desk: Desk, which: str) -> States:
    before, after, _ = _of_revision(desk, which)
    return after, before, desk.store.documents()


def _of_proposal(desk: Desk, which: str) -> States:
    proposal = desk.proposal(which)
    base = documents_at(desk.store, proposal.base)
    edit = desk.edit_of(proposal)
    return base, {**base, **{name: one for name, one in edit.documents.items() if one is not None}}, None


STATES: Mapping[str, Callable[[Desk, str], States]] = {
    "draft": _of_draft,
    "conflict": _of_conflict,
    "revision": _of_revision,
    "take-back": _of_take_back,
    "proposal": _of_proposal,
}
"""What can be drawn as a difference: before, after and, where two people differ, the other's."""

def the_store() -> Store:
    """The store that this server writes to."""
    return open_store(data_folder())


class UploadsForStaff:
    """Answers 404 where files are uploaded, for everybody but staff."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_upload = scope["type"] == "http" and scope["path"].startswith("/_stcore/upload_file")
        if is_upload and not await to_thread.run_sync(_may_upload, Request(scope).cookies):
            await Response(status_code=404)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _may_upload(cookies: Mapping[str, str]) -> bool:
    try:
        desk = desk_of(cookies)
    except RoutesError:
        return False
    return may(desk.account, "edit", desk.store)


STAFF_MIDDLEWARE = [Middleware(UploadsForStaff), Middleware(LandAtTheDoor)]

STAFF_ROUTES = [
    Route("/staff", page),
    Route("/staff/map.json", _for_staff(_map)),
    Route("/staff/difference.json", _for_staff(_difference)),
    Route("/staff/preview/{name:str}.json", _for_staff(_preview)),
    Route("/staff/preview/stories/{id:str}.json", _for_staff(_story)),
    Route("/staff/present", _for_staff(_stage)),
    Route("/staff/present/speaker", _for_staff(_speaker)),
]
