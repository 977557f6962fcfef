"""The map with its clock, and beside it what is true there at the chosen date."""

from __future__ import annotations

import streamlit as st

from components import markup, state
from components.find import search_box, show_hits
from components.map import MapAddress, draw_map, published_map
from components.pages import disputes, glossary, sources
from components.panel import show_heading, show_reading
from components.share import share_dialog
from routes import answers
from routes.dataset import Dataset, load
from routes.records import ROUTE_IDS
from routes.view import View
from routes.words import say


def show() -> None:
    """The explore page: one fragment, so that a choice on the map runs this and nothing else."""
    _map_and_panel()


@st.fragment
def _map_and_panel() -> None:
    dataset = load()
    show_map_and_panel(dataset, published_map())
    _open_asked_page()
    state.write_link(state.current_view(dataset))
    if state.share_asked_for():
        share_dialog(dataset, state.current_view(dataset))


def show_map_and_panel(dataset: Dataset, address: MapAddress) -> None:
    """The map of `address` and beside it what `dataset` says of what is chosen there."""
    view = state.current_view(dataset)
    stage, panel = st.columns([2, 1], gap=None)
    with stage:
        draw_map(view, state.sequence(), state.take_from_frame(dataset), address)
    with panel, st.container(key="panel"):
        _notices(dataset)
        if state.map_is_drawn():
            _find_and_read(dataset, view)
        else:  # the map first: all that can be chosen here follows when it is drawn
            show_heading(dataset, view)


def _find_and_read(dataset: Dataset, view: View) -> None:
    words = search_box(dataset, view)
    _chooser(dataset, view)
    if words or view.filter:
        show_hits(dataset, view, words)
    if not words:
        show_heading(dataset, view)
        show_reading(dataset, view)


def _open_asked_page() -> None:
    asked = state.page_asked_for()
    if asked:
        page, record_id = asked
        show_page = {"sources": sources.show, "disputes": disputes.show, "glossary": glossary.show}[page]
        st.switch_page(st.Page(show_page, url_path=page), query_params={"id": record_id})


def _notices(dataset: Dataset) -> None:
    """What the link asked for and could not get, and what could not be read."""
    unrestored = state.unrestored_parts()
    if unrestored:
        markup.show("reading_notice", sentences=[say("link.notice"), *unrestored])
    hidden = sum(problem.severity == "error" for problem in dataset.problems)
    if hidden:
        st.info(f"{say('panel.problem', n=hidden)} {say('panel.problem_hint')}")


def _chooser(dataset: Dataset, view: View) -> None:
    """One box to jump to a country or a route; it follows what is chosen on the map."""
    countries = {code: country.name for code, country in dataset.countries.items()}
    routes = {route: say(f"route.{route}") for route in ROUTE_IDS}
    names = {"": say("panel.everything")} | countries | routes
    chosen = view.selection if view.selection in names else answers.country_of_selection(dataset, view.selection)
    st.session_state[state.CHOSEN] = chosen or ""
    st.selectbox(
        say("panel.choose"),
        list(names),
        format_func=names.__getitem__,
        key=state.CHOSEN,
        on_change=lambda: state.change_view(selection=st.session_state[state.CHOSEN] or None),
        label_visibility="collapsed",
    )
