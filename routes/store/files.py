"""The store in files: what is published stands in the data folder, its history and what is private in `.store/` there.

    sources.csv, layers/*.geojson     what is published; a text editor, git and a GIS may edit them too
    .store/published/                 the same files as the history knows them
    .store/revisions/00000012.json    a revision; that this file appears is what publishes it
    .store/head.json                  the last revision that is all in place, and the name of the folder of revisions
    .store/kept/, .store/log.jsonl    private things and the audit log
    .store/unfinished/, .store/lock   what is about to be put in place, and who may

Whoever enters holds the lock, and first finishes what a crash cut short: a revision above the head is put in place, and
what was staged for another is thrown away. Before `begin` readers need no right to write, and nothing is written.
"""

from __future__ import annotations

import errno
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from routes.documents import Document, Documents, document_of
from routes.problems import StoreError
from routes.store import KeptKind, Revision
from routes.store.data_files import SETTLING, DataFiles
from routes.store.durable import append, make, place, put_all, sync
from routes.store.history import History, as_json, read_json, revision_text
from routes.store.outside import Generalise, OutsideEdits
from routes.store.publishing import PATIENCE, Publishing

_NO_ROOM = "Make room on the disk, then save again."
_NO_RIGHT = "Let the user who runs this program write to the folder, then save again."
_REMEDIES = {
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EFBIG: _NO_ROOM,
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: "Let the folder be written to (it is mounted read-only), then save again.",
}


