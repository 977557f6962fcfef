"""Reads JSON strictly (RFC 8259) and says on which line each value stands.

    read_json(bytes, file)  ->  LocatedJson
                                ├── value       what the text says, integers exact, member order kept
                                ├── problems    why it is refused, or why others may read it differently
                                └── places()    line and column of values, by RFC 6901 pointer

Reading is one pass of the standard library's C parser. Where a value cannot be taken (`NaN`, `1e400`, a repeated
name) the parser leaves a mark, so one reading reports all of them; lines are only looked up for what is reported.

Two kinds of fault: the text *is not JSON we can hold* (`is_json` is False, `value` is None), or it is JSON that
I-JSON (RFC 7493) forbids because readers disagree on it: a name twice in one object, half a surrogate pair
(`is_json` is True, the last member wins). Both are errors.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from math import isinf
from typing import NamedTuple, TypeAlias

from routes.problems import Problem

MAX_BYTES = 100 * 2**20
"""Longer files are refused unread: 100 MiB, some five times 100,000 points."""

MAX_DEPTH = 100
"""Arrays and objects inside each other; a MultiPolygon in a FeatureCollection needs 8."""

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Path: TypeAlias = "tuple[Path, str | int] | None"
"""Where a value stands, innermost last: `((None, "features"), 0)`; cheap to make, spelt out by `pointer_to`."""


class Place(NamedTuple):
    """Line and column of a value's first character, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, kw_only=True)
class LocatedJson:
    """One JSON text: its value, what is wrong with it, and where in the file each value stands."""

    file: str
    text: str
    value: Json
    problems: tuple[Problem, ...]
    is_json: bool

    def places(self, pointers: Iterable[str]) -> dict[str, Place]:
        """The place of each value by its RFC 6901 pointer (`""` is the whole); pointers to nothing are left out.

        Of a name given twice in one object the last counts, as in `value`.

        >>> read_json(b'{"a":\\n  [1, 2]}', "f").places(["/a", "/a/1"])
        {'/a': Place(line=2, column=3), '/a/1': Place(line=2, column=7)}
        """
        wanted = set(pointers)
        return _places_at(self.text, _offsets(self.text, wanted)) if wanted and self.is_json else {}


def read_json(data: bytes, file: str, *, max_bytes: int = MAX_BYTES) -> LocatedJson:
    """The value of a UTF-8 JSON text with its problems; never raises, whatever the bytes.

    Refused: more than `max_bytes` bytes, nesting over MAX_DEPTH, a byte order mark, anything but UTF-8, whatever
    the grammar of RFC 8259 does not allow, and numbers outside the range of a double (sections 6 and 8.1).
    """
    if len(data) > max_bytes:
        got = f"{len(data):,} bytes"
        return _refused(file, "", _Fault(0, "json-size", f"at most {max_bytes:,} bytes", got, "Split the file."))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _refused(file, data[: error.start].decode("utf-8"), _encoding_fault(data, error.start))
    if data.startswith(codecs.BOM_UTF8) or "\0" in text[:4]:
        return _refused(file, "", _encoding_fault(data, 0))
    return _parsed(text, file)


def pointer_to(path: Path) -> str:
    """The RFC 6901 pointer of a path.

    >>> pointer_to(((None, "a/b"), 0))
    '/a~1b/0'
    """
    steps: list[str] = []
    while path is not None:
        path, step = path
        steps.append(_escaped(step))
    return "".join(f"/{step}" for step in reversed(steps))


def shown(value: object) -> str:
    """A value in a few words for a message, safe to print: `the string "39.4"`, `an array of 3`, `null`."""
    if isinstance(value, dict):
        return f"an object with {', '.join(map(_quoted, list(value)[:5])) or 'no members'}"
    if isinstance(value, list):
        return f"an array of {len(value)}"
    if isinstance(value, str):
        return f"the string {_quoted(value)}"
    kind = "" if value is None or isinstance(value, bool) else "the number "
    return kind + _shortened(json.dumps(value))


