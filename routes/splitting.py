"""Which features of a layer were split: their shapes before are what several have afterwards, leg by leg."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from routes.documents import Record
from routes.naming import Position, positions_of

Sides = tuple[Record | None, Record | None]
"""A record before and after a change; None where it is not there."""


def splits_in(records: Mapping[str, Sides]) -> dict[str, list[str]]:
    """The features that were split, each with the new ones that have the rest of its shape.

    A line is split where its parts have its legs and no other; an area where they have its edges, and the cuts twice.
    """
    new = {key: _legs(after) for key, (before, after) in records.items() if before is None}
    holders: dict[frozenset[Position], list[str]] = {}
    for part, legs in new.items():
        for leg in legs:
            holders.setdefault(leg, []).append(part)
    changed = {key: sides for key, sides in records.items() if None not in sides} if holders else {}
    found: dict[str, list[str]] = {}
    for key, (before, after) in changed.items():
        whole = _legs(before)
        if whole == _legs(after):
            continue
        parts = list(dict.fromkeys(part for leg in whole for part in holders.get(leg, ())))
        held = sum((new[part] for part in parts), _legs(after))
        cuts = held - whole
        are_cuts = not cuts or (len(cuts) == len(parts) and set(cuts.values()) == {2} and _is_area(before))
        if parts and are_cuts and not whole - held:
            found[key] = parts
    return found


def _is_area(record: Record | None) -> bool:
    geometry = (record or {}).get("geometry")
    return isinstance(geometry, Mapping) and str(geometry.get("type")).endswith("Polygon")


def _legs(record: Record | None) -> Counter[frozenset[Position]]:
    """The stretches between one position and the next of a feature's lines or rings, whatever their direction."""
    geometry = (record or {}).get("geometry")
    return Counter(
        frozenset(pair)
        for run in _runs(geometry.get("coordinates") if isinstance(geometry, Mapping) else None)
        for pair in pairwise(run)
    )


def _runs(coordinates: Any) -> Iterator[list[Position]]:
    """Each list of positions inside nested coordinates; what is none is passed over."""
    if not isinstance(coordinates, list | tuple):
        return
    run = [position for part in coordinates if (position := _position(part))]
    if run and len(run) == len(coordinates):
        yield run
    else:
        for part in coordinates:
            yield from _runs(part)


def _position(value: Any) -> Position | None:
    found = positions_of(value)
    return found[0] if found and found[0] == tuple(value) else None
