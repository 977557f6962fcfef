"""The figures of the handout as data for its template: a chart of arrivals, a country's events, two maps to compare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from routes.changes import arrivals_in
from routes.dataset import Dataset
from routes.figures import Bar, columns
from routes.mapdata import ARRIVALS
from routes.pack.facts import arrivals_up_to, chapter_events
from routes.picture.saying import date_sentence
from routes.records import Citation, Statistic
from routes.stories import Chapter, Figure, FigureKind
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
    kinds: dict[FigureKind, Callable[[Chapter, Dataset], Sequence[Any]]]
    kinds = {"arrivals": _counted, "timeline": chapter_events, "compare": _compared}
    records = kinds[figure.kind](chapter, dataset)
    return tuple(citation for record in records if record for citation in record.sources)


def figure_data(chapter: Chapter, dataset: Dataset, numbers: Numbers) -> dict[str, Any] | None:
    """The chapter's figure, or None; the two maps of a comparison are drawn elsewhere."""
    figure = chapter.figure
    if figure is None:
        return None
    shape = {"arrivals": _arrivals, "timeline": _timeline, "compare": _comparison}[figure.kind]
    return {"kind": figure.kind, **shape(chapter, dataset, numbers)}


def days_of(figure: Figure) -> list[date]:
    """The two days of a comparison, or the ends of a timeline."""
    return [day for day in (figure.start, figure.end) if day]


def _counted(chapter: Chapter, dataset: Dataset) -> list[Statistic]:
    return arrivals_up_to(dataset, chapter.as_of)


def _arrivals(chapter: Chapter, dataset: Dataset, numbers: Numbers) -> dict[str, Any]:
    """A column for each year with figures up to the chapter's date."""
    counted = _counted(chapter, dataset)
    wanted = {one.id for one in counted}
    years = [
        {"year": str(column.year), "bars": [_bar(bar) for bar in column.bars if bar.statistic.id in wanted]}
        for column in columns(dataset, [ARRIVALS])
        if column.year <= max((one.period.start.year for one in counted), default=0)
    ]
    said = [say("handout.chart_bar", period=period_words(one.period), value=_value(one)) for one in counted]
    first, last = (years[0]["year"], years[-1]["year"]) if years else ("", "")
    return {
        "columns": years,
        "caption": say("handout.chart", first=first, last=last, counted=say("handout.counted")),
        "hatched": say("handout.hatched") if any(one.status != "final" for one in counted) else "",
        "alt": say("handout.chart_alt", figures="; ".join(said)),
        "numbers": numbers_of((citation for one in counted for citation in one.sources), numbers),
    }


def _bar(bar: Bar) -> dict[str, Any]:
    """A figure as a bar: filled where it is final, hatched where it is not."""
    return {"share": bar.share, "value": _value(bar.statistic), "plain": bar.statistic.status == "final"}


def _value(one: Statistic) -> str:
    if one.upper is None:
        return number_words(one.value)
    return say("panel.figure_range", low=number_words(one.value), high=number_words(one.upper))


def _timeline(chapter: Chapter, dataset: Dataset, numbers: Numbers) -> dict[str, Any]:
    figure = chapter.figure
    assert figure is not None
    country = dataset.countries.get(figure.country or "")
    rows = [
        {
            "when": span_words(event.date, event.end, is_open=False),
            "title": event.title,
            "certainty": say(f"certainty.{event.certainty}"),
            "numbers": numbers_of(event.sources, numbers),
        }
        for event in chapter_events(chapter, dataset)
    ]
    name = country.name if country else figure.country
    return {"rows": rows, "caption": say("handout.timeline", country=name, span=_span(*days_of(figure)))}


def _span(start: date, end: date) -> str:
    """Whole years as years, else both days."""
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return say("dates.to", start=str(start.year), end=str(end.year))
    return say("dates.to", start=date_words(start), end=as_of_words(end))


def _compared(chapter: Chapter, dataset: Dataset) -> list[Statistic | None]:
    """The arrivals in the year of each day of the chapter's comparison."""
    return [arrivals_in(dataset, day.year) for day in days_of(chapter.figure)] if chapter.figure else []


def _comparison(chapter: Chapter, dataset: Dataset, numbers: Numbers) -> dict[str, Any]:
    figure = chapter.figure
    assert figure is not None
    sides = [
        {
            "when": date_sentence(day, chapter.as_of),
            "counted": say("handout.compare_arrivals", value=_value(one), year=str(day.year)) if one else "",
            "numbers": numbers_of(one.sources, numbers) if one else [],
        }
        for day, one in zip(days_of(figure), _compared(chapter, dataset), strict=True)
    ]
    return {"sides": sides}
