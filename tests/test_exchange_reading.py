"""Files as colleagues send them: each format, other coordinate systems, layers, sheets, encodings."""

from __future__ import annotations

import datetime as dt
import io
import json
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from openpyxl import Workbook
from pyogrio import raw

from routes.exchange import RefusedFileError, Upload, read_upload
from routes.exchange.apart import read_here
from routes.exchange.gis_in import DRIVERS
from routes.exchange.reading import ENVIRONMENT

BANGKOK = (100.5, 13.8)


def packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def places(crs: str | None, *, heights: bool = False) -> dict[str, Any]:
    """What pyogrio writes: Bangkok and a place without geometry, in a coordinate system."""
    point = BANGKOK
    if crs:
        point = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(*BANGKOK)
    shapes = np.array([shapely.Point(*point, *([20.0] if heights else [])), None], dtype=object)
    return {
        "geometry": shapely.to_wkb(shapes),
        "field_data": [np.array(["Bangkok", "Nowhere"], dtype=object), np.array([1.0, 2.5])],
        "fields": ["name", "size"],
        "geometry_type": "Point Z" if heights else "Point",
        "crs": crs,
    }


def gpkg(**layers: Any) -> bytes:
    out = io.BytesIO()
    for name, what in layers.items():
        one = io.BytesIO()
        raw.write(one, **what, layer=name, driver="GPKG")
        out = one
    return out.getvalue()


def shapefile(tmp_path: Path, crs: str | None, *, without: tuple[str, ...] = (), folder: str = "a folder/") -> bytes:
    tmp_path.mkdir(exist_ok=True)
    raw.write(str(tmp_path / "Places.shp"), **places(crs), driver="ESRI Shapefile")
    files = {path.suffix: path.read_bytes() for path in sorted(tmp_path.iterdir())}
    return packed({f"{folder}Places{end}": content for end, content in files.items() if end not in without})


def workbook(*rows: list[Any], **sheets: list[list[Any]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def only(upload: Upload) -> list[tuple[Any, dict[str, Any]]]:
    (part,) = upload.parts
    return [(item.geometry, dict(item.values)) for item in part.items]


KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>All</name>
<Folder><name>Cities</name><Placemark><name>Bangkok</name><description>The &lt;b&gt;end&lt;/b&gt;</description>
<TimeStamp><when>2013-05</when></TimeStamp><ExtendedData><Data name="kind"><value>place</value></Data></ExtendedData>
<Point><coordinates>100.5,13.8,20</coordinates></Point></Placemark></Folder>
<Folder><name>Ways</name><Placemark><MultiGeometry><LineString><coordinates>1,2 3,4</coordinates></LineString>
<LineString><coordinates> 5,6
7,8 </coordinates></LineString></MultiGeometry></Placemark><Placemark><Polygon><outerBoundaryIs><LinearRing>
<coordinates>0,0 2,0 2,2 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
<NetworkLink><Link><href>http://example.org/more.kml</href></Link></NetworkLink></Folder></Document></kml>"""

GPX = """<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="13.8" lon="100.5"><ele>20</ele><time>2013-05-28T00:00:00Z</time><name>Bangkok</name></wpt>
<rte><name>Way</name><rtept lat="2" lon="1"/><rtept lat="4" lon="3"/></rte>
<trk><trkseg><trkpt lat="2" lon="1"/><trkpt lat="4" lon="3"/></trkseg>
<trkseg><trkpt lat="6" lon="5"/><trkpt lat="8" lon="7"/></trkseg></trk></gpx>"""


def test_kml_gives_a_part_for_each_folder_and_follows_no_link() -> None:
    upload = read_here(KML.encode(), "a.kml")
    cities, ways = upload.parts
    assert (upload.format, cities.name, ways.name) == ("kml", "All / Cities", "All / Ways")
    assert cities.items[0].values == {"name": "Bangkok", "description": "The <b>end</b>", "date": "2013-05",
                                      "kind": "place"}  # fmt: skip
    assert cities.items[0].geometry == {"type": "Point", "coordinates": [100.5, 13.8]}
    assert [item.geometry["type"] for item in ways.items if item.geometry] == ["MultiLineString", "Polygon"]
    assert upload.notes == ("Links to other files were not followed.", "Heights were left out, of 1 in all.")


def test_kmz_is_read_from_its_main_document() -> None:
    data = packed({"files/overlay.png": b"\x89PNG", "doc.kml": KML.encode(), "other.kml": b"<kml/>"})
    upload = read_here(data, "a.kmz")
    assert upload.format == "kmz"
    assert upload.parts[0].items[0].values["name"] == "Bangkok"


def test_gpx_gives_points_and_lines_without_times() -> None:
    upload = read_here(GPX.encode(), "a.gpx")
    assert [part.name for part in upload.parts] == ["waypoints", "routes", "tracks"]
    assert upload.parts[0].items[0].values == {"name": "Bangkok"}
    geometries = [part.items[0].geometry for part in upload.parts]
    assert [geometry["type"] for geometry in geometries if geometry] == ["Point", "LineString", "MultiLineString"]
    assert upload.notes == ("Times and heights in the file were left out.",)


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:5179", "EPSG:4326"])
def test_shapefile_and_geopackage_are_brought_to_wgs_84(crs: str, tmp_path: Path) -> None:
    for data in (shapefile(tmp_path, crs), gpkg(places=places(crs))):
        upload = read_here(data, "a")
        (geometry, values), (nothing, _) = only(upload)
        assert geometry["coordinates"] == pytest.approx(BANGKOK, abs=1e-6)
        assert values == {"name": "Bangkok", "size": 1}
        assert nothing is None
        assert any(note.startswith(f"Reprojected from {crs}") for note in upload.notes) == (crs != "EPSG:4326")
        assert "Without geometry: 1 in all." in upload.notes


def test_geojson_with_an_old_crs_is_brought_to_wgs_84() -> None:
    x, y = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:5179", always_xy=True).transform(127.0, 37.5)
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [x, y]}}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::5179"}}
    upload = read_here(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}).encode(), "a")
    assert only(upload)[0][0]["coordinates"] == pytest.approx((127.0, 37.5), abs=1e-6)
    assert upload.notes[0].startswith("Reprojected from EPSG:5179")


