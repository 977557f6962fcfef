"""One record as a form: the right widget for each field, and what can be done with the whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import state
from components.staff.fields import Choices, cell_of, field_widget, hints_of, property_of
from components.staff.office import Work
from components.staff.steps import fields_shown, keep_step, with_record
from routes.documents import Document, Record, id_column, is_layer
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

    picked = st.selectbox(say("staff.record.pick"), ids, at, key=key, format_func=shown)
    if picked != chosen:  # the map and the preview follow
        state.remember(state.STAFF_RECORD, picked)
        st.rerun()
    return picked


def record_form(work: Work, document_id: str, record_id: str) -> None:
    """Show the form of one record; each changed field is one step of the draft."""
    document = work.documents[document_id]
    record = document.records[record_id]
    fields = fields_shown(document_id, record)
    column = id_column(document_id)
    after: dict[str, str] = {}
    for name in hints_of(document_id):
        if name == column and not is_layer(document_id):
            continue
        key = f"field-{document_id}-{record_id}-{name}-{state.epoch()}"
        cell = state.mounted(key, cell_of(name, fields.get(name)))
        after[name] = field_widget(document_id, name, cell, Choices(work.documents), key)
    renamed = _id_field(document_id, record_id)
    new = _changed(document_id, record, after, renamed)
    if renamed != record_id:
        state.remember(state.STAFF_RECORD, renamed)
    keep_step(work, document_id, with_record(document, document_id, record_id, new), anew=renamed != record_id)
    _whole(work, document_id, record_id)


def _id_field(document_id: str, record_id: str) -> str:
    key = f"id-{document_id}-{record_id}-{state.epoch()}"
    name = st.text_input(say("staff.record.id"), record_id, key=key, help=say("staff.table.id_help")).strip()
    if ID_PATTERN.fullmatch(name) or name == record_id or not is_layer(document_id):
        return name or record_id
    st.caption(say("staff.record.bad_id"))
    return record_id


def _changed(document_id: str, record: Record, after: Mapping[str, str], record_id: str) -> Record:
    fields = fields_shown(document_id, record)
    moved = {name: cell for name, cell in after.items() if cell != cell_of(name, fields.get(name))}
    if not is_layer(document_id):
        return {**record, **moved, id_column(document_id): record_id}
    properties: dict[str, Any] = dict(fields)
    for name, cell in moved.items():
        value = property_of(name, cell)
        properties.pop(name, None) if value in (None, []) else properties.update({name: value})
    return {**record, "id": record_id, "properties": properties} if moved or record_id != record.get("id") else record


def _add(work: Work, document_id: str) -> None:
    """An empty row at the end of a table, to be filled in."""
    document = work.documents.get(document_id, Document())
    name = say("staff.table.new_id")
    while name in document.records:
        name += "-2"
    row = {**dict.fromkeys(hints_of(document_id), ""), id_column(document_id): name}
    state.remember(state.STAFF_RECORD, name)
    keep_step(work, document_id, Document(document.head, {**document.records, name: row}), anew=True)


def _whole(work: Work, document_id: str, record_id: str) -> None:
    with st.container(horizontal=True):
        if st.button(say("staff.record.duplicate"), key=f"duplicate-{state.epoch()}", icon=":material/content_copy:"):
            _duplicate(work, document_id, record_id)
        if st.button(say("staff.record.delete"), key=f"delete-{state.epoch()}", icon=":material/delete:"):
            state.remember(state.STAFF_RECORD, None)
            after = with_record(work.documents[document_id], document_id, record_id, None)
            keep_step(work, document_id, after, anew=True)


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
