"""Changes as staff read them: sentence by sentence, field by field, and on the map before and after."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components import markup
from components.edit_map import draw_difference_map
from routes.documents import Documents, document_of, is_layer
from routes.merging import Change, same
from routes.naming import label_of, name_of
from routes.problems import Problem, RoutesError
from routes.retelling import retell
from routes.tables import TABLES
from routes.text import markdown
from routes.words import say

MOST_FACTS = 40


def show_told(document_id: str, change: Change, documents: Documents) -> None:
    """The facts of one document's change."""
    told = retell(document_id, change, documents)
    title, more = document_title(document_id, documents), len(told) - MOST_FACTS
    markup.show("told", title=title, facts=told[:MOST_FACTS], more=more)


def document_title(document_id: str, documents: Documents) -> str:
    """How staff call a document: a layer or story by its title, a table by its name."""
    if document_id in TABLES:
        return say(f"staff.table.name.{document_id}")
    document = documents.get(document_id)
    title = str(document.head.get("title", document_id)) if document else document_id
    return say("staff.layer" if is_layer(document_id) else "staff.story", title=title)


def show_refusal(error: RoutesError) -> None:
    """Why something was refused, line by line."""
    st.error("  \n".join(map(markdown, str(error).splitlines())), icon=":material/block:")


def problem_text(problem: Problem, documents: Documents) -> str:
    """A problem as Markdown: in which document, record and field, what was expected and got, and what to do."""
    return f"**{markdown(_place(problem, documents))}** {markdown(f'{problem.message} {problem.hint}')}"


def _place(problem: Problem, documents: Documents) -> str:
    """Where a problem stands, as the forms name it; a place that they do not show is told as it is."""
    document_id = document_of(problem.file)
    document = documents.get(document_id)
    if document is None:
        return f"{problem.file} {problem.pointer}".strip()
    record, field = _record_and_field(problem.pointer, list(document.records))
    named = [name_of(document_id, record, document.records[record], documents)] if record else []
    return " · ".join([document_title(document_id, documents), *named, *([label_of(field)] if field else [])])


def _record_and_field(pointer: str, records: list[str]) -> tuple[str, str]:
    """The record and the field of `la-way`, `la-act/effect` or `/features/3/properties/name`; "" for none."""
    record, *rest = pointer.split("/")
    if not record and len(rest) > 1 and rest[0] in ("features", "chapters") and rest[1].isdigit():
        at = int(rest[1])
        record, rest = records[at] if at < len(records) else "", [part for part in rest[2:] if part != "properties"]
    return record if record in records else "", rest[0] if rest else ""


def show_changes(changes: Mapping[str, Change], documents: Documents, what: str) -> None:
    """Every change in words and, where shapes differ, on the map; `what` is the difference to draw."""
    for name, change in changes.items():
        show_told(name, change, documents)
    if _has_new_shapes(changes):
        draw_difference_map(what, what, key=f"difference-{what}")


def _has_new_shapes(changes: Mapping[str, Change]) -> bool:
    """Whether a map would show a difference: some feature has come, gone or moved."""
    pairs = (pair for name, change in changes.items() if is_layer(name) for pair in change.records.values())
    return any(not same(*((side or {}).get("geometry") for side in pair)) for pair in pairs)
