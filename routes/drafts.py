"""What one member of staff is working on: every step since a revision, each of which can be undone and redone.

A draft is private. It is kept in the store after every step, so it survives a closed tab and a restarted server, and
it is gone when it is published.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from routes.documents import Document, Documents
from routes.merging import Change, applied, changes_between, merged, settled

_Drafted = Mapping[str, Document | None]
_Sides = tuple[str, Document | None, Document | None]

MOST_STEPS = 500
"""Older steps than this are joined into one, which can no longer be undone singly."""

MOST_BYTES = 32 * 2**20
"""So are those that make a draft longer than this; the newest step is always by itself."""


@dataclass(frozen=True)
class Step:
    """One thing done: in words, and as the change of each document it touched."""

    words: str
    changes: Mapping[str, Change]


@dataclass(frozen=True)
class Draft:
    """Steps on the documents of revision `base`; those from `at` on are undone. `texts` is typed text that cannot be
    read as a document yet, by document."""

    base: int
    steps: tuple[Step, ...] = ()
    at: int = 0
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def can_undo(self) -> bool:
        """Whether a step is done."""
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        """Whether a step is undone."""
        return self.at < len(self.steps)

    @property
    def undone(self) -> Draft:
        """The draft with its last step undone."""
        return replace(self, at=max(self.at - 1, 0))

    @property
    def redone(self) -> Draft:
        """The draft with its next step redone."""
        return replace(self, at=min(self.at + 1, len(self.steps)))

    def documents(self, base: Documents) -> dict[str, Document]:
        """Every document as the draft has it; `base` are the documents of its base revision."""
        documents = dict(base)
        for step in self.steps[: self.at]:
            for document, change in step.changes.items():
                _put(documents, document, applied(documents.get(document), change))
        return documents

    def touched(self, base: Documents) -> dict[str, Document | None]:
        """The documents that differ from `base`, and None for one that is gone."""
        now = self.documents(base)
        names = dict.fromkeys(name for step in self.steps[: self.at] for name in step.changes)
        return {name: now.get(name) for name in names if changes_between(base.get(name), now.get(name))}

    def stepped(self, words: str, document: str, after: Document | None, base: Documents) -> Draft:
        """The draft with one step more, which makes `document` what `after` is; what was undone is gone."""
        change = changes_between(self.documents(base).get(document), after)
        if not change:
            return self
        steps = _joined((*self.steps[: self.at], Step(words, {document: change})), base)
        texts = {name: text for name, text in self.texts.items() if name != document}
        return replace(self, steps=steps, at=len(steps), texts=texts)

    def typed(self, document: str, text: str | None) -> Draft:
        """The draft with a text that cannot be read as a document yet; None where that is settled."""
        texts = {name: kept for name, kept in self.texts.items() if name != document}
        return replace(self, texts=texts if text is None else {**texts, document: text})

    def differs_from(self, drafted: _Drafted, base: Documents) -> bool:
        """Whether the draft holds anything beside `drafted`, the documents of an earlier state of it."""
        return any(changes_between(before, now) for _, before, now in self._since(drafted, base))

    def moved(self, drafted: _Drafted, base: Documents, number: int, onto: Documents) -> Draft:
        """What the draft holds beside `drafted`, as steps on revision `number`, whose documents are `onto`.

        Where both differ the draft's side stays: nothing of it is published yet.
        """
        draft, words = Draft(number), self.steps[self.at - 1].words if self.at else ""
        for name, before, now in self._since(drafted, base):
            merge, own = merged(name, before, now, onto.get(name)), changes_between(base.get(name), now)
            ours = {(one.record, one.field) for one in merge.conflicts if one.record in own.records or not one.record}
            after = settled(merge, ours)
            draft = draft.stepped(words, name, after, onto)
        return replace(draft, texts=self.texts)

    def _since(self, drafted: _Drafted, base: Documents) -> Iterator[_Sides]:
        """Each document as it was drafted and as the draft has it now."""
        now = self.documents(base)
        for name in dict.fromkeys([*drafted, *self.touched(base)]):
            yield name, drafted[name] if name in drafted else base.get(name), now.get(name)

    def as_json(self) -> dict[str, Any]:
        """The draft as JSON; `Draft.from_json` reads it back equal."""
        steps = [[step.words, {name: change.as_json() for name, change in step.changes.items()}] for step in self.steps]
        return {"base": self.base, "steps": steps, "at": self.at, "texts": dict(self.texts)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Draft:
        """The draft that `as_json` wrote."""
        steps = [
            Step(words, {name: Change.from_json(change) for name, change in changes.items()})
            for words, changes in value["steps"]
        ]
        return cls(value["base"], tuple(steps), value["at"], dict(value["texts"]))


def _put(documents: dict[str, Document], name: str, document: Document | None) -> None:
    if document is None:
        documents.pop(name, None)
    else:
        documents[name] = document


def _joined(steps: tuple[Step, ...], base: Documents) -> tuple[Step, ...]:
    """The steps, the oldest of too many as one."""
    surplus = max(len(steps) - MOST_STEPS + 1, _too_heavy(steps))
    if surplus <= 1:
        return steps
    first = Draft(0, steps[:surplus], surplus).touched(base)
    joined = {name: changes_between(base.get(name), after) for name, after in first.items()}
    return (Step(steps[surplus - 1].words, joined), *steps[surplus:])


def _too_heavy(steps: tuple[Step, ...]) -> int:
    """How many of the oldest steps are more than a draft can hold singly."""
    weight = 0
    for newer, step in enumerate(reversed(steps)):
        weight += sum(len(json.dumps(change.as_json(), default=dict)) for change in step.changes.values())
        if weight > MOST_BYTES and newer:
            return len(steps) - newer
    return 0
