"""How a schematic feature is drawn: curves, lines side by side, and bands, all computed from a few control points.

One rule serves the live map and every printed one, so that nobody draws a route by hand and none follows a road.
All positions are (lon, lat) in degrees, WGS 84; curves are computed in Web Mercator, where they look right.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from shapely import Geometry, LineString, MultiPolygon, Polygon, transform, unary_union

from routes.records import Feature

Position = tuple[float, float]

GRID_DEGREES = 0.1
"""Positions lie on this grid: about 11 km."""

STEPS_PER_LEG = 14
DECIMALS = 3
DEFAULT_BAND_KM = 70.0
KM_PER_DEGREE = 111.2


@dataclass(frozen=True)
class Drawing:
    """What a map needs to draw a feature: a line with a lane for each point, or rings, or one position.

    `lanes[i]` says by how many line widths point i is moved to the right of the direction of travel, so that routes
    which share a leg run side by side at every zoom; `place_in_row` does the same for points at one position.
    """

    line: tuple[Position, ...] = ()
    lanes: tuple[float, ...] = ()
    rings: tuple[tuple[Position, ...], ...] = ()
    position: Position | None = None
    place_in_row: int = 0


def draw_all(features: Iterable[Feature], countries: dict[str, Geometry]) -> dict[str, Drawing]:
    """The drawing of each feature by id. `countries` maps ISO codes to the polygons that bands are cut with."""
    features = tuple(features)
    lanes = _lanes_of_legs(features)
    drawings = {feature.id: _draw(feature, countries, lanes) for feature in features}
    rows: dict[Position, list[str]] = defaultdict(list)
    for feature in features:
        if feature.kind == "mission":
            rows[feature.positions[0]].append(feature.id)
    for row in rows.values():
        for place, feature_id in enumerate(row):
            drawings[feature_id] = replace(drawings[feature_id], place_in_row=place)
    return drawings


def on_grid(feature: Feature) -> Feature:
    """The feature as it may be drawn: a position that is finer than the grid is moved to it, whatever the file says."""
    moved = ((to_grid(lon), to_grid(lat)) for lon, lat in feature.positions)
    return replace(feature, positions=tuple(moved))


def to_grid(degrees: float) -> float:
    """The nearest line of the grid."""
    return round(round(degrees / GRID_DEGREES) * GRID_DEGREES, 9)


def curve(positions: Sequence[Position]) -> list[Position]:
    """A smooth line through every control point (centripetal Catmull-Rom), `STEPS_PER_LEG` points to a leg."""
    return [_rounded(_to_lonlat(point)) for point in _sampled([_to_mercator(position) for position in positions])]


def _draw(feature: Feature, countries: dict[str, Geometry], lanes: dict[tuple[str, int], float]) -> Drawing:
    if feature.kind in ("place", "mission"):
        return Drawing(position=feature.positions[0])
    if feature.kind == "band":
        return Drawing(rings=_band(feature, countries.get(feature.authority or "")))
    if feature.is_area:
        return Drawing(rings=(feature.positions,))
    line = curve(feature.positions)
    legs = max(len(feature.positions) - 1, 1)
    per_leg = [lanes.get((feature.id, leg), 0.0) for leg in range(legs)]
    return Drawing(line=tuple(line), lanes=tuple(_lane_at(per_leg, i / (len(line) - 1)) for i in range(len(line))))


def _band(feature: Feature, country: Geometry | None) -> tuple[tuple[Position, ...], ...]:
    """A capsule round the control points, cut to the land of the authority; equal to the ground in width."""
    line = LineString(curve(feature.positions))
    squeeze = math.cos(math.radians(line.centroid.y))
    radius = (feature.width_km or DEFAULT_BAND_KM) / 2 / KM_PER_DEGREE
    flat = transform(line, lambda xy: xy * (squeeze, 1.0)).buffer(radius)
    shape = transform(flat, lambda xy: xy / (squeeze, 1.0))
    if country is not None:
        shape = shape.intersection(country)
    parts = shape.geoms if isinstance(shape, MultiPolygon) else [shape] if isinstance(shape, Polygon) else []
    return tuple(
        tuple(_rounded((x, y)) for x, y in part.exterior.coords) for part in parts if part.area > 0.01 * shape.area
    )


def _lanes_of_legs(features: Sequence[Feature]) -> dict[tuple[str, int], float]:
    """The lane of each leg that several lines share, centred on the shared line: -0.5 and 0.5 for two.

    A line that leaves a shared leg to the right has run on its right, so that lines do not cross where they part.
    """
    sharing: dict[tuple[Position, Position], list[tuple[Feature, int, float]]] = defaultdict(list)
    for feature in features:
        if feature.kind != "segment":
            continue
        for leg, ends in enumerate(pairwise(feature.positions)):
            first, last = sorted(ends)
            sharing[first, last].append((feature, leg, 1.0 if (first, last) == ends else -1.0))
    lanes: dict[tuple[str, int], float] = {}
    for ends, users in sharing.items():
        users.sort(key=lambda user: (_side_of(ends, user[0].positions), user[0].id))
        for place, (feature, leg, direction) in enumerate(users):
            if len(users) > 1:
                lanes[feature.id, leg] = direction * (place - (len(users) - 1) / 2)
    return lanes


def _side_of(ends: tuple[Position, Position], positions: Sequence[Position]) -> float:
    """How far the positions lie, on the whole, to the right of the line from the first end to the last."""
    (x1, y1), (x2, y2) = ends
    return sum((x - x1) * (y2 - y1) - (y - y1) * (x2 - x1) for x, y in positions) / len(positions)


def _lane_at(per_leg: Sequence[float], along: float) -> float:
    """The lane at a share of the line: a shared leg keeps its lane, a leg of one's own eases in and out of it."""
    at = min(along * len(per_leg), len(per_leg) - 1e-9)
    leg, part = int(at), at - int(at)
    lane = per_leg[leg]
    before = per_leg[leg - 1] if leg else lane
    after = per_leg[leg + 1] if leg + 1 < len(per_leg) else lane
    if lane == 0 and before and part < 0.5:
        lane = before * (1 - _ease(part / 0.5))
    elif lane == 0 and after and part > 0.5:
        lane = after * _ease((part - 0.5) / 0.5)
    return round(lane, 2)


