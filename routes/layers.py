"""Read the layers under `data/layers/` (GeoJSON, RFC 7946) as features; every fault is a Problem."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, get_args

from routes.located_json import LocatedJson, Place, read_json
from routes.problems import Problem
from routes.records import ID_PATTERN, INTERNATIONAL, ROUTE_IDS, Citation, Feature, FeatureKind, Layer
from routes.rfc7946 import check_geojson

GEOMETRY_OF_KIND = {
    "segment": ("LineString",),
    "band": ("LineString",),
    "context": ("LineString", "Polygon"),
    "place": ("Point",),
    "mission": ("Point",),
}
FEATURE_KINDS = get_args(FeatureKind)
NO_LAYERS = "none"
"""What a link says for no layer at all (`routes.view`); no layer may be called so."""


def read_layer(layer_id: str, data: bytes, *, shown_as: str) -> tuple[Layer | None, list[Problem]]:
    """The layer in the bytes of its file with its good features, and one problem for each fault.

    A file that RFC 7946 forbids gives no layer; a feature with an error is left out and the rest stands.
    """
    if not ID_PATTERN.fullmatch(layer_id) or layer_id == NO_LAYERS:
        message = f"Expected a file name of small letters, digits and hyphens, got {layer_id!r}."
        hint = "Rename the file: its name is the layer's id in links."
        return None, [_file_problem(shown_as, "layer-id", message, hint)]
    if not data:
        message = "Expected a layer, got an empty file, or none that can be read."
        return None, [_file_problem(shown_as, "layer-unreadable", message, "Put it back and check its permissions.")]
    problems = check_geojson(data, shown_as)
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    document = read_json(data, shown_as)
    collection: Any = document.value
    faults = _Faults(document)
    if collection.get("type") != "FeatureCollection":
        faults.add("/type", "layer-type", "Expected a FeatureCollection.", "Wrap the features in a FeatureCollection.")
        return None, [*problems, *faults.located()]
    features = [_read_feature(item, n, layer_id, faults) for n, item in enumerate(collection["features"])]
    title = collection.get("title")
    if not isinstance(title, str):
        faults.add("/title", "layer-title", "Expected a member 'title' with a text.", "Add it beside 'features'.")
        title = layer_id
    layer = Layer(
        id=layer_id,
        title=title,
        description=str(collection.get("description", "")),
        order=collection.get("order") if isinstance(collection.get("order"), int) else 99,
        features=tuple(feature for feature in features if feature is not None),
    )
    return layer, [*problems, *faults.located()]


def _file_problem(shown_as: str, rule: str, message: str, hint: str) -> Problem:
    return Problem(file=shown_as, line=0, pointer="", rule=rule, severity="error", message=message, hint=hint)


class _Faults:
    """Collects the problems of one file; `located` gives each the line of its pointer, looked up once for all."""

    def __init__(self, document: LocatedJson) -> None:
        self.document, self.problems = document, list[Problem]()

    def add(self, pointer: str, rule: str, message: str, hint: str) -> None:
        self.problems.append(
            Problem(file=self.document.file, line=0, pointer=pointer, rule=rule, severity="error",
                    message=message, hint=hint)
        )  # fmt: skip

    def located(self) -> list[Problem]:
        places = self.document.places(problem.pointer for problem in self.problems)
        nowhere = Place(0, 0)
        return [replace(problem, line=places.get(problem.pointer, nowhere).line) for problem in self.problems]


@dataclass(frozen=True)
class _Properties:
    """The properties of the feature at a pointer, each checked when it is taken."""

    values: dict[str, Any]
    at: str
    faults: _Faults

    def take(self, name: str, check: Callable[[Any], bool], expected: str, default: Any) -> Any:
        """A property that passes its check; `default` where it is absent or, with a problem added, wrong."""
        value = self.values.get(name, default)
        if value == default or check(value):
            return value
        pointer = f"{self.at}/properties/{name}" if name in self.values else self.at
        message = f"Expected {name} to be {expected}, got {value!r}."
        self.faults.add(pointer, "feature-property", message, "Correct it.")
        return default


def _read_feature(item: dict[str, Any], n: int, layer: str, faults: _Faults) -> Feature | None:
    at = f"/features/{n}"
    before = len(faults.problems)
    properties = item.get("properties") or {}
    take = _Properties(properties, at, faults).take
    feature_id = _id_of(item, at, faults)
    kind: Any = properties.get("kind")
    if kind not in FEATURE_KINDS:
        expected = f"Expected kind to be one of {', '.join(FEATURE_KINDS)}"
        faults.add(at, "feature-kind", f"{expected}, got {kind!r}.", "Correct the property 'kind'.")
        return None
    positions = _positions(item["geometry"], kind, at, faults)
    name = take("name", _is_text, "a text", None)
    if name is None:
        faults.add(at, "feature-name", "Expected a property 'name' with a text.", "Add it.")
    authority = take("authority", _is_country, "an ISO 3166-1 alpha-2 code", None)
    if kind in ("segment", "band", "mission") and authority is None:
        message = f"Expected a {kind} to name its authority."
        faults.add(at, "feature-authority", message, "Add a property such as 'authority': 'LA'.")
    routes = take("routes", _are_routes, f"a list from {', '.join(ROUTE_IDS)}", [])
    cited = take("sources", _are_texts, "a list of source ids", [])
    optional = {key: take(key, _is_text, "a text", None) for key in ("scope", "from", "to", "description")}
    whose = take("whose", _is_country_or_international, f"an ISO 3166-1 alpha-2 code or {INTERNATIONAL}", None)
    width = take("width_km", _is_number, "a number of kilometres", None)
    if len(faults.problems) > before:
        return None
    return Feature(
        id=feature_id,
        layer=layer,
        kind=kind,
        name=name,
        routes=tuple(routes),
        authority=authority,
        scope=optional["scope"],
        from_name=optional["from"],
        to_name=optional["to"],
        description=optional["description"],
        whose=whose,
        width_km=width,
        positions=positions,
        is_area=bool(item["geometry"]) and item["geometry"]["type"] == "Polygon",
        sources=tuple(_cite(text) for text in cited),
    )


def _id_of(item: dict[str, Any], at: str, faults: _Faults) -> str:
    feature_id = item.get("id")
    if not isinstance(feature_id, str) or not ID_PATTERN.fullmatch(feature_id):
        expected = "Expected an id of small letters, digits and hyphens"
        faults.add(f"{at}/id" if "id" in item else at, "feature-id", f"{expected}, got {feature_id!r}.", "Rename it.")
    return str(feature_id)


def _positions(geometry: Any, kind: str, at: str, faults: _Faults) -> tuple[tuple[float, float], ...]:
    expected = GEOMETRY_OF_KIND[kind]
    got = geometry["type"] if geometry else "no geometry"
    if got not in expected:
        message = f"Expected a {kind} to be a {' or a '.join(expected)}, got {got}."
        faults.add(f"{at}/geometry", "feature-geometry", message, "Draw it again as that type.")
        return ()
    coordinates = geometry["coordinates"]
    if got == "Point":
        coordinates = [coordinates]
    elif got == "Polygon":
        coordinates = coordinates[0] if coordinates else []
    return tuple((float(lon), float(lat)) for lon, lat, *_ in coordinates)


def _cite(text: str) -> Citation:
    source, _, locator = text.partition("@")
    return Citation(source.strip(), locator.strip())


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_country(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 2 and value.isascii() and value.isupper()


def _is_country_or_international(value: Any) -> bool:
    return value == INTERNATIONAL or _is_country(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(_is_text(part) for part in value)


def _are_routes(value: Any) -> bool:
    return isinstance(value, list) and all(part in ROUTE_IDS for part in value)