def test_a_shapefile_without_prj_in_degrees_is_taken_as_wgs_84_and_it_is_said(tmp_path: Path) -> None:
    upload = read_here(shapefile(tmp_path, "EPSG:4326", without=(".prj", ".cpg")), "a.zip")
    assert "places names no coordinate system; it was taken as WGS 84." in upload.notes
    assert any("does not say its encoding" in note for note in upload.notes)


def test_a_shapefile_without_prj_in_metres_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFileError, match=r"a\.zip: expected a layer that names its coordinate system.*\.prj"):
        read_here(shapefile(tmp_path, "EPSG:3857", without=(".prj",)), "a.zip")


def test_heights_are_left_out_and_it_is_said() -> None:
    upload = read_here(gpkg(places=places("EPSG:4326", heights=True)), "a")
    assert only(upload)[0][0]["coordinates"] == list(BANGKOK)
    assert "Heights in places were left out." in upload.notes


def test_layers_of_a_geopackage_are_parts(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    raw.write(str(path), **places("EPSG:4326"), layer="one", driver="GPKG")
    raw.write(str(path), **places("EPSG:3857"), layer="two", driver="GPKG", append=True)
    assert [part.name for part in read_here(path.read_bytes(), "a").parts] == ["one", "two"]


def test_a_geopackage_left_open_in_qgis_is_read(tmp_path: Path) -> None:
    path = tmp_path / "open.gpkg"
    path.write_bytes(gpkg(places=places("EPSG:4326")))
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.close()
    assert path.read_bytes()[18] == 2
    assert len(only(read_here(path.read_bytes(), "a"))) == 2


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_csv_in_utf_8_is_read_with_any_usual_separator(separator: str, start: str) -> None:
    text = start + 'name|lon|lat\n"Z\u00fcrich\nsee"|8.5|47.4\n\n'.replace("|", separator)
    (item,) = only(read_here(text.encode(), "a.csv"))
    assert item == (None, {"name": "Z\u00fcrich\nsee", "lon": "8.5", "lat": "47.4"})


def test_headings_that_are_missing_or_repeated_are_named() -> None:
    (part,) = read_here(b"name,,name\na,b,c\n", "a.csv").parts
    assert part.columns == ("name", "column 2", "name (3)")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("n\u00e4me\nB\n".encode("latin-1"), "expected a text in UTF-8, got the byte 0xE4 in line 1"),
        ("name\nB\n".encode("utf-16"), "expected text in UTF-8, got UTF-16"),
        ("name\nB\n".encode("utf-16-le"), "got a zero byte in line 1"),
        (b"name\nB\0\n", "got a zero byte in line 2"),
        (b'name\n"B\n', "expected quotes in pairs"),
        (b"name\nB,C\n", "expected at most 1 cells, one for each heading, got 2 in row 2"),
        (json.dumps({"type": "Point", "coordinates": [1, 2]}).encode("utf-16"), "expected text in UTF-8, got UTF-16"),
        (b'{"type": "Point", "coordinates": [1, NaN]}', "expected GeoJSON that keeps to RFC 7946"),
        (b'{"type": "Point", "coordinates": [1, 1e999]}', "expected GeoJSON that keeps to RFC 7946"),
        (b'{"type": "Feature", "geometry": null, "properties": {"a": "\\ud800"}}', "expected GeoJSON that keeps"),
        (b"<svg/>", "got XML that begins with <svg>"),
        (b"%PDF-1.7", "got a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "got an old Excel or Word file"),
        (b"  \n", "expected a file with something in it, got an empty one"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(data: bytes, message: str) -> None:
    with pytest.raises(RefusedFileError) as refused:
        read_upload(data, "the file")
    assert str(refused.value).startswith(f"the file: {message}" if message.startswith("expected") else "the file: ")
    assert message in str(refused.value)


def test_sheets_are_parts_and_cells_are_as_our_tables_write_them() -> None:
    day = dt.datetime(2013, 5, 28)
    data = workbook(["name", "n", "yes", "no", "when"], ["A", 5.0, True, False, day], Second=[["x"], ["y"]], Empty=[])
    upload = read_here(data, "a.xlsx")
    first, second = upload.parts
    assert first.items[0].values == {"name": "A", "n": "5", "yes": "yes", "when": "2013-05-28"}
    assert (second.name, second.items[0].values) == ("Second", {"x": "y"})


@pytest.mark.parametrize(("shown", "text"), [("mmm-yy", "2013-05"), ("yyyy", "2013"), ("dd.mm.yyyy", "2013-05-28")])
def test_a_date_is_read_no_finer_than_the_spreadsheet_shows_it(shown: str, text: str) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["when"])
    book.active["A2"] = dt.datetime(2013, 5, 28)
    book.active["A2"].number_format = shown
    out = io.BytesIO()
    book.save(out)
    assert only(read_here(out.getvalue(), "a"))[0][1] == {"when": text}


def test_a_formula_counts_as_its_value_and_is_refused_without_one() -> None:
    data = workbook(["n"], ["=1+1"])
    with pytest.raises(RefusedFileError, match="expected formulas with their values, got a formula without one"):
        read_here(data, "a.xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    sheet = files["xl/worksheets/sheet1.xml"]
    assert b"<v></v>" in sheet or b"<v />" in sheet or b"<v/>" in sheet
    for empty in (b"<v></v>", b"<v />", b"<v/>"):
        sheet = sheet.replace(empty, b"<v>2</v>")
    upload = read_here(packed({**files, "xl/worksheets/sheet1.xml": sheet}), "a.xlsx")
    assert only(upload)[0][1] == {"n": "2"}
    assert upload.notes == ("Formulas were read as the values they had when the file was saved.",)


def test_positions_outside_the_globe_are_pointed_out() -> None:
    upload = read_here(b'{"type": "Point", "coordinates": [13.8, 100.5]}', "a")
    assert upload.notes == ("Outside longitude \u00b1180 and latitude \u00b190: 1 in all. Are the two swapped?",)


def test_the_reading_process_has_only_the_readers_it_needs() -> None:
    script = "import pyogrio; print(sorted(pyogrio.list_drivers()))"
    done = subprocess.run([sys.executable, "-c", script], env=ENVIRONMENT, capture_output=True, check=True, text=True)
    assert done.stdout.strip() == str(sorted(DRIVERS))


def test_an_uploaded_name_is_a_label_only() -> None:
    for name in ("../../etc/passwd", "--help", "a\0b", "x" * 9999, "\ud800", "", "/vsicurl/http://x/y.gpkg"):
        upload = read_upload(b"name\nB\n", name)
        assert upload.format == "csv"
        assert len(upload.file) <= 100
