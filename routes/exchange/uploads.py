"""What an uploaded file holds once it is read, before anybody has said which column means what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Item:
    """One record as the file has it: a GeoJSON geometry (lon, lat) or None, and what is not empty by column."""

    geometry: Mapping[str, Any] | None
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One layer, folder or sheet of a file.

    `are_cells` says that values are text written as `routes.exchange.cells` does; otherwise they are JSON.
    """

    file: str
    name: str
    columns: tuple[str, ...]
    items: tuple[Item, ...]
    are_cells: bool = True

    @property
    def has_geometry(self) -> bool:
        """Whether any record brings its geometry along; otherwise it may stand in columns."""
        return any(item.geometry is not None for item in self.items)


Read = tuple[list[Part], list[str]]
"""The parts of a file, and notes on what was done to it, in plain words."""


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that was read: its format, its parts (at least one), and what was done to it, in plain words."""

    file: str
    format: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The upload as JSON; `Upload.from_json` reads it back equal."""
        parts = [{**vars(part), "items": [(item.geometry, item.values) for item in part.items]} for part in self.parts]
        return {**vars(self), "parts": parts}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Upload:
        """The upload that `as_json` wrote."""
        parts = tuple(
            Part(**{**part, "columns": tuple(part["columns"]), "items": tuple(Item(*item) for item in part["items"])})
            for part in value["parts"]
        )
        return cls(**{**value, "parts": parts, "notes": tuple(value["notes"])})


def part_of(items: Sequence[Item], *, name: str = "", are_cells: bool = True, columns: tuple[str, ...] = ()) -> Part:
    """A part with the columns in the order in which its records first use them, where they are not given."""
    found = dict.fromkeys(columns) or dict.fromkeys(name for item in items for name in item.values)
    return Part(file="", name=name, columns=tuple(found), items=tuple(items), are_cells=are_cells)
