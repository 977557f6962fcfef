"""From the columns of a file to records of ours, and from those to a document that holds the old ones and the new.

    guess_mapping(part, target)                     ->  field: column or None
    mapped(part, target, mapping, defaults)         ->  Incoming: records in our shape, and the fields they speak of
    joined(existing, incoming)                      ->  Document: nothing that was there is lost
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from routes.documents import LAYERS, Document, fields_of, id_column, is_layer, is_story, record_of
from routes.exchange.cells import from_cell, from_table_cell
from routes.exchange.geometries import Geometry, from_wkt
from routes.exchange.limits import RefusedFileError
from routes.exchange.uploads import Item, Part
from routes.records import ID_PATTERN
from routes.tables import TABLES
from routes.text import folded

LAYER_FIELDS = (
    "id", "kind", "name", "authority", "routes", "scope", "from", "to", "description", "whose", "width_km", "sources",
)  # fmt: skip
"""What a feature may be told; a layer's own other properties come after."""

PLACE_FIELDS = ("lon", "lat", "wkt")
"""Where a feature lies, for files that say it in columns."""

OTHERS = "other_properties"
"""A column with the properties whose names make no column, as one JSON object."""

RESERVED = frozenset({"id", *PLACE_FIELDS, OTHERS})

_ALSO_CALLED = {
    "id": ("identifier", "featureid"),
    "name": ("title", "label", "placename"),
    "description": ("desc", "notes", "comment", "cmt"),
    "authority": ("country", "countrycode", "isoa2"),
    "routes": ("route",),
    "from": ("fromname",),
    "to": ("toname",),
    "width_km": ("width",),
    "sources": ("source",),
    "lon": ("longitude", "long", "lng", "x"),
    "lat": ("latitude", "y"),
    "wkt": ("geometry", "geom", "thegeom", "wktgeom", "wktgeometry"),
}
_DBF_NAME = 10
MOST_NAMED = 12
"""Columns left out that a note names; it counts the rest."""

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")

Mapped = Mapping[str, str | None]
"""Field to column; None where the file does not say it."""


@dataclass(frozen=True)
class Incoming:
    """Records in our shape, the fields (`routes.documents.fields_of`) that the file speaks of, and notes."""

    document: Document
    covers: frozenset[str]
    notes: tuple[str, ...] = ()


def fields_for(part: Part, target: str, existing: Document | None = None) -> tuple[str, ...]:
    """The fields of `target` that a mapping may fill, in the order in which a form shows them.

    Raises RefusedFileError for a story, whose chapters are no columns.
    """
    if is_story(target):
        remedy = "Choose one, or bring in the story's own JSON: export it, edit the copy, import that."
        got = f"the story {target!r}"
        raise RefusedFileError("a layer or table to bring columns into", got, remedy, file=part.file)
    if not is_layer(target):
        return tuple(column.name for column in fields(TABLES[target]))
    records = existing.records.values() if existing else ()
    own = (name for record in records for name in record.get("properties") or {} if name not in RESERVED)
    others = (OTHERS,) if OTHERS in part.columns else ()
    return tuple(dict.fromkeys([*LAYER_FIELDS, *own, *(() if part.has_geometry else PLACE_FIELDS), *others]))


def guess_mapping(part: Part, target: str, existing: Document | None = None) -> dict[str, str | None]:
    """The likely column for each field, by its name; each column once."""
    names = fields_for(part, target, existing)
    found: dict[str, str | None] = {name: name if name in part.columns else None for name in names}
    free = [column for column in part.columns if column not in found]
    for name, column in found.items():
        if column is None:
            found[name] = next((column for column in free if _means(column, name)), None)
            free = [column for column in free if column != found[name]]
    return found


