"""Staff write a story: its form changes nothing by being opened, and each thing done in it is one step of the draft."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components.staff.story_form import swapped
from components.state import STAFF_RECORD
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
        others = {other: one for other, one in st.session_state.documents.items() if other != name}
        st.session_state.documents = {**others, name: after} if after else others
        st.session_state.steps = [*st.session_state.steps, words]

    work: Any = SimpleNamespace(documents=st.session_state.documents, base=dataset.texts, preview=dataset, step=step)
    work.as_drawn = lambda: work
    assert is_story(document_id)
    if document_id not in work.documents:
        st.stop()
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
    label = say("staff.record.id" if word == "id" else f"stories.form.{word}")
    return next(one for one in [*page.text_input, *page.text_area, *page.selectbox] if one.label == label)


def button(page: AppTest, word: str):
    return next(one for one in page.button if one.label == say(f"stories.form.{word}"))


def whole(page: AppTest, word: str):
    return next(one for one in page.button if one.label == say(f"staff.record.{word}"))


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


def test_what_was_typed_just_before_a_chapter_moves_is_not_lost() -> None:
    page = form("laos-2013", "before")
    box(page, "title").set_value("Another title")
    button(page, "down").click().run()
    assert list(document(page).records)[:2] == ["nine", "before"]
    assert document(page).records["before"]["title"] == "Another title"


def test_a_chapter_is_duplicated_after_itself_with_all_it_holds() -> None:
    page = form("laos-2013", "nine")
    before = document(page).records
    whole(page, "duplicate").click().run()
    after = document(page).records
    at = list(before).index("nine")
    assert list(after) == [*list(before)[: at + 1], "nine-2", *list(before)[at + 1 :]]
    assert after["nine-2"] == {**before["nine"], "id": "nine-2"}


def test_a_chapter_is_deleted_and_the_next_one_is_opened() -> None:
    page = form("laos-2013", "before")
    names = list(document(page).records)
    whole(page, "delete").click().run(timeout=60)
    assert list(document(page).records) == names[1:]
    assert page.session_state[STAFF_RECORD] == names[1]


def test_the_only_chapter_of_a_story_cannot_be_deleted() -> None:
    page = form("laos-2013", "nine")
    story = document(page)
    alone = Document(story.head, {"nine": story.records["nine"]})
    page.session_state.documents = {**page.session_state.documents, "stories/laos-2013": alone}
    assert whole(page.run(), "delete").disabled


def test_a_chapter_does_not_take_the_id_of_another() -> None:
    page = form("laos-2013", "nine")
    before = document(page)
    box(page, "id").set_value("before").run()
    assert document(page) == before
    assert say("staff.record.taken_id") in [one.value for one in page.warning]


def test_a_story_is_deleted_as_one_step() -> None:
    page = form("laos-2013")
    button(page, "delete").click().run()
    assert "stories/laos-2013" not in page.session_state.documents
    assert len(page.session_state.steps) == 1


def test_a_summary_is_written_in_a_box_that_shows_the_whole_of_it() -> None:
    assert say("stories.form.summary") in [one.label for one in form("laos-2013").text_area]


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


def test_a_pasted_links_filter_is_kept_and_explained() -> None:
    page = form("laos-2013", "nine")
    assert say("stories.form.filter") not in [one.value for one in page.caption]
    box(page, "view_link").set_value("http://127.0.0.1/?as_of=2014&filter=effect:restricts").run()
    button(page, "take_link").click().run()
    assert document(page).records["nine"]["view"]["filter"] == "effect:restricts"
    assert say("stories.form.filter") in [one.value for one in page.caption]


def test_what_was_last_looked_at_is_taken_with_its_date_and_every_layer_by_name(real_dataset) -> None:
    page = form("laos-2013", "nine")
    button(page, "take_seen").click().run()
    view = document(page).records["nine"]["view"]
    assert view["as_of"] != "2013-05-28"
    assert "sel" not in view
    assert view["layers"].split(",") == [layer.id for layer in real_dataset.layers]


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
