"""The stroke by which a revision is published in files, and what a crash cuts short of it finished."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import suppress

from routes.documents import Documents, file_of, write_document
from routes.problems import StaleError, StoreError
from routes.store import OUTSIDE, Revision
from routes.store.data_files import DataFiles
from routes.store.durable import Put, place, put_all, stage, sweep
from routes.store.history import Drops, History, Texts, read_json, revision_of
from routes.store.outside import OutsideEdits
from routes.words import say

PATIENCE = 30
"""Seconds to wait for another program: to give the lock back, or to finish a file."""


class Publishing:
    """Puts revisions into the history and their texts into the data folder; whoever calls holds the store's lock."""

    def __init__(self, files: DataFiles, history: History, outside: OutsideEdits, now: Callable[[], str]) -> None:
        self._files, self._history, self._outside, self._now = files, history, outside, now

    def begin(self, time: str, documents: Documents | None) -> None:
        """The history has begun with the documents as they stand, or with these in their place."""
        shutil.rmtree(self._history.home / "published", ignore_errors=True)  # of a beginning that was cut short
        found = self._outside.readable()
        texts: Texts = {name: text for name, (text, _) in found.items()}
        if documents is not None:
            texts = {**dict.fromkeys(found), **{name: write_document(name, one) for name, one in documents.items()}}
        put_all(self._puts_of_data(texts))
        start = Revision(number=1, kind="start", author="", publisher="", time=time, reason="", base=0)
        put_all([self._history.put(".gitignore", data=b"*\n"), *self._history.put_texts(texts)])
        put_all([self._history.put_revision(start)])
        put_all([self._history.put_head(1)])

    def make_way_for(self, revision: Revision) -> None:
        """The head is what `revision` follows, and no file that it changes holds an edit that would be lost."""
        if not self._history.has_begun:
            raise StoreError(f"{self._history.home}: expected a history, got none. Begin it first.")
        deadline = time.monotonic() + PATIENCE
        while True:
            self.take_in()
            self.recover()
            edited = [name for name in map(file_of, revision.changes) if self._outside.is_edited(name)]
            if all(map(self._files.is_settled, edited)) or time.monotonic() > deadline:
                break
            time.sleep(self._files.settling / 5)
        head = self._history.head()[0]
        if revision.number != head + 1:
            expected = f"expected the number {head + 1}, for {head} is the newest"
            raise StaleError(f"Revision {revision.number}: {expected}. Read and merge it.")
        if edited:
            raise StoreError(
                f"{self._files.folder / edited[0]}: expected the file as it was last published, got one edited by "
                "other means that cannot be read. Correct it or put the old one back, then save again."
            )

    def take_in(self) -> None:
        """What was edited by other means is generalised in its files, and where it changes something, a revision."""
        edits = self._outside.found()
        texts = {document_id: text for document_id, (text, _) in edits.items()}
        changes = {document_id: change for document_id, (_, change) in edits.items() if change}
        if changes:
            head = self._history.head()[0]
            reason = say("store.outside", files=", ".join(map(file_of, changes)))
            revision = Revision(
                number=head + 1, kind="outside", author=OUTSIDE, publisher=OUTSIDE, time=self._now(), reason=reason,
                base=head, changes=changes,
            )  # fmt: skip
            self.publish(revision, texts)
        elif texts:
            put_all(self._puts_of_data(texts))
            put_all(self._history.put_texts(texts))

    def publish(self, revision: Revision, texts: Texts, drop: Drops = ()) -> None:
        """Stage everything, so that there is room for it; let the revision appear; move the rest."""
        published = self._history.put_revision(revision, drop)
        data, known = self._puts_of_data(texts), self._history.put_texts(texts)
        head = self._history.put_head(revision.number)
        try:
            stage([published, *data, *known, head])
            place([published])
        except OSError:
            with suppress(OSError):
                published.path.unlink(missing_ok=True)
                self.sweep()
            raise
        with suppress(OSError):  # it is published: what hinders us now, the next call gets over
            self._finish(data, known, head, drop)

    def _finish(self, data: list[Put], known: list[Put], head: Put, drop: Drops) -> None:
        """In this order, a file that is neither the old nor the new text was edited by other means meanwhile."""
        place(data)
        place(known)
        place(self._history.put_drops(drop))
        place([head])

    def _puts_of_data(self, texts: Texts) -> list[Put]:
        changed = {file_of(name): text for name, text in texts.items() if self._files.read(file_of(name)) != text}
        paths = {self._files.folder / name: text for name, text in changed.items()}
        return [Put(path, text, path.parent) for path, text in paths.items()]

    def recover(self) -> None:
        """Finish the revision that a crash cut short, and throw away what was staged for one that never was."""
        self.sweep()
        newest = self._history.head()[0]
        path = self._history.revision_path(newest + 1)
        if not newest or not path.exists():
            return
        value = read_json(path)
        texts = self._history.texts_after(revision_of(value).changes)
        ours = {name: text for name, text in texts.items() if self._is_ours(file_of(name), text)}
        data, known, head = self._puts_of_data(ours), self._history.put_texts(texts), self._history.put_head(newest + 1)
        stage([*data, *known, head])
        self._finish(data, known, head, value["drop"])

    def _is_ours(self, name: str, text: bytes | None) -> bool:
        return self._files.read(name) in (self._history.known.read(name), text)

    def sweep(self) -> None:
        """Nothing that was never published is left."""
        for folder in (self._history.aside, self._files.folder, self._files.folder / "layers"):
            sweep(folder)
        if self._history.has_begun:
            current = self._history.head()[1]
            for folder in self._history.home.glob("revisions*"):
                if folder.name != current:
                    shutil.rmtree(folder)
