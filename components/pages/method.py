"""How this site knows what it says, what it leaves out, and whom to write to."""

from __future__ import annotations

import streamlit as st

from components import markup, reading
from routes.dataset import load
from routes.stance import REACH_YEARS
from routes.words import catalogue, say


def show() -> None:
    """The page on method and safety."""
    dataset = load()
    version = say(
        "method.version",
        fingerprint=dataset.fingerprint,
        events=len(dataset.policy_events),
        effects=len(dataset.effects),
        notes=len(dataset.risk_notes),
        sources=len(dataset.sources),
    )
    with reading.column("method", title=say("method.title"), lead=say("method.lead")):
        markup.show("method", sections=sections(), version=version, problems=len(dataset.problems))
        if dataset.problems:
            with st.expander(say("method.problems_list")):
                markup.show("problems", problems=dataset.problems)


def sections() -> list[dict[str, object]]:
    """The sections with the reach of a practice filled in."""
    return [
        {**section, "paragraphs": [text.format(reach=REACH_YEARS) for text in section["paragraphs"]]}
        for section in catalogue()["method"]["section"]
    ]
