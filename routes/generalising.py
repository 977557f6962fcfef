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
"""Members of a feature or layer that may tell positions finer than the grid; they are left out."""


def generalised(document_id: str, document: Document) -> Document:
    """The document with every position on the 0.1 degree grid, without heights and boxes; tables as they are.

    A position that falls on the one before it goes, as long as the shape stays what RFC 7946 calls it.
    """
    if not is_layer(document_id):
        return document
    records = {key: _coarse(record) for key, record in document.records.items()}
    return Document(_without_boxes(document.head), records)


def _coarse(record: Mapping[str, Any]) -> dict[str, Any]:
    feature = _without_boxes(record)
    if isinstance(feature.get("geometry"), dict):
        feature["geometry"] = coarse_geometry(feature["geometry"])
    return feature


def _without_boxes(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name not in FINE_MEMBERS}


def coarse_geometry(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """The geometry on the grid; what is no geometry by RFC 7946 comes back as it is, for the checks to say so."""
    kind = geometry.get("type")
    if kind == "GeometryCollection" and isinstance(geometry.get("geometries"), list):
        parts = [coarse_geometry(part) if isinstance(part, dict) else part for part in geometry["geometries"]]
        return {**_without_boxes(geometry), "geometries": parts}
    if kind not in NESTING or "coordinates" not in geometry:
        return dict(geometry)
    least = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}.get(kind, 0)
    return {**_without_boxes(geometry), "coordinates": _coarse_coordinates(geometry["coordinates"], least)}


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
    return (
        isinstance(value, list)
        and len(value) >= 2
        and all(isinstance(number, int | float) and not isinstance(number, bool) for number in value)
    )
