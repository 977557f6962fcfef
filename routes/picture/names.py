"""The names on the map, and numbered pins: each where it hides least, and none over another.

The rules are those of components/frame/2_basemap.js: the most important first; what finds no room is left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from routes.drawing import Position
from routes.picture import palette
from routes.picture.framing import Frame
from routes.picture.lettering import BOLD, ITALIC, SANS, SEMIBOLD, Type
from routes.picture.svg import Box, Point, element
from routes.picture.ways import Shown, dot_point, dot_reach, hints, middle_of

Spots = Callable[[float, float, float, float], list[Point]]
"""Where a name may stand, best first, relative to its place: of its width and height, and how much to the left and to
the right of the place is taken by dots."""

GAP = 3.0
ORDER_COST = 0.5
CITY_DOT = 2.5
FULL_SIZE_ZOOM = 4.5
"""Further out the names of countries are a little smaller, as the live map has them on small screens."""

NOT_BESIDE = 9.0
"""A city's dot is left out where a mission this near marks it already."""


@dataclass(frozen=True)
class Name:
    """A name and the rules by which it is placed; rank 0 is the most important."""

    text: str
    position: Position
    type: Type
    rank: int
    spots: Spots
    least_zoom: float = 0.0
    dotted: bool = False


@dataclass
class Ground:
    """What is taken already: boxes that nothing may touch, dots, and points along the lines, a row each."""

    frame: Frame
    taken: list[Box]
    dots: list[tuple[Point, float]]
    lines: NDArray[np.float64]

    def clearance(self, point: Point, side: int) -> float:
        """How far to one side of a place (-1 is left) a name has to begin to stand clear of the row of dots there."""
        near, edge = NOT_BESIDE * self.frame.unit, 0.0
        row = sorted(((x - point[0]) * side, reach) for (x, y), reach in self.dots if abs(y - point[1]) < near)
        for x, reach in row:
            if -near < x < edge + near:
                edge = max(edge, x + reach)
        return max(near, edge + 4 * self.frame.unit)

    def cost(self, box: Box, order: int, *, important: bool) -> float:
        """How bad it is to write there; infinite where it is not allowed."""
        gap = GAP * self.frame.unit
        if not self.frame.box.holds(box) or any(box.touches(other, gap) for other in self.taken):
            return math.inf
        hidden = sum(box.has(point, reach) for point, reach in self.dots)
        if hidden and not important:
            return math.inf
        return ORDER_COST * order + 12 * hidden + 2 * min(self._crossed(box), 10)

    def _crossed(self, box: Box) -> int:
        """How many points of lines it would hide; as `Box.has`, for many at once."""
        inside = (self.lines > (box.left, box.top)) & (self.lines < (box.right, box.bottom))
        return int(np.count_nonzero(inside.all(axis=1)))


def taken_ground(shown: Sequence[Shown], frame: Frame, boxes: Sequence[Box]) -> Ground:
    """The ground before any name is written."""
    dots = [(dot_point(i.drawing, frame), dot_reach(i, frame)) for i in shown if i.drawing.position]
    lines = np.array(hints(shown, frame), dtype=float).reshape(-1, 2)
    return Ground(frame, list(boxes), dots, lines)


def names(basemap: Mapping[str, Any], ground: Ground) -> list[Element]:
    """The names that find room, with the dots of their cities; `basemap` is `basemap_names`."""
    frame = ground.frame
    items: list[Element] = []
    wanted = (name for name in _all_names(basemap, frame) if frame.seen_zoom >= name.least_zoom)
    for name in sorted(wanted, key=lambda name: name.rank):
        point = frame.point(name.position)
        width, height = name.type.width(name.text), name.type.line
        spots = name.spots(width, height, ground.clearance(point, -1), ground.clearance(point, 1))
        places = (Box(point[0] + x, point[1] + y, width, height) for x, y in spots)
        costs = [(ground.cost(box, n, important=name.rank <= 1), box) for n, box in enumerate(places)]
        cost, best = min(costs, key=lambda found: found[0])
        if math.isinf(cost) or not frame.box.has(point):
            continue
        ground.taken.append(best)
        near = NOT_BESIDE * frame.unit
        if name.dotted and not any(math.dist(dot, point) < near for dot, _ in ground.dots):
            radius = CITY_DOT * frame.unit
            ground.taken.append(Box(point[0] - radius, point[1] - radius, 2 * radius, 2 * radius))
            items.append(element("circle", cx=point[0], cy=point[1], r=radius, fill=palette.INK, fill_opacity=0.7))
        items.append(name.type.drawn(name.text, best.left, best.top))
    return items


