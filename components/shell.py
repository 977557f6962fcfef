"""The script Streamlit runs: which pages there are, and what stands on all of them."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

sys.path[:0] = [str(Path(__file__).parent.parent)] if str(Path(__file__).parent.parent) not in sys.path else []

from components.pages import answer, arrivals, changes, disputes, explore, glossary, method, sources  # noqa: E402
from routes.words import say  # noqa: E402

st.set_page_config(page_title=say("site.title"), layout="wide", initial_sidebar_state="collapsed")
st.html(Path(__file__).with_name("page.css"))
st.html(Path(__file__).with_name("reading.css"))
st.logo(Path(__file__).with_name("wordmark.svg"), size="large")

READING = {
    "answer": answer.show,
    "arrivals": arrivals.show,
    "changes": changes.show,
    "disputes": disputes.show,
    "sources": sources.show,
    "glossary": glossary.show,
    "method": method.show,
}
pages = [st.Page(explore.show, title=say("pages.explore"), url_path="explore", default=True)]
pages += [st.Page(show, title=say(f"pages.{name}"), url_path=name) for name, show in READING.items()]
st.navigation(pages, position="top").run()
