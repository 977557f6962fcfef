"""A layer as the editing map draws it, and what differs between two or three states of the layers, as JSON.

Positions are [lon, lat] in degrees, as the documents have them; nothing is made coarse or curved, since staff edit the
control points themselves. What cannot be drawn comes with `geometry: null`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from routes.documents import LAYERS, Document, Documents, Record, is_layer
from routes.drawing import GRID_DEGREES, to_grid
from routes.layers import FEATURE_KINDS
from routes.merging import same
from routes.rfc7946 import NESTING
from routes.words import catalogue, say

Json = dict[str, Any]


def edit_data(documents: Documents, layer: str, published: Documents | None = None) -> Json:
    """The features of `layer` ("layers/mongolia"), targets to snap to, and the other layers as context.

    `published` are the documents that readers see: where the layer differs from them, their shapes come along.
    """
    document = documents.get(layer, Document())
    features = [_feature(key, record) for key, record in document.records.items()]
    before = published.get(layer, Document()) if published else Document()
    return {
        "layer": layer.removeprefix(LAYERS),
        "grid": GRID_DEGREES,
        "features": features,
        "undrawable": sum(feature["geometry"] is None for feature in features),
        "targets": [target for _, key, record in _all_features(documents) for target in _targets(key, record)],
        "context": [_feature(key, record) for other, key, record in _all_features(documents) if other != layer],
        "published": [
            _feature(key, record)
            for key, record in before.records.items()
            if not same(record.get("geometry"), document.records.get(key, {}).get("geometry"))
        ],
        "words": _words(),
    }


def difference_data(base: Documents, ours: Documents, theirs: Documents | None = None) -> Json:
    """The features that differ in any layer, each with its geometry `before`, `ours` and, of three states, `theirs`.

    A side is null where that state has no such feature. Of three states, `theirs` is null too where only we changed it.
    """
    words = _words()
    sides = ("ancestor", "yours", "theirs") if theirs is not None else ("before", "after", "theirs")
    return {
        "differences": list(_differences(base, ours, theirs)),
        "legend": dict(zip(("before", "ours", "theirs"), (words["legend"][side] for side in sides), strict=True)),
        "words": words,
    }


def _differences(base: Documents, ours: Documents, theirs: Documents | None) -> Iterator[Json]:
    states = (base, ours) if theirs is None else (base, ours, theirs)
    for layer in dict.fromkeys(key for state in states for key in state if is_layer(key)):
        documents = [state.get(layer, Document()) for state in states]
        for key in dict.fromkeys(key for document in documents for key in document.records):
            before, mine, *other = (document.records.get(key) for document in documents)
            changed = [not same(before, record) for record in (mine, *other)]
            if any(changed):
                feature = _feature(key, mine or before or next(filter(None, other), {}))
                yield {
                    "id": key,
                    "name": feature["name"],
                    "before": _geometry(before),
                    "ours": _geometry(mine),
                    "theirs": _geometry(other[0]) if other and changed[1] else None,
                }


def is_drawable(geometry: Any) -> bool:
    """Whether a map can show it: a geometry by RFC 7946 with positions on the globe, none of its lists empty."""
    if not isinstance(geometry, Mapping):
        return False
    if geometry.get("type") == "GeometryCollection":
        parts = geometry.get("geometries")
        return isinstance(parts, list) and all(map(is_drawable, parts))
    depth = NESTING.get(str(geometry.get("type")))
    return depth is not None and _are_positions(geometry.get("coordinates"), depth - 1)


def _are_positions(value: Any, depth: int) -> bool:
    if not isinstance(value, list) or not value:
        return False
    if depth:
        return all(_are_positions(part, depth - 1) for part in value)
    numbers = all(isinstance(n, int | float) and not isinstance(n, bool) and abs(n) < math.inf for n in value)
    return numbers and len(value) >= 2 and abs(value[0]) <= 180 and abs(value[1]) <= 90


def _feature(key: str, record: Record) -> Json:
    properties = record.get("properties")
    properties = properties if isinstance(properties, Mapping) else {}
    name, kind = properties.get("name"), properties.get("kind")
    return {
        "id": key,
        "kind": kind if kind in FEATURE_KINDS else "other",
        "name": name if isinstance(name, str) and name.strip() else key,
        "geometry": _geometry(record),
    }


def _geometry(record: Record | None) -> Any:
    geometry = record.get("geometry") if record else None
    return geometry if is_drawable(geometry) else None


def _all_features(documents: Documents) -> Iterator[tuple[str, str, Record]]:
    for layer, document in documents.items():
        if is_layer(layer):
            yield from ((layer, key, record) for key, record in document.records.items())


def _targets(key: str, record: Record) -> Iterator[Json]:
    """A place or a mission, and both ends of a segment, on the grid."""
    feature = _feature(key, record)
    kind, geometry = feature["kind"], feature["geometry"]
    if not geometry:
        return
    if kind in ("place", "mission") and geometry["type"] == "Point":
        ends: Mapping[str, Sequence[float]] = {"point": geometry["coordinates"]}
    elif kind in ("segment", "band") and geometry["type"] == "LineString":
        ends = {"start": geometry["coordinates"][0], "end": geometry["coordinates"][-1]}
    else:
        return
    for end, (lon, lat, *_) in ends.items():
        yield {"id": key, "name": feature["name"], "end": end, "position": [to_grid(lon), to_grid(lat)]}


def _words() -> Json:
    return {**catalogue()["editor"]["map"], "credit": say("map.credit")}
