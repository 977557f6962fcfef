"""Two people edit at once, in any order: what goes in comes out or is shown as a conflict; nothing is lost."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from hypothesis import given, settings
from hypothesis import strategies as st
from making import item, items, records, write_folder, write_layer
from test_desk import WAYS, Office

from routes.desk import Desk
from routes.documents import Document
from routes.edits import Edit, EditConflict
from routes.merging import settled
from routes.problems import RoutesError

RECORDS, FIELDS = ("la-city", "la-second", "la-third"), ("name", "description", "from")


@dataclass(frozen=True)
class Act:
    """One thing that one of two people does: look at what is published, set a field, remove or add, settle."""

    who: Literal["lee", "kim"]
    what: Literal["look", "set", "remove", "add", "set and settle"]
    record: str
    field: str


ACTS = st.lists(
    st.builds(
        Act,
        st.sampled_from(["lee", "kim"]),
        st.sampled_from(["look", "set", "set", "set", "remove", "add", "set and settle"]),
        st.sampled_from(RECORDS),
        st.sampled_from(FIELDS),
    ),
    min_size=2,
    max_size=12,
)


@dataclass
class History:
    """What was done and what became of it."""

    office: Office
    looked: dict[str, int] = field(default_factory=dict)
    last: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    """Of each field, the revision that set it last, and to what."""

    edits: int = 0
    saved: int = 0
    conflicts: int = 0

    def do(self, act: Act) -> None:
        desk: Desk = getattr(self.office, act.who)
        base = self.looked.setdefault(act.who, desk.begun_head())
        if act.what == "look":
            self.looked[act.who] = self.office.store.head()
            return
        documents = desk.documents_at(base)[WAYS]
        self.edits += 1
        value = f"{act.field} number {self.edits}"
        after = changed(documents, act, value)
        if after is None:
            self.edits -= 1
            return
        edit = Edit(base=base, documents={WAYS: after}, reason="Why.")
        try:
            saved = desk.save(edit)
        except EditConflict as conflict:
            self.conflicts += 1
            self.check_is_shown(conflict, act, value)
            if act.what == "set and settle":
                self.settle(desk, conflict)
            return
        except RoutesError:  # nothing changed: somebody has done the same
            self.edits -= 1
            return
        assert saved.revision is not None
        self.saved += 1
        if act.what.startswith("set"):
            self.check_nothing_unseen_was_overwritten(act, base)
            self.last[act.record, act.field] = (saved.revision.number, value)
        else:
            self.forget(act.record)

    def check_nothing_unseen_was_overwritten(self, act: Act, base: int) -> None:
        number, _ = self.last.get((act.record, act.field), (0, ""))
        assert number <= base, "a save has overwritten what its author had not seen"

    def check_is_shown(self, conflict: EditConflict, act: Act, value: str) -> None:
        assert any(one.record == act.record for one in conflict.conflicts)
        if act.what.startswith("set"):
            assert any(value in str(one.ours) for one in conflict.conflicts)

    def settle(self, desk: Desk, conflict: EditConflict) -> None:
        picks = {(one.record, one.field) for one in conflict.conflicts}
        documents: dict[str, Any] = {name: settled(merge, picks) for name, merge in conflict.merges.items()}
        saved = desk.save(Edit(base=conflict.head, documents=documents, reason="Ours."))
        assert saved.revision is not None
        for record, _field in picks:
            self.forget(record)

    def forget(self, record: str) -> None:
        self.last = {key: seen for key, seen in self.last.items() if key[0] != record}

    def check(self) -> None:
        """Every field is what its last save said, and the history holds every save."""
        records = self.office.store.documents()[WAYS].records
        for (record, name), (_number, value) in self.last.items():
            assert record in records, f"{record} was lost"
            assert records[record]["properties"].get(name) == value
        assert self.edits == self.saved + self.conflicts
        assert self.office.store.head() >= self.saved


def changed(document: Document, act: Act, value: str) -> Document | None:
    """The document as the act leaves it; None where there is nothing to do."""
    all_records = dict(document.records)
    if act.what == "add":
        if act.record in all_records:
            return None
        all_records[act.record] = item(act.record, "place")
    elif act.record not in all_records:
        return None
    elif act.what == "remove":
        del all_records[act.record]
    else:
        old = all_records[act.record]
        all_records[act.record] = {**old, "properties": {**old["properties"], act.field: value}}
    return Document(document.head, all_records)


@contextmanager
def small_office() -> Iterator[Office]:
    """An office of two who may publish, on a folder of its own."""
    folder = Path(tempfile.mkdtemp())
    try:
        write_folder(folder / "data", records())
        write_layer(folder / "data", *items(), item("la-second", "place"), item("la-third", "place"))
        yield Office(folder / "data")
    finally:
        shutil.rmtree(folder)


def run_history(acts: list[Act]) -> History:
    with small_office() as office:
        history = History(office)
        for act in acts:
            history.do(act)
        history.check()
    return history


@settings(max_examples=15, deadline=None)
@given(ACTS)
def test_of_two_who_edit_at_once_neither_loses_anything_unseen(acts: list[Act]) -> None:
    run_history(acts)
