"""Claims about what the editing map is given: every feature, targets on the grid, and what differs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from editing import UNDRAWABLE, layer_document, real_documents, shapes_documents, three_states, two_states
from hypothesis import given
from hypothesis import strategies as st
from making import HOSTILE, item

from routes.documents import Document, Documents
from routes.editdata import difference_data, edit_data, is_drawable

LAYER = "layers/laos-thailand"


def record_by_id(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in items}


def test_every_feature_comes_with_the_positions_it_is_written_with() -> None:
    documents = real_documents()
    given = record_by_id(edit_data(documents, LAYER)["features"])
    assert {key: feature["geometry"] for key, feature in given.items()} == {
        key: record["geometry"] for key, record in documents[LAYER].records.items()
    }


def test_other_layers_come_as_context_and_their_ends_and_places_as_targets() -> None:
    data = edit_data(real_documents(), LAYER)
    assert len(data["context"]) == sum(len(d.records) for key, d in real_documents().items() if key != LAYER)
    ends = {(target["id"], target["end"]): target["position"] for target in data["targets"]}
    assert ends["la-transit", "start"] == [101.6, 21.1]
    assert ends["la-transit", "end"] == [102.6, 18.0]
    assert ("rok-beijing", "point") in ends


def test_targets_stand_on_the_grid_even_where_a_draft_does_not() -> None:
    fine = layer_document([item("a", coordinates=[[101.234, 20.987], [102.05, 19.0]])])
    targets = edit_data({"layers/ways": fine}, "layers/ways")["targets"]
    assert [target["position"] for target in targets] == [[101.2, 21.0], [102.0, 19.0]]


def test_what_readers_see_otherwise_comes_along() -> None:
    published, draft = two_states()
    (before,) = edit_data(draft, LAYER, published)["published"]
    assert before["id"] == "la-transit"
    assert before["geometry"]["coordinates"][1] == [102.1, 19.9]


def test_a_layer_that_does_not_exist_is_empty() -> None:
    data = edit_data({}, "layers/none-yet")
    assert (data["features"], data["targets"], data["context"], data["published"]) == ([], [], [], [])


@pytest.mark.parametrize("geometry", UNDRAWABLE, ids=repr)
def test_a_shape_that_cannot_be_drawn_is_counted_and_left_out(geometry: Any) -> None:
    layer = layer_document([{**item("odd"), "geometry": geometry}])
    data = edit_data({"layers/ways": layer}, "layers/ways")
    assert (data["features"][0]["geometry"], data["undrawable"]) == (None, 1)


@pytest.mark.parametrize("record", shapes_documents()["layers/ways"].records.values(), ids=lambda r: str(r["id"]))
def test_every_geometry_of_the_rfc_is_drawable(record: Any) -> None:
    assert is_drawable(record["geometry"])
    assert is_drawable({"type": "GeometryCollection", "geometries": [record["geometry"]]})


def test_a_feature_without_a_name_is_called_by_its_id() -> None:
    layer = layer_document(
        [item("no-name", name=None), item("hostile", name=HOSTILE), {**item("x"), "properties": None}]
    )
    names = [feature["name"] for feature in edit_data({"layers/ways": layer}, "layers/ways")["features"]]
    assert names == ["no-name", HOSTILE, "x"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
GEOMETRIES = JSON | st.builds(
    lambda kind, coordinates: {"type": kind, "coordinates": coordinates, "geometries": coordinates},
    st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection"]),
    JSON,
)


@given(GEOMETRIES, JSON)
def test_any_json_in_a_draft_makes_data_that_a_browser_reads(geometry: Any, properties: Any) -> None:
    document = Document({}, {"a": {"geometry": geometry, "properties": properties}})
    json.dumps(edit_data({"layers/ways": document}, "layers/ways"), allow_nan=False)
    json.dumps(difference_data({}, {"layers/ways": document}, {}), allow_nan=False)


def test_a_difference_has_both_sides() -> None:
    data = difference_data(*two_states())
    (one,) = data["differences"]
    assert (one["id"], one["theirs"]) == ("la-transit", None)
    assert one["before"]["coordinates"][1] == [102.1, 19.9]
    assert one["ours"]["coordinates"][1] == [103.4, 19.6]


def test_a_conflict_has_three_sides_under_their_own_names() -> None:
    data = difference_data(*three_states())
    (one,) = data["differences"]
    assert len({json.dumps(one[side]) for side in ("before", "ours", "theirs")}) == 3
    assert len(set(data["legend"].values())) == 3


def test_of_three_states_what_only_we_changed_has_no_other_side() -> None:
    base, ours = two_states()
    (one,) = difference_data(base, ours, base)["differences"]
    assert one["theirs"] is None


def test_added_and_removed_features_have_one_side() -> None:
    old: Documents = {"layers/ways": layer_document([item("gone"), item("stays")])}
    new: Documents = {"layers/ways": layer_document([item("stays"), item("added")])}
    sides = {one["id"]: (bool(one["before"]), bool(one["ours"])) for one in difference_data(old, new)["differences"]}
    assert sides == {"gone": (True, False), "added": (False, True)}


def test_equal_states_do_not_differ() -> None:
    assert difference_data(real_documents(), real_documents())["differences"] == []
