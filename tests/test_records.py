"""Claims about the records themselves."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import event, feature, note, records, when

from routes.dates import PartialDate
from routes.records import ID_PATTERN, ROUTE_IDS, STANCES, Citation
from routes.tables import TABLES

DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize("table", TABLES)
def test_every_record_has_an_id_and_never_changes(table: str) -> None:
    record = records()[table][0]
    assert isinstance(record.id, str)
    with pytest.raises(FrozenInstanceError):
        setattr(record, fields(record)[0].name, "other")


@pytest.mark.parametrize(
    ("given_date", "day", "begun"),
    [
        ("2013-05-28", date(2013, 5, 27), False),
        ("2013-05-28", date(2013, 5, 28), True),
        ("2013-05", date(2013, 5, 1), True),
        ("2013", date(2012, 12, 31), False),
        ("2013~", date(2013, 1, 1), True),
    ],
    ids=["day before", "same day", "month", "year before", "about"],
)
def test_an_event_has_begun_on_the_first_day_it_can_mean(given_date: str, day: date, begun: bool) -> None:
    assert event(day=given_date).has_begun(day) is begun


@given(DAYS, DAYS, st.booleans(), DAYS)
def test_a_note_holds_from_its_first_to_its_last_day(one: date, other: date, is_open: bool, day: date) -> None:
    start, end = sorted((one, other))
    held = note(
        valid_from=PartialDate(start.year, start.month, start.day),
        valid_to=None if is_open else PartialDate(end.year, end.month, end.day),
    )
    assert held.is_valid(day) is (start <= day and (is_open or day <= end))
    assert held.is_valid(start)
    assert not held.is_valid(start - timedelta(days=1))


def test_a_note_of_a_year_holds_to_its_last_day() -> None:
    held = note(valid_from=when("2013"), valid_to=when("2019"))
    assert held.is_valid(date(2019, 12, 31))
    assert not held.is_valid(date(2020, 1, 1))


def test_missions_of_a_group_are_not_coloured_by_their_country() -> None:
    mission = feature("cn-embassy", "mission", authority="CN", scope="cn-missions")
    assert mission.effect_scopes == ("cn-missions", "cn-embassy")


def test_a_segment_is_coloured_by_its_country_and_itself() -> None:
    assert feature().effect_scopes == ("LA", "la-way")


def test_context_has_no_stance() -> None:
    assert feature(authority=None).effect_scopes == ()


@pytest.mark.parametrize(("locator", "text"), [("", "paper"), ("point 3", "paper @ point 3")])
def test_a_citation_is_written_with_its_locator(locator: str, text: str) -> None:
    assert str(Citation("paper", locator)) == text


@pytest.mark.parametrize("word", [*ROUTE_IDS, *STANCES])
def test_every_word_of_ours_is_fit_for_a_link(word: str) -> None:
    assert ID_PATTERN.fullmatch(word)
