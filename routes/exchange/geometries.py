"""GeoJSON geometries (RFC 7946) made plane, looked over, brought to WGS 84, and written as WKT."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyproj
import shapely
from shapely.geometry import mapping, shape

from routes.exchange.limits import MAX_WKT_DEPTH, RefusedFileError

Geometry = Mapping[str, Any]
WGS84 = "OGC:CRS84"
_PLAIN_NAMES = ("EPSG:4326", WGS84)
_CRS_NAME = re.compile(r"(?:urn:ogc:def:crs:)?(EPSG|OGC|ESRI):[\d.]*:?(\w{1,10})", re.IGNORECASE)


def positions(geometry: Geometry) -> Iterator[Sequence[float]]:
    """Every position of a geometry, also inside a GeometryCollection."""
    for part in geometry.get("geometries", ()):
        yield from positions(part)
    yield from _positions(geometry.get("coordinates", ()))


def flat(geometry: Geometry) -> dict[str, Any]:
    """The geometry with longitude and latitude only, as lists."""
    if "geometries" in geometry:
        return {"type": geometry["type"], "geometries": [flat(part) for part in geometry["geometries"]]}
    return {"type": geometry["type"], "coordinates": _flat(geometry["coordinates"])}


def of_shapes(shapes: Sequence[Any]) -> list[dict[str, Any] | None]:
    """Shapely's geometries as GeoJSON; an empty one is None."""
    return [None if one is None or one.is_empty else flat(mapping(one)) for one in shapes]


def to_wgs84(geometries: Sequence[Geometry | None], crs: str) -> tuple[list[dict[str, Any] | None], str]:
    """The geometries brought from a coordinate system (`EPSG:5179`, WKT) to WGS 84, and a note that says so, or "".

    Coordinates are easting and northing, or longitude and latitude, whatever the system's own order.
    """
    try:
        system = pyproj.CRS.from_user_input(crs)
        if crs in _PLAIN_NAMES or system.equals(pyproj.CRS(WGS84), ignore_axis_order=True):
            return [None if one is None else flat(one) for one in geometries], ""
        transform = pyproj.Transformer.from_crs(system, WGS84, always_xy=True).transform
    except pyproj.exceptions.ProjError:
        raise RefusedFileError("a known coordinate system", crs[:80], "Save the layer as WGS 84 (EPSG:4326).") from None
    shapes = [None if one is None else shape(one) for one in geometries]
    moved = of_shapes([one and shapely.transform(one, transform, interleaved=False) for one in shapes])
    return moved, f"Reprojected from {_name_of(system)} to WGS 84."


def crs_called(name: object) -> str:
    """The coordinate system that a GeoJSON file of before RFC 7946 names in its member 'crs'."""
    match = _CRS_NAME.fullmatch(str(name))
    if not match:
        raise RefusedFileError("a known coordinate system", str(name)[:80], "Save the layer as WGS 84 (EPSG:4326).")
    return f"{match[1].upper()}:{match[2].upper()}"


def check_finite(found: Iterable[Sequence[float]]) -> None:
    """Raise RefusedFileError where a coordinate of these positions is not a number."""
    for position in found:
        if len(position) < 2 or not all(map(math.isfinite, position)):
            raise RefusedFileError("numbers as coordinates", str(list(position)), "Draw the feature again.")


def are_on_globe(found: Iterable[Sequence[float]]) -> bool:
    """Whether each of these positions can be a longitude and a latitude."""
    return all(abs(lon) <= 180 and abs(lat) <= 90 for lon, lat, *_ in found)


def as_wkt(geometry: Geometry) -> str:
    """The geometry as WKT (OGC 06-103r4), every digit kept.

    >>> as_wkt({"type": "LineString", "coordinates": [[101.6, 21.1], [102, 19.9]]})
    'LINESTRING (101.6 21.1, 102 19.9)'
    """
    name = geometry["type"].upper()
    if "geometries" in geometry:
        return f"{name} ({', '.join(as_wkt(part) for part in geometry['geometries'])})"
    return f"{name} {_wkt(geometry['coordinates'], is_outermost=True)}"


def from_wkt(text: str) -> dict[str, Any] | None:
    """The geometry that a WKT says, without heights; None for an empty one. Raises RefusedFileError."""
    depth = deepest = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    try:
        if deepest > MAX_WKT_DEPTH:
            raise ValueError(f"{deepest} brackets inside each other")
        (found,) = of_shapes([shapely.from_wkt(text)])
    except (shapely.errors.ShapelyError, ValueError):
        got = text if len(text) <= 60 else f"{text[:60]}…"
        raise RefusedFileError("WKT such as POINT (102.6 18)", got, "Correct the cell.") from None
    if found is not None:
        check_finite(positions(found))
    return found


def _positions(coordinates: Sequence[Any]) -> Iterator[Sequence[float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates
    else:
        for inner in coordinates:
            yield from _positions(inner)


def _flat(coordinates: Sequence[Any]) -> list[Any]:
    if coordinates and isinstance(coordinates[0], int | float):
        return list(coordinates[:2])
    return [_flat(inner) for inner in coordinates]


def _wkt(coordinates: Sequence[Any], *, is_outermost: bool = False) -> str:
    if not coordinates:
        return "EMPTY"
    if isinstance(coordinates[0], int | float):
        text = f"{coordinates[0]!r} {coordinates[1]!r}"
        return f"({text})" if is_outermost else text
    inner = [_wkt(part) for part in coordinates]
    return f"({', '.join(inner)})"


def _name_of(system: pyproj.CRS) -> str:
    authority = system.to_authority()
    return f"{':'.join(authority)} ({system.name})" if authority else system.name
