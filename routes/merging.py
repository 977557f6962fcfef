"""What differs between two states of a document, and how two people's changes become one.

    changes_between(before, after)  ->  Change       records, head and order, each with both sides
    applied(document, change)       ->  Document     the change made
    change.inverse                                   the change taken back
    merged(base, ours, theirs)      ->  Merge        what does not overlap, together; what does, as Conflicts

Merging is by record and field (`routes.documents.fields_of`), never by line. A conflict is settled for nobody: the
merged document keeps `theirs`, which is published already, until a person picks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from routes.documents import Document, Record, fields_of, record_of


@dataclass(frozen=True)
class Change:
    """The difference of two states of one document; every part holds (before, after), and None where nothing was."""

    records: Mapping[str, tuple[Record | None, Record | None]] = field(default_factory=dict)
    head: tuple[Mapping[str, Any] | None, Mapping[str, Any] | None] | None = None
    order: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    def __bool__(self) -> bool:
        return bool(self.records) or self.head is not None or self.order is not None

    @property
    def inverse(self) -> Change:
        """The change that takes this one back."""
        return Change(
            {key: (after, before) for key, (before, after) in self.records.items()},
            self.head and (self.head[1], self.head[0]),
            self.order and (self.order[1], self.order[0]),
        )

    def as_json(self) -> dict[str, Any]:
        """The change as JSON; `Change.from_json` reads it back equal."""
        parts = {"records": dict(self.records), "head": self.head, "order": self.order}
        return {name: part for name, part in parts.items() if part}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Change:
        """The change that `as_json` wrote."""
        head, order = value.get("head"), value.get("order")
        return cls(
            {key: (before, after) for key, (before, after) in value.get("records", {}).items()},
            (head[0], head[1]) if head else None,
            (tuple(order[0]), tuple(order[1])) if order else None,
        )


def changes_between(before: Document | None, after: Document | None) -> Change:
    """What was added, changed and removed, and the order of the records where that differs."""
    old, new = before or Document(), after or Document()
    keys = [*old.records, *(key for key in new.records if key not in old.records)]
    records = {
        key: (old.records.get(key), new.records.get(key))
        for key in keys
        if not same(old.records.get(key), new.records.get(key))
    }
    heads = (_head(before), _head(after))
    return Change(
        records,
        None if same(*heads) else heads,
        None if old.order == new.order else (old.order, new.order),
    )


def applied(document: Document | None, change: Change) -> Document | None:
    """The document with the change made to it, whatever its records were before; None where the change removes it."""
    head = change.head[1] if change.head else document.head if document else None
    if head is None:
        return None
    records = dict(document.records) if document else {}
    for key, (_, after) in change.records.items():
        if after is None:
            records.pop(key, None)
        else:
            records[key] = after
    order = change.order[1] if change.order else tuple(records)
    return Document(head, _in_order(records, order))


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are one: 25 is 25.0, true is not 1, members may stand in any order.

    >>> same({"a": 25, "b": []}, {"b": [], "a": 25.0}), same(True, 1)
    (True, False)
    """
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


@dataclass(frozen=True)
class Conflict:
    """One field that both changed differently; `field` is a pointer, or "" where a whole record is at stake.

    `record` is "" for the head. A side is None where that side has no such record or field.
    """

    document: str
    record: str
    field: str
    base: Any
    ours: Any
    theirs: Any


@dataclass(frozen=True)
class Merge:
    """Both changes in one document, what of ours and theirs met without harm, and what did not."""

    document: Document | None
    conflicts: tuple[Conflict, ...] = ()
    theirs_changed: tuple[str, ...] = ()
    """The records that the other side changed and we keep; the head is ""."""
    ours: Document | None = None
    """Our whole document, where one side removed it and the other changed it."""


