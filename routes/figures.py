"""The figures as a chart stands for them: bars on one scale, marks at policy events, and a table to download."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from routes.dataset import Dataset
from routes.mapdata import ARRIVALS
from routes.records import PolicyEvent, Statistic
from routes.text import csv_cell
from routes.view import Filter

TOTALS = "arrivals-kr-total"
PROVISIONAL = "arrivals-kr-provisional"
THAI = ("th-arrivals-police", "th-arrivals-alt", "th-arrivals-ngo", "th-arrivals-immigration")
BREAKS = ("kp-border-tightened-2012", "la-nine-returned-2013", "kp-border-closure-2020", "kp-reopens-2023")
"""The policy events marked on the chart: dated acts near a break in the figures. No cause is meant."""


@dataclass(frozen=True)
class Bar:
    """One figure and its share of the chart's scale, from 0 to 1."""

    statistic: Statistic
    share: float

    @property
    def is_whole_year(self) -> bool:
        """Whether the figure counts one calendar year; a bar for part of a year must say so."""
        return self.statistic.period.is_one_year


@dataclass(frozen=True)
class Column:
    """A year of a chart and its bars; a year without figures has none."""

    year: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Mark:
    """A policy event at its place along a chart's years, from 0 (start of the first) to 1 (end of the last)."""

    event: PolicyEvent
    at: float


def timeline_events(dataset: Dataset, country: str, start: date, end: date, chosen: Filter) -> list[PolicyEvent]:
    """The country's events that begin between two days and that the filter admits, oldest first."""
    found = [e for e in dataset.policy_events.values() if e.country == country and start <= e.date.first_day <= end]
    return sorted(filter(chosen.admits, found), key=lambda event: (event.date.first_day, event.id))


def columns(dataset: Dataset, series: Iterable[str], *, scale: float | None = None) -> tuple[Column, ...]:
    """Every year from the first to the last figure of `series`, in order; `scale` is the value of a full bar."""
    found = [statistic for name in series for statistic in dataset.statistics_of(name)]
    if not found:
        return ()
    full = scale or max(statistic.value for statistic in found) or 1
    years = [statistic.period.start.year for statistic in found]
    return tuple(
        Column(year, tuple(Bar(s, min(s.value / full, 1)) for s in found if s.period.start.year == year))
        for year in range(min(years), max(years) + 1)
    )


def largest_arrivals(dataset: Dataset) -> float:
    """The highest yearly figure: the scale of both charts, so that their bars compare."""
    return max((statistic.value for statistic in dataset.statistics_of(ARRIVALS)), default=1)


def marks(dataset: Dataset, over: tuple[Column, ...]) -> tuple[Mark, ...]:
    """The events of `BREAKS` that the data holds, at their place over the columns."""
    if not over:
        return ()
    events = [dataset.policy_events[name] for name in BREAKS if name in dataset.policy_events]
    first = over[0].year
    days = [event.date.first_day for event in events]
    places = [(day.year - first + (day.timetuple().tm_yday - 1) / 366) / len(over) for day in days]
    return tuple(Mark(event, place) for event, place in zip(events, places, strict=True) if 0 <= place <= 1)


def figures_csv(dataset: Dataset, series: Iterable[str]) -> str:
    """The figures of `series` as CSV with status, note and sources; no cell runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["series", "counts", "unit", "period", "value", "upper", "status", "note", "sources"])
    for name in series:
        about = dataset.series.get(name)
        for s in dataset.statistics_of(name):
            upper = "" if s.upper is None else f"{s.upper:g}"
            sources = "; ".join(str(citation) for citation in s.sources)
            counts, unit = (about.title, about.unit) if about else ("", "")
            cells = [name, counts, unit, str(s.period), f"{s.value:.10g}", upper, s.status, s.note or "", sources]
            writer.writerow([csv_cell(cell) for cell in cells])
    return out.getvalue()
