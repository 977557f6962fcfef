"""A new layer or story: its title and id, and for a story one chapter of what was last looked at on the map."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import state
from components.staff.office import Work
from components.staff.steps import keep_step
from components.staff.story_form import captured_chapter
from routes.documents import LAYERS, STORIES, Document, is_document_id
from routes.mending import id_from
from routes.words import say

KINDS = {"layer": LAYERS, "story": STORIES}
ORDER = 50
"""Its place among the others, until somebody says another."""


def new_document(work: Work) -> None:
    """Show the button with the form that begins a layer or a story."""
    with st.popover(say("staff.new"), icon=":material/add:", key=f"new-{state.epoch()}"):
        kind = st.segmented_control(
            say("staff.new_what"), list(KINDS), default="layer", key=f"new-kind-{state.epoch()}", required=True,
            format_func=lambda one: say(f"staff.new_{one}"), label_visibility="collapsed",
        )  # fmt: skip
        title = st.text_input(say("staff.layer_title"), key=f"new-title-{state.epoch()}").strip()
        help_text = f"{say('staff.table.id_help')} {say('staff.new_id_help')}"
        name = st.text_input(say("staff.layer_id"), key=f"new-id-{state.epoch()}", help=help_text).strip()
        head = _story_head() if kind == "story" else {"type": "FeatureCollection", "description": ""}
        wanted = KINDS[kind or "layer"] + (name or id_from(title))
        if st.button(say("staff.new_make"), key=f"new-make-{state.epoch()}", type="primary"):
            why_not = _why_not(work, title, wanted)
            if why_not:
                st.warning(why_not)
            else:
                _make(work, wanted, {**head, "title": title, "order": ORDER})


def _story_head() -> dict[str, Any]:
    audience = st.text_input(say("stories.form.audience"), key=f"new-audience-{state.epoch()}").strip()
    language = st.text_input(say("stories.form.language"), "en", key=f"new-language-{state.epoch()}").strip()
    st.caption(say("staff.new_story_help"))
    return {"title": "", "summary": "", "audience": audience, "language": language}


def _why_not(work: Work, title: str, wanted: str) -> str | None:
    """Why it cannot be begun, if it cannot."""
    if not title:
        return say("staff.new_needs_title")
    if not is_document_id(wanted):
        return say("staff.new_bad_id")
    return say("staff.new_taken") if wanted in work.documents else None


def _make(work: Work, wanted: str, head: dict[str, Any]) -> None:
    records = {}
    if wanted.startswith(STORIES):
        chapter = captured_chapter(work.preview, ())
        records = {str(chapter["id"]): chapter}
    state.remember(state.STAFF_DOCUMENT, wanted)
    state.remember(state.STAFF_RECORD, next(iter(records), None))
    keep_step(work, wanted, Document(head, records), anew=True)
