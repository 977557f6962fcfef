"""What a reader looks at, as one small value, and how a link says it (the grammar is in docs/links.md).

    as_of   2014 | 2014-05 | 2014-05-28     the last day of the year or month
    sel     LA | la-transit | laos-thailand | la-nine-returned-2013     a country, feature, route or event
    layers  laos-thailand,embassies | none   absent: all
    filter  country:LA,route:vietnam,effect:restricts,certainty:reported   repeated keys are alternatives
    map     5/20.5/104.2                    zoom/lat/lon
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, get_args

from routes.dataset import Dataset
from routes.dates import format_as_of, parse_as_of
from routes.problems import LinkError
from routes.records import ROUTE_IDS, Certainty, EventEffect, PolicyEvent
from routes.words import say

FIRST_YEAR = 1990
"""The earliest year a view can show; no effect or figure here is older than its stance."""

MIN_ZOOM, MAX_ZOOM = 3, 7
FILTER_KEYS = ("country", "route", "effect", "certainty")


@dataclass(frozen=True)
class Filter:
    """Which events to list: within one key any value will do, between keys all must hold; empty means all."""

    country: tuple[str, ...] = ()
    route: tuple[str, ...] = ()
    effect: tuple[str, ...] = ()
    certainty: tuple[str, ...] = ()

    def admits(self, event: PolicyEvent) -> bool:
        """Whether the event passes."""
        return (
            (not self.country or event.country in self.country)
            and (not self.route or bool(set(event.routes) & set(self.route)))
            and (not self.effect or event.effect in self.effect)
            and (not self.certainty or event.certainty in self.certainty)
        )

    def __bool__(self) -> bool:
        return any(getattr(self, key) for key in FILTER_KEYS)


@dataclass(frozen=True)
class MapPosition:
    """The map's zoom and middle, as (lat, lon)."""

    zoom: float
    lat: float
    lon: float

    def __str__(self) -> str:
        return f"{self.zoom:g}/{self.lat:g}/{self.lon:g}"


@dataclass(frozen=True, kw_only=True)
class View:
    """The whole of what a reader sees on the explore page; a link restores it."""

    as_of: date
    selection: str | None = None
    layers: tuple[str, ...] | None = None
    filter: Filter = field(default_factory=Filter)
    position: MapPosition | None = None

    def to_params(self) -> dict[str, str]:
        """The view as the parameters of a link; `read_view` reads them back equal."""
        params = {"as_of": format_as_of(self.as_of)}
        if self.selection:
            params["sel"] = self.selection
        if self.layers is not None:
            params["layers"] = ",".join(self.layers) or "none"
        if self.filter:
            params["filter"] = ",".join(f"{k}:{v}" for k in FILTER_KEYS for v in getattr(self.filter, k))
        if self.position:
            params["map"] = str(self.position)
        return params


def read_view(params: Mapping[str, str], dataset: Dataset, *, today: date) -> tuple[View, list[str]]:
    """The view a link asks for, and a sentence for each part that could not be restored.

    Nothing in a link is an error: what is unknown keeps its default.
    """
    view = View(as_of=default_as_of(today))
    unrestored: list[str] = []
    for name, read in _READERS.items():
        text = params.get(name)
        if not text:
            continue
        try:
            view = replace(view, **read(text[:2000], dataset, today))
        except LinkError as error:
            unrestored.append(str(error))
    return view, unrestored


def default_as_of(today: date) -> date:
    """The date of a view that names none: the end of the last whole year."""
    return date(today.year - 1, 12, 31)


def selectable(dataset: Dataset) -> Collection[str]:
    """Every id a view can select: countries, features, routes, events."""
    return {*dataset.countries, *dataset.features, *ROUTE_IDS, *dataset.policy_events}


def _read_as_of(text: str, _: Dataset, today: date) -> dict[str, Any]:
    try:
        as_of = parse_as_of(text)
    except ValueError:
        raise LinkError(say("link.as_of", text=text)) from None
    if not date(FIRST_YEAR, 1, 1) <= as_of <= date(today.year, 12, 31):
        raise LinkError(say("link.as_of_range", text=text, first=str(FIRST_YEAR), last=str(today.year)))
    return {"as_of": as_of}


def _read_selection(text: str, dataset: Dataset, _: date) -> dict[str, Any]:
    if text not in selectable(dataset):
        raise LinkError(say("link.selection", text=text))
    return {"selection": text}


def _read_layers(text: str, dataset: Dataset, _: date) -> dict[str, Any]:
    known = [layer.id for layer in dataset.layers]
    asked = [] if text == "none" else text.split(",")
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise LinkError(say("link.layers", text=", ".join(unknown)))
    return {"layers": tuple(name for name in known if name in asked)}


def _read_filter(text: str, dataset: Dataset, _: date) -> dict[str, Any]:
    allowed: dict[str, Collection[str]] = {
        "country": {event.country for event in dataset.policy_events.values()},
        "route": ROUTE_IDS,
        "effect": get_args(EventEffect),
        "certainty": get_args(Certainty),
    }
    chosen: dict[str, tuple[str, ...]] = {}
    for part in text.split(","):
        key, _colon, value = part.partition(":")
        if value not in allowed.get(key, ()):
            raise LinkError(say("link.filter", text=part))
        chosen[key] = (*chosen.get(key, ()), value)
    return {"filter": Filter(**chosen)}


def _read_position(text: str, _: Dataset, __: date) -> dict[str, Any]:
    match = re.fullmatch(r"(\d{1,2}(?:\.\d{1,6})?)/(-?\d{1,2}(?:\.\d{1,6})?)/(-?\d{1,3}(?:\.\d{1,6})?)", text, re.ASCII)
    zoom, lat, lon = (float(part) for part in match.groups()) if match else (-1.0, 0.0, 0.0)
    if not (MIN_ZOOM <= zoom <= MAX_ZOOM and abs(lat) <= 85 and abs(lon) <= 180):
        raise LinkError(say("link.position", text=text))
    return {"position": MapPosition(round(zoom, 2), round(lat, 2), round(lon, 2))}


_READERS = {
    "as_of": _read_as_of,
    "sel": _read_selection,
    "layers": _read_layers,
    "filter": _read_filter,
    "map": _read_position,
}
