"""The page of `editor_app`: the editing map or a map of differences, and a button that undoes."""

from __future__ import annotations

import streamlit as st
from editing import desk_of

from components.edit_map import DIFFERENCE_KEY, KEY, draw_difference_map, draw_edit_map

st.set_page_config(layout="wide", initial_sidebar_state="collapsed")


@st.fragment
def edit() -> None:
    """The editing map with the draft's state."""
    layer = st.query_params.get("layer", "layers/laos-thailand")
    desk = desk_of(st.query_params.get("desk", "desk"))
    draw_edit_map(layer, desk.stamp, desk.selected, desk.number, lambda: desk.take(st.session_state[KEY]))
    if st.button("Undo", key="undo", disabled=not desk.at):
        desk.at -= 1
        st.rerun(scope="fragment")


if "what" in st.query_params:
    draw_difference_map(st.query_params["what"], "1", key=DIFFERENCE_KEY)
else:
    edit()
