"""A story as the stage needs it: each chapter's view worked out, its words, its sources by name, its figure's data.

A chapter's place on the map (`view["map"]`) is that of a stage of 1920 by 1080 pixels whose left third is words: its
middle lies under their edge. What is shown is the middle of the rest, and that is what a link or a picture takes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from routes.changes import arrivals_in, changes_between
from routes.citations import mentions, plain
from routes.dataset import Dataset
from routes.figures import largest_arrivals, timeline_events
from routes.mapdata import ARRIVALS
from routes.picture.framing import TILE, on_square
from routes.records import PolicyEvent, Source
from routes.stories import Chapter, Figure, Story
from routes.story_checks import story_sources
from routes.view import MAX_ZOOM, MIN_ZOOM, Filter, MapPosition, View, read_view
from routes.words import as_of_words, catalogue, say, span_words

WORDS_PX, FOOT_PX = 640, 70
"""What the words cover on the left of a stage of 1920 by 1080, and the foot at its bottom."""

CLEAR = (1280, 1010)
"""What they leave clear, in pixels: the part of the map that a chapter's zoom is meant for."""

EXPLORE_STEPS_BACK = 0.5
"""The explore page's map is smaller than the stage's: half a level further out shows as much."""

WHOLE_MAP = MapPosition(3.75, 31.5, 114)
"""Where the explore page's map stands for a chapter without a place, which shows all routes."""


def chapter_view(chapter: Chapter, dataset: Dataset, *, today: date) -> View:
    """The view of a chapter, its position being the middle of what the stage shows beside the words."""
    view, _ = read_view(chapter.view, dataset, today=today)
    return replace(view, position=_moved(view.position, 1) if view.position else None)


def explore_view(chapter: Chapter, dataset: Dataset, *, today: date) -> View:
    """The view that shows on the explore page what the chapter shows on the stage."""
    view = chapter_view(chapter, dataset, today=today)
    if view.position:
        zoom = max(view.position.zoom - EXPLORE_STEPS_BACK, MIN_ZOOM)
        view = replace(view, position=replace(view.position, zoom=zoom))
    return view


def explore_params(chapter: Chapter, dataset: Dataset, *, today: date) -> dict[str, str]:
    """`explore_view` as the parameters of a link."""
    return explore_view(chapter, dataset, today=today).to_params()


def captured_view(seen: View, layers: Iterable[str], before: str = "") -> dict[str, str]:
    """A chapter's `view` from what was seen on the explore page; without a position it keeps the place `before`.

    Where all `layers` there are were seen it names each: one that is added later does not join the chapter.
    """
    params = replace(seen, layers=tuple(layers) if seen.layers is None else seen.layers).to_params()
    if seen.position:
        zoom = min(seen.position.zoom + EXPLORE_STEPS_BACK, MAX_ZOOM)
        params["map"] = str(_moved(replace(seen.position, zoom=zoom), -1))
    elif before:
        params["map"] = before
    return params


def _moved(position: MapPosition, times: int) -> MapPosition:
    """The position moved from the stage's middle to the middle of its clear part; -1 moves it back."""
    x, y = on_square((position.lon, position.lat))
    world = TILE * 2**position.zoom
    x, y = x + times * WORDS_PX / 2 / world, y - times * FOOT_PX / 2 / world
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))
    return MapPosition(position.zoom, round(lat, 2), round((x - 0.5) * 360, 2))


def note_parts(notes: str) -> list[tuple[str, str]]:
    """Speaker notes as (lead, what follows it), a part beginning with each sentence that a lead opens.

    The leads are words of the catalogue; what stands before the first has "" for one.

    >>> note_parts("Say: Look. Asked: Why? Nobody knows. Do not claim a cause.")
    [('Say:', 'Look.'), ('Asked:', 'Why? Nobody knows.'), ('Do not claim', 'a cause.')]
    """
    leads = "|".join(map(re.escape, catalogue()["stories"]["leads"]))
    opening = re.compile(rf"(?:^|(?<=[.!?…”’])\s|\n)\s*({leads})(?=\s|$)")
    before, *found = opening.split(notes)
    parts = [("", before), *zip(found[::2], found[1::2], strict=True)]
    return [(lead, text.strip()) for lead, text in parts if lead or text.strip()]


