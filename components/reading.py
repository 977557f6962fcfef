"""What the reading pages share: their column of text, and the parameters they keep in the address bar.

A page keeps the text of each parameter under the session key `<page>-<parameter>`, which is also its widget's key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from components.markup import show as show_template

LONGEST = 200
"""No parameter of these pages is longer; what is more is cut off."""


@contextmanager
def column(page: str, *, title: str, lead: str = "", wide: bool = False) -> Iterator[None]:
    """The page's column of text under its title; a wide one holds charts and lists."""
    with st.container(key=f"reading-{'wide-' if wide else ''}{page}"):
        show_template("reading_title", title=title, lead=lead)
        yield


def adopt_address(page: str, *names: str) -> None:
    """Put the address's parameters into the page's session keys, unless the page wrote that address itself."""
    asked = {name: st.query_params.get(name, "")[:LONGEST] for name in names}
    written = f"{page}-address"
    if st.session_state.get(written) != asked or any(key(page, name) not in st.session_state for name in names):
        st.session_state[written] = asked
        for name, text in asked.items():
            st.session_state[key(page, name)] = text


def write_address(page: str, **values: str) -> None:
    """Put the page's parameters into the address bar, leaving empty ones out."""
    wanted = {name: text for name, text in values.items() if text}
    st.session_state[f"{page}-address"] = {name: text[:LONGEST] for name, text in values.items()}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def key(page: str, name: str) -> str:
    """The session key of a page's parameter, and the key of its widget."""
    return f"{page}-{name}"


def text_of(page: str, name: str) -> str:
    """What the reader or the address has put into a parameter."""
    return str(st.session_state.get(key(page, name)) or "")
