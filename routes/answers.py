"""What is true of a country, a segment or a mission at a date, ready to be said: sentences, timelines, figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from routes.dataset import Dataset
from routes.mapdata import spell_detail
from routes.records import (
    Citation,
    Dispute,
    DisputeClaim,
    Effect,
    Feature,
    PolicyEvent,
    RiskNote,
    Series,
    Source,
    Statistic,
)
from routes.stance import Spell, stance_at
from routes.view import Filter
from routes.words import say

NORTH_KOREA = "KP"


@dataclass(frozen=True)
class Stand:
    """A stance put into words: the spell, its one sentence, and what must be said beside it."""

    spell: Spell
    sentence: str
    detail: str


@dataclass(frozen=True)
class Timeline:
    """The events of a country: those behind the date, oldest first, those ahead of it, and how many a filter hides."""

    past: tuple[PolicyEvent, ...]
    later: tuple[PolicyEvent, ...]
    filtered_out: int


@dataclass(frozen=True)
class Reason:
    """One effect behind a colour, with its event."""

    effect: Effect
    event: PolicyEvent


def stand_of(
    dataset: Dataset, authority: str, spells: tuple[Spell, ...], as_of: date, *, at_mission: bool = False
) -> Stand:
    """What `authority` does at `as_of`, by its `spells`; no source on a mission is not no source on its country."""
    spell = stance_at(spells, as_of)
    country = dataset.countries[authority].name if authority in dataset.countries else authority
    key = f"stance.sentence.{spell.stance}"
    if authority == NORTH_KOREA and spell.stance in ("unknown", "returns"):
        key += "_north_korea"
    elif at_mission and spell.stance == "unknown":
        key += "_mission"
    return Stand(spell, say(key, country=country), spell_detail(spell, dataset))


def country_stand(dataset: Dataset, country: str, as_of: date) -> Stand:
    """What a country's authorities do at `as_of`."""
    return stand_of(dataset, country, dataset.spells_of(country), as_of)


def on_the_way(dataset: Dataset) -> tuple[str, ...]:
    """The countries whose authorities have a segment on the map, in the order of countries.csv."""
    with_segments = {f.authority for f in dataset.features.values() if f.kind in ("segment", "band")}
    return tuple(code for code in dataset.countries if code in with_segments)


def timeline(dataset: Dataset, country: str, as_of: date, chosen: Filter) -> Timeline:
    """The events of `country` that the filter admits, cut at `as_of`."""
    events = sorted(
        (event for event in dataset.policy_events.values() if event.country == country),
        key=lambda event: (event.date.first_day, event.id),
    )
    admitted = [event for event in events if chosen.admits(event)]
    past = tuple(event for event in admitted if event.has_begun(as_of))
    return Timeline(past, tuple(admitted[len(past) :]), len(events) - len(admitted))


def reasons(dataset: Dataset, spell: Spell, as_of: date) -> tuple[Reason, ...]:
    """The effects behind a colour whose events have begun, oldest first."""
    effects = [dataset.effects[effect_id] for effect_id in spell.effects]
    found = [Reason(effect, dataset.policy_events[effect.event]) for effect in effects]
    found = [reason for reason in found if reason.event.has_begun(as_of) or reason.effect.start is None]
    return tuple(sorted(found, key=lambda reason: (reason.event.date.first_day, reason.event.id)))


def unmoved(dataset: Dataset, scopes: tuple[str, ...], spell: Spell, as_of: date) -> tuple[Reason, ...]:
    """Acts, laws and allegations on these scopes that are recorded by `as_of` and changed no colour."""
    found = [
        Reason(effect, dataset.policy_events[effect.event])
        for effect in dataset.effects.values()
        if effect.scope in scopes
        and effect.id not in spell.effects
        and (effect.basis != "practice" or effect.certainty == "alleged")
        and dataset.policy_events[effect.event].has_begun(as_of)
    ]
    return tuple(sorted(found, key=lambda reason: (reason.event.date.first_day, reason.event.id)))


def notes_of(dataset: Dataset, scopes: tuple[str, ...], as_of: date) -> tuple[RiskNote, ...]:
    """The risk notes on these scopes that are valid on `as_of`, gravest first."""
    gravest = ("high", "medium", "low")
    found = (note for note in dataset.risk_notes.values() if note.scope in scopes and note.is_valid(as_of))
    return tuple(sorted(found, key=lambda note: (gravest.index(note.level), note.id)))


def figures_of(dataset: Dataset, country: str, as_of: date) -> list[tuple[Series, tuple[Statistic, ...]]]:
    """The series about `country`, each with its figures up to `as_of`; empty series are left out."""
    rows = []
    for series in dataset.series.values():
        if series.country == country:
            figures = tuple(s for s in dataset.statistics_of(series.id) if s.period.start.first_day <= as_of)
            if figures:
                rows.append((series, figures))
    return rows


def disputes_of(dataset: Dataset, country: str) -> list[tuple[Dispute, tuple[DisputeClaim, ...]]]:
    """The disputes that touch `country`, each with its claims."""
    return [(d, dataset.claims_of(d.id)) for d in dataset.disputes.values() if country in d.countries]


def disputed_events(dataset: Dataset) -> dict[str, str]:
    """The id of a dispute for each event that one touches."""
    return {
        touched.removeprefix("event:"): dispute.id
        for dispute in dataset.disputes.values()
        for touched in dispute.touches
        if touched.startswith("event:")
    }


def sources_of(dataset: Dataset, citations: tuple[Citation, ...]) -> list[tuple[Source, str]]:
    """The cited sources, each with its locator."""
    return [(dataset.sources[citation.source], citation.locator) for citation in citations]


def country_of_selection(dataset: Dataset, selection: str | None) -> str | None:
    """The country a selection is about: itself, its authority, or its event's country."""
    if selection in dataset.countries:
        return selection
    feature: Feature | None = dataset.features.get(selection or "")
    if feature:
        return feature.authority
    event = dataset.policy_events.get(selection or "")
    return event.country if event else None
