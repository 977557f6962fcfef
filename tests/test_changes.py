"""What changed between two dates, whichever of them is named first."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.changes import changes_between, read_date
from routes.dataset import load
from routes.problems import LinkError
from routes.stance import stance_at

TODAY = date(2026, 11, 22)
END_OF_2012, END_OF_2014 = date(2012, 12, 31), date(2014, 12, 31)
DATASET = load()
DAYS = st.dates(date(1990, 1, 1), date(2026, 12, 31))


@pytest.fixture(scope="module")
def around_may_2013():
    return changes_between(DATASET, END_OF_2012, END_OF_2014)


def test_laos_changes_from_cooperates_to_mixed_around_may_2013(around_may_2013):
    (laos,) = [change for change in around_may_2013.stances if change.authority == "LA"]
    assert (laos.old.stance, laos.new.stance) == ("cooperates", "mixed")
    assert "la-transit" in [feature.id for feature in laos.features]


def test_the_change_of_laos_names_the_events_behind_it(around_may_2013):
    (laos,) = [change for change in around_may_2013.stances if change.authority == "LA"]
    assert "la-after-2013" in [event.id for event in laos.reasons]


def test_the_return_of_the_nine_began_between_2012_and_2014(around_may_2013):
    assert "la-nine-returned-2013" in [event.id for event in around_may_2013.events]


def test_a_note_that_ended_in_may_2013_is_named_as_ended(around_may_2013):
    assert "la-note-before-2013" in [note.id for note in around_may_2013.notes_ended]
    assert "la-note-after-2013" in [note.id for note in around_may_2013.notes_begun]


def test_arrivals_stand_beside_both_years(around_may_2013):
    assert [figure.value for figure in around_may_2013.arrivals if figure] == [1502, 1397]


def test_a_year_without_a_figure_has_none():
    assert changes_between(DATASET, date(1991, 12, 31), END_OF_2012).arrivals[0] is None


def test_china_does_not_change_around_may_2013(around_may_2013):
    assert "CN" not in [change.authority for change in around_may_2013.stances]


@given(DAYS, DAYS)
def test_the_order_of_the_dates_is_all_one(one, other):
    assert changes_between(DATASET, one, other) == changes_between(DATASET, other, one)


@given(DAYS)
def test_nothing_differs_between_a_day_and_itself(day):
    changes = changes_between(DATASET, day, day)
    assert (changes.stances, changes.events, changes.notes_begun, changes.notes_ended) == ((), (), (), ())


@given(DAYS, DAYS)
def test_every_part_is_either_named_as_changed_or_counted_as_unchanged(one, other):
    dataset = DATASET
    changes = changes_between(dataset, one, other)
    named = [feature.id for change in changes.stances for feature in change.features]
    assert len(named) == len(set(named))
    drawn = [feature for feature in dataset.features.values() if feature.kind in ("segment", "band", "mission")]
    assert len(named) + changes.unchanged == len(drawn)


@given(DAYS, DAYS)
def test_a_change_holds_for_each_part_it_names(one, other):
    dataset = DATASET
    changes = changes_between(dataset, one, other)
    for change in changes.stances:
        for feature in change.features:
            spells = dataset.spells[feature.id]
            assert stance_at(spells, changes.start).stance == change.old.stance
            assert stance_at(spells, changes.end).stance == change.new.stance


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2013", date(2013, 12, 31)),
        ("2013-05", date(2013, 5, 31)),
        (" 2013-05-28 ", date(2013, 5, 28)),
        ("", END_OF_2012),
    ],
    ids=["year", "month", "day", "nothing"],
)
def test_a_date_is_read_as_its_last_day(text, day):
    assert read_date(text, END_OF_2012, today=TODAY) == day


@pytest.mark.parametrize("text", ["bad", "2013-13", "2013~", "1066", "2099", "<script>", "２０１３"])
def test_a_date_that_cannot_be_shown_is_refused_in_words(text):
    with pytest.raises(LinkError, match="“"):
        read_date(text, END_OF_2012, today=TODAY)
