"""Checks a GeoJSON text against RFC 7946: each MUST is an error, each SHOULD a warning.

    check_geojson(bytes, file)  ->  [Problem, ...]   with line, pointer, expected, got, what to do, RFC section

`RULES` is the whole list of what is checked. The checks are generators that follow the objects of the RFC (object,
Feature, Geometry, position, ring, bounding box) and know nothing of files or lines. What the RFC asks its readers
not to reject (winding, single or nested GeometryCollections, more than three numbers in a position) is a
warning; so is what it only describes: values outside ±180, ±90, or a Feature without "properties".
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from difflib import get_close_matches
from itertools import chain, pairwise
from operator import mul
from typing import NamedTuple, TypeAlias, TypeGuard

from routes.located_json import Json, LocatedJson, Path, Place, pointer_to, printable, read_json, shown
from routes.problems import Problem, Severity

MAX_PROBLEMS = 1000
"""No more are listed; one last line then counts the rest. Errors are kept before warnings."""

Position: TypeAlias = "list[int | float]"
Extent: TypeAlias = "tuple[float, float, float, float]"  # west, south, east, north


class Rule(NamedTuple):
    """What a rule's breach means, where the RFC says so, and what to do about it."""

    severity: Severity
    section: str
    remedy: str


RULES = {
    "rfc7946-object": Rule("error", "3", "Write a JSON object with a \"type\" member."),
    "rfc7946-type": Rule("error", "3 and 7", "Use one of the nine GeoJSON types, spelt exactly so."),
    "rfc7946-features": Rule("error", "3.3", "Give the FeatureCollection an array \"features\"; it may be empty."),
    "rfc7946-geometry": Rule("error", "3.2", "Give the Feature a \"geometry\": a Geometry object, or null."),
    "rfc7946-properties": Rule("error", "3.2", "Make \"properties\" an object, or null."),
    "rfc7946-no-properties": Rule("warning", "3.2", "Add \"properties\": null."),
    "rfc7946-id": Rule("error", "3.2", "Make \"id\" a string or a number, or leave it out."),
    "rfc7946-foreign-type": Rule("error", "7.1", "Move the member to the object it belongs to, or rename it."),
    "rfc7946-mixed-geometry": Rule("warning", "7.1", "Keep \"geometries\" in a GeometryCollection, \"coordinates\" "
                                   "in the other geometries, and never both."),
    "rfc7946-crs": Rule("warning", "4", "Remove \"crs\": RFC 7946 has WGS 84 longitude and latitude only."),
    "rfc7946-bbox": Rule("error", "5", "Write [west, south, east, north], or with the lowest height after south and "
                         "the highest at the end."),
    "rfc7946-bbox-dimensions": Rule("error", "5", "Give the bbox as many axes as the positions inside have."),
    "rfc7946-bbox-order": Rule("warning", "5", "Put all axes of the south-western corner before the north-eastern."),
    "rfc7946-bbox-latitude": Rule("warning", "5.3", "Keep south and north of a bbox between -90 and 90."),
    "rfc7946-bbox-antimeridian": Rule("warning", "5.2", "Right if the box is meant to cross the antimeridian; if "
                                      "not, swap west and east."),
    "rfc7946-coordinates": Rule("error", "3.1", "Give the geometry an array \"coordinates\"."),
    "rfc7946-nesting": Rule("error", "3.1.1", "Add or remove square brackets, or change the type to fit them."),
    "rfc7946-empty": Rule("warning", "3.1", "Nothing will be drawn: add positions or make the geometry null."),
    "rfc7946-position": Rule("error", "3.1.1", "Write [longitude, latitude] or [longitude, latitude, height]."),
    "rfc7946-position-number": Rule("error", "3.1.1", "Write a plain number, without quotes."),
    "rfc7946-position-extra": Rule("warning", "3.1.1", "Keep [longitude, latitude, height]; move the rest to "
                                   "\"properties\"."),
    "rfc7946-range": Rule("warning", "4", "Give WGS 84 degrees; transform projected coordinates first."),
    "rfc7946-swapped": Rule("warning", "3.1.1", "Longitude comes first: swap the two numbers."),
    "rfc7946-line": Rule("error", "3.1.4", "Add a position, or make it a Point."),
    "rfc7946-ring-length": Rule("error", "3.1.6", "Add positions; the last repeats the first."),
    "rfc7946-ring-closed": Rule("error", "3.1.6", "Repeat the first position at the end of the ring."),
    "rfc7946-ring-spelling": Rule("warning", "3.1.6", "Write the first and last position alike."),
    "rfc7946-hole-outside": Rule("error", "3.1.6", "Put the exterior ring first; make a separate area a polygon of a "
                                 "MultiPolygon."),
    "rfc7946-winding": Rule("warning", "3.1.6", "Reverse the order of the ring's positions."),
    "rfc7946-antimeridian": Rule("warning", "3.1.9", "Cut it in two at 180 degrees, as a Multi geometry."),
    "rfc7946-geometries": Rule("error", "3.1.8", "Give the GeometryCollection an array \"geometries\"."),
    "rfc7946-collection-nested": Rule("warning", "3.1.8", "Move the inner geometries to the outer collection."),
    "rfc7946-collection-uniform": Rule("warning", "3.1.8", "Use the single geometry itself, or its Multi type."),
    "rfc7946-more": Rule("warning", "3", "Correct these first and check again."),
}  # fmt: skip

