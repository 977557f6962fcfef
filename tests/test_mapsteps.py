"""Claims about the steps that the editing map sends: each is made once, and only what is well formed."""

from __future__ import annotations

from typing import Any

import pytest
from editing import layer_document
from hypothesis import given
from hypothesis import strategies as st
from making import item

from routes.documents import Document
from routes.mapsteps import FeatureChange, MapStep, read_message, with_step

LAYER = "layers/ways"
LINE = {"type": "LineString", "coordinates": [[101.0, 20.0], [102.0, 21.0]]}
OTHER = {"type": "LineString", "coordinates": [[102.0, 21.0], [103.0, 22.0]]}


def message(*steps: dict[str, Any], seq: int = 9) -> dict[str, Any]:
    return {"seq": seq, "selected": "la-way", "steps": list(steps)}


def sent(seq: int = 9, step: str = "reshape", **change: Any) -> dict[str, Any]:
    return {"seq": seq, "layer": LAYER, "step": step, "changes": [{"id": "la-way", "geometry": LINE, **change}]}


@pytest.fixture
def ways() -> Document:
    return layer_document([item(), item("la-city", "place")])


def made(document: Document, kind: Any, *changes: FeatureChange, **more: Any) -> tuple[Document, dict[str, str]]:
    return with_step(LAYER, document, MapStep(1, kind, changes, LAYER), more.get("taken", ()), more.get("names", {}))


def test_a_message_gives_the_steps_that_are_new() -> None:
    read = read_message(message(sent(7), sent(8), sent(9)))
    assert read
    assert [step.number for step in read.after(7)] == [8, 9]
    assert (read.number, read.selected) == (9, "la-way")


@pytest.mark.parametrize(
    "step",
    [
        sent(step="publish"),
        sent(seq=-1),
        sent(geometry="x"),
        sent(geometry={"type": "Point", "coordinates": [1e9, 0]}),
        sent(id=3),
        sent(kind="castle"),
        sent(copy_of=[]),
        {**sent(), "changes": "all"},
        {**sent(), "layer": "sources"},
        {**sent(), "layer": "../layers"},
        "reshape",
    ],
    ids=str,
)
def test_a_step_that_is_not_the_maps_is_left_out(step: Any) -> None:
    read = read_message(message(step, sent(8)))
    assert read
    assert [one.number for one in read.steps] == [8]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["seq", "step", "steps", "changes", "id", "geometry"]), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(JSON)
def test_any_value_is_a_message_or_none(stored: Any) -> None:
    read = read_message(stored)
    assert read is None or 0 < read.number < 1_000_000_000


def test_a_new_shape_leaves_the_properties_alone(ways: Document) -> None:
    after, _ = made(ways, "reshape", FeatureChange("la-way", LINE))
    assert after.records["la-way"] == {**ways.records["la-way"], "geometry": LINE}
    assert after.order == ways.order


def test_a_deleted_feature_is_gone_and_stays_gone(ways: Document) -> None:
    after, _ = made(ways, "delete", FeatureChange("la-way", None))
    again, _ = made(after, "reshape", FeatureChange("la-way", LINE))
    assert list(again.records) == ["la-city"]


def test_the_second_part_of_a_split_has_the_properties_of_the_first_and_an_id_of_its_own(ways: Document) -> None:
    parts = (FeatureChange("la-way", LINE), FeatureChange("new-1", OTHER, copy_of="la-way"))
    after, names = made(ways, "split", *parts, taken={"la-way-2"})
    assert names == {"new-1": "la-way-3"}
    assert after.records["la-way-3"] == {**ways.records["la-way"], "id": "la-way-3", "geometry": OTHER}


def test_a_drawn_feature_has_its_kind_and_later_steps_find_it(ways: Document) -> None:
    after, names = made(ways, "draw", FeatureChange("new-1", LINE, kind="segment"))
    later, _ = made(after, "reshape", FeatureChange("new-1", OTHER), names=names)
    new = later.records[names["new-1"]]
    assert new == {"type": "Feature", "properties": {"kind": "segment"}, "id": "ways-2", "geometry": OTHER}


def test_making_a_drawing_twice_makes_one_feature(ways: Document) -> None:
    drawn = FeatureChange("new-1", LINE, kind="segment")
    once, names = made(ways, "draw", drawn)
    assert made(once, "draw", drawn, names=names) == (once, names)
