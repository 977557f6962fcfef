"""What the side panel says of everything at every date, as data: for a page that has no Python behind it.

As on the live map (`routes.answers`), sentences and stances are worked out here; the page only looks up a date.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from routes import answers
from routes.dataset import Dataset
from routes.records import NOT_STATED, ROUTE_IDS, Citation, Feature, PolicyEvent, RiskNote, Source
from routes.stance import Spell
from routes.telling import legs_of, read_aloud
from routes.words import catalogue, date_words, say, span_words

Json = dict[str, Any]
WORDS = ("panel", "find", "kind", "level", "certainty", "route", "pages", "dates", "site")


def explaining_data(dataset: Dataset, *, today: date) -> Json:
    """The whole panel as one JSON object; days are ISO dates, a citation is [source id, place in it].

    `subjects` are countries, features and routes by id; their `stand` is a place in `stands`, whose spells say what
    holds from `start` to `end` (null while open), in which sentence, by which effects.
    """
    stands = _Stands(dataset)
    return {
        "words": {name: catalogue()[name] for name in WORDS},
        "subjects": {
            **{code: _country(code, dataset, stands) for code in dataset.countries},
            **{feature.id: _feature(feature, dataset, stands) for feature in dataset.features.values()},
            **{route: _route(route, dataset, today) for route in ROUTE_IDS},
        },
        "stands": stands.found,
        "on_the_way": [code for code in answers.on_the_way(dataset) if code in dataset.countries],
        "effects": {
            effect.id: {"event": effect.event, "stance": effect.stance, "always": effect.start is None}
            for effect in dataset.effects.values()
        },
        "events": _events(dataset),
        "notes": {note.id: _note(note) for note in dataset.risk_notes.values()},
        "disputes": _disputes(dataset),
        "terms": {
            term.id: {"title": term.term, "text": term.definition, "sources": _cited(term.sources)}
            for term in dataset.glossary.values()
        },
        "sources": {source.id: _source(source) for source in dataset.sources.values()},
    }


@dataclass
class _Stands:
    """The stands of an authority over time, each kept once: most of a country's features share theirs."""

    dataset: Dataset
    found: list[Json] = field(default_factory=list)

    def place_of(
        self, authority: str, scopes: tuple[str, ...], spells: tuple[Spell, ...], *, at_mission: bool = False
    ) -> int:
        """Where the stand is in `found`; it is added where it is new."""

        def said(spells: tuple[Spell, ...], day: date) -> answers.Stand:
            return answers.stand_of(self.dataset, authority, spells, day, at_mission=at_mission)

        stand = {
            "spells": [_spell(said((spell,), spell.start)) for spell in spells],
            "unknown": _spell(said((), date.min)),
            "unmoved": [
                effect.id
                for effect in self.dataset.effects.values()
                if effect.scope in scopes and (effect.basis != "practice" or effect.certainty == "alleged")
            ],
        }
        if stand not in self.found:
            self.found.append(stand)
        return self.found.index(stand)


def _spell(stand: answers.Stand) -> Json:
    spell = stand.spell
    return {
        "start": spell.start.isoformat(),
        "end": spell.end.isoformat() if spell.end else None,
        "stance": spell.stance,
        "sure": spell.certainty == "established" and not spell.carried,
        "sentence": stand.sentence,
        "detail": stand.detail,
        "effects": list(spell.effects),
    }


def _country(code: str, dataset: Dataset, stands: _Stands) -> Json:
    country = dataset.countries[code]
    out: Json = {"kind": "country", "title": country.name, "country": code, "scopes": [code]}
    if code in answers.on_the_way(dataset):
        return {**out, "stand": stands.place_of(code, (code,), dataset.spells_of(code))}
    return {**out, "texts": [country.role], "sources": _cited(country.sources)}


def _feature(feature: Feature, dataset: Dataset, stands: _Stands) -> Json:
    routes = ", ".join(say(f"route.{route}") for route in feature.routes)
    texts = [feature.description or "", say("panel.route_part", routes=routes) if routes else ""]
    out: Json = {"kind": feature.kind, "title": feature.name, "texts": [text for text in texts if text]}
    if feature.kind not in ("segment", "band"):
        out["sources"] = _cited(feature.sources)
    if feature.authority:
        scopes, spells = feature.effect_scopes, dataset.spells.get(feature.id, ())
        at_mission = feature.kind == "mission"
        out["stand"] = stands.place_of(feature.authority, scopes, spells, at_mission=at_mission)
        out |= {"country": feature.authority, "scopes": [*scopes, *feature.routes]}
    return out


def _route(route: Any, dataset: Dataset, today: date) -> Json:
    legs = legs_of(dataset, route, today)
    return {
        "kind": "route",
        "title": say(f"route.{route}"),
        "scopes": [route],
        "told": read_aloud(legs),
        "legs": [leg.feature.id for leg in legs],
    }


def _events(dataset: Dataset) -> dict[str, Json]:
    """Every event, oldest first."""
    disputed = answers.disputed_events(dataset)
    ordered = sorted(dataset.policy_events.values(), key=lambda event: (event.date.first_day, event.id))
    return {event.id: _event(event, event.id in disputed) for event in ordered}


def _event(event: PolicyEvent, is_disputed: bool) -> Json:
    when = span_words(event.date, event.end, is_open=event.kind == "policy")
    return {
        "country": event.country,
        "day": event.date.first_day.isoformat(),
        "when": f"{when} · {say('panel.in_area', area=event.area)}" if event.area else when,
        "disputed": is_disputed,
        **{name: getattr(event, name) for name in ("title", "summary", "effect", "certainty")},
        "sources": _cited(event.sources),
    }


def _note(note: RiskNote) -> Json:
    span = span_words(note.valid_from, note.valid_to, is_open=True)
    return {
        **{name: getattr(note, name) for name in ("scope", "level", "title", "text", "certainty")},
        "start": note.valid_from.first_day.isoformat(),
        "end": note.valid_to.last_day.isoformat() if note.valid_to else None,
        "valid": say("panel.valid", span=span, date=date_words(note.reviewed)),
        "sources": _cited(note.sources),
    }


def _disputes(dataset: Dataset) -> dict[str, Json]:
    return {
        dispute.id: {
            **{name: getattr(dispute, name) for name in ("title", "countries", "shown", "why")},
            "claims": [
                {"text": claim.claim, "sources": _cited(claim.sources)} for claim in dataset.claims_of(dispute.id)
            ],
        }
        for dispute in dataset.disputes.values()
    }


def _source(source: Source) -> Json:
    """A source by name; its address only where it leads to the web."""
    parts = (source.author, source.publisher, source.date)
    line = ", ".join(part for part in parts if part != NOT_STATED)
    return {
        "title": source.title,
        "line": " · ".join(part for part in (line, say(f"panel.read_{source.read_as}")) if part),
        **({"address": source.address} if source.address.startswith(("https://", "http://")) else {}),
    }


def _cited(citations: Iterable[Citation]) -> list[list[str]]:
    return [[citation.source, citation.locator] for citation in citations]