NESTING = {"Point": 1, "MultiPoint": 2, "LineString": 2, "MultiLineString": 3, "Polygon": 3, "MultiPolygon": 4}
GEOMETRY_TYPES = (*NESTING, "GeometryCollection")
GEOJSON_TYPES = ("FeatureCollection", "Feature", *GEOMETRY_TYPES)

FORBIDDEN = {
    "FeatureCollection": frozenset({"coordinates", "geometries", "geometry", "properties"}),
    "Feature": frozenset({"coordinates", "geometries", "features"}),
} | dict.fromkeys(GEOMETRY_TYPES, frozenset({"geometry", "properties", "features"}))


class Fault(NamedTuple):
    """A breach of a rule at a path of the value, before its line is known."""

    path: Path
    rule: str
    expected: str
    got: str
    remedy: str = ""


Faults: TypeAlias = Iterator[Fault]


def check_geojson(data: bytes, file: str) -> list[Problem]:
    """Every problem of a GeoJSON text in the order of its lines; an empty list if there is none.

    `data` are the bytes of the file as they came and `file` its name for the messages. Without an error among the
    problems the text is GeoJSON by RFC 7946. Positions are [longitude, latitude]. Never raises; what is not JSON at
    all gives the problems of `read_json`. At most MAX_PROBLEMS and one line that counts the rest.

    >>> [p.rule for p in check_geojson(b'{"type": "Point", "coordinates": [37.5, 126.9]}', "p.geojson")]
    ['rfc7946-swapped']
    """
    document = read_json(data, file)
    if not document.is_json:
        return _capped(list(document.problems), 0, 0)
    faults, hidden_errors, hidden_warnings = _kept(faults_of(document.value))
    problems = [*document.problems, *_located(document, faults)]
    return _capped(sorted(problems, key=lambda problem: problem.line), hidden_errors, hidden_warnings)


def faults_of(value: Json) -> Faults:
    """The faults of one GeoJSON object that was read already (section 3)."""
    kind = yield from _type_of(value, None, GEOJSON_TYPES)
    if kind and isinstance(value, dict):
        yield from _object(kind, value, None)


def _kept(faults: Faults) -> tuple[list[Fault], int, int]:
    """The first MAX_PROBLEMS faults, errors before warnings, and how many errors and warnings are left out."""
    kept: dict[Severity, list[Fault]] = {"error": [], "warning": []}
    count: dict[Severity, int] = {"error": 0, "warning": 0}
    for fault in faults:
        severity = RULES[fault.rule].severity
        count[severity] += 1
        if count[severity] <= MAX_PROBLEMS:
            kept[severity].append(fault)
    errors = kept["error"]
    warnings = kept["warning"][: MAX_PROBLEMS - len(errors)]
    return errors + warnings, count["error"] - len(errors), count["warning"] - len(warnings)


