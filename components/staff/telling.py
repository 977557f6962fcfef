"""Changes as staff read them: sentence by sentence, field by field, and on the map before and after."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components import markup
from components.edit_map import draw_difference_map
from routes.documents import Documents, is_layer
from routes.merging import Change, same
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


def problem_text(problem: Problem) -> str:
    """A problem as Markdown: where, what was expected and got, and what to do."""
    where = f"{problem.file}, {problem.pointer}" if problem.pointer else problem.file
    return markdown(f"{where}: {problem.message} {problem.hint}")


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
