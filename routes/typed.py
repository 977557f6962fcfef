"""A layer as text while somebody types it: what is wrong with it, at which line and column, and mends of the text.

    problems_of_text(document_id, text)  ->  [Problem, ...]   as the checks say it, each with its line
    places_of(text, problems)            ->  [Place, ...]     line and column of each
    mends_for_text(problem, text)        ->  [TextMend, ...]  also where the text is not JSON yet

The text may be anything at all. Whether what it refers to exists, only the whole dataset can tell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from routes.documents import Document, document_of, file_of, read_document, write_document
from routes.located_json import LocatedJson, Place, read_json
from routes.mending import id_from, mends_for, problems_of_file
from routes.problems import Problem, UnreadableError
from routes.rfc7946 import GEOMETRY_TYPES
from routes.words import say

BYTE_ORDER_MARK = "\ufeff"
_SMART = "“”„‟«»"
_STRINGS = re.compile(rf'"(?:[^"\\\n]|\\.)*"|[{_SMART}]([^"\\\n{_SMART}]*)["{_SMART}]')
_SKIP = json.JSONDecoder().raw_decode

Edit = tuple[int, str, str]
"""Offset, what stands there, what shall stand there."""


@dataclass(frozen=True)
class TextMend:
    """What would be done, in words, and the places of the text that change, in their order."""

    key: str
    values: dict[str, object]
    edits: tuple[Edit, ...]

    @property
    def words(self) -> str:
        """The mend as a button says it."""
        return say(self.key, **self.values)

    def apply(self, text: str) -> str:
        """The text mended; as it is, where what the mend touches has changed since."""
        if not all(text.startswith(old, at) for at, old, _ in self.edits):
            return text
        for at, old, new in reversed(self.edits):
            text = text[:at] + new + text[at + len(old) :]
        return text


def problems_of_text(document_id: str, text: str) -> list[Problem]:
    """What is wrong with the text of a layer by itself, in the order of its lines."""
    problems = problems_of_file(file_of(document_id), _bytes(text))
    places = places_of(text, problems)
    located = [replace(problem, line=place.line) for problem, place in zip(problems, places, strict=True)]
    return sorted(located, key=lambda problem: problem.line)


def places_of(text: str, problems: Sequence[Problem]) -> list[Place]:
    """Where each problem of a layer's text stands; the start of its line where no value can be told."""
    read = _located(text)
    if not read.is_json:
        return [_syntax_place(text) if p.rule == "json-syntax" else Place(max(p.line, 1), 1) for p in problems]
    pointers = _pointers_of_ids(read)
    wanted = [pointers.get(problem.pointer, problem.pointer) for problem in problems]
    places = read.places(wanted)
    return [places.get(at, Place(max(p.line, 1), 1)) for at, p in zip(wanted, problems, strict=True)]


def mends_for_text(problem: Problem, text: str) -> list[TextMend]:
    """The safe mends of a problem of a layer's text: of the characters, or of the document where it can be read."""
    of_text = {
        "json-encoding": _without_mark,
        "json-syntax": _syntax_mends,
        "layer-type": _wrapped,
        "feature-id": _with_id,
    }
    mends = of_text[problem.rule](problem, text) if problem.rule in of_text else iter(())
    return [*mends, *_document_mends(problem, text)]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@lru_cache(maxsize=2)
def _located(text: str) -> LocatedJson:
    """The text read; kept, since every problem of one text asks for it."""
    return read_json(_bytes(text), "")


@lru_cache(maxsize=2)
def _document(document_id: str, text: str) -> Document | None:
    try:
        return read_document(document_id, _bytes(text))
    except UnreadableError:
        return None


@lru_cache(maxsize=2)
def _features(text: str) -> dict[str, Place]:
    """The place of each feature of a text that is a document, by its pointer."""
    value: Any = _located(text).value
    return _located(text).places(f"/features/{n}" for n in range(len(value["features"])))


def _syntax_place(text: str) -> Place:
    error = _fault(text)
    return Place(error.lineno, error.colno) if error else Place(1, 1)


def _fault(text: str) -> json.JSONDecodeError | None:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error
    return None


def _pointers_of_ids(read: LocatedJson) -> dict[str, str]:
    """The pointer of each feature by its id; of an id that is there twice, the last, which is the one at fault."""
    value: Any = read.value
    features = value.get("features") if isinstance(value, dict) else None
    listed = features if isinstance(features, list) else []
    return {
        feature["id"]: f"/features/{n}"
        for n, feature in enumerate(listed)
        if isinstance(feature, dict) and isinstance(feature.get("id"), str)
    }


# Mends of characters


def _without_mark(_problem: Problem, text: str) -> Iterator[TextMend]:
    if text.startswith(BYTE_ORDER_MARK):
        yield TextMend("mending.remove_mark", {}, ((0, BYTE_ORDER_MARK, ""),))