def _located(document: LocatedJson, faults: list[Fault]) -> list[Problem]:
    pointers = [pointer_to(fault.path) for fault in faults]
    places = document.places(pointers)
    return [_problem(document.file, f, p, places[p]) for f, p in zip(faults, pointers, strict=True)]


def _problem(file: str, fault: Fault, pointer: str, place: Place) -> Problem:
    rule = RULES[fault.rule]
    return Problem(
        file=file,
        line=place.line,
        pointer=printable(pointer),
        rule=fault.rule,
        severity=rule.severity,
        message=f"Expected {fault.expected}, got {fault.got}.",
        hint=f"{fault.remedy or rule.remedy} (RFC 7946, section {rule.section})",
    )


def _capped(problems: list[Problem], hidden_errors: int, hidden_warnings: int) -> list[Problem]:
    """The problems, at most MAX_PROBLEMS with errors kept first, and one more line if some are not listed."""
    errors = [problem for problem in problems if problem.severity == "error"][:MAX_PROBLEMS]
    hidden_errors += sum(problem.severity == "error" for problem in problems) - len(errors)
    warnings = [problem for problem in problems if problem.severity == "warning"][: MAX_PROBLEMS - len(errors)]
    hidden_warnings += sum(problem.severity == "warning" for problem in problems) - len(warnings)
    if not hidden_errors + hidden_warnings:
        return problems
    listed = sorted(errors + warnings, key=lambda problem: problem.line)
    return [*listed, _rest(listed[0].file, hidden_errors, hidden_warnings)]


def _rest(file: str, errors: int, warnings: int) -> Problem:
    return Problem(
        file=file,
        line=0,
        pointer="",
        rule="rfc7946-more",
        severity="error" if errors else "warning",
        message=f"Expected at most {MAX_PROBLEMS:,} problems, got {errors:,} errors and {warnings:,} warnings more.",
        hint=RULES["rfc7946-more"].remedy,
    )


# Objects


def _type_of(value: Json, path: Path, allowed: tuple[str, ...]) -> Generator[Fault, None, str | None]:
    """Yields what is wrong with an object's "type"; returns the type, or None where it is of no use."""
    if not isinstance(value, dict):
        yield Fault(path, "rfc7946-object", f"a {_one_of(allowed)} object", shown(value))
        return None
    kind = value.get("type")
    if isinstance(kind, str) and kind in allowed:
        return kind
    if "type" not in value:
        yield Fault(path, "rfc7946-type", f'a "type" of {_one_of(allowed)}', "none")
    else:
        remedy = _nearest_type(kind) if isinstance(kind, str) else ""
        yield Fault((path, "type"), "rfc7946-type", _one_of(allowed), shown(kind), remedy)
    return None


def _one_of(types: tuple[str, ...]) -> str:
    if len(types) == 1:
        return types[0]
    return "Geometry" if types == GEOMETRY_TYPES else "GeoJSON"


def _nearest_type(kind: str) -> str:
    types = {name.casefold(): name for name in GEOJSON_TYPES}
    near = get_close_matches(kind[:40].casefold(), types, 1)
    return f'Types are case-sensitive: write "{types[near[0]]}" if that is meant.' if near else ""


def _object(kind: str, value: dict[str, Json], path: Path) -> Faults:
    yield from _members(kind, value, path)
    if kind == "FeatureCollection":
        yield from _feature_collection(value, path)
    elif kind == "Feature":
        yield from _feature(value, path)
    elif kind == "GeometryCollection":
        yield from _geometry_collection(value, path)
    else:
        yield from _coordinates(kind, value, path)


def _members(kind: str, value: dict[str, Json], path: Path) -> Faults:
    """Members that any object may or must not have: those of other types (7.1), "crs" (4), "bbox" (5)."""
    if not FORBIDDEN[kind].isdisjoint(value):
        for name in value.keys() & FORBIDDEN[kind]:
            yield Fault((path, name), "rfc7946-foreign-type", f'a {kind} without "{name}"', shown(value[name]))
    if "crs" in value:
        yield Fault((path, "crs"), "rfc7946-crs", "WGS 84 without a \"crs\" member", shown(value["crs"]))
    if "bbox" in value:
        yield from _bbox(value, (path, "bbox"))
    other = "coordinates" if kind == "GeometryCollection" else "geometries"
    if other in value and kind in GEOMETRY_TYPES:
        yield Fault((path, other), "rfc7946-mixed-geometry", f'a {kind} without "{other}"', shown(value[other]))


