"""The words of the subject, and the six stances with their colours and dashes."""

from __future__ import annotations

import streamlit as st

from components import markup, reading, state
from routes.citations import mentions
from routes.dataset import Dataset, load
from routes.records import STANCES, GlossaryTerm
from routes.text import folded
from routes.words import say


def show() -> None:
    """The glossary page."""
    dataset = load()
    terms = sorted(dataset.glossary.values(), key=lambda term: folded(term.term).strip('"“~'))
    asked = st.query_params.get("id", "")[: state.LONGEST]
    with reading.column("glossary", title=say("glossary.title"), lead=say("glossary.lead")):
        if asked and asked not in dataset.glossary:
            markup.show("reading_notice", sentences=[say("glossary.bad_id", text=asked)])
        found = dataset.glossary.get(asked)
        markup.show(
            "glossary",
            asked=_told(dataset, found) if found else None,
            stances=STANCES,
            terms=[_told(dataset, term) for term in terms],
        )


def _told(dataset: Dataset, term: GlossaryTerm) -> dict[str, object]:
    return {
        "id": term.id,
        "term": term.term,
        "text": term.definition,
        "sources": mentions(dataset, term.sources),
    }
