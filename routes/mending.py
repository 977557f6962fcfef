"""One-click mends: for a problem, changes that take it away and leave everything else as it is.

    mends_for(problem, document_id, document)  ->  [Mend, ...]   none for most problems, rarely more than one

`WAYS` says which rule may be mended how. A way only proposes: what is offered was tried, the problem was gone and no
other had come. What asks for judgement (a missing source, a word that must not be published) has no way. A layer that
is still text and cannot be read has mends of its own: `routes.typed`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely import LineString

from routes.dataset import read_dataset
from routes.dates import PartialDate
from routes.documents import Document, file_of, id_column, is_layer, write_document
from routes.generalising import coarse_geometry
from routes.merging import Change, applied, same
from routes.problems import Problem
from routes.records import ID_PATTERN
from routes.rfc7946 import GEOJSON_TYPES
from routes.safety import MOST_CONTROL_POINTS, check_safety
from routes.text import folded
from routes.words import say

REGION = (60.0, -12.0, 165.0, 62.0)
"""West, south, east, north of the map; a position outside whose swap lies inside was written latitude first."""

DATE_ORDERS = (("date", "end"), ("valid_from", "valid_to"), ("start", "seen", "until"))
"""Columns whose dates follow each other."""

BLANKS = " \t\r\n\u00a0\u00ad\u200b\u200c\u200d\u2060\u3000\ufeff"
"""What is seen as nothing at either end of a cell."""

WGS84 = re.compile(r"(urn:ogc:def:crs:)?(OGC:(1\.3)?:?CRS84|EPSG::?4326)", re.IGNORECASE)
"""Names of the one reference system that RFC 7946 has; with another, the numbers would have to be reckoned anew."""

STAGES = ("json-", "rfc7946-", "feature-kind", "feature-", "table-")
"""Checks that come one after the other: a fault of an earlier one hides those of the later ones."""

Record = dict[str, Any]
Steps = list[str]
"""A pointer inside a record, step by step."""

Way = Callable[[Record, Steps], None]
"""Changes a copy of a record, or leaves it as it is."""


@dataclass(frozen=True)
class Mend:
    """What would be done, in words, and the change that does it."""

    key: str
    values: Mapping[str, object]
    change: Change

    @property
    def words(self) -> str:
        """The mend as a button says it."""
        return say(self.key, **self.values)

    def apply(self, document: Document) -> Document:
        """The document mended; as it is, where what the mend touches has changed since."""
        was = [same(document.records.get(key), before) for key, (before, _) in self.change.records.items()]
        was += [same(document.head, self.change.head[0])] if self.change.head else []
        was += [document.order == self.change.order[0]] if self.change.order else []
        return (applied(document, self.change) or document) if all(was) else document


def mends_for(problem: Problem, document_id: str, document: Document) -> list[Mend]:
    """The safe mends of a problem of the document that `problem.file` names; mostly none or one."""
    found = _place(problem.pointer, document_id, document)
    if found is None or problem.file != file_of(document_id):
        return []
    record_id, steps = found
    record = document.head if record_id is None else document.records[record_id]
    mends: list[Mend] = []
    for key, way in WAYS.get(problem.rule, ()):
        mended = _tried(way, record, steps)
        change = _change(document_id, document, record_id, mended)
        if change is None or same(mended, record) or any(mend.change == change for mend in mends):
            continue
        if _is_better(problem.rule, document_id, record_id, record, mended):
            mends.append(Mend(key, {"id": str(mended.get("id", "")), "n": MOST_CONTROL_POINTS}, change))
    return mends


def _tried(way: Way, record: Mapping[str, Any], steps: Steps) -> Record:
    """What a way makes of a record; the record as it is, where it is not of the shape that the way expects."""
    mended: Record = deepcopy(dict(record))
    try:
        way(mended, steps)
    except (LookupError, TypeError, ValueError, AttributeError):
        return dict(record)
    return mended


def _place(pointer: str, document_id: str, document: Document) -> tuple[str | None, Steps] | None:
    """The record that a problem's pointer means, None for the head, and the steps inside it."""
    if not is_layer(document_id):
        record_id, _, column = pointer.rpartition("/")
        return (record_id, [column]) if record_id in document.records else None
    if pointer in document.records:
        return pointer, []
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    if len(steps) < 2 or steps[0] != "features":
        return None, steps
    index = int(steps[1])
    return (document.order[index], steps[2:]) if index < len(document.order) else None


