"""Take a dangerous detail out of all history for good, and leave a signed note that it was done.

A redaction reaches this store: every revision, draft and proposal in it. It cannot reach git, backups, replicas that
keep their own, or what readers have copied; the note says so.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from routes.documents import Record, fields_of, id_column, is_layer, record_of
from routes.drafts import Draft, Step
from routes.edits import Proposal
from routes.merging import Change, same
from routes.store import Revision, Store

REDACTED = "[redacted]"
KEY = "signing-key"


@dataclass(frozen=True)
class Target:
    """What is to go: all past values of a record, or of one field of it (an RFC 6901 pointer), or a text anywhere."""

    document: str = ""
    record: str = ""
    pointer: str = ""
    text: str = ""

    def in_words(self) -> dict[str, str]:
        """The target as the note may tell it: never the text itself."""
        if self.text:
            return {"text": REDACTED}
        return {name: value for name, value in vars(self).items() if value}


def redact_store(store: Store, target: Target, note: Revision) -> int:
    """How many revisions held the detail; none does any more, nor a draft or proposal. Adds the signed `note`.

    Drafts and proposals come first: rewriting the history is what leaves no old version of anything behind.
    """
    current = store.documents().get(target.document)
    kept_value = current.records.get(target.record) if current else None
    scrub = _Scrubber(target, kept_value, _signing_key(store))
    touched = [r.number for r in store.revisions(limit=store.head()) if scrub.revision(r).as_json() != r.as_json()]
    told = {"what": target.in_words(), "revisions": sorted(touched), "by": note.author, "time": note.time}
    signed = {**told, "reason": note.reason, "cannot_reach": "git, backups and copies that readers made"}
    for key, kept in store.all_kept("drafts").items():
        draft = Draft.from_json(kept)
        if (clean := scrub.draft(draft)) != draft:
            store.keep("drafts", key, clean.as_json())
    for key, kept in store.all_kept("proposals").items():
        proposal = Proposal.from_json(kept)
        if (scrubbed := scrub.proposal(proposal)) != proposal:
            store.keep("proposals", key, scrubbed.as_json())
    store.rewrite(scrub.revision, replace(note, note={"redacted": {**signed, **sign(scrub.key, signed)}}))
    return len(touched)


@dataclass(frozen=True)
class _Scrubber:
    """Takes a detail out of what may hold it; `current` is what is published of the record, `key` signs notes anew."""

    target: Target
    current: Record | None
    key: Ed25519PrivateKey

    def text(self, value: Any) -> Any:
        return without_text(value, self.target.text)

    def change(self, name: str, change: Change) -> Change:
        change = change if self.target.text else _without_past(name, change, self.target, self.current)
        return Change(
            {self.text(key): (self.text(before), self.text(after)) for key, (before, after) in change.records.items()},
            change.head and (self.text(change.head[0]), self.text(change.head[1])),
            change.order and (tuple(map(self.text, change.order[0])), tuple(map(self.text, change.order[1]))),
        )

    def changes(self, changes: Mapping[str, Change]) -> dict[str, Change]:
        return {name: self.change(name, change) for name, change in changes.items()}

    def revision(self, revision: Revision) -> Revision:
        clean = {"reason": self.text(revision.reason), "note": self.note(revision.note)}
        return replace(revision, changes=self.changes(revision.changes), **clean)

    def note(self, note: Mapping[str, Any]) -> dict[str, Any]:
        """The note of an earlier redaction without the detail: signed anew, where it was genuine."""
        old = note.get("redacted")
        if not old or not holds_text([old["reason"], *old["what"].values()], self.target.text):
            return dict(note)
        what = {name: self.text(value) for name, value in old["what"].items()}
        told = {name: value for name, value in old.items() if name not in ("signature", "key")}
        told |= {"what": what, "reason": self.text(old["reason"])}
        return {**note, "redacted": {**told, **(sign(self.key, told) if is_genuine(old) else {})}}

    def draft(self, draft: Draft) -> Draft:
        texts = {name: self.typed(name, text) for name, text in draft.texts.items()}
        kept = {name: text for name, text in texts.items() if text is not None}
        return replace(draft, steps=tuple(map(self.step, draft.steps)), texts=kept)

    def step(self, step: Step) -> Step:
        """A step without the detail; its words may quote it, perhaps only the beginning."""
        changes = self.changes(step.changes)
        return Step(self.text(step.words) if changes == step.changes else REDACTED, changes)

    def typed(self, document: str, text: str) -> str | None:
        """What was typed and cannot be read: without the text as it is or as JSON spells it; nothing, where the record
        whose past is to go stands in it."""
        if not self.target.text:
            return None if document == self.target.document and self.target.record in text else text
        spelt = (json.dumps(self.target.text, ensure_ascii=in_ascii)[1:-1] for in_ascii in (False, True))
        for form in (self.target.text, *spelt):
            text = text.replace(form, REDACTED)
        return text

    def proposal(self, proposal: Proposal) -> Proposal:
        words = {name: self.text(getattr(proposal, name)) for name in ("reason", "returned")}
        return replace(proposal, changes=self.changes(proposal.changes), **words)


def without_text(value: Any, text: str) -> Any:
    """A JSON value with `text` taken out wherever it stands; as it is, where there is no text to take out."""
    if not text:
        return value
    if isinstance(value, str):
        return value.replace(text, REDACTED)
    if isinstance(value, Mapping):
        return {without_text(name, text): without_text(inner, text) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_text(inner, text) for inner in value]
    return value


def holds_text(value: Any, text: str) -> bool:
    """Whether `text` stands anywhere in a JSON value, as it is read and not as a file spells it."""
    if isinstance(value, str):
        return bool(text) and text in value
    if isinstance(value, Mapping):
        return any(holds_text(part, text) for pair in value.items() for part in pair)
    return isinstance(value, list | tuple) and any(holds_text(part, text) for part in value)


def _without_past(name: str, change: Change, target: Target, current: Record | None) -> Change:
    sides = change.records.get(target.record)
    if name != target.document or sides is None:
        return change
    clean = tuple(None if side is None else _without_past_of(side, target, current) for side in sides)
    return replace(change, records={**change.records, target.record: (clean[0], clean[1])})


def _without_past_of(side: Record, target: Target, current: Record | None) -> Record:
    """One side of a change; what is published now stays, since the state at the head must."""
    if not target.pointer:
        return side if current is not None and same(side, current) else _empty_record(target)
    values, now = fields_of(side), fields_of(current or {})
    if target.pointer not in values or same(values[target.pointer], now.get(target.pointer)):
        return side
    return record_of({**values, target.pointer: None if target.pointer == "/geometry" else REDACTED})


def _empty_record(target: Target) -> Record:
    if not is_layer(target.document):
        return {id_column(target.document): target.record, "redacted": REDACTED}
    return {"type": "Feature", "id": target.record, "geometry": None, "properties": {"redacted": REDACTED}}


def _signing_key(store: Store) -> Ed25519PrivateKey:
    """The key that signs this store's notes, made where there is none; it never leaves the store."""
    kept = store.kept("settings", KEY)
    if kept is None:
        kept = base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
        store.keep("settings", KEY, kept)
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(kept))


def sign(key: Ed25519PrivateKey, told: Mapping[str, Any]) -> dict[str, str]:
    """The signature of a note and the public key to check it with."""
    signature, public = key.sign(_canonical(told)), key.public_key().public_bytes_raw()
    return {"signature": base64.b64encode(signature).decode(), "key": base64.b64encode(public).decode()}


def is_genuine(note: Mapping[str, Any]) -> bool:
    """Whether a redaction's note is as it was signed."""
    told = {name: value for name, value in note.items() if name not in ("signature", "key")}
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(note["key"]))
        key.verify(base64.b64decode(note["signature"]), _canonical(told))
    except (InvalidSignature, KeyError, ValueError):
        return False
    return True


def _canonical(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()
