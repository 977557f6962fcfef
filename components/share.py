"""The share dialog: the link of a view, a QR code of it, code to embed it, and how to cite it."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import streamlit as st

from components import state
from routes.dataset import Dataset
from routes.sharing import CONTROLS, shared
from routes.view import View
from routes.words import say


def share_button(dataset: Dataset, view: View) -> None:
    """The button, and behind it the dialog, which is made when somebody opens it."""
    box = st.popover(say("share.button"), key=state.SHARE, on_change="rerun", icon=":material/share:")
    if not box.open:
        return
    with box:
        chosen = st.pills(
            say("share.controls"), CONTROLS, default=CONTROLS, selection_mode="multi", key=state.SHARE_CONTROLS,
            format_func=lambda name: say(f"share.control.{name}"),
        )  # fmt: skip
        parts = urlsplit(str(st.context.url or ""))
        found = shared(
            view, f"{parts.scheme}://{parts.netloc}", today=date.today(), fingerprint=dataset.fingerprint,
            controls=tuple(chosen),
        )  # fmt: skip
        _code(say("share.link"), found.link)
        st.image(found.qr, width=180, caption=say("share.qr"))
        _code(say("share.embed"), found.embed)
        for name, text in found.citations.items():
            _code(name, text)


def _code(label: str, text: str) -> None:
    st.caption(label)
    st.code(text, language=None, wrap_lines=True)