def _feature_collection(value: dict[str, Json], path: Path) -> Faults:
    features = value.get("features")
    if not isinstance(features, list):
        yield from _absent_or_wrong(value, path, "features", "rfc7946-features", "an array")
        return
    path = (path, "features")
    for index, feature in enumerate(features):
        at = (path, index)
        kind = yield from _type_of(feature, at, ("Feature",))
        # an unknown type is most likely a misspelt Feature; another GeoJSON type would only give faults that mislead
        if isinstance(feature, dict) and (kind or feature.get("type") not in GEOJSON_TYPES):
            yield from _object("Feature", feature, at)


def _feature(value: dict[str, Json], path: Path) -> Faults:
    if "geometry" not in value:
        yield Fault(path, "rfc7946-geometry", 'a "geometry" member', "none")
    elif (geometry := value["geometry"]) is not None:
        yield from _geometry(geometry, (path, "geometry"))
    if "properties" not in value:
        yield Fault(path, "rfc7946-no-properties", 'a "properties" member', "none")
    elif not isinstance(value["properties"], dict | None):
        yield Fault((path, "properties"), "rfc7946-properties", "an object or null", shown(value["properties"]))
    if "id" in value and type(value["id"]) not in (str, int, float):
        yield Fault((path, "id"), "rfc7946-id", "a string or a number", shown(value["id"]))


def _geometry(value: Json, path: Path) -> Faults:
    kind = yield from _type_of(value, path, GEOMETRY_TYPES)
    if kind and isinstance(value, dict):
        yield from _object(kind, value, path)


def _geometry_collection(value: dict[str, Json], path: Path) -> Faults:
    geometries = value.get("geometries")
    if not isinstance(geometries, list):
        yield from _absent_or_wrong(value, path, "geometries", "rfc7946-geometries", "an array")
        return
    path = (path, "geometries")
    kinds = [str(part.get("type")) if isinstance(part, dict) else "" for part in geometries]
    if len(set(kinds)) == 1 and kinds[0] in NESTING:
        got = f"{len(kinds)} of type {kinds[0]} only"
        yield Fault(path, "rfc7946-collection-uniform", "geometries of different types", got)
    for index, part in enumerate(geometries):
        if kinds[index] == "GeometryCollection":
            got = "a GeometryCollection"
            yield Fault((path, index), "rfc7946-collection-nested", "a geometry that is no collection", got)
        yield from _geometry(part, (path, index))


def _absent_or_wrong(value: dict[str, Json], path: Path, name: str, rule: str, expected: str) -> Faults:
    if name in value:
        yield Fault((path, name), rule, expected, shown(value[name]))
    else:
        yield Fault(path, rule, f'{expected} "{name}"', "none")


# Bounding boxes


def _bbox(value: dict[str, Json], path: Path) -> Faults:
    bbox = value["bbox"]
    if not isinstance(bbox, list):
        yield Fault(path, "rfc7946-bbox", "an array of 4 or 6 numbers", shown(bbox))
    elif not _are_numbers(bbox):
        wrong = next(index for index, number in enumerate(bbox) if not _is_number(number))
        yield Fault((path, wrong), "rfc7946-bbox", "a number", shown(bbox[wrong]))
    else:
        axes = set(_axes(value))
        if len(bbox) % 2 or len(bbox) // 2 not in axes | {2, 3}:
            yield Fault(path, "rfc7946-bbox", "4 or 6 numbers", f"{len(bbox)}")
        elif axes and len(bbox) // 2 not in axes | ({3} if max(axes) > 3 else set()):
            expected = f"{2 * min(axes)} numbers for positions of {min(axes)}"
            yield Fault(path, "rfc7946-bbox-dimensions", expected, f"{len(bbox)}")
        else:
            yield from _bbox_corners(bbox, path)


