"""Claims about RFC 7946: what is an error, what a warning, and where."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.problems import Problem
from routes.rfc7946 import GEOJSON_TYPES, MAX_PROBLEMS, NESTING, RULES, check_geojson

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
INSIDE = [[0.2, 0.2], [0.2, 0.8], [0.8, 0.8], [0.8, 0.2], [0.2, 0.2]]


def check(value: object) -> list[Problem]:
    return check_geojson(json.dumps(value).encode(), "f.geojson")


def rules(value: object) -> set[str]:
    return {problem.rule.removeprefix("rfc7946-") for problem in check(value)}


def errors(value: object) -> list[Problem]:
    return [problem for problem in check(value) if problem.severity == "error"]


def geometry(kind: str, coordinates: object, **members: object) -> dict[str, object]:
    return {"type": kind, "coordinates": coordinates, **members}


def point(*numbers: object, **members: object) -> dict[str, object]:
    return geometry("Point", list(numbers), **members)


def polygon(*rings: object, **members: object) -> dict[str, object]:
    return geometry("Polygon", list(rings), **members)


def line(*positions: object, **members: object) -> dict[str, object]:
    return geometry("LineString", list(positions), **members)


def feature(**members: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": None, "properties": None, **members}


def collection(*features: object, **members: object) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(features), **members}


def geometries(*parts: object) -> dict[str, object]:
    return {"type": "GeometryCollection", "geometries": list(parts)}


BREACHES: list[tuple[str, str, object]] = [
    ("object", "root is an array", []),
    ("object", "root is null", None),
    ("object", "feature is null", collection(None)),
    ("object", "geometry is a string", feature(geometry="Point")),
    ("object", "geometry in a collection is false", geometries(False)),
    ("type", "no type", {}),
    ("type", "type is an object", {"type": {}}),
    ("type", "type in lower case", {"type": "featurecollection", "features": []}),
    ("type", "unknown type", {"type": "Circle"}),
    ("type", "geometry among the features", collection(point(0, 0))),
    ("type", "feature as a geometry", feature(geometry=feature())),
    ("type", "feature in a geometry collection", geometries(feature())),
    ("features", "no features", {"type": "FeatureCollection"}),
    ("features", "features is an object", {"type": "FeatureCollection", "features": {}}),
    ("geometry", "no geometry", {"type": "Feature", "properties": {}}),
    ("properties", "properties is an array", feature(properties=[])),
    ("no-properties", "no properties", {"type": "Feature", "geometry": None}),
    ("id", "id is null", feature(id=None)),
    ("id", "id is true", feature(id=True)),
    ("id", "id is an array", feature(id=["a"])),
    *(("foreign-type", f"{name} in a FeatureCollection", collection(**{name: None}))
      for name in ("coordinates", "geometries", "geometry", "properties")),
    *(("foreign-type", f"{name} in a Feature", feature(**{name: None}))
      for name in ("coordinates", "geometries", "features")),
    *(("foreign-type", f"{name} in a Point", point(0, 0, **{name: None}))
      for name in ("geometry", "properties", "features")),
    ("foreign-type", "properties in a GeometryCollection", {**geometries(), "properties": {}}),
    ("mixed-geometry", "geometries in a Point", point(0, 0, geometries=[])),
    ("mixed-geometry", "coordinates in a GeometryCollection", {**geometries(), "coordinates": []}),
    ("crs", "crs of 2008", collection(crs={"type": "name", "properties": {"name": "EPSG:3857"}})),
    ("bbox", "bbox is a string", collection(bbox="0,0,1,1")),
    ("bbox", "bbox of five numbers", collection(bbox=[0, 0, 1, 1, 1])),
    ("bbox", "bbox of two numbers", collection(bbox=[0, 0])),
    ("bbox", "bbox with a bool", collection(bbox=[0, 0, 1, True])),
    ("bbox", "bbox in the old nested form", point(0, 0, bbox=[[0, 0], [1, 1]])),
    ("bbox-dimensions", "flat bbox of heights", point(0, 0, 5, bbox=[0, 0, 0, 0])),
    ("bbox-dimensions", "bbox with heights of flat features", collection(feature(geometry=point(0, 0)),
                                                                        bbox=[0, 0, 0, 0, 0, 0])),
    ("bbox-order", "north before south", collection(bbox=[0, 1, 1, 0])),
    ("bbox-order", "highest before lowest", collection(bbox=[0, 0, 9, 1, 1, 0])),
    ("bbox-latitude", "bbox beyond the pole", collection(bbox=[0, 0, 1, 91])),
    ("bbox-antimeridian", "bbox of Fiji", collection(bbox=[177.0, -20.0, -178.0, -16.0])),
    ("coordinates", "no coordinates", {"type": "Point"}),
    ("coordinates", "coordinates is null", geometry("Point", None)),
    ("nesting", "point with the brackets of a line", geometry("Point", [[0, 0]])),
    ("nesting", "multipolygon with the brackets of a point", geometry("MultiPolygon", [0, 0])),
    ("nesting", "ring that is null", polygon(SQUARE, None)),
    ("nesting", "line that is null", geometry("MultiLineString", [[[0, 0], [1, 1]], None])),
    ("nesting", "polygon that is a number", geometry("MultiPolygon", [[SQUARE], 5])),
    ("empty", "polygon without rings", polygon()),
    ("empty", "multipoint without points", geometry("MultiPoint", [])),
    ("position", "point without numbers", point()),
    ("position", "point of one number", point(1)),
    ("position", "position that is null", line([0, 0], None)),
    ("position-number", "number in quotes", point(126.9, "37.5")),
    ("position-number", "bool as a number", point(True, False)),
    ("position-number", "height is null", point(0, 0, None)),
    ("position-number", "position too deep", line([0, 0], [[1, 1]])),
    ("position-extra", "four numbers", point(0, 0, 0, 1700000000)),
    ("range", "projected coordinates", point(14129000.5, 4518000.2)),
    ("range", "longitude past the antimeridian", point(190, 0)),
    ("swapped", "Seoul as lat, lon", point(37.5, 126.9)),
    ("swapped", "line in Laos as lat, lon", line([18.0, 102.6], [19.9, 102.1])),
    ("line", "line of one position", line([0, 0])),
    ("line", "empty line", line()),
    ("line", "line of one position among lines", geometry("MultiLineString", [[[0, 0], [1, 1]], [[2, 2]]])),
    ("ring-length", "ring of three", polygon([[0, 0], [1, 0], [0, 0]])),
    ("ring-length", "empty ring", polygon([])),
    ("ring-closed", "open ring", polygon(SQUARE[:-1])),
    ("ring-closed", "ring closed without its height", polygon([[*p, 5] for p in SQUARE[:-1]] + [[0, 0]])),
    ("ring-spelling", "0 at the start, 0.0 at the end", polygon([*SQUARE[:-1], [0.0, 0.0]])),
    ("hole-outside", "second area as a hole", polygon(SQUARE, [[x + 5, y] for x, y in reversed(SQUARE)])),
    ("winding", "clockwise exterior", polygon(SQUARE[::-1])),
    ("winding", "counter-clockwise hole", polygon(SQUARE, INSIDE[::-1])),
    ("winding", "clockwise exterior in a MultiPolygon", geometry("MultiPolygon", [[SQUARE[::-1]]])),
    ("antimeridian", "line across in one jump", line([170, 45], [-170, 45])),
    ("antimeridian", "line going on past 180", line([170, 45], [190, 45])),
    ("antimeridian", "rectangle across", polygon([[170, 40], [-170, 40], [-170, 50], [170, 50], [170, 40]])),
    ("geometries", "no geometries", {"type": "GeometryCollection"}),
    ("geometries", "geometries is an object", {"type": "GeometryCollection", "geometries": {}}),
    ("collection-nested", "collection in a collection", geometries(geometries(), point(0, 0))),
    ("collection-uniform", "collection of one", geometries(point(0, 0))),
    ("collection-uniform", "collection of points only", geometries(point(0, 0), point(1, 1))),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "value"), [pytest.param(rule, value, id=what) for rule, what, value in BREACHES])
def test_breach_is_named_with_the_severity_of_its_rule(rule: str, value: object) -> None:
    found = [problem for problem in check(value) if problem.rule == f"rfc7946-{rule}"]
    assert found
    assert {problem.severity for problem in found} == {RULES[f"rfc7946-{rule}"].severity}


def test_every_rule_has_an_example_that_breaks_it() -> None:
    assert {f"rfc7946-{rule}" for rule, _, _ in BREACHES} == set(RULES) - {"rfc7946-more"}


@pytest.mark.parametrize(("rule", "value"), [pytest.param(rule, value, id=what) for rule, what, value in BREACHES])
def test_what_the_rfc_tells_readers_not_to_reject_is_not_rejected(rule: str, value: object) -> None:
    assert bool(errors(value)) == (RULES[f"rfc7946-{rule}"].severity == "error")


@pytest.mark.parametrize("value", [value for _, _, value in BREACHES], ids=[what for _, what, _ in BREACHES])
def test_every_message_says_expected_got_what_to_do_and_where_it_is_written(value: object) -> None:
    for problem in check(value):
        assert problem.line == 1
        assert problem.message.startswith("Expected ")
        assert ", got " in problem.message
        assert "(RFC 7946, section " in problem.hint


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(collection(), id="no features"),
        pytest.param(geometries(), id="no geometries"),
        pytest.param(feature(id=0), id="id 0"),
        pytest.param(feature(id=""), id="empty id"),
        pytest.param(feature(title="x", centerline=line([-170, 10], [170, 11])), id="foreign members"),
        pytest.param(feature(properties={"type": "Point", "coordinates": 1, "bbox": 2}), id="anything in properties"),
        pytest.param(point(-0.0, 0), id="negative zero"),
        pytest.param(point(180, -90, -11000), id="corner of the world"),
        pytest.param(point(102, 0.5, bbox=[102, 0.5, 102, 0.5]), id="bbox of a point"),
        pytest.param(polygon(SQUARE, INSIDE), id="polygon with a hole"),
        pytest.param(polygon([[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]), id="the whole world"),
        pytest.param(polygon([[-179, -9], [179, -9], [179, 9], [-179, 9], [-179, -9]]), id="almost a whole turn"),
        pytest.param(geometry("MultiLineString", [[[170, 45], [180, 45]], [[-180, 45], [-170, 45]]]), id="cut line"),
        pytest.param(geometries(point(0, 0), line([0, 0], [1, 1])), id="point and line"),
    ],
)
def test_good_geojson_has_no_problem(value: object) -> None:
    assert check(value) == []


def test_swapped_position_is_shown_the_right_way_round() -> None:
    (problem,) = check(point(37.5, 126.9))
    assert "write [126.9, 37.5]" in problem.hint


def test_misspelt_type_is_told_the_right_spelling() -> None:
    (problem,) = check({"type": "featurecollection"})
    assert '"FeatureCollection"' in problem.hint


def test_every_wrong_feature_is_reported_at_its_line() -> None:
    text = json.dumps(collection(feature(id={}), feature(), feature(geometry=point("a", 1))), indent=1)
    found = check_geojson(text.encode(), "f.geojson")
    lines = text.split("\n")
    assert [(problem.pointer, lines[problem.line - 1].strip()) for problem in found] == [
        ("/features/0/id", '"id": {}'),
        ("/features/2/geometry/coordinates/0", '"a",'),
    ]


def test_repeated_name_is_an_error_beside_the_others() -> None:
    found = check_geojson(b'{"type": "Point",\n"type": "Feature",\n"properties": 5}', "f.geojson")
    assert [(problem.rule, problem.line) for problem in found] == [
        ("rfc7946-geometry", 1), ("json-duplicate-name", 2), ("rfc7946-properties", 3)]  # fmt: skip


def test_text_that_is_no_json_gives_the_problem_of_reading() -> None:
    (problem,) = check_geojson(b'{"type": "Point", "coordinates": [NaN, 1]}', "f.geojson")
    assert (problem.rule, problem.pointer) == ("json-number", "/coordinates/0")


def test_list_of_problems_ends_and_says_so() -> None:
    found = check(collection(*[None] * (MAX_PROBLEMS + 7)))
    assert len(found) == MAX_PROBLEMS + 1
    assert (found[-1].rule, found[-1].severity) == ("rfc7946-more", "error")
    assert "7 errors" in found[-1].message


def test_error_after_many_warnings_is_still_listed() -> None:
    found = check(collection(*[feature(geometry=polygon(SQUARE[::-1]))] * (MAX_PROBLEMS + 7), None))
    assert [problem.rule for problem in found if problem.severity == "error"] == ["rfc7946-object"]
    assert found[-1].rule == "rfc7946-more"


longitudes = st.floats(-179, 179) | st.integers(-179, 179)
latitudes = st.floats(-89, 89) | st.integers(-89, 89)
positions = st.tuples(longitudes, latitudes) | st.tuples(longitudes, latitudes, st.floats(-100, 9000))


@st.composite
def rings(draw: st.DrawFn) -> list[list[Any]]:
    corners = draw(st.lists(positions, min_size=3, max_size=6))
    return [list(position) for position in (*corners, corners[0])]


def polygons() -> st.SearchStrategy[list[Any]]:
    return st.lists(rings(), min_size=1, max_size=1)


coordinates = {
    "Point": positions,
    "MultiPoint": st.lists(positions),
    "LineString": st.lists(positions, min_size=2),
    "MultiLineString": st.lists(st.lists(positions, min_size=2, max_size=5), max_size=3),
    "Polygon": polygons(),
    "MultiPolygon": st.lists(polygons(), max_size=3),
}
valid_geometries = st.recursive(
    st.sampled_from(list(coordinates)).flatmap(lambda kind: coordinates[kind].map(lambda c: geometry(kind, c))),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: geometries(*parts)),
    max_leaves=3,
)
valid_features = st.builds(
    lambda where, what, ident: feature(geometry=where, properties=what, id=ident),
    st.none() | valid_geometries,
    st.none() | st.dictionaries(st.text(), st.text() | st.integers(), max_size=3),
    st.text() | st.integers(),
)
valid_geojson = valid_geometries | valid_features | st.lists(valid_features, max_size=4).map(lambda f: collection(*f))

words = st.sampled_from([*GEOJSON_TYPES, "point", ""])
members = ["type", "coordinates", "geometry", "geometries", "features", "properties", "bbox", "id", "crs"]
names = st.sampled_from(members)
extremes = st.sampled_from([10**300, -1e308, 5e-324])
odd_numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | extremes
odd_values = st.recursive(
    st.none() | st.booleans() | odd_numbers | words | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(names, inner, max_size=5),
    max_leaves=30,
)


@given(valid_geojson)
def test_valid_geojson_has_no_error(value: object) -> None:
    assert errors(value) == []


@given(odd_values)
def test_no_value_whatever_raises(value: object) -> None:
    check(value)


@given(st.sampled_from(list(NESTING)), odd_values | st.lists(st.lists(st.lists(st.lists(odd_numbers, max_size=4)))))
def test_no_coordinates_whatever_raise(kind: str, value: object) -> None:
    check(geometry(kind, value, bbox=value))


@given(odd_values, st.sampled_from([None, 1]))
def test_every_line_is_the_line_of_its_pointer(value: object, indent: int | None) -> None:
    text = json.dumps(collection(value, feature(geometry=value)), indent=indent)
    for problem in check_geojson(text.encode(), "f.geojson"):
        part: Any = json.loads(text)
        for step in problem.pointer.split("/")[1:]:
            part = part[int(step)] if isinstance(part, list) else part[step]
        start = json.dumps(part).split("\n")[0][0]
        assert start in text.split("\n")[problem.line - 1]
