"""Which part of the world a picture shows: Web Mercator at Leaflet's 256 pixel tiles, as on the live map."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from routes.drawing import Drawing, Position
from routes.picture.svg import Box, Point
from routes.view import MAX_ZOOM, MapPosition

TILE = 256
LIVE_FRAME = (1280, 720)
"""The pixels of the live map on a large screen: what a saved zoom showed there, a picture of any size shows too."""

HOME = ((96.0, 9.3), (132.0, 49.3))
"""What the live map shows at first; a picture of nothing shows it."""

EARTH_KM = 40075.017
PADDING = 34.0


@dataclass(frozen=True)
class Frame:
    """Where the map lies in the picture, and how a position becomes a point in it.

    `unit` is how many pixels of the picture one pixel of the live map is; `middle` is in the world's square, 0 to 1.
    """

    box: Box
    middle: Point
    zoom: float
    unit: float

    @property
    def world(self) -> float:
        """The width of the whole world in pixels."""
        return float(TILE * 2**self.zoom)

    @property
    def seen_zoom(self) -> float:
        """The zoom at which the live map looks as this picture does."""
        return self.zoom - math.log2(self.unit)

    def point(self, position: Position) -> Point:
        """Where a position is drawn."""
        x, y = on_square(position)
        across, down = (x - self.middle[0]) * self.world, (y - self.middle[1]) * self.world
        return self.box.left + self.box.width / 2 + across, self.box.top + self.box.height / 2 + down

    @property
    def latitude(self) -> float:
        """The latitude of the middle."""
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * self.middle[1]))))

    def km_per_pixel(self) -> float:
        """The scale at the middle of the map; Mercator's differs by latitude."""
        return EARTH_KM * math.cos(math.radians(self.latitude)) / self.world


def on_square(position: Position) -> Point:
    """A position in the world's square: x from 0 in the west to 1, y from 0 in the north to 1."""
    lon, lat = position
    return lon / 360 + 0.5, 0.5 - math.asinh(math.tan(math.radians(lat))) / math.tau


def saved_frame(position: MapPosition, box: Box, unit: float) -> Frame:
    """The frame for a position saved on the live map: at least what was seen there."""
    zoom = position.zoom + math.log2(min(box.width / LIVE_FRAME[0], box.height / LIVE_FRAME[1]))
    return Frame(box, on_square((position.lon, position.lat)), _not_too_close(zoom, unit), unit)


def fitted_frame(drawings: Iterable[Drawing], box: Box, unit: float, *, clear: Box) -> Frame:
    """The frame in which every drawing lies inside `clear`, the part of the box that nothing covers."""
    corners = [on_square(p) for p in (positions_of(drawings) or HOME)]
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    north, south = min(y for _, y in corners), max(y for _, y in corners)
    room = max(clear.width - 2 * PADDING * unit, 1.0), max(clear.height - 2 * PADDING * unit, 1.0)
    zoom = math.log2(min(room[0] / max(east - west, 1e-9), room[1] / max(south - north, 1e-9)) / TILE)
    zoom = _not_too_close(zoom, unit)
    world = TILE * 2**zoom
    aside = clear.left + clear.width / 2 - box.left - box.width / 2
    down = clear.top + clear.height / 2 - box.top - box.height / 2
    return Frame(box, ((west + east) / 2 - aside / world, (north + south) / 2 - down / world), zoom, unit)


def positions_of(drawings: Iterable[Drawing]) -> list[Position]:
    """Every position of the drawings."""
    out: list[Position] = []
    for drawing in drawings:
        out += drawing.line
        out += [position for ring in drawing.rings for position in ring]
        out += [drawing.position] if drawing.position else []
    return out


def _not_too_close(zoom: float, unit: float) -> float:
    """No picture comes closer than the live map does."""
    return min(zoom, MAX_ZOOM + math.log2(unit))
