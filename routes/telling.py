"""A route as words: its segments in order, as a sentence that can be read aloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from routes.dataset import Dataset
from routes.records import Feature, RouteId
from routes.stance import Spell, stance_at
from routes.words import say


@dataclass(frozen=True)
class Leg:
    """One segment of a route with its stance on the day of the view."""

    feature: Feature
    spell: Spell


def legs_of(dataset: Dataset, route: RouteId, as_of: date) -> list[Leg]:
    """The segments and bands of `route` in the order of travel, each with its stance; other ways in come last."""
    left = [f for f in dataset.features.values() if f.kind in ("segment", "band") and route in f.routes]
    ordered: list[Feature] = []
    while left:
        here = ordered[-1].to_name if ordered else None
        onward = next((feature for feature in left if feature.from_name == here), left[0])
        left.remove(onward)
        ordered.append(onward)
    return [Leg(feature, stance_at(dataset.spells.get(feature.id, ()), as_of)) for feature in ordered]


def read_aloud(legs: Sequence[Leg]) -> str:
    """The legs as sentences: "From North Hamgyong across the Tumen River into Jilin province, then to Shenyang."

    A leg that begins where the one before ended goes on with the sentence; another begins a new one.
    """
    sentences: list[str] = []
    at: str | None = None
    crossing = False
    for leg in legs:
        feature = leg.feature
        start, end = feature.from_name or feature.name, feature.to_name or feature.name
        if at is None or start != at:
            sentences.append(say("telling.from" if not sentences else "telling.or_from", place=start))
            crossing = False
        if feature.kind == "band" and not crossing:
            sentences[-1] += say("telling.across", place=end)
            crossing = True
        else:
            sentences[-1] += say("telling.into" if crossing else "telling.then", place=end)
            crossing = False
        at = end
    return " ".join(f"{sentence}." for sentence in sentences)
