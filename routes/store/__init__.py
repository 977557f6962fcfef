"""Where documents, their history and what staff keep privately are held: one interface, two homes.

    routes.store.files      the default: the files under `data/`, with `.store/` beside them
    routes.store.postgres   PostgreSQL with PostGIS, where DATABASE_URL names one

A store knows nothing of rights, rules or meaning: `routes.desk` does, and is the only caller that writes. Every write
is atomic and durable: after a crash at any instant the old or the new state stands, whole, and what was acknowledged
stays. Many threads and processes may use one store at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from routes.documents import Document, Documents
from routes.merging import Change, applied

RevisionKind = Literal["start", "save", "import", "restore", "take-back", "outside", "redaction"]
KeptKind = Literal["drafts", "proposals", "accounts", "sessions", "attempts", "settings"]
KEPT_KINDS: tuple[KeptKind, ...] = ("drafts", "proposals", "accounts", "sessions", "attempts", "settings")

OUTSIDE = "outside"
"""The author of an edit that came by other means than ours: a text editor, git, a GIS."""


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One published save: its number, who, when (ISO 8601, UTC), why, what it was based on, and what it changed.

    Revision 1 is the start of the history and changes nothing. `author` wrote it, `publisher` let it pass. `note` says
    what else there is to know: `{"proposal": id}`, `{"restored": n}`, `{"taken_back": n}`, `{"redacted": {...}}`.
    """

    number: int
    kind: RevisionKind
    author: str
    publisher: str
    time: str
    reason: str
    base: int
    changes: Mapping[str, Change] = field(default_factory=dict)
    note: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The revision as JSON; `Revision.from_json` reads it back equal."""
        changes = {document: change.as_json() for document, change in self.changes.items()}
        return {**vars(self), "changes": changes, "note": dict(self.note)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Revision:
        """The revision that `as_json` wrote."""
        changes = {document: Change.from_json(change) for document, change in value["changes"].items()}
        return cls(**{**value, "changes": changes})


class Store(Protocol):
    """What both homes can do. Every method raises StoreError where the home cannot be read or written."""

    def begin(self, *, time: str, documents: Documents | None = None) -> None:
        """Start the history, as revision 1, with the documents as they stand; nothing where it has begun.

        `documents` takes their place where everything is moved in from another home.
        """

    @property
    def has_begun(self) -> bool:
        """Whether there is a history."""

    def stamp(self) -> object:
        """Something that differs whenever what is published may have changed; cheap, for every reader's run."""

    def texts(self) -> Mapping[str, bytes]:
        """What is published, as the bytes of files by their names below the data folder (`sources.csv`).

        A file that holds no document (not JSON at all) is among them, so that readers are told what is wrong.
        """

    def head(self) -> int:
        """The number of the newest revision; 0 before `begin`. Takes in what was edited by other means first."""

    def documents(self) -> Documents:
        """The documents at the head, as the history knows them."""

    def revision(self, number: int) -> Revision:
        """One revision. KeyError where there is none."""

    def revisions(self, *, document: str | None = None, before: int | None = None, limit: int = 50) -> list[Revision]:
        """Newest first, those that changed `document`, those below `before`."""

    def commit(self, revision: Revision, *, drop: tuple[tuple[KeptKind, str], ...] = ()) -> None:
        """Publish `revision`, whose number must be the head's plus one: else StaleError, and nothing is written.

        Its changes are made to the documents, and the kept things in `drop` are gone with the same stroke.
        """

    def rewrite(self, change: Callable[[Revision], Revision], added: Revision) -> None:
        """Replace every revision by what `change` makes of it, then add one: all of it or nothing (for redactions).

        `change` must leave numbers alone and the state at the head as it is. Afterwards nothing of the old revisions
        is left in this store.
        """

    def kept(self, kind: KeptKind, key: str) -> Any | None:
        """A private thing, as JSON; None where there is none."""

    def all_kept(self, kind: KeptKind) -> dict[str, Any]:
        """All private things of a kind by key."""

    def keep(self, kind: KeptKind, key: str, value: Any) -> None:
        """Put a private thing; `key` may be any text."""

    def drop(self, kind: KeptKind, key: str) -> None:
        """Remove a private thing for good; nothing where there is none."""

    def log(self, entry: Mapping[str, Any]) -> None:
        """Add a line to the audit log, which nobody can change or shorten through a store."""

    def logged(self, *, limit: int = 200) -> list[dict[str, Any]]:
        """The newest lines of the audit log, newest first."""


def documents_at(store: Store, number: int) -> dict[str, Document]:
    """The documents as they stood at revision `number`, whatever others commit meanwhile."""
    while True:
        head = store.head()
        documents: dict[str, Document] = dict(store.documents())
        later = store.revisions(limit=max(head - number, 0))
        if store.head() == head:
            break
    for revision in later:
        for document, change in revision.changes.items():
            before = applied(documents.get(document), change.inverse)
            if before is None:
                documents.pop(document, None)
            else:
                documents[document] = before
    return documents
