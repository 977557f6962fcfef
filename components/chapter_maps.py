"""The map of each chapter as a picture beside its words, for whoever reads a story.

    GET /stories/ID/CHAPTER/wide.png    for a desk      tall.png    for a phone
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from components.server import FOR_EVER, Body, data_version
from routes.dataset import Dataset, load
from routes.pack.views import chapter_view
from routes.picture import Parts, picture_png, picture_svg, picture_words
from routes.stories import Chapter

PNG = "image/png"
SHAPES = {"wide": ((1200, 760), 1.35), "tall": ((720, 900), 1.75)}
"""Size in pixels, and how much larger than usual its type is: a page shows them at about half their size."""


def chapter_map(story_id: str, chapter: Chapter, dataset: Dataset, *, today: date) -> dict[str, object]:
    """What a template needs for the picture: the address and size of each shape, and the map in words."""
    version = data_version()
    shapes = {
        name: {"src": f"stories/{quote(story_id)}/{quote(chapter.id)}/{name}.png?v={version}", "size": size}
        for name, (size, _) in SHAPES.items()
    }
    return {**shapes, "words": picture_words(dataset, chapter_view(chapter, dataset, today=today), today)}


@lru_cache(maxsize=128)
def _picture(story_id: str, chapter_id: str, shape: str, _fingerprint: str, today: date) -> Body:
    """Drawn once for all readers; KeyError where there is no such chapter or shape."""
    dataset, (size, type_scale) = load(), SHAPES[shape]
    chapter = dataset.chapter(story_id, chapter_id)
    if chapter is None:
        raise KeyError(chapter_id)
    view = chapter_view(chapter, dataset, today=today)
    svg = picture_svg(dataset, view, size=size, today=today, parts=Parts(type_scale=type_scale))
    return Body.of(picture_png(svg), PNG)


def _answer(request: Request) -> Response:
    asked = request.path_params
    try:
        body = _picture(asked["story_id"], asked["chapter_id"], asked["shape"], load().fingerprint, date.today())
    except KeyError:
        return Response(status_code=404)
    is_current = request.query_params.get("v") == data_version()
    return body.answer(request, cache_control=FOR_EVER if is_current else "no-cache")


CHAPTER_MAP_ROUTES = [Route("/stories/{story_id}/{chapter_id}/{shape}.png", _answer)]
