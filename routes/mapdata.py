"""The map as data: what the browser needs to draw every feature at every date, sent once and then cached.

The browser only looks up; every stance, sentence and curve is worked out here.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from routes.dataset import Dataset
from routes.dates import PartialDate
from routes.records import Feature, PolicyEvent
from routes.stance import Spell
from routes.view import FIRST_YEAR, MAX_ZOOM, MIN_ZOOM
from routes.words import catalogue, date_words, say, span_words

ARRIVALS = "arrivals-kr"


def map_data(dataset: Dataset, *, today: date) -> dict[str, Any]:
    """The whole map as one JSON object: layers, features, stances, events, arrivals, clock, zoom and words.

    Positions are [lon, lat] in degrees; days are ISO dates; a spell's `end` is its last day or null, and its `events`
    are the one that began it and the last two.
    """
    return {
        "fingerprint": dataset.fingerprint,
        "zoom": [MIN_ZOOM, MAX_ZOOM],
        "clock": {"first": FIRST_YEAR, "last": today.year},
        "layers": [{"id": layer.id, "title": layer.title, "n": len(layer.features)} for layer in dataset.layers],
        "features": [_feature(feature, dataset) for feature in dataset.features.values()],
        "stances": {key: [_spell(spell, dataset) for spell in fold] for key, fold in _folds(dataset).items()},
        "events": {event.id: _event(event) for event in dataset.policy_events.values()},
        "arrivals": _arrivals(dataset),
        "words": {name: catalogue()[name] for name in ("map", "clock", "stance", "certainty", "dates")},
    }


def _feature(feature: Feature, dataset: Dataset) -> dict[str, Any]:
    drawing = dataset.drawings[feature.id]
    out: dict[str, Any] = {
        "id": feature.id,
        "layer": feature.layer,
        "kind": feature.kind,
        "name": feature.name,
        "authority": feature.authority,
        "routes": feature.routes or None,
        "whose": feature.whose,
        "text": feature.description,
        "stances": _fold_key(feature, dataset),
    }
    if drawing.line:
        out["line"] = drawing.line
        out["lanes"] = drawing.lanes if any(drawing.lanes) else None
    if drawing.rings:
        out["rings"] = drawing.rings
    if drawing.position:
        out["position"] = drawing.position
        out["shift"] = drawing.place_in_row or None
    return {key: value for key, value in out.items() if value is not None}


def _fold_key(feature: Feature, dataset: Dataset) -> str:
    """Features whose effects are the same share one fold; most of a country's do."""
    own = [scope for scope in feature.effect_scopes if any(e.scope == scope for e in dataset.effects.values())]
    return "+".join(own)


def _folds(dataset: Dataset) -> dict[str, tuple[Spell, ...]]:
    return {_fold_key(f, dataset): dataset.spells.get(f.id, ()) for f in dataset.features.values()}


def _spell(spell: Spell, dataset: Dataset) -> dict[str, Any]:
    events = [dataset.effects[effect].event for effect in spell.effects]
    return {
        "start": spell.start.isoformat(),
        "end": spell.end.isoformat() if spell.end else None,
        "stance": spell.stance,
        "certainty": spell.certainty,
        "carried": spell.carried,
        "detail": spell_detail(spell, dataset),
        "events": list(dict.fromkeys([*events[:1], *events[-2:]])),
    }


def spell_detail(spell: Spell, dataset: Dataset) -> str:
    """What must be said beside a stance: since when, how sure, and whether it is only carried."""
    parts = []
    starts = [dataset.effects[effect].start for effect in spell.effects if effect in dataset.effects]
    first = next((start for start in starts if start and start.first_day == spell.since), None)
    if first:
        parts.append(say("stance.detail.since", date=date_words(first)))
    if spell.carried and spell.seen is None:
        effect = dataset.effects[spell.effects[0]]
        until = effect.until or PartialDate(spell.start.year)
        parts.append(say("stance.detail.carried_back", date=date_words(until)))
    elif spell.carried and spell.seen is not None:
        parts.append(say("stance.detail.carried_forward", date=_seen_words(spell, dataset)))
    elif spell.certainty == "reported":
        parts.append(say("stance.detail.reported"))
    return " ".join(parts)


def _seen_words(spell: Spell, dataset: Dataset) -> str:
    """The last day a source vouches for, no finer than that source says it."""
    for effect_id in spell.effects:
        effect = dataset.effects[effect_id]
        seen = effect.seen or effect.until or effect.start
        if seen and seen.last_day == spell.seen:
            return date_words(seen)
    assert spell.seen is not None
    return date_words(spell.seen)


def _event(event: PolicyEvent) -> dict[str, Any]:
    return {
        "day": event.date.first_day.isoformat(),
        "when": span_words(event.date, event.end, is_open=event.kind == "policy"),
        "title": event.title,
        "certainty": event.certainty,
    }


def _arrivals(dataset: Dataset) -> list[dict[str, Any]]:
    return [
        {"year": statistic.period.start.year, "value": statistic.value, "status": statistic.status}
        for statistic in dataset.statistics_of(ARRIVALS)
        if statistic.period.is_one_year
    ]
