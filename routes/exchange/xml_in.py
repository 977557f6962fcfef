"""Read KML (OGC 12-007r2), KMZ and GPX 1.1: what is drawn and what is written beside it; links are not followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from routes.exchange.geometries import Geometry
from routes.exchange.limits import (
    MAX_ELEMENTS,
    MAX_PARTS,
    MAX_RECORDS,
    MAX_XML_DEPTH,
    RefusedFileError,
    check_count,
)
from routes.exchange.uploads import Item, Read, part_of
from routes.exchange.xml_checks import root_tag
from routes.exchange.zips import members

_KML_GEOMETRIES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry")
_KML_TEXTS = {"name": "name", "description": "description", "when": "date", "begin": "begin", "end": "end"}
_GPX_TEXTS = ("name", "desc", "cmt", "src", "type", "sym")
"""Of a waypoint, route or track; times are left out, since they tell when somebody was there."""


def read_kml(data: bytes) -> Read:
    """The placemarks of each folder that holds any, named by their folders."""
    root = _tree(data)
    folders: dict[str, list[Item]] = {}
    for folder, placemark in _placemarks(root, ()):
        folders.setdefault(" / ".join(folder), []).append(_placemark(placemark))
        check_count(sum(map(len, folders.values())), MAX_RECORDS, "placemarks", got="more")
    check_count(len(folders), MAX_PARTS, "folders")
    notes = ["Links to other files were not followed."] if any(_tag(e) == "NetworkLink" for e in root.iter()) else []
    return [part_of(items, name=name) for name, items in folders.items()] or [part_of([])], notes


def read_kmz(data: bytes) -> Read:
    """The main document of a KMZ: `doc.kml`, or the only one there is."""
    found = {name: content for name, content in members(data).items() if name.lower().endswith(".kml")}
    name = "doc.kml" if "doc.kml" in found else next(iter(found), "")
    if not name or (len(found) > 1 and name != "doc.kml"):
        raise RefusedFileError("one KML document in the KMZ", f"{len(found)}", "Upload the KML file itself.")
    return read_kml(found[name])


def read_gpx(data: bytes) -> Read:
    """Waypoints as points, routes and tracks as lines."""
    kinds: dict[str, list[Item]] = {"wpt": [], "rte": [], "trk": []}
    for element in _tree(data):
        if _tag(element) in kinds:
            kinds[_tag(element)].append(_gpx_item(element))
    check_count(sum(map(len, kinds.values())), MAX_RECORDS, "waypoints, routes and tracks")
    names = {"wpt": "waypoints", "rte": "routes", "trk": "tracks"}
    parts = [part_of(items, name=names[kind]) for kind, items in kinds.items() if items]
    return parts or [part_of([])], ["Times and heights in the file were left out."]


class _Counting(TreeBuilder):
    """Builds the tree up to a size and a depth."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.count = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self.depth += 1
        self.count += 1
        check_count(self.depth, MAX_XML_DEPTH, "elements inside each other", got="more")
        check_count(self.count, MAX_ELEMENTS, "XML elements", got="more")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def _tree(data: bytes) -> Element:
    root_tag(data)
    parser = DefusedXMLParser(target=_Counting(), forbid_dtd=True)
    try:
        parser.feed(data)
        root: Element = parser.close()
    except DefusedXmlException as error:
        got = f"one with a document type ({type(error).__name__})"
        raise RefusedFileError("XML without a document type or entities", got, "Save it again.") from None
    except (ParseError, ValueError, LookupError) as error:
        remedy = "Save it again from the program that made it."
        raise RefusedFileError("well-formed XML", str(error), remedy) from None
    return root


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: Element | None, *tags: str) -> Iterator[Element]:
    return (child for child in (element if element is not None else ()) if _tag(child) in tags)


def _text(element: Element | None) -> str:
    return "" if element is None else "".join(element.itertext())


def _placemarks(element: Element, folder: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Element]]:
    for child in element:
        if _tag(child) == "Placemark":
            yield folder, child
        elif _tag(child) in ("Document", "Folder"):
            name = _text(next(_children(child, "name"), None)).strip()
            yield from _placemarks(child, (*folder, name) if name else folder)


def _placemark(element: Element) -> Item:
    values = {_KML_TEXTS[_tag(child)]: _text(child) for child in element.iter() if _tag(child) in _KML_TEXTS}
    for data in element.iter():
        name = data.get("name", "")
        if _tag(data) == "Data" and name:
            values[name] = _text(next(_children(data, "value"), None))
        elif _tag(data) == "SimpleData" and name:
            values[name] = _text(data)
    geometry = next((_kml_geometry(child) for child in _children(element, *_KML_GEOMETRIES)), None)
    return Item(geometry, {name: value for name, value in values.items() if value})


def _kml_geometry(element: Element) -> Geometry | None:
    kind = _tag(element)
    if kind == "MultiGeometry":
        return _collected([part for part in map(_kml_geometry, _children(element, *_KML_GEOMETRIES)) if part])
    if kind == "Polygon":
        edges = [*_children(element, "outerBoundaryIs"), *_children(element, "innerBoundaryIs")]
        rings = [_coordinates(ring) for edge in edges for ring in _children(edge, "LinearRing")]
        return {"type": "Polygon", "coordinates": rings} if rings and all(rings) else None
    found = _coordinates(element)
    if kind == "Point":
        return {"type": "Point", "coordinates": found[0]} if found else None
    return {"type": "LineString", "coordinates": found} if found else None


def _collected(parts: list[Geometry]) -> Geometry | None:
    kinds = {part["type"] for part in parts}
    if not parts:
        return None
    if len(kinds) == 1 and kinds <= {"Point", "LineString", "Polygon"}:
        return {"type": f"Multi{kinds.pop()}", "coordinates": [part["coordinates"] for part in parts]}
    return {"type": "GeometryCollection", "geometries": parts}


def _coordinates(element: Element) -> list[list[float]]:
    text = _text(next(_children(element, "coordinates"), None))
    return [_numbers(position.split(","), position) for position in text.split()]


def _gpx_item(element: Element) -> Item:
    values = {_tag(child): _text(child) for child in _children(element, *_GPX_TEXTS)}
    return Item(_gpx_geometry(element), {name: value for name, value in values.items() if value})


def _gpx_geometry(element: Element) -> Geometry | None:
    if _tag(element) == "wpt":
        return {"type": "Point", "coordinates": _gpx_position(element)}
    if _tag(element) == "rte":
        line = _gpx_line(_children(element, "rtept"))
        return {"type": "LineString", "coordinates": line} if len(line) > 1 else None
    lines = [_gpx_line(_children(segment, "trkpt")) for segment in _children(element, "trkseg")]
    lines = [line for line in lines if len(line) > 1]
    if len(lines) > 1:
        return {"type": "MultiLineString", "coordinates": lines}
    return {"type": "LineString", "coordinates": lines[0]} if lines else None


def _gpx_line(points: Iterable[Element]) -> list[list[float]]:
    return [_gpx_position(point) for point in points]


def _gpx_position(element: Element) -> list[float]:
    parts = [element.get("lon", ""), element.get("lat", "")]
    return _numbers(parts, " ".join(parts))


def _numbers(parts: list[str], written: str) -> list[float]:
    try:
        if len(parts) >= 2:
            return [float(part) for part in parts if part]
    except ValueError:
        pass
    raise RefusedFileError("positions such as 102.6,18", written[:60], "Correct it, or draw the feature again.")
