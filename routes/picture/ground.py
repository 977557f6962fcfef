"""The quiet map underneath: land, lakes, rivers and borders, cut to the picture and no finer than it can show."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from routes.basemap import basemap_stamp, borders, read_basemap
from routes.dataset import Dataset
from routes.picture import palette
from routes.picture.framing import Frame
from routes.picture.svg import dashes, element, number, rectangle

PROVINCES_FROM = 5.0
"""The zoom from which the live map draws the lines of provinces."""

DETAIL = 0.35
"""By how many pixels of the live map a drawn line may differ from the basemap's."""

Geometries = NDArray[Any]


def ground(dataset: Dataset, frame: Frame) -> Element:
    """Sea and all that lies on it, without names."""
    shapes = _shapes(*basemap_stamp(dataset))
    items = [rectangle(frame.box, fill=palette.SEA)]
    for name, colour in (("world", palette.LAND), ("countries", palette.LAND), ("lakes", palette.LAKE)):
        drawn = _on_picture(shapes[name], frame)
        items += _paths(drawn, fill=colour, stroke=colour, stroke_width=0.6)  # no seams between neighbours
    for name, colour, width in (("rivers", palette.RIVER, 0.8), ("key_rivers", palette.KEY_RIVER, 2.0)):
        drawn = _on_picture(shapes[name], frame)
        items += _paths(drawn, fill="none", stroke=colour, stroke_width=width * frame.unit)
    for name, dash in (("borders", None), ("other_borders", dashes(palette.BORDER_DASH, frame.unit))):
        line = {"stroke": palette.BORDER, "stroke_width": frame.unit, "stroke_dasharray": dash}
        items += _paths(_on_picture(shapes[name], frame), fill="none", **line)
    if frame.seen_zoom >= PROVINCES_FROM:
        drawn = _on_picture(shapes["province_lines"], frame)
        dash = dashes(palette.PROVINCE_DASH, frame.unit)
        line = {"stroke": palette.PROVINCE, "stroke_width": 0.7 * frame.unit, "stroke_dasharray": dash}
        items += _paths(drawn, fill="none", **line)
    return element("g", *items, stroke_linejoin="round")


@lru_cache(maxsize=2)
def _shapes(folder: Path, _stamp: object) -> Mapping[str, Geometries]:
    """The basemap's shapes in the world's square (`on_square`), by what they are drawn as; read once."""
    files = ("world_110m", "countries", "lakes", "rivers", "borders", "province_lines")
    collections = {name: read_basemap(folder, name) for name in files}
    found = {name: collection["features"] for name, collection in collections.items()}
    rivers, lines = found["rivers"], borders(collections["borders"], collections["world_110m"])
    kinds = {
        "world": found["world_110m"],
        "countries": found["countries"],
        "lakes": found["lakes"],
        "rivers": [river for river in rivers if not river["properties"].get("key")],
        "key_rivers": [river for river in rivers if river["properties"].get("key")],
        "borders": [border for border in lines if border["properties"].get("status") == "international"],
        "other_borders": [border for border in lines if border["properties"].get("status") != "international"],
        "province_lines": found["province_lines"],
    }
    return {name: _on_square(features) for name, features in kinds.items()}


def _on_square(features: Iterable[Mapping[str, Any]]) -> Geometries:
    shapes = np.array([shape(feature["geometry"]) for feature in features], dtype=object)
    return shapely.transform(shapes, _points) if len(shapes) else shapes


def _points(positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """As `on_square`, for many positions at once."""
    lat = np.radians(np.clip(positions[:, 1], -85.0, 85.0))
    return np.column_stack((positions[:, 0] / 360 + 0.5, 0.5 - np.arcsinh(np.tan(lat)) / math.tau))


def _on_picture(shapes: Geometries, frame: Frame) -> Geometries:
    """The shapes in pixels, cut a little outside the map's box and thinned."""
    if not len(shapes):
        return shapes
    box, middle = frame.box, np.array(frame.middle)
    reach = np.array((box.width / 2 + 8 * frame.unit, box.height / 2 + 8 * frame.unit)) / frame.world
    near = shapely.clip_by_rect(shapes, *(middle - reach), *(middle + reach))
    aside = np.array((box.left + box.width / 2, box.top + box.height / 2))
    moved = shapely.transform(near, lambda positions: (positions - middle) * frame.world + aside)
    thin: Geometries = shapely.simplify(moved, DETAIL * frame.unit, preserve_topology=False)
    return thin


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
