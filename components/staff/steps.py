"""One step of the draft, from whatever the reader of a form did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import state
from components.staff.office import Work
from routes.documents import Document, Record, id_column, is_layer
from routes.merging import changes_between
from routes.retelling import retell
from routes.text import folded
from routes.words import say


def keep_step(work: Work, document_id: str, after: Document | None, *, anew: bool = False) -> None:
    """Make the document `after` one step of the draft, if it differs, and draw the page again.

    `anew` lets every form show the draft afresh: for steps that the forms did not make themselves.
    """
    if make_step(work, document_id, after):
        if anew:
            state.next_epoch()
        st.rerun()


def make_step(work: Work, document_id: str, after: Document | None) -> bool:
    """Whether the document `after` differs from the draft's; it is one step of the draft now, in words."""
    change = changes_between(work.documents.get(document_id), after)
    if not change:
        return False
    told = retell(document_id, change, work.documents)
    words = told[0].sentence if told else say("staff.step")
    if len(told) > 1:
        words = f"{words} {say('retelling.more', n=len(told) - 1)}"
    work.step(words, document_id, after)
    return True


def with_record(document: Document, document_id: str, record_id: str, record: Record | None) -> Document:
    """The document with a record in the place of `record_id` (None removes it); a new id moves it nowhere.

    A record never takes another's id: then the document stays as it is.
    """
    wanted = record and str(record[id_column(document_id)])
    if wanted != record_id and wanted in document.records:
        return document
    records: dict[str, Record] = {}
    for name, old in document.records.items():
        if name != record_id:
            records[name] = old
        elif record is not None:
            records[str(record[id_column(document_id)])] = record
    if record_id not in document.records and record is not None:
        records[str(record[id_column(document_id)])] = record
    return Document(document.head, records)


def fields_shown(document_id: str, record: Record) -> Mapping[str, Any]:
    """What the form of a record edits: a feature's properties, a row's cells."""
    properties = record.get("properties") if is_layer(document_id) else record
    return properties if isinstance(properties, Mapping) else {}


def has_words(document_id: str, record: Record, words: str) -> bool:
    """Whether every one of the words stands somewhere in the record, whatever its case and accents."""
    text = folded(" ".join(map(str, fields_shown(document_id, record).values())))
    return all(word in text for word in folded(words).split())
