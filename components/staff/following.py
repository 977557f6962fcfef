"""The preview follows what is edited; what staff last looked at of their own accord is kept apart, to be captured."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from components import state
from components.staff.office import Work
from routes.dataset import Dataset
from routes.documents import Record
from routes.staging import WHOLE_MAP, explore_view
from routes.stories import Chapter
from routes.view import MapPosition, View

ZOOM_IS_ROUNDED, PIXELS_MOVED = 0.2, 40
"""A frame rounds the zoom it is given to quarters and keeps the middle inside the map: that is nobody's panning."""


@dataclass(frozen=True)
class Followed:
    """What the preview followed last: the view it was given then, and the one that staff had chosen before."""

    what: Hashable
    own: View
    shown: View

    def looked_at(self, now: View) -> View:
        """The view that staff chose themselves, where the preview shows `now`."""
        if _is_alike(now, self.shown):
            return self.own
        is_chapter = isinstance(self.what, tuple)
        is_followed = not is_chapter and now.selection == self.shown.selection
        return replace(now, selection=self.own.selection) if is_followed else now


def looked_at(dataset: Dataset) -> View:
    """What staff last chose to look at: on the map's page or in the preview, but for what the preview did by itself."""
    now, followed = state.current_view(dataset), state.remembered(state.STAFF_FOLLOWED)
    return followed.looked_at(now) if isinstance(followed, Followed) else now


def members_of(value: Any) -> dict[str, Any]:
    """An object as a story may hold it; empty where something else stands there."""
    return dict(value) if isinstance(value, dict) else {}


def follow_record(work: Work, record_id: str) -> None:
    """Select in the preview the feature or event that is being edited, once."""
    dataset = work.preview
    if record_id in dataset.features or record_id in dataset.policy_events:
        _follow(dataset, record_id, replace(state.current_view(dataset), selection=record_id))


def follow_chapter(work: Work, document_id: str, record_id: str, record: Record) -> None:
    """Let the preview show all that the chapter's view holds, once and whenever that changes."""
    view = {name: str(value) for name, value in members_of(record.get("view")).items()}
    chapter = Chapter(id=record_id, title="", text="", view=view)
    shown = explore_view(chapter, work.preview, today=date.today())
    what = (document_id, record_id, *view.items())
    _follow(work.preview, what, replace(shown, position=shown.position or WHOLE_MAP))


def _follow(dataset: Dataset, what: Hashable, shown: View) -> None:
    followed = state.remembered(state.STAFF_FOLLOWED)
    if isinstance(followed, Followed) and followed.what == what:
        if state.current_view(dataset).position is None:  # a map that was drawn anew stands nowhere yet
            state.change_view(position=followed.shown.position)
        return
    state.remember(state.STAFF_FOLLOWED, Followed(what, looked_at(dataset), shown))
    state.change_view(**{part.name: getattr(shown, part.name) for part in fields(shown)})


def _is_alike(now: View, shown: View) -> bool:
    is_there = now.position is None or (shown.position is not None and _is_near(now.position, shown.position))
    return is_there and replace(now, position=None) == replace(shown, position=None)


def _is_near(one: MapPosition, other: MapPosition) -> bool:
    far = PIXELS_MOVED * 360 / (256 * 2**other.zoom)
    is_as_close = abs(one.zoom - other.zoom) < ZOOM_IS_ROUNDED
    return is_as_close and abs(one.lat - other.lat) < far and abs(one.lon - other.lon) < far
