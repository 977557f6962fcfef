"""The side panel: what is true of the selected country, segment, mission, route or event at the view's date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from components import state
from components.markup import show
from routes import answers
from routes.dataset import Dataset
from routes.records import ROUTE_IDS, Feature, Source
from routes.telling import legs_of, read_aloud
from routes.view import View
from routes.words import as_of_words, say

NEAR_EVENTS = 7
"""How many past events stand open; older ones fold into one line."""

Cited = tuple[Source, str]
"""A source and the place in it."""

T = TypeVar("T")


def show_heading(dataset: Dataset, view: View) -> None:
    """What the selection is and where it stands on the view's date; where nothing is selected, the overview."""
    selection = view.selection or ""
    if selection in ROUTE_IDS:
        _head(view, kind="route", title=say(f"route.{selection}"))
    elif selection in dataset.features:
        _feature_heading(dataset, view, dataset.features[selection])
    elif country := answers.country_of_selection(dataset, selection):
        _country_heading(dataset, view, country)
    else:
        _overview(dataset, view)


def show_reading(dataset: Dataset, view: View) -> None:
    """What there is to read on the selection: for a country or segment by choice, for a route its legs."""
    selection = view.selection or ""
    feature = dataset.features.get(selection)
    if selection in ROUTE_IDS:
        _route(dataset, view)
    elif feature and feature.authority:
        scopes = (*feature.effect_scopes, *feature.routes)
        _parts(dataset, view, country=feature.authority, scopes=scopes, feature=feature)
    elif country := answers.country_of_selection(dataset, selection):
        event = dataset.policy_events.get(selection)
        if event:
            show("chosen_event", event=event, found=answers.sources_of(dataset, event.sources), as_of=view.as_of)
        _parts(dataset, view, country=country, scopes=(country,))


def _overview(dataset: Dataset, view: View) -> None:
    stands = [
        (dataset.countries[code], answers.country_stand(dataset, code, view.as_of))
        for code in answers.on_the_way(dataset)
        if code in dataset.countries
    ]
    begun = sum(event.has_begun(view.as_of) for event in dataset.policy_events.values())
    show("overview", as_of=view.as_of, stands=stands, shown=begun, total=len(dataset.policy_events))


def _country_heading(dataset: Dataset, view: View, code: str) -> None:
    """A country on the way has a stance; any other says what its part is."""
    country = dataset.countries.get(code)
    title = country.name if country else say("panel.international")
    if code in answers.on_the_way(dataset):
        _head(view, kind="country", title=title, stand=answers.country_stand(dataset, code, view.as_of))
    elif country:
        found = answers.sources_of(dataset, country.sources)
        _head(view, kind="country", title=title, texts=[country.role], found=found)
    else:
        _head(view, kind="country", title=title)


def _feature_heading(dataset: Dataset, view: View, feature: Feature) -> None:
    """A segment or mission has a stance; a place or a mission says what is known of it, with its sources."""
    stand = None
    if feature.authority:
        spells = dataset.spells.get(feature.id, ())
        at_mission = feature.kind == "mission"
        stand = answers.stand_of(dataset, feature.authority, spells, view.as_of, at_mission=at_mission)
    routes = ", ".join(say(f"route.{route}") for route in feature.routes)
    texts = [feature.description or "", say("panel.route_part", routes=routes) if routes else ""]
    is_line = feature.kind in ("segment", "band")
    found = None if is_line else answers.sources_of(dataset, feature.sources)
    _head(view, kind=feature.kind, title=feature.name, stand=stand, texts=[t for t in texts if t], found=found)


def _route(dataset: Dataset, view: View) -> None:
    route = next(route for route in ROUTE_IDS if route == view.selection)
    legs = legs_of(dataset, route, view.as_of)
    names = {code: country.name for code, country in dataset.countries.items()}
    show("route", told=read_aloud(legs), legs=[(leg, names.get(leg.feature.authority or "", "")) for leg in legs])
    _notes(dataset, (route,), view)


def _head(
    view: View,
    *,
    kind: str,
    title: str,
    stand: answers.Stand | None = None,
    texts: Sequence[str] = (),
    found: list[Cited] | None = None,
) -> None:
    kicker = f"{say(f'panel.{kind}')} · {as_of_words(view.as_of)}"
    show("head", kicker=kicker, title=title, stand=stand, texts=texts, found=found)


def _parts(
    dataset: Dataset, view: View, *, country: str, scopes: tuple[str, ...], feature: Feature | None = None
) -> None:
    """What there is to read, one choice each; a number says how much stands in it. Only the chosen one is sent."""
    timeline = answers.timeline(dataset, country, view.as_of, view.filter)
    figures = answers.figures_of(dataset, country, view.as_of)
    disputes = answers.disputes_of(dataset, country)
    counts = {
        **({"why": None} if feature else {}),
        "timeline": len(timeline.past),
        "notes": len(answers.notes_of(dataset, scopes, view.as_of)),
        "figures": len(figures),
        "disputes": len(disputes),
    }
    chosen = st.segmented_control(
        say("panel.read"),
        list(counts),
        default=next(iter(counts)),
        format_func=lambda name: say(f"panel.{name}") + ("" if counts[name] is None else f" {counts[name]}"),
        key=state.PART_OF_SEGMENT if feature else state.PART_OF_COUNTRY,
        label_visibility="collapsed",
        required=True,
    )
    if chosen == "why" and feature:
        _why(dataset, view, feature)
    elif chosen == "notes":
        _notes(dataset, scopes, view)
    elif chosen == "figures":
        show("figures", figures=[(series, _cited(dataset, rows)) for series, rows in figures])
    elif chosen == "disputes":
        show("country_disputes", disputes=[(dispute, _cited(dataset, claims)) for dispute, claims in disputes])
    else:
        show(
            "timeline",
            past=_cited(dataset, timeline.past),
            later=_cited(dataset, timeline.later),
            filtered_out=timeline.filtered_out,
            disputed=answers.disputed_events(dataset),
            near=NEAR_EVENTS,
        )


def _why(dataset: Dataset, view: View, feature: Feature) -> None:
    spell = answers.stance_at(dataset.spells.get(feature.id, ()), view.as_of)
    because = answers.reasons(dataset, spell, view.as_of)
    others = answers.unmoved(dataset, feature.effect_scopes, spell, view.as_of)
    show(
        "why",
        reasons=[(reason, answers.sources_of(dataset, reason.event.sources)) for reason in because],
        unmoved=[(reason, answers.sources_of(dataset, reason.event.sources)) for reason in others],
        disputed=answers.disputed_events(dataset),
    )


def _notes(dataset: Dataset, scopes: tuple[str, ...], view: View) -> None:
    show("notes", notes=_cited(dataset, answers.notes_of(dataset, scopes, view.as_of)))


def _cited(dataset: Dataset, records: tuple[T, ...]) -> list[tuple[T, list[Cited]]]:
    """Each record with its sources and their locators."""
    return [(record, answers.sources_of(dataset, record.sources)) for record in records]  # type: ignore[attr-defined,misc]