def printable(text: str) -> str:
    """The text with half surrogate pairs spelt out, so that it can be written as UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class _Fault(NamedTuple):
    """A fault at an offset of the text, before its line is known."""

    offset: int
    rule: str
    expected: str
    got: str
    hint: str
    pointer: str = ""


class _UnusableNumber(str):
    """Stands in the value for a number that JSON or a double cannot hold; the text as written."""


class _Repeated(dict[str, Json]):
    """Stands in the value for an object that has a name more than once."""

    names: tuple[str, ...] = ()


def _refused(file: str, text: str, fault: _Fault) -> LocatedJson:
    place = _places_at(text, {"": fault.offset})[""]
    problem = _problem(file, fault, place)
    return LocatedJson(file=file, text=text, value=None, problems=(problem,), is_json=False)


def _problem(file: str, fault: _Fault, place: Place) -> Problem:
    where = f" (column {place.column})" if place.column > 1 else ""
    return Problem(
        file=file,
        line=place.line,
        pointer=printable(fault.pointer),
        rule=fault.rule,
        severity="error",
        message=f"Expected {fault.expected}, got {fault.got}{where}.",
        hint=fault.hint,
    )


def _encoding_fault(data: bytes, start: int) -> _Fault:
    if data.startswith(codecs.BOM_UTF8):
        got = "a byte order mark before it"
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:4]:
        got = "UTF-16 or UTF-32"
        start = 0
    else:
        got = f"the byte 0x{data[start]:02X} that is not UTF-8"
    hint = "Save the file as UTF-8 without a byte order mark (RFC 8259, section 8.1)."
    return _Fault(len(data[:start].decode("utf-8")), "json-encoding", "plain UTF-8", got, hint)


def _parsed(text: str, file: str) -> LocatedJson:
    marks: list[object] = []
    try:
        value = _decode(text, marks)
    except json.JSONDecodeError as error:
        return _refused(file, text, _syntax_fault(error))
    except RecursionError:
        return _refused(file, text, _depth_fault(text))
    if _is_deeper_than(MAX_DEPTH, value):
        return _refused(file, text, _depth_fault(text))
    whole = LocatedJson(file=file, text=text, value=value, problems=(), is_json=True)
    if not marks and not _SURROGATE_ESCAPE.search(text):
        return whole
    return _with_problems(whole, list(_marked(value)))


def _decode(text: str, marks: list[object]) -> Json:
    """What the C parser reads; every number and object it cannot take as it is goes to `marks` and stays marked."""

    def unusable(number: str) -> _UnusableNumber:
        marks.append(number)
        return _UnusableNumber(number)

    def finite(number: str) -> float | str:
        value = float(number)
        return unusable(number) if isinf(value) else value

    def exact(number: str) -> int | str:
        return int(number) if len(number) < 309 or not isinf(float(number)) else unusable(number)

    def members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        names = dict(pairs)
        if len(names) == len(pairs):
            return names
        marks.append(pairs)
        repeated = _Repeated(names)
        count = Counter(name for name, _ in pairs)
        repeated.names = tuple(name for name in names if count[name] > 1)
        return repeated

    value: Json = json.loads(
        text, parse_float=finite, parse_int=exact, parse_constant=unusable, object_pairs_hook=members
    )
    return value


def _is_deeper_than(limit: int, value: Json) -> bool:
    """Whether arrays and objects stand more than `limit` deep in each other; level by level, without recursion."""
    level = [value] if isinstance(value, list | dict) else []
    for _ in range(limit):
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, list | dict)
        ]
    return bool(level)


def _depth_fault(text: str) -> _Fault:
    depth = offset = 0
    for token in _BRACKET.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if depth > MAX_DEPTH:
            offset = token.start()
            break
    expected = f"at most {MAX_DEPTH} arrays and objects inside each other"
    return _Fault(offset, "json-depth", expected, "more", "Flatten the data (RFC 8259, section 9, allows a limit).")


_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")

_SYNTAX = {  # the parser's word: what it wanted, what to do
    "Expecting value": ("a value", "Write a string in double quotes, a number, an array, an object, true or null"),
    "Expecting property name": ("a name in double quotes", "Write each member as \"name\": value"),
    "Expecting ':'": ("a colon after the name", "Write each member as \"name\": value"),
    "Expecting ','": ("a comma or the closing bracket", "Add the missing comma or bracket before this place"),
    "Extra data": ("the end of the file", "Keep one value per file and remove the rest"),
    "Invalid control": ("no control character in a string", "Write line breaks as \\n and tabs as \\t"),
    "Unterminated": ("a closing double quote", "Close the string that starts here"),
    "Invalid \\": ("an escape that JSON knows", "Use \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hex digits"),
}


def _syntax_fault(error: json.JSONDecodeError) -> _Fault:
    known = (told for start, told in _SYNTAX.items() if error.msg.startswith(start))
    expected, remedy = next(known, ("JSON", "Correct the text here"))
    rest = error.doc[error.pos : error.pos + 20].split("\n")[0]
    got = _quoted(rest) if rest else "the end of the line" if error.pos < len(error.doc) else "the end of the file"
    if rest[:1] in ("]", "}") and error.doc[: error.pos].rstrip().endswith(","):
        remedy = "Remove the comma before the closing bracket"
    return _Fault(error.pos, "json-syntax", expected, got, f"{remedy} (RFC 8259).")


def _marked(value: Json) -> Iterator[_Fault]:
    """A fault for everything in the value that was marked while reading, with its pointer but not yet its offset."""
    for path, part in _values(value):
        if isinstance(part, _UnusableNumber):
            hint = "JSON has no NaN or Infinity and a double ends at 1.8e308: write null or a number (RFC 8259, 6)."
            yield _Fault(0, "json-number", "a finite number", _shortened(part), hint, pointer_to(path))
        elif isinstance(part, str) and _SURROGATE.search(part):
            yield _half_pair(part, path)
        elif isinstance(part, dict):
            for name in part.names if isinstance(part, _Repeated) else ():
                hint = "Keep one of them: readers differ on which one counts (RFC 8259, section 4; RFC 7493, 2.3)."
                got = f"{_quoted(name)} more than once"
                yield _Fault(0, "json-duplicate-name", "each name once", got, hint, pointer_to((path, name)))
            for name in filter(_SURROGATE.search, part):
                yield _half_pair(name, (path, name))


def _half_pair(text: str, path: Path) -> _Fault:
    hint = "Write the character itself or both halves of its pair (RFC 8259, section 8.2; RFC 7493, section 2.1)."
    got = f"half a surrogate pair in {_quoted(text)}"
    return _Fault(0, "json-surrogate", "whole Unicode characters", got, hint, pointer_to(path))


def _values(value: Json) -> Iterator[tuple[Path, Json]]:
    """Every value with its path, in the order of the text; without recursion."""
    stack: list[tuple[Path, Json]] = [(None, value)]
    while stack:
        path, part = stack.pop()
        yield path, part
        if isinstance(part, dict):
            stack.extend(((path, name), child) for name, child in reversed(part.items()))
        elif isinstance(part, list):
            stack.extend(((path, index), part[index]) for index in range(len(part) - 1, -1, -1))


def _with_problems(whole: LocatedJson, faults: list[_Fault]) -> LocatedJson:
    places = whole.places(fault.pointer for fault in faults)
    problems = tuple(_problem(whole.file, fault, places[fault.pointer]) for fault in faults)
    usable = all(fault.rule != "json-number" for fault in faults)
    value = whole.value if usable else None
    return LocatedJson(file=whole.file, text=whole.text, value=value, problems=problems, is_json=usable)


_SKIP = json.JSONDecoder(parse_int=float).raw_decode
_BLANK = re.compile(r"[ \t\n\r]*")


def _offsets(text: str, wanted: Collection[str]) -> dict[str, int]:
    """The offset of each wanted pointer; only ancestors of wanted values are walked, the C parser skips the rest."""
    ancestors = {pointer[:cut] for pointer in wanted for cut, char in enumerate(pointer) if char == "/"}
    found: dict[str, int] = {}

    def after_blank(at: int) -> int:
        blank = _BLANK.match(text, at)
        return blank.end() if blank else at

    def after_value(at: int, pointer: str) -> int:
        if pointer in wanted:
            found[pointer] = at
        if pointer in ancestors and text[at] in "[{":
            return after_children(at, pointer)
        return _SKIP(text, at)[1]

    def after_children(at: int, pointer: str) -> int:
        is_object = text[at] == "{"
        step: str | int = 0
        count = 0
        at = after_blank(at + 1)
        while text[at] not in "]}":
            step = count
            if is_object:
                step, at = _SKIP(text, at)
                at = after_blank(after_blank(at) + 1)
            at = after_blank(after_value(at, f"{pointer}/{_escaped(step)}"))
            at = after_blank(at + 1) if text[at] == "," else at
            count += 1
        return at + 1

    after_value(after_blank(0), "")
    return found


def _places_at(text: str, offsets: dict[str, int]) -> dict[str, Place]:
    places: dict[str, Place] = {}
    line, line_start, counted = 1, 0, 0
    for pointer, offset in sorted(offsets.items(), key=lambda item: item[1]):
        line += text.count("\n", counted, offset)
        line_start = max(line_start, text.rfind("\n", counted, offset) + 1)
        counted = offset
        places[pointer] = Place(line, offset - line_start + 1)
    return {pointer: places[pointer] for pointer in offsets}


def _escaped(step: str | int) -> str:
    return step.replace("~", "~0").replace("/", "~1") if isinstance(step, str) else str(step)


def _quoted(text: str) -> str:
    return _shortened(printable(json.dumps(text[:41], ensure_ascii=False)))


def _shortened(text: str) -> str:
    return text if len(text) <= 44 else f"{text[:40]}…"
