"""What an authority does with refugees at a date, folded from dated, sourced effects.

The rules (docs/method.md, "How a colour is derived"): only `practice` moves a stance; an `act` confirms a run of the
same stance and never starts one; a newer practice replaces an older one for good; a practice that no source vouches
for any more is carried for `REACH_YEARS` and then becomes `unknown`; `alleged` effects change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from routes.dates import years_after
from routes.records import Certainty, Effect, Stance

REACH_YEARS = 5
"""How long a practice is carried past the last source that vouches for it. An editorial choice; no source gives it."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Spell:
    """A stretch of time in which one stance holds with one certainty; `end` is its last day, None while open.

    `carried` says that no source vouches for these days themselves; `seen` is the last day one does. `effects` are the
    ids of all effects of the run up to the end of the spell, oldest first.
    """

    start: date
    end: date | None
    stance: Stance
    certainty: Certainty
    carried: bool
    seen: date | None
    since: date | None
    effects: tuple[str, ...] = ()


UNKNOWN = Spell(date.min, None, "unknown", "established", carried=False, seen=None, since=None)


@dataclass
class _Run:
    """Agreeing effects in a row. A voucher is (first day, last day, certainty, effect id)."""

    stance: Stance
    start: date
    start_is_stated: bool
    founder: str
    vouchers: list[tuple[date, date, Certainty, str]] = field(default_factory=list)
    until: date | None = None

    @property
    def seen(self) -> date:
        return max(last for _, last, _, _ in self.vouchers)

    @property
    def end(self) -> date:
        return self.until or years_after(self.seen, REACH_YEARS)


def fold(effects: Iterable[Effect]) -> tuple[Spell, ...]:
    """The spells of one scope, oldest first, none overlapping; days outside every spell are `unknown`.

    `effects` may come in any order and must all apply to the same segment or authority.
    """
    ordered = sorted((effect for effect in effects if _counts(effect)), key=_order)
    runs: list[_Run] = []
    for effect in ordered:
        current = runs[-1] if runs else None
        if effect.basis == "act":
            if current and effect.stance == current.stance and _start(effect) <= current.end:
                _vouch(current, effect)
        elif current and effect.stance == current.stance and _start(effect) <= _bridge(current):
            _vouch(current, effect)
        else:
            if current:
                current.until = min(current.end, _start(effect) - _DAY)
            runs.append(_Run(effect.stance or "unknown", _start(effect), effect.start is not None, effect.id))
            _vouch(runs[-1], effect)
    return tuple(spell for run in runs for spell in _spells(run) if spell.end is None or spell.start <= spell.end)


def stance_at(spells: Iterable[Spell], as_of: date) -> Spell:
    """The spell that holds on `as_of`, or `UNKNOWN`."""
    for spell in spells:
        if spell.start <= as_of and (spell.end is None or as_of <= spell.end):
            return spell
    return UNKNOWN


def clashes(effects: Iterable[Effect]) -> list[tuple[Effect, Effect]]:
    """Pairs of practices with one scope and one start that say different things: an error in the data."""
    practices = sorted((e for e in effects if e.basis == "practice" and _counts(e)), key=lambda e: (e.scope, _order(e)))
    return [
        (one, other)
        for one, other in pairwise(practices)
        if (one.scope, _start(one)) == (other.scope, _start(other)) and one.stance != other.stance
    ]


def _counts(effect: Effect) -> bool:
    has_date = effect.start is not None or effect.until is not None
    return effect.basis != "law" and effect.stance is not None and effect.certainty != "alleged" and has_date


def _order(effect: Effect) -> tuple[date, bool, bool, str]:
    """Oldest first; a practice before an act; a whole country before one of its segments; then by id."""
    return _start(effect), effect.basis == "act", len(effect.scope) != 2, effect.id


def _start(effect: Effect) -> date:
    """Its first day; where no source states one, the reach before its end, or the day it was seen if that is older."""
    if effect.start is not None:
        return effect.start.first_day
    assert effect.until is not None
    reached = years_after(effect.until.last_day, -REACH_YEARS)
    return min(reached, effect.seen.last_day) if effect.seen else reached


def _bridge(run: _Run) -> date:
    """The last day on which an agreeing practice still joins the run: two reaches past the last voucher."""
    return run.until or years_after(run.seen, 2 * REACH_YEARS)


def _vouch(run: _Run, effect: Effect) -> None:
    seen = effect.seen or effect.until or effect.start
    assert seen is not None
    first = _start(effect) if effect.start else seen.last_day
    run.vouchers.append((first, max(seen.last_day, first), effect.certainty, effect.id))
    if effect.basis == "practice":
        run.until = effect.until.last_day if effect.until else None


def _spells(run: _Run) -> list[Spell]:
    """The run cut where its certainty rises or where it starts or stops being carried."""
    spells: list[Spell] = []
    seen: date | None = None
    best: Certainty = "reported"
    used: tuple[str, ...] = ()
    since = run.start if run.start_is_stated else None

    def add(start: date, end: date, *, carried: bool) -> None:
        certainty: Certainty = "reported" if carried else best
        spells.append(Spell(start, end, run.stance, certainty, carried, seen, since, used))

    next_day = run.start
    for first, last, certainty, effect_id in sorted(run.vouchers):
        if next_day < first:
            used = used or (run.founder,)  # before a start that no source states, its own effect is the reason
            gap_is_long = seen is None or first > years_after(seen, REACH_YEARS)
            add(next_day, first - _DAY, carried=gap_is_long)
        elif spells and spells[-1].end and spells[-1].end >= first:
            spells[-1] = replace(spells[-1], end=first - _DAY)
        used = used if effect_id in used else (*used, effect_id)
        best = "established" if "established" in (best, certainty) else best
        seen = max(last, seen or last)
        add(first, seen, carried=False)
        next_day = seen + _DAY
    if next_day <= run.end:
        add(next_day, run.end, carried=run.until is None or run.until > run.seen)
    return [_with_end(spell, run.end) for spell in spells if spell.start <= run.end]


def _with_end(spell: Spell, end: date) -> Spell:
    return replace(spell, end=min(spell.end or end, end))
