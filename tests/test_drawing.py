"""Claims about how schematic features are drawn, and that the drawing keeps to the country it speaks of."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import feature
from shapely import LineString, MultiLineString, Point, Polygon, box, distance, unary_union
from shapely.geometry import shape

from routes.dataset import DEFAULT_FOLDER, Dataset
from routes.drawing import DECIMALS, STEPS_PER_LEG, countries_of, curve, draw_all

BORDER_TOLERANCE = 0.1
"""How deep, in degrees, a curve may bow into a neighbour's land: one cell of the grid its points stand on."""

GRID = st.tuples(st.integers(900, 1350), st.integers(-100, 550)).map(lambda cell: (cell[0] / 10, cell[1] / 10))
LINES = st.lists(GRID, min_size=2, max_size=6)


def basemap(name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((DEFAULT_FOLDER / "basemap" / f"{name}.geojson").read_text())[
        "features"
    ]
    return found


@pytest.fixture(scope="module")
def land() -> dict[str, Polygon]:
    return countries_of({"features": basemap("countries")})


def segments(dataset: Dataset) -> list[tuple[str, str, LineString]]:
    return [
        (one.id, one.authority or "", LineString(dataset.drawings[one.id].line))
        for one in dataset.features.values()
        if one.kind == "segment"
    ]


@given(LINES)
def test_a_curve_goes_through_every_control_point_in_order(line: list[tuple[float, float]]) -> None:
    drawn = curve(line)
    at = 0
    for lon, lat in line:
        near = [n for n, (x, y) in enumerate(drawn[at:], at) if math.hypot(x - lon, y - lat) < 0.002]
        assert near
        at = near[0]


@given(LINES)
def test_a_curve_has_points_of_so_many_decimals(line: list[tuple[float, float]]) -> None:
    drawn = curve(line)
    assert 2 <= len(drawn) <= (len(line) - 1) * STEPS_PER_LEG + 1
    assert all(round(value, DECIMALS) == value and math.isfinite(value) for point in drawn for value in point)


@given(LINES)
def test_a_curve_is_the_same_in_both_directions(line: list[tuple[float, float]]) -> None:
    there, back = curve(line), curve(line[::-1])[::-1]
    for (x1, y1), (x2, y2) in zip(there, back, strict=True):
        assert math.hypot(x1 - x2, y1 - y2) < 0.01


@given(LINES, st.sampled_from(["segment", "band", "context"]), st.floats(1, 500))
def test_no_line_whatever_breaks_the_drawing(line: list[tuple[float, float]], kind: str, width: float) -> None:
    same = [line[0]] * len(line)
    features = [
        feature(f"la-{n}", kind, positions=tuple(one), width_km=width) for n, one in enumerate([line, same, line])
    ]
    drawings = draw_all(features, {"LA": box(100, 13, 108, 23)})
    assert drawings.keys() == {"la-0", "la-1", "la-2"}
    assert all(len(drawing.line) == len(drawing.lanes) for drawing in drawings.values())


@given(LINES)
def test_a_band_stays_in_its_country(line: list[tuple[float, float]]) -> None:
    country = box(100, 13, 108, 23)
    band = draw_all([feature("la-band", "band", positions=tuple(line), width_km=120.0)], {"LA": country})["la-band"]
    assert band.line == ()
    assert all(country.buffer(0.002).covers(Polygon(ring)) for ring in band.rings)


@pytest.mark.parametrize("lat", [0, 20, 45], ids=lambda lat: f"{lat} north")
def test_a_band_is_as_wide_as_it_says_on_the_ground(lat: float) -> None:
    band = draw_all([feature("la-band", "band", positions=((100.0, lat), (104.0, lat)), width_km=100.0)], {})["la-band"]
    _, south, _, north = Polygon(band.rings[0]).bounds
    assert (north - south) * 111.2 == pytest.approx(100, rel=0.02)


def test_lines_that_share_a_leg_run_side_by_side() -> None:
    shared = ((100.0, 20.0), (102.0, 20.0))
    lines = [feature("a", positions=shared), feature("b", positions=shared), feature("c", positions=shared[::-1])]
    drawings = draw_all(lines, {})
    assert sorted(drawings[name].lanes[0] * (-1 if name == "c" else 1) for name in "abc") == [-1, 0, 1]
    alone = draw_all(lines[:1], {})["a"]
    assert set(alone.lanes) == {0}


def test_missions_of_one_city_stand_in_a_row() -> None:
    here = [feature(name, "mission", positions=((102.6, 18.0),)) for name in ("a", "b", "c")]
    drawings = draw_all([*here, feature("d", "mission", positions=((100.5, 13.7),))], {})
    assert [drawings[name].place_in_row for name in "abcd"] == [0, 1, 2, 0]


def test_every_segment_lies_in_the_land_of_its_authority(real_dataset: Dataset, land: dict[str, Polygon]) -> None:
    """The control points themselves; the curve between them may bow by the tolerance, checked below."""
    for one in real_dataset.features.values():
        if one.kind == "segment":
            outside = [p for p in one.positions if distance(land[one.authority or ""], Point(p)) > BORDER_TOLERANCE]
            assert outside == [], one.id


def test_no_line_enters_another_country_beyond_the_tolerance(real_dataset: Dataset, land: dict[str, Polygon]) -> None:
    found = segments(real_dataset)
    assert found
    for name, authority, line in found:
        others = unary_union([shape for code, shape in land.items() if code != authority])
        abroad = line.segmentize(0.02).intersection(others)
        parts = [part for part in getattr(abroad, "geoms", [abroad]) if not part.is_empty]
        deepest = max((distance(land[authority], Point(xy)) for part in parts for xy in part.coords), default=0)
        assert deepest <= BORDER_TOLERANCE, name


def test_no_line_crosses_the_tumen_or_the_yalu(real_dataset: Dataset) -> None:
    rivers = [
        shape(f["geometry"])
        for f in basemap("rivers")
        if str(f["properties"].get("name")).startswith(("Tumen", "Yalu"))
    ]  # type: ignore[attr-defined]
    border = [
        shape(f["geometry"])
        for f in basemap("borders")
        if {f["properties"].get("a"), f["properties"].get("b")} == {"CHN", "PRK"}
    ]  # type: ignore[attr-defined]
    assert len(rivers) >= 2
    assert len(border) == 1
    water = unary_union([*rivers, *border])
    for name, _, line in segments(real_dataset):
        assert distance(line, water) > 0.3, f"{name} comes nearer than a broad band would"
    drawn = {one.kind for one in real_dataset.features.values() if one.authority == "KP"}
    assert drawn <= {"band"}, "on North Korea's side there are bands alone"


def test_every_band_is_broad_and_in_its_country(real_dataset: Dataset, land: dict[str, Polygon]) -> None:
    bands = [one for one in real_dataset.features.values() if one.kind == "band"]
    assert bands
    for one in bands:
        rings = real_dataset.drawings[one.id].rings
        assert rings, one.id
        assert (one.width_km or 0) >= 50, one.id
        for ring in rings:
            inside = Polygon(ring).intersection(land[one.authority or ""]).area / Polygon(ring).area
            assert inside > 0.97, one.id


def test_lines_of_one_route_never_carry_it_over_a_border(real_dataset: Dataset) -> None:
    """Where two segments of two countries meet there is a band on each side, so no end point is shared."""
    ends: dict[tuple[float, float], set[str]] = {}
    for one in real_dataset.features.values():
        if one.kind == "segment":
            for end in (one.positions[0], one.positions[-1]):
                ends.setdefault(end, set()).add(one.authority or "")
    assert all(len(authorities) == 1 for authorities in ends.values())


@pytest.mark.parametrize("collection", [{"features": []}], ids=["empty"])
def test_an_empty_basemap_has_no_countries(collection: dict[str, list[dict[str, object]]]) -> None:
    assert countries_of(collection) == {}
    assert MultiLineString().is_empty
