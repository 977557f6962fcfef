"""What goes out comes in again equal: every format, every layer and table, the worst text."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from routes.dataset import DEFAULT_FOLDER
from routes.documents import Document, document_of, id_column, is_layer, read_document
from routes.exchange import (
    FORMATS,
    RefusedFileError,
    export,
    formats_for,
    guess_mapping,
    is_story_file,
    joined,
    mapped,
    read_story_file,
    read_upload,
)
from routes.exchange.apart import read_here
from routes.exchange.cells import as_cell, as_table_cell, from_cell, from_table_cell, guarded, unguarded
from routes.exchange.geometries import as_wkt, from_wkt
from routes.merging import changes_between, same
from routes.tables import TABLES
from routes.text import visible

FILES = sorted([*DEFAULT_FOLDER.glob("*.csv"), *DEFAULT_FOLDER.glob("layers/*.geojson")])
REAL = {
    name: read_document(name, path.read_bytes())
    for path in FILES
    for name in [document_of(path.relative_to(DEFAULT_FOLDER).as_posix())]
}
BOTH_WAYS = [
    (name, form.id)
    for name in REAL
    for form in formats_for(name, "export")
    if form in formats_for(name, "import")
]


def back(
    data: bytes, document_id: str, document: Document, *, into: Document | None = None
) -> Document:
    """The document that an exported file makes of an empty one, or of `into`."""
    (part,) = read_here(data, "export").parts
    mapping = guess_mapping(part, document_id, document)
    incoming = mapped(part, document_id, mapping, taken=document.order)
    return joined(into or Document(document.head), incoming)


def test_every_format_but_shapefile_kmz_and_gpx_goes_both_ways() -> None:
    out = {form for _, form in BOTH_WAYS}
    assert out == {"geojson", "gpkg", "kml", "csv", "xlsx"}
    assert set(FORMATS) - out == {"shapefile", "kmz", "gpx"}


@pytest.mark.parametrize(("name", "form"), BOTH_WAYS)
def test_our_own_records_come_back_equal(name: str, form: str) -> None:
    document = REAL[name]
    data = export(document, name, form, about="CC BY 4.0 <b>")
    assert read_here(data, "export").format == form
    assert not changes_between(document, back(data, name, document))
    assert not changes_between(document, back(data, name, document, into=document))


@pytest.mark.parametrize("form", ["geojson", "gpkg", "kml", "csv", "xlsx"])
def test_the_process_apart_reads_what_is_read_here(form: str) -> None:
    document = REAL["layers/embassies"]
    data = export(document, "layers/embassies", form)
    assert same(read_upload(data, "../x").as_json(), read_here(data, "../x").as_json())


@pytest.mark.parametrize(("name", "form"), BOTH_WAYS)
def test_an_empty_document_comes_back_empty(name: str, form: str) -> None:
    document = Document({"type": "FeatureCollection"} if is_layer(name) else {})
    assert back(export(document, name, form), name, document) == document


STORIES = {path.stem: path.read_bytes() for path in sorted(DEFAULT_FOLDER.glob("stories/*.json"))}


@pytest.mark.parametrize("name", STORIES)
def test_a_story_goes_out_as_its_own_file_and_comes_back_equal(name: str) -> None:
    document = read_document(f"stories/{name}", STORIES[name])
    assert [form.id for form in formats_for(f"stories/{name}", "export")] == ["json"]
    data = export(document, f"stories/{name}", "json", about="CC BY 4.0")
    assert is_story_file(data)
    assert read_story_file(data, "export") == document


def story_with(**chapter: Any) -> bytes:
    story = json.loads(STORIES["laos-2013"])
    story["chapters"][0] |= chapter
    return json.dumps(story).encode()


@pytest.mark.parametrize(
    ("data", "got"),
    [
        (b"id,title\n1,chapters\n", "another file"),
        (b'{"chapters": ', "another file"),
        (b'{"type": "FeatureCollection", "features": [], "chapters": []}', "another file"),
        (b'{"chapters": {}}', "line 1: Expected an object with a list 'chapters'"),
        (b'{"chapters": [7]}', "expected a story whose every part can be shown"),
        (story_with(view={"as_of": "soon"}), "as_of to be a date"),
        (story_with(figure={"kind": "cloud"}), "a figure with a kind"),
        (story_with(id="nine"), "each id once in a story"),
    ],
    ids=["a table", "half a file", "a layer", "no list", "no chapter", "no date", "no figure", "an id twice"],
)
def test_what_is_no_story_is_refused_in_words(data: bytes, got: str) -> None:
    with pytest.raises(RefusedFileError, match=r"^a\.json: expected a story") as caught:
        read_story_file(data, "a.json")
    assert got in str(caught.value)


def test_what_a_document_cannot_be_written_as_is_said() -> None:
    with pytest.raises(RefusedFileError, match="expected one of gpkg, csv, xlsx, got kml"):
        export(REAL["sources"], "sources", "kml")


NASTY = st.one_of(
    st.text(max_size=30),
    st.text(st.sampled_from("=+-@'\t\r\n\0;,\"<>&\\ \ud800\ufffejson:_x0041_\x1b\x85\u2028"), max_size=12),
    st.sampled_from(["json:", "json:1", "json:nonsense", "'=1", "''=1", "_x000D_", "]]>", "<b>x</b>", "-5", "+5", " "]),
)
WITHOUT_HALVES = NASTY.map(lambda text: text.encode("utf-8", "ignore").decode())
JSON = st.recursive(
    st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | WITHOUT_HALVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WITHOUT_HALVES, inner, max_size=3)),
    max_leaves=5,
)
NUMBER = st.floats(-89, 89)
POSITION = st.tuples(NUMBER, NUMBER).map(list)
LINE = st.lists(POSITION, min_size=2, max_size=4)
GEOMETRY = st.one_of(
    st.builds(lambda p: {"type": "Point", "coordinates": p}, POSITION),
    st.builds(lambda p: {"type": "LineString", "coordinates": p}, LINE),
    st.builds(lambda p: {"type": "MultiLineString", "coordinates": p}, st.lists(LINE, min_size=1, max_size=2)),
    st.builds(lambda p: {"type": "MultiPoint", "coordinates": p}, st.lists(POSITION, min_size=1, max_size=3)),
    st.just({"type": "Polygon", "coordinates": [[[0.0, 0.0], [2.5, 0.0], [2.5, 2.5], [0.0, 0.0]]]}),
)
KNOWN = {
    "name": WITHOUT_HALVES.filter(bool),
    "description": WITHOUT_HALVES,
    "routes": st.lists(st.one_of(st.sampled_from(["mongolia", "vietnam"]), WITHOUT_HALVES), max_size=3),
    "sources": st.lists(st.one_of(st.just("paper @ page 3"), WITHOUT_HALVES), max_size=3),
    "width_km": st.one_of(st.integers(1, 500), st.floats(0.1, 500)),
}
AWKWARD_NAMES = st.one_of(
    st.sampled_from(["city", "display", "Name", "fid", "geom", "a.b", "a b", "__proto__", "rowid", "id_2", "select"]),
    WITHOUT_HALVES,
).filter(lambda name: name not in {*KNOWN, "id", "lon", "lat", "wkt", "other_properties"})


@st.composite
def layers(draw: Any) -> Document:
    records = {}
    for number in range(draw(st.integers(1, 3))):
        others = draw(st.dictionaries(AWKWARD_NAMES, JSON, max_size=3))
        properties = draw(st.fixed_dictionaries({}, optional=KNOWN)) | others
        key = f"record-{number}"
        records[key] = {"type": "Feature", "id": key, "geometry": draw(GEOMETRY), "properties": properties}
    return Document({"type": "FeatureCollection", "title": draw(WITHOUT_HALVES)}, records)


@pytest.mark.parametrize("form", [form.id for form in formats_for("layers/any", "export")])
@given(document=layers())
def test_any_layer_comes_back_equal(form: str, document: Document) -> None:
    data = export(document, "layers/any", form)
    returned = back(data, "layers/any", document)
    assert same(returned.records, document.records)
    assert same(back(data, "layers/any", document, into=document).records, document.records)


@pytest.mark.parametrize("form", [form.id for form in formats_for("glossary", "export")])
@given(rows=st.lists(st.tuples(NASTY, NASTY, NASTY), max_size=3))
def test_any_table_comes_back_equal_but_for_half_characters_which_are_written_out(form: str, rows: Any) -> None:
    records = {
        f"term-{n}": {"id": f"term-{n}", "term": term, "definition": definition, "sources": sources}
        for n, (term, definition, sources) in enumerate(rows)
    }
    returned = back(export(Document({}, records), "glossary", form), "glossary", Document({}, records))
    for key, record in records.items():
        for column, text in record.items():
            shown = "".join(visible(sign) if "\ud800" <= sign <= "\udfff" else sign for sign in text)
            assert returned.records[key][column] == shown


@given(text=NASTY)
def test_a_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "@", "\t", "\r"))


@given(field=st.sampled_from(["routes", "sources", "width_km", "name", "city"]), value=JSON)
def test_any_value_comes_back_from_its_cell(field: str, value: Any) -> None:
    assert same(from_cell(field, as_cell(field, value)), value)


@given(text=NASTY)
def test_any_table_cell_comes_back(text: str) -> None:
    shown = text.encode("utf-8", "ignore").decode()
    assert from_table_cell(as_table_cell(shown)) == shown


@given(geometry=GEOMETRY)
def test_wkt_keeps_every_digit(geometry: dict[str, Any]) -> None:
    assert same(from_wkt(as_wkt(geometry)), geometry)


def small(**properties: Any) -> Document:
    record = {"type": "Feature", "id": "here", "geometry": {"type": "Point", "coordinates": [1, 2]},
              "properties": properties}  # fmt: skip
    return Document({"type": "FeatureCollection"}, {"here": record})


def test_no_cell_of_a_spreadsheet_is_a_formula() -> None:
    document = small(name="=1+1", description="+cmd", city="@x", note="\t=1", more="-1+1")
    sheet = load_workbook(io.BytesIO(export(document, "layers/any", "xlsx"))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    rows = list(csv.reader(io.StringIO(export(document, "layers/any", "csv").decode())))
    assert not [cell for cell in rows[1] if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_points_have_plain_longitude_and_latitude_and_lines_have_wkt() -> None:
    line = {"type": "LineString", "coordinates": [[-1.5, 2], [3, 4]]}
    document = small(name="Here")
    way = {**document.records["here"], "id": "way", "geometry": line}
    document = Document(document.head, {**document.records, "way": way})
    rows = list(csv.DictReader(io.StringIO(export(document, "layers/any", "csv").decode())))
    places = [(row["lon"], row["lat"], row["wkt"]) for row in rows]
    assert places == [("1", "2", ""), ("", "", "LINESTRING (-1.5 2, 3 4)")]


def test_kml_holds_no_markup_and_no_description_that_a_globe_would_draw() -> None:
    text = export(small(name="<script>x</script>", description="<img src=x>"), "layers/any", "kml").decode()
    assert "<description" not in text
    assert "img src=x&gt;" in text
    assert "&lt;img" not in text


def test_the_licence_stands_where_the_format_has_a_place() -> None:
    document, about = small(name="Here"), "CC BY 4.0, The Closing Door"
    assert json.loads(export(document, "layers/any", "geojson", about=about))["attribution"] == about
    assert about in export(document, "layers/any", "kml", about=about).decode()
    assert about.encode() in export(document, "layers/any", "gpkg", about=about)
    book = load_workbook(io.BytesIO(export(document, "layers/any", "xlsx", about=about)))
    assert book.properties.description == about


def test_a_text_that_xlsx_would_cut_off_is_refused() -> None:
    with pytest.raises(RefusedFileError, match="Export it as CSV"):
        export(small(name="x" * 40_000), "layers/any", "xlsx")


@pytest.mark.parametrize("form", [form.id for form in formats_for("layers/any", "export")])
@pytest.mark.parametrize(
    "geometry",
    [None, {"type": "Point", "coordinates": []}, {"type": "LineString", "coordinates": [[1, 2]]}, {"type": "Point"},
     {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}, {"type": "Point", "coordinates": ["x", "y"]},
     {"type": "Cloud", "coordinates": [1, 2]}],
)  # fmt: skip
def test_a_draft_with_a_broken_geometry_is_written_or_refused(form: str, geometry: Any) -> None:
    document = small(name="Here")
    document = Document({}, {"a\0\u00e4": {**document.records["here"], "id": "a\0\u00e4", "geometry": geometry}})
    try:
        data = export(document, "layers/any", form)
    except RefusedFileError as error:
        said = str(error)
    else:
        assert data
        return
    assert said.startswith("layers/any: expected whole geometries and plain values")


def test_a_format_has_a_table_or_layer_for_every_way_it_goes() -> None:
    for form in FORMATS.values():
        assert form.layer
        assert form.table <= form.layer
        assert form.extension.startswith(".")
        assert form.label == f"exchange.format.{form.id}"


def test_ids_are_the_first_column_of_every_table() -> None:
    assert {id_column(name) for name in TABLES} == {"id", "code"}
    assert all(fields(kind)[0].name in ("id", "code") for kind in TABLES.values())


def test_every_file_of_the_data_folder_is_covered() -> None:
    assert len(REAL) == len([*Path(DEFAULT_FOLDER).glob("layers/*")]) + len(TABLES)
