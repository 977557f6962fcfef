"""Where sources disagree: the claims side by side, what is shown, and why."""

from __future__ import annotations

import streamlit as st

from components import markup, reading, state
from routes.citations import mentions
from routes.dataset import Dataset, load
from routes.records import INTERNATIONAL, Dispute
from routes.text import markdown
from routes.words import say

PAGE = "disputes"
ALL = ""


def show() -> None:
    """The page of disputes."""
    dataset = load()
    with reading.column(PAGE, title=say("disputes.title"), lead=say("disputes.lead")):
        state.adopt_address(PAGE, "id", "country")
        asked = state.text_of(PAGE, "id")
        if asked in dataset.disputes:
            told = [_told(dataset, dataset.disputes[asked])]
            markup.show("disputes", disputes=told, heading=say("disputes.asked"), asked=True)
        country = _country(dataset, asked)
        chosen = [d for d in dataset.disputes.values() if d.id != asked and country in (ALL, *d.countries)]
        told = [_told(dataset, dispute) for dispute in chosen]
        markup.show("disputes", disputes=told, heading=say("disputes.count", n=len(told)), asked=False)
        state.write_address(PAGE, id=asked if asked in dataset.disputes else "", country=country)


def _country(dataset: Dataset, asked: str) -> str:
    """The country chosen; says what the address asked for in vain."""
    codes = {code for dispute in dataset.disputes.values() for code in dispute.countries}
    options = [ALL, *(code for code in [*dataset.countries, INTERNATIONAL] if code in codes)]
    wanted = state.text_of(PAGE, "country")
    bad = [say("disputes.bad_id", text=asked)] if asked and asked not in dataset.disputes else []
    bad += [say("disputes.bad_country", text=wanted)] if wanted not in options else []
    if bad:
        markup.show("reading_notice", sentences=bad)
    if wanted not in options:
        st.session_state[state.key_of(PAGE, "country")] = ALL
    labels = {code: markdown(_name(dataset, code)) for code in options}
    key = state.key_of(PAGE, "country")
    st.pills(say("disputes.filter"), options, key=key, format_func=labels.__getitem__, required=True)
    return state.text_of(PAGE, "country")


def _name(dataset: Dataset, code: str) -> str:
    if code == ALL:
        return say("disputes.all")
    return dataset.countries[code].name if code in dataset.countries else say("reading.international")


def _told(dataset: Dataset, dispute: Dispute) -> dict[str, object]:
    claims = dataset.claims_of(dispute.id)
    named = (reference.removeprefix("event:") for reference in dispute.touches if reference.startswith("event:"))
    return {
        "id": dispute.id,
        "title": dispute.title,
        "countries": [_name(dataset, code) for code in dispute.countries],
        "claims": [{"text": c.claim, "sources": mentions(dataset, c.sources)} for c in claims],
        "shown": dispute.shown,
        "why": dispute.why,
        "events": [dataset.policy_events[name] for name in named if name in dataset.policy_events],
    }
