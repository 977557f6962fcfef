"""What both homes of the store promise; what only one can show stands in test_store_files and test_store_postgres."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from making import collection, item, write_layer
from saving import LAYER, TIME, layer_of, renamed, revision_to, save

from routes.documents import Document, file_of, read_document
from routes.merging import Change
from routes.problems import StaleError
from routes.store import KEPT_KINDS, Revision, Store, documents_at
from routes.store.files import FilesStore
from routes.store.opening import open_store

ODD_KEYS = ["../x", "", "a/b", "김 \u202e", "x" * 500, ".", "con", "a\n", "A", "a", "%", "\ud800", "\0"]


@pytest.fixture(params=["files", "postgres"])
def new_store(request: pytest.FixtureRequest, small_folder: Path) -> Iterator[Store]:
    """Each home, before its history begins, with a few good records."""
    files = FilesStore(small_folder, settling=0)
    if request.param == "files":
        yield files
        return
    from routes.store.postgres import PostgresStore

    with closing(PostgresStore(request.getfixturevalue("database_url"), seed=files.texts)) as store:
        yield store


@pytest.fixture
def any_store(new_store: Store) -> Store:
    """Each home, with a history of one revision."""
    new_store.begin(time=TIME)
    return new_store


def states(store: Store) -> dict[str, tuple[Document, tuple[str, ...]]]:
    return {name: (document, document.order) for name, document in store.documents().items()}


# Beginning


def test_a_store_without_a_history_shows_the_files(new_store: Store) -> None:
    assert not new_store.has_begun
    assert new_store.head() == 0
    assert new_store.revisions() == []
    assert new_store.documents()["sources"].order == ("paper", "treaty")
    assert "layers/ways.geojson" in new_store.texts()


def test_a_history_begins_once_with_the_documents_as_they_stand(new_store: Store) -> None:
    before = states(new_store)
    new_store.begin(time=TIME)
    new_store.begin(time="2027-01-01T00:00:00Z")
    assert new_store.has_begun
    assert [(one.number, one.kind, one.time, dict(one.changes)) for one in new_store.revisions()] == [
        (1, "start", TIME, {})
    ]
    assert states(new_store) == before


# Publishing


def test_a_save_is_in_the_documents_the_history_and_the_texts(any_store: Store) -> None:
    revision = save(any_store, renamed(any_store, "New"), note={"proposal": "p1"})
    assert any_store.head() == 2
    assert any_store.revision(2) == revision
    assert any_store.documents()[LAYER].head["title"] == "New"
    assert read_document(LAYER, any_store.texts()[file_of(LAYER)]).head["title"] == "New"


def test_a_save_changes_the_stamp(any_store: Store) -> None:
    before = any_store.stamp()
    save(any_store, renamed(any_store, "New"))
    assert any_store.stamp() != before


@pytest.mark.parametrize("number", [1, 2, 4, 99])
def test_a_save_that_does_not_follow_the_head_is_refused_and_nothing_is_written(any_store: Store, number: int) -> None:
    save(any_store, renamed(any_store, "First"))
    any_store.keep("drafts", "mina", 1)
    before = states(any_store), any_store.texts()
    revision = revision_to(any_store, renamed(any_store, "Second"), number=number)
    with pytest.raises(StaleError, match=f"{number}.*3"):
        any_store.commit(revision, drop=(("drafts", "mina"),))
    assert (states(any_store), any_store.texts(), any_store.head()) == (*before, 2)
    assert any_store.kept("drafts", "mina") == 1


def test_a_save_may_add_and_remove_documents(any_store: Store) -> None:
    save(any_store, {"layers/new": layer_of("a", "b"), LAYER: None, "glossary": None})
    assert any_store.documents()["layers/new"] == layer_of("a", "b")
    assert not {LAYER, "glossary"} & any_store.documents().keys()
    assert "layers/new.geojson" in any_store.texts()
    assert not {"layers/ways.geojson", "glossary.csv"} & any_store.texts().keys()


def test_what_is_dropped_with_a_save_is_gone_and_nothing_else(any_store: Store) -> None:
    for kind, key in (("drafts", "mina"), ("drafts", "jun"), ("proposals", "p1"), ("proposals", "p2")):
        any_store.keep(kind, key, key)
    drop = (("drafts", "mina"), ("proposals", "p1"), ("proposals", "never"))
    any_store.commit(revision_to(any_store, renamed(any_store, "New")), drop=drop)
    assert any_store.all_kept("drafts") == {"jun": "jun"}
    assert any_store.all_kept("proposals") == {"p2": "p2"}


def test_of_many_saves_at_once_every_acknowledged_one_is_in_the_history_once(any_store: Store) -> None:
    def work(who: int) -> list[str]:
        acknowledged = []
        while len(acknowledged) < 5:
            reason = f"{who}-{len(acknowledged)}"
            try:
                save(any_store, renamed(any_store, reason), reason=reason)
            except StaleError:
                continue
            acknowledged.append(reason)
        return acknowledged

    with ThreadPoolExecutor(6) as pool:
        acknowledged = [reason for done in pool.map(work, range(6)) for reason in done]
    history = any_store.revisions(limit=99)
    assert [one.number for one in history] == list(range(31, 0, -1))
    assert sorted(one.reason for one in history[:-1]) == sorted(acknowledged)
    assert any_store.documents()[LAYER].head["title"] == history[0].reason


NASTY = {
    "big": {"id": "big", "type": "Feature", "geometry": None, "properties": {"n": 2**53 + 1, "z": -0.0, "e": 1e300}},
    "null": {"type": "Feature", "id": "null", "properties": None, "geometry": {"type": "Point", "coordinates": [1, 2]}},
    "foreign": {**item("foreign"), "extra": {"deep": [[], {}, None, True, 0.1]}, "": "", "bbox": [1, 2, 3, 4]},
    "김 \u202e\u200b": item("김 \u202e\u200b", name="\u0000 \"'<>&\\ \U0001f6aa\ufeff"),
    "high": item("high", "place", coordinates=[102.1, 19.9, 12345678901234567890]),
}


@pytest.mark.parametrize("order", [list(NASTY), list(reversed(NASTY))], ids=["one order", "the other"])
def test_a_document_comes_out_as_it_went_in(any_store: Store, order: list[str]) -> None:
    head = {"foreign": {"a/b~": [1.5, None]}, "type": "FeatureCollection", "title": "길", "order": 2**60}
    layer = Document(head, {key: NASTY[key] for key in order})
    save(any_store, {"layers/nasty": layer})
    got = any_store.documents()["layers/nasty"]
    assert got == layer
    assert list(got.order) == order
    assert read_document("layers/nasty", any_store.texts()["layers/nasty.geojson"]) == layer
    zero = got.records["big"]["properties"]["z"]
    assert (repr(zero), got.records["big"]["properties"]["n"]) == ("-0.0", 2**53 + 1)


def test_a_table_comes_out_as_it_went_in(any_store: Store) -> None:
    cells = ['=1+1, "quoted"', "two\nlines\r\n", " blanks ", "", "김 \u202e", "a;b"]
    rows = {f"t{n}": {"id": f"t{n}", "term": cell, "definition": cell, "sources": ""} for n, cell in enumerate(cells)}
    save(any_store, {"glossary": Document({}, rows)})
    assert any_store.documents()["glossary"] == Document({}, rows)
    assert any_store.documents()["glossary"].order == tuple(rows)


# The history


def test_revisions_come_newest_first_by_document_and_below_a_number(any_store: Store) -> None:
    for number in range(2, 8):
        documents = renamed(any_store, f"{number}") if number % 2 else {"layers/new": layer_of(f"{number}")}
        save(any_store, documents)

    def numbers(**asked: Any) -> list[int]:
        return [revision.number for revision in any_store.revisions(**asked)]

    assert numbers() == [7, 6, 5, 4, 3, 2, 1]
    assert numbers(limit=2) == [7, 6]
    assert numbers(limit=0) == []
    assert numbers(before=4) == [3, 2, 1]
    assert numbers(before=1) == numbers(before=0) == []
    assert numbers(document=LAYER) == [7, 5, 3]
    assert numbers(document=LAYER, before=7, limit=1) == [5]
    assert numbers(document="layers/none") == []


@pytest.mark.parametrize("number", [0, -1, 2, 10**9])
def test_a_revision_that_is_not_there_is_a_key_error(any_store: Store, number: int) -> None:
    with pytest.raises(KeyError):
        any_store.revision(number)


def test_the_documents_of_every_revision_can_be_had_again(any_store: Store) -> None:
    steps: list[dict[str, Document | None]] = [
        {"layers/new": layer_of("a", "b")},
        {"layers/new": layer_of("b", "c", "a"), LAYER: None},
        {LAYER: layer_of("z"), "layers/new": None},
        {"layers/new": layer_of("a")},
    ]
    expected = {1: states(any_store)}
    for step in steps:
        revision = save(any_store, step)
        expected[revision.number] = states(any_store)
    for number, documents in expected.items():
        got = documents_at(any_store, number)
        assert {name: (document, document.order) for name, document in got.items()} == documents


MARKER = "a-dangerous-detail"


def cleaned(revision: Revision) -> Revision:
    changes = {name: replace(change, head=None) for name, change in revision.changes.items()}
    return replace(revision, changes=changes, reason=revision.reason.replace(MARKER, "…"))


def redaction(store: Store, **said: Any) -> Revision:
    return revision_to(store, {}, kind="redaction", reason="Taken out.", note={"redacted": {}}, **said)


def test_a_rewriting_changes_every_revision_and_leaves_the_documents(any_store: Store) -> None:
    save(any_store, renamed(any_store, MARKER), reason=MARKER)
    save(any_store, renamed(any_store, "Good"))
    before, texts = states(any_store), any_store.texts()
    any_store.rewrite(cleaned, redaction(any_store))
    assert MARKER not in repr(any_store.revisions())
    assert [one.reason for one in any_store.revisions()] == ["Taken out.", "Why.", "…", ""]
    assert any_store.revisions(document=LAYER, limit=1)[0].changes[LAYER] == Change()
    assert (states(any_store), any_store.texts()) == (before, texts)
    save(any_store, renamed(any_store, "On we go"))
    assert any_store.head() == 5


def test_a_rewriting_that_is_stale_or_fails_changes_nothing(any_store: Store) -> None:
    save(any_store, renamed(any_store, "New"), reason=MARKER)
    before = any_store.revisions()

    def fails(revision: Revision) -> Revision:
        return cleaned(revision) if revision.number == 1 else replace(revision, number=1 // 0)

    with pytest.raises(StaleError):
        any_store.rewrite(cleaned, redaction(any_store, number=2))
    with pytest.raises(ZeroDivisionError):
        any_store.rewrite(fails, redaction(any_store))
    assert any_store.revisions() == before


# What is kept


@pytest.mark.parametrize("key", ODD_KEYS, ids=[f"{key[:8]!a}" for key in ODD_KEYS])
def test_a_key_may_be_any_text(any_store: Store, key: str) -> None:
    value = {"": [1, 2**60, -0.0, None, "\u0000 김 \ud800"], "more": {"a": True}}
    any_store.keep("drafts", key, {"old": 1})
    any_store.keep("drafts", key, value)
    assert any_store.kept("drafts", key) == value
    assert any_store.all_kept("drafts") == {key: value}
    any_store.drop("drafts", key)
    any_store.drop("drafts", key)
    assert any_store.kept("drafts", key) is None
    assert any_store.all_kept("drafts") == {}


def test_keys_and_kinds_do_not_touch_each_other(any_store: Store) -> None:
    for kind in KEPT_KINDS:
        for key in ODD_KEYS:
            any_store.keep(kind, key, [kind, key])
    for kind in KEPT_KINDS:
        assert any_store.all_kept(kind) == {key: [kind, key] for key in ODD_KEYS}


def test_private_things_can_be_kept_before_the_history_begins(new_store: Store) -> None:
    new_store.keep("accounts", "mina", {"role": "admin"})
    new_store.log({"act": "account-added"})
    new_store.begin(time=TIME)
    assert new_store.kept("accounts", "mina") == {"role": "admin"}
    assert new_store.logged() == [{"act": "account-added"}]


def test_the_audit_log_comes_newest_first(any_store: Store) -> None:
    entries = [{"n": n, "what": "김\n\u2028", "facts": {"a": None}} for n in range(5)]
    for entry in entries:
        any_store.log(entry)
    assert any_store.logged() == entries[::-1]
    assert any_store.logged(limit=2) == entries[:2:-1]
    assert any_store.logged(limit=0) == []


def test_nothing_private_is_published(any_store: Store) -> None:
    any_store.keep("drafts", "mina", MARKER)
    any_store.log({"act": MARKER})
    save(any_store, renamed(any_store, "New"), reason=MARKER)
    assert MARKER.encode() not in b"".join(any_store.texts().values())
    assert collection()["title"].encode() not in any_store.texts()[file_of(LAYER)]


@pytest.mark.parametrize("home", ["files", "postgres"])
def test_a_history_begins_with_positions_on_the_grid(
    home: str, small_folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_layer(small_folder, item(coordinates=[[101.71234, 21.2], [102.65432, 18.0]]))
    monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("database_url") if home == "postgres" else "")
    store = open_store(small_folder)
    store.begin(time=TIME)
    (way,) = store.documents()[LAYER].records.values()
    assert way["geometry"]["coordinates"] == [[101.7, 21.2], [102.7, 18.0]]
    assert b"101.71234" not in store.texts()[file_of(LAYER)]
