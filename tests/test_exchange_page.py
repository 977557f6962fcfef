"""Staff bring files in and take them out: where a file may go, what it is called there, and what is said of it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from routes.dataset import DEFAULT_FOLDER
from routes.documents import Document
from routes.words import say

STORY = (DEFAULT_FOLDER / "stories" / "laos-2013.json").read_text(encoding="utf-8")
POINT = '{"type": "Feature", "properties": {"name": "A"}, "geometry": {"type": "Point", "coordinates": [102.6, 18.0]}}'
REFUSED = '{"type": "Feature", "properties": 7}'


def script() -> None:
    from types import SimpleNamespace
    from typing import Any

    import streamlit as st

    from components.staff import exchange_page
    from routes.dataset import DEFAULT_FOLDER, load
    from routes.documents import read_document

    if "documents" not in st.session_state:
        read = {name.rsplit(".", 1)[0]: text for name, text in load(DEFAULT_FOLDER).texts.items()}
        st.session_state.documents = {name: read_document(name, text) for name, text in read.items()}

    def step(_words: str, name: str, after: Any) -> None:
        st.session_state.documents = {**st.session_state.documents, name: after}

    store = SimpleNamespace(documents=lambda: st.session_state.documents)
    work: Any = SimpleNamespace(documents=st.session_state.documents, step=step, desk=SimpleNamespace(store=store))
    work.as_drawn = lambda: work
    exchange_page.show(work)


@pytest.fixture
def files() -> AppTest:
    page = AppTest.from_function(script, default_timeout=60).run()
    assert not page.exception
    return page


def paste(page: AppTest, text: str) -> AppTest:
    page.text_area[0].set_value(text).run()
    assert not page.exception
    return page


def box(page: AppTest, word: str):
    return next(one for one in [*page.selectbox, *page.text_input] if one.label == say(word))


def shown(page: AppTest) -> str:
    """What the page says, without the escapes of Markdown."""
    said = "\n".join(str(one.value) for one in [*page.caption, *page.info, *page.error])
    return said.replace("\\", "")


def documents(page: AppTest) -> dict[str, Document]:
    found: dict[str, Document] = page.session_state.documents
    return found


@pytest.mark.parametrize("text", ["id,title\nnine,Nine people\n", POINT], ids=["a table", "a layer"])
def test_a_file_of_rows_or_features_may_go_into_every_layer_and_table_and_into_no_story(
    files: AppTest, text: str
) -> None:
    into = box(paste(files, text), "staff.import.into")
    assert "Table: glossary" in into.options
    assert "Layer: Laos and Thailand" in into.options
    assert not [option for option in into.options if option.startswith("Story")]


def test_a_story_goes_into_stories_alone_and_becomes_what_its_file_says(files: AppTest) -> None:
    before = documents(files)["stories/laos-2013"]
    page = paste(files, STORY.replace('"title": "Laos 2013"', '"title": "Laos, 2013"'))
    into = box(page, "staff.import.into")
    assert into.value == "stories/laos-2013"
    assert all(option.startswith("Story: ") for option in into.options[:-1])
    next(one for one in page.button if one.label == say("staff.import.take")).click().run()
    after = documents(page)["stories/laos-2013"]
    assert after == Document({**before.head, "title": "Laos, 2013"}, before.records)


def test_a_story_that_could_not_be_shown_is_refused_in_words(files: AppTest) -> None:
    page = paste(files, STORY.replace('"as_of": "2012"', '"as_of": "soon"'))
    assert "as_of to be a date" in shown(page)
    assert not page.button


def test_a_story_is_taken_out_as_its_own_json(files: AppTest) -> None:
    box(files, "staff.export.what").set_value("stories/laos-2013").run()
    assert not files.exception
    assert box(files, "staff.export.format").options == [say("exchange.format.json")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", say("staff.import.id_expected")), ("한국", say("staff.import.id_expected")),
     ("New Ways, 2015", say("staff.import.id_made", id="new-ways-2015"))],
)  # fmt: skip
def test_a_new_layer_says_what_its_id_may_be_or_makes_it_of_what_was_typed(
    files: AppTest, typed: str, said: str
) -> None:
    page = paste(files, POINT)
    box(page, "staff.import.into").set_value(say("staff.import.new_layer")).run()
    box(page, "staff.import.layer_id").set_value(typed).run()
    assert said in shown(page)
    assert bool(page.button) == ("new-ways-2015" in said)


def test_columns_without_a_field_are_named(files: AppTest) -> None:
    page = paste(files, "id,term,definition,sources,colour\nx,X,What x is,paper,red\n")
    box(page, "staff.import.into").set_value("glossary").run()
    assert "left out, since no field takes them: colour." in shown(page)


def test_a_refused_file_is_read_once(files: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    from components.staff import exchange_page

    reads = []
    read = exchange_page.read_upload
    monkeypatch.setattr(exchange_page, "read_upload", lambda data, name: (reads.append(name), read(data, name))[1])
    page = paste(files, REFUSED)
    assert "expected" in shown(page)
    box(page, "staff.export.what").set_value("glossary").run()
    assert "expected" in shown(page)
    assert len(reads) == 1