def _bbox_corners(bbox: Position, path: Path) -> Faults:
    half = len(bbox) // 2
    low, high = bbox[:half], bbox[half:]
    for axis in range(1, half):
        if low[axis] > high[axis]:
            expected = f"{'south' if axis == 1 else 'the lowest'} before {'north' if axis == 1 else 'the highest'}"
            yield Fault((path, axis), "rfc7946-bbox-order", expected, f"{low[axis]} before {high[axis]}")
    for at in (1, half + 1):
        if abs(bbox[at]) > 90:
            yield Fault((path, at), "rfc7946-bbox-latitude", "a latitude from -90 to 90", shown(bbox[at]))
    if low[0] > high[0]:
        got = f"{low[0]} before {high[0]}"
        yield Fault((path, 0), "rfc7946-bbox-antimeridian", "west before east", got)


def _axes(value: Json) -> Iterator[int]:
    """How many numbers each position inside a GeoJSON object has; malformed parts are passed over."""
    if not isinstance(value, dict):
        return
    if isinstance(coordinates := value.get("coordinates"), list):
        yield from _axes_of_coordinates(coordinates)
    yield from _axes(value.get("geometry"))
    for name in ("features", "geometries"):
        if isinstance(parts := value.get(name), list):
            for part in parts:
                yield from _axes(part)


def _axes_of_coordinates(coordinates: list[Json]) -> Iterator[int]:
    if len(coordinates) >= 2 and _are_numbers(coordinates):
        yield len(coordinates)
    for part in coordinates:
        if isinstance(part, list):
            yield from _axes_of_coordinates(part)


# Coordinates


def _coordinates(kind: str, value: dict[str, Json], path: Path) -> Faults:
    coordinates = value.get("coordinates")
    if not isinstance(coordinates, list):
        yield from _absent_or_wrong(value, path, "coordinates", "rfc7946-coordinates", "an array")
        return
    path = (path, "coordinates")
    nesting = _nesting(coordinates)
    if nesting is not None and nesting != NESTING[kind]:
        fitting = " or ".join(name for name, depth in NESTING.items() if depth == nesting) or "no geometry"
        got = f"{nesting} deep, as in {fitting}"
        yield Fault(path, "rfc7946-nesting", f"the arrays of a {kind} {NESTING[kind]} deep", got)
    else:
        yield from SHAPES[kind](coordinates, path)


def _nesting(value: Json) -> int | None:
    """How many arrays stand around the first number; None if the first thing in them is no number."""
    depth = 0
    while isinstance(value, list) and value:
        depth, value = depth + 1, value[0]
    return depth if _is_number(value) else None


def _point(value: Json, path: Path) -> Faults:
    if not _is_position(value) or len(value) > 3:
        yield from _position(value, path)
    if _is_off_globe(value):
        yield _off_globe([(value, path)])


def _multi_point(value: Json, path: Path) -> Faults:
    if isinstance(value, list) and not value:
        yield Fault(path, "rfc7946-empty", "at least one position", "an empty array")
    else:
        yield from _positions(value, path, "an array of positions")


def _line(value: Json, path: Path) -> Faults:
    are_positions = yield from _positions(value, path, "the positions of a line")
    if isinstance(value, list) and len(value) < 2:
        yield Fault(path, "rfc7946-line", "two or more positions", f"{len(value)}")
    if are_positions and _crosses_antimeridian([position[0] for position in are_positions]):
        yield _crossing(path, are_positions)


def _multi_line(value: Json, path: Path) -> Faults:
    yield from _parts(value, path, "lines", _line)


def _multi_polygon(value: Json, path: Path) -> Faults:
    yield from _parts(value, path, "polygons", _polygon)


def _parts(value: Json, path: Path, what: str, check: Callable[[Json, Path], Faults]) -> Faults:
    if not isinstance(value, list):
        yield Fault(path, "rfc7946-nesting", f"an array of {what}", shown(value))
        return
    if not value:
        yield Fault(path, "rfc7946-empty", f"an array of {what}", "an empty array")
    for index, part in enumerate(value):
        yield from check(part, (path, index))


