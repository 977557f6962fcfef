"""Take a dangerous detail out of all history for good, and leave a signed note that it was done.

A redaction reaches this store: every revision, draft and proposal in it. It cannot reach git, backups, replicas that
keep their own, or what readers have copied; the note says so.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
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
    """How many revisions held the detail; none does any more, nor a draft or proposal. Adds the signed `note`."""
    current = store.documents().get(target.document)
    kept_value = current.records.get(target.record) if current else None
    scrub = _scrubber(target, kept_value)
    touched = [r.number for r in store.revisions(limit=store.head()) if scrub.revision(r).as_json() != r.as_json()]
    told = {"what": target.in_words(), "revisions": sorted(touched), "by": note.author, "time": note.time}
    signed = {**told, "reason": note.reason, "cannot_reach": "git, backups and copies that readers made"}
    store.rewrite(scrub.revision, replace(note, note={"redacted": {**signed, **sign(store, signed)}}))
    for key, kept in store.all_kept("drafts").items():
        store.keep("drafts", key, scrub.draft(Draft.from_json(kept)).as_json())
    for key, kept in store.all_kept("proposals").items():
        store.keep("proposals", key, scrub.proposal(Proposal.from_json(kept)).as_json())
    return len(touched)


@dataclass(frozen=True)
class _Scrubber:
    """Takes a detail out of what may hold it."""

    text: Callable[[Any], Any]
    change: Callable[[str, Change], Change]

    def changes(self, changes: Mapping[str, Change]) -> dict[str, Change]:
        return {name: Change.from_json(self.text(self.change(name, c).as_json())) for name, c in changes.items()}

    def revision(self, revision: Revision) -> Revision:
        clean = {"reason": self.text(revision.reason), "note": self.text(dict(revision.note))}
        return replace(revision, changes=self.changes(revision.changes), **clean)

    def draft(self, draft: Draft) -> Draft:
        steps = tuple(Step(self.text(step.words), self.changes(step.changes)) for step in draft.steps)
        return replace(draft, steps=steps, texts=self.text(dict(draft.texts)))

    def proposal(self, proposal: Proposal) -> Proposal:
        words = {name: self.text(getattr(proposal, name)) for name in ("reason", "returned")}
        return replace(proposal, changes=self.changes(proposal.changes), note=self.text(dict(proposal.note)), **words)


def _scrubber(target: Target, current: Record | None) -> _Scrubber:
    if target.text:
        return _Scrubber(lambda value: _without_text(value, target.text), lambda _name, change: change)
    return _Scrubber(lambda value: value, lambda name, change: _without_past(name, change, target, current))


def _without_text(value: Any, text: str) -> Any:
    if isinstance(value, str):
        return value.replace(text, REDACTED)
    if isinstance(value, Mapping):
        return {_without_text(name, text): _without_text(inner, text) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_text(inner, text) for inner in value]
    return value


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


def sign(store: Store, told: Mapping[str, Any]) -> dict[str, str]:
    """The signature of a note and the public key to check it with; the private key is kept in the store."""
    kept = store.kept("settings", KEY)
    if kept is None:
        kept = base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
        store.keep("settings", KEY, kept)
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(kept))
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
