"""The floor: an empty Streamlit page with one fragment that holds one button."""

import streamlit as st


@st.fragment
def one_button() -> None:
    """A button that says how often it has been drawn, so that a round trip shows."""
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.button(f"Run {st.session_state['runs']}", key="again")


one_button()