def _polygon(value: Json, path: Path) -> Faults:
    rings: list[list[Position]] = []

    def ring(part: Json, at: Path) -> Faults:
        closed = yield from _ring(part, at)
        if closed:
            rings.append(closed)
            yield from _orientation(closed, at, is_hole=at != (path, 0))

    yield from _parts(value, path, "linear rings", ring)
    if isinstance(value, list) and 1 < len(rings) == len(value):
        yield from _holes_outside(rings, path)


def _ring(value: Json, path: Path) -> Generator[Fault, None, list[Position]]:
    """Yields what is wrong with a linear ring; returns its positions if it is one, else none."""
    positions = yield from _positions(value, path, "the positions of a linear ring")
    if isinstance(value, list) and len(value) < 4:
        yield Fault(path, "rfc7946-ring-length", "four or more positions in a ring", f"{len(value)}")
    if not positions:
        return []
    first, last, end = positions[0], positions[-1], (path, len(positions) - 1)
    if first != last:
        yield Fault(end, "rfc7946-ring-closed", f"{_brief(first)} as at the start", _brief(last))
        return []
    if list(map(type, first)) != list(map(type, last)):  # 100 and 100.0: equal, but not written alike
        yield Fault(end, "rfc7946-ring-spelling", f"{_brief(first)} as at the start", _brief(last))
    return positions if len(positions) > 3 else []


SHAPES: dict[str, Callable[[Json, Path], Faults]] = {
    "Point": _point,
    "MultiPoint": _multi_point,
    "LineString": _line,
    "MultiLineString": _multi_line,
    "Polygon": _polygon,
    "MultiPolygon": _multi_polygon,
}


# Positions


def _positions(value: Json, path: Path, what: str) -> Generator[Fault, None, list[Position]]:
    """Yields what is wrong with an array of positions; returns them if every one is a position, else none."""
    if not isinstance(value, list):
        yield Fault(path, "rfc7946-nesting", what, shown(value))
        return []
    positions = value if _are_positions(value) else []
    if positions and max(map(len, positions)) <= 3 and _is_on_globe(_extent(positions)):
        return positions
    for index, part in enumerate(value):
        yield from _position(part, (path, index))
    off = [(part, (path, index)) for index, part in enumerate(value) if _is_off_globe(part)]
    if off:
        yield _off_globe(off)
    return positions


def _position(value: Json, path: Path) -> Faults:
    if not isinstance(value, list):
        yield Fault(path, "rfc7946-position", "a position of numbers", shown(value))
        return
    if len(value) < 2:
        yield Fault(path, "rfc7946-position", "two or more numbers", f"{len(value)}")
    for index, number in enumerate(value):
        if not _is_number(number):
            yield Fault((path, index), "rfc7946-position-number", "a number", shown(number))
    if len(value) > 3:
        yield Fault(path, "rfc7946-position-extra", "two or three numbers", f"{len(value)}")


def _off_globe(off: Sequence[tuple[Position, Path]]) -> Fault:
    """One fault for all positions of a line or ring outside ±180 and ±90 (section 4), at the first of them."""
    position, path = off[0]
    got = _brief(position) + (f" and {len(off) - 1} more like it here" if len(off) > 1 else "")
    if all(abs(each[0]) <= 90 < abs(each[1]) <= 180 for each, _ in off):
        remedy = f"Longitude comes first: write {_brief([position[1], position[0], *position[2:]])}."
        return Fault(path, "rfc7946-swapped", "[longitude, latitude]", got, remedy)
    return Fault(path, "rfc7946-range", "longitude within ±180 and latitude within ±90", got)


def _is_number(value: object) -> TypeGuard[int | float]:
    return type(value) in _NUMBERS  # a bool is an int in Python, not in JSON


def _are_numbers(values: list[Json]) -> TypeGuard[Position]:
    return set(map(type, values)) <= _NUMBERS


_NUMBERS = frozenset({int, float})


def _is_position(value: Json) -> TypeGuard[Position]:
    return isinstance(value, list) and len(value) >= 2 and _are_numbers(value)


def _are_positions(values: list[Json]) -> TypeGuard[list[Position]]:
    """Whether an array holds positions and nothing else; at the speed of C, as most arrays do."""
    lists = [value for value in values if isinstance(value, list)]
    return 0 < len(lists) == len(values) and min(map(len, lists)) >= 2 and _are_numbers([*chain.from_iterable(lists)])


