"""Write a layer or table in a format that others open; reading it back gives equal records."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np
import shapely
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from shapely.errors import ShapelyError
from shapely.geometry import shape

from routes.documents import LAYERS, Document, Record, is_layer, write_document
from routes.exchange.cells import AWKWARD_IN_KML, as_cell, as_table_cell, guarded
from routes.exchange.formats import formats_for
from routes.exchange.geometries import Geometry, as_wkt
from routes.exchange.limits import RefusedFileError
from routes.exchange.mapping import OTHERS, RESERVED
from routes.tables import TABLES, csv_line
from routes.text import visible

Rows = tuple[list[str], list[list[str]]]
"""Headings and cells."""

_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,59}")
_KEPT_BY_GIS = RESERVED | {"geom", "geometry", "fid", "rowid", "oid"}
_SURROGATES = re.compile("[\ud800-\udfff]")
_NO_SIGNS = re.compile("[\ufffe\uffff]")
_KML = "http://www.opengis.net/kml/2.2"
_XLSX_CELL = 32_767
"""Characters; what is more would be cut off by the format."""


def export(document: Document, document_id: str, form: str, *, about: str = "") -> bytes:
    """The document's records in a format that `formats_for` names; layers in WGS 84 with all their properties.

    `about` says sources and licence where the format has a place for it. Raises RefusedFileError where the format
    cannot hold the document.
    """
    if form not in [known.id for known in formats_for(document_id, "export")]:
        known = ", ".join(known.id for known in formats_for(document_id, "export"))
        raise RefusedFileError(f"one of {known}", form, "Choose another format.", file=document_id)
    try:
        return _WRITERS[form](_writable(document), document_id, _shown(about))
    except (ShapelyError, ValueError, TypeError, KeyError) as error:
        got, remedy = f"one that cannot be written ({error})", "Mend what is marked in the editor first."
        raise RefusedFileError("whole geometries and plain values", got, remedy, file=document_id) from None


def _as_geojson(document: Document, document_id: str, about: str) -> bytes:
    head = {**document.head, **({"attribution": about} if about else {})}
    return write_document(document_id, Document(head, document.records))


def _as_csv(document: Document, document_id: str, _about: str) -> bytes:
    columns, rows = _rows(document, document_id)
    return "".join(csv_line(map(guarded, row)) for row in [columns, *rows]).encode("utf-8")


def _as_xlsx(document: Document, document_id: str, about: str) -> bytes:
    columns, rows = _rows(document, document_id)
    longest = max((text for row in rows for text in row), key=len, default="")
    if len(guarded(longest)) > _XLSX_CELL:
        got = f"{len(longest):,} in {longest[:30]!r}…"
        raise RefusedFileError(f"at most {_XLSX_CELL:,} characters in a cell of XLSX", got, "Export it as CSV.")
    book = Workbook(write_only=True)
    book.properties.description = about
    sheet = book.create_sheet(re.sub(r"[\\*?:/\[\]]", " ", document_id.removeprefix(LAYERS))[:31])
    for row in [columns, *rows]:
        sheet.append([_text_cell(sheet, guarded(text)) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _as_kml(document: Document, document_id: str, about: str) -> bytes:
    root = Element("kml", xmlns=_KML)
    top = SubElement(root, "Document")
    SubElement(top, "name").text = _shown(str(document.head.get("title", document_id.removeprefix(LAYERS))))
    if about:
        data = SubElement(SubElement(top, "ExtendedData"), "Data", name="about")
        SubElement(data, "value").text = about.replace("<", "‹")
    for record_id, record in document.records.items():
        top.append(_placemark(record_id, record))
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _as_gpkg(document: Document, document_id: str, about: str) -> bytes:
    columns, rows = _rows(document, document_id, with_place=False)
    geometries = [record.get("geometry") for record in _all(document)]
    shapes = [geometry and shape(geometry) for geometry in geometries] if is_layer(document_id) else None
    out = io.BytesIO()
    from pyogrio import raw  # brings all of pandas with it, which nothing else here needs

    raw.write(
        out,
        geometry=None if shapes is None else shapely.to_wkb(np.array(shapes, dtype=object)),
        field_data=[np.array([row[at] or None for row in rows], dtype=object) for at in range(len(columns))],
        fields=columns,
        layer=document_id.removeprefix(LAYERS),
        driver="GPKG",
        geometry_type=None if shapes is None else "Unknown",
        crs=None if shapes is None else "EPSG:4326",
        layer_metadata={"DESCRIPTION": about} if about else None,
    )
    return out.getvalue()


def _as_story(document: Document, document_id: str, _about: str) -> bytes:
    return write_document(document_id, document)


_WRITERS: dict[str, Callable[[Document, str, str], bytes]] = {
    "geojson": _as_geojson,
    "gpkg": _as_gpkg,
    "kml": _as_kml,
    "csv": _as_csv,
    "xlsx": _as_xlsx,
    "json": _as_story,
}


def _writable(document: Document) -> Document:
    """The document without half surrogate pairs, which no text file can hold: they are written out."""
    text = json.dumps([document.head, document.records], ensure_ascii=False)
    if not _SURROGATES.search(text):
        return document
    return Document(*json.loads(_SURROGATES.sub(lambda match: visible(match[0]), text)))


def _shown(text: str) -> str:
    """A text that is shown and not read back, without what XML forbids."""
    return _NO_SIGNS.sub("\ufffd", visible(text))


def _rows(document: Document, document_id: str, *, with_place: bool = True) -> Rows:
    if not is_layer(document_id):
        columns = [column.name for column in fields(TABLES[document_id])]
        return columns, [[as_table_cell(str(record.get(name, ""))) for name in columns] for record in _all(document)]
    names = _columns(document)
    others = any(_others(record, names) for record in _all(document))
    columns = ["id", *names, *([OTHERS] if others else []), *(("lon", "lat", "wkt") if with_place else ())]
    return columns, [
        [
            as_table_cell(str(record["id"])),
            *(as_cell(name, _properties(record).get(name)) for name in names),
            *([as_cell(OTHERS, _others(record, names) or None)] if others else []),
            *(_place(record.get("geometry")) if with_place else ()),
        ]
        for record in _all(document)
    ]


def _all(document: Document) -> Iterable[Record]:
    return document.records.values()


def _properties(record: Record) -> Mapping[str, Any]:
    return record.get("properties") or {}


def _columns(document: Document) -> list[str]:
    """The properties whose names every format takes for a column, in the order in which records first use them."""
    names = dict.fromkeys(name for record in _all(document) for name in _properties(record))
    return [name for name in names if _COLUMN.fullmatch(name) and name not in _KEPT_BY_GIS]


def _others(record: Record, names: list[str]) -> dict[str, Any]:
    return {name: value for name, value in _properties(record).items() if name not in names and value is not None}


def _place(geometry: Geometry | None) -> tuple[str, str, str]:
    """Longitude and latitude of a point, the WKT of anything else."""
    if geometry is None:
        return "", "", ""
    if geometry["type"] == "Point" and geometry["coordinates"]:
        lon, lat, *_ = geometry["coordinates"]
        return repr(lon), repr(lat), ""
    return "", "", as_wkt(geometry)


def _text_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text or None)
    if text:
        cell.data_type = "s"  # a text, whatever it begins with
    return cell


def _placemark(record_id: str, record: Record) -> Element:
    placemark = Element("Placemark")
    name = _properties(record).get("name")
    if isinstance(name, str) and name:
        SubElement(placemark, "name").text = _shown(name)
    extended = SubElement(placemark, "ExtendedData")
    others = _others(record, _columns(Document({}, {record_id: record})))
    known = {key: value for key, value in _properties(record).items() if key not in others}
    for key, value in {"id": record_id, **known, OTHERS: others or None}.items():
        if value is not None:
            data = SubElement(extended, "Data", name=key)
            SubElement(data, "value").text = as_cell(key, value, AWKWARD_IN_KML)
    if record.get("geometry"):
        placemark.append(_kml_geometry(record["geometry"]))
    return placemark


def _kml_geometry(geometry: Geometry) -> Element:
    kind = geometry["type"]
    if kind == "GeometryCollection" or kind.startswith("Multi"):
        single = kind.removeprefix("Multi")
        parts = geometry.get("geometries") or [
            {"type": single, "coordinates": coordinates} for coordinates in geometry.get("coordinates", ())
        ]
        element = Element("MultiGeometry")
        element.extend(_kml_geometry(part) for part in parts)
        return element
    element = Element(kind)
    if kind == "Polygon":
        for number, ring in enumerate(geometry["coordinates"]):
            edge = SubElement(element, "innerBoundaryIs" if number else "outerBoundaryIs")
            _coordinates(SubElement(edge, "LinearRing"), ring)
    else:
        _coordinates(element, [geometry["coordinates"]] if kind == "Point" else geometry["coordinates"])
    return element


def _coordinates(element: Element, line: Iterable[Any]) -> None:
    text = " ".join(f"{lon!r},{lat!r}" for lon, lat, *_ in filter(None, line))
    SubElement(element, "coordinates").text = text
