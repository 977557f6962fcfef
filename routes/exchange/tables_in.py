"""Read CSV and XLSX as rows of text under their headings."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import load_workbook

from routes.exchange.cells import unguarded
from routes.exchange.limits import MAX_CELL, MAX_COLUMNS, MAX_PARTS, MAX_RECORDS, RefusedFileError, check_count
from routes.exchange.uploads import Item, Part, Read, part_of
from routes.exchange.xml_checks import root_tag
from routes.exchange.zips import members

_SEPARATORS = (",", ";", "\t")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


def read_csv(data: bytes) -> Read:
    """The one table of a CSV text in UTF-8; its first line holds the headings. Comma, semicolon or tab between."""
    text = _decoded(data)
    separator = max(_SEPARATORS, key=lambda sign: len(next(csv.reader(io.StringIO(text), delimiter=sign), [])))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        part = _table(reader, "")
    except csv.Error as error:
        got = f"a row that cannot be read ({error}) in line {reader.line_num}"
        raise RefusedFileError("quotes in pairs and cells of usual size", got, "Correct the line.") from None
    return [part], []


def read_xlsx(data: bytes) -> Read:
    """The sheets of a workbook that hold anything; a formula counts as the value that it had when it was saved."""
    found = members(data)
    for name, content in found.items():
        if name.endswith((".xml", ".rels")):
            root_tag(content)
    has_formulas = any(_FORMULA.search(content) for name, content in found.items() if "worksheets/" in name)
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    formulas = load_workbook(io.BytesIO(data), read_only=True, keep_links=False) if has_formulas else book
    check_count(len(book.worksheets), MAX_PARTS, "sheets")
    parts: list[Part] = []
    for sheet, other in zip(book.worksheets, formulas.worksheets, strict=True):
        sheet.reset_dimensions()
        other.reset_dimensions()
        rows = _computed_rows(sheet, other) if has_formulas else sheet.iter_rows()
        parts.append(_table(_texts(rows), sheet.title))
    notes = ["Formulas were read as the values they had when the file was saved."] if has_formulas else []
    return [part for part in parts if part.columns] or parts[:1], notes


def _decoded(data: bytes) -> str:
    """The text of UTF-8 bytes, with or without a byte order mark."""
    remedy = "Save it again as UTF-8 (in Excel: CSV UTF-8)."
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise RefusedFileError("a text in UTF-8", f"a zero byte in line {line}", remedy)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        got = f"the byte 0x{data[error.start]:02X} in line {line}, as of an older encoding"
        raise RefusedFileError("a text in UTF-8", got, remedy) from None


def _table(rows: Iterable[Sequence[str]], name: str) -> Part:
    filled = ((number, row) for number, row in enumerate(rows, start=1) if any(row))
    _, first = next(filled, (0, ()))
    headings = _headings(first)
    items: list[Item] = []
    for number, row in filled:
        cells = [unguarded(cell) for cell in row]
        if len(cells) > len(headings) and any(cells[len(headings) :]):
            got = f"{len(cells)} in row {number}{f' of {name}' if name else ''}"
            remedy = "Put quotes round a cell that holds the separator, or give every column a heading."
            raise RefusedFileError(f"at most {len(headings)} cells, one for each heading", got, remedy)
        items.append(Item(None, {column: cell for column, cell in zip(headings, cells, strict=False) if cell}))
        check_count(len(items), MAX_RECORDS, "rows", got="more")
        check_count(max(map(len, cells)), MAX_CELL, f"characters in a cell (row {number})")
    return part_of(items, name=name, columns=headings)


def _headings(first: Sequence[str]) -> tuple[str, ...]:
    last = max((number for number, cell in enumerate(first, start=1) if cell.strip()), default=0)
    check_count(last, MAX_COLUMNS, "columns")
    found: list[str] = []
    for number, cell in enumerate(first[:last], start=1):
        heading = unguarded(cell).strip() or f"column {number}"
        found.append(heading if heading not in found else f"{heading} ({number})")
    return tuple(found)


def _computed_rows(sheet: Any, formulas: Any) -> Iterator[Sequence[Any]]:
    for row, with_formulas in zip(sheet.iter_rows(), formulas.iter_rows(), strict=True):
        for cell, other in zip(row, with_formulas, strict=True):
            if cell.value is None and other.value is not None:
                got = f"a formula without one in {sheet.title}, row {other.row}"
                remedy = "Open the file in a spreadsheet, save it, and upload it again; or paste the values."
                raise RefusedFileError("formulas with their values", got, remedy)
        yield row


def _texts(rows: Iterable[Sequence[Any]]) -> Iterator[list[str]]:
    empty = 0
    for row in rows:
        texts = [_text(cell) for cell in row]
        empty = 0 if any(texts) else empty + 1
        check_count(empty, MAX_RECORDS, "empty rows in a row", "Delete the rows below the table.")
        yield texts


def _text(cell: Any) -> str:
    """A cell as our tables write it; a date no finer than the spreadsheet shows it."""
    value = cell.value
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return _date_text(value, str(cell.number_format).lower())
    return str(value)


def _date_text(value: dt.datetime, shown_as: str) -> str:
    if value.time() != dt.time():
        return value.isoformat(sep=" ", timespec="minutes")
    if "d" in shown_as:
        return value.date().isoformat()
    return f"{value:%Y-%m}" if "m" in shown_as else f"{value:%Y}"
