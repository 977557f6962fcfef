"""Who sits at this desk, and what lies on it: the account behind the cookies, the draft, and how it would look."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache

import streamlit as st

from components import state
from components.doors import COOKIE, SECURE_COOKIE, account_of_cookies
from components.map import MapAddress
from routes.dataset import Dataset, data_folder, published_dataset
from routes.desk import Desk
from routes.documents import Document, file_of, is_layer
from routes.drafts import Draft
from routes.merging import merged, settled
from routes.problems import Problem
from routes.store import Store, documents_at
from routes.store.opening import open_store

PREVIEW = "/staff/preview"


def desk_of(cookies: Mapping[str, str]) -> Desk:
    """The desk of whoever these cookies belong to; a reader's where they belong to nobody."""
    folder = data_folder()
    store = open_store(folder)
    return Desk(store, account_of_cookies(store, cookies), folder / "basemap", _now)


def _now() -> datetime:
    return datetime.now(UTC)


def current_desk() -> Desk:
    """The desk of whoever sent this run. Asked anew in every run, since sessions end."""
    return desk_of(dict(st.context.cookies))


def is_staff() -> bool:
    """Whether whoever sent this run is signed in, or was: then the page says what has become of it."""
    return any(name in st.context.cookies for name in (COOKIE, SECURE_COOKIE))


@dataclass(frozen=True, eq=False)
class Work:
    """A desk with its draft as it was kept last, and the documents that the draft makes."""

    desk: Desk
    draft: Draft

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Work) and other.stamp == self.stamp

    def __hash__(self) -> int:
        return hash(self.stamp)

    @cached_property
    def base(self) -> dict[str, Document]:
        """The documents the draft started from."""
        return documents_at_revision(self.desk, self.draft.base)

    @cached_property
    def documents(self) -> dict[str, Document]:
        """The documents as the draft has them."""
        return self.draft.documents(self.base)

    @cached_property
    def touched(self) -> dict[str, Document | None]:
        """The documents that the draft has changed."""
        return self.draft.touched(self.base)

    @cached_property
    def stamp(self) -> str:
        """A few letters that differ with every step, undo and publication."""
        seen = json.dumps([self.draft.as_json(), self.desk.store.head()], sort_keys=True, default=dict)
        return hashlib.sha256(seen.encode()).hexdigest()[:12]

    @property
    def preview(self) -> Dataset:
        """What readers would see if the draft were published now."""
        return _preview(self)

    @cached_property
    def problems(self) -> list[Problem]:
        """Everything that would be wrong if the draft were published now."""
        return self.desk.problems_of(self.touched)

    @cached_property
    def new_problems(self) -> list[Problem]:
        """What blocks saving."""
        return self.desk.new_among(self.problems) if self.touched else []

    def warnings(self, document_id: str) -> list[Problem]:
        """What else is wrong with one document, and does not stand in the way."""
        return [one for one in self.problems if one.file == file_of(document_id) and one not in self.new_problems]

    @property
    def preview_address(self) -> MapAddress:
        """Where the frame fetches the preview's map."""
        return MapAddress(PREVIEW, self.stamp)

    def step(self, words: str, document_id: str, after: Document | None) -> None:
        """Make one step and keep it; what another tab of theirs has done meanwhile stays."""
        newest = work_on(self.desk)
        if newest.draft != self.draft:
            merge = merged(document_id, self.documents.get(document_id), after, newest.documents.get(document_id))
            after = settled(merge, {(one.record, one.field) for one in merge.conflicts})
        self.desk.keep_draft(newest.draft.stepped(words, document_id, after, newest.base))
        work_on(self.desk).note_what_is_shown()

    def as_drawn(self) -> Work | None:
        """The same for a form's callback: the draft as the form showed it, for whoever sits here now; None for nobody.

        A step from there is merged with what has become of the draft since.
        """
        desk = current_desk()
        return Work(desk, self.draft) if desk.account else None

    def is_changed_elsewhere(self) -> bool:
        """Whether the document in the forms was changed by other means than theirs; they begin anew then.

        What a form shows would else be taken for an edit, and undo what a colleague or another window has done.
        """
        seen, now = state.remembered(state.STAFF_SEEN), self._shown()
        changed = seen is not None and seen[:2] == now[:2] and seen != now
        if changed:
            state.next_epoch()
        self.note_what_is_shown()
        return changed

    def note_what_is_shown(self) -> None:
        """The forms show the document as it is now."""
        state.remember(state.STAFF_SEEN, self._shown())

    def _shown(self) -> tuple[str | None, int, str]:
        name = state.remembered(state.STAFF_DOCUMENT)
        document = self.documents.get(name, Document())
        text = json.dumps([document.head, document.records], default=dict)
        return name, state.epoch(), hashlib.sha256(text.encode()).hexdigest()

    def keep_text(self, document_id: str, text: str | None) -> None:
        """Keep a text that is no document yet; None where it has become one."""
        self.desk.keep_draft(self.desk.begin_draft().typed(document_id, text))


def work_on(desk: Desk) -> Work:
    """The draft of this desk, as it was kept last or begun now."""
    return Work(desk, desk.begin_draft())


def documents_at_revision(desk: Desk, revision: int) -> dict[str, Document]:
    """The documents as they stood at a revision; read once for all who look, until something is published."""
    return _documents_at(desk.store, revision, desk.begun_head())


def layers_first(documents: Mapping[str, Document]) -> list[str]:
    """The ids of the documents: layers in their order on the map, then tables."""
    layers = sorted(filter(is_layer, documents), key=lambda name: (_order(documents[name]), name))
    return [*layers, *(name for name in documents if not is_layer(name))]


def _order(layer: Document) -> int:
    """Its place among the layers, as readers' pages have it."""
    order = layer.head.get("order")
    return order if isinstance(order, int) else 99


@lru_cache(maxsize=16)
def _documents_at(store: Store, revision: int, _head: int) -> dict[str, Document]:
    """Read anew after a redaction, which adds a revision and may change what all others say."""
    return documents_at(store, revision)


@lru_cache(maxsize=8)
def _preview(work: Work) -> Dataset:
    return published_dataset(work.desk.texts_with(work.touched), work.desk.basemap_folder)
