"""What a chapter shows on paper and on slides. On the stage words lie over one side, so its middle is another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from routes.changes import changes_between
from routes.dataset import Dataset
from routes.drawing import Drawing, Position
from routes.picture.framing import LIVE_FRAME, Frame, fitted_frame, positions_of, saved_frame
from routes.picture.svg import Box
from routes.picture.ways import shown_features
from routes.stories import Chapter
from routes.view import MIN_ZOOM, MapPosition, View, read_view

STEP = 0.25

CHANGE_FRAME = Box(160, 90, 960, 540)
"""The middle of `LIVE_FRAME`, in which what changed between two dates stands: there is land about it."""

CLOSEST_CHANGE = 6.75
"""The zoom beyond which nobody would know which country they look at."""


def chapter_view(chapter: Chapter, dataset: Dataset, *, today: date) -> View:
    """The view of a chapter for paper: what it shows stands in the middle, and all that its words rely on is in sight.

    On the stage the text lies over one side of the map, so the saved middle is not that of what is seen.
    """
    view, _ = read_view(chapter.view, dataset, today=today)
    if view.position is None:
        return view
    shown = positions_of(item.drawing for item in shown_features(dataset, view))
    frame = _frame(view.position)
    in_sight = [position for position in shown if frame.box.has(frame.point(position))]
    needed = positions_of(dataset.drawings[name] for name in chapter.shows if name in dataset.drawings)
    position = _centred(view.position, in_sight or needed)
    while position.zoom > MIN_ZOOM and not _holds(_frame(position), needed):
        position = replace(position, zoom=max(position.zoom - STEP, MIN_ZOOM))
    return replace(view, position=position)


def compared_views(chapter: Chapter, dataset: Dataset, *, today: date) -> list[View]:
    """The chapter's map at the two days of its comparison, in one frame round what is drawn anew between them."""
    view, figure = chapter_view(chapter, dataset, today=today), chapter.figure
    if figure is None or figure.kind != "compare" or figure.start is None or figure.end is None:
        return []
    changes = changes_between(dataset, figure.start, figure.end).stances
    moved = {one.id for change in changes if not change.is_of_certainty_only for one in change.features}
    drawn = [item.drawing for item in shown_features(dataset, view) if item.feature.id in moved]
    view = replace(view, position=_round(drawn) if drawn else view.position)
    return [replace(view, as_of=day) for day in (figure.start, figure.end)]


def _round(drawings: Iterable[Drawing]) -> MapPosition:
    frame = fitted_frame(drawings, Box(0, 0, *LIVE_FRAME), 1.0, clear=CHANGE_FRAME)
    zoom = max(min(frame.zoom, CLOSEST_CHANGE), MIN_ZOOM)
    return MapPosition(round(zoom, 2), round(frame.latitude, 2), round(360 * (frame.middle[0] - 0.5), 2))


def _frame(position: MapPosition) -> Frame:
    return saved_frame(position, Box(0, 0, *LIVE_FRAME), 1.0)


def _holds(frame: Frame, positions: Sequence[Position]) -> bool:
    return all(frame.box.has(frame.point(position)) for position in positions)


def _centred(position: MapPosition, shown: Sequence[Position]) -> MapPosition:
    if not shown:
        return position
    lons, lats = zip(*shown, strict=True)
    lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    return replace(position, lat=round(lat, 2), lon=round(lon, 2))
