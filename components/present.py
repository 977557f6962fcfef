"""The stage: a page of our own beside Streamlit, so that keys always work and nothing runs Python while presenting.

    GET /present?story=ID&chapter=N&autoplay=S   the stage
    GET /present/speaker?story=ID                notes, next chapter and time, in step with the stage
    GET /clock                                   a plain page, where the quick exit leads
    GET /stories/ID.json                         a story as `routes.staging` works it out

The pages hold no data: scripts fetch the story and the map, which any other home of theirs may hand them inlined.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from components.markup import render
from components.server import (
    FRAME,
    JSON,
    PAGE,
    SCRIPT,
    STYLE,
    Body,
    as_json,
    asset_address,
    data_version,
    joined_files,
    typefaces,
)
from routes.dataset import Dataset, load
from routes.staging import story_data

STAGE = Path(__file__).parent / "stage"
FILES = "/present/files"


@cache
def stage_files() -> dict[str, Body]:
    """The stage's own scripts and style by name; the scripts that draw its map are the frame's."""
    speaker = [FRAME / "1_store.js", STAGE / "1_loading.js", STAGE / "speaker" / "speaker.js"]
    return {
        "stage.js": Body.of(joined_files(sorted(STAGE.glob("*.js"))), SCRIPT),
        "speaker.js": Body.of(joined_files(speaker), SCRIPT),
        "clock.js": Body.of((STAGE / "speaker" / "clock.js").read_bytes(), SCRIPT),
        "stage.css": Body.of(typefaces() + joined_files([FRAME / "frame.css", STAGE / "stage.css"]), STYLE),
    }


def file_address(name: str) -> str:
    """The address of one of the stage's files, which changes with its content."""
    return f"{FILES}/{name}?v={stage_files()[name].version}"


def _file(request: Request) -> Response:
    body = stage_files().get(request.path_params["name"])
    return Response(status_code=404) if body is None else body.answer_file(request)


@dataclass(frozen=True)
class StagePlace:
    """Where a stage's data comes from and its keys lead: folders of addresses, a page, and a link up to the story."""

    maps: str = "/map"
    stories: str = "/stories"
    speaker: str = "/present/speaker"
    leave: str = "/stories?id="


PUBLISHED = StagePlace()


def stage_html(place: StagePlace = PUBLISHED, *, version: str) -> str:
    """The stage's page, with the version of the map it is to fetch."""
    return render("present", asset=asset_address, file=file_address, place=place, version=version)


def speaker_html(place: StagePlace = PUBLISHED) -> str:
    """The page of the speaker's window."""
    return render("speaker", file=file_address, place=place)


def _answer_page(make: Callable[[], str]) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        return Body.of(make().encode(), PAGE).answer(request, cache_control="no-cache")

    return answer


def story_part(story_id: str, dataset: Dataset, today: date) -> bytes:
    """A story of the dataset as JSON for the stage; KeyError where there is none."""
    stories = {story.id: story for story in dataset.stories}
    return as_json(story_data(stories[story_id], dataset, today=today))


@lru_cache(maxsize=32)
def _story_body(story_id: str, _fingerprint: str, today: date) -> Body:
    return Body.of(story_part(story_id, load(), today), JSON)


def _story(request: Request) -> Response:
    try:
        body = _story_body(request.path_params["story_id"], load().fingerprint, date.today())
    except KeyError:
        return Response(status_code=404)
    return body.answer(request, cache_control="no-cache")


PRESENT_ROUTES = [
    Route("/present", _answer_page(lambda: stage_html(version=data_version()))),
    Route("/present/speaker", _answer_page(speaker_html)),
    Route("/clock", _answer_page(lambda: render("clock", file=file_address))),
    Route(f"{FILES}/{{name}}", _file),
    Route("/stories/{story_id}.json", _story),
]
