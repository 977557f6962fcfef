"""The only module that names session keys and the address bar's parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from components.map import KEY as MAP_KEY
from components.map import frame_value
from routes.dataset import Dataset
from routes.view import View, read_view

VIEW, SEQUENCE, UNRESTORED = "view", "sequence", "unrestored"
QUERY, CHOSEN, OPEN_PAGE = "query", "chosen", "open-page"
PART_OF_SEGMENT, PART_OF_COUNTRY = "part-of-segment", "part-of-country"
FILTER_FORM, SHARE, SHARE_CONTROLS = "filter-form", "share", "share-controls"
STAFF_PART, STAFF_DOCUMENT, STAFF_RECORD, STAFF_STAGE = "staff-part", "staff-document", "staff-record", "staff-stage"
STAFF_SAID, STAFF_CONFLICT = "staff-said", "staff-conflict"
STAFF_FOLLOWED, STAFF_SEEN, STAFF_TYPED = "staff-followed", "staff-seen", "staff-typed"
EDIT_MAP, EDIT_NAMES = "edit-map", "edit-names"
EPOCH, MOUNTED, EDIT_SEQUENCE = "staff-epoch", "staff-mounted", "edit-sequence"

LONGEST = 200
"""No parameter of a reading page is longer; what is more is cut off."""


def current_view(dataset: Dataset) -> View:
    """The session's view: from the link at the first run, afterwards as the reader left it."""
    if VIEW not in st.session_state:
        view, unrestored = read_view(st.query_params.to_dict(), dataset, today=date.today())
        st.session_state[VIEW], st.session_state[UNRESTORED] = view, unrestored
    view: View = st.session_state[VIEW]
    return view


def unrestored_parts() -> list[str]:
    """What the link asked for and could not be restored, in sentences."""
    return list(st.session_state.get(UNRESTORED, []))


def change_view(**changes: Any) -> None:
    """Replace parts of the view, as in `change_view(selection="LA")`.

    Once the reader looks at something else, what their link could not restore is no longer said.
    """
    before: View = st.session_state[VIEW]
    after = replace(before, **changes)
    if replace(after, position=before.position) != before:
        st.session_state[UNRESTORED] = []
    st.session_state[VIEW] = after


def sequence() -> int:
    """The number of the last message from the frame that the view holds."""
    return int(st.session_state.get(SEQUENCE, 0))


def map_is_drawn() -> bool:
    """Whether the frame has spoken: it does as soon as it has drawn the routes."""
    return sequence() > 0


def take_from_frame(dataset: Dataset) -> Callable[[], None]:
    """A callback that moves what the reader chose on the map into the view; older messages are ignored."""

    def take() -> None:
        params, number = frame_value(st.session_state.get(MAP_KEY))
        if number <= sequence():
            return
        chosen, _ = read_view(params, dataset, today=date.today())
        st.session_state[SEQUENCE] = number
        change_view(
            as_of=chosen.as_of, selection=chosen.selection, layers=chosen.layers, position=chosen.position
        )
        st.session_state[SHARE] = params.get("asks") == "share"

    return take


def share_asked_for() -> bool:
    """Whether the reader has asked, on the map, to share what they see; once."""
    return bool(st.session_state.pop(SHARE, False))


def write_link(view: View) -> None:
    """Put the view into the address bar; nothing happens where it is there already."""
    _put_into_address(view.to_params())


def _put_into_address(wanted: dict[str, str]) -> None:
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def page_asked_for() -> tuple[str, str] | None:
    """The page and the record that a search result asked to open, once."""
    asked: tuple[str, str] | None = st.session_state.pop(OPEN_PAGE, None)
    if asked:
        st.session_state[QUERY] = ""
    return asked


def adopt_address(page: str, *names: str) -> None:
    """Put the address's parameters into a reading page's session keys, unless the page wrote that address itself."""
    asked = {name: st.query_params.get(name, "")[:LONGEST] for name in names}
    written = f"{page}-address"
    if st.session_state.get(written) != asked or any(key_of(page, name) not in st.session_state for name in names):
        st.session_state[written] = asked
        for name, text in asked.items():
            st.session_state[key_of(page, name)] = text


def write_address(page: str, **values: str) -> None:
    """Put a reading page's parameters into the address bar, leaving empty ones out."""
    st.session_state[f"{page}-address"] = {name: text[:LONGEST] for name, text in values.items()}
    _put_into_address({name: text for name, text in values.items() if text})


def key_of(page: str, name: str) -> str:
    """The session key of a reading page's parameter, which is also its widget's key."""
    return f"{page}-{name}"


def text_of(page: str, name: str) -> str:
    """What the reader or the address has put into a parameter."""
    return str(st.session_state.get(key_of(page, name)) or "")


def epoch() -> int:
    """A number that stands in the keys of the editor's widgets: they begin anew when it changes."""
    return int(st.session_state.get(EPOCH, 0))


def next_epoch() -> None:
    """Make the editor's widgets show what the draft says, after a step that they did not make themselves."""
    st.session_state[EPOCH] = epoch() + 1
    st.session_state[MOUNTED] = {}


def mounted(key: str, value: Any) -> Any:
    """What `value` was when the widget `key` came onto the page: a widget counts its edits from there.

    A widget that some run has not drawn begins anew, for Streamlit has forgotten what was typed into it.
    """
    held = st.session_state.setdefault(MOUNTED, {})
    if key not in st.session_state:
        held[key] = value
    return held.setdefault(key, value)


def say_once(text: str, *, lasts: bool = False) -> None:
    """Show a sentence in the next run, for a moment or until it is closed."""
    st.session_state[STAFF_SAID] = (text, lasts)


def said() -> tuple[str, bool] | None:
    """The sentence to show in this run, and whether it lasts."""
    told: tuple[str, bool] | None = st.session_state.pop(STAFF_SAID, None)
    return told


def remembered(key: str, default: Any = None) -> Any:
    """What the session holds under one of the keys above."""
    return st.session_state.get(key, default)


def newly(key: str, value: Any) -> bool:
    """Whether `value` is another than what the session held under `key`; it holds it now."""
    before = st.session_state.get(key)
    st.session_state[key] = value
    return bool(before != value)


def remember(key: str, value: Any) -> None:
    """Hold something under one of the keys above; None forgets it."""
    if value is None:
        st.session_state.pop(key, None)
    else:
        st.session_state[key] = value