class FilesStore:
    """The home in a folder. `generalise` makes coarse what was edited by other means, before it enters history."""

    def __init__(
        self,
        folder: Path,
        *,
        generalise: Generalise = lambda _document_id, document: document,
        now: Callable[[], str] = lambda: datetime.now(UTC).isoformat(timespec="seconds"),
        settling: float = SETTLING,
    ) -> None:
        self._files = DataFiles(folder, settling)
        self._history = History(folder / ".store")
        self._outside = OutsideEdits(self._files, self._history, generalise)
        self._publishing = Publishing(self._files, self._history, self._outside, now)
        self._threads = threading.RLock()
        self._lock = FileLock(self._history.home / "lock", timeout=PATIENCE, poll_interval=0.005, thread_local=False)

    def begin(self, *, time: str, documents: Documents | None = None) -> None:
        """Start the history, as revision 1, with the documents as they stand; nothing where it has begun.

        Where `documents` are given, the data folder holds these from then on, and no others.
        """
        with self._writing():
            if not self.has_begun:
                self._publishing.begin(time, documents)

    @property
    def has_begun(self) -> bool:
        """Whether there is a history."""
        return self._history.has_begun

    def stamp(self) -> object:
        """Something that differs whenever what is published may have changed; a `stat` for each file."""
        return self._files.stamp()

    def texts(self) -> Mapping[str, bytes]:
        """What is published, as the bytes of files by their names; before the history begins, the files as they are.

        An edit by other means that is not in the history yet is given in its old state while somebody is writing it,
        and generalised where the history cannot be written.
        """
        with self._looking():
            if not self.has_begun:
                return {name: self._files.read(name) or b"" for name in self._files.names()}
            texts = {name: self._outside.text_for_readers(name) for name in self._outside.names()}
            return {name: text for name, text in texts.items() if text is not None}

    def head(self) -> int:
        """The number of the newest revision; 0 before `begin`. Takes in what was edited by other means first."""
        with self._looking():
            return self._history.head()[0]

    def documents(self) -> dict[str, Document]:
        """The documents at the head, as the history knows them; before `begin`, those that can be read."""
        with self._looking():
            if not self.has_begun:
                return {name: document for name, (_, document) in self._outside.readable().items()}
            found = {name: self._history.document(name) for name in map(document_of, self._history.known.names())}
            return {name: document for name, document in found.items() if document is not None}

    def revision(self, number: int) -> Revision:
        """One revision. KeyError where there is none."""
        with self._reading():
            return self._history.revision(number)

    def revisions(self, *, document: str | None = None, before: int | None = None, limit: int = 50) -> list[Revision]:
        """Newest first, those that changed `document`, those below `before`."""
        with self._reading():
            numbers = (n for n in self._history.numbers(document) if before is None or n < before)
            return [self._history.revision(number) for number in islice(numbers, limit)]

    def commit(self, revision: Revision, *, drop: tuple[tuple[KeptKind, str], ...] = ()) -> None:
        """Publish `revision`, whose number must be the head's plus one: else StaleError, and nothing is written.

        Raises UnreadableError where a document could not be read again after it.
        """
        with self._writing():
            self._publishing.make_way_for(revision)
            self._publishing.publish(revision, self._history.texts_after(revision.changes), drop)

    def rewrite(self, change: Callable[[Revision], Revision], added: Revision) -> None:
        """Replace every revision by what `change` makes of it, then add one: all of it or nothing.

        The new history is written beside the old one; that the head names it is the stroke. What this cannot reach:
        git, backups and snapshots of the disk.
        """
        with self._writing():
            self._publishing.make_way_for(added)
            self._history.texts_after(added.changes)
            newest = self._history.head()[0]
            folder = self._history.home / f"revisions-{added.number}"
            try:
                make(folder)
                self._history.write_again(change, folder)
                last = folder / self._history.revision_path(added.number).name
                last.write_bytes(revision_text(added))
                sync(last)
                sync(folder)
                put_all([self._history.put_head(newest, folder.name)])
            except Exception:
                self._publishing.sweep()
                raise
            self._publishing.recover()

    def kept(self, kind: KeptKind, key: str) -> Any | None:
        """A private thing, as JSON; None where there is none."""
        with self._reading():
            path = self._history.put_kept(kind, key, None).path
            return read_json(path)["value"] if path.exists() else None

    def all_kept(self, kind: KeptKind) -> dict[str, Any]:
        """All private things of a kind by key."""
        with self._reading():
            found = map(read_json, sorted((self._history.home / "kept" / kind).glob("*.json")))
            return {one["key"]: one["value"] for one in found}

    def keep(self, kind: KeptKind, key: str, value: Any) -> None:
        """Put a private thing; `key` may be any text."""
        data = as_json({"key": key, "value": value})
        with self._writing():
            put_all([self._history.put_kept(kind, key, data)])

    def drop(self, kind: KeptKind, key: str) -> None:
        """Remove a private thing for good; nothing where there is none."""
        with self._writing():
            place(self._history.put_drops([(kind, key)]))

    def log(self, entry: Mapping[str, Any]) -> None:
        """Add a line to the audit log."""
        line = as_json(dict(entry))
        with self._writing():
            append(self._history.home / "log.jsonl", line)

    def logged(self, *, limit: int = 200) -> list[dict[str, Any]]:
        """The newest lines of the audit log, newest first; what a crash left of a line is passed over."""
        with self._reading():
            path = self._history.home / "log.jsonl"
            lines = path.read_bytes().split(b"\n") if path.exists() else []
        found: list[dict[str, Any]] = []
        for line in reversed(lines):
            if len(found) >= limit:
                break
            with suppress(ValueError):
                found.append(json.loads(line))
        return found

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Alone in the store, with nothing left unfinished by others. Raises StoreError in words."""
        with self._in_words(), self._threads:
            make(self._history.home, mode=0o700)
            with self._lock:
                self._publishing.recover()
                yield

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """The same; but a store that cannot be written is read as it stands."""
        with self._in_words(), ExitStack() as stack:
            if self._history.home.is_dir():
                with suppress(StoreError):
                    stack.enter_context(self._writing())
            yield

    @contextmanager
    def _looking(self) -> Iterator[None]:
        """Reading, after edits by other means were taken in, where they can be."""
        with self._reading():
            if self.has_begun:
                with suppress(OSError, StoreError):
                    self._publishing.take_in()
            yield

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except Timeout:
            raise StoreError(
                f"{self._history.home}: expected to be let in within {PATIENCE} seconds, but another program holds the "
                "lock. Try again; if that does not help, end the program that hangs."
            ) from None
        except OSError as error:
            where, got = error.filename or self._history.home, error.strerror or error
            remedy = _REMEDIES.get(error.errno or 0, "Ask whoever keeps this machine, then save again.")
            raise StoreError(f"{where}: expected to read and write it, got: {got}. {remedy}") from error
