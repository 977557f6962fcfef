"""Many records at once: a table of their fields, typed, with rows to add and remove, and paste from a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal, get_args, get_origin

import pandas as pd
import streamlit as st

from components import state
from components.staff.fields import Choices, cell_of, hints_of, inner_hint, label_of, property_of
from components.staff.office import Work
from components.staff.steps import fields_shown, has_words, make_step
from routes.dates import PartialDate
from routes.documents import Document, Record, id_column, is_layer
from routes.mending import id_from
from routes.records import Country
from routes.words import say

MOST_ROWS = 600


def table_form(work: Work, document_id: str) -> None:
    """Show the document's records as a table; each edit is one step of the draft."""
    document = work.documents.get(document_id, Document())
    hint = say("staff.table.filter_hint")
    words = st.text_input(say("staff.table.filter"), key=f"filter-{document_id}", placeholder=hint)
    key = f"table-{document_id}-{words}-{state.epoch()}"
    start: Document = state.mounted(key, document)
    shown = [name for name, record in start.records.items() if has_words(document_id, record, words)][:MOST_ROWS]
    columns = [id_column(document_id), *(name for name in hints_of(document_id) if name != id_column(document_id))]
    rows = pd.DataFrame([_row(document_id, start.records[name], columns) for name in shown], columns=columns)
    st.data_editor(
        rows,
        key=key,
        num_rows="dynamic",
        hide_index=True,
        height=min(38 * (len(rows) + 2) + 4, 620),
        column_config={name: _column(document_id, name, Choices(work.documents)) for name in columns},
        on_change=partial(_take, work, document_id, key, start, shown),
    )
    st.caption(say("staff.table.count", n=len(shown), of=len(start.records)))


def _take(drawn: Work, document_id: str, key: str, start: Document, shown: list[str]) -> None:
    work = drawn.as_drawn()
    if work:
        make_step(work, document_id, _edited(document_id, start, shown, st.session_state[key]))


def _row(document_id: str, record: Record, columns: list[str]) -> list[Any]:
    return [_shown(document_id, name, _value(document_id, record, name)) for name in columns]


def _value(document_id: str, record: Record, name: str) -> Any:
    return record.get(name) if name == id_column(document_id) else fields_shown(document_id, record).get(name)


def _shown(document_id: str, name: str, value: Any) -> Any:
    """A field as its column takes it."""
    cell = cell_of(name, value)
    hint = inner_hint(hints_of(document_id).get(name, str))
    if hint is bool:
        return cell == "yes"
    return cell.split() if _words(hint) is not None and get_origin(hint) is tuple else cell


def _words(hint: Any) -> list[str] | None:
    """The words a field, or each part of it, is one of; None where it is free."""
    part = get_args(hint)[0] if get_origin(hint) is tuple else hint
    return list(get_args(part)) if get_origin(part) is Literal else [] if part is Country else None


def _column(document_id: str, name: str, choices: Choices) -> Any:
    hint = inner_hint(hints_of(document_id).get(name, str))
    label, words = label_of(name), _words(hint)
    if name == id_column(document_id):
        return st.column_config.TextColumn(label, pinned=True, help=say("staff.table.id_help"))
    if hint is bool:
        return st.column_config.CheckboxColumn(label)
    if words is not None and get_origin(hint) is tuple:
        return st.column_config.MultiselectColumn(
            label, options=words or choices.countries, width="medium", accept_new_options=True
        )  # what is pasted and no word is kept, for the checks to name
    if words is not None:
        return st.column_config.SelectboxColumn(label, options=words or choices.countries)
    if hint is PartialDate:
        return st.column_config.TextColumn(label, help=say("staff.field.date_help"))
    return st.column_config.TextColumn(label, width="large" if name in ("title", "summary", "text") else None)


def _edited(document_id: str, start: Document, shown: list[str], edits: Mapping[str, Any]) -> Document:
    """The document as it was when the table was shown, with everything done in the table since."""
    deleted = {shown[row] for row in edits["deleted_rows"]}
    changed = {shown[int(row)]: cells for row, cells in edits["edited_rows"].items()}
    records: dict[str, Record] = {}
    for record_id, record in start.records.items():
        if record_id not in deleted:
            _put(document_id, records, record, changed.get(record_id, {}))
    for cells in edits["added_rows"]:
        if any(cells.values()):
            _put(document_id, records, {}, cells)
    return Document(start.head, records)


def _put(document_id: str, records: dict[str, Record], record: Record, cells: Mapping[str, Any]) -> None:
    new = _with_cells(document_id, record, cells)
    column = id_column(document_id)
    wanted = str(new.get(column) or "") or _id_for(document_id, new)
    while wanted in records:
        wanted += "-2"
    records[wanted] = {**new, column: wanted}


def _id_for(document_id: str, record: Record) -> str:
    words = next((_value(document_id, record, name) for name in ("title", "name", "term", "claim") if name), None)
    return id_from(str(words or "")) or say("staff.table.new_id")


def _with_cells(document_id: str, record: Record, cells: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: _cell(value) for name, value in cells.items()}
    if not is_layer(document_id):
        return {**dict.fromkeys(hints_of(document_id), ""), **record, **texts}
    properties = dict(fields_shown(document_id, record))
    for name, cell in texts.items():
        if name != "id":
            value = property_of(name, cell)
            properties = {**properties, name: value} if value not in (None, "") else _without(properties, name)
    named = {"id": texts["id"]} if "id" in texts else {}
    return {"type": "Feature", "id": None, "geometry": None, **record, **named, "properties": properties}


def _without(properties: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in properties.items() if key != name}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value).strip()
