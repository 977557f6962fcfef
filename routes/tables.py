"""Read the tables under `data/` (CSV, RFC 4180, UTF-8): every good row as a record, every bad cell as a Problem."""

from __future__ import annotations

import csv
import io
import re
import types
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import fields
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from routes import records
from routes.dates import PartialDate, Period
from routes.problems import Problem
from routes.records import ID_PATTERN, INTERNATIONAL, NOT_STATED, Citation

R = TypeVar("R")
Parser = Callable[[str], Any]
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)

TABLES: dict[str, type[Any]] = {
    "countries": records.CountryRecord,
    "policy_events": records.PolicyEvent,
    "effects": records.Effect,
    "risk_notes": records.RiskNote,
    "series": records.Series,
    "statistics": records.Statistic,
    "sources": records.Source,
    "disputes": records.Dispute,
    "dispute_claims": records.DisputeClaim,
    "glossary": records.GlossaryTerm,
}


def read_table(data: bytes, kind: type[R], *, shown_as: str) -> tuple[tuple[R, ...], list[Problem]]:
    """The records of the good rows in file order, and one problem for each bad cell, row or header.

    `data` are the bytes of the file; where it is not there or cannot be read, none. A row with an error is left out;
    the rest of the table stands. `shown_as` is the file's name in messages.
    """
    found: list[tuple[int, R]] = []
    problems: list[Problem] = []
    for line, row in _rows(data, kind, shown_as, problems):
        record = _read_row(row, kind, line, shown_as, problems)
        if record is not None:
            found.append((line, record))
    return tuple(_without_repeats(found, shown_as, problems)), problems


def write_table(rows: Iterable[Any], kind: type[Any]) -> str:
    """The CSV text of `rows`; `read_table` reads it back equal."""
    columns = [field.name for field in fields(kind)]
    cells = [[_as_cell(name, getattr(row, name)) for name in columns] for row in rows]
    return "".join(csv_line(line) for line in [columns, *cells])


def csv_line(cells: Iterable[str]) -> str:
    """One row; written with the standard's CRLF, since the writer quotes what is in its line end, and CR needs it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().removesuffix("\r\n") + "\n"


def _rows(
    data: bytes, kind: type[Any], shown_as: str, problems: list[Problem]
) -> Iterator[tuple[int, dict[str, str]]]:
    columns = [field.name for field in fields(kind)]
    if not data:
        message = "Expected a CSV table, got an empty file, or none that can be read."
        hint = "Put the file back and check its permissions."
        problems.append(_problem(shown_as, 0, "", "table-unreadable", message, hint))
        return
    try:
        text = data.decode("utf-8-sig")
        parsed = list(_with_lines(csv.reader(io.StringIO(text, newline=""), strict=True)))
    except UnicodeDecodeError as error:
        message = f"Expected a CSV table in UTF-8, got one that cannot be read ({error})."
        problems.append(_problem(shown_as, 0, "", "table-unreadable", message, "Save it again as CSV, UTF-8."))
        return
    except csv.Error as error:
        reason, line = error.args
        message = f"Expected quotes in pairs, got a row that cannot be read ({reason})."
        hint = 'Close the quoted cell, and double each quote inside it: "he said ""no""".'
        problems.append(_problem(shown_as, line, "", "table-unreadable", message, hint))
        return
    if not parsed or sorted(parsed[0][1]) != sorted(columns):
        got = ", ".join(parsed[0][1]) if parsed else "no line at all"
        message = f"Expected the columns {', '.join(columns)}; got {got}."
        problems.append(_problem(shown_as, 1, "", "table-header", message, "Correct the first line of the file."))
        return
    header = parsed[0][1]
    for line, cells in parsed[1:]:
        if not cells:
            continue
        if len(cells) != len(header):
            message = f"Expected {len(header)} cells, got {len(cells)}."
            hint = "Put quotes round a cell that holds a comma or a quote."
            if len(cells) < len(header):
                hint = "Add what is missing: an empty cell keeps its comma."
            problems.append(_problem(shown_as, line, cells[0], "table-cells", message, hint))
            continue
        yield line, dict(zip(header, cells, strict=True))


