"""What the reading pages share: their column of text. What they keep in the session stands in state.py."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from components.markup import show as show_template


@contextmanager
def column(page: str, *, title: str, lead: str = "", wide: bool = False) -> Iterator[None]:
    """The page's column of text under its title; a wide one holds charts and lists."""
    with st.container(key=f"reading-{'wide-' if wide else ''}{page}"):
        show_template("reading_title", title=title, lead=lead)
        yield
