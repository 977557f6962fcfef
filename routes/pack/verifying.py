"""Hold a handed-out file against the data: is it as it was made, and does every fact in it still stand?"""

from __future__ import annotations

from collections.abc import Iterator

from routes.dataset import Dataset
from routes.pack.facts import Fact, fact_of
from routes.pack.manifest import kept_fact, read_manifest
from routes.pack.sealing import found_in
from routes.problems import UnreadableError
from routes.words import say

MAIN = ("stance", "value")
"""Members that need no name in a sentence: what a fact of the kind says is this."""

_FIELDS = (
    "title", "text", "more", "notes", "view", "date", "summary", "certainty", "carried", "level", "upper", "status",
    "shown", "why", "claims", "author", "publisher", "address",
)  # fmt: skip
"""All other members, each with a name in the catalogue."""

_EXCERPT, _BEFORE = 70, 20


def verify(data: bytes, dataset: Dataset) -> list[str]:
    """What no longer holds of a file that was handed out, in sentences; empty where it is whole and all facts stand.

    Raises RefusedFileError where the file cannot be read at all.
    """
    found = found_in(data)
    if found.text is None:
        return [say("verify.no_manifest")]
    try:
        manifest, is_sound = read_manifest(found.text)
    except UnreadableError:
        return [say("verify.bad_manifest")]
    told = [] if found.is_intact else [say("verify.changed")]
    told += [] if is_sound else [say("verify.list_changed")]
    for key, fact in manifest.facts.items():
        told += _differences(fact, fact_of(dataset, key))
    return list(dict.fromkeys(told))


def _differences(before: Fact, now: Fact | None) -> Iterator[str]:
    if now is None:
        yield say("verify.gone", name=before.name)
        return
    after = kept_fact(now).says
    for member in dict.fromkeys([*before.says, *after]):
        one, other = before.says.get(member, ""), after.get(member, "")
        if one != other:
            yield _difference(before.name, member, *_excerpts(one, other))


def _difference(name: str, member: str, before: str, after: str) -> str:
    nothing = say("verify.nothing")
    values = {"name": name, "before": before or nothing, "after": after or nothing}
    if member in MAIN or member not in _FIELDS:
        return say("verify.differs", **values)
    return say("verify.differs_in", field=say(f"verify.field.{member}"), **values)


def _excerpts(one: str, other: str) -> tuple[str, str]:
    """Both texts; of long ones the part round the first place where they differ."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(at - _BEFORE, 0) if max(len(one), len(other)) > _EXCERPT else 0
    return _cut(one, start), _cut(other, start)


def _cut(text: str, start: int) -> str:
    part = text[start : start + _EXCERPT]
    return f"{'…' if start else ''}{part}{'…' if start + _EXCERPT < len(text) else ''}"