def _is_off_globe(value: Json) -> TypeGuard[Position]:
    return _is_position(value) and not (-180 <= value[0] <= 180 and -90 <= value[1] <= 90)


def _is_on_globe(extent: Extent) -> bool:
    west, south, east, north = extent
    return west >= -180 and south >= -90 and east <= 180 and north <= 90


def _brief(position: Position) -> str:
    numbers = ", ".join(shown(number).removeprefix("the number ") for number in position[:4])
    return f"[{numbers}{', …' if len(position) > 4 else ''}]"


# Rings and the antimeridian


def _crosses_antimeridian(longitudes: Position) -> bool:
    """Whether a line goes past ±180, or takes more than half a turn, which the short way would cross (3.1.1)."""
    west, east = min(longitudes), max(longitudes)
    if west < -180 < east or west < 180 < east:
        return True
    return east - west > 180 and any(180 < abs(b - a) < 360 for a, b in pairwise(longitudes))


def _orientation(ring: list[Position], path: Path, *, is_hole: bool) -> Faults:
    """Exterior counter-clockwise, holes clockwise (3.1.6), on the plane or, failing that, the short way round.

    A ring whose edges take more than half a turn is right as drawn on the plane or crosses the antimeridian; the
    right-hand rule says which. -170 to 170 clockwise on the plane is counter-clockwise across the antimeridian.
    """
    longitudes = [float(position[0]) for position in ring]
    latitudes = [float(position[1]) for position in ring]
    crosses = _crosses_antimeridian(longitudes)
    right = _turns_right(longitudes, latitudes, is_hole)
    if crosses and (not right or min(longitudes) < -180 or max(longitudes) > 180):
        yield _crossing(path, ring)
        right = right or _turns_right(_unrolled(longitudes), latitudes, is_hole)
    if not right:
        names = ("clockwise", "counter-clockwise") if is_hole else ("counter-clockwise", "clockwise")
        yield Fault(path, "rfc7946-winding", f"{'a hole' if is_hole else 'an exterior ring'} {names[0]}", names[1])


def _turns_right(longitudes: list[float], latitudes: list[float], is_hole: bool) -> bool:
    """Whether a ring turns as its role asks; one without an area always does."""
    area = _signed_area(longitudes, latitudes)
    return not (area > 0 if is_hole else area < 0)


def _signed_area(xs: list[float], ys: list[float]) -> float:
    """Twice the area of a closed ring, positive if counter-clockwise; measured from its first corner for precision."""
    xs, ys = [x - xs[0] for x in xs], [y - ys[0] for y in ys]
    area: float = sum(map(mul, xs, ys[1:])) - sum(map(mul, xs[1:], ys))
    return area


def _unrolled(longitudes: list[float]) -> list[float]:
    """The longitudes going on past ±180 instead of jumping to the other side."""
    unrolled, turn = longitudes[:1], 0
    for before, after in pairwise(longitudes):
        if 180 < abs(after - before) < 360:
            turn += -360 if after > before else 360
        unrolled.append(after + turn)
    return unrolled


def _crossing(path: Path, positions: list[Position]) -> Fault:
    west, east = min(p[0] for p in positions), max(p[0] for p in positions)
    got = f"longitudes from {west} to {east}"
    return Fault(path, "rfc7946-antimeridian", "a geometry cut at the antimeridian", got)


def _holes_outside(rings: list[list[Position]], path: Path) -> Faults:
    """Rings after the first that reach outside its extent and so cannot be interior rings (3.1.6)."""
    if any(_crosses_antimeridian([position[0] for position in ring]) for ring in rings):
        return
    west, south, east, north = _extent(rings[0])
    for index, ring in enumerate(rings[1:], start=1):
        w, s, e, n = _extent(ring)
        if w < west or s < south or e > east or n > north:
            got = f"one that reaches to {_brief([w, s, e, n])}"
            expected = f"a hole inside {_brief([west, south, east, north])}"
            yield Fault((path, index), "rfc7946-hole-outside", expected, got)


def _extent(positions: list[Position]) -> Extent:
    longitudes, latitudes = [position[0] for position in positions], [position[1] for position in positions]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)