def _with_lines(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it begins on; a csv.Error holds, after its reason, the line of the row at fault."""
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise csv.Error(str(error), line) from error


def _read_row(row: dict[str, str], kind: type[R], line: int, shown_as: str, problems: list[Problem]) -> R | None:
    values: dict[str, Any] = {}
    parsers = _parsers(cast(Hashable, kind))
    name = row[next(iter(parsers))]
    for column, parse in parsers.items():
        try:
            values[column] = parse(row[column].strip())
        except ValueError as error:
            expected = str(error)
            message = f"{expected[0].upper()}{expected[1:]}; got {row[column]!r}."
            pointer = f"{name}/{column}"
            problems.append(_problem(shown_as, line, pointer, "table-cell", message, f"Correct the cell '{column}'."))
    return kind(**values) if len(values) == len(parsers) else None


def _without_repeats(found: list[tuple[int, R]], shown_as: str, problems: list[Problem]) -> Iterator[R]:
    seen: set[str] = set()
    for line, record in found:
        record_id = str(record.id)  # type: ignore[attr-defined]
        if record_id in seen:
            message = f"Expected each id once, got {record_id!r} again; the first is used."
            hint = "Give the second one its own id."
            problems.append(_problem(shown_as, line, record_id, "id-unique", message, hint))
            continue
        seen.add(record_id)
        yield record


def _problem(file: str, line: int, pointer: str, rule: str, message: str, hint: str) -> Problem:
    return Problem(file=file, line=line, pointer=pointer, rule=rule, severity="error", message=message, hint=hint)


@cache
def _parsers(kind: Hashable) -> dict[str, Parser]:
    return {name: _parser_of(hint) for name, hint in get_type_hints(kind, include_extras=True).items()}


def _parser_of(hint: Any) -> Parser:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return {"id": _id, "country": _country, "link": _link}[hint.__metadata__[0]]
    if origin in (Union, types.UnionType):
        inner = _parser_of(next(arg for arg in args if arg is not types.NoneType))
        return lambda text: inner(text) if text else None
    if origin is Literal:
        return lambda text: _one_of(text, args)
    if origin is tuple:
        inner = _parser_of(args[0])
        return lambda text: _several(text, inner, ";" if args[0] is Citation else None)
    return {
        str: _text,
        float: _number,
        bool: _yes,
        PartialDate: PartialDate.parse,
        Period: Period.parse,
        Citation: _citation,
    }[hint]


def _several(text: str, inner: Parser, separator: str | None) -> tuple[Any, ...]:
    try:
        return tuple(inner(part.strip()) for part in text.split(separator) if part.strip())
    except ValueError as error:
        raise ValueError(f"{error}, with {separator or 'a blank'} between several") from None


def _text(text: str) -> str:
    if not text:
        raise ValueError("expected a text")
    return text


def _id(text: str) -> str:
    if not ID_PATTERN.fullmatch(text):
        raise ValueError("expected an id of small letters, digits and hyphens")
    return text


def _country(text: str) -> str:
    if text != INTERNATIONAL and not (len(text) == 2 and text.isascii() and text.isalpha() and text.isupper()):
        raise ValueError(f"expected an ISO 3166-1 alpha-2 code such as LA, or {INTERNATIONAL}")
    return text


def _link(text: str) -> str:
    if text == NOT_STATED:
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or any(c.isspace() for c in text):
        raise ValueError(f"expected an http or https address, or '{NOT_STATED}'")
    return text


def _one_of(text: str, words: tuple[str, ...]) -> str:
    if text not in words:
        raise ValueError(f"expected one of {', '.join(words)}")
    return text


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError("expected a number without separators")
    value = float(text)
    if not (value == value and abs(value) < 1e15):
        raise ValueError("expected a finite number")
    return value


def _yes(text: str) -> bool:
    if text not in ("yes", ""):
        raise ValueError("expected 'yes' or nothing")
    return text == "yes"


def _citation(text: str) -> Citation:
    source, _, locator = text.partition("@")
    return Citation(_id(source.strip()), locator.strip())


def _as_cell(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, tuple):
        return ("; " if name == "sources" else " ").join(str(part) for part in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
