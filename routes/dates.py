"""Dates as sources give them: a day, a month, a year, or "about" one of these.

The text form is a subset of the Extended Date/Time Format (EDTF, ISO 8601-2): `2013-05-28`, `2013-05`, `2013`,
each of which may end in `~` for "circa". An interval is two of them with a slash: `2011-01/2011-04`.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Precision = Literal["day", "month", "year", "circa"]

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
_PATTERN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(~?)", re.ASCII)


@dataclass(frozen=True)
class PartialDate:
    """A date known to the day, the month or the year, perhaps only about.

    >>> PartialDate.parse("2013-05").first_day, PartialDate.parse("2013-05").last_day
    (datetime.date(2013, 5, 1), datetime.date(2013, 5, 31))
    """

    year: int
    month: int | None = None
    day: int | None = None
    circa: bool = False

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """The date written in `text`; ValueError says what was expected."""
        match = _PATTERN.fullmatch(text)
        if match is None:
            raise ValueError("expected YYYY, YYYY-MM or YYYY-MM-DD, with ~ at the end for 'about'")
        year, month, day = (int(part) if part else None for part in match.group(1, 2, 3))
        assert year is not None
        if not EARLIEST_YEAR <= year <= LATEST_YEAR:
            raise ValueError(f"expected a year from {EARLIEST_YEAR} to {LATEST_YEAR}")
        try:
            date(year, 1 if month is None else month, 1 if day is None else day)
        except ValueError:
            raise ValueError("expected a day that exists in the calendar") from None
        return cls(year, month, day, match.group(4) == "~")

    @property
    def precision(self) -> Precision:
        """How exactly the date is known; `circa` wins over the number of parts."""
        if self.circa:
            return "circa"
        return "day" if self.day else "month" if self.month else "year"

    @property
    def first_day(self) -> date:
        """The earliest day the date can mean; records sort by it."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        """The latest day the date can mean."""
        if self.month is None:
            return date(self.year, 12, 31)
        return date(self.year, self.month, self.day or calendar.monthrange(self.year, self.month)[1])

    def __str__(self) -> str:
        parts = [f"{self.year:04}"] + [f"{part:02}" for part in (self.month, self.day) if part]
        return "-".join(parts) + ("~" if self.circa else "")


@dataclass(frozen=True)
class Period:
    """From the first day of `start` to the last day of `end`; one date is a period of its own length."""

    start: PartialDate
    end: PartialDate

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period written in `text` (`2009` or `2011-01/2011-04`); ValueError says what was expected."""
        start, slash, end = text.partition("/")
        period = cls(PartialDate.parse(start), PartialDate.parse(end if slash else start))
        if period.end.last_day < period.start.first_day:
            raise ValueError("expected an interval whose end is not before its start")
        return period

    @property
    def is_one_year(self) -> bool:
        """Whether the period is exactly one calendar year."""
        return self.start == self.end and self.start.month is None

    def __str__(self) -> str:
        return str(self.start) if self.start == self.end else f"{self.start}/{self.end}"


def parse_as_of(text: str) -> date:
    """The day that `text` means as a view's date: the last day of a year or month (`2014` is 31 December 2014)."""
    when = PartialDate.parse(text)
    if when.circa:
        raise ValueError("expected a date without ~")
    return when.last_day


def format_as_of(as_of: date) -> str:
    """The shortest text that `parse_as_of` reads back as `as_of`.

    >>> format_as_of(date(2014, 12, 31)), format_as_of(date(2013, 5, 28))
    ('2014', '2013-05-28')
    """
    if (as_of.month, as_of.day) == (12, 31):
        return f"{as_of.year:04}"
    next_day = as_of + timedelta(days=1)
    return as_of.isoformat()[:7] if next_day.day == 1 else as_of.isoformat()


def years_after(day: date, years: int) -> date:
    """The same calendar day `years` later; 29 February becomes 28 February where it must."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
