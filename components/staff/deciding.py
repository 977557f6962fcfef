"""A conflict: both versions on the map in two colours and field by field with their ancestor, for a person to pick."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components import markup, state
from components.edit_map import draw_difference_map
from components.staff.office import Work
from components.staff.saving import save
from components.staff.telling import document_title
from routes.documents import Document, is_layer
from routes.edits import EditConflict
from routes.merging import Conflict, settled
from routes.naming import name_of
from routes.retelling import retell_conflict
from routes.store import Revision
from routes.text import markdown
from routes.words import say


def show(work: Work, conflict: EditConflict, what: str) -> None:
    """Let a person decide each field, then save on the newest revision. `what` is the difference on the map."""
    about = say("staff.conflict.about", number=str(conflict.head))
    st.warning(markdown(f"{conflict} {about}"), icon=":material/call_split:")
    if any(map(is_layer, conflict.merges)):
        draw_difference_map(what, f"{what}-{conflict.head}", key="conflict-map")
    picked = {
        (name, one.record, one.field): _pick(work, name, one, _whose(work, conflict, name, one.record))
        for name, merge in conflict.merges.items()
        for one in merge.conflicts
    }
    wins = {field for field, side in picked.items() if side == "ours"}
    with st.container(horizontal=True):
        is_open = None in picked.values()
        hint = say("staff.conflict.pick_all") if is_open else None
        if st.button(say("staff.conflict.save"), type="primary", key="settle", disabled=is_open, help=hint):
            edit = replace(conflict.edit, base=conflict.head, documents=_settled(conflict, wins))
            save(lambda: work.desk.settle(edit), what)
        if st.button(say("staff.conflict.later"), key="settle-later"):
            state.remember(state.STAFF_CONFLICT, None)
            st.rerun()


def _settled(conflict: EditConflict, wins: set[tuple[str, str, str]]) -> dict[str, Document | None]:
    return {
        name: settled(merge, {(record, field) for document, record, field in wins if document == name})
        for name, merge in conflict.merges.items()
    }


def _whose(work: Work, conflict: EditConflict, name: str, record: str) -> Revision | None:
    """The newest revision since the base that changed the record, or the head (""), for others."""
    since = work.desk.store.revisions(document=name, before=conflict.head + 1, limit=conflict.head - conflict.edit.base)
    changed = (one for one in since if record in one.changes[name].records or (not record and one.changes[name].head))
    return next(changed, None)


def _pick(work: Work, name: str, conflict: Conflict, theirs: Revision | None) -> str | None:
    """The side that wins, `ours` or `theirs`; None until a person has picked."""
    told = retell_conflict(conflict)
    document = work.documents.get(name, Document())
    record = say("commands.head")
    if conflict.record:
        record = name_of(name, conflict.record, document.records.get(conflict.record), work.documents)
    markup.show("conflict", told=told, record=record, document=document_title(name, work.documents), theirs=theirs)
    sides = {"ours": say("staff.side.ours"), "theirs": say("staff.side.theirs")}
    key = f"pick-{name}-{conflict.record}-{conflict.field}"
    label = say("staff.conflict.pick")
    return st.radio(label, list(sides), None, key=key, format_func=sides.__getitem__, horizontal=True)
