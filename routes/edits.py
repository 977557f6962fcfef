"""What staff hand in to be saved, what becomes of it, and why it may be refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from routes.documents import Document
from routes.merging import Change, Conflict, Merge
from routes.problems import Problem, RoutesError
from routes.store import Revision, RevisionKind
from routes.words import say


class BlockedError(RoutesError):
    """What would be saved must not be published; `problems` says why, and nothing was written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([say("desk.blocked", n=len(self.problems)), *map(str, self.problems)]))


class EditConflict(RoutesError):
    """Somebody else changed the same fields since the base; nothing was written.

    `edit` is what was to be saved, `head` the revision to base the decision on, and `merges` hold each document with
    all that did not overlap.
    """

    def __init__(self, edit: Edit, head: int, merges: Mapping[str, Merge]) -> None:
        self.edit, self.head, self.merges = edit, head, merges
        self.conflicts: tuple[Conflict, ...] = tuple(c for merge in merges.values() for c in merge.conflicts)
        super().__init__(say("desk.conflict", n=len(self.conflicts)))


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What somebody wants saved: whole documents (None removes one) as made from those of revision `base`, and why."""

    base: int
    documents: Mapping[str, Document | None]
    reason: str
    kind: RevisionKind = "save"
    note: Mapping[str, Any] = field(default_factory=dict)
    drafted: Mapping[str, Document | None] | None = None
    """The documents as they were drafted, where `documents` were made coarse or decided since."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """An edit that waits for a reviewer. `returned` holds a reviewer's words where it was sent back."""

    id: str
    author: str
    time: str
    base: int
    changes: Mapping[str, Change]
    reason: str
    kind: RevisionKind
    note: Mapping[str, Any]
    returned: str = ""

    def as_json(self) -> dict[str, Any]:
        """The proposal as JSON; `Proposal.from_json` reads it back equal."""
        changes = {document: change.as_json() for document, change in self.changes.items()}
        return {**vars(self), "changes": changes, "note": dict(self.note)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Proposal:
        """The proposal that `as_json` wrote."""
        changes = {document: Change.from_json(change) for document, change in value["changes"].items()}
        return cls(**{**value, "changes": changes})


@dataclass(frozen=True)
class Saved:
    """What became of an edit: a revision that readers see, or a proposal that waits; and what met it on the way.

    Neither where a person has let others' side stand in all.
    """

    revision: Revision | None
    proposal: Proposal | None
    merged_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The records that others had changed in the same documents since the base, all kept."""
