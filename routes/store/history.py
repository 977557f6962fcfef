"""What lies in `.store/`: where each thing stands, how it is read, and how it is to be put there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from routes.documents import Document, file_of, is_document_id, read_document, write_document
from routes.merging import Change, applied
from routes.problems import StoreError, UnreadableError
from routes.store import KeptKind, Revision
from routes.store.data_files import DataFiles
from routes.store.durable import Put, sync

Texts = Mapping[str, bytes | None]
"""The files that documents should have; None for one that should not be."""

Drops = Iterable[tuple[KeptKind, str]]


class History:
    """The history in the folder `home`; whoever asks holds the store's lock where there is one."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.aside = home / "unfinished"
        self.known = DataFiles(home / "published")
        self._parsed: dict[str, tuple[bytes, Document]] = {}
        self._touched: tuple[str, dict[int, frozenset[str]]] = ("", {})

    @property
    def has_begun(self) -> bool:
        """Whether there is a history that we may read."""
        with suppress(OSError):
            return (self.home / "head.json").exists()
        return False

    def head(self) -> tuple[int, str]:
        """The number of the last revision that is all in place, and the name of the folder of revisions."""
        if not self.has_begun:
            return 0, "revisions"
        value = read_json(self.home / "head.json")
        return value["number"], value["revisions"]

    def revision_path(self, number: int) -> Path:
        """Where a revision stands."""
        return self._path(self.head()[1], number)

    def revision(self, number: int) -> Revision:
        """One revision. KeyError where there is none."""
        newest, folder = self.head()
        if not 1 <= number <= newest:
            raise KeyError(number)
        return revision_of(read_json(self._path(folder, number)))

    def numbers(self, document_id: str | None) -> Iterator[int]:
        """The numbers of the revisions, or of those that changed a document, newest first.

        Each file is read once to know what it changed, until the history is rewritten.
        """
        newest, folder = self.head()
        if self._touched[0] != folder:
            self._touched = (folder, {})
        known = self._touched[1]
        for number in range(newest, 0, -1):
            if document_id is not None and number not in known:
                known[number] = frozenset(read_json(self._path(folder, number))["changes"])
            if document_id is None or document_id in known[number]:
                yield number

    def write_again(self, change: Callable[[Revision], Revision], folder: Path) -> None:
        """In `folder` stand all revisions, changed, durable; a file that stays as it is, is the same file there."""
        newest, current = self.head()
        for number in range(1, newest + 1):
            old = self._path(current, number)
            new = folder / old.name
            value = read_json(old)
            text = revision_text(change(revision_of(value)), value["drop"])
            if text == old.read_bytes():
                with suppress(OSError):  # where files cannot have two names
                    new.hardlink_to(old)
                    continue
            new.write_bytes(text)
            sync(new)

    def _path(self, folder: str, number: int) -> Path:
        return self.home / folder / f"{number:08}.json"

    def document(self, document_id: str) -> Document | None:
        """A document at the head."""
        data = self.known.read(file_of(document_id))
        if data is None:
            return None
        text, document = self._parsed.get(document_id, (None, None))
        if text != data or document is None:
            document = read_document(document_id, data)
            self._parsed[document_id] = data, document
        return document

    def texts_after(self, changes: Mapping[str, Change]) -> Texts:
        """The files of the documents at the head with the changes made, also where they were made already.

        Raises UnreadableError where one could not be read again.
        """
        return {document_id: self._text_after(document_id, change) for document_id, change in changes.items()}

    def _text_after(self, document_id: str, change: Change) -> bytes | None:
        if not is_document_id(document_id):
            raise UnreadableError(f"{document_id!r}: expected the id of a table, or of a layer (layers/ID).")
        document = applied(self.document(document_id), change)
        if document is None:
            return None
        text = write_document(document_id, document)
        if read_document(document_id, text).order != document.order:
            raise UnreadableError(f"{file_of(document_id)}: expected each record to carry the id it is kept under.")
        return text

    def put(self, *parts: str, data: bytes | None) -> Put:
        """Something to be put into the history."""
        return Put(self.home.joinpath(*parts), data, self.aside)

    def put_revision(self, revision: Revision, drop: Drops = ()) -> Put:
        """A revision to be put there, with what is dropped by the same stroke."""
        return Put(self.revision_path(revision.number), revision_text(revision, drop), self.aside)

    def put_texts(self, texts: Texts) -> list[Put]:
        """The documents as the history is to know them."""
        return [self.put("published", file_of(document_id), data=text) for document_id, text in texts.items()]

    def put_head(self, number: int, folder: str | None = None) -> Put:
        """The head, in a folder of revisions, or the one it is in."""
        return self.put("head.json", data=as_json({"number": number, "revisions": folder or self.head()[1]}))

    def put_kept(self, kind: KeptKind, key: str, data: bytes | None) -> Put:
        """A private thing; a key may be any text, and a file's name may not."""
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return self.put("kept", kind, f"{name}.json", data=data)

    def put_drops(self, drop: Drops) -> list[Put]:
        """The private things that are to go, and are still there."""
        return [put for kind, key in drop if (put := self.put_kept(kind, key, None)).path.exists()]


def revision_text(revision: Revision, drop: Drops = ()) -> bytes:
    """The file of a revision."""
    return as_json({**revision.as_json(), "drop": list(drop)})


def revision_of(value: Mapping[str, Any]) -> Revision:
    """The revision in its file."""
    return Revision.from_json({name: part for name, part in value.items() if name != "drop"})


def as_json(value: Any) -> bytes:
    """One line; in ASCII, so that any text can be kept. ValueError where JSON cannot hold the value."""
    return json.dumps(value, default=dict, allow_nan=False).encode("ascii")


def read_json(path: Path) -> Any:
    """What `as_json` wrote there."""
    try:
        return json.loads(path.read_bytes())
    except ValueError:
        said = f"{path}: expected what was saved here, got a damaged file. Put it back from a backup."
        raise StoreError(said) from None
