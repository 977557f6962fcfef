"""The briefing pack beside a story: choose parts, see them being made, download them. Nothing is made until asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from routes.dataset import Dataset, load
from routes.pack.building import build_pack, made_already, pack_zip
from routes.pack.parts import PARTS
from routes.problems import RoutesError
from routes.sharing import site_address
from routes.stories import Story
from routes.text import markdown
from routes.words import say

MEDIA_TYPES = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "html": "text/html",
    "zip": "application/zip",
}


@st.fragment
def pack_button(story_id: str) -> None:
    """A button that opens the pack of a story; nothing where there is no such story."""
    dataset, today = load(), date.today()
    story = next((story for story in dataset.stories if story.id == story_id), None)
    if story is None or not story.chapters:
        return
    with st.popover(say("pack.button")):
        st.write(markdown(say("pack.lead")))
        chosen = st.pills(
            say("pack.choose"), list(PARTS), selection_mode="multi", default=list(PARTS), format_func=_label,
            key=f"pack-parts-{story_id}",
        )  # fmt: skip
        if st.button(say("pack.make"), key=f"pack-make-{story_id}", type="primary", disabled=not chosen):
            _make(story, dataset, today, chosen)
        _downloads(story, dataset, today, chosen)


def _label(part: str) -> str:
    return say(f"pack.part.{part}")


def _address() -> str:
    """The public site's address where one is set, or this server's own, as the reader's browser has it."""
    parts = urlsplit(str(st.context.url or ""))
    own = f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else ""
    return site_address() or own


def _make(story: Story, dataset: Dataset, today: date, chosen: list[str]) -> None:
    bar = st.progress(0.0)
    try:
        build_pack(
            story, dataset, today=today, address=_address(), parts=chosen,
            progress=lambda share, words: _show(bar, share, words),
        )  # fmt: skip
    except RoutesError as error:
        st.error(markdown(str(error)))
    bar.empty()


def _show(bar: Any, share: float, words: str) -> None:
    bar.progress(share, text=markdown(words))


def _downloads(story: Story, dataset: Dataset, today: date, chosen: list[str]) -> None:
    """A button for each file that is there; the pictures come together, and so does everything."""
    made = {name: made_already(name, story, dataset, today=today, address=_address()) for name in chosen}
    there = {name: files for name, files in made.items() if files}
    for name, files in there.items():
        if len(files) > 2:
            _zipped(f"{story.id}-{name}.zip", _label(name), files, story, dataset, today)
            continue
        for file, data in files.items():
            kind = MEDIA_TYPES.get(file.rsplit(".", 1)[-1])
            st.download_button(file, data, file, kind, key=f"pack-{file}", on_click="ignore")
    if len(there) > 1:
        together = {file: data for files in there.values() for file, data in files.items()}
        _zipped(f"{story.id}-{today.isoformat()}.zip", say("pack.all_files"), together, story, dataset, today)


def _zipped(file: str, label: str, files: Mapping[str, bytes], story: Story, dataset: Dataset, today: date) -> None:
    make = partial(pack_zip, dict(files), story, dataset, today=today)
    st.download_button(label, make, file, MEDIA_TYPES["zip"], key=f"pack-{file}", on_click="ignore")
