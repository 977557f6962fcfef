"""Short addresses that people can type from a slide or a page of paper.

    GET /s/STORY/CHAPTER    the map as the chapter shows it
"""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from routes.dataset import load
from routes.staging import explore_params


def _answer(request: Request) -> Response:
    """Lead to the explore page; only what the story holds goes into the address, nothing of what was asked."""
    dataset = load()
    chapter = dataset.chapter(request.path_params["story_id"], request.path_params["chapter_id"])
    if chapter is None:
        return Response(status_code=404)
    params = urlencode(explore_params(chapter, dataset, today=date.today()), safe=",/:")
    return Response(status_code=303, headers={"Location": f"../../?{params}", "Cache-Control": "no-cache"})


SHORT_LINK_ROUTES = [Route("/s/{story_id}/{chapter_id}", _answer)]
