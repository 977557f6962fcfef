"""The preview follows what is edited, and what it does by itself is never taken for what staff looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from components.staff.following import Followed
from routes.view import Filter, MapPosition, View

READ = View(as_of=date(2014, 12, 31), selection="LA", filter=Filter(effect=("restricts",)))
"""What staff read on the map before they opened the editor."""

CHAPTER = View(as_of=date(2012, 12, 31), selection="la-transit", layers=("a",), position=MapPosition(6.5, 20.0, 102.0))
OF_CHAPTER = Followed(("stories/one", "before"), READ, CHAPTER)
OF_RECORD = Followed("tumen-exit", READ, replace(READ, selection="tumen-exit"))


def test_a_selection_made_by_opening_a_layer_is_not_taken() -> None:
    assert OF_RECORD.looked_at(OF_RECORD.shown) == READ


def test_a_date_set_afterwards_is_taken_without_that_selection() -> None:
    now = replace(OF_RECORD.shown, as_of=date(2001, 12, 31))
    assert OF_RECORD.looked_at(now) == replace(READ, as_of=date(2001, 12, 31))


def test_a_selection_made_in_the_preview_is_taken() -> None:
    now = replace(OF_RECORD.shown, selection="VN")
    assert OF_RECORD.looked_at(now) == now


@pytest.mark.parametrize(
    "position",
    [None, CHAPTER.position, MapPosition(6.62, 20.02, 102.05)],
    ids=["not said", "as it was", "as the frame rounds it"],
)
def test_a_chapter_that_is_shown_is_not_what_was_looked_at(position: MapPosition | None) -> None:
    assert OF_CHAPTER.looked_at(replace(CHAPTER, position=position)) == READ


@pytest.mark.parametrize(
    "change",
    [
        {"as_of": date(2013, 12, 31)},
        {"selection": None},
        {"layers": None},
        {"position": MapPosition(6.5, 20.0, 104.0)},
        {"position": MapPosition(5.5, 20.0, 102.0)},
    ],
    ids=["date", "selection", "layers", "moved", "zoomed"],
)
def test_whatever_is_changed_in_a_chapters_preview_makes_it_what_was_looked_at(change: dict[str, object]) -> None:
    now = replace(CHAPTER, **change)  # type: ignore[arg-type]
    assert OF_CHAPTER.looked_at(now) == now
