"""What the editing map sends: steps on a layer's features, numbered, each made once however often it is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from routes.documents import LAYERS, Document, is_document_id, is_layer
from routes.editdata import is_drawable
from routes.layers import FEATURE_KINDS

StepKind = Literal["reshape", "draw", "split", "delete", "move", "reverse", "undo", "redo"]
MOST_STEPS = 1000


@dataclass(frozen=True)
class FeatureChange:
    """A feature's new geometry, or None where it is deleted; a new one is a copy of another or has a `kind`."""

    id: str
    geometry: Mapping[str, Any] | None
    copy_of: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class MapStep:
    """One thing done on the map. Its number rises; `undo` and `redo` have no changes.

    `layer` is the one it was done on, which need not be the one that is chosen when the step arrives.
    """

    number: int
    kind: StepKind
    changes: tuple[FeatureChange, ...]
    layer: str


@dataclass(frozen=True)
class MapMessage:
    """All steps the map has had no answer to, and what is chosen there; `number` is what to answer."""

    number: int
    selected: str | None
    steps: tuple[MapStep, ...]

    def after(self, number: int) -> tuple[MapStep, ...]:
        """The steps that are newer than the last one made."""
        return tuple(step for step in self.steps if step.number > number)


def read_message(stored: Any) -> MapMessage | None:
    """The message in the component's value; None where it is none. A step that is not ours to make is left out."""
    if not isinstance(stored, dict) or not _is_number(stored.get("seq")):
        return None
    sent, selected = stored.get("steps"), stored.get("selected")
    steps = [_step(step) for step in sent[:MOST_STEPS]] if isinstance(sent, list) else []
    return MapMessage(
        stored["seq"],
        selected if isinstance(selected, str) else None,
        tuple(step for step in steps if step),
    )


def with_step(
    layer: str, document: Document, step: MapStep, taken: Collection[str], names: Mapping[str, str]
) -> tuple[Document, dict[str, str]]:
    """The document with the step made, and `names`: the ids that new features got, by the map's own for them.

    `taken` are the ids of all layers. A feature that is gone meanwhile stays gone; a new one's properties are those of
    the feature it was split from, or its kind alone.
    """
    records, names = dict(document.records), dict(names)
    for change in step.changes:
        key = names.get(change.id, change.id)
        if change.geometry is None:
            records.pop(key, None)
        elif key in records:
            records[key] = {**records[key], "geometry": change.geometry}
        elif change.copy_of or change.kind:
            source = names.get(change.copy_of or "", change.copy_of)
            source = source if source in records or source in document.records else None
            copied = records.get(source or "", {"type": "Feature", "properties": {"kind": change.kind or "segment"}})
            names[change.id] = key = _free_id(source or layer.removeprefix(LAYERS), {*taken, *records})
            records[key] = {**copied, "id": key, "geometry": change.geometry}
    return Document(document.head, records), names


def _free_id(stem: str, taken: Collection[str]) -> str:
    number = 2
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def _step(sent: Any) -> MapStep | None:
    if not isinstance(sent, dict) or sent.get("step") not in get_args(StepKind) or not _is_number(sent.get("seq")):
        return None
    parts = sent.get("changes")
    changes = [_change(part) for part in parts] if isinstance(parts, list) else [None]
    made, layer = tuple(change for change in changes if change), sent.get("layer")
    if len(made) != len(changes) or not isinstance(layer, str) or not (is_layer(layer) and is_document_id(layer)):
        return None
    return MapStep(sent["seq"], sent["step"], made, layer)


def _change(sent: Any) -> FeatureChange | None:
    if not isinstance(sent, dict) or not isinstance(sent.get("id"), str):
        return None
    geometry, source, kind = sent.get("geometry"), sent.get("copy_of"), sent.get("kind")
    if geometry is not None and not is_drawable(geometry):
        return None
    is_known = (source is None or isinstance(source, str)) and (kind is None or kind in FEATURE_KINDS)
    return FeatureChange(sent["id"], geometry, source, kind) if is_known else None


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 < value < 1_000_000_000
