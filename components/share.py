"""The share dialog, which the map's Share opens: a view's link, pictures of it, how to cite it, code to embed it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from components import state
from routes.dataset import Dataset
from routes.dates import format_as_of
from routes.pack.pictures import CARD, picture
from routes.sharing import CONTROLS, Shared, shared
from routes.view import View
from routes.words import say

PICTURES = {"png": ("png", (1920, 1080), "image/png"), "svg": ("svg", (1920, 1080), "image/svg+xml"),
            "card": ("png", CARD, "image/png")}  # fmt: skip
"""Form, size in pixels and media type of what can be downloaded."""


@st.dialog(say("share.title"), width="medium")
def share_dialog(dataset: Dataset, view: View) -> None:
    """Show the dialog. Pictures are drawn when somebody asks for one."""
    parts = urlsplit(str(st.context.url or ""))
    chosen = tuple(st.session_state.get(state.SHARE_CONTROLS, CONTROLS))
    found = shared(
        view, f"{parts.scheme}://{parts.netloc}", today=date.today(), fingerprint=dataset.fingerprint, controls=chosen
    )
    shows: dict[str, Callable[[], None]] = {
        "link": lambda: _link(found),
        "picture": lambda: _pictures(dataset, view),
        "cite": lambda: _citations(found),
        "embed": lambda: _embed(found),
    }
    for name, tab in zip(shows, st.tabs([say(f"share.tab.{name}") for name in shows]), strict=True):
        with tab:
            shows[name]()


def _link(found: Shared) -> None:
    is_local = urlsplit(found.link).hostname in ("127.0.0.1", "localhost", "::1")
    st.caption(say("share.link_local") if is_local else say("share.link"))
    _code(found.link)
    st.image(found.qr, width=220, caption=say("share.qr"))


def _pictures(dataset: Dataset, view: View) -> None:
    st.caption(say("share.pictures"))
    with st.container(horizontal=True):
        for name, (form, size, media_type) in PICTURES.items():
            draw = partial(picture, dataset, view, form=form, size=size, today=date.today())
            file = f"closing-door-{format_as_of(view.as_of)}-{size[0]}x{size[1]}.{form}"
            label = say(f"share.picture.{name}", width=str(size[0]), height=str(size[1]))
            st.download_button(label, draw, file, media_type, key=f"share-{name}", on_click="ignore")


def _citations(found: Shared) -> None:
    for style, tab in zip(found.citations, st.tabs(list(found.citations)), strict=True):
        with tab:
            _code(found.citations[style])


def _embed(found: Shared) -> None:
    st.pills(
        say("share.controls"), CONTROLS, default=CONTROLS, selection_mode="multi", key=state.SHARE_CONTROLS,
        format_func=lambda name: say(f"share.control.{name}"),
    )  # fmt: skip
    st.caption(say("share.embed"))
    _code(found.embed)


def _code(text: str) -> None:
    st.code(text, language=None, wrap_lines=True)
