"""The script Streamlit runs: which pages there are, and what stands on all of them."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent
if str(HERE.parent) not in sys.path:  # Streamlit puts the script's own folder there, not the project's
    sys.path.insert(0, str(HERE.parent))

from components.pages import EXPLORE, READING  # noqa: E402
from components.staff import page as staff_page  # noqa: E402
from components.staff.office import is_staff  # noqa: E402
from routes.words import say  # noqa: E402

st.set_page_config(page_title=say("site.title"), layout="wide", initial_sidebar_state="collapsed")
st.logo(HERE / "wordmark.svg", size="large")

pages = [
    st.Page(
        import_module(f"components.pages.{name}").show,
        title=say(f"pages.{name}"),
        url_path=name,
        default=name == EXPLORE,
    )
    for name in (EXPLORE, *READING)
]
seen = "visible" if is_staff() else "hidden"
pages.append(st.Page(staff_page.show, title=say("staff.title"), url_path="staff", visibility=seen))
st.navigation(pages, position="top").run()
