"""A picture in words: its date, and a text for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from routes.dataset import Dataset
from routes.picture.framing import LIVE_FRAME, saved_frame
from routes.picture.svg import Box
from routes.picture.ways import Shown, seen, shown_features
from routes.records import ROUTE_IDS, STANCES
from routes.view import View
from routes.words import as_of_words, date_words, say


def date_sentence(as_of: date, today: date) -> str:
    """How a picture says its date: 'As it stood at the end of 2014'; no later day than today is claimed."""
    if as_of > today:
        return say("picture.so_far", date=date_words(today))
    is_end = (as_of.month, as_of.day) == (12, 31)
    return say("picture.at_end" if is_end else "picture.on_day", date=as_of_words(as_of))


def picture_words(dataset: Dataset, view: View, today: date) -> str:
    """What the picture shows, in one or two sentences: the date, which stances where, and what is highlighted."""
    shown = shown_features(dataset, view)
    if view.position:
        shown = seen(shown, saved_frame(view.position, Box(0, 0, *LIVE_FRAME), 1.0))
    stances = [
        say("picture.stance", stance=say(f"stance.word.{stance}"), countries=", ".join(found))
        for stance in STANCES
        if (found := _countries(dataset, shown, stance))
    ]
    when = date_sentence(view.as_of, today)
    words = say("picture.described", date=when, stances="; ".join(stances) or say("picture.no_stance"))
    chosen = _chosen(dataset, view.selection)
    return f"{words} {say('picture.highlighted', name=chosen)}" if chosen else words


def _countries(dataset: Dataset, shown: Sequence[Shown], stance: str) -> list[str]:
    """The names of the countries whose lines or bands are shown so, in the order of countries.csv."""
    codes = {item.feature.authority for item in shown if item.has_stance and item.stance == stance}
    return [country.name for code, country in dataset.countries.items() if code in codes]


def _chosen(dataset: Dataset, selection: str | None) -> str | None:
    if selection is None:
        return None
    if selection in dataset.features:
        return dataset.features[selection].name
    if selection in ROUTE_IDS:
        return say(f"route.{selection}")
    return dataset.countries[selection].name if selection in dataset.countries else None
