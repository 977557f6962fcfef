"""The figures of the handout as data for its template: a chart of arrivals, a country's events, two maps to compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from routes.changes import arrivals_in
from routes.dataset import Dataset
from routes.figures import Bar, columns
from routes.mapdata import ARRIVALS
from routes.records import Citation, PolicyEvent, Statistic
from routes.stories import Chapter, Figure
from routes.words import as_of_words, date_words, number_words, period_words, say, span_words

Numbers = Mapping[str, int]
"""The footnote number of each source, by its id."""


def numbers_of(citations: Iterable[Citation], numbers: Numbers) -> list[dict[str, Any]]:
    """The footnote numbers of some citations as they are printed, three or more in a row as one: '1,2', '5–8'."""
    found = sorted({numbers[citation.source] for citation in citations if citation.source in numbers})
    rows = [[n for _, n in row] for _, row in groupby(enumerate(found), key=lambda pair: pair[1] - pair[0])]
    spans = [span for row in rows for span in ([row] if len(row) > 2 else [[n] for n in row])]
    return [{"first": s[0], "said": f"{s[0]}–{s[-1]}" if len(s) > 1 else str(s[0])} for s in spans]


def figure_citations(chapter: Chapter, dataset: Dataset) -> tuple[Citation, ...]:
    """What the chapter's figure leans on."""
    figure = chapter.figure
    if figure is None:
        return ()
    records: list[Any] = list(_events(figure, dataset) if figure.kind == "timeline" else _counted(chapter, dataset))
    return tuple(citation for record in records for citation in record.sources)


def figure_data(chapter: Chapter, dataset: Dataset, numbers: Numbers) -> dict[str, Any] | None:
    """The chapter's figure, or None; the two maps of a comparison are drawn elsewhere."""
    figure = chapter.figure
    if figure is None:
        return None
    drawn = {"arrivals": _arrivals, "timeline": _timeline, "compare": _comparison}[figure.kind](chapter, dataset, numbers)
    return {"kind": figure.kind, **drawn}


def _counted(chapter: Chapter, dataset: Dataset) -> list[Statistic]:
    """The figures of a chart up to the chapter's date, or the two of a comparison."""
    figure = chapter.figure
    if figure and figure.kind == "compare" and figure.start and figure.end:
        return [found for day in (figure.start, figure.end) if (found := arrivals_in(dataset, day.year))]
    return [one for one in dataset.statistics_of(ARRIVALS) if one.period.end.last_day <= chapter.as_of]


def _arrivals(chapter: Chapter, dataset: Dataset, numbers: Numbers) -> dict[str, Any]:
    """A column for each year up to the chapter's date."""
    counted = _counted(chapter, dataset)
    wanted = {one.id for one in counted}
    years = [
        (column.year, [bar for bar in column.bars if bar.statistic.id in wanted])
        for column in columns(dataset, [ARRIVALS])
        if column.year <= chapter.as_of.year
    ]
    while years and not years[-1][1]:
        years.pop()
    said = [
        say("handout.chart_bar", period=period_words(one.period), value=_value(one)) for one in counted
    ]
    first, last = (str(years[0][0]), str(years[-1][0])) if years else ("", "")
    return {
        "columns": [{"year": str(year), "bars": [_bar(bar) for bar in bars]} for year, bars in years],
        "caption": say("handout.chart", first=first, last=last, counted=say("handout.counted")),
        "outlined": say("handout.outlined") if any(not _is_plain(bar) for _, bars in years for bar in bars) else "",
        "alt": say("handout.chart_alt", figures="; ".join(said)),
        "numbers": numbers_of((citation for one in counted for citation in one.sources), numbers),
    }


def _bar(bar: Bar) -> dict[str, Any]:
    return {"share": bar.share, "value": _value(bar.statistic), "plain": _is_plain(bar)}


def _is_plain(bar: Bar) -> bool:
    """Whether a bar is filled: final, and of a whole year."""
    return bar.statistic.status == "final" and bar.is_whole_year


def _value(one: Statistic) -> str:
    if one.upper is None:
        return number_words(one.value)
    return say("panel.figure_range", low=number_words(one.value), high=number_words(one.upper))


def _events(figure: Figure, dataset: Dataset) -> list[PolicyEvent]:
    """The events of a timeline, oldest first."""
    start, end = figure.start or date.min, figure.end or date.max
    events = (event for event in dataset.policy_events.values() if event.country == figure.country)
    found = [event for event in events if start <= event.date.first_day <= end]
    return sorted(found, key=lambda event: (event.date.first_day, event.id))


def _timeline(chapter: Chapter, dataset: Dataset, numbers: Numbers) -> dict[str, Any]:
    figure = chapter.figure
    assert figure is not None
    assert figure.start is not None
    assert figure.end is not None
    country = dataset.countries.get(figure.country or "")
    rows = [
        {
            "when": span_words(event.date, event.end, is_open=False),
            "title": event.title,
            "certainty": say(f"certainty.{event.certainty}"),
            "numbers": numbers_of(event.sources, numbers),
        }
        for event in _events(figure, dataset)
    ]
    name = country.name if country else figure.country
    return {"rows": rows, "caption": say("handout.timeline", country=name, span=_span(figure.start, figure.end))}


def _span(start: date, end: date) -> str:
    """Whole years as years, else both days."""
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return say("dates.to", start=str(start.year), end=str(end.year))
    return say("dates.to", start=date_words(start), end=as_of_words(end))


def _comparison(chapter: Chapter, dataset: Dataset, numbers: Numbers) -> dict[str, Any]:
    figure = chapter.figure
    assert figure is not None
    sides = [
        {
            "when": as_of_words(day),
            "counted": say("handout.compare_arrivals", value=_value(one), year=str(day.year)) if one else "",
            "numbers": numbers_of(one.sources, numbers) if one else [],
        }
        for day in (figure.start, figure.end)
        if day
        for one in [arrivals_in(dataset, day.year)]
    ]
    return {"sides": sides}
