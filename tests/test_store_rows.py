"""Whatever a document, a revision or a private thing holds, it comes out of PostgreSQL as it went in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from postgres import Server, fresh_database
from saving import LAYER, TIME, save

from routes.documents import Document
from routes.merging import applied, changes_between
from routes.store.postgres import PostgresStore

Home = PostgresStore


@pytest.fixture(scope="module")
def shared_store(postgres: Server) -> Iterator[Home]:
    """A home for many examples, each of which makes its own layer."""
    with closing(PostgresStore(fresh_database(postgres))) as opened:
        opened.begin(time=TIME)
        yield opened


texts = st.text(st.characters(exclude_categories=()), max_size=8)
numbers = st.floats(-1e300, 1e300, allow_nan=False) | st.integers(-180, 180) | st.integers(2**53, 2**64)
positions = st.lists(numbers, min_size=2, max_size=2) | st.lists(numbers, min_size=0, max_size=4)
leaves = st.none() | st.booleans() | numbers | texts
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
simple = st.one_of(
    st.fixed_dictionaries({"type": st.just("Point"), "coordinates": positions}),
    st.fixed_dictionaries({"type": st.just("LineString"), "coordinates": st.lists(positions, max_size=4)}),
    st.fixed_dictionaries({"type": st.just("Polygon"), "coordinates": st.lists(st.lists(positions, max_size=5))}),
    st.fixed_dictionaries({"coordinates": positions, "type": st.just("Point"), "bbox": st.lists(numbers)}),
)
geometries = st.recursive(
    simple,
    lambda inner: st.fixed_dictionaries(
        {"type": st.just("GeometryCollection"), "geometries": st.lists(inner, max_size=3)}
    ),
    max_leaves=4,
)
ids = texts.filter(bool)
features = st.fixed_dictionaries(
    {"type": st.just("Feature")},
    optional={"geometry": st.none() | geometries | values, "properties": values, "bbox": values, "id": values},
).flatmap(lambda record: st.permutations(list(record.items())).map(dict))
layers = st.builds(Document, st.dictionaries(texts, values, max_size=3), st.dictionaries(ids, features, max_size=4))
tables = st.builds(
    Document,
    st.just({}),
    st.dictionaries(ids, st.fixed_dictionaries({"id": texts, "author": texts}), max_size=4),
)


def as_written(document: Document | None) -> str:
    """The document as text, members and records in their order; 25 is 25.0, and a geometry's members have no order."""
    head, records = (document.head, document.records) if document else (None, {})
    parts: Any = [head, [[key, dict(record)] for key, record in records.items()]]
    parts = json.loads(json.dumps(parts), parse_int=in_float)
    for _, record in parts[1]:
        if "geometry" in record:
            record["geometry"] = json.dumps(record["geometry"], sort_keys=True)
    return json.dumps(parts)


def in_float(digits: str) -> float | int:
    return float(digits) if float(digits) == int(digits) else int(digits)


@settings(max_examples=20)
@given(st.sampled_from([(LAYER, layers), ("sources", tables)]).flatmap(
    lambda pair: st.tuples(st.just(pair[0]), st.lists(pair[1], min_size=2, max_size=4))))  # fmt: skip
def test_any_document_comes_out_as_it_went_in(shared_store: Home, drawn: tuple[str, list[Document]]) -> None:
    name, states = drawn
    for state in [*states, None]:
        save(shared_store, {name: state})
        assert as_written(shared_store.documents().get(name)) == as_written(state)


@settings(max_examples=20)
@given(st.lists(layers, min_size=2, max_size=4), st.permutations(range(3)))
def test_a_change_does_the_same_to_rows_as_to_a_document(
    shared_store: Home, states: list[Document], turn: list[int]
) -> None:
    changes = [changes_between(before, after) for before, after in zip([None, *states], states, strict=False)]
    document = shared_store.documents().get(LAYER)
    for change in [changes[turn[0] % len(changes)], *changes, *(change.inverse for change in changes)]:
        document = applied(document, change)
        save(shared_store, {}, changes={LAYER: change})
        assert as_written(shared_store.documents().get(LAYER)) == as_written(document)
    save(shared_store, {LAYER: None})


@settings(max_examples=20)
@given(texts, texts, values)
def test_any_words_come_out_as_they_went_in(shared_store: Home, said: str, key: str, value: Any) -> None:
    revision = save(shared_store, {}, author=said, reason=key, note={key: value})
    shared_store.keep("drafts", key, value)
    shared_store.log({"who": said, key: value})
    assert shared_store.revision(revision.number) == revision
    assert shared_store.kept("drafts", key) == value
    assert shared_store.all_kept("drafts")[key] == value
    assert shared_store.logged(limit=1) == [{"who": said, key: value}]
