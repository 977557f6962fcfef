"""How a value that is more than text stands in a cell of a table, and how it is read back.

    routes      tumen-crossing laos-thailand        ids with a blank between
    sources     lee-closing-door @ page 3; un-2014  with a semicolon between
    width_km    120                                 a number
    others      as typed
    json:...    whatever does not read back equal otherwise: json:[], json:true, json:"a text with a control sign"

In spreadsheets (CSV, XLSX) a text that would be run as a formula stands behind an apostrophe, and so does one
that stands behind apostrophes already; reading takes one off.
"""

from __future__ import annotations

import json
import re
from typing import Any

from routes.located_json import read_json
from routes.merging import same
from routes.text import csv_cell

MARK = "json:"
AWKWARD = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]|_x[0-9a-fA-F]{4}_")
"""What XML forbids, a line end changes, or a spreadsheet takes for an escape."""

AWKWARD_IN_KML = re.compile(f"{AWKWARD.pattern}|<")
"""Globes show a text that holds '<' as HTML."""

_NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?([eE][+-]?\d{1,2})?")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def as_cell(field: str, value: Any, awkward: re.Pattern[str] = AWKWARD) -> str:
    """A property's value as text; `from_cell` reads it back equal. None is an empty cell.

    >>> as_cell("routes", ["mongolia", "vietnam"]), as_cell("display", True)
    ('mongolia vietnam', 'json:true')
    """
    if value is None:
        return ""
    plain = _plain(field, value)
    if not awkward.search(plain) and same(from_cell(field, plain), value):
        return plain
    return MARK + json.dumps(value, allow_nan=False).replace("<", "\\u003c")


def from_cell(field: str, text: str) -> Any:
    """The value of a property in a cell; None where the cell is empty."""
    if not text:
        return None
    if text.startswith(MARK):
        read = read_json(text.removeprefix(MARK).encode("utf-8", "replace"), field)
        return text if read.problems else read.value
    if field == "routes":
        return [part for part in re.split(r"[\s,;]+", text) if part]
    if field == "sources":
        return [part.strip() for part in text.split(";") if part.strip()]
    if field == "width_km" and _NUMBER.fullmatch(text.strip()):
        number = float(text)
        return int(number) if number.is_integer() else number
    return text


def as_table_cell(text: str) -> str:
    """A cell of one of our tables, which is text always, as text that XML and spreadsheets leave alone."""
    return as_cell("", text) if text else ""


def from_table_cell(text: str) -> str:
    """The cell that `as_table_cell` wrote; anything else is as typed."""
    value = from_cell("", text)
    return value if isinstance(value, str) else text


def guarded(text: str) -> str:
    """The text as a spreadsheet leaves it alone; `unguarded` takes the guard off.

    >>> guarded("=1+1"), guarded("'=1+1"), unguarded(guarded("'=1+1")), guarded("it's")
    ("'=1+1", "''=1+1", "'=1+1", "it's")
    """
    if _NUMBER.fullmatch(text):
        return text
    return f"'{text}" if _GUARDED.match(text) else csv_cell(text)


def unguarded(text: str) -> str:
    """The text without the guard of `guarded`."""
    return text[1:] if _GUARDED.match(text) else text


def _plain(field: str, value: Any) -> str:
    if field in ("routes", "sources") and isinstance(value, list):
        return (" " if field == "routes" else "; ").join(map(str, value))
    return str(value)
