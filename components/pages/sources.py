"""All sources: search, order, exports."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components import markup, reading, state
from routes.citations import ORDERS, Listed, bibtex, csl_json, find_sources, ris
from routes.dataset import Dataset, load
from routes.text import markdown
from routes.words import say

PAGE = "sources"
PER_PAGE = 50
EXPORTS = (
    ("BibTeX", bibtex, "the-closing-door.bib", "application/x-bibtex"),
    ("CSL-JSON", csl_json, "the-closing-door.csl.json", "application/vnd.citationstyles.csl+json"),
    ("RIS", ris, "the-closing-door.ris", "application/x-research-info-systems"),
)


def show() -> None:
    """The page of sources."""
    dataset = load()
    with reading.column(PAGE, title=say("sources.title"), lead=say("sources.lead")):
        state.adopt_address(PAGE, "id", "q", "sort")
        asked = state.text_of(PAGE, "id")
        _exports(dataset)
        if asked in dataset.sources:
            _list([row for row in find_sources(dataset) if row.source.id == asked], say("sources.asked"), asked=True)
        elif asked:
            markup.show("reading_notice", sentences=[say("sources.bad_id", text=asked)])
        query, order = _search()
        rows = find_sources(dataset, query, order=order)
        if rows:
            _pages(rows)
        else:
            markup.show("reading_notice", sentences=[say("sources.none", text=query)])
        written_order = order if order != ORDERS[0] else ""
        state.write_address(PAGE, id=asked if asked in dataset.sources else "", q=query, sort=written_order)


def _exports(dataset: Dataset) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="exports"):
        st.write(markdown(say("sources.exports")))
        for name, write, file, kind in EXPORTS:
            make = partial(_written, write, dataset)
            st.download_button(name, make, file, kind, key=f"export-{file}", on_click="ignore")


def _written(write, dataset: Dataset) -> bytes:  # type: ignore[no-untyped-def]
    return write(dataset.sources.values()).encode()


def _search() -> tuple[str, str]:
    left, right = st.columns([3, 1])
    left.text_input(say("sources.search"), key=state.key_of(PAGE, "q"), max_chars=state.LONGEST)
    if state.text_of(PAGE, "sort") not in ORDERS:
        st.session_state[state.key_of(PAGE, "sort")] = ORDERS[0]
    key = state.key_of(PAGE, "sort")
    right.selectbox(say("sources.sort"), ORDERS, key=key, format_func=lambda order: say(f"sources.sort_{order}"))
    return state.text_of(PAGE, "q"), state.text_of(PAGE, "sort")


def _pages(rows: list[Listed]) -> None:
    """One page of the list; the page turner stands under it."""
    place = st.container()
    pages = -(-len(rows) // PER_PAGE)
    page = st.pagination(pages, key=f"sources-page-{pages}") if pages > 1 else 1
    with place:
        _list(rows[(page - 1) * PER_PAGE : page * PER_PAGE], say("sources.count", n=len(rows)))


def _list(rows: list[Listed], heading: str, *, asked: bool = False) -> None:
    markup.show("sources", rows=[row.fields() for row in rows], heading=heading, asked=asked)