def merged(document_id: str, base: Document | None, ours: Document | None, theirs: Document | None) -> Merge:
    """Our changes since `base` made to `theirs`; what of either side is not in the document is a conflict."""
    mine, other = changes_between(base, ours), changes_between(base, theirs)
    if not mine:
        return Merge(theirs, (), tuple(other.records))
    if other and (ours is None) != (theirs is None):
        whole = Conflict(document_id, "", "", _head(base), _head(ours), _head(theirs))
        return Merge(theirs, (whole,), tuple(other.records), ours)
    conflicts: list[Conflict] = []
    head, clash = _merged_record(_head(base), _head(ours), _head(theirs))
    conflicts += [Conflict(document_id, "", *parts) for parts in clash]
    records = dict(theirs.records) if theirs else {}
    for key, (before, after) in mine.records.items():
        record, clash = _merged_record(before, after, records.get(key))
        conflicts += [Conflict(document_id, key, *parts) for parts in clash]
        if record is None:
            records.pop(key, None)
        else:
            records[key] = record
    if head is None:
        if records and not conflicts:  # one side removed the document, the other added to it
            conflicts.append(Conflict(document_id, "", "", _head(base), _head(ours), _head(theirs)))
        return Merge(theirs if conflicts else None, tuple(conflicts), tuple(other.records))
    order = _merged_order(base, ours, theirs)
    return Merge(Document(head, _in_order(records, order)), tuple(conflicts), tuple(other.records))


def settled(merge: Merge, ours_win: Collection[tuple[str, str]]) -> Document | None:
    """The merged document with each conflict decided: ours where its (record, field) is in `ours_win`, else theirs."""
    if ("", "") in ours_win:
        return merge.ours
    document = merge.document
    for conflict in merge.conflicts:
        if (conflict.record, conflict.field) in ours_win:
            document = _decided(document, conflict)
    return document


def _decided(document: Document | None, conflict: Conflict) -> Document | None:
    before = _head(document) if not conflict.record else document.records.get(conflict.record) if document else None
    if not conflict.field:
        after = conflict.ours
    else:
        values = fields_of(before or {})
        after = record_of({**values, conflict.field: conflict.ours})
        if conflict.ours is None and conflict.base is not None:
            after = record_of({name: value for name, value in values.items() if name != conflict.field})
    if not conflict.record:
        return None if after is None else Document(after, document.records if document else {})
    return applied(document, Change({conflict.record: (before, after)}))


def _head(document: Document | None) -> Record | None:
    return None if document is None else document.head


Clash = tuple[str, Any, Any, Any]
"""Field, base, ours, theirs."""


def _merged_record(
    base: Record | None, ours: Record | None, theirs: Record | None
) -> tuple[Record | None, list[Clash]]:
    if same(ours, theirs) or same(ours, base):
        return theirs, []
    if same(theirs, base):
        return ours, []
    if ours is None or theirs is None:
        return theirs, [("", base, ours, theirs)]
    was, mine, other = (fields_of(record or {}) for record in (base, ours, theirs))
    if ("/properties" in mine) != ("/properties" in other):  # a null on one side, names inside it on the other
        return theirs, [("", base, ours, theirs)]
    values = dict(other)
    clashes: list[Clash] = []
    for name in dict.fromkeys([*mine, *was]):
        before, after, now = ((name in side, side.get(name)) for side in (was, mine, other))
        if same(after, before) or same(after, now):
            continue
        if not same(now, before):
            clashes.append((name, before[1], after[1], now[1]))
        elif after[0]:
            values[name] = after[1]
        else:
            values.pop(name, None)
    return record_of(values), clashes


def _in_order(records: Mapping[str, Record], order: Iterable[str]) -> dict[str, Record]:
    wanted = dict.fromkeys([*order, *records])
    return {key: records[key] for key in wanted if key in records}


def _merged_order(base: Document | None, ours: Document | None, theirs: Document | None) -> list[str]:
    """Theirs, with ours put after the records they follow; our own order where only we have changed it."""
    old, mine, other = ((side or Document()).order for side in (base, ours, theirs))
    shared = set(old) & set(mine) & set(other)
    if _only(old, shared) == _only(other, shared):
        return _woven(mine, other)
    return _woven(other, mine)


def _only(order: Sequence[str], keys: set[str]) -> list[str]:
    return [key for key in order if key in keys]


def _woven(order: Sequence[str], others: Sequence[str]) -> list[str]:
    """`order` with what only the others have, each after the one it follows there."""
    woven = list(order)
    known = set(order)
    after: str | None = None
    for key in others:
        if key not in known:
            woven.insert(woven.index(after) + 1 if after is not None else 0, key)
            known.add(key)
        after = key
    return woven
