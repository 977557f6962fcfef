"""Move everything from one home of the store to another: files to PostgreSQL, or back."""

from __future__ import annotations

import sys

from routes.documents import Document, Documents, read_document, write_document
from routes.problems import StoreError
from routes.store import KEPT_KINDS, Store, documents_at


def move(source: Store, target: Store) -> int:
    """How many revisions `target` now holds: the whole history, the documents, what is kept and the audit log.

    The source stays as it is, and should be written by nobody meanwhile. Raises StoreError where the source has no
    history or the target has one already: what a move that was cut short has put there is to be removed first.
    """
    if target.has_begun:
        raise StoreError(
            "The home to move to: expected an empty one, got one with a history. Empty it, or name another."
        )
    head = source.head()
    if not head:
        raise StoreError("The home to move from: expected a history, got none. Name the home that staff have used.")
    target.begin(time=source.revision(1).time, documents=documents_at(source, 1))
    for number in range(2, head + 1):
        target.commit(source.revision(number))
    for kind in KEPT_KINDS:
        for key, value in source.all_kept(kind).items():
            target.keep(kind, key, value)
    for entry in reversed(source.logged(limit=sys.maxsize)):
        target.log(entry)
    if _as_files(target.documents()) != _as_files(source.documents()):
        raise StoreError("The home moved to: expected the documents moved, got others. Empty it and move again.")
    return head


def _as_files(documents: Documents) -> dict[str, tuple[Document, tuple[str, ...]]]:
    """The documents and their orders, as they read from their files: 25 is 25.0, and a layer names its type."""
    read = {name: read_document(name, write_document(name, document)) for name, document in documents.items()}
    return {name: (document, document.order) for name, document in read.items()}
