"""The staff page: edit, review, history, files, office. What may be done there is decided by the desk, not here."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components import markup, state
from components.staff import deciding, editing, exchange_page, history, office_page, review
from components.staff.office import current_desk, work_on
from components.staff.telling import show_refusal
from routes.desk import Desk
from routes.edits import EditConflict
from routes.problems import StoreError
from routes.text import markdown
from routes.words import say

PARTS: dict[str, Callable[[Desk], None]] = {
    "edit": lambda desk: _edit(desk),
    "review": review.show,
    "history": history.show,
    "exchange": lambda desk: exchange_page.show(work_on(desk)),
    "office": office_page.show,
}


def show() -> None:
    """One part of the staff page at a time; in its place, why the store cannot be read or written."""
    with st.container(key="staff"):
        try:
            _show(current_desk())
        except StoreError as error:
            show_refusal(error)


def _show(desk: Desk) -> None:
    if desk.account is None:
        markup.show("staff_closed")
        return
    told = state.said()
    if told:
        st.toast(markdown(told[0]), icon=":material/check:", duration="infinite" if told[1] else "short")
    part = _bar(desk)
    decision = state.remembered(state.STAFF_CONFLICT)
    if decision and part == _part_of(decision[0]):
        deciding.show(work_on(desk), *decision)
    else:
        PARTS[part](desk)


def _part_of(conflict: EditConflict) -> str:
    """Where a conflict is decided: where it arose. Meanwhile one may look at all else."""
    return "edit" if conflict.edit.kind == "save" else "history"


def _edit(desk: Desk) -> None:
    work = work_on(desk)
    if work.is_changed_elsewhere():
        st.toast(say("staff.changed_elsewhere"), icon=":material/sync:")
    editing.show(work)


def _bar(desk: Desk) -> str:
    """Who is signed in, and which part is shown."""
    assert desk.account is not None
    waiting = len([one for one in desk.proposals() if not one.returned]) + len(desk.published_faults())
    names = {part: say(f"staff.part.{part}") for part in PARTS}
    if waiting:
        names["review"] = say("staff.part.review_waiting", n=waiting)
    st.session_state.setdefault(state.STAFF_PART, "edit")
    with st.container(horizontal=True, vertical_alignment="center", key="staff-bar"):
        chosen = st.segmented_control(
            say("staff.title"), list(names), key=state.STAFF_PART,
            format_func=names.__getitem__, label_visibility="collapsed", required=True,
        )  # fmt: skip
        st.space("stretch")
        markup.show("staff_who", name=desk.account.name, role=say(f"accounts.role.{desk.account.role}"))
    return str(chosen or "edit")
