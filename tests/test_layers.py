"""Claims about reading the layers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import HOSTILE, collection, item, items, line_of, write_layer

from routes.dataset import DEFAULT_FOLDER
from routes.layers import FEATURE_KINDS, GEOMETRY_OF_KIND, read_layer
from routes.problems import Problem
from routes.records import Layer

REAL_LAYERS = sorted((DEFAULT_FOLDER / "layers").glob("*.geojson"))


def read_file(path: Path) -> tuple[Layer | None, list[Problem]]:
    return read_layer(path.stem, path.read_bytes(), shown_as=path.name)


def read(folder: Path, *features: dict[str, Any], **members: Any) -> tuple[Layer | None, list[Problem]]:
    return read_file(write_layer(folder, *features, **members))


def test_every_kind_of_feature_has_its_geometry() -> None:
    assert GEOMETRY_OF_KIND.keys() == set(FEATURE_KINDS)


@pytest.mark.parametrize("path", REAL_LAYERS, ids=lambda path: path.stem)
def test_every_layer_of_ours_is_read_whole(path: Path) -> None:
    layer, problems = read_file(path)
    assert problems == []
    assert layer is not None
    assert layer.title
    assert layer.description
    assert len(layer.features) == len(json.loads(path.read_text(encoding="utf-8"))["features"])


def test_a_good_layer_is_read_as_it_stands(tmp_path: Path) -> None:
    layer, problems = read(tmp_path, *items())
    assert problems == []
    assert layer is not None
    assert (layer.id, layer.title, layer.description, layer.order) == ("ways", "Ways", "All ways.", 1)
    assert [feature.id for feature in layer.features] == [one["id"] for one in items()]
    assert layer.features[0].positions == ((101.7, 21.2), (102.1, 19.9), (102.6, 18.0))
    assert [str(citation) for citation in layer.features[0].sources] == ["paper @ map"]


FAULTS = [
    ("id missing", {"id": None}, {}, "feature-id", ""),
    ("id in capitals", {"id": "LA-way"}, {}, "feature-id", "/id"),
    ("id hostile", {"id": HOSTILE}, {}, "feature-id", "/id"),
    ("id a number", {"id": 7}, {}, "feature-id", "/id"),
    ("kind missing", {}, {"kind": None}, "feature-kind", ""),
    ("kind unknown", {}, {"kind": "path"}, "feature-kind", ""),
    ("kind a list", {}, {"kind": ["segment"]}, "feature-kind", ""),
    ("name missing", {}, {"name": None}, "feature-name", ""),
    ("name empty", {}, {"name": " "}, "feature-property", "/properties/name"),
    ("name a list", {}, {"name": ["x"]}, "feature-property", "/properties/name"),
    ("whose no country", {}, {"whose": HOSTILE}, "feature-property", "/properties/whose"),
    ("authority missing", {}, {"authority": None}, "feature-authority", ""),
    ("authority in words", {}, {"authority": "Laos"}, "feature-property", "/properties/authority"),
    ("route unknown", {}, {"routes": ["silk-road"]}, "feature-property", "/properties/routes"),
    ("routes a text", {}, {"routes": "vietnam"}, "feature-property", "/properties/routes"),
    ("routes nested", {}, {"routes": [["vietnam"]]}, "feature-property", "/properties/routes"),
    ("sources a text", {}, {"sources": "paper"}, "feature-property", "/properties/sources"),
    ("width below zero", {}, {"width_km": -3}, "feature-property", "/properties/width_km"),
    ("width in words", {}, {"width_km": "wide"}, "feature-property", "/properties/width_km"),
    ("width true", {}, {"width_km": True}, "feature-property", "/properties/width_km"),
    ("description a number", {}, {"description": 3}, "feature-property", "/properties/description"),
    ("geometry missing", {"geometry": None}, {}, "feature-geometry", "/geometry"),
    ("a point for a line", {"geometry": {"type": "Point", "coordinates": [102.0, 19.0]}}, {}, "feature-geometry", "/geometry"),  # noqa: E501
]  # fmt: skip


@pytest.mark.parametrize(
    ("members", "properties", "rule", "where"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_faulty_feature_is_left_out_and_the_rest_stands(
    members: dict[str, Any], properties: dict[str, Any], rule: str, where: str, tmp_path: Path
) -> None:
    bad = item("la-bad") | members
    bad["properties"] |= properties
    bad = {name: value for name, value in bad.items() if value is not None or name == "geometry"}
    bad["properties"] = {name: value for name, value in bad["properties"].items() if value is not None}
    layer, problems = read(tmp_path, item("la-first"), bad, item("la-last"))
    assert layer is not None
    assert [feature.id for feature in layer.features] == ["la-first", "la-last"]
    ours = [problem for problem in problems if problem.rule == rule]
    assert [problem.pointer for problem in ours] == [f"/features/1{where}"]
    assert ours[0].line == 3


@pytest.mark.parametrize("kind", FEATURE_KINDS)
def test_a_kind_has_one_geometry(kind: str, tmp_path: Path) -> None:
    bad = item("la-bad", kind)
    other = item("la-other", "place" if "LineString" in GEOMETRY_OF_KIND[kind] else "segment")
    layer, problems = read(tmp_path, bad | {"geometry": other["geometry"]})
    assert layer is not None
    assert layer.features == ()
    assert {problem.rule for problem in problems} == {"feature-geometry"}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "layer-unreadable"),
        (b"\xff\xfe\x00", "json"),
        (b'{"type": "FeatureCollection", "features": [', "json"),
        (json.dumps(item()).encode(), "layer-type"),
        (b"[]", "rfc7946"),
        (b'{"type": "FeatureCollection"}', "rfc7946"),
        (json.dumps(collection(item(coordinates=[[1, 2]]))).encode(), "rfc7946"),
        (json.dumps(collection(item() | {"properties": 3})).encode(), "rfc7946"),
    ],
    ids=["empty", "bytes", "cut short", "a feature alone", "a list", "no features", "one position", "properties"],
)
def test_a_spoilt_file_gives_no_layer_and_says_why(content: bytes, rule: str, tmp_path: Path) -> None:
    path = tmp_path / "ways.geojson"
    path.write_bytes(content)
    layer, problems = read_file(path)
    assert layer is None
    assert any(problem.rule.startswith(rule) and problem.severity == "error" for problem in problems)


def test_a_layer_without_a_title_is_named_after_its_file(tmp_path: Path) -> None:
    layer, problems = read(tmp_path, item(), title=None, order="first")
    assert layer is not None
    assert (layer.title, layer.order) == ("ways", 99)
    assert [problem.rule for problem in problems] == ["layer-title"]


@pytest.mark.parametrize("name", ["Ways", "my ways", "a,b", "none", "<b>", "wegé"])
def test_a_file_whose_name_is_no_id_gives_no_layer(name: str, tmp_path: Path) -> None:
    """Its name stands in links and in the state that runs in the frame."""
    layer, problems = read_file(write_layer(tmp_path, item(), name=name))
    assert layer is None
    assert [problem.rule for problem in problems] == ["layer-id"]


def test_the_line_of_a_fault_is_the_line_of_its_feature(tmp_path: Path) -> None:
    path = write_layer(tmp_path, item("la-a"), item("la-b"), item("la-c", kind="path", coordinates=[[1, 2], [3, 4]]))
    _, (problem,) = read_file(path)
    assert problem.line == line_of(path, '{"type": "Feature", "id": "la-c"')


JSON = st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5), st.lists, max_leaves=4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(["kind", *item()["properties"], "scope", "from", "to", "whose", "width_km"]), JSON)
)
def test_no_properties_whatever_break_the_reading_of_a_layer(tmp_path: Path, properties: dict[str, Any]) -> None:
    odd = item("la-odd")
    odd["properties"] = properties
    layer, problems = read(tmp_path, item("la-good"), odd)
    assert layer is not None
    ids = [feature.id for feature in layer.features]
    assert ids == ["la-good"] if problems else ["la-good", "la-odd"]


def test_a_context_may_be_an_area(tmp_path: Path) -> None:
    ring = [[102.0, 18.0], [103.0, 18.0], [103.0, 19.0], [102.0, 18.0]]
    area = {**item("la-area", "context"), "geometry": {"type": "Polygon", "coordinates": [ring]}}
    layer, problems = read(tmp_path, area)
    assert layer is not None
    assert problems == []
    assert (layer.features[0].is_area, len(layer.features[0].positions)) == (True, 4)