def _change(document_id: str, document: Document, record_id: str | None, mended: Record) -> Change | None:
    """The change of one record (None: the head) into another, in its place; None where its new id is taken."""
    if record_id is None:
        return Change(head=(document.head, mended))
    record, new_id = document.records[record_id], str(mended[id_column(document_id)])
    if new_id == record_id:
        return Change({record_id: (record, mended)})
    if new_id in document.records:
        return None
    order = tuple(new_id if key == record_id else key for key in document.order)
    return Change({record_id: (record, None), new_id: (None, mended)}, None, (document.order, order))


def _is_better(rule: str, document_id: str, record_id: str | None, record: Mapping[str, Any], mended: Record) -> bool:
    """Whether the problem is gone and no other has come, by the checks that are not hidden behind it."""
    stage = _stage(rule)
    alone = (_alone(document_id, record_id, part) for part in (record, mended))
    rules = ([problem.rule for problem in problems_of(document_id, part)] for part in alone)
    before, after = (Counter(each for each in found if _stage(each) <= stage) for found in rules)
    return after[rule] < before[rule] and after <= before


def _alone(document_id: str, record_id: str | None, record: Mapping[str, Any]) -> Document:
    head = {"type": "FeatureCollection", "title": "-"} if is_layer(document_id) else {}
    return Document(record) if record_id is None else Document(head, {record_id: record})


def problems_of(document_id: str, document: Document) -> list[Problem]:
    """What is wrong with a document by itself, whatever the others say."""
    return problems_of_file(file_of(document_id), write_document(document_id, document))


def problems_of_file(file: str, data: bytes) -> list[Problem]:
    """What is wrong with one file by itself: its form, its records and what must not be published, no references."""
    dataset = read_dataset({file: data}, Path())
    problems = (*dataset.problems, *check_safety(dataset, today=None))
    return [problem for problem in problems if problem.file == file and problem.rule not in NEEDS_OTHERS]


NEEDS_OTHERS = {"reference", "mixed-needs-dispute", "dispute-claims", "effect-authority"}


def _stage(rule: str) -> int:
    return next((n for n, start in enumerate(STAGES) if rule.startswith(start)), len(STAGES))


# Ways


def _at(record: Record, steps: Iterable[str]) -> Any:
    value: Any = record
    for step in steps:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def _line_at(record: Record, steps: Steps) -> list[Any]:
    """The line, ring or points that a pointer stands at or inside of; of a single point, it alone."""
    value = _at(record, steps)
    if isinstance(value, list) and value and isinstance(value[0], list):
        return value
    parent = _at(record, steps[:-1])
    return parent if isinstance(parent, list) else [value]


def _close_ring(feature: Record, steps: Steps) -> None:
    ring = _line_at(feature, steps)
    if ring[0] != ring[-1]:
        ring.append(list(ring[0]))


def _wind_ring(feature: Record, steps: Steps) -> None:
    _line_at(feature, steps).reverse()


def _swap(feature: Record, steps: Steps) -> None:
    """Swap the positions outside the region, where that puts all of them inside."""
    positions = _line_at(feature, steps)
    if all(_is_inside(*p[:2]) or _is_inside(p[1], p[0]) for p in positions):
        for position in positions:
            if not _is_inside(*position[:2]):
                position[:2] = position[1], position[0]


def _is_inside(lon: float, lat: float) -> bool:
    west, south, east, north = REGION
    return west <= lon <= east and south <= lat <= north


def _round(feature: Record, _steps: Steps) -> None:
    feature["geometry"] = coarse_geometry(feature["geometry"])


def _drop_repeats(feature: Record, _steps: Steps) -> None:
    line = feature["geometry"]["coordinates"]
    line[:] = [position for n, position in enumerate(line) if n == 0 or position != line[n - 1]]


def _thin(feature: Record, _steps: Steps) -> None:
    """Keep the ends and those points that shape the line most (Douglas and Peucker, by the finest tolerance)."""
    line = feature["geometry"]["coordinates"]
    shape = LineString([position[:2] for position in line])
    fine, coarse = 0.0, shape.length
    for _ in range(40):
        middle = (fine + coarse) / 2
        if len(shape.simplify(middle, preserve_topology=False).coords) > MOST_CONTROL_POINTS:
            fine = middle
        else:
            coarse = middle
    following = iter(line)
    kept = shape.simplify(coarse, preserve_topology=False).coords
    line[:] = [next(position for position in following if tuple(position[:2]) == corner[:2]) for corner in kept]