def mapped(
    part: Part, target: str, mapping: Mapped, defaults: Mapping[str, str] | None = None, *, taken: Collection[str] = ()
) -> Incoming:
    """The part's records in the shape of `target`.

    A record's id is its cell of the id column, else made of its name. What stands in `taken` (the ids that exist) is
    taken as it is where the file says it, and never made. `defaults` fill what a record does not say. Raises
    RefusedFileError for places that cannot be read and for a column that is not there.
    """
    missing = [column for column in mapping.values() if column is not None and column not in part.columns]
    if missing:
        got = f"no column {missing[0]!r}"
        raise RefusedFileError(f"the columns {', '.join(part.columns)}", got, "Choose another column.", file=part.file)
    chosen = {name: column for name, column in mapping.items() if column is not None}
    filled = {name: text for name, text in (defaults or {}).items() if text}
    ids = _Ids(id_column(target), target.removeprefix(LAYERS), taken)
    make = _feature if is_layer(target) else _row
    records: dict[str, Mapping[str, Any]] = {}
    covers = {"/type"} if is_layer(target) else set()
    for number, item in enumerate(part.items, start=1):
        values = {name: item.values[column] for name, column in chosen.items() if column in item.values}
        try:
            record, spoken = make(item, values, filled, target, part.are_cells)
        except RefusedFileError as error:
            error.file = f"{part.file}, record {number}"
            raise
        record_id = ids.of(values, record)
        records[record_id] = {**record, id_column(target): record_id}
        covers |= spoken
    covers |= _covered(chosen, target)
    notes = (*_left_out(part, set(chosen.values())), *ids.notes())
    return Incoming(Document({}, records), frozenset(covers), notes)


def _left_out(part: Part, used: Collection[str]) -> tuple[str, ...]:
    """A note that names the columns which hold something and are nobody's field."""
    filled = {name for item in part.items for name in item.values}
    names = [name for name in part.columns if name in filled and name not in used]
    if not names:
        return ()
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return (f"Columns left out, since no field takes them: {', '.join(names[:MOST_NAMED])}{more}.",)


def joined(existing: Document, incoming: Incoming) -> Document:
    """The document with the records of a file: those it has already are updated, others are added at the end.

    Records that the file does not hold stay, and so does what it does not speak of in a record: columns it has not,
    a geometry where it has none. Its defaults fill gaps only. A geometry that a GIS has given back as a multi-geometry
    of one part stays the single one that it was.
    """
    records = dict(existing.records)
    for record_id, record in incoming.document.records.items():
        before = records.get(record_id)
        records[record_id] = record if before is None else _updated(before, record, incoming.covers)
    return Document(existing.head, records)


def _updated(before: Mapping[str, Any], record: Mapping[str, Any], covers: frozenset[str]) -> dict[str, Any]:
    old, new = fields_of(before), fields_of(record)
    if "/geometry" in new:
        new["/geometry"] = _single(new["/geometry"], old.get("/geometry"))
    kept = {name: value for name, value in old.items() if name in new or name not in covers or value is None}
    told = {
        name: value
        for name, value in new.items()
        if name not in old or (name in covers and not (name == "/geometry" and value is None))
    }
    if any(name.startswith("/properties/") for name in {**kept, **told}):
        told.pop("/properties", None)
        kept.pop("/properties", None)
    return record_of({**kept, **told})


def _single(geometry: Any, before: Any) -> Any:
    """The one part of a multi-geometry, where a geometry of its single type stood before; else as it is."""
    kinds = [one.get("type") if isinstance(one, Mapping) else None for one in (geometry, before)]
    if kinds[0] != f"Multi{kinds[1]}" or len(geometry["coordinates"]) != 1:
        return geometry
    return {**geometry, "type": kinds[1], "coordinates": geometry["coordinates"][0]}


def _means(column: str, field: str) -> bool:
    plain = _plain(column)
    is_cut = len(column) == _DBF_NAME and field.startswith(column.lower())
    return plain == _plain(field) or plain in _ALSO_CALLED.get(field, ()) or is_cut


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", folded(name))


def _covered(chosen: Mapping[str, str], target: str) -> set[str]:
    if not is_layer(target):
        return {f"/{name}" for name in chosen}
    pointers = {name for name in chosen if name not in RESERVED}
    geometry = {"/geometry"} if any(name in chosen for name in PLACE_FIELDS) else set()
    return geometry | set(fields_of({"properties": dict.fromkeys(pointers)}) if pointers else ())


def _row(
    _item: Item, values: Mapping[str, Any], defaults: Mapping[str, str], target: str, _are_cells: bool
) -> tuple[dict[str, Any], set[str]]:
    columns = [column.name for column in fields(TABLES[target])]
    return {name: _cell(values.get(name, "")) or defaults.get(name, "") for name in columns}, set()


