"""Every string people see, in one catalogue, and how dates and numbers are said.

The catalogue is `routes/words.en.toml` for what readers see, with `words.stories.en.toml` (stories and the stage),
`words.pack.en.toml` (packs and their verification) and `words.staff.en.toml` (what only staff do) beside it.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from routes.dates import PartialDate, Period

CATALOGUES = sorted(Path(__file__).parent.glob("words*.en.toml"))


@cache
def catalogue() -> dict[str, Any]:
    """The whole catalogue as nested tables; callers must not change it."""
    merged: dict[str, Any] = {}
    for path in CATALOGUES:
        for name, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            merged[name] = {**merged.get(name, {}), **table}
    return merged


def say(key: str, **values: object) -> str:
    """The string at `key` (`panel.later`) with `values` filled in.

    A table with `one` and `other` is chosen from by `n`. A key that is missing is a KeyError: a fault of ours.

    >>> say("panel.later", n=1)
    '1 later event'
    """
    found: Any = catalogue()
    for part in key.split("."):
        found = found[part]
    if isinstance(found, dict):
        found = found["one" if values.get("n") == 1 else "other"]
    text: str = found
    return text.format(**{name: _shown(value) for name, value in values.items()})


def _shown(value: object) -> object:
    return number_words(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def number_words(value: float) -> str:
    """A number with thousands separators: 34538 is '34,538'."""
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,}"


def date_words(when: PartialDate | date) -> str:
    """A date as it is said, no finer than it is known: '28 May 2013', 'May 2013', 'about 2013'."""
    months = catalogue()["dates"]["months"]
    day = when.day
    parts = [str(day) if day else "", months[when.month - 1] if when.month else "", str(when.year)]
    text = " ".join(part for part in parts if part)
    return say("dates.circa", date=text) if isinstance(when, PartialDate) and when.circa else text


def as_of_words(as_of: date) -> str:
    """How a view's date is said: 'end of 2014' for its last day, else the day."""
    if (as_of.month, as_of.day) == (12, 31):
        return say("dates.end_of_year", year=str(as_of.year))
    return date_words(as_of)


def span_words(start: PartialDate, end: PartialDate | None, *, is_open: bool) -> str:
    """How an event's time is said: one date, 'from ... to ...', or 'since ...' where it is open."""
    if end is not None and end != start:
        return say("dates.from_to", start=date_words(start), end=date_words(end))
    return say("dates.since", start=date_words(start)) if is_open else date_words(start)


def period_words(period: Period) -> str:
    """How a statistic's period is said: '2009' or 'January 2011 to April 2011'."""
    if period.start == period.end:
        return date_words(period.start)
    return say("dates.to", start=date_words(period.start), end=date_words(period.end))