def _ease(t: float) -> float:
    return t * t * (3 - 2 * t)


def _sampled(points: Sequence[Position]) -> list[Position]:
    points = [point for n, point in enumerate(points) if n == 0 or point != points[n - 1]]
    if len(points) == 1:
        return points * 2
    first = _between(points[0], points[1], -1.0)
    last = _between(points[-1], points[-2], -1.0)
    padded = [first, *points, last]
    out: list[Position] = []
    for i in range(len(points) - 1):
        p0, p1, p2, p3 = padded[i : i + 4]
        out += [_catmull_rom(p0, p1, p2, p3, step / STEPS_PER_LEG) for step in range(STEPS_PER_LEG)]
    return [*out, points[-1]]


def _catmull_rom(p0: Position, p1: Position, p2: Position, p3: Position, t: float) -> Position:
    """The point at `t` from 0 to 1 between p1 and p2 (Barry and Goldman's pyramid, alpha 0.5)."""
    t0 = 0.0
    t1 = t0 + math.dist(p0, p1) ** 0.5
    t2 = t1 + math.dist(p1, p2) ** 0.5
    t3 = t2 + math.dist(p2, p3) ** 0.5
    at = t1 + t * (t2 - t1)
    a1 = _between(p0, p1, (at - t0) / (t1 - t0))
    a2 = _between(p1, p2, (at - t1) / (t2 - t1))
    a3 = _between(p2, p3, (at - t2) / (t3 - t2))
    b1 = _between(a1, a2, (at - t0) / (t2 - t0))
    b2 = _between(a2, a3, (at - t1) / (t3 - t1))
    return _between(b1, b2, (at - t1) / (t2 - t1))


def _between(p: Position, q: Position, t: float) -> Position:
    return p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t


def _to_mercator(position: Position) -> Position:
    lon, lat = position
    return lon, math.degrees(math.asinh(math.tan(math.radians(lat))))


def _to_lonlat(point: Position) -> Position:
    x, y = point
    return x, math.degrees(math.atan(math.sinh(math.radians(y))))


def _rounded(position: Position) -> Position:
    return round(position[0], DECIMALS), round(position[1], DECIMALS)


def countries_of(collection: dict[str, list[dict[str, Any]]]) -> dict[str, Geometry]:
    """The land of each country by ISO code, from the basemap's countries."""
    from shapely.geometry import shape

    by_code: dict[str, list[Geometry]] = defaultdict(list)
    for item in collection["features"]:
        properties = item["properties"]
        by_code[str(properties["a2"])].append(shape(item["geometry"]))
    return {code: unary_union(shapes) for code, shapes in by_code.items()}
