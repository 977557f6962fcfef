"""What a change says in readable words: for history, review, and what a merge brought along.

    retell(document_id, change)   ->  [Told, ...]    one sentence for each fact, both sides of each field kept whole
    summary(revision)             ->  one line       "moved “Kunming to Laos” by 31 km; source added"
    is_sensitive(...)             ->  a words key    where a second person must look
    retell_conflict(conflict)     ->  ToldConflict   label, base, ours and theirs as text

All of it is plain text made of what people typed; whoever shows it makes it harmless.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from math import asin, cos, isclose, radians, sin, sqrt
from typing import Any

from routes.documents import Documents, Record, fields_of, is_layer, is_story
from routes.merging import Change, Conflict, same
from routes.naming import (
    LONGEST,
    Position,
    date_text,
    kind_of,
    label_of,
    name_of,
    name_of_field,
    positions_of,
    record_words,
    shortened,
    value_words,
)
from routes.splitting import Sides, splits_in
from routes.store import Revision
from routes.tables import TABLES
from routes.words import say

LONGEST_SUMMARY = 120
WITHOUT_CHANGES = {"start": "retelling.begun", "redaction": "retelling.taken_out"}
"""What a revision tells by its kind alone: the words key."""

EARTH_KM = 6371.0
MOST_COMPARED = 2000
"""Lines of more positions are compared point by point; telling shifted ones apart takes the square of their number."""

LISTED = {"sources": ";", "touches": None, "routes": None, "countries": None}
"""Fields that hold several, and what stands between them in a cell (None is a blank)."""

MATTERS_FOR_STANCE = ("/id", "/properties/authority", "/properties/scope", "/properties/kind")
"""What decides which effects colour a feature."""

COLOURED = ("segment", "band", "mission")
"""The kinds of feature that show a stance: it comes and goes with them."""


@dataclass(frozen=True)
class FieldChange:
    """One field by its pointer and readable label, before and after as whole texts; None where it is not there."""

    field: str
    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Told:
    """One fact: the record's id ("" for a layer's head) and readable name, a sentence, and the fields it is about."""

    record: str
    name: str
    sentence: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class ToldConflict:
    """A conflict as text: the label of its field, and what each side has there; None where it has nothing."""

    label: str
    base: str | None
    ours: str | None
    theirs: str | None


def retell(document_id: str, change: Change, documents: Documents | None = None) -> list[Told]:
    """Every fact of a change: head first, then record by record, then the order where it alone differs.

    `documents` are those around it, for the names of what a record refers to.
    """
    return list(_facts(document_id, change, documents or {}))


def summary(revision: Revision) -> str:
    """The facts of a revision in one line of about 120 characters: "moved ... by 31 km; and 3 more changes"."""
    if revision.kind in WITHOUT_CHANGES:
        return say(WITHOUT_CHANGES[revision.kind])
    told = [fact for document, change in revision.changes.items() for fact in retell(document, change)]
    if not told:
        return say("retelling.nothing")
    line = shortened(_lower(told[0].sentence), LONGEST_SUMMARY - 20)
    for number, fact in enumerate(told[1:], start=1):
        longer = f"{line}; {_lower(fact.sentence)}"
        if len(longer) > LONGEST_SUMMARY - 20:
            return f"{line}; {say('retelling.more', n=len(told) - number)}"
        line = longer
    return line


def is_sensitive(document_id: str, change: Change) -> str | None:
    """The words key for why a second person must look at a change; None where one person is enough."""
    if document_id == "effects" and change.records:
        return "retelling.sensitive_stance"
    for before, after in change.records.values():
        was, now = (fields_of(side or {}) for side in (before, after))
        if any(_is_alleged(name, value) for side in (was, now) for name, value in side.items()):
            return "retelling.sensitive_alleged"
        moved = any(not same(was.get(name), now.get(name)) for name in MATTERS_FOR_STANCE)
        is_coloured = any(side.get("/properties/kind") in COLOURED for side in (was, now))
        if is_layer(document_id) and moved and is_coloured:
            return "retelling.sensitive_stance"
    return None


def _is_alleged(name: str, value: Any) -> bool:
    return name.endswith("/certainty") and str(value).strip().casefold() == "alleged"


def retell_conflict(conflict: Conflict) -> ToldConflict:
    """A conflict in words; where a whole record is at stake, each side is the record in one text."""
    sides = (conflict.base, conflict.ours, conflict.theirs)
    if not conflict.field:
        return ToldConflict(say("retelling.whole_record"), *map(record_words, sides))
    name = name_of_field(conflict.field)
    told = (None if side is None else value_words(name, side) for side in sides)
    return ToldConflict(label_of(conflict.field), *told)


# Facts


def _facts(document_id: str, change: Change, documents: Documents) -> Iterator[Told]:
    head = change.head
    if head and (head[0] is None or head[1] is None) and document_id not in TABLES:
        yield _whole_document(document_id, head, len(change.records))
        if head[0] is None:  # whoever reviews it reads every word of it
            kind = say("retelling.kind.story" if is_story(document_id) else "retelling.kind.layer")
            yield from _field_facts("", kind, "", {}, head[1] or {})
            for record_id, (before, after) in change.records.items():
                name = name_of(document_id, record_id, after, documents)
                yield _whole_record(document_id, record_id, kind_of(document_id, after or {}), name, before, after)
        return
    if head:
        kind = say("retelling.kind.story" if is_story(document_id) else "retelling.kind.layer")
        name = shortened(str((head[0] or head[1] or {}).get("title") or document_id))
        yield from _field_facts("", kind, name, head[0] or {}, head[1] or {})
    splits = splits_in(change.records) if is_layer(document_id) else {}
    joins = splits_in(change.inverse.records) if is_layer(document_id) else {}
    parts = {part for found in (splits, joins) for several in found.values() for part in several}
    for record_id, (before, after) in change.records.items():
        name = name_of(document_id, record_id, before or after, documents)
        kind = kind_of(document_id, before or after or {})
        if record_id in parts:
            continue
        if record_id in splits:
            yield from _split_facts(document_id, record_id, "retelling.split", splits[record_id], change.records)
        elif record_id in joins:
            yield from _split_facts(document_id, record_id, "retelling.joined", joins[record_id], change.records)
        elif before is None or after is None:
            yield _whole_record(document_id, record_id, kind, name, before, after)
        else:
            yield from _field_facts(record_id, kind, name, before, after)
    if change.order and _is_reordered(*change.order):
        yield Told("", "", say("retelling.reordered"))


def _whole_document(document_id: str, head: tuple[Any, Any], count: int) -> Told:
    title = shortened(str((head[0] or head[1]).get("title") or document_id))
    if is_story(document_id):
        key = "retelling.story_added" if head[0] is None else "retelling.story_removed"
        return Told("", title, say(key, name=title))
    key = "retelling.layer_added" if head[0] is None else "retelling.layer_removed"
    return Told("", title, say(key, name=title, features=say("retelling.features", n=count)))


def _whole_record(
    document_id: str, record_id: str, kind: str, name: str, before: Record | None, after: Record | None
) -> Told:
    record = before or after or {}
    key = "retelling.added" if before is None else "retelling.removed"
    when = f" ({date_text(record['date'])})" if document_id == "policy_events" and record.get("date") else ""
    fields = _field_changes(before or {}, after or {})
    return Told(record_id, name, say(key, kind=kind, name=name) + when, fields)


def _is_reordered(before: Sequence[str], after: Sequence[str]) -> bool:
    shared = set(before) & set(after)
    return [key for key in before if key in shared] != [key for key in after if key in shared]


def _field_changes(before: Record, after: Record) -> tuple[FieldChange, ...]:
    was, now = fields_of(before), fields_of(after)
    return tuple(
        FieldChange(field, label_of(field), _side(field, was), _side(field, now))
        for field in dict.fromkeys([*was, *now])
        if field not in was or field not in now or not same(was[field], now[field])
    )


def _side(field: str, values: Mapping[str, Any]) -> str | None:
    return value_words(name_of_field(field), values[field]) if field in values else None


def _field_facts(record_id: str, kind: str, name: str, before: Record, after: Record) -> Iterator[Told]:
    was, now = fields_of(before), fields_of(after)
    for change in _field_changes(before, after):
        old, new = was.get(change.field), now.get(change.field)
        if change.field == "/geometry":
            sentences = [_shape_sentence(name, old, new)]
        elif name_of_field(change.field) in LISTED:
            sentences = _list_sentences(change, kind, name, old, new)
        else:
            sentences = [_field_sentence(change, kind, name)]
        yield from (Told(record_id, name, sentence, (change,)) for sentence in sentences)


def _field_sentence(change: FieldChange, kind: str, name: str) -> str:
    old, new = change.before or "", change.after or ""
    field = say("retelling.of", label=change.label, kind=kind, name=name)
    if not old or not new:
        key = "retelling.field_added" if new else "retelling.field_removed"
        return say(key, field=field, value=shortened(new or old) or say("retelling.empty"))
    if max(len(old), len(new)) > LONGEST:
        return say("retelling.text_changed", field=field, difference=_difference(old, new))
    return say("retelling.field_changed", field=field, old=old, new=new)


def _list_sentences(change: FieldChange, kind: str, name: str, old: Any, new: Any) -> list[str]:
    """A sentence for each of several that was added, removed or cited elsewhere; never none."""
    was, now = (_several(name_of_field(change.field), value) for value in (old, new))
    one = say(f"retelling.one.{name_of_field(change.field)}")
    gone, come = [part for part in was if part not in now], [part for part in now if part not in was]
    sentences = []
    for part in come:
        twin = next((other for other in gone if _cited(other) == _cited(part)), None)
        if twin is None:
            sentences.append(say("retelling.part_added", label=one, name=name, value=shortened(part)))
        else:
            gone.remove(twin)
            old, new = shortened(twin), shortened(part)
            sentences.append(say("retelling.part_changed", label=one, name=name, old=old, new=new))
    sentences += [say("retelling.part_removed", label=one, name=name, value=shortened(part)) for part in gone]
    return sentences or [_field_sentence(change, kind, name)]


def _cited(citation: str) -> str:
    return citation.partition("@")[0].strip()


def _several(name: str, value: Any) -> list[str]:
    parts = value.split(LISTED[name]) if isinstance(value, str) else value if isinstance(value, list) else []
    return [str(part).strip() for part in parts if str(part).strip()]


def _split_facts(
    document_id: str, record_id: str, key: str, parts: Sequence[str], records: Mapping[str, Sides]
) -> Iterator[Told]:
    """That a feature was split or joined again, with all fields of its parts; and what else of it was changed."""
    before, after = records[record_id]
    name, kind = name_of(document_id, record_id, before), kind_of(document_id, before or {})
    others = [_field_changes(*(side or {} for side in records[part])) for part in parts]
    sentence = say(key, name=name, n=len(parts), parts=", ".join(f"“{shortened(part)}”" for part in parts))
    for told in _field_facts(record_id, kind, name, before or {}, after or {}):
        is_shape = [field.field for field in told.fields] == ["/geometry"]
        yield replace(told, sentence=sentence, fields=sum(others, told.fields)) if is_shape else told


# Shapes


def _shape_sentence(name: str, old: Any, new: Any) -> str:
    """How far a shape moved, how many points it gained or lost, or that it was turned round or drawn anew."""
    types = [shape.get("type") if isinstance(shape, Mapping) else None for shape in (old, new)]
    was, now = positions_of(old), positions_of(new)
    if types[0] != types[1] or not was or not now:
        return say("retelling.redrawn", name=name)
    if was != now and was == now[::-1]:
        return say("retelling.reversed", name=name)
    moved, more, fewer = _moved(was, now)
    if moved and str(types[0]).endswith("Polygon") and not _is_shifted(was, now):
        return say("retelling.reshaped", name=name, points=_corners(was, now, moved, more, fewer))
    points = [say(f"retelling.points_{word}", n=n) for word, n in (("more", more), ("fewer", fewer)) if n]
    if moved:
        return ", ".join([say("retelling.moved", name=name, distance=_km(moved)), *points])
    return (
        say("retelling.reshaped", name=name, points=", ".join(points))
        if points
        else say("retelling.redrawn", name=name)
    )


def _is_shifted(was: Sequence[Position], now: Sequence[Position]) -> bool:
    """Whether every position moved the same way, so that the shape is what it was."""
    if len(was) != len(now):
        return False
    ways = [[there - here for here, there in zip(*pair, strict=False)] for pair in zip(was, now, strict=True)]
    return all(isclose(one, first, abs_tol=1e-6) for way in ways for one, first in zip(way, ways[0], strict=False))


def _corners(was: Sequence[Position], now: Sequence[Position], moved: float, more: int, fewer: int) -> str:
    """What became of the corners of an area: how many moved how far, how many came and went."""
    if len(was) == len(now):  # the position that closes a ring is its first corner
        n = len({pair for pair in zip(was, now, strict=True) if pair[0] != pair[1]})
        return say("retelling.corners_moved", n=n, distance=_km(moved))
    found = (("more", more), ("fewer", fewer))
    return ", ".join(say(f"retelling.points_{word}", n=n) for word, n in found if n)


def _moved(was: list[Position], now: list[Position]) -> tuple[float, int, int]:
    """The greatest distance in km that a point moved, and how many points came and went."""
    blocks: list[tuple[str, int, int, int, int]] = [("replace", 0, len(was), 0, len(now))]
    if max(len(was), len(now)) <= MOST_COMPARED:
        blocks = list(SequenceMatcher(None, was, now, autojunk=False).get_opcodes())
    furthest, more, fewer = 0.0, 0, 0
    for word, start, end, new_start, new_end in blocks:
        if word != "equal":
            furthest = max(furthest, _furthest(was[start:end], now[new_start:new_end]))
            surplus = (new_end - new_start) - (end - start)
            more, fewer = more + max(surplus, 0), fewer + max(-surplus, 0)
    return furthest, more, fewer


def _furthest(was: list[Position], now: list[Position]) -> float:
    """How far the points of two stretches lie apart at most, each of the fewer taken with the nearest of the others."""
    if len(was) == len(now) or max(len(was), len(now)) > MOST_COMPARED:
        return max((distance_km(one, other) for one, other in zip(was, now, strict=False)), default=0.0)
    few, many = sorted((was, now), key=len)
    return max((min(distance_km(one, other) for other in many) for one in few), default=0.0)


def distance_km(one: Sequence[float], other: Sequence[float]) -> float:
    """The great-circle distance of two (lon, lat) positions on a sphere of the Earth's mean radius.

    >>> round(distance_km((102.7, 25.0), (102.6, 18.0)))
    778
    """
    (lon, lat), (other_lon, other_lat) = (map(radians, position[:2]) for position in (one, other))
    square = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, square)))


def _km(distance: float) -> str:
    return f"{distance:,.0f}" if distance >= 10 else f"{distance:.1f}" if distance >= 0.05 else "<0.1"


def _difference(old: str, new: str) -> str:
    """The first words that differ, and in how many places more: "“nine people” became “several people”"."""
    was, now = old.split(), new.split()
    blocks = [block for block in SequenceMatcher(None, was, now, autojunk=False).get_opcodes() if block[0] != "equal"]
    if not blocks:
        return say("retelling.blanks")
    _, start, end, new_start, new_end = blocks[0]
    gone, come = shortened(" ".join(was[start:end])), shortened(" ".join(now[new_start:new_end]))
    if gone and come:
        first = say("retelling.words_became", old=gone, new=come)
    else:
        first = say("retelling.words_added" if come else "retelling.words_removed", words=come or gone)
    return f"{first}, {say('retelling.elsewhere', n=len(blocks) - 1)}" if len(blocks) > 1 else first


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