def _cell(value: Any) -> str:
    return from_table_cell(value) if isinstance(value, str) else str(value)


def _feature(
    item: Item, values: Mapping[str, Any], defaults: Mapping[str, str], _target: str, are_cells: bool
) -> tuple[dict[str, Any], set[str]]:
    others = _typed(OTHERS, values.get(OTHERS), are_cells)
    properties = {name: _typed(name, value, are_cells) for name, value in values.items() if name not in RESERVED}
    properties |= others if isinstance(others, dict) else {}
    for name, text in defaults.items():
        if name not in RESERVED and properties.get(name) is None:
            properties[name] = from_cell(name, text)
    geometry = item.geometry or _place(values)
    spoken = {"/geometry"} if geometry else set()
    if isinstance(others, dict) and others:
        spoken |= set(fields_of({"properties": others}))
    return {"type": "Feature", "id": "", "geometry": geometry, "properties": properties}, spoken


def _typed(name: str, value: Any, are_cells: bool) -> Any:
    """The value as our layers have it: what the form calls a text is one, lists are lists."""
    if isinstance(value, str) and (are_cells or name in ("routes", "sources", "width_km")):
        return from_cell(name, value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number and name in LAYER_FIELDS and name != "width_km" else value


def _place(values: Mapping[str, Any]) -> Geometry | None:
    if values.get("wkt"):
        return from_wkt(str(values["wkt"]))
    if not values.get("lon") and not values.get("lat"):
        return None
    lon, lat = (_degrees(name, str(values.get(name, "")).strip(), most) for name, most in (("lon", 180), ("lat", 90)))
    return {"type": "Point", "coordinates": [lon, lat]}


def _degrees(name: str, text: str, most: int) -> float:
    number = float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
    if number is None or abs(number) > most:
        remedy = "Check that the columns are not swapped, and that they hold WGS 84 degrees."
        raise RefusedFileError(f"{name} as degrees between -{most} and {most}", text or "nothing", remedy)
    return number


class _Ids:
    """Gives each record of one file its id."""

    def __init__(self, column: str, stem: str, taken: Collection[str]) -> None:
        self.column, self.stem, self.taken = column, stem, frozenset(taken)
        self.given: set[str] = set()
        self.made = self.changed = 0

    def of(self, values: Mapping[str, Any], record: Mapping[str, Any]) -> str:
        """The id of the next record."""
        said = _cell(values.get(self.column, ""))
        if said and said not in self.given and (said in self.taken or self._is_good(said)):
            self.given.add(said)
            return said
        self.changed += bool(said)
        self.made += not said
        text = said or _first_text(record) or self.stem
        found = self._free(text.upper() if self.column == "code" else slug(text) or slug(self.stem) or "record")
        self.given.add(found)
        return found

    def notes(self) -> tuple[str, ...]:
        """What was done, in plain words."""
        made = f"Ids made from names, since the file has none: {self.made:,} in all."
        changed = f"Ids changed, to be of small letters, digits and hyphens, and each once: {self.changed:,} in all."
        return tuple(note for note, count in ((made, self.made), (changed, self.changed)) if count)

    def _is_good(self, text: str) -> bool:
        return self.column == "code" or bool(ID_PATTERN.fullmatch(text))

    def _free(self, stem: str) -> str:
        if stem not in self.given | self.taken:
            return stem
        number = 2
        while f"{stem}-{number}" in self.given or f"{stem}-{number}" in self.taken:
            number += 1
        return f"{stem}-{number}"


def slug(text: str) -> str:
    """The text as an id: small letters and digits with hyphens between; "" where it has none.

    >>> slug("Köln to Vang Vieng (north)")
    'koln-to-vang-vieng-north'
    """
    return "-".join(re.findall(r"[a-z0-9]+", folded(text)))[:60].strip("-")


def _first_text(record: Mapping[str, Any]) -> str:
    values = record.get("properties") or record
    texts: Iterable[Any] = (values.get(name) for name in ("name", "title", "term", "claim"))
    return next((text for text in texts if isinstance(text, str) and text), "")
