"""Texts, JSON and features as columns of PostgreSQL, so that they come back equal.

A feature's geometry lies in `geom`, as WKB with every bit of its coordinates, and comes back from there. What PostGIS
cannot hold equal (heights, an empty part, an integer beyond 2**53, a ring that is not closed, members of a geometry's
own, what is no geometry at all) stays as written in `members`, and `geom` is null: nothing is lost, but a GIS does not
see it. What is published is 2-D on a grid, and lies in `geom`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from routes.documents import Record
from routes.merging import same

FeatureRow = tuple[str, str | None, str | None, str | None, str, bytes | None]
FEATURE_COLUMNS = ("id", "kind", "name", "authority", "members", "geom")


def as_json(value: Any) -> str:
    """The JSON text of a value, readable, and with nothing in it that PostgreSQL or UTF-8 cannot hold."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=dict)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")  # a lone surrogate becomes JSON's own escape


def as_text(text: str) -> str:
    r"""The text as it stands inside a JSON string, since a column can hold neither NUL nor a lone surrogate.

    >>> as_text("la-way"), as_text("a\0b")
    ('la-way', 'a\\u0000b')
    """
    return as_json(text)[1:-1]


def from_text(column: str) -> str:
    """The text that `as_text` wrote."""
    return str(json.loads(f'"{column}"'))


def feature_rows(records: Mapping[str, Record]) -> list[FeatureRow]:
    """The rows of a layer's features, without their positions; `features_of` reads them back equal."""
    geometries = _as_wkb([record.get("geometry") for record in records.values()])
    return [
        (as_text(key), *_readable(record), as_json(record if geom is None else {**record, "geometry": None}), geom)
        for (key, record), geom in zip(records.items(), geometries, strict=True)
    ]


def features_of(rows: Sequence[tuple[str, Record, bytes | None]]) -> dict[str, Record]:
    """The features by id, from id, members and geom."""
    geometries = shapely.to_geojson(shapely.from_wkb([geom for _, _, geom in rows]))
    return {
        from_text(key): members if text is None else {**members, "geometry": json.loads(text)}
        for (key, members, _), text in zip(rows, geometries, strict=True)
    }


def _as_wkb(geometries: Sequence[Any]) -> list[bytes | None]:
    """Each as WKB; None for what would not come back equal."""
    with np.errstate(all="ignore"):  # 1e400 is no fault of this reading: it does not come back equal
        shapes = shapely.from_geojson([json.dumps(geometry) for geometry in geometries], on_invalid="ignore")
    flat = ~(shapely.has_z(shapes) | shapely.has_m(shapes))
    found = zip(geometries, flat, shapely.to_geojson(shapes), shapely.to_wkb(shapes), strict=True)
    return [wkb if is_flat and _is_equal(text, geometry) else None for geometry, is_flat, text, wkb in found]


def _is_equal(text: str | None, geometry: Any) -> bool:
    """Whether the GeoJSON text says the same; an empty part would be lost, for PostGIS drops it from a collection."""
    return text is not None and "[]" not in text and same(json.loads(text), geometry)


def _readable(record: Record) -> tuple[str | None, str | None, str | None]:
    """What a GIS shows of a feature in columns of their own: a copy of the texts in `members`."""
    properties = record.get("properties")
    values = properties if isinstance(properties, Mapping) else {}
    kind, name, authority = (values.get(key) for key in ("kind", "name", "authority"))
    return _text(kind), _text(name), _text(authority)


def _text(value: Any) -> str | None:
    return as_text(value) if isinstance(value, str) else None
