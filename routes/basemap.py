"""The basemap as data: public geography under the routes, and where its names stand.

Its sources and licences are in data/basemap/README.md. The positions of country names are ours, chosen so that they
stand clear of the routes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from shapely import MultiLineString, line_merge
from shapely.geometry import mapping

from routes.dataset import DEFAULT_FOLDER, Dataset
from routes.drawing import Position

FIRST_PAINT = ("world_110m", "countries", "lakes", "rivers", "borders", "places")
LABEL_AT = {
    "KP": (127.2, 40.1),
    "KR": (128.0, 36.3),
    "CN": (107.0, 36.0),
    "LA": (104.0, 18.9),
    "TH": (101.2, 16.4),
    "MM": (95.9, 21.2),
    "VN": (108.2, 13.3),
    "KH": (104.6, 12.9),
    "MN": (103.6, 46.6),
}
QUIET_COUNTRIES = ("JP", "TW", "PH", "IN", "BD", "MY", "KZ", "NP")
ROUTE_CITIES = ("Shenyang", "Kunming", "Nanning", "Chiang Rai", "Ho Chi Minh City")
COARSE_FROM = 50.0
"""The longitude from which borders are drawn; the map's bounds begin further east."""

UNSETTLED = {"CN", "IN", "PK"}
"""Countries whose coarse borders with each other are all drawn as disputed: so far out parts cannot be told apart."""

RIVER_NAMES = (("Tumen", 130.4, 43.2), ("Yalu", 125.6, 41.5), ("Mekong", 105.6, 15.6), ("DMZ", 127.5, 37.85))


def basemap_folder(dataset: Dataset) -> Path:
    """The dataset's own basemap, or the project's where it has none."""
    own = dataset.basemap_folder
    return own if own.is_dir() else DEFAULT_FOLDER / "basemap"


def basemap_data(dataset: Dataset) -> dict[str, Any]:
    """What is drawn at once: each file of `FIRST_PAINT` by name, and the names of countries and rivers."""
    folder = basemap_folder(dataset)
    files = {name.removesuffix("_110m"): read_basemap(folder, name) for name in FIRST_PAINT}
    files["borders"] = {**files["borders"], "features": borders(files["borders"], files["world"])}
    return {**files, **_labels(dataset)}


def borders(fine: Mapping[str, Any], world: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The border lines: the fine ones, and round them the edges that two countries of the coarse world share."""
    owners = defaultdict(set)
    for country in world["features"]:
        for edge in _edges(country["geometry"]):
            owners[edge].add(country["properties"]["a2"])
    lines = defaultdict(list)
    for edge, pair in owners.items():
        if len(pair) > 1 and min(lon for lon, _ in edge) >= COARSE_FROM:
            lines["disputed" if pair <= UNSETTLED else "international"].append(edge)
    return [*fine["features"], *(_border(status, edges) for status, edges in lines.items())]


def _edges(geometry: Mapping[str, Any]) -> set[tuple[Position, Position]]:
    """The edges of a polygon or a MultiPolygon, each from its western end."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    pairs = (pair for polygon in polygons for ring in polygon for pair in pairwise(ring))
    return {(min(one, other), max(one, other)) for one, other in (map(tuple, pair) for pair in pairs)}


def _border(status: str, edges: list[tuple[Position, Position]]) -> dict[str, Any]:
    line = mapping(line_merge(MultiLineString(edges)))
    return {"type": "Feature", "properties": {"status": status}, "geometry": line}


def basemap_names(dataset: Dataset) -> dict[str, Any]:
    """What `basemap_data` has for the names on the map; the shapes of countries are not in it."""
    return {**_named(*basemap_stamp(dataset)), **_labels(dataset)}


def _labels(dataset: Dataset) -> dict[str, Any]:
    names = {code: country.name for code, country in dataset.countries.items() if code in LABEL_AT}
    return {
        "label_at": LABEL_AT,
        "names": names,
        "quiet": QUIET_COUNTRIES,
        "route_cities": ROUTE_CITIES,
        "river_names": RIVER_NAMES,
    }


def province_lines(dataset: Dataset) -> dict[str, Any]:
    """The first-order administrative lines, wanted only close in."""
    return read_basemap(basemap_folder(dataset), "province_lines")


def basemap_stamp(dataset: Dataset) -> tuple[Path, tuple[tuple[str, int, int], ...]]:
    """The folder of the basemap and what changes when one of its files does, to keep by what was made from them."""
    folder = basemap_folder(dataset)
    found = [(path.name, path.stat()) for path in sorted(folder.glob("*.geojson"))]
    return folder, tuple((name, status.st_mtime_ns, status.st_size) for name, status in found)


@lru_cache(maxsize=2)
def _named(folder: Path, _stamp: object) -> dict[str, Any]:
    countries = [{"properties": one["properties"]} for one in read_basemap(folder, "countries")["features"]]
    return {"countries": {"features": countries}, "places": read_basemap(folder, "places")}


def read_basemap(folder: Path, name: str) -> dict[str, Any]:
    """A file of the basemap; an empty FeatureCollection where it is missing or none."""
    try:
        collection: Any = json.loads((folder / f"{name}.geojson").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        collection = None
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        return {"type": "FeatureCollection", "features": []}
    return {**collection, "features": list(filter(_is_drawable, collection["features"]))}


def _is_drawable(feature: Any) -> bool:
    """Whether a feature has what every map asks of it."""
    return isinstance(feature, dict) and all(isinstance(feature.get(name), dict) for name in ("geometry", "properties"))
