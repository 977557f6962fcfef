"""Read one file in this process, as `routes.exchange.reading` starts it: bytes in, JSON out, and nothing else.

    python -m routes.exchange.apart LABEL < file > upload.json

Whatever a hostile file does to a parser, it does it here: within a limit of memory and time, without a file to write
to, and with no reader of GDAL's but those that are asked for.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import resource
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from routes.exchange.geometries import are_on_globe, check_finite, flat, positions
from routes.exchange.gis_in import read_geojson, read_gpkg, read_shapefile
from routes.exchange.limits import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_POSITIONS,
    MEMORY,
    SECONDS,
    RefusedFileError,
    check_count,
)
from routes.exchange.tables_in import read_csv, read_xlsx
from routes.exchange.uploads import Item, Part, Read, Upload
from routes.exchange.xml_checks import root_tag
from routes.exchange.xml_in import read_gpx, read_kml, read_kmz
from routes.exchange.zips import is_zip, members

_READERS: dict[str, Callable[[bytes], Read]] = {
    "geojson": read_geojson,
    "gpkg": read_gpkg,
    "kml": read_kml,
    "kmz": read_kmz,
    "gpx": read_gpx,
    "shapefile": read_shapefile,
    "csv": read_csv,
    "xlsx": read_xlsx,
}
_KNOWN = "GeoJSON, GeoPackage, KML, KMZ, GPX, a zipped Shapefile, CSV or XLSX"
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": ("an old Excel or Word file", "Save it as XLSX or CSV."),
    b"%PDF": ("a PDF", "Ask for the file it was made from."),
    b"\x1f\x8b": ("a gzip archive", "Unpack it and upload what is inside."),
    b"Rar!": ("a RAR archive", "Unpack it and upload what is inside."),
    b"7z\xbc\xaf": ("a 7z archive", "Unpack it and upload what is inside."),
    b"\x89PNG": ("a picture", "Ask for the data it was drawn from."),
    b"\xff\xd8\xff": ("a picture", "Ask for the data it was drawn from."),
}


def read_here(data: bytes, label: str) -> Upload:
    """What `routes.exchange.reading.read_upload` gives, without the limits of a process of its own."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the libraries have to say of a file is for programmers
            form = format_of(data)
            parts, notes = _READERS[form](data)
            return _finished(label, form, parts, notes)
    except RefusedFileError as error:
        error.file = label
        raise
    except Exception as error:  # there is nothing that parsers do not raise on bytes made to break them
        got = f"one that cannot be read ({type(error).__name__})"
        remedy = "Save it again from the program that made it."
        raise RefusedFileError("a whole file", got, remedy, file=label) from None


def format_of(data: bytes) -> str:
    """The format of the bytes, told from what is in them. Raises RefusedFileError."""
    for start, (got, remedy) in _FOREIGN.items():
        if data.startswith(start):
            raise RefusedFileError(_KNOWN, got, remedy)
    if data.startswith(b"SQLite format 3\0"):
        return "gpkg"
    if is_zip(data) or data.startswith(b"PK\x05\x06"):
        return _format_of_archive(members(data))
    start = _first_sign(data)
    if start == b"<":
        tag = root_tag(data)
        if tag not in ("kml", "gpx"):
            raise RefusedFileError(_KNOWN, f"XML that begins with <{tag[:40]}>", "Export the layer in one of them.")
        return tag
    return "geojson" if start in (b"{", b"[") else "csv"


def _first_sign(data: bytes) -> bytes:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise RefusedFileError("text in UTF-8", "UTF-16", "Save it again as UTF-8 (in Excel: CSV UTF-8).")
    return data.removeprefix(codecs.BOM_UTF8).lstrip()[:1]


def _format_of_archive(found: dict[str, bytes]) -> str:
    names = [name.lower() for name in found]
    for ending, form in (("xl/workbook.xml", "xlsx"), (".kml", "kmz"), (".shp", "shapefile")):
        if any(name.endswith(ending) for name in names):
            return form
    got = f"an archive with {', '.join(names[:3]) or 'nothing in it'}"
    raise RefusedFileError("an archive with a Shapefile or a KML document", got, "Unpack it and upload what is inside.")


def _finished(label: str, form: str, parts: list[Part], notes: list[str]) -> Upload:
    geometries = [item.geometry for part in parts for item in part.items if item.geometry]
    counted = 0
    has_heights = off_globe = 0
    for geometry in geometries:
        found = list(positions(geometry))
        check_finite(found)
        counted += len(found)
        check_count(counted, MAX_POSITIONS, "positions", "Simplify the lines first.", got="more")
        has_heights += any(len(position) > 2 for position in found)
        off_globe += not are_on_globe(found)
    more = list(notes)
    if has_heights and form != "gpx":
        more.append(f"Heights were left out, of {has_heights:,} in all.")
    if off_globe:
        more.append(f"Outside longitude ±180 and latitude ±90: {off_globe:,} in all. Are the two swapped?")
    without = sum(len(part.items) for part in parts) - len(geometries)
    if geometries and without:
        more.append(f"Without geometry: {without:,} in all.")
    return Upload(file=label, format=form, parts=tuple(_plane(part, label) for part in parts), notes=tuple(more))


def _plane(part: Part, label: str) -> Part:
    check_count(len(part.columns), MAX_COLUMNS, "columns")
    for item in part.items:
        for name, value in item.values.items():
            longest = max(len(name), len(value) if isinstance(value, str) else 0)
            check_count(longest, MAX_CELL, "characters in a value")
    items = tuple(Item(item.geometry and flat(item.geometry), item.values) for item in part.items)
    return replace(part, items=items, file=label)


def main() -> None:
    """Read standard input under the limits; write `{"upload": ...}` or `{"refused": [expected, got, remedy]}`."""
    for kind, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # some systems know a limit by name only
            resource.setrlimit(kind, (limit, limit))
    answer: dict[str, Any]
    try:
        answer = {"upload": read_here(sys.stdin.buffer.read(), sys.argv[1]).as_json()}
    except RefusedFileError as error:
        answer = {"refused": [str(part) for part in error.args]}
    sys.stdout.buffer.write(json.dumps(answer, allow_nan=False).encode("ascii"))


if __name__ == "__main__":
    main()