def _syntax_mends(_problem: Problem, text: str) -> Iterator[TextMend]:
    """A comma too many or too few, offered where reading then gets past it; quotes, where all can then be read."""
    error = _fault(text)
    if error is None:
        return
    at = error.pos + len(text[error.pos :]) - len(text[error.pos :].lstrip())
    before = len(text[: error.pos].rstrip())
    here, behind = text[at : at + 1], text[before - 1 : before]
    if behind == "," and here in ("]", "}"):
        yield from _if_further(TextMend("mending.remove_comma", {}, ((before - 1, ",", ""),)), text, before)
    elif here == "," and (behind in (",", "[", "{") or not text[at + 1 :].strip()):
        yield from _if_further(TextMend("mending.remove_comma", {}, ((at, ",", ""),)), text, at)
    elif here and here in _SMART:
        yield from _if_further(TextMend("mending.straight_quotes", {}, tuple(_smart_quotes(text))), text, len(text))
    elif error.msg.startswith("Expecting ',' delimiter") and (at > before or behind in '"]}' or here in '"[{'):
        yield from _if_further(TextMend("mending.add_comma", {}, ((before, "", ","),)), text, _end_of_value(text, at))


def _if_further(mend: TextMend, text: str, at: int) -> Iterator[TextMend]:
    """The mend, where the text reads as JSON at least past the character at `at` afterwards."""
    error = _fault(mend.apply(text))
    if mend.edits and (error is None or error.pos > at + 1):
        yield mend


def _end_of_value(text: str, at: int) -> int:
    """Where the string, number or word at an offset ends; the offset itself for an array or object."""
    if text[at : at + 1] in ("[", "{"):
        return at
    try:
        return _SKIP(text, at)[1]
    except json.JSONDecodeError:
        return len(text)


def _smart_quotes(text: str) -> Iterator[Edit]:
    """The word processor's quotes outside straight ones, made straight."""
    for match in _STRINGS.finditer(text):
        if match[1] is not None:
            yield match.start(), match[0], f'"{match[1]}"'


# Mends of values


def _wrapped(_problem: Problem, text: str) -> Iterator[TextMend]:
    """A single feature or geometry put into a FeatureCollection, its own text untouched."""
    value: Any = _located(text).value
    kind = value.get("type") if isinstance(value, dict) else None
    before, after = '{"type": "FeatureCollection", "features": [\n', "\n]}"
    if kind in GEOMETRY_TYPES:
        before, after = before + '{"type": "Feature", "properties": {}, "geometry": ', "}" + after
    elif kind != "Feature":
        return
    yield TextMend("mending.wrap", {}, ((0, "", before), (len(text.rstrip()), "", after)))


def _with_id(problem: Problem, text: str) -> Iterator[TextMend]:
    """An id from the name, where there is no text as id that `routes.mending` could start from."""
    read = _located(text)
    at = "/".join(problem.pointer.split("/")[:3])
    feature: Any = _feature_at(read.value, at)
    new_id = id_from(str((feature.get("properties") or {}).get("name") or ""))
    if isinstance(feature.get("id"), str) or not new_id or new_id in _pointers_of_ids(read):
        return
    if "id" in feature:
        start = _offset(text, read.places([f"{at}/id"])[f"{at}/id"])
        yield TextMend("mending.make_id", {"id": new_id}, (_replaced(text, start, new_id),))
    else:
        start = _offset(text, read.places([at])[at]) + 1
        yield TextMend("mending.make_id", {"id": new_id}, ((start, "", f'"id": {json.dumps(new_id)}, '),))


def _feature_at(value: Any, pointer: str) -> Any:
    return value["features"][int(pointer.rsplit("/", 1)[1])]


def _document_mends(problem: Problem, text: str) -> Iterator[TextMend]:
    """The mends of the document: a feature is written anew in its place, all of the text where the head changes."""
    document_id = document_of(problem.file)
    document = _document(document_id, text)
    if document is None:
        return
    for mend in mends_for(problem, document_id, document):
        if mend.change.head:
            whole = write_document(document_id, mend.apply(document)).decode("utf-8")
            yield TextMend(mend.key, dict(mend.values), ((0, text, whole),))
            continue
        old_id, *_ = mend.change.records
        feature = next(after for _, after in mend.change.records.values() if after is not None)
        start = _offset(text, _features(text)[f"/features/{document.order.index(old_id)}"])
        yield TextMend(mend.key, dict(mend.values), (_replaced(text, start, feature),))


def _replaced(text: str, start: int, value: Any) -> Edit:
    """The value that begins at an offset, written anew."""
    return start, text[start : _SKIP(text, start)[1]], json.dumps(value, ensure_ascii=False)


def _offset(text: str, place: Place) -> int:
    at = 0
    for _ in range(place.line - 1):
        at = text.index("\n", at) + 1
    return at + place.column - 1
