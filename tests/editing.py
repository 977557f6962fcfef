"""A draft held in memory, for tests of the editing map: its states, the messages that reached it, undo and redo."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from making import HOSTILE, collection, item

from routes.dataset import DEFAULT_FOLDER
from routes.documents import Document, Documents, document_of, read_document
from routes.mapsteps import read_message, with_step


def layer_document(features: list[dict[str, Any]], name: str = "layers/ways") -> Document:
    return read_document(name, json.dumps(collection(*features)).encode())


def real_documents() -> dict[str, Document]:
    """The project's own layers."""
    files = sorted((DEFAULT_FOLDER / "layers").glob("*.geojson"))
    named = {document_of(f"layers/{path.name}"): path for path in files}
    return {name: read_document(name, path.read_bytes()) for name, path in named.items()}


def hostile_documents() -> dict[str, Document]:
    """Hostile names and ids, and shapes that cannot be drawn."""
    nowhere = [{**item(f"bad-{n}"), "geometry": geometry} for n, geometry in enumerate(UNDRAWABLE)]
    ours = [item(HOSTILE, name=HOSTILE), item("la-city", "place", name=HOSTILE, coordinates=[104.0, 18.0]), *nowhere]
    other = [item("th-way", name=HOSTILE, coordinates=[[100.0, 15.0], [104.5, 20.0]])]
    return {"layers/ways": layer_document(ours), "layers/other": layer_document(other)}


UNDRAWABLE: list[Any] = [
    None,
    "somewhere",
    {"type": "Circle", "coordinates": [1, 2]},
    {"type": "Point", "coordinates": [20.1, 102.6]},
    {"type": "LineString", "coordinates": []},
    {"type": "LineString", "coordinates": [["1", "2"], [3, 4]]},
    {"type": "Polygon", "coordinates": [[101.0, 20.0], [102.0, 20.0]]},
    {"type": "GeometryCollection", "geometries": [None]},
]


def shapes_documents() -> dict[str, Document]:
    """One feature of every geometry."""
    square = [[100.0, 15.0], [104.0, 15.0], [104.0, 18.0], [100.0, 18.0], [100.0, 15.0]]
    hole = [[101.0, 16.0], [101.0, 17.0], [103.0, 17.0], [103.0, 16.0], [101.0, 16.0]]
    line = [[106.0, 15.0], [108.0, 18.0, 250.0], [110.0, 15.0]]
    coordinates: dict[str, Any] = {
        "Point": [98.0, 16.0],
        "MultiPoint": [[97.0, 20.0], [99.0, 20.0]],
        "LineString": line,
        "MultiLineString": [[[106.0, 20.0], [110.0, 20.0]], [[106.0, 21.0], [110.0, 21.0]]],
        "Polygon": [square, hole],
        "MultiPolygon": [[[[100.0, 20.0], [102.0, 20.0], [102.0, 22.0], [100.0, 20.0]]]],
    }
    features = [
        {**item(kind.lower(), "context"), "geometry": {"type": kind, "coordinates": value}}
        for kind, value in coordinates.items()
    ]
    return {"layers/ways": layer_document(features)}


BENT = [[96.0, 16.0], [104.0, 16.0], [104.0, 22.0], [100.0, 18.0], [96.0, 22.0]]
"""The corners of an area with a notch from the north: no straight cut leads from the third, from the first but one."""


def areas_documents() -> dict[str, Document]:
    """A notched area, a line of three runs, and two areas in one."""
    bent = [[106.0, 17.0], [108.0, 18.0], [110.0, 17.0]]
    runs = [[[106.0, 15.0], [110.0, 15.0]], bent, [[106.0, 20.0], [110.0, 20.0]]]
    other = [[90.0, 16.0], [93.0, 16.0], [93.0, 19.0], [90.0, 19.0]]
    coordinates: dict[str, Any] = {
        "Polygon": [[*BENT, BENT[0]]],
        "MultiLineString": runs,
        "MultiPolygon": [[[*other, other[0]]], [[[lon - 6, lat - 8] for lon, lat in [*other, other[0]]]]],
    }
    features = [
        {**item(kind.lower(), "context"), "geometry": {"type": kind, "coordinates": value}}
        for kind, value in coordinates.items()
    ]
    return {"layers/ways": layer_document(features)}


STARTS: dict[str, Callable[[], dict[str, Document]]] = {
    "hostile": hostile_documents,
    "shapes": shapes_documents,
    "areas": areas_documents,
}


@dataclass
class Draft:
    """Every state the layers have been in; `at` is the one that stands."""

    name: str
    states: list[Documents]
    at: int = 0
    number: int = 0
    selected: str | None = None
    names: dict[str, str] = field(default_factory=dict)
    messages: list[Any] = field(default_factory=list)

    @property
    def documents(self) -> Documents:
        return self.states[self.at]

    @property
    def stamp(self) -> str:
        return f"{self.name}-{self.at}"

    def take(self, stored: Any) -> None:
        """Make the steps of a message that have not been made."""
        self.messages.append(stored)
        message = read_message(stored)
        assert message
        for step in message.after(self.number):
            if step.kind in ("undo", "redo"):
                self.at += 1 if step.kind == "redo" else -1
                continue
            layer, taken = step.layer, {key for document in self.documents.values() for key in document.records}
            changed, self.names = with_step(layer, self.documents[layer], step, taken, self.names)
            del self.states[self.at + 1 :]
            self.states.append({**self.documents, layer: changed})
            self.at += 1
        self.number = message.number
        self.selected = self.names.get(message.selected or "", message.selected)


DESKS: dict[str, Draft] = {}


def desk_of(name: str) -> Draft:
    """The draft of that name, begun with `STARTS` where the name's first part is there, else with our own layers."""
    if name not in DESKS:
        DESKS[name] = Draft(name, [STARTS.get(name.split("-")[0], real_documents)()])
    return DESKS[name]


def _moved(documents: dict[str, Document], key: str, positions: Any, **properties: Any) -> dict[str, Document]:
    layer = "layers/laos-thailand"
    record = documents[layer].records[key]
    geometry = {**record["geometry"], "coordinates": positions}
    after = {**record, "geometry": geometry, "properties": {**record["properties"], **properties}}
    return {**documents, layer: Document(documents[layer].head, {**documents[layer].records, key: after})}


def two_states() -> tuple[Documents, Documents]:
    base = real_documents()
    return base, _moved(base, "la-transit", [[101.6, 21.1], [103.4, 19.6], [102.6, 18.0]])


def three_states() -> tuple[Documents, Documents, Documents]:
    base, ours = two_states()
    theirs = _moved(dict(base), "la-transit", [[101.6, 21.1], [101.2, 19.3], [102.6, 18.0]], name=HOSTILE)
    return base, ours, theirs


DIFFERENCES: dict[str, Callable[[], tuple[Documents, ...]]] = {
    "review-1": two_states,
    "conflict-1": three_states,
    "nothing": lambda: (real_documents(), real_documents()),
}