def story_data(story: Story, dataset: Dataset, *, today: date) -> dict[str, Any]:
    """The story as one JSON object for the stage, with the words it is shown with."""
    return {
        "id": story.id,
        "title": story.title,
        "language": story.language,
        "fingerprint": dataset.fingerprint,
        "clear": CLEAR,
        "words": catalogue()["present"],
        "chapters": [_chapter(chapter, dataset, today) for chapter in story.chapters],
        "sources": [{"id": one.id, "text": _named(one)} for one in story_sources(story, dataset)],
    }


def _named(source: Source) -> str:
    """A source as the end of a story names it: who, what, where and when; addresses are not read out from a wall."""
    return plain(replace(source, address=""))


def _chapter(chapter: Chapter, dataset: Dataset, today: date) -> dict[str, Any]:
    view = chapter_view(chapter, dataset, today=today)
    words = as_of_words(view.as_of)
    place = view.position
    return {
        **{name: getattr(chapter, name) for name in ("id", "title", "text", "more", "content_note")},
        "notes": note_parts(chapter.notes),
        "as_of": view.as_of.isoformat(),
        "date": words[:1].upper() + words[1:],
        "sel": view.selection,
        "layers": view.layers,
        "place": [place.lat, place.lon, place.zoom] if place else None,
        "explore": "/?" + urlencode(explore_params(chapter, dataset, today=today), safe=",/:"),
        "sources": _sources(chapter, dataset),
        "figure": _figure(chapter.figure, chapter, dataset, view.filter) if chapter.figure else None,
    }


def _sources(chapter: Chapter, dataset: Dataset) -> list[dict[str, Any]]:
    """Each source once, with every place in it."""
    found: dict[str, dict[str, Any]] = {}
    for mention in mentions(dataset, chapter.sources):
        source = found.setdefault(mention.source, {"id": mention.source, "label": mention.label, "places": []})
        source["places"] += [mention.locator] if mention.locator else []
    return list(found.values())


def _figure(figure: Figure, chapter: Chapter, dataset: Dataset, chosen: Filter) -> dict[str, Any]:
    if figure.start is None or figure.end is None:
        return _arrivals(dataset, chapter.as_of)
    if figure.kind == "compare":
        return _comparison(dataset, figure.start, figure.end)
    return _timeline(dataset, figure.country or "", figure.start, figure.end, chapter.leans, chosen)


def _arrivals(dataset: Dataset, until: date) -> dict[str, Any]:
    """The yearly figures up to a date; axis and scale are the whole chart's, so that it grows by the chapter."""
    years = [one for one in dataset.statistics_of(ARRIVALS) if one.period.is_one_year]
    bars = [
        {"year": one.period.start.year, "value": one.value, "status": one.status}
        for one in years
        if one.period.end.last_day <= until
    ]
    ends = [one.period.start.year for one in years] or [until.year]
    return {"kind": "arrivals", "axis": [min(ends), max(ends)], "full": largest_arrivals(dataset), "bars": bars}


def _timeline(
    dataset: Dataset, country: str, start: date, end: date, leans: tuple[str, ...], chosen: Filter
) -> dict[str, Any]:
    found = timeline_events(dataset, country, start, end, chosen)
    name = dataset.countries[country].name if country in dataset.countries else country
    title = say("present.timeline", country=name, start=str(start.year), end=str(end.year))
    events = [_told(event, f"event:{event.id}" in leans) for event in found]
    return {"kind": "timeline", "title": title, "start": start.isoformat(), "end": end.isoformat(), "events": events}


def _told(event: PolicyEvent, is_told: bool) -> dict[str, Any]:
    return {
        "day": event.date.first_day.isoformat(),
        "when": span_words(event.date, event.end, is_open=event.kind == "policy"),
        "title": event.title,
        "effect": event.effect,
        "certainty": event.certainty,
        "told": is_told,
        "runs": event.kind == "policy" or event.end not in (None, event.date),
    }


def _comparison(dataset: Dataset, start: date, end: date) -> dict[str, Any]:
    """Two dates: how each is said, its arrivals, and the features that were drawn anew between them."""
    moved = [change for change in changes_between(dataset, start, end).stances if not change.is_of_certainty_only]
    sides = []
    for day in (start, end):
        figure = arrivals_in(dataset, day.year)
        value = say("present.compare_arrivals", value=figure.value) if figure else ""
        sides.append({"day": day.isoformat(), "date": as_of_words(day), "arrivals": value})
    return {"kind": "compare", "sides": sides, "moved": [one.id for change in moved for one in change.features]}