def _drop_crs(holder: Record, steps: Steps) -> None:
    parent = _at(holder, steps[:-1])
    if WGS84.fullmatch(str((parent["crs"] or {}).get("properties", {}).get("name", ""))):
        del parent["crs"]


def _add_properties(feature: Record, _steps: Steps) -> None:
    feature["properties"] = {}


def _as_number(feature: Record, steps: Steps) -> None:
    parent, text = _at(feature, steps[:-1]), _at(feature, steps)
    if isinstance(text, str) and re.fullmatch(r"-?\d{1,3}(\.\d+)?", text.strip(BLANKS), re.ASCII):
        parent[int(steps[-1])] = json.loads(text.strip(BLANKS))


def _type_spelling(holder: Record, steps: Steps) -> None:
    known = {name.casefold(): name for name in GEOJSON_TYPES}
    if steps[-1] == "type":
        parent = _at(holder, steps[:-1])
        parent["type"] = known.get(str(parent["type"]).strip(BLANKS).casefold(), parent["type"])


def _each_text(change: Callable[[str], str]) -> Way:
    """A way that changes the text at a pointer, or each of several; at a whole feature, its kind."""

    def way(record: Record, steps: Steps) -> None:
        steps = steps or ["properties", "kind"]
        parent = _at(record, steps[:-1])
        value = parent[steps[-1]]
        if isinstance(value, str):
            parent[steps[-1]] = change(value)
        elif isinstance(value, list):
            parent[steps[-1]] = [change(part) if isinstance(part, str) else part for part in value]

    return way


def _make_id(feature: Record, _steps: Steps) -> None:
    """An id from the one that is there or, where nothing of that can be kept, from the name."""
    name = (feature.get("properties") or {}).get("name")
    feature["id"] = id_from(str(feature["id"])) or id_from(str(name or "")) or feature["id"]


def id_from(text: str) -> str:
    """An id of small letters, digits and hyphens that reads like the text; "" where it has none of these.

    >>> id_from("Kunming to Laos (south)")
    'kunming-to-laos-south'
    """
    return "-".join(ID_PATTERN.findall(folded(text)))


def _order_dates(row: Record, _steps: Steps) -> None:
    columns = next(columns for columns in DATE_ORDERS if row.keys() >= set(columns))
    filled = [column for column in columns if row[column].strip()]
    in_order = sorted((row[column] for column in filled), key=_first_and_last_day)
    row |= zip(filled, in_order, strict=True)


def _first_and_last_day(cell: str) -> tuple[Any, Any]:
    when = PartialDate.parse(cell.strip())
    return when.first_day, when.last_day


def _swap_ends(row: Record, _steps: Steps) -> None:
    row["value"], row["upper"] = row["upper"], row["value"]


_TEXTS = (
    ("mending.trim", _each_text(lambda text: text.strip(BLANKS))),
    ("mending.small_letters", _each_text(lambda text: text.strip(BLANKS).lower())),
    ("mending.capitals", _each_text(lambda text: text.strip(BLANKS).upper())),
)

WAYS: dict[str, tuple[tuple[str, Way], ...]] = {
    "rfc7946-ring-closed": (("mending.close_ring", _close_ring),),
    "rfc7946-ring-length": (("mending.close_ring", _close_ring),),
    "rfc7946-winding": (("mending.wind_ring", _wind_ring),),
    "rfc7946-swapped": (("mending.swap", _swap),),
    "rfc7946-range": (("mending.swap", _swap),),
    "rfc7946-crs": (("mending.drop_crs", _drop_crs),),
    "rfc7946-no-properties": (("mending.add_properties", _add_properties),),
    "rfc7946-position-number": (("mending.as_number", _as_number),),
    "rfc7946-type": (("mending.type_spelling", _type_spelling),),
    "feature-id": (("mending.make_id", _make_id),),
    "feature-kind": _TEXTS,
    "feature-property": _TEXTS,
    "safety-grid": (("mending.round", _round),),
    "safety-schematic": (("mending.drop_repeats", _drop_repeats), ("mending.thin", _thin)),
    "table-cell": _TEXTS,
    "dates-in-order": (("mending.order_dates", _order_dates),),
    "range-in-order": (("mending.swap_ends", _swap_ends),),
}
