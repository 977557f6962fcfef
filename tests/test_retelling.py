"""Changes in words: what a person did can be read by another, whole and without looking at the files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import HOSTILE, item

from routes.dataset import DEFAULT_FOLDER
from routes.documents import Document, read_document
from routes.merging import Change, Conflict, changes_between
from routes.naming import label_of, value_words
from routes.retelling import LONGEST_SUMMARY, distance_km, is_sensitive, retell, retell_conflict, summary
from routes.store import Revision, RevisionKind
from routes.tables import TABLES

WAYS = "layers/ways"
LINE = [[102.7, 25.0], [101.5, 22.1], [102.6, 18.0]]
HEAD = {"type": "FeatureCollection", "title": "Ways"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def way(**changes: Any) -> dict[str, Any]:
    return item("way", **{"coordinates": LINE, "name": "Kunming to Laos", **changes})


def layer(*features: dict[str, Any], **head: Any) -> Document:
    return Document({**HEAD, **head}, {feature["id"]: feature for feature in features})


def table(name: str) -> Document:
    return read_document(name, (DEFAULT_FOLDER / f"{name}.csv").read_bytes())


def edited(name: str, /, **cells: str) -> tuple[Document, Document]:
    """The first record of a real table, before and after."""
    (key, row), *_ = table(name).records.items()
    return Document({}, {key: row}), Document({}, {key: {**row, **cells}})


def said(before: Document | None, after: Document | None, document_id: str = WAYS) -> list[str]:
    return [told.sentence for told in retell(document_id, changes_between(before, after))]


@pytest.mark.parametrize(
    ("feature", "sentence"),
    [
        (way(coordinates=[LINE[0], [101.8, 22.1], LINE[2]]), "Moved “Kunming to Laos” by 31 km"),
        (way(coordinates=[LINE[0], LINE[1], [102.0, 20.0], [102.3, 19.0], LINE[2]]),
         "Reshaped “Kunming to Laos”: 2 points more"),
        (way(coordinates=LINE[1:]), "Reshaped “Kunming to Laos”: 1 point fewer"),
        (way(coordinates=[[101.8, 22.1], LINE[2]]), "Moved “Kunming to Laos” by 31 km, 1 point fewer"),
        (way(coordinates=LINE[::-1]), "Reversed “Kunming to Laos”"),
        ({**way(), "geometry": {"type": "Point", "coordinates": [1, 2]}}, "Drew “Kunming to Laos” anew"),
        ({**way(), "geometry": None}, "Drew “Kunming to Laos” anew"),
        (way(authority="CN"), "Authority of route segment “Kunming to Laos” changed from “LA” to “CN”"),
        (way(sources=["paper @ map", "lee-closing-door"]), "Source lee-closing-door added to “Kunming to Laos”"),
        (way(sources=["paper @ page 2"]), "Source of “Kunming to Laos” changed from “paper @ map” to “paper @ page 2”"),
        (way(sources=[]), "Source paper @ map removed from “Kunming to Laos”"),
        (way(description="New."), "Description of route segment “Kunming to Laos” added: “New.”"),
        (way(colour="red"), "colour of route segment “Kunming to Laos” added: “red”"),
    ],
)  # fmt: skip
def test_an_edit_of_a_feature_is_one_sentence(feature: dict[str, Any], sentence: str) -> None:
    assert said(layer(way()), layer(feature)) == [sentence]


RING = [[100.0, 15.0], [104.0, 15.0], [104.0, 18.0], [102.0, 19.0], [100.0, 18.0], [100.0, 15.0]]


def area(ring: list[list[float]], key: str = "way") -> dict[str, Any]:
    return {**way(), "id": key, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def corner_moved(*numbers: int, by: float = 1.0) -> list[list[float]]:
    """The ring with some corners further east, closed as before."""
    ring = [[lon + by, lat] if n in numbers else [lon, lat] for n, (lon, lat) in enumerate(RING[:-1])]
    return [*ring, ring[0]]


@pytest.mark.parametrize(
    ("ring", "sentence"),
    [
        (corner_moved(2), "Reshaped “Kunming to Laos”: 1 corner moved by 106 km"),
        (corner_moved(0), "Reshaped “Kunming to Laos”: 1 corner moved by 107 km"),
        (corner_moved(0, 2), "Reshaped “Kunming to Laos”: 2 corners moved, by 107 km at most"),
        (corner_moved(0, 1, 2, 3, 4), "Moved “Kunming to Laos” by 107 km"),
        ([*RING[:3], *RING[4:]], "Reshaped “Kunming to Laos”: 1 point fewer"),
    ],
)
def test_an_area_is_moved_when_all_of_it_moves_the_same_way_and_else_reshaped(ring: Any, sentence: str) -> None:
    assert said(layer(area(RING)), layer(area(ring))) == [sentence]


HALVES = [[*RING[0:4], RING[0]], [RING[3], RING[4], RING[0], RING[3]]]


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        (way(), [way(coordinates=LINE[:2]), {**way(coordinates=LINE[1:]), "id": "way-2"}]),
        (area(RING), [area(HALVES[0]), area(HALVES[1], "way-2")]),
        (area(RING), [area(HALVES[0]), area(HALVES[1][::-1], "way-2")]),
    ],
    ids=["a line", "an area", "an area wound the other way"],
)
def test_a_split_is_told_as_one_and_so_is_its_taking_back(whole: Any, parts: list[dict[str, Any]]) -> None:
    change = changes_between(layer(whole, item("other")), layer(*parts, item("other")))
    (told,) = retell(WAYS, change)
    assert told.sentence == "Split “Kunming to Laos” in two; the new part is “way-2”"
    assert [field.field for field in told.fields].count("/geometry") == 2, "both shapes can be read"
    (told,) = retell(WAYS, change.inverse)
    assert told.sentence == "Joined “Kunming to Laos” with “way-2” again"


def test_a_line_split_twice_names_its_parts_and_what_else_was_changed() -> None:
    line = [*LINE, [103.0, 17.0]]
    parts = [way(coordinates=line[:2], authority="CN")]
    parts += [{**way(coordinates=line[n : n + 2]), "id": f"way-{n + 1}"} for n in (1, 2)]
    assert said(layer(way(coordinates=line)), layer(*parts)) == [
        "Split “Kunming to Laos”; its 2 new parts are “way-2”, “way-3”",
        "Authority of route segment “Kunming to Laos” changed from “LA” to “CN”",
    ]


@pytest.mark.parametrize(
    "other", [[LINE[1], [102.9, 18.0]], [LINE[0], LINE[2]], LINE], ids=["another end", "a short cut", "a copy"]
)
def test_what_is_no_split_is_told_as_before(other: list[list[float]]) -> None:
    after = layer(way(coordinates=LINE[:2]), {**way(coordinates=other), "id": "way-2"})
    assert said(layer(way()), after) == [
        "Reshaped “Kunming to Laos”: 1 point fewer", "Added the route segment “Kunming to Laos”",
    ]  # fmt: skip


def test_distances_are_great_circles() -> None:
    assert distance_km((0, 0), (180, 0)) == pytest.approx(20015, abs=1)
    assert distance_km((179.9, 0), (-179.9, 0)) == pytest.approx(22.2, abs=0.1)


def test_an_edit_of_a_cell_names_column_record_and_both_values() -> None:
    before, after = edited("effects", stance="mixed")
    assert said(before, after, "effects") == [
        "Stance of effect “cn-tolerates-to-mid-1990s” changed from “tolerates” to “mixed”"
    ]


def test_a_long_text_is_told_by_the_words_that_differ_and_kept_whole() -> None:
    before, after = edited("risk_notes")
    (row,) = after.records.values()
    changed = {**row, "text": row["text"].replace("migrants", "economic migrants") + " Since 2013."}
    (told,) = retell("risk_notes", changes_between(before, Document({}, {row["id"]: changed})))
    assert told.sentence.endswith("changed: “economic” added, and 1 more place")
    (both,) = told.fields
    assert (both.before, both.after) == (row["text"], changed["text"])


def test_an_event_that_comes_or_goes_is_said_with_its_date() -> None:
    events = table("policy_events")
    one = Document({}, {"la-nine-returned-2013": events.records["la-nine-returned-2013"]})
    title = events.records["la-nine-returned-2013"]["title"]
    (added,) = said(Document(), one, "policy_events")
    (removed,) = said(one, Document(), "policy_events")
    assert added.startswith(f"Added the event “{title[:40]}")
    assert added.endswith(" 2013)")
    assert removed.startswith("Removed the event “")


def test_the_head_the_order_and_whole_layers_are_told() -> None:
    one, other = way(), item("other")
    assert said(layer(one), layer(one, title="Roads")) == ["Title of layer “Ways” changed from “Ways” to “Roads”"]
    assert said(layer(one, other), layer(other, one)) == ["Changed the order of the records"]
    assert said(layer(one), layer(other, one)) == ["Added the route segment “Name of other”"]
    added = said(None, layer(one, other))
    assert added[0] == "Added the layer “Ways” with 2 features"
    names = [record["properties"]["name"] for record in (one, other)]
    assert added[-2:] == [f"Added the route segment “{name}”" for name in names]
    assert said(layer(one), None) == ["Removed the layer “Ways” with 1 feature"]


def test_a_figure_is_called_by_its_series_and_period() -> None:
    before, after = edited("statistics", value="10")
    (told,) = retell("statistics", changes_between(before, after), {"series": table("series")})
    assert told.name.startswith("North Koreans admitted")
    assert told.name.endswith(" 2006")


@pytest.mark.parametrize("name", TABLES)
def test_every_column_of_every_table_has_a_label_and_its_records_a_kind_and_a_name(name: str) -> None:
    records = table(name).records
    for told in retell(name, changes_between(Document(), Document({}, records))):
        assert told.name
        assert told.sentence.startswith("Added the ")
        assert all(field.label[0].isupper() for field in told.fields)


# Summaries


def revision(*changes: tuple[str, Change]) -> Revision:
    return Revision(number=2, kind="save", author="a", publisher="a", time="", reason="", base=1, changes=dict(changes))


def test_a_summary_is_one_line_that_begins_with_what_was_done() -> None:
    after = layer(way(coordinates=[LINE[0], [101.8, 22.1], LINE[2]], sources=["paper @ map", "lee-closing-door"]))
    told = summary(revision((WAYS, changes_between(layer(way()), after))))
    assert told == "moved “Kunming to Laos” by 31 km; source lee-closing-door added to “Kunming to Laos”"


def test_a_long_summary_counts_what_it_leaves_out() -> None:
    after = layer(*(item(f"way-{n}") for n in range(9)))
    told = summary(revision((WAYS, changes_between(layer(), after))))
    assert len(told) <= LONGEST_SUMMARY
    assert told.endswith("and 7 more changes")


def test_a_revision_that_changes_nothing_says_so() -> None:
    assert summary(revision()) == "nothing changed"


@pytest.mark.parametrize(
    ("kind", "told"),
    [("start", "the history begins here"), ("redaction", "a detail was taken out of the history")],
)
def test_a_beginning_and_a_redaction_are_told_for_what_they_are(kind: RevisionKind, told: str) -> None:
    assert summary(replace(revision(), kind=kind)) == told


# Second person


@pytest.mark.parametrize("column", ["stance", "basis", "start", "until", "seen", "scope", "event", "note"])
def test_any_change_of_an_effect_needs_a_second_person(column: str) -> None:
    assert is_sensitive("effects", changes_between(*edited("effects", **{column: "x"}))) == "retelling.sensitive_stance"


@pytest.mark.parametrize("sides", [("reported", "alleged"), ("alleged", "reported"), ("alleged", "alleged")])
@pytest.mark.parametrize("name", ["policy_events", "risk_notes"])
def test_what_is_or_becomes_alleged_needs_a_second_person(name: str, sides: tuple[str, str]) -> None:
    one, other = (edited(name, certainty=side)[1] for side in sides)
    ((key, row),) = other.records.items()
    other = Document({}, {key: {**row, "title": "New"}})
    assert is_sensitive(name, changes_between(one, other)) == "retelling.sensitive_alleged"
    assert is_sensitive(name, changes_between(None, other)) == (
        "retelling.sensitive_alleged" if sides[1] == "alleged" else None
    )


def test_another_authority_of_a_segment_needs_a_second_person_and_another_name_does_not() -> None:
    assert is_sensitive(WAYS, changes_between(layer(way()), layer(way(authority="CN"))))
    assert is_sensitive(WAYS, changes_between(layer(way()), layer(way(description="New")))) is None
    assert is_sensitive("sources", changes_between(*edited("sources", title="New"))) is None


# Conflicts


def test_a_conflict_says_what_each_side_has() -> None:
    told = retell_conflict(Conflict("policy_events", "x", "/date", "2013-05", "2013-05-28", None))
    assert (told.label, told.base, told.ours, told.theirs) == ("Date", "May 2013", "28 May 2013", None)


def test_a_conflict_of_a_whole_record_shows_the_record() -> None:
    told = retell_conflict(Conflict(WAYS, "way", "", way(), None, way(name="Other")))
    assert told.ours is None
    assert "Name: Kunming to Laos" in str(told.base)
    assert "LineString: 102.7, 25; 101.5, 22.1" in str(told.base)


@given(JSON, JSON)
def test_whatever_stands_in_a_field_is_told_as_text(one: Any, other: Any) -> None:
    for field in ("geometry", "properties", "id", HOSTILE):
        before, after = ({**way(), field: value} for value in (one, other))
        change = changes_between(Document(HEAD, {"way": before}), Document(HEAD, {"way": after}))
        told = retell(WAYS, change)
        assert bool(told) == bool(change)
        assert all(fact.sentence for fact in told)
        assert len(summary(revision((WAYS, change)))) <= LONGEST_SUMMARY
        assert isinstance(value_words(field, one), str)


@given(st.sampled_from(sorted(TABLES)), st.text(max_size=80), st.text(max_size=80))
def test_whatever_stands_in_a_cell_is_told_as_text(name: str, one: str, other: str) -> None:
    for column in table(name).records[table(name).order[0]]:
        change = changes_between(edited(name, **{column: one})[1], edited(name, **{column: other})[1])
        assert all(fact.sentence and fact.fields for fact in retell(name, change))
        assert bool(retell(name, change)) == bool(change)


def test_a_change_taken_back_is_told_from_the_other_side() -> None:
    change = changes_between(layer(way()), layer(way(authority="CN")))
    (told,) = retell(WAYS, change.inverse)
    assert told.sentence.endswith("changed from “CN” to “LA”")
    assert replace(told.fields[0], before="LA", after="CN") == retell(WAYS, change)[0].fields[0]


def test_a_field_without_a_label_of_ours_is_called_as_it_is() -> None:
    assert label_of("/properties/a~1b") == "a/b"
