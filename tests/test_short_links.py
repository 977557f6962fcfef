"""A short address leads to the map as a chapter shows it, and nowhere else."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from asking import ask_of
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Router

from app import app
from components.short_links import SHORT_LINK_ROUTES
from routes.dataset import load
from routes.sharing import short_link
from routes.staging import explore_params

HOST = "https://map.example.org"
SITE = Router(routes=SHORT_LINK_ROUTES, redirect_slashes=False)
"""Our routes alone: what becomes of a slash at the end of any address is the whole server's affair."""


def ask(path: str, query: str = "") -> tuple[int, str]:
    """The status of the answer, and where it leads."""
    answer = ask_of(SITE, f"{path}?{query}")
    return answer.status, answer.headers.get("location", "")


def test_every_chapter_has_a_short_address_that_leads_to_its_view() -> None:
    for story in load().stories:
        for chapter in story.chapters:
            link = short_link(story.id, chapter.id, HOST)
            assert len(link) <= 60
            status, location = ask(link.removeprefix(HOST))
            found = urlsplit(urljoin(link, location))
            assert (status, f"{found.scheme}://{found.netloc}", found.path) == (303, HOST, "/")
            assert dict(parse_qsl(found.query)) == explore_params(chapter, load(), today=date.today())


@pytest.mark.parametrize(
    "path", ["/s/laos-2013/gone", "/s/gone/nine", "/s/laos-2013", "/s/laos-2013/", "/s//nine", "/s/laos-2013/nine/x"]
)
def test_what_no_story_has_is_not_found(path: str) -> None:
    assert ask(path)[0] == 404


@given(st.text(), st.text())
def test_nothing_that_is_asked_decides_where_it_leads(story: str, chapter: str) -> None:
    assert ask(f"/s/{story}/{chapter}") == (404, "")


def test_a_query_is_not_taken_along() -> None:
    plain = ask("/s/laos-2013/nine")
    assert ask("/s/laos-2013/nine", "next=https://evil.example&as_of=1999") == plain
    assert "evil" not in plain[1]


def test_the_site_has_the_short_addresses() -> None:
    assert all(route in app._user_routes for route in SHORT_LINK_ROUTES)
