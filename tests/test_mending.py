"""One-click mends: the problem goes, nothing else changes, and where that cannot be promised none is offered."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from making import HOSTILE, collection, item

from routes.dataset import DEFAULT_FOLDER
from routes.documents import Document, read_document, write_document
from routes.mending import Mend, id_from, mends_for, problems_of
from routes.merging import changes_between
from routes.problems import Problem
from routes.typed import mends_for_text, places_of, problems_of_text

WAYS = "layers/ways"
LAYERS = [f"layers/{path.stem}" for path in sorted((DEFAULT_FOLDER / "layers").glob("*.geojson"))]
TEXTS = {name: (DEFAULT_FOLDER / f"{name}.geojson").read_text(encoding="utf-8") for name in LAYERS}
RING = [[100.0, 20.0], [101.0, 20.0], [101.0, 21.0], [100.0, 21.0], [100.0, 20.0]]


def layer(*features: dict[str, Any], **members: Any) -> Document:
    return read_document(WAYS, json.dumps(collection(*features, **members)).encode())


def table(name: str, record_id: str = "", **cells: str) -> Document:
    """A table of the project with cells of its first (or the named) record overwritten."""
    document = read_document(name, (DEFAULT_FOLDER / f"{name}.csv").read_bytes())
    record_id = record_id or document.order[0]
    return Document({}, {record_id: {**document.records[record_id], **cells}})


def area(*rings: Any) -> dict[str, Any]:
    return {**item(), "geometry": {"type": "Polygon", "coordinates": list(rings)}}


def problem_of(document_id: str, document: Document, rule: str) -> Problem:
    found = [problem for problem in problems_of(document_id, document) if problem.rule == rule]
    assert found, f"{rule} is not among {[problem.rule for problem in problems_of(document_id, document)]}"
    return found[0]


def mends(document_id: str, document: Document, rule: str) -> list[Mend]:
    return mends_for(problem_of(document_id, document, rule), document_id, document)


def mended(document_id: str, document: Document, rule: str) -> Document:
    """The document after the first mend, which has only taken problems of the rule away."""
    (first, *_) = mends(document_id, document, rule)
    after = first.apply(document)
    assert first.words
    count = [Counter(problem.rule for problem in problems_of(document_id, side)) for side in (document, after)]
    assert count[1][rule] < count[0][rule]
    return after


def coordinates(document: Document) -> Any:
    return next(iter(document.records.values()))["geometry"]["coordinates"]


def test_a_ring_is_closed_by_its_first_position() -> None:
    assert coordinates(mended(WAYS, layer(area(RING[:-1])), "rfc7946-ring-closed")) == [RING]


def test_a_triangle_of_three_positions_is_closed() -> None:
    after = mended(WAYS, layer(area(RING[:3])), "rfc7946-ring-length")
    assert coordinates(after) == [[*RING[:3], RING[0]]]


def test_a_ring_of_the_wrong_direction_is_turned_round() -> None:
    assert coordinates(mended(WAYS, layer(area(RING[::-1])), "rfc7946-winding")) == [RING]


def test_latitude_before_longitude_is_swapped_and_right_positions_stay() -> None:
    line = [[19.9, 102.1], [102.6, 18.0], [13.8, 100.5]]
    after = mended(WAYS, layer(item(coordinates=line)), "rfc7946-swapped")
    assert coordinates(after) == [[102.1, 19.9], [102.6, 18.0], [100.5, 13.8]]


def test_a_point_with_latitude_first_is_swapped() -> None:
    after = mended(WAYS, layer(item(kind="place", coordinates=[37.5, 126.9])), "rfc7946-swapped")
    assert coordinates(after) == [126.9, 37.5]


@pytest.mark.parametrize("line", [[[19.9, 102.1], [2.3, 48.9]], [[12.0, 170.0], [102.0, 18.0]]])
def test_positions_that_a_swap_does_not_bring_onto_the_map_are_left_to_people(line: Any) -> None:
    assert mends(WAYS, layer(item(coordinates=line)), "rfc7946-swapped") == []


def test_positions_are_rounded_to_the_grid() -> None:
    after = mended(WAYS, layer(item(coordinates=[[101.7412, 21.2], [102.1, 19.8888]])), "safety-grid")
    assert coordinates(after) == [[101.7, 21.2], [102.1, 19.9]]


def test_a_line_of_too_many_points_keeps_six_with_both_ends_and_its_corner() -> None:
    line = [[100.0 + n / 10, 20.0 + (n % 2) / 10] for n in range(20)] + [[102.0, 25.0]]
    kept = coordinates(mended(WAYS, layer(item(coordinates=line)), "safety-schematic"))
    assert len(kept) <= 6
    assert [kept[0], kept[-1]] == [line[0], line[-1]]
    assert line[19] in kept or line[18] in kept
    assert all(position in line for position in kept)


def test_repeated_points_go_before_others_do() -> None:
    line = [[100.0, 20.0]] * 5 + [[101.0, 21.0], [102.0, 21.0]]
    assert coordinates(mended(WAYS, layer(item(coordinates=line)), "safety-schematic")) == line[4:]


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"])
def test_a_reference_system_that_says_what_geojson_has_anyway_is_dropped(name: str) -> None:
    document = layer(item(), crs={"type": "name", "properties": {"name": name}})
    after = mended(WAYS, document, "rfc7946-crs")
    assert "crs" not in after.head
    assert after.records == document.records


def test_another_reference_system_is_never_dropped() -> None:
    document = layer(item(), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}})
    assert mends(WAYS, document, "rfc7946-crs") == []


def test_a_feature_without_properties_gets_empty_ones() -> None:
    feature = item()
    del feature["properties"]
    assert mended(WAYS, layer(feature), "rfc7946-no-properties").records["la-way"]["properties"] == {}


def test_a_quoted_number_and_a_misspelt_type_are_corrected() -> None:
    after = mended(WAYS, layer(item(coordinates=[["102.1", 19.9], [102.6, 18.0]])), "rfc7946-position-number")
    assert coordinates(after) == [[102.1, 19.9], [102.6, 18.0]]
    feature = item()
    feature["geometry"]["type"] = "linestring"
    assert mended(WAYS, layer(feature), "rfc7946-type").records == layer(item()).records


@pytest.mark.parametrize(
    ("rule", "typed", "meant"),
    [
        ("feature-kind", {"kind": "Segment"}, {"kind": "segment"}),
        ("feature-property", {"authority": " LA\u200b"}, {"authority": "LA"}),
        ("feature-property", {"authority": "la"}, {"authority": "LA"}),
        ("feature-property", {"routes": ["laos-thailand "]}, {"routes": ["laos-thailand"]}),
    ],
)
def test_blanks_and_capitals_in_properties_are_corrected(rule: str, typed: Any, meant: Any) -> None:
    feature = item()
    feature["properties"] |= typed
    assert mended(WAYS, layer(feature), rule).records["la-way"]["properties"] == {**item()["properties"], **meant}


@pytest.mark.parametrize("typed", [" la-way", "La Way", "LA_WAY"])
def test_an_id_is_made_of_what_is_there_and_keeps_its_place(typed: str) -> None:
    document = layer(item("first"), item(typed), item("last"))
    assert mended(WAYS, document, "feature-id").order == ("first", "la-way", "last")


def test_an_id_that_is_taken_is_not_made_again() -> None:
    assert mends(WAYS, layer(item("la-way"), item("La Way")), "feature-id") == []


@pytest.mark.parametrize(
    ("name", "typed", "rule", "meant"),
    [
        ("policy_events", {"date": "2014", "end": "2013"}, "dates-in-order", {"date": "2013", "end": "2014"}),
        ("risk_notes", {"valid_from": "2014-02", "valid_to": "2014-01-31"}, "dates-in-order",
         {"valid_from": "2014-01-31", "valid_to": "2014-02"}),
        ("effects", {"start": "2014", "seen": "2015", "until": "2013"}, "dates-in-order",
         {"start": "2013", "seen": "2014", "until": "2015"}),
        ("statistics", {"value": "300", "upper": "200"}, "range-in-order", {"value": "200", "upper": "300"}),
        ("policy_events", {"date": "\u200b2013"}, "table-cell", {"date": "2013"}),
        ("policy_events", {"certainty": "Reported"}, "table-cell", {"certainty": "reported"}),
        ("policy_events", {"country": "la"}, "table-cell", {"country": "LA"}),
    ],
)  # fmt: skip
def test_cells_are_corrected_and_the_others_stay(
    name: str, typed: dict[str, str], rule: str, meant: dict[str, str]
) -> None:
    document = table(name, **typed)
    after = mended(name, document, rule)
    assert next(iter(after.records.values())) == {**next(iter(document.records.values())), **meant}


@pytest.mark.parametrize("rule", ["safety-operational", "source-needed", "feature-authority", "layer-title"])
def test_what_asks_for_judgement_has_no_mend(rule: str) -> None:
    spoilt = item(sources=[], description="The guard post.")
    document = layer(spoilt, title=None) if rule == "layer-title" else layer(spoilt)
    if rule == "feature-authority":
        document = layer(item(authority=None))
    assert mends(WAYS, document, rule) == []


def test_a_mend_that_comes_too_late_changes_nothing() -> None:
    document = layer(item(coordinates=[[101.74, 21.2], [102.1, 19.9]]), item("other"))
    (mend,) = mends(WAYS, document, "safety-grid")
    meanwhile = layer(item(coordinates=[[101.74, 21.2], [102.1, 19.9]], name="New"), item("other"))
    assert mend.apply(meanwhile) == meanwhile


@pytest.mark.parametrize("text", ["", "...", "北京", "\ud800", HOSTILE])
def test_an_id_made_of_any_text_is_one_or_nothing(text: str) -> None:
    assert all(c.isascii() and (c.isalnum() or c == "-") for c in id_from(text))


# Real layers, spoilt


def _each(change: Callable[[list[float]], None]) -> Callable[[dict[str, Any]], None]:
    def spoil(feature: dict[str, Any]) -> None:
        if feature["geometry"]["type"] == "Point":
            change(feature["geometry"]["coordinates"])
        else:
            change(feature["geometry"]["coordinates"][-1])

    return spoil


def _longer(feature: dict[str, Any]) -> None:
    feature["geometry"] = {"type": "LineString", "coordinates": [[100 + n / 10, 20 + n * n / 10] for n in range(9)]}
    feature["properties"] |= {"kind": "segment", "authority": "LA"}


SPOILT: dict[str, Callable[[dict[str, Any]], Any]] = {
    "safety-grid": _each(lambda position: position.__setitem__(0, position[0] + 0.0123)),
    "rfc7946-swapped": _each(lambda position: position.reverse()),
    "rfc7946-position-number": _each(lambda position: position.__setitem__(0, str(position[0]))),
    "feature-kind": lambda feature: feature["properties"].update(kind=feature["properties"]["kind"].upper()),
    "feature-id": lambda feature: feature.update(id=feature["id"].upper() + " "),
    "safety-schematic": _longer,
}


@given(name=st.sampled_from(LAYERS), rule=st.sampled_from(sorted(SPOILT)), pick=st.integers(0, 50))
def test_a_spoilt_feature_of_a_real_layer_is_mended_and_the_others_stay(name: str, rule: str, pick: int) -> None:
    good = read_document(name, TEXTS[name].encode())
    features = [json.loads(json.dumps(feature)) for feature in good.records.values()]
    SPOILT[rule](features[pick % len(features)])
    document = Document(good.head, {feature["id"]: feature for feature in features})
    spoilt_id = document.order[pick % len(features)]
    if rule == "rfc7946-swapped" and rule not in {problem.rule for problem in problems_of(name, document)}:
        return  # a latitude that may be a longitude as well
    after = mended(name, document, rule)
    change = changes_between(document, after)
    assert set(change.records) <= {spoilt_id, after.order[pick % len(features)]}
    assert after.head == document.head
    assert [key for key in after.order if key != after.order[pick % len(features)]] == [
        key for key in document.order if key != spoilt_id
    ]


# Text


def lone_problem(text: str) -> Problem:
    (problem,) = problems_of_text(WAYS, text)
    return problem


TEXT = write_document(WAYS, layer(item(), item("other"))).decode()


@pytest.mark.parametrize(
    ("good", "typed"),
    [
        ('"type": "Feature", "id"', '"type": "Feature" "id"'),
        ("[102.1, 19.9]", "[102.1 19.9]"),
        ("},\n{", "}\n{"),
        ("[102.6, 18.0]", "[102.6, 18.0,]"),
        ('"paper @ map"]}', '"paper @ map"],}'),
        ("[102.1, 19.9]", "[102.1,, 19.9]"),
        ("[102.1, 19.9]", "[,102.1, 19.9]"),
        ('"Name of la-way"', "“Name of la-way”"),
    ],
)
def test_a_slip_of_the_pen_is_marked_where_it_is_and_mended(good: str, typed: str) -> None:
    assert good in TEXT
    text = TEXT.replace(good, typed, 1)
    problem = lone_problem(text)
    (place,) = places_of(text, [problem])
    assert abs(place.line - TEXT[: TEXT.index(good)].count("\n") - 1) <= 1
    (mend,) = mends_for_text(problem, text)
    assert json.loads(mend.apply(text)) == json.loads(TEXT)
    assert mend.words


def test_all_quotes_of_a_word_processor_are_made_straight_at_once() -> None:
    text = TEXT.replace('"', "”")
    (mend,) = mends_for_text(lone_problem(text), text)
    assert mend.apply(text) == TEXT


def test_a_byte_order_mark_is_removed() -> None:
    (mend,) = mends_for_text(lone_problem("\ufeff" + TEXT), "\ufeff" + TEXT)
    assert mend.apply("\ufeff" + TEXT) == TEXT


@pytest.mark.parametrize("part", ["feature", "geometry"])
def test_a_single_feature_or_geometry_is_put_into_a_collection(part: str) -> None:
    value = item() if part == "feature" else item()["geometry"]
    text = json.dumps(value)
    (mend,) = mends_for_text(lone_problem(text), text)
    (feature,) = json.loads(mend.apply(text))["features"]
    assert (feature if part == "feature" else feature["geometry"]) == value


@pytest.mark.parametrize("given_id", ["", '"id": 7, '])
def test_a_feature_without_an_id_gets_one_from_its_name(given_id: str) -> None:
    text = TEXT.replace('"id": "la-way", ', given_id).replace("Name of la-way", "Kunming to Laos")
    problem = next(problem for problem in problems_of_text(WAYS, text) if problem.rule == "feature-id")
    (mend,) = mends_for_text(problem, text)
    assert read_document(WAYS, mend.apply(text).encode()).order == ("kunming-to-laos", "other")


def test_a_mend_of_the_document_changes_its_feature_in_the_text_and_no_other_letter() -> None:
    text = TEXT.replace("[101.7, 21.2]", "[101.7412, 21.2]", 1).replace('"other"', '   "other"')
    problem = next(problem for problem in problems_of_text(WAYS, text) if problem.rule == "safety-grid")
    (mend,) = mends_for_text(problem, text)
    assert mend.apply(text) == TEXT.replace('"other"', '   "other"')


@pytest.mark.parametrize(
    "text",
    ['{"a": "he said "no" twice"}', '{"a": 1', '["a": 1]', "{", "", "nul", '{"a": NaN}', '{"a" 1}', "\ud800"],
)
def test_a_text_with_more_than_one_way_out_is_left_to_people(text: str) -> None:
    problems = problems_of_text(WAYS, text)
    assert problems
    assert [mend for problem in problems for mend in mends_for_text(problem, text)] == []


@given(st.text(alphabet='{}[],:"“”1a. \n\ufeff\ud800', max_size=30) | st.text(max_size=30))
def test_any_text_has_places_and_every_mend_of_it_leads_on(text: str) -> None:
    problems = problems_of_text(WAYS, text)
    assert len(places_of(text, problems)) == len(problems)
    for problem in problems:
        for mend in mends_for_text(problem, text):
            assert mend.apply(text) != text


@example(TEXT.index("102.1"), "")  # 02.1 is no missing comma between 0 and 2.1
@given(st.integers(0, len(TEXT) - 1), st.sampled_from(["", ",", "”", "]", '"', "x", "\n"]))
def test_a_letter_struck_out_or_put_in_is_mended_back_or_leads_on(at: int, letter: str) -> None:
    text = TEXT[:at] + letter + TEXT[at + (letter == "") :]
    for problem in problems_of_text(WAYS, text):
        for mend in mends_for_text(problem, text) if problem.rule == "json-syntax" else ():
            left = [left for left in problems_of_text(WAYS, mend.apply(text)) if left.rule == "json-syntax"]
            assert places_of(mend.apply(text), left) > places_of(text, [problem]) or not left
            assert letter not in ("", ",") or json.loads(mend.apply(text)) == json.loads(TEXT)


def test_places_are_told_to_the_column() -> None:
    text = TEXT.replace("[102.1, 19.9]", "[102.1, 91.5]", 1)
    problem = next(problem for problem in problems_of_text(WAYS, text) if problem.rule == "rfc7946-range")
    (place,) = places_of(text, [problem])
    line = text.split("\n")[place.line - 1]
    assert line[place.column - 1 :].startswith("[102.1, 91.5]")


def test_a_problem_of_a_feature_stands_at_the_feature() -> None:
    text = TEXT.replace("Name of other", "The guard post")
    problem = next(problem for problem in problems_of_text(WAYS, text) if problem.rule == "safety-operational")
    assert text.split("\n")[problem.line - 1].startswith('{"type": "Feature", "id": "other"')
