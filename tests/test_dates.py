"""Claims about dates as sources give them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.dates import EARLIEST_YEAR, LATEST_YEAR, PartialDate, Period, format_as_of, parse_as_of, years_after

DAYS = st.dates(date(EARLIEST_YEAR, 1, 1), date(LATEST_YEAR, 12, 31))


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(DAYS)
    parts = draw(st.integers(1, 3))
    return PartialDate(day.year, day.month if parts > 1 else None, day.day if parts > 2 else None, draw(st.booleans()))


@given(partial_dates())
def test_a_date_reads_back_as_it_is_written(when: PartialDate) -> None:
    assert PartialDate.parse(str(when)) == when


@given(partial_dates())
def test_a_date_spans_the_days_it_can_mean(when: PartialDate) -> None:
    for day in (when.first_day, when.last_day):
        assert day.year == when.year
        assert when.month in (None, day.month)
        assert when.day in (None, day.day)
    before, after = when.first_day - timedelta(days=1), when.last_day + timedelta(days=1)
    for day in (before, after):
        assert (day.year, when.month and day.month, when.day and day.day) != (when.year, when.month, when.day)


@pytest.mark.parametrize(
    ("text", "precision"),
    [("2013-05-28", "day"), ("2013-05", "month"), ("2013", "year"), ("2013~", "circa"), ("2013-05-28~", "circa")],
)
def test_the_precision_is_what_the_source_gave(text: str, precision: str) -> None:
    assert PartialDate.parse(text).precision == precision


@pytest.mark.parametrize(
    "text",
    ["", "13", "2013-5", "2013-13", "2013-02-29", "2013-05-28T00:00", "~2013", "2013~~", " 2013", "2013\n", "２０１３",
     "1899", "2101", "0000", "2013-00", "2013-05-00", "28 May 2013", "-2013"],
)  # fmt: skip
def test_what_is_no_date_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        PartialDate.parse(text)


@given(st.text())
def test_no_text_whatever_breaks_the_reading_of_a_date(text: str) -> None:
    try:
        assert str(PartialDate.parse(text)) == text
    except ValueError as error:
        assert "expected" in str(error)  # noqa: PT017  either outcome is right


@given(partial_dates(), partial_dates())
def test_a_period_reads_back_or_runs_backwards(start: PartialDate, end: PartialDate) -> None:
    period = Period(start, end)
    if end.last_day < start.first_day:
        with pytest.raises(ValueError, match="not before its start"):
            Period.parse(f"{start}/{end}")
    else:
        assert Period.parse(str(period)) == period


@pytest.mark.parametrize(("text", "is_one"), [("2009", True), ("2009/2010", False), ("2009-01", False)])
def test_only_a_plain_year_is_one_year(text: str, is_one: bool) -> None:
    assert Period.parse(text).is_one_year is is_one


@pytest.mark.parametrize("text", ["2009/", "/2009", "2009/2010/2011", "2010/2009", "2009-2010"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        Period.parse(text)


@pytest.mark.parametrize("year", [1990, 2000, 2012, 2013, 2026, 2100])
def test_the_date_of_a_view_reads_back_on_every_day_of_a_year(year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        text = format_as_of(day)
        assert parse_as_of(text) == day
        assert len(text) <= 10
        day += timedelta(days=1)


@given(DAYS)
def test_the_date_of_a_view_is_written_as_short_as_it_can_be(day: date) -> None:
    iso = day.isoformat()
    shorter = [text for text in (iso[:4], iso[:7]) if parse_as_of(text) == day]
    assert format_as_of(day) == [*shorter, iso][0]


@pytest.mark.parametrize(
    ("text", "day"), [("2014", date(2014, 12, 31)), ("2012-02", date(2012, 2, 29)), ("2013-05-28", date(2013, 5, 28))]
)
def test_a_year_means_its_last_day_as_the_date_of_a_view(text: str, day: date) -> None:
    assert parse_as_of(text) == day


def test_about_is_no_date_for_a_view() -> None:
    with pytest.raises(ValueError, match="without ~"):
        parse_as_of("2013~")


@given(DAYS, st.integers(-50, 50))
def test_years_after_keeps_the_calendar_day(day: date, years: int) -> None:
    later = years_after(day, years)
    assert later.year == day.year + years
    assert (later.month, later.day) in ((day.month, day.day), (2, 28))
    assert (later.month, later.day) == (day.month, day.day) or (day.month, day.day) == (2, 29)
