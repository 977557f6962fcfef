"""Search and filter: a box over the panel, and what it finds as buttons that select or open it."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from components import state
from routes.dataset import Dataset
from routes.records import ROUTE_IDS, Certainty, EventEffect
from routes.search import Hit, search
from routes.text import markdown
from routes.view import Filter, View
from routes.words import say

MOST_SHOWN = 20
FILTER_PARTS = ("country", "route", "effect", "certainty")
PAGE_OF = {"source": "sources", "dispute": "disputes", "term": "glossary"}


def search_box(dataset: Dataset, view: View) -> str:
    """Show the box and the filter; the words typed."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        words = st.text_input(
            say("find.label"),
            key=state.QUERY,
            placeholder=say("find.hint"),
            label_visibility="collapsed",
            max_chars=200,
        )
        form = st.popover(say("find.filter") + (" •" if view.filter else ""), key=state.FILTER_FORM, on_change="rerun")
    if form.open:  # what nobody has opened need not be sent
        with form:
            _filter_form(dataset, view)
    return str(words or "")


def show_hits(dataset: Dataset, view: View, words: str) -> None:
    """What the words and the filter find; each hit is a button."""
    hits = search(dataset, words, view.filter)
    st.caption(say("find.found", n=len(hits)) if hits else say("find.none"))
    for hit in hits[:MOST_SHOWN]:
        st.button(
            f"**{markdown(hit.title)}**  \n{markdown(hit.line)}",
            key=f"hit-{hit.kind}-{hit.id}",
            on_click=_open,
            args=(hit,),
            width="stretch",
            type="tertiary",
        )
    if len(hits) > MOST_SHOWN:
        st.caption(say("find.more", n=MOST_SHOWN))
    st.button(say("find.clear"), on_click=_clear)


def _open(hit: Hit) -> None:
    if hit.selects:
        state.change_view(selection=hit.selects)
        st.session_state[state.QUERY] = ""
    elif hit.kind in PAGE_OF:
        st.session_state[state.OPEN_PAGE] = (PAGE_OF[hit.kind], hit.id)


def _clear() -> None:
    st.session_state[state.QUERY] = ""
    state.change_view(filter=Filter())


def _filter_form(dataset: Dataset, view: View) -> None:
    names = {code: country.name for code, country in dataset.countries.items()}
    choices = {
        "country": (sorted({e.country for e in dataset.policy_events.values()}), lambda code: names.get(code, code)),
        "route": (ROUTE_IDS, lambda route: say(f"route.{route}")),
        "effect": (get_args(EventEffect), lambda effect: say(f"effect.{effect}")),
        "certainty": (get_args(Certainty), lambda word: say(f"certainty.{word}")),
    }
    for key, (options, words_for) in choices.items():
        st.multiselect(
            say(f"find.{key}"),
            options,
            default=list(getattr(view.filter, key)),
            format_func=words_for,
            key=state.key_of("filter", key),
            on_change=_take_filter,
        )


def _take_filter() -> None:
    chosen = {part: tuple(st.session_state[state.key_of("filter", part)]) for part in FILTER_PARTS}
    state.change_view(filter=Filter(**chosen))
