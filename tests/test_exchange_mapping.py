"""From columns to records: which column is which, ids, updates that lose nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.documents import Document
from routes.exchange import Item, Part, RefusedFileError, fields_for, guess_mapping, joined, mapped
from routes.exchange.mapping import slug
from routes.records import ID_PATTERN

POINT = {"type": "Point", "coordinates": [102.6, 18.0]}
TARGET = "layers/laos-thailand"


def part(*rows: dict[str, Any], geometry: Any = None, are_cells: bool = True) -> Part:
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    items = tuple(Item(geometry, {name: value for name, value in row.items() if value != ""}) for row in rows)
    return Part(file="a.csv", name="", columns=columns, items=items, are_cells=are_cells)


def taken_in(given: Part, target: str = TARGET, defaults: Any = None, existing: Document | None = None) -> Any:
    mapping = guess_mapping(given, target, existing)
    return mapped(given, target, mapping, defaults, taken=existing.order if existing else ())


def existing(**properties: Any) -> Document:
    properties = {"name": "Vientiane", **properties}
    feature = {"type": "Feature", "id": "vientiane", "geometry": POINT, "properties": properties}
    return Document({"title": "Ways"}, {"vientiane": feature, "other": {**feature, "id": "other"}})


@pytest.mark.parametrize(
    ("column", "field"),
    [("Name", "name"), ("title", "name"), ("LONGITUDE", "lon"), ("Lat.", "lat"), ("descriptio", "description"),
     ("From name", "from"), ("the_geom", "wkt"), ("notes", "description"), ("Width km", "width_km")],
)  # fmt: skip
def test_a_column_is_recognised_by_its_usual_names(column: str, field: str) -> None:
    mapping = guess_mapping(part({column: "x"}), TARGET)
    assert {name: found for name, found in mapping.items() if found} == {field: column}


def test_a_column_of_the_right_name_goes_before_one_of_a_like_name() -> None:
    mapping = guess_mapping(part({"title": "x", "name": "y"}), TARGET)
    assert mapping["name"] == "name"
    assert "title" not in mapping.values()


def test_foreign_columns_are_not_taken_in_unless_the_layer_has_them_or_somebody_maps_them() -> None:
    given = part({"name": "A", "OBJECTID": "7", "city": "B"})
    assert taken_in(given).document.records["a"]["properties"] == {"name": "A"}
    assert "city" in fields_for(given, TARGET, existing(city="Vientiane"))
    known = taken_in(given, existing=existing(city="x")).document
    assert known.records["a"]["properties"] == {"name": "A", "city": "B"}
    chosen = mapped(given, TARGET, {"name": "name", "city": "OBJECTID"}).document
    assert chosen.records["a"]["properties"] == {"name": "A", "city": "7"}


def test_columns_that_no_field_takes_are_named() -> None:
    given = part({"name": "A", "OBJECTID": "7", "city": "B", "empty": ""})
    assert taken_in(given).notes[0] == "Columns left out, since no field takes them: OBJECTID, city."
    many = part({"name": "A", **{f"c{n}": "x" for n in range(20)}})
    assert taken_in(many).notes[0].endswith("c10, c11 and 8 more.")
    assert not any("left out" in note for note in taken_in(part({"name": "A"})).notes)


def test_columns_do_not_go_into_a_story() -> None:
    with pytest.raises(RefusedFileError, match=r"a\.csv: expected a layer or table .* got the story 'stories/x'"):
        guess_mapping(part({"id": "nine"}), "stories/x")


def test_values_are_typed_as_our_layers_have_them() -> None:
    row = {"id": "x", "kind": "band", "routes": "mongolia, vietnam", "sources": "a @ p. 3; b", "width_km": "120"}
    feature = taken_in(part(row, geometry=POINT)).document.records["x"]
    assert feature == {"type": "Feature", "id": "x", "geometry": POINT, "properties": {
        "kind": "band", "routes": ["mongolia", "vietnam"], "sources": ["a @ p. 3", "b"], "width_km": 120}}  # fmt: skip


def test_a_number_under_a_text_is_a_text() -> None:
    feature = taken_in(part({"name": 12, "width_km": 1.5}, geometry=POINT, are_cells=False)).document.records["12"]
    assert feature["properties"] == {"name": "12", "width_km": 1.5}


def test_places_come_from_longitude_and_latitude_or_from_wkt() -> None:
    rows = [{"name": "A", "lon": "102.6", "lat": "18"}, {"name": "B", "lon": "102,6", "lat": "18,0"},
            {"name": "C", "wkt": "POINT Z (102.6 18 5)"}, {"name": "D"}]  # fmt: skip
    records = taken_in(part(*rows)).document.records
    assert [records[key]["geometry"] for key in "abc"] == [POINT] * 3
    assert records["d"]["geometry"] is None


@pytest.mark.parametrize(
    "row",
    [{"lon": "18", "lat": "102.6"}, {"lon": "x", "lat": "1"}, {"lon": "1"}, {"lon": "nan", "lat": "1"},
     {"lon": "1e999", "lat": "1"}, {"wkt": "POINT (1"}, {"wkt": "POINT (nan nan)"}, {"wkt": "=1+1"},
     {"wkt": "GEOMETRYCOLLECTION(" * 5000}],
)  # fmt: skip
def test_a_place_that_cannot_be_read_is_refused_with_its_record(row: dict[str, str]) -> None:
    with pytest.raises(RefusedFileError, match=r"a\.csv, record 2: expected "):
        taken_in(part({"name": "A"}, {"name": "B", **row}))


def test_a_mapping_to_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(RefusedFileError, match=r"a\.csv: expected the columns name, got no column 'x'"):
        mapped(part({"name": "A"}), TARGET, {"name": "x"})


def test_ids_are_made_of_names_and_each_is_one() -> None:
    given = part({"name": "Vang Vieng"}, {"name": "Vang Vieng!"}, {"name": "\ud55c"}, {"id": "Luang Prabang"})
    incoming = taken_in(given)
    assert incoming.document.order == ("vang-vieng", "vang-vieng-2", "laos-thailand", "luang-prabang")
    assert len(incoming.notes) == 2


def test_an_id_that_is_made_never_meets_one_that_exists() -> None:
    incoming = taken_in(part({"name": "Vientiane"}), existing=existing())
    assert incoming.document.order == ("vientiane-2",)


def test_a_record_with_an_id_that_exists_is_updated_and_the_rest_stands() -> None:
    before = existing(city="Vientiane", kind="place", note=None)
    incoming = taken_in(part({"id": "vientiane", "name": "New", "kind": ""}), existing=before)
    after = joined(before, incoming)
    assert after.order == ("vientiane", "other")
    assert after.head == before.head
    assert after.records["other"] == before.records["other"]
    assert after.records["vientiane"] == {
        "type": "Feature", "id": "vientiane", "geometry": POINT,
        "properties": {"name": "New", "city": "Vientiane", "note": None},
    }  # fmt: skip


RING = [[100.0, 15.0], [104.0, 15.0], [104.0, 18.0], [100.0, 15.0]]


@pytest.mark.parametrize(
    ("before", "given", "after"),
    [
        (("Polygon", [RING]), ("MultiPolygon", [[RING]]), ("Polygon", [RING])),
        (("LineString", RING[:2]), ("MultiLineString", [RING[1:3]]), ("LineString", RING[1:3])),
        (("Polygon", [RING]), ("MultiPolygon", [[RING], [RING]]), ("MultiPolygon", [[RING], [RING]])),
        (("MultiPolygon", [[RING]]), ("MultiPolygon", [[RING]]), ("MultiPolygon", [[RING]])),
    ],
    ids=["an area", "a line", "two areas", "one that was several"],
)
def test_what_a_gis_gives_back_as_several_of_one_stays_a_single_one(before: Any, given: Any, after: Any) -> None:
    old, new, wanted = ({"type": kind, "coordinates": at} for kind, at in (before, given, after))
    document = existing()
    document = Document(document.head, {"vientiane": {**document.records["vientiane"], "geometry": old}})
    incoming = taken_in(part({"id": "vientiane"}, geometry=new), existing=document)
    assert joined(document, incoming).records["vientiane"]["geometry"] == wanted


def test_defaults_fill_gaps_and_overwrite_nothing() -> None:
    before = existing(kind="place")
    rows = part({"id": "vientiane", "name": "New"}, {"id": "more", "name": "More"})
    after = joined(before, taken_in(rows, defaults={"kind": "mission", "routes": "mongolia"}, existing=before))
    assert after.records["vientiane"]["properties"] == {"name": "New", "kind": "place", "routes": ["mongolia"]}
    assert after.records["more"]["properties"] == {"name": "More", "kind": "mission", "routes": ["mongolia"]}


def test_rows_of_a_table_have_its_columns_and_keep_what_the_file_does_not_speak_of() -> None:
    row = {"id": "refugee", "term": "refugee", "definition": "Who flees.", "sources": "paper"}
    before = Document({}, {"refugee": row})
    after = joined(before, taken_in(part({"id": "refugee", "definition": ""}), "glossary", existing=before))
    assert after.records["refugee"] == {**row, "definition": ""}
    more = part({"term": "Third Country", "definition": "x"})
    after = joined(after, taken_in(more, "glossary", {"sources": "paper"}, after))
    assert after.records["third-country"] == {
        "id": "third-country", "term": "Third Country", "definition": "x", "sources": "paper",
    }  # fmt: skip


def test_countries_keep_their_codes() -> None:
    assert taken_in(part({"code": "LA", "name": "Laos"}), "countries").document.order == ("LA",)


@given(text=st.text())
def test_a_slug_is_an_id_or_nothing(text: str) -> None:
    assert slug(text) == "" or ID_PATTERN.fullmatch(slug(text))


CELL = st.one_of(st.text(max_size=8), st.sampled_from(["vientiane", "json:[1]", "json:{}", "12", "a;b", "=1"]))
NAMES = st.sampled_from(["id", "name", "kind", "routes", "sources", "city", "other_properties"])


@given(rows=st.lists(st.dictionaries(NAMES, CELL), max_size=4), own=st.dictionaries(NAMES, st.text(min_size=1)))
def test_joining_never_takes_a_record_away_nor_a_field_the_file_is_silent_on(rows: Any, own: dict[str, str]) -> None:
    before = existing(**own)
    given = part(*rows)
    incoming = taken_in(given, existing=before)
    after = joined(before, incoming)
    assert after.order[:2] == before.order
    assert len(after.order) == len({*before.order, *incoming.document.order})
    spoken = {name.removeprefix("/properties/") for name in incoming.covers}
    for key, record in before.records.items():
        silent = {name: value for name, value in record["properties"].items() if name not in spoken}
        assert silent.items() <= after.records[key]["properties"].items()
        assert after.records[key]["geometry"] == POINT
    assert joined(after, incoming) == after
