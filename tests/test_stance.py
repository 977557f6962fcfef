"""Claims about what an authority does at a date, as effects add up to it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import effect

from routes.dataset import Dataset
from routes.dates import PartialDate, years_after
from routes.records import STANCES, Effect
from routes.stance import REACH_YEARS, UNKNOWN, Spell, clashes, fold, stance_at

DAY = timedelta(days=1)
MANY_DAYS = st.dates(date(1988, 1, 1), date(2026, 12, 31))
FEW_DAYS = st.sampled_from([date(year, month, 1) for year in (1995, 2000, 2005, 2006, 2013) for month in (1, 5)])


@st.composite
def effects(draw: st.DrawFn, *, bases: tuple[str, ...] = ("practice", "act", "law")) -> list[Effect]:
    """Effects on one authority, as the checks let them through: dates in order, and a practice has one."""
    drawn: list[Effect] = []
    for n in range(draw(st.integers(0, 6))):
        days = sorted(draw(st.lists(draw(st.sampled_from([MANY_DAYS, FEW_DAYS])), min_size=3, max_size=3)))
        start, seen, until = (draw(st.none() | st.just(day)) for day in days)
        basis = draw(st.sampled_from(bases))
        if basis != "law" and start is None and until is None:
            start = days[0]
        one = effect(f"e-{n}", draw(st.sampled_from(STANCES[:4])), None, basis=basis)
        dates = {"start": _rough(draw, start), "seen": _rough(draw, seen), "until": _rough(draw, until)}
        drawn.append(replace(one, certainty=draw(st.sampled_from(["established", "reported", "alleged"])), **dates))
    return drawn


def _rough(draw: st.DrawFn, day: date | None) -> PartialDate | None:
    if day is None:
        return None
    parts = draw(st.sampled_from([3, 3, 3, 2, 1]))
    return PartialDate(day.year, day.month if parts > 1 else None, day.day if parts > 2 else None)


def moving(given_effects: list[Effect]) -> list[tuple[date, Effect]]:
    """The practices that may move a stance, each with the day from which it counts."""
    found = []
    for one in given_effects:
        if one.basis == "practice" and one.certainty != "alleged":
            if one.start:
                found.append((one.start.first_day, one))
            elif one.until:
                earliest = years_after(one.until.last_day, -REACH_YEARS)
                found.append((min(earliest, one.seen.last_day) if one.seen else earliest, one))
    return sorted(found, key=lambda pair: (pair[0], pair[1].id))


def edges(given_effects: list[Effect]) -> list[date]:
    """The days round which a stance may turn."""
    days = {
        day
        for one in given_effects
        for when in (one.start, one.seen, one.until)
        if when
        for day in (when.first_day, when.last_day)
    }
    far = {years_after(day, years) for day in days for years in (-REACH_YEARS, REACH_YEARS, 2 * REACH_YEARS)}
    return sorted({day + step * DAY for day in days | far for step in (-1, 0, 1)})


@given(effects(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(given_effects: list[Effect], shuffler: random.Random) -> None:
    expected = fold(given_effects)
    shuffled = list(given_effects)
    shuffler.shuffle(shuffled)
    assert fold(shuffled) == expected
    assert fold(iter(reversed(given_effects))) == expected


@given(effects())
def test_spells_stand_in_order_and_never_overlap(given_effects: list[Effect]) -> None:
    spells = fold(given_effects)
    assert all(spell.end is not None and spell.start <= spell.end for spell in spells)
    assert all(one.end < other.start for one, other in pairwise(spells) if one.end)


@given(effects())
def test_an_allegation_never_changes_a_stance(given_effects: list[Effect]) -> None:
    assert fold(given_effects) == fold(one for one in given_effects if one.certainty != "alleged")


@given(effects())
def test_a_law_never_changes_a_stance(given_effects: list[Effect]) -> None:
    assert fold(given_effects) == fold(one for one in given_effects if one.basis != "law")


@given(effects(bases=("act", "law")))
def test_acts_and_laws_alone_never_start_a_stance(given_effects: list[Effect]) -> None:
    assert fold(given_effects) == ()


@given(effects())
def test_an_act_never_brings_a_stance_that_no_practice_has(given_effects: list[Effect]) -> None:
    with_acts, without = fold(given_effects), fold(one for one in given_effects if one.basis != "act")
    for day in edges(given_effects):
        before, after = stance_at(without, day).stance, stance_at(with_acts, day).stance
        if before != "unknown":
            assert after == before
        elif after != "unknown":
            begun = [one.stance for start, one in moving(given_effects) if start <= day]
            assert after in begun, "an act may only keep up what a practice began"


@given(effects())
def test_an_older_practice_never_returns(given_effects: list[Effect]) -> None:
    spells, practices = fold(given_effects), moving(given_effects)
    for day in edges(given_effects):
        begun = [(start, one) for start, one in practices if start <= day]
        stance = stance_at(spells, day).stance
        newest = {one.stance for start, one in begun if start == begun[-1][0]}
        assert stance == "unknown" or stance in newest


@given(effects())
def test_the_newest_practice_shows_while_its_source_vouches_for_it(given_effects: list[Effect]) -> None:
    spells, practices = fold(given_effects), moving(given_effects)
    for (start, one), (following, _) in pairwise([*practices, (date(2200, 1, 1), effect())]):
        if start == following or sum(start == other for other, _ in practices) > 1:
            continue
        last = max(w.last_day for w in (one.until or one.seen or one.start,) if w)
        for day in {start, min(last, following - DAY)}:
            if start <= day:
                assert stance_at(spells, day).stance == one.stance


@given(effects())
def test_what_is_carried_is_at_most_reported(given_effects: list[Effect]) -> None:
    assert all(spell.certainty == "reported" for spell in fold(given_effects) if spell.carried)
    assert all(spell.certainty != "alleged" for spell in fold(given_effects))


@given(effects())
def test_a_practice_is_carried_no_further_than_its_reach(given_effects: list[Effect]) -> None:
    """Longer only where a source states the end, or where the next source agrees: a gap of twice the reach at most."""
    spells = fold(given_effects)
    stated = {one.until.last_day for one in given_effects if one.until}
    for spell, following in pairwise([*spells, UNKNOWN]):
        if not spell.carried or spell.seen is None:
            continue
        assert spell.end is not None
        assert spell.start > spell.seen
        bridged = following.stance == spell.stance and following.start == spell.end + DAY
        reach = 2 * REACH_YEARS if bridged else REACH_YEARS
        until = max((day for day in stated if day >= spell.end), default=None)
        assert spell.end <= years_after(spell.seen, reach) or until is not None


@given(effects())
def test_nothing_is_shown_past_the_reach_of_the_last_source(given_effects: list[Effect]) -> None:
    vouched = [
        when.last_day
        for one in given_effects
        if one.basis != "law" and one.certainty != "alleged"
        for when in (one.start, one.seen, one.until)
        if when
    ]
    last = max((spell.end for spell in fold(given_effects) if spell.end), default=None)
    assert last is None or last <= years_after(max(vouched), REACH_YEARS)


@given(effects())
def test_only_a_day_some_source_vouches_for_is_established(given_effects: list[Effect]) -> None:
    for spell in fold(given_effects):
        if spell.certainty == "established":
            behind = [one for one in given_effects if one.id in spell.effects]
            assert any(one.certainty == "established" for one in behind)


@given(effects())
def test_every_spell_names_the_effects_that_agree_with_it(given_effects: list[Effect]) -> None:
    by_id = {one.id: one for one in given_effects}
    for spell in fold(given_effects):
        assert spell.effects
        assert len(set(spell.effects)) == len(spell.effects)
        assert {by_id[one].stance for one in spell.effects} == {spell.stance}
        assert any(by_id[one].basis == "practice" for one in spell.effects)


@given(effects(), MANY_DAYS)
def test_a_day_outside_every_spell_is_unknown(given_effects: list[Effect], day: date) -> None:
    spells = fold(given_effects)
    found = stance_at(spells, day)
    holding = [spell for spell in spells if spell.start <= day and spell.end and day <= spell.end]
    assert [found] == (holding or [UNKNOWN])


@given(effects(bases=("practice",)))
def test_every_clash_is_found(given_effects: list[Effect]) -> None:
    practices = moving(given_effects)
    expected = {
        start
        for (start, one), (other, two) in combinations(practices, 2)
        if start == other and one.stance != two.stance
    }
    found = clashes(given_effects)
    assert bool(found) == bool(expected)
    for one, other in found:
        assert one.scope == other.scope
        assert one.stance != other.stance


def test_two_scopes_never_clash() -> None:
    assert clashes([effect("a", "returns"), effect("b", "tolerates", scope="TH")]) == []


def test_allegations_and_acts_never_clash() -> None:
    others = [effect("b", "tolerates", certainty="alleged"), effect("c", "mixed", basis="act")]
    assert clashes([effect("a", "returns"), *others]) == []


def shown(spells: tuple[Spell, ...]) -> list[tuple[str, str, str, bool]]:
    return [(str(spell.start), str(spell.end), spell.stance, spell.carried) for spell in spells]


@pytest.mark.parametrize(
    ("given_effects", "expected"),
    [
        pytest.param([], [], id="nothing known"),
        pytest.param(
            [effect("a", "returns", "2014-02-07")],
            [("2014-02-07", "2014-02-07", "returns", False), ("2014-02-08", "2019-02-07", "returns", True)],
            id="one source, then carried for the reach",
        ),
        pytest.param(
            [effect("a", "cooperates", None, "2013-05-28")],
            [("2008-05-28", "2013-05-27", "cooperates", True), ("2013-05-28", "2013-05-28", "cooperates", False)],
            id="no start: carried back for the reach",
        ),
        pytest.param(
            [effect("a", "returns", "2000", seen="2001"), effect("b", "returns", "2005")],
            [
                ("2000-01-01", "2001-12-31", "returns", False),
                ("2002-01-01", "2004-12-31", "returns", False),
                ("2005-01-01", "2005-12-31", "returns", False),
                ("2006-01-01", "2010-12-31", "returns", True),
            ],
            id="a short gap between two that agree is no gap",
        ),
        pytest.param(
            [effect("a", "returns", "2000"), effect("b", "returns", "2008")],
            [
                ("2000-01-01", "2000-12-31", "returns", False),
                ("2001-01-01", "2007-12-31", "returns", True),
                ("2008-01-01", "2008-12-31", "returns", False),
                ("2009-01-01", "2013-12-31", "returns", True),
            ],
            id="a long gap between two that agree is carried",
        ),
        pytest.param(
            [effect("a", "returns", "2000"), effect("b", "returns", "2012")],
            [
                ("2000-01-01", "2000-12-31", "returns", False),
                ("2001-01-01", "2005-12-31", "returns", True),
                ("2012-01-01", "2012-12-31", "returns", False),
                ("2013-01-01", "2017-12-31", "returns", True),
            ],
            id="two that agree over more than twice the reach are two runs",
        ),
        pytest.param(
            [effect("a", "returns", "2000", "2003-06-30")],
            [("2000-01-01", "2003-06-30", "returns", False)],
            id="an end that a source states is kept",
        ),
        pytest.param(
            [effect("a", "cooperates", "2009", seen="2013"), effect("b", "mixed", "2013-05-28")],
            [
                ("2009-01-01", "2013-05-27", "cooperates", False),
                ("2013-05-28", "2013-05-28", "mixed", False),
                ("2013-05-29", "2018-05-28", "mixed", True),
            ],
            id="newer practice ends older on the day",
        ),
        pytest.param(
            [effect("a", "returns", "2014"), effect("b", "returns", "2018-06-01", basis="act")],
            [
                ("2014-01-01", "2014-12-31", "returns", False),
                ("2015-01-01", "2018-05-31", "returns", False),
                ("2018-06-01", "2018-06-01", "returns", False),
                ("2018-06-02", "2023-06-01", "returns", True),
            ],
            id="an act confirms",
        ),
        pytest.param(
            [effect("a", "returns", "2014"), effect("b", "cooperates", "2015-06-01", basis="act")],
            [("2014-01-01", "2014-12-31", "returns", False), ("2015-01-01", "2019-12-31", "returns", True)],
            id="an act to the contrary changes nothing",
        ),
    ],
)
def test_effects_fold_as_the_method_page_says(given_effects: list[Effect], expected: list[tuple[str, ...]]) -> None:
    assert shown(fold(given_effects)) == expected


def test_a_source_that_saw_the_practice_long_before_its_end_counts_from_then() -> None:
    """Found by hypothesis: without a start such an effect reached back over the practice before it."""
    spells = fold([effect("a", "tolerates", "2001"), effect("b", "returns", None, "2010", seen="1999")])
    assert all(one.end < other.start for one, other in pairwise(spells) if one.end)


@pytest.mark.parametrize(
    ("country", "as_of", "stance"),
    [
        ("LA", date(2012, 12, 31), "cooperates"),
        ("LA", date(2013, 5, 27), "cooperates"),
        ("LA", date(2014, 12, 31), "mixed"),
        ("MM", date(2014, 12, 31), "unknown"),
        ("KP", date(1995, 12, 31), "unknown"),
    ],
)
def test_the_real_countries_do_at_a_date(real_dataset: Dataset, country: str, as_of: date, stance: str) -> None:
    assert stance_at(real_dataset.spells_of(country), as_of).stance == stance


def test_laos_hands_over_no_more_after_28_may_2013(real_dataset: Dataset) -> None:
    after = [spell for spell in real_dataset.spells_of("LA") if spell.end is None or spell.end > date(2013, 5, 28)]
    assert after
    assert {spell.stance for spell in after if spell.start > date(2013, 5, 28)} <= {"mixed", "unknown"}


def test_the_real_data_holds_no_clash(real_dataset: Dataset) -> None:
    assert clashes(real_dataset.effects.values()) == []


def test_no_law_act_or_allegation_moves_a_real_line(real_dataset: Dataset) -> None:
    for feature in real_dataset.features.values():
        for spell in real_dataset.spells.get(feature.id, ()):
            behind = [real_dataset.effects[one] for one in spell.effects]
            assert behind[0].basis == "practice"
            assert all(one.basis in ("practice", "act") and one.certainty != "alleged" for one in behind)
