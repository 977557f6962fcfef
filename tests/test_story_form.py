"""Staff write a story: its form changes nothing by being opened, and each thing done in it is one step of the draft."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components.staff.story_form import swapped
from routes.documents import Document
from routes.stories import Story
from routes.story_checks import LONGEST_TEXT
from routes.words import say


def script(document_id: str, record_id: str) -> None:
    from types import SimpleNamespace
    from typing import Any

    import streamlit as st

    from components.staff.story_form import chapter_form, story_form
    from routes.dataset import DEFAULT_FOLDER, load
    from routes.documents import is_story, read_document

    dataset = load(DEFAULT_FOLDER)
    if "documents" not in st.session_state:
        read = {name.rsplit(".", 1)[0]: text for name, text in dataset.texts.items()}
        st.session_state.documents = {name: read_document(name, text) for name, text in read.items()}
        st.session_state.steps = []

    def step(words: str, name: str, after: Any) -> None:
        st.session_state.documents = {**st.session_state.documents, name: after}
        st.session_state.steps = [*st.session_state.steps, words]

    work: Any = SimpleNamespace(documents=st.session_state.documents, preview=dataset, step=step)
    assert is_story(document_id)
    if record_id:
        chapter_form(work, document_id, record_id)
    else:
        story_form(work, document_id)


def form(story: str, chapter: str = "") -> AppTest:
    page = AppTest.from_function(script, args=(f"stories/{story}", chapter), default_timeout=60).run()
    assert not page.exception
    return page


def document(page: AppTest, story: str = "laos-2013") -> Document:
    found: Document = page.session_state.documents[f"stories/{story}"]
    return found


def box(page: AppTest, word: str):
    label = say(f"stories.form.{word}")
    return next(one for one in [*page.text_input, *page.text_area, *page.selectbox] if one.label == label)


def button(page: AppTest, word: str):
    return next(one for one in page.button if one.label == say(f"stories.form.{word}"))


def test_opening_any_shipped_chapter_changes_nothing(real_dataset) -> None:
    stories: tuple[Story, ...] = real_dataset.stories
    for story in stories:
        assert form(story.id).session_state.steps == []
        for chapter in story.chapters:
            assert form(story.id, chapter.id).session_state.steps == [], (story.id, chapter.id)


def test_a_changed_title_is_one_step_and_the_rest_stays() -> None:
    page = form("laos-2013", "nine")
    before = document(page).records["nine"]
    box(page, "title").set_value("Another title").run()
    assert len(page.session_state.steps) == 1
    assert document(page).records["nine"] == {**before, "title": "Another title"}
    page.run()
    assert len(page.session_state.steps) == 1


def test_words_are_counted_against_what_a_room_can_read() -> None:
    page = form("laos-2013", "nine")
    box(page, "text").set_value("word " * (LONGEST_TEXT + 1)).run()
    assert [one.value for one in page.warning] == [say("stories.form.too_long", n=LONGEST_TEXT + 1, most=LONGEST_TEXT)]


def test_a_chapter_moves_down_and_the_last_can_go_no_further() -> None:
    page = form("laos-2013", "before")
    button(page, "down").click().run()
    assert list(document(page).records)[:2] == ["nine", "before"]
    assert button(form("laos-2013", "known"), "down").disabled


def test_a_view_is_taken_from_a_pasted_link_and_a_link_without_one_is_refused() -> None:
    page = form("laos-2013", "nine")
    before = dict(document(page).records["nine"]["view"])
    box(page, "view_link").set_value("https://elsewhere.example/?q=1").run()
    button(page, "take_link").click().run()
    assert page.session_state.steps == []
    box(page, "view_link").set_value("http://127.0.0.1/?as_of=2014&sel=LA&layers=laos-thailand").run()
    button(page, "take_link").click().run()
    taken = {"as_of": "2014", "sel": "LA", "layers": "laos-thailand", "map": before["map"]}
    assert document(page).records["nine"]["view"] == taken


def test_what_was_last_looked_at_is_taken_with_its_date() -> None:
    page = form("laos-2013", "nine")
    button(page, "take_seen").click().run()
    view = document(page).records["nine"]["view"]
    assert view["as_of"] != "2013-05-28"
    assert "sel" not in view


def test_a_figure_is_chosen_with_its_dates() -> None:
    page = form("laos-2013", "nine")
    box(page, "figure").set_value("compare").run()
    box(page, "first").set_value("2011").run()
    box(page, "second").set_value("2012").run()
    assert document(page).records["nine"]["figure"] == {"kind": "compare", "dates": ["2011", "2012"]}
    box(page, "figure").set_value("").run()
    assert "figure" not in document(page).records["nine"]


def test_a_new_chapter_holds_what_was_last_looked_at() -> None:
    page = form("laos-2013")
    count = len(document(page).records)
    button(page, "add").click().run()
    assert not page.exception
    added = list(document(page).records.values())[-1]
    assert (len(document(page).records), set(added)) == (count + 1, {"id", "title", "view", "text"})


@pytest.mark.parametrize(("at", "to"), [(0, 1), (1, 0), (2, 1)])
def test_swapping_twice_is_nothing(at: int, to: int) -> None:
    three = Document({}, {name: {"id": name} for name in "abc"})
    assert swapped(swapped(three, at, to), at, to).order == three.order
    assert swapped(three, at, to).order != three.order
