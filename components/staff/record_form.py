"""One record as a form: the right widget for each field, and what can be done with the whole."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components import state
from components.staff.fields import Choices, cell_of, cell_typed, field_widget, has_field, hints_of, property_of
from components.staff.office import Work
from components.staff.steps import fields_shown, keep_step, make_step, with_record
from routes.documents import Document, Record, id_column, is_layer, is_story
from routes.records import ID_PATTERN
from routes.tables import TABLES
from routes.words import say


def record_picker(work: Work, document_id: str) -> str | None:
    """The box that picks a record by its words, and for a table the button that adds one; the id, or None."""
    if document_id in TABLES and st.button(say("staff.record.add"), icon=":material/add:", key=f"add-{state.epoch()}"):
        _add(work, document_id)
    records = work.documents.get(document_id, Document()).records
    if not records:
        st.caption(say("staff.record.none"))
        return None
    choices = Choices(work.documents)
    chosen = state.remembered(state.STAFF_RECORD)
    ids = list(records)
    key = f"pick-{document_id}-{chosen}-{state.epoch()}"
    at = ids.index(chosen) if chosen in records else 0

    def shown(name: str) -> str:
        named = is_layer(document_id) and fields_shown(document_id, records[name]).get("name")
        return f"{named} ({name})" if named else choices.title(document_id, name)

    label = say("staff.record.chapter" if is_story(document_id) else "staff.record.pick")
    picked = st.selectbox(label, ids, at, key=key, format_func=shown)
    if picked != chosen:  # the map and the preview follow
        state.remember(state.STAFF_RECORD, picked)
        st.rerun()
    return picked


def record_form(work: Work, document_id: str, record_id: str) -> None:
    """Show the form of one record; each changed field is one step of the draft, made before the page is drawn anew."""
    document = work.documents[document_id]
    fields = fields_shown(document_id, document.records[record_id])
    column = id_column(document_id)
    for name in hints_of(document_id):
        if (name == column and not is_layer(document_id)) or not has_field(document_id, name, fields):
            continue
        key = f"field-{document_id}-{record_id}-{name}-{state.epoch()}"
        cell = state.mounted(key, cell_of(name, fields.get(name)))
        take = partial(_take_field, work, document_id, record_id, name, cell, key)
        field_widget(document_id, name, cell, Choices(work.documents), key, take)
    id_field(work, document_id, record_id)
    with st.container(horizontal=True):
        whole_buttons(work, document_id, record_id)


def _take_field(drawn: Work, document_id: str, record_id: str, name: str, before: str, key: str) -> None:
    work = drawn.as_drawn()
    if work:
        document = work.documents[document_id]
        new = _with_field(document_id, document.records[record_id], name, cell_typed(document_id, name, before, key))
        make_step(work, document_id, with_record(document, document_id, record_id, new))


def _with_field(document_id: str, record: Record, name: str, cell: str) -> Record:
    if not is_layer(document_id):
        return {**record, name: cell}
    properties = {key: value for key, value in fields_shown(document_id, record).items() if key != name}
    value = property_of(name, cell)
    return {**record, "properties": properties if value in (None, []) else {**properties, name: value}}


def id_field(work: Work, document_id: str, record_id: str) -> None:
    """The id, which other records may refer to; one that is none, or another record's, is refused in words."""
    key = f"id-{document_id}-{record_id}-{state.epoch()}"
    take = partial(_take_id, work, document_id, record_id, key)
    shown = state.mounted(key, record_id)
    st.text_input(say("staff.record.id"), shown, key=key, help=say("staff.table.id_help"), on_change=take)
    why_not = _why_not(work.documents[document_id], document_id, record_id, str(st.session_state[key]).strip())
    if why_not:
        st.warning(say(why_not), icon=":material/badge:")


def _why_not(document: Document, document_id: str, record_id: str, wanted: str) -> str | None:
    """The words that say why a record cannot be called `wanted`; None where it can."""
    if wanted in ("", record_id):
        return None
    if document_id not in TABLES and not ID_PATTERN.fullmatch(wanted):
        return "staff.record.bad_id"
    return "staff.record.taken_id" if wanted in document.records else None


def _take_id(drawn: Work, document_id: str, record_id: str, key: str) -> None:
    work, wanted = drawn.as_drawn(), str(st.session_state.get(key, "")).strip()
    if not work or not wanted or _why_not(work.documents[document_id], document_id, record_id, wanted):
        return
    document = work.documents[document_id]
    new = {**document.records[record_id], id_column(document_id): wanted}
    if make_step(work, document_id, with_record(document, document_id, record_id, new)):
        state.remember(state.STAFF_RECORD, wanted)
        state.next_epoch()


def _add(work: Work, document_id: str) -> None:
    """An empty row at the end of a table, to be filled in."""
    document = work.documents.get(document_id, Document())
    name = say("staff.table.new_id")
    while name in document.records:
        name += "-2"
    row = {**dict.fromkeys(hints_of(document_id), ""), id_column(document_id): name}
    state.remember(state.STAFF_RECORD, name)
    keep_step(work, document_id, Document(document.head, {**document.records, name: row}), anew=True)


def whole_buttons(work: Work, document_id: str, record_id: str) -> None:
    """Show what can be done with a whole record, inside a row."""
    if st.button(say("staff.record.duplicate"), key=f"duplicate-{state.epoch()}", icon=":material/content_copy:"):
        _duplicate(work, document_id, record_id)
    document = work.documents[document_id]
    is_last = is_story(document_id) and len(document.records) == 1
    hint = say("staff.record.last_chapter") if is_last else None
    key = f"delete-{state.epoch()}"
    if st.button(say("staff.record.delete"), key=key, icon=":material/delete:", disabled=is_last, help=hint):
        state.remember(state.STAFF_RECORD, _neighbour(document, record_id))
        keep_step(work, document_id, with_record(document, document_id, record_id, None), anew=True)


def _neighbour(document: Document, record_id: str) -> str | None:
    """The record that stands where another was when that is gone: the next one, else the one before."""
    at = document.order.index(record_id)
    return next(iter([*document.order[at + 1 :], *reversed(document.order[:at])]), None)


def _duplicate(work: Work, document_id: str, record_id: str) -> None:
    document = work.documents[document_id]
    name = f"{record_id}-2"
    while name in document.records:
        name += "-2"
    records: dict[str, Record] = {}
    for key, record in document.records.items():
        records[key] = record
        if key == record_id:
            records[name] = {**record, id_column(document_id): name}
    state.remember(state.STAFF_RECORD, name)
    keep_step(work, document_id, Document(document.head, records), anew=True)
