"""What changed between two dates: stances, events, risk notes and arrivals. Either date may be named first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from routes.dataset import Dataset
from routes.dates import parse_as_of
from routes.mapdata import ARRIVALS
from routes.problems import LinkError
from routes.records import Feature, PolicyEvent, RiskNote, Statistic
from routes.stance import Spell, stance_at
from routes.view import FIRST_YEAR
from routes.words import say


@dataclass(frozen=True)
class StanceChange:
    """Parts of the routes whose stance, or its certainty, is not the same at the two dates, all for the same reason.

    `reasons` are the events behind the newer stance that were not behind the older one, oldest first. There are none
    where sources merely end.
    """

    authority: str | None
    features: tuple[Feature, ...]
    old: Spell
    new: Spell
    reasons: tuple[PolicyEvent, ...]

    @property
    def is_of_certainty_only(self) -> bool:
        """Whether the stance is the same and only how sure it is has changed."""
        return self.old.stance == self.new.stance


@dataclass(frozen=True)
class Changes:
    """All that differs between `start` and `end`; `start` is never the later one."""

    start: date
    end: date
    stances: tuple[StanceChange, ...]
    unchanged: int
    events: tuple[PolicyEvent, ...]
    notes_begun: tuple[RiskNote, ...]
    notes_ended: tuple[RiskNote, ...]
    arrivals: tuple[Statistic | None, Statistic | None]


def changes_between(dataset: Dataset, start: date, end: date) -> Changes:
    """What a reader sees at the later date and did not see at the earlier one."""
    start, end = min(start, end), max(start, end)
    moved = [found for feature in dataset.features.values() if (found := _moved(dataset, feature, start, end))]
    notes = sorted(dataset.risk_notes.values(), key=lambda note: (note.valid_from.first_day, note.id))
    return Changes(
        start=start,
        end=end,
        stances=_together(moved),
        unchanged=sum(feature.kind in ("segment", "band", "mission") for feature in dataset.features.values())
        - len(moved),
        events=_begun(dataset, start, end),
        notes_begun=tuple(note for note in notes if not note.is_valid(start) and note.is_valid(end)),
        notes_ended=tuple(note for note in notes if note.is_valid(start) and not note.is_valid(end)),
        arrivals=(arrivals_in(dataset, start.year), arrivals_in(dataset, end.year)),
    )


def arrivals_in(dataset: Dataset, year: int) -> Statistic | None:
    """The figure of one calendar year, or None where there is none."""
    of_years = (figure for figure in dataset.statistics_of(ARRIVALS) if figure.period.is_one_year)
    return next((figure for figure in of_years if figure.period.start.year == year), None)


def read_date(text: str, default: date, *, today: date) -> date:
    """The date a link or a reader asks for; LinkError says why it cannot be shown. No text is `default`."""
    if not text.strip():
        return default
    try:
        asked = parse_as_of(text.strip())
    except ValueError:
        raise LinkError(say("changes.bad_date", text=text)) from None
    if not date(FIRST_YEAR, 1, 1) <= asked <= date(today.year, 12, 31):
        raise LinkError(say("changes.bad_range", text=text, first=str(FIRST_YEAR), last=str(today.year)))
    return asked


def _begun(dataset: Dataset, start: date, end: date) -> tuple[PolicyEvent, ...]:
    begun = (event for event in dataset.policy_events.values() if not event.has_begun(start) and event.has_begun(end))
    return tuple(sorted(begun, key=lambda event: (event.date.first_day, event.id)))


def _moved(dataset: Dataset, feature: Feature, start: date, end: date) -> StanceChange | None:
    spells = dataset.spells.get(feature.id, ())
    old, new = stance_at(spells, start), stance_at(spells, end)
    if feature.kind not in ("segment", "band", "mission") or (old.stance, old.certainty) == (new.stance, new.certainty):
        return None
    known = {dataset.effects[effect].event for effect in old.effects}
    names = dict.fromkeys(dataset.effects[effect].event for effect in new.effects)
    events = [dataset.policy_events[name] for name in names if name in dataset.policy_events and name not in known]
    return StanceChange(feature.authority, (feature,), old, new, tuple(sorted(events, key=lambda e: e.date.first_day)))


def _together(moved: list[StanceChange]) -> tuple[StanceChange, ...]:
    """One change where several parts of one authority changed alike; changes of stance first."""

    def alike(change: StanceChange) -> tuple[bool, str, str, str, str, str, tuple[str, ...]]:
        old, new = change.old, change.new
        reasons = tuple(event.id for event in change.reasons)
        same = change.is_of_certainty_only
        return same, change.authority or "", old.stance, new.stance, old.certainty, new.certainty, reasons

    groups = [list(group) for _, group in groupby(sorted(moved, key=alike), key=alike)]
    return tuple(
        StanceChange(
            group[0].authority, tuple(c.features[0] for c in group), group[0].old, group[0].new, group[0].reasons
        )
        for group in groups
    )
