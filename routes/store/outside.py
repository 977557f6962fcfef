"""Edits by other means: files that were changed by a text editor, git or a GIS, found and made fit for the history."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from routes.documents import Document, document_of, is_document_id, read_document, write_document
from routes.merging import Change, changes_between
from routes.problems import UnreadableError
from routes.store.data_files import DataFiles, Signature
from routes.store.history import History

Generalise = Callable[[str, Document], Document]


class OutsideEdits:
    """What stands in the data folder against what the history knows, file by file."""

    def __init__(self, files: DataFiles, history: History, generalise: Generalise) -> None:
        self._files, self._history, self._generalise = files, history, generalise
        self._seen: dict[str, Signature | None] = {}
        """Files found unedited or unreadable, as they were then: to look again costs no reading."""

    def names(self) -> list[str]:
        """Every file that is there or that the history knows."""
        return list(dict.fromkeys([*self._files.names(), *self._history.known.names()]))

    def found(self) -> dict[str, tuple[bytes | None, Change]]:
        """By document: what should stand in each edited file, and what that changes.

        A file that somebody is still writing, or that holds no document, is passed over.
        """
        edits = {document_of(name): self._edit(name) for name in self.names()}
        return {document_id: edit for document_id, edit in edits.items() if edit is not None}

    def is_edited(self, name: str) -> bool:
        """Whether the file is not as the history knows it."""
        return self._files.read(name) != self._history.known.read(name)

    def text_for_readers(self, name: str) -> bytes | None:
        """What readers are given of a file: while it is being written its old state, else it generalised.

        A file that holds no document is given as it is.
        """
        data = self._files.read(name)
        if not is_document_id(document_of(name)) or not self.is_edited(name):
            return data
        if not self._files.is_settled(name):
            return self._history.known.read(name)
        try:
            return self._coarse(name)[0]
        except UnreadableError:
            return data

    def readable(self) -> dict[str, tuple[bytes, Document]]:
        """The documents in the data folder, generalised, each with its text."""
        found = {}
        for name in self._files.names():
            with suppress(UnreadableError):
                text, document = self._coarse(name) if is_document_id(document_of(name)) else (None, None)
                if text is not None and document is not None:
                    found[document_of(name)] = text, document
        return found

    def _edit(self, name: str) -> tuple[bytes | None, Change] | None:
        signature = self._files.signature(name)
        is_known = name in self._seen and self._seen[name] == signature
        if is_known or not is_document_id(document_of(name)) or not self._files.is_settled(name):
            return None
        with suppress(UnreadableError):
            if self.is_edited(name):
                text, document = self._coarse(name)
                return text, changes_between(self._history.document(document_of(name)), document)
        self._seen[name] = signature
        return None

    def _coarse(self, name: str) -> tuple[bytes | None, Document | None]:
        """The file's text and document, generalised; the text as it stands where that changes nothing."""
        data, document_id = self._files.read(name), document_of(name)
        if data is None:
            return None, None
        document = read_document(document_id, data)
        coarse = self._generalise(document_id, document)
        text = write_document(document_id, coarse)
        return (data if text == write_document(document_id, document) else text), coarse
