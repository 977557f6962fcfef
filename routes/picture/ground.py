"""The quiet map underneath: land, lakes, rivers and borders, cut to the picture and no finer than it can show."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from routes.basemap import province_lines
from routes.dataset import Dataset
from routes.picture import palette
from routes.picture.framing import Frame
from routes.picture.svg import dashes, element, number, rectangle

PROVINCES_FROM = 5.0
"""The zoom from which the live map draws the lines of provinces."""

DETAIL = 0.35
"""By how many pixels of the live map a drawn line may differ from the basemap's."""

Geometries = NDArray[Any]


def ground(dataset: Dataset, basemap: Mapping[str, Any], frame: Frame) -> Element:
    """Sea and all that lies on it, without names; `basemap` is `basemap_data`."""
    items = [rectangle(frame.box, fill=palette.SEA)]
    for name, colour in (("world", palette.LAND), ("countries", palette.LAND), ("lakes", palette.LAKE)):
        drawn = _on_picture(basemap[name]["features"], frame)
        items += _paths(drawn, fill=colour, stroke=colour, stroke_width=0.6)  # no seams between neighbours
    rivers = basemap["rivers"]["features"]
    for is_key, colour, width in ((False, palette.RIVER, 0.8), (True, palette.KEY_RIVER, 2.0)):
        drawn = _on_picture((river for river in rivers if bool(river["properties"].get("key")) == is_key), frame)
        items += _paths(drawn, fill="none", stroke=colour, stroke_width=width * frame.unit)
    items += _borders(basemap["borders"]["features"], frame)
    if frame.seen_zoom >= PROVINCES_FROM:
        drawn = _on_picture(province_lines(dataset)["features"], frame)
        dash = dashes(palette.PROVINCE_DASH, frame.unit)
        line = {"stroke": palette.PROVINCE, "stroke_width": 0.7 * frame.unit, "stroke_dasharray": dash}
        items += _paths(drawn, fill="none", **line)
    return element("g", *items, stroke_linejoin="round")


def _borders(features: list[Mapping[str, Any]], frame: Frame) -> list[Element]:
    items: list[Element] = []
    for is_agreed, dash in ((True, None), (False, dashes(palette.BORDER_DASH, frame.unit))):
        wanted = (f for f in features if (f["properties"].get("status") == "international") == is_agreed)
        line = {"stroke": palette.BORDER, "stroke_width": frame.unit, "stroke_dasharray": dash}
        items += _paths(_on_picture(wanted, frame), fill="none", **line)
    return items


def _on_picture(features: Iterable[Mapping[str, Any]], frame: Frame) -> Geometries:
    """The shapes in pixels, cut a little outside the map's box and thinned."""
    shapes = np.array([shape(feature["geometry"]) for feature in features], dtype=object)
    if not len(shapes):
        return shapes
    moved = shapely.transform(shapes, lambda positions: _points(positions, frame))
    box, margin = frame.box, 8 * frame.unit
    cut = shapely.clip_by_rect(moved, box.left - margin, box.top - margin, box.right + margin, box.bottom + margin)
    thin: Geometries = shapely.simplify(cut, DETAIL * frame.unit, preserve_topology=False)
    return thin


def _points(positions: NDArray[np.float64], frame: Frame) -> NDArray[np.float64]:
    """As `Frame.point`, for many positions at once."""
    x = positions[:, 0] / 360 + 0.5
    lat = np.radians(np.clip(positions[:, 1], -85.0, 85.0))
    y = 0.5 - np.arcsinh(np.tan(lat)) / math.tau
    left, top = frame.box.left + frame.box.width / 2, frame.box.top + frame.box.height / 2
    moved = ((x - frame.middle[0]) * frame.world + left, (y - frame.middle[1]) * frame.world + top)
    return np.column_stack(moved)


def _paths(shapes: Geometries, **look: object) -> list[Element]:
    """One path for all the shapes, or none where nothing of them is in the picture."""
    parts = shapely.get_parts(shapes)
    rings, lines = parts[shapely.get_type_id(parts) == 3], parts[shapely.get_type_id(parts) == 1]
    data = "".join([*map(_ring_data, shapely.get_rings(rings)), *map(_line_data, lines)])
    return [element("path", d=data, fill_rule="evenodd", **look)] if data else []


def _line_data(line: Any) -> str:
    points = [f"{number(x)} {number(y)}" for x, y in shapely.get_coordinates(line).tolist()]
    return "M" + "L".join(points) if len(points) > 1 else ""


def _ring_data(ring: Any) -> str:
    data = _line_data(ring)
    return data + "Z" if data else ""
