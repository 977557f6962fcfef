"""What is published is made coarse first: every position of a layer goes to the grid, on every way in.

The rule is docs/method.md's: nobody can read from our files, their history or anything made of them where exactly
somebody drew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from routes.documents import Document, is_layer
from routes.drawing import to_grid
from routes.rfc7946 import NESTING

FINE_MEMBERS = frozenset({"bbox"})
"""Members that may tell positions finer than the grid, wherever they stand; they are left out."""

DEGREES = frozenset({"lat", "latitude", "lng", "lon", "long", "longitude", "x", "y"})
"""Names, in small letters, under which a number is one half of a position."""

FURTHEST = 1e6
"""No number beyond is a position; what is one by its place only, the checks refuse."""


def generalised(document_id: str, document: Document) -> Document:
    """The document with every position on the 0.1 degree grid, without heights and boxes; tables as they are.

    So are positions in members and properties that no page shows, since files carry them to readers. A position that
    falls on the one before it goes, as long as the shape stays what RFC 7946 calls it.
    """
    if not is_layer(document_id):
        return document
    records = {key: _coarse(record) for key, record in document.records.items()}
    return Document(_coarse_members(document.head), records)


def _coarse(record: Mapping[str, Any]) -> dict[str, Any]:
    geometry = record.get("geometry")
    return _coarse_members(record) | ({"geometry": coarse_geometry(geometry)} if isinstance(geometry, dict) else {})


def _coarse_members(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _coarse_value(name, value) for name, value in members.items() if name not in FINE_MEMBERS}


def _coarse_value(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return _coarse_members(value)
    if isinstance(value, list):
        return [_half(part) if _is_position(value) else _coarse_value("", part) for part in value]
    return _half(value) if name.casefold() in DEGREES else value


def _half(value: Any) -> Any:
    """Half a position on the grid; anything else as it is, and whole numbers as they were written."""
    return to_grid(value) if isinstance(value, float) and _is_number(value) else value


def coarse_geometry(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """The geometry on the grid; what is no geometry by RFC 7946 stays wrong as it was, for the checks to say so."""
    kind, rest = str(geometry.get("type")), _coarse_members(geometry)
    if kind == "GeometryCollection" and isinstance(geometry.get("geometries"), list):
        parts = [coarse_geometry(part) if isinstance(part, dict) else part for part in geometry["geometries"]]
        return {**rest, "geometries": parts}
    if kind not in NESTING or "coordinates" not in geometry:
        return rest
    least = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}.get(kind, 0)
    return {**rest, "coordinates": _coarse_coordinates(geometry["coordinates"], least)}


def _coarse_coordinates(value: Any, least: int) -> Any:
    if _is_position(value):
        return [to_grid(float(number)) for number in value[:2]]
    if not isinstance(value, list):
        return value
    parts = [_coarse_coordinates(part, least) for part in value]
    if not least or not all(map(_is_position, parts)):
        return parts
    kept = [part for n, part in enumerate(parts) if n == 0 or part != parts[n - 1]]
    return kept if len(kept) >= least else parts


def _is_position(value: Any) -> bool:
    return isinstance(value, list) and len(value) >= 2 and all(map(_is_number, value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < FURTHEST