def pin_marks(numbered: Sequence[tuple[int, str]], shown: Sequence[Shown], ground: Ground) -> list[Element]:
    """A numbered disc beside each feature that is shown, with a short line to it."""
    by_id = {item.feature.id: item for item in shown}
    items: list[Element] = []
    for number, feature_id in numbered:
        if feature_id not in by_id:
            continue
        anchor = middle_of(by_id[feature_id], ground.frame)
        if ground.frame.box.has(anchor):
            items += _pin(number, anchor, ground)
    return items


def _pin(number: int, anchor: Point, ground: Ground) -> list[Element]:
    unit = ground.frame.unit
    radius = 11.0 * unit
    places = []
    for ring in (22.0, 34.0, 46.0, 60.0):
        for step in range(12):
            turn = math.tau * (step / 12 - 0.125)
            x, y = anchor[0] + math.cos(turn) * ring * unit, anchor[1] + math.sin(turn) * ring * unit
            places.append(Box(x - radius, y - radius, 2 * radius, 2 * radius))
    costs = [(ground.cost(box, n // 3, important=True), box) for n, box in enumerate(places)]
    best = min(costs, key=lambda found: found[0])[1]
    ground.taken.append(best)
    x, y = best.left + radius, best.top + radius
    digits = Type(BOLD, 14 * unit, "#fff")
    ends = {"x1": anchor[0], "y1": anchor[1], "x2": x, "y2": y}
    return [
        element("line", **ends, stroke="#fff", stroke_width=4 * unit),
        element("line", **ends, stroke=palette.INK, stroke_width=1.6 * unit),
        element("circle", cx=anchor[0], cy=anchor[1], r=2.6 * unit, fill=palette.INK),
        element("circle", cx=x, cy=y, r=radius, fill=palette.INK, stroke="#fff", stroke_width=2 * unit),
        digits.drawn(str(number), x, y - digits.size * 0.62, anchor="middle"),
    ]


def _all_names(basemap: Mapping[str, Any], frame: Frame) -> list[Name]:
    unit, halo = frame.unit, 3.2 * frame.unit
    size = (16 if frame.seen_zoom >= FULL_SIZE_ZOOM else 14) * unit
    country = Type(SEMIBOLD, size, palette.COUNTRY_NAME, spacing=0.09, halo=halo)
    quiet = Type(SANS, 13 * unit, palette.QUIET_NAME, spacing=0.09, halo=halo)
    city, river = Type(SANS, 15 * unit, halo=halo), Type(ITALIC, 13 * unit, palette.RIVER_NAME, halo=halo)
    out: list[Name] = []
    for feature in basemap["countries"]["features"]:
        own = feature["properties"]
        code = own["a2"]
        if code in basemap["label_at"]:
            name = str(basemap["names"].get(code) or own["name"]).upper()
            out.append(Name(name, basemap["label_at"][code], country, 0, _around))
        elif code in basemap["quiet"]:
            out.append(Name(own["name"].upper(), (own["lx"], own["ly"]), quiet, 3, _around))
    for feature in basemap["places"]["features"]:
        own, (lon, lat) = feature["properties"], feature["geometry"]["coordinates"]
        capital = own["role"] in ("capital", "destination")
        least = 3.5 if capital or own["name"] in basemap["route_cities"] else 5.0
        out.append(Name(own["name"], (lon, lat), city, 1 if capital else 2, _beside, least, dotted=True))
    for text, lon, lat in basemap["river_names"]:
        out.append(Name(text, (lon, lat), river, 4, _middle, 4.5))
    return out


def _middle(width: float, height: float, _left: float, _right: float) -> list[Point]:
    return [(-width / 2, -height / 2)]


def _beside(width: float, height: float, left: float, right: float) -> list[Point]:
    sides = [(right, -height / 2), (-width - left, -height / 2)]
    sides += [(-width / 2, -1.3 * height), (-width / 2, 0.3 * height)]
    return sides + [(x, y) for x in (0.8 * right, -width - 0.8 * left) for y in (-1.1 * height, 0.1 * height)]


def _around(width: float, height: float, _left: float, _right: float) -> list[Point]:
    return [
        (width * (aside - 0.5), height * (down - 0.5))
        for down in (0, -0.6, 0.6, -1.2, 1.2, -1.8, 1.8)
        for aside in (0, -0.25, 0.25, -0.5, 0.5)
    ]
