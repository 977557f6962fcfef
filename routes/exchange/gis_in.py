"""Read GeoJSON (RFC 7946, and its forerunner's 'crs'), zipped Shapefiles and GeoPackages."""

from __future__ import annotations

import codecs
import io
import math
import re
import sqlite3
import zipfile
from contextlib import closing
from typing import Any

import pyogrio
import shapely
from pyogrio import raw

from routes.exchange.geometries import are_on_globe, crs_called, of_shapes, positions, to_wgs84
from routes.exchange.limits import MAX_COLUMNS, MAX_PARTS, MAX_RECORDS, RefusedFileError, check_count
from routes.exchange.uploads import Item, Part, Read, part_of
from routes.exchange.zips import members
from routes.located_json import pointer_to, read_json
from routes.rfc7946 import RULES, faults_of

DRIVERS = ("ESRI Shapefile", "GPKG", "MEM")
"""The only readers of GDAL's that are left in the process that reads files; MEM cannot be taken out."""

_SHAPEFILE = (".shp", ".dbf", ".shx", ".prj", ".cpg")
_SHP_CODE = b"\x00\x00\x27\x0a"
_PLAIN_SQL = re.compile(
    r"""CREATE\ (TABLE|INDEX|UNIQUE\ INDEX|TRIGGER)\ (?!.*\bVIRTUAL\b)
    |CREATE\ VIRTUAL\ TABLE\ (\w+|"[^"]+")\ USING\ "?rtree"?\s*\([\w\s,"]*\)$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
"""How SQLite itself writes down what a GeoPackage is made of."""

_MAX_VALUE = 2**24


def read_geojson(data: bytes) -> Read:
    """The features of a FeatureCollection, or the one of a Feature or Geometry."""
    data = data.removeprefix(codecs.BOM_UTF8)
    check_count(data.count(b'"Feature"'), MAX_RECORDS, "features")  # cheap, before anything is parsed
    read = read_json(data, "")
    for problem in read.problems:
        raise _unlike_geojson(problem.line, problem.message, problem.hint)
    value: Any = read.value
    features = value.get("features") if isinstance(value, dict) else None
    check_count(len(features) if isinstance(features, list) else 0, MAX_RECORDS, "features")
    for fault in faults_of(value):
        if RULES[fault.rule].severity == "error":
            pointer = pointer_to(fault.path)
            message = f"Expected {fault.expected}, got {fault.got}."
            remedy = fault.remedy or RULES[fault.rule].remedy
            raise _unlike_geojson(read.places([pointer])[pointer].line, message, remedy)
    if value["type"] == "FeatureCollection":
        items = [_feature(feature) for feature in value["features"]]
    else:
        items = [_feature(value) if value["type"] == "Feature" else Item(value, {})]
    crs = value.get("crs")
    named = crs.get("properties") if isinstance(crs, dict) else None
    if not isinstance(named, dict):
        return [part_of(items, are_cells=False)], []
    moved, note = to_wgs84([item.geometry for item in items], crs_called(named.get("name")))
    items = [Item(geometry, item.values) for geometry, item in zip(moved, items, strict=True)]
    return [part_of(items, are_cells=False)], [note] if note else []


def read_shapefile(data: bytes) -> Read:
    """The shapefiles in an archive; each is handed on with names of ours, and without what is not needed."""
    found = {name.lower(): content for name, content in members(data).items()}
    stems = [name[:-4] for name in found if name.endswith(".shp") and not name.startswith("__macosx/")]
    parts: list[Part] = []
    notes: list[str] = []
    check_count(len(stems), MAX_PARTS, "layers")
    for stem in stems:
        files = {ending: found[stem + ending] for ending in _SHAPEFILE if stem + ending in found}
        missing = [ending for ending in (".dbf", ".shx") if ending not in files]
        if missing or not files[".shp"].startswith(_SHP_CODE):
            got = f"{stem} without {' and '.join(missing)}" if missing else f"{stem}.shp, which is none"
            raise RefusedFileError("a Shapefile with its .shp, .shx and .dbf", got, "Pack all of its files together.")
        if ".cpg" not in files:
            notes.append(f"{stem} does not say its encoding (.cpg); accents may be wrong.")
        part, more = _layer(_packed(files), None, stem.rpartition("/")[2])
        parts.append(part)
        notes += more
    return parts, notes


def read_gpkg(data: bytes) -> Read:
    """The layers and tables of a GeoPackage, from memory."""
    data = data[:18] + b"\x01\x01" + data[20:]  # a file left in SQLite's journal mode WAL cannot be read from memory
    _check_schema(data)
    layers = [str(name) for name, _ in pyogrio.list_layers(data)]
    check_count(len(layers), MAX_PARTS, "layers")
    parts: list[Part] = []
    notes: list[str] = []
    for layer in layers:
        part, more = _layer(data, layer, layer)
        parts.append(part)
        notes += more
        check_count(sum(len(part.items) for part in parts), MAX_RECORDS, "rows", got="more")
    return parts or [part_of([])], notes


def _unlike_geojson(line: int, message: str, remedy: str) -> RefusedFileError:
    got = f"a fault in line {line}: {message}"
    return RefusedFileError("GeoJSON that keeps to RFC 7946", got.rstrip("."), remedy)


def _feature(feature: dict[str, Any]) -> Item:
    values = {name: value for name, value in (feature.get("properties") or {}).items() if value is not None}
    if "id" in feature:
        values = {"id": str(feature["id"]), **{name: value for name, value in values.items() if name != "id"}}
    return Item(feature["geometry"], values)


def _packed(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for ending, content in files.items():
            archive.writestr(f"layer{ending}", content)
    return packed.getvalue()


def _check_schema(data: bytes) -> None:
    """Refuse what would compute or fetch its rows: views, and all virtual tables but the usual index of places.

    Triggers run on writing alone; every GeoPackage has some, and this one is only read. The statement is looked at,
    since the type beside it may say something else.
    """
    with closing(sqlite3.connect(":memory:")) as database:
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE)
        try:
            database.deserialize(data)
            database.execute("PRAGMA trusted_schema = OFF")
            rows = database.execute("SELECT type, name, sql FROM sqlite_master LIMIT 20001").fetchall()
            database.execute("SELECT count(*) FROM gpkg_contents").fetchall()
        except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
            got = f"a damaged one ({error})"
            raise RefusedFileError("a GeoPackage", got, "Export the layer again as a GeoPackage.") from None
    check_count(len(rows), MAX_RECORDS, "tables and indexes", got="more")
    for kind, name, sql in rows:
        if sql is not None and not _PLAIN_SQL.match(str(sql)):
            remedy = "Export the layer into a GeoPackage of its own."
            raise RefusedFileError("plain tables in the GeoPackage", f"the {kind} {name}", remedy)


def _layer(data: bytes, layer: str | None, name: str) -> tuple[Part, list[str]]:
    info = pyogrio.read_info(data, layer=layer)
    check_count(info["features"], MAX_RECORDS, f"features in {name}")
    check_count(len(info["fields"]), MAX_COLUMNS, f"columns in {name}")
    meta, _, wkbs, columns = raw.read(data, layer=layer, max_features=MAX_RECORDS + 1, datetime_as_string=True)
    count = len(columns[0]) if columns else len(wkbs) if wkbs is not None else 0
    check_count(count, MAX_RECORDS, f"features in {name}", got="more")
    geometries, notes = _geometries(wkbs, meta["crs"], count, name)
    fields = [str(field) for field in meta["fields"]]
    items: list[Item] = []
    for at in range(count):
        values = {field: _value(column[at], field) for field, column in zip(fields, columns, strict=True)}
        items.append(Item(geometries[at], {field: value for field, value in values.items() if value not in (None, "")}))
    return part_of(items, name=name, columns=tuple(fields)), notes


def _geometries(wkbs: Any, crs: str | None, count: int, name: str) -> tuple[list[dict[str, Any] | None], list[str]]:
    if wkbs is None:
        return [None] * count, []
    shapes = shapely.from_wkb(wkbs)
    has_heights = bool(shapely.has_z(shapes).any())
    notes = [f"Heights in {name} were left out."] if has_heights else []
    geometries = of_shapes(list(shapely.force_2d(shapes)))
    if crs is None:
        in_degrees = all(are_on_globe(positions(one)) for one in geometries if one)
        if not in_degrees:
            remedy = "Add the .prj file, or save the layer as WGS 84 (EPSG:4326)."
            raise RefusedFileError("a layer that names its coordinate system", f"none in {name}", remedy)
        return geometries, [*notes, f"{name} names no coordinate system; it was taken as WGS 84."]
    moved, note = to_wgs84(geometries, crs)
    return moved, [*notes, note] if note else notes


def _value(value: Any, field: str) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bytes):
        raise RefusedFileError("texts and numbers", f"raw bytes in the column {field}", "Leave the column out.")
    if isinstance(value, float):
        if math.isinf(value):
            raise RefusedFileError("finite numbers", f"{value} in the column {field}", "Correct the number.")
        if math.isnan(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    return value if value is None or isinstance(value, str | int) else str(value)
