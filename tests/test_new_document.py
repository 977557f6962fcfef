"""Staff begin a layer or a story, with an id that no other document has."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components.state import STAFF_DOCUMENT, STAFF_RECORD
from routes.documents import Document
from routes.words import say


def script() -> None:
    from types import SimpleNamespace
    from typing import Any

    import streamlit as st

    from components.staff.new_document import new_document
    from routes.dataset import DEFAULT_FOLDER, load
    from routes.documents import Document

    st.session_state.setdefault("made", {})

    def step(_words: str, name: str, after: Any) -> None:
        st.session_state.made = {**st.session_state.made, name: after}

    known = {"layers/mongolia": Document(), "stories/laos-2013": Document()}
    work: Any = SimpleNamespace(documents={**known, **st.session_state.made}, preview=load(DEFAULT_FOLDER), step=step)
    new_document(work)


def begin(kind: str, **texts: str) -> AppTest:
    """The page after the form was filled in and sent; `texts` by the keys of their labels."""
    page = AppTest.from_function(script, default_timeout=60).run()
    page.segmented_control[0].set_value(kind).run()
    for label, text in texts.items():
        key = f"stories.form.{label}" if label in ("audience", "language") else f"staff.layer_{label}"
        next(one for one in page.text_input if one.label == say(key)).set_value(text)
    page.button[0].click().run()
    assert not page.exception
    return page


def made(page: AppTest) -> dict[str, Document]:
    found: dict[str, Document] = page.session_state.made
    return found


def test_a_story_begins_with_a_chapter_of_what_was_last_looked_at(real_dataset) -> None:
    page = begin("story", title="Vietnam 2019", audience="Press; four minutes.", language="en")
    ((name, story),) = made(page).items()
    assert name == "stories/vietnam-2019" == page.session_state[STAFF_DOCUMENT]
    assert story.head["audience"] == "Press; four minutes."
    ((record, chapter),) = story.records.items()
    assert record == page.session_state[STAFF_RECORD]
    assert chapter["view"].keys() == {"as_of", "layers"}
    assert chapter["view"]["layers"].split(",") == [layer.id for layer in real_dataset.layers]


def test_a_layer_begins_empty_under_the_id_it_is_given() -> None:
    ((name, layer),) = made(begin("layer", title="Sea routes", id="sea")).items()
    assert (name, layer.head["type"], layer.head["title"]) == ("layers/sea", "FeatureCollection", "Sea routes")
    assert layer.records == {}


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ({"title": ""}, "staff.new_needs_title"),
        ({"title": "Sea routes", "id": "Sea routes"}, "staff.new_bad_id"),
        ({"title": "\u6d77"}, "staff.new_bad_id"),
        ({"title": "Mongolia"}, "staff.new_taken"),
    ],
    ids=["no title", "no id", "a title that makes none", "an id that is taken"],
)
def test_what_cannot_be_begun_is_told_why(texts: dict[str, str], why: str) -> None:
    page = begin("layer", **texts)
    assert made(page) == {}
    assert [one.value for one in page.warning] == [say(why)]
