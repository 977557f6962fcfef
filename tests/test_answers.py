"""Claims about what is said of a country at a date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes import answers
from routes.dataset import DEFAULT_FOLDER, Dataset, load
from routes.stance import stance_at
from routes.view import Filter

DAYS = st.dates(date(1990, 1, 1), date(2026, 12, 31))
YEAR_ENDS = [date(year, 12, 31) for year in range(1990, 2027, 6)]
CODES = sorted(load(DEFAULT_FOLDER).countries)


@pytest.mark.parametrize("country", CODES)
@given(as_of=DAYS)
def test_a_country_is_told_in_one_sentence_on_every_day(country: str, as_of: date) -> None:
    dataset = load(DEFAULT_FOLDER)
    stand = answers.country_stand(dataset, country, as_of)
    assert stand.sentence.endswith(".")
    assert "{" not in stand.sentence + stand.detail
    assert dataset.countries[country].name in stand.sentence or country == "KP"
    assert not stand.spell.carried or stand.detail


def test_laos_hands_people_over_at_the_end_of_2012(real_dataset: Dataset) -> None:
    assert "hands refugees over" in answers.country_stand(real_dataset, "LA", date(2012, 12, 31)).sentence


def test_laos_does_both_at_the_end_of_2014(real_dataset: Dataset) -> None:
    assert (
        "lets some refugees go on and sends others back"
        in answers.country_stand(real_dataset, "LA", date(2014, 12, 31)).sentence
    )


def test_north_korea_before_any_source_was_not_free_to_leave(real_dataset: Dataset) -> None:
    assert "leaving was not free" in answers.country_stand(real_dataset, "KP", date(1995, 12, 31)).sentence


def test_a_country_that_is_not_in_the_table_is_called_by_its_code(real_dataset: Dataset) -> None:
    assert "XX" in answers.country_stand(real_dataset, "XX", date(2014, 12, 31)).sentence


@pytest.mark.parametrize("as_of", YEAR_ENDS, ids=str)
@pytest.mark.parametrize("country", CODES)
def test_a_timeline_holds_every_event_of_its_country_once(real_dataset: Dataset, country: str, as_of: date) -> None:
    found = answers.timeline(real_dataset, country, as_of, Filter())
    ids = [event.id for event in (*found.past, *found.later)]
    assert sorted(ids) == sorted(e.id for e in real_dataset.policy_events.values() if e.country == country)
    assert all(event.has_begun(as_of) for event in found.past)
    assert not any(event.has_begun(as_of) for event in found.later)
    days = [event.date.first_day for event in (*found.past, *found.later)]
    assert days == sorted(days)
    assert found.filtered_out == 0


def test_a_filter_hides_events_and_counts_them(real_dataset: Dataset) -> None:
    end = date(2026, 12, 31)
    whole = answers.timeline(real_dataset, "CN", end, Filter())
    eased = answers.timeline(real_dataset, "CN", end, Filter(effect=("eases",)))
    assert {event.effect for event in eased.past} == {"eases"}
    assert len(eased.past) + eased.filtered_out == len(whole.past)
    assert eased.filtered_out > 0


@pytest.mark.parametrize("as_of", YEAR_ENDS, ids=str)
def test_every_colour_has_a_reason(real_dataset: Dataset, as_of: date) -> None:
    for feature in real_dataset.features.values():
        spell = stance_at(real_dataset.spells.get(feature.id, ()), as_of)
        why = answers.reasons(real_dataset, spell, as_of)
        assert bool(why) == (spell.stance != "unknown"), feature.id
        assert {reason.effect.stance for reason in why} <= {spell.stance}
        assert all(reason.event.has_begun(as_of) or reason.effect.start is None for reason in why)


@pytest.mark.parametrize("as_of", YEAR_ENDS, ids=str)
def test_what_moved_nothing_is_told_apart(real_dataset: Dataset, as_of: date) -> None:
    for country in CODES:
        spell = stance_at(real_dataset.spells_of(country), as_of)
        beside = answers.unmoved(real_dataset, (country,), spell, as_of)
        assert not {reason.effect.id for reason in beside} & set(spell.effects)
        assert all(r.effect.basis != "practice" or r.effect.certainty == "alleged" for r in beside)
        assert all(reason.event.has_begun(as_of) for reason in beside)


@pytest.mark.parametrize("as_of", YEAR_ENDS, ids=str)
def test_notes_are_those_valid_gravest_first(real_dataset: Dataset, as_of: date) -> None:
    scopes = tuple({note.scope for note in real_dataset.risk_notes.values()})
    found = answers.notes_of(real_dataset, scopes, as_of)
    assert {note.id for note in found} == {n.id for n in real_dataset.risk_notes.values() if n.is_valid(as_of)}
    graves = ["high", "medium", "low"]
    assert [note.level for note in found] == sorted((note.level for note in found), key=graves.index)
    assert answers.notes_of(real_dataset, (), as_of) == ()


@pytest.mark.parametrize("as_of", YEAR_ENDS, ids=str)
def test_figures_are_those_begun_by_the_date(real_dataset: Dataset, as_of: date) -> None:
    for country in CODES:
        for series, figures in answers.figures_of(real_dataset, country, as_of):
            assert series.country == country
            assert figures
            assert all(figure.period.start.first_day <= as_of for figure in figures)


def test_every_dispute_is_told_with_both_sides(real_dataset: Dataset) -> None:
    told = {d.id: claims for country in [*CODES, "INT"] for d, claims in answers.disputes_of(real_dataset, country)}
    assert told.keys() == real_dataset.disputes.keys()
    assert all(len(claims) >= 2 for claims in told.values())


def test_a_disputed_event_names_its_dispute(real_dataset: Dataset) -> None:
    disputed = answers.disputed_events(real_dataset)
    assert disputed
    assert disputed.keys() <= real_dataset.policy_events.keys()
    assert all(f"event:{event}" in real_dataset.disputes[dispute].touches for event, dispute in disputed.items())


def test_every_citation_finds_its_source(real_dataset: Dataset) -> None:
    for event in real_dataset.policy_events.values():
        found = answers.sources_of(real_dataset, event.sources)
        assert [(source.id, locator) for source, locator in found] == [(c.source, c.locator) for c in event.sources]


@pytest.mark.parametrize("selection", [None, "", "laos-thailand", "no-such-thing"])
def test_a_selection_that_is_no_country_has_none(real_dataset: Dataset, selection: str | None) -> None:
    assert answers.country_of_selection(real_dataset, selection) is None


def test_every_selection_knows_its_country(real_dataset: Dataset) -> None:
    for code in real_dataset.countries:
        assert answers.country_of_selection(real_dataset, code) == code
    for feature in real_dataset.features.values():
        assert answers.country_of_selection(real_dataset, feature.id) == feature.authority
    for event in real_dataset.policy_events.values():
        assert answers.country_of_selection(real_dataset, event.id) == event.country


def test_the_countries_on_the_way_have_segments(real_dataset: Dataset) -> None:
    found = answers.on_the_way(real_dataset)
    assert {"KP", "CN", "LA", "TH"} <= set(found) <= real_dataset.countries.keys()
    assert [code for code in real_dataset.countries if code in found] == list(found)
