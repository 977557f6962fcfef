"""Saves to make in a store, for the tests of both homes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from making import collection, item

from routes.documents import Document
from routes.merging import changes_between
from routes.store import Revision, Store

TIME = "2026-11-22T08:00:00Z"
LAYER = "layers/ways"


def revision_to(store: Store, documents: Mapping[str, Document | None], **said: Any) -> Revision:
    """The revision that would bring these documents to these states."""
    head, now = store.head(), store.documents()
    changes = {name: changes_between(now.get(name), document) for name, document in documents.items()}
    plain = Revision(
        number=head + 1, kind="save", author="mina", publisher="jun", time=TIME, reason="Why.", base=head,
        changes=changes,
    )  # fmt: skip
    return replace(plain, **said)


def save(store: Store, documents: Mapping[str, Document | None], **said: Any) -> Revision:
    """The revision that brought these documents to these states."""
    revision = revision_to(store, documents, **said)
    store.commit(revision)
    return revision


def layer_of(*names: str) -> Document:
    """A layer with a segment of each name, whose id is the name."""
    head = collection()
    del head["features"]
    return Document(head, {name: item(name) for name in names})


def renamed(store: Store, title: str) -> dict[str, Document]:
    """The store's layer with another title."""
    layer = store.documents()[LAYER]
    return {LAYER: replace(layer, head={**layer.head, "title": title})}
