"""The side panel: what is true of the selected country, segment, mission, route or event at the view's date."""

from __future__ import annotations

from typing import TypeVar

import streamlit as st

from components import state
from components.markup import show
from routes import answers
from routes.dataset import Dataset
from routes.records import ROUTE_IDS, Citation, Feature
from routes.telling import legs_of, read_aloud
from routes.view import View
from routes.words import as_of_words, say

NEAR_EVENTS = 7
"""How many past events stand open; older ones fold into one line."""

T = TypeVar("T")


def show_panel(dataset: Dataset, view: View) -> None:
    """The panel for the view's selection; the overview where nothing is selected."""
    selection = view.selection or ""
    if selection in ROUTE_IDS:
        _route(dataset, view)
    elif selection in dataset.features:
        _feature(dataset, view, dataset.features[selection])
    elif country := answers.country_of_selection(dataset, selection):
        _country(dataset, view, country)
    else:
        _overview(dataset, view)


def _overview(dataset: Dataset, view: View) -> None:
    stands = [
        (dataset.countries[code], answers.country_stand(dataset, code, view.as_of))
        for code in answers.on_the_way(dataset)
        if code in dataset.countries
    ]
    begun = sum(event.has_begun(view.as_of) for event in dataset.policy_events.values())
    show("overview", as_of=view.as_of, stands=stands, shown=begun, total=len(dataset.policy_events))


def _country(dataset: Dataset, view: View, code: str) -> None:
    country = dataset.countries.get(code)
    event = dataset.policy_events.get(view.selection or "")
    stand = answers.country_stand(dataset, code, view.as_of) if code in answers.on_the_way(dataset) else None
    _head(
        dataset,
        view,
        kind="country",
        title=country.name if country else code,
        stand=stand,
        texts=[country.role] if country and not stand else [],
        sources=country.sources if country and not stand else None,
    )
    if event:
        show("chosen_event", event=event, found=answers.sources_of(dataset, event.sources), as_of=view.as_of)
    _tabs(dataset, view, country=code, scopes=(code,))


def _feature(dataset: Dataset, view: View, feature: Feature) -> None:
    spells = dataset.spells.get(feature.id, ())
    authority = feature.authority
    stand = answers.stand_of(dataset, authority, spells, view.as_of) if authority else None
    routes = ", ".join(say(f"route.{route}") for route in feature.routes)
    texts = [feature.description or "", say("panel.route_part", routes=routes) if routes else ""]
    is_point = feature.kind in ("mission", "place", "context")
    title, sources = feature.name, feature.sources if is_point else None
    _head(dataset, view, kind=feature.kind, title=title, stand=stand, texts=[t for t in texts if t], sources=sources)
    if authority:
        _tabs(dataset, view, country=authority, scopes=(*feature.effect_scopes, *feature.routes), feature=feature)


def _route(dataset: Dataset, view: View) -> None:
    route = next(route for route in ROUTE_IDS if route == view.selection)
    _head(dataset, view, kind="route", title=say(f"route.{route}"), stand=None, texts=[], sources=None)
    legs = legs_of(dataset, route, view.as_of)
    names = {code: country.name for code, country in dataset.countries.items()}
    named = [(leg, names.get(leg.feature.authority or "", "")) for leg in legs]
    show("route", told=read_aloud(legs), legs=named)
    _notes(dataset, (route,), view)


def _head(
    dataset: Dataset,
    view: View,
    *,
    kind: str,
    title: str,
    stand: answers.Stand | None,
    texts: list[str],
    sources: tuple[Citation, ...] | None,
) -> None:
    kicker = f"{say(f'panel.{kind}')} · {as_of_words(view.as_of)}"
    found = None if sources is None else answers.sources_of(dataset, sources)
    show("head", kicker=kicker, title=title, stand=stand, texts=texts, found=found)


def _tabs(
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


def _cited(dataset: Dataset, records: tuple[T, ...]) -> list[tuple[T, list[object]]]:
    """Each record with its sources and their locators."""
    return [(record, answers.sources_of(dataset, record.sources)) for record in records]  # type: ignore[attr-defined,misc]
