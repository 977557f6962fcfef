"""Claims about stories from who means harm or writes files by hand: what is refused, and what the pages survive."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from making import collection, item
from streamlit.testing.v1 import AppTest
from test_attacks_staff import staff_page
from test_desk import WAYS, Office

from components import state
from components.staff import editing, page
from components.staff import office as at_desk
from routes.dataset import DEFAULT_FOLDER, load, published_dataset
from routes.documents import Document, is_document_id
from routes.edits import BlockedError, Edit, Saved
from routes.exchange.limits import RefusedFileError
from routes.exchange.stories import read_story_file
from routes.merging import changes_between
from routes.retelling import retell
from routes.sharing import ADDRESS_VARIABLE, site_address
from routes.store.data_files import SETTLING

WHO: dict[str, Any] = {}
"""Who sits at the desk of the pages, under "desk"."""


@pytest.fixture
def office(small_folder: Path) -> Office:
    return Office(small_folder)


@pytest.fixture
def opened(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    (office.folder / "basemap").mkdir(exist_ok=True)
    monkeypatch.setenv("ROUTES_DATA", str(office.folder))
    WHO["desk"] = office.lee
    for module in (page, editing, at_desk):
        monkeypatch.setattr(module, "current_desk", lambda: WHO["desk"])
    for name in ("draw_edit_map", "draw_map"):
        monkeypatch.setattr(editing, name, lambda *_given, **_options: None)

    def opened_in(**keys: Any) -> AppTest:
        app = AppTest.from_function(staff_page, default_timeout=60)
        for key, value in keys.items():
            app.session_state[key] = value
        return app.run()

    return opened_in


ROW = json.dumps(collection(item("pt", "place")))

STORY = {
    "title": "A story",
    "summary": "What it says.",
    "audience": "Embassies",
    "language": "en",
    "order": 1,
    "chapters": [{"id": "one", "title": "One", "text": "Words.", "view": {"as_of": "2014"}, "sources": ["paper @ 1"]}],
}


def test_what_was_brought_in_is_not_taken_for_who_is_signed_in_no_more(office: Office, opened: Any) -> None:
    office.lee.begun_head()
    app = opened(**{state.STAFF_PART: "exchange"})
    app = next(one for one in app.text_area if one.key.startswith("paste")).set_value(ROW).run()
    assert not app.exception
    box = next(one for one in app.text_input if str(one.key).startswith("import-id"))
    app = box.set_value("brought-in").run()
    assert not app.exception
    before = office.lee.draft()
    WHO["desk"] = office.reader  # the session has ended since the page was drawn
    app = next(one for one in app.button if one.key == "import-take").click().run()
    assert office.lee.draft() == before


def story(**members: Any) -> Document:
    value = {**STORY, **members}
    chapters = value.pop("chapters")
    return Document(value, {one["id"]: one for one in chapters})


def save_story(office: Office, document: Document, name: str = "stories/new") -> Saved:
    return office.kim.save(Edit(base=office.kim.begun_head(), documents={name: document}, reason="A story."))


def test_a_plain_story_is_saved(office: Office) -> None:
    assert save_story(office, story()).revision


@pytest.mark.parametrize("member", ["title", "summary", "audience", "language"])
def test_a_storys_head_holds_nothing_operational(office: Office, member: str) -> None:
    with pytest.raises(BlockedError):
        save_story(office, story(**{member: "Ask the broker at 41.987, 129.123 by the guard post"}))


def test_ids_hold_nothing_operational(office: Office) -> None:
    with pytest.raises(BlockedError):
        save_story(office, story(), "stories/broker-phone-number-guard-post")


@pytest.mark.parametrize(
    "view",
    [
        {"as_of": "2014", "filter": "broker"},
        {"as_of": "2014", "map": "7/41.9876/129.1234"},
        {"as_of": "2014", "note": "broker"},
    ],
)
def test_a_storys_view_holds_nothing_fine_or_operational(office: Office, view: Any) -> None:
    with pytest.raises(BlockedError):
        save_story(office, story(chapters=[{**STORY["chapters"][0], "view": view}]))


@pytest.mark.parametrize("name", ["layers/con", "stories/nul", "layers/com1", "stories/-", "stories/--help"])
def test_an_id_is_a_file_name_everywhere(name: str) -> None:

    assert not is_document_id(name)


def test_a_file_of_many_faulty_chapters_is_refused_at_once() -> None:
    data = json.dumps({**STORY, "chapters": [0] * 2000}).encode()
    began = time.monotonic()
    with pytest.raises(RefusedFileError):
        read_story_file(data, "a.json")
    assert time.monotonic() - began < 1


def test_a_feature_is_not_hidden_as_part_of_a_split() -> None:
    a, b, c, d = [100.0, 15.0], [104.0, 15.0], [104.0, 18.0], [100.0, 18.0]
    area = {
        "type": "Feature",
        "id": "area",
        "geometry": {"type": "Polygon", "coordinates": [[a, b, c, d, a]]},
        "properties": {"kind": "context", "name": "Area"},
    }
    more = {**area, "properties": {**area["properties"], "description": "tiny"}}
    new = {
        "type": "Feature",
        "id": "hid",
        "geometry": {"type": "LineString", "coordinates": [a, b, a]},
        "properties": {"kind": "segment", "name": "A hidden crossing", "authority": "LA"},
    }
    told = retell(WAYS, changes_between(Document({}, {"area": area}), Document({}, {"area": more, "hid": new})))
    assert any("hidden crossing" in str(one) for one in told), told


def test_who_reviews_a_new_story_reads_its_words() -> None:
    told = retell("stories/new", changes_between(None, story()))
    assert "Words." in str(told), told


@pytest.mark.parametrize(
    "members",
    [
        {"view": "2014"},
        {"view": {"as_of": "x"}},
        {"view": {}},
        {"view": {"as_of": 7}},
        {"view": [1]},
        {"figure": "x"},
        {"figure": {"kind": "timeline", "country": "??"}},
        {"figure": {"kind": "compare", "dates": 7}},
        {"shows": [1]},
        {"shows": {"la-way": []}},
        {"leans": 7},
        {"leans": [7]},
        {"sources": 7},
        {"sources": [7]},
        {"title": []},
        {"text": 7},
        {"title": "\ud800"},
        {"view": {"as_of": "2014", "map": "\ud800"}},
        {"figure": {"kind": []}},
        {"leans": {"a": 1}},
        {"sources": {"a": 1}},
    ],
    ids=str,
)
def test_staff_can_mend_a_story_that_was_written_by_other_means(office: Office, opened: Any, members: Any) -> None:
    save_story(office, story())
    file = office.folder / "stories" / "new.json"
    value = json.loads(file.read_text())
    value["chapters"][0].update(members)
    file.write_text(json.dumps(value))
    time.sleep(2 * SETTLING)
    office.store.head()
    app = opened(**{state.STAFF_PART: "edit", state.STAFF_DOCUMENT: "stories/new", state.STAFF_RECORD: "one"})
    assert not app.exception
    for part in ("review", "history", "exchange"):
        app = opened(**{state.STAFF_PART: part})
        assert not app.exception, part


def test_a_story_of_which_nothing_may_be_shown_is_no_story() -> None:
    texts = dict(load(DEFAULT_FOLDER).texts)
    value = json.loads(texts["stories/laos-2013.json"])
    value["chapters"] = value["chapters"][:1]
    value["chapters"][0]["notes"] = "Ask the broker."
    texts["stories/laos-2013.json"] = json.dumps(value).encode()
    dataset = published_dataset(texts, DEFAULT_FOLDER / "basemap")
    assert all(story.chapters for story in dataset.stories)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil\n.example",
        "https://user:secret@map.example",
        "https://map.example/?x=",
        "https://map.example/#x",
        "https://map.example/\u202e",
        'https://map.example/"><script>',
        "https://map.example/ x",
        "https://map.example:99999",
        "https:///x",
        "https://[::1",
        "javascript:alert(1)",
        "https://map.example\\@evil",
    ],
)
def test_an_address_that_makes_odd_links_is_none(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, address)
    assert site_address() == ""


def test_a_story_with_half_a_character_is_none_and_the_rest_stands() -> None:
    texts = dict(load(DEFAULT_FOLDER).texts)
    value = json.loads(texts["stories/laos-2013.json"])
    value["chapters"][0]["title"] = "\ud800"
    value["language"] = "\ud800"
    texts["stories/laos-2013.json"] = json.dumps(value).encode()
    dataset = published_dataset(texts, DEFAULT_FOLDER / "basemap")
    assert {story.id for story in dataset.stories} == {"closing-door", "embassy-in-beijing"}
