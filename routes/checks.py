"""What must hold between records: every reference points somewhere, dates are in order, folds are sound.

What one record can be told wrong by itself is checked where it is read (`routes.tables`, `routes.layers`); what must
not be published at all is in `routes.safety`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from routes.problems import Problem, Severity
from routes.records import INTERNATIONAL, ROUTE_IDS, Citation, Feature, Layer, PolicyEvent
from routes.stance import clashes

Tables = dict[str, dict[str, Any]]
TOUCHED_TABLE = {
    "event": "policy_events",
    "note": "risk_notes",
    "statistic": "statistics",
    "series": "series",
    "source": "sources",
    "glossary": "glossary",
    "dispute": "disputes",
}


def check_references(tables: Tables, layers: tuple[Layer, ...]) -> tuple[Tables, tuple[Layer, ...], list[Problem]]:
    """The tables and layers without what points nowhere, and a problem for each thing taken out or wrong."""
    problems: list[Problem] = []
    sound = {name: dict(records) for name, records in tables.items()}
    layers = _check_layers(sound, layers, problems)
    features = {feature.id: feature for layer in layers for feature in layer.features}
    _check_countries(sound, layers, problems)
    _keep(sound, "policy_events", _event_faults, problems)
    groups = {feature.scope for feature in features.values() if feature.scope}
    scopes = {INTERNATIONAL, *sound["countries"], *ROUTE_IDS, *features, *groups}
    _keep(sound, "effects", lambda effect: _effect_faults(effect, sound, scopes, features), problems)
    _keep(sound, "risk_notes", lambda note: _note_faults(note, scopes), problems)
    _keep(sound, "statistics", lambda statistic: _statistic_faults(statistic, sound), problems)
    _keep(sound, "dispute_claims", lambda claim: _missing(claim.dispute, sound["disputes"], "dispute"), problems)
    _keep(sound, "disputes", lambda dispute: _dispute_faults(dispute, sound), problems)
    claims = sound["dispute_claims"].items()
    sound["dispute_claims"] = {claim_id: claim for claim_id, claim in claims if claim.dispute in sound["disputes"]}
    for name in ("countries", "policy_events", "risk_notes", "statistics", "dispute_claims", "glossary"):
        _cut_citations(sound, name, problems)
    _check_folds(sound, problems)
    return sound, layers, problems


Fault = tuple[str, str, str, str]
"""Column, rule, message, hint."""


def _keep(tables: Tables, name: str, faults_of: Callable[[Any], Iterable[Fault]], problems: list[Problem]) -> None:
    """Take out of a table each record that has a fault."""
    for record_id, record in list(tables[name].items()):
        faults = list(faults_of(record))
        if faults:
            del tables[name][record_id]
        problems += [_problem(name, record_id, *fault) for fault in faults]


def _problem(
    table: str, record_id: str, column: str, rule: str, message: str, hint: str, severity: Severity = "error"
) -> Problem:
    file, pointer = f"{table}.csv", f"{record_id}/{column}"
    return Problem(file=file, line=0, pointer=pointer, rule=rule, severity=severity, message=message, hint=hint)


def _missing(record_id: str, among: Mapping[str, Any], what: str) -> Iterable[Fault]:
    if record_id not in among:
        message = f"Expected the id of {'an' if what == 'event' else 'a'} {what}, got {record_id!r}, which is nowhere."
        yield what, "reference", message, f"Correct the id, or add the {what}, or mend its own row."


def _event_faults(event: PolicyEvent) -> Iterable[Fault]:
    if event.end is not None and event.end.last_day < event.date.first_day:
        message = f"Expected an end that is not before {event.date}, got {event.end}."
        yield "end", "dates-in-order", message, "Swap or correct the dates."


def _effect_faults(effect: Any, tables: Tables, scopes: set[str], features: dict[str, Feature]) -> Iterable[Fault]:
    yield from _missing(effect.event, tables["policy_events"], "event")
    if effect.scope not in scopes:
        message = f"Expected a country code, a group of missions or a segment, got {effect.scope!r}."
        yield "scope", "reference", message, "Correct the scope or add the segment."
    event = tables["policy_events"].get(effect.event)
    feature = features.get(effect.scope)
    authority = feature.authority if feature else effect.scope
    if event and len(authority or "") == 2 and event.country not in (authority, INTERNATIONAL):
        siblings = [e for e in tables["effects"].values() if e.event == effect.event]
        if len(siblings) < 2:
            message = f"Expected an event of {authority} or of {INTERNATIONAL}, got one of {event.country}."
            yield "scope", "effect-authority", message, "A state's event acts on its own authority's segments."
    if effect.basis != "law" and effect.stance is None:
        message = f"Expected a stance on the basis of {effect.basis}."
        yield "stance", "effect-stance", message, "Only a law may leave the stance blank."
    if effect.basis != "law" and effect.start is None and effect.until is None:
        message = f"Expected a start or an until on the basis of {effect.basis}."
        yield "start", "effect-dates", message, "Give the date of the source where none is stated."
    dates = [(name, getattr(effect, name)) for name in ("start", "seen", "until") if getattr(effect, name)]
    for (earlier, one), (later, other) in pairwise(dates):
        if other.last_day < one.first_day:
            message = f"Expected {later} not to be before {earlier} ({one}), got {other}."
            yield later, "dates-in-order", message, "Correct the dates."


def _note_faults(note: Any, scopes: set[str]) -> Iterable[Fault]:
    if note.scope not in scopes:
        message = f"Expected a country code, a route or a segment, got {note.scope!r}."
        yield "scope", "reference", message, "Correct the scope."
    if note.valid_to is not None and note.valid_to.last_day < note.valid_from.first_day:
        message = f"Expected valid_to not to be before {note.valid_from}, got {note.valid_to}."
        yield "valid_to", "dates-in-order", message, "Swap or correct the dates."


def _statistic_faults(statistic: Any, tables: Tables) -> Iterable[Fault]:
    yield from _missing(statistic.series, tables["series"], "series")
    if statistic.upper is not None and statistic.upper < statistic.value:
        message = f"Expected an upper end of at least {statistic.value:g}, got {statistic.upper:g}."
        yield "upper", "range-in-order", message, "Swap the two ends."


def _dispute_faults(dispute: Any, tables: Tables) -> Iterable[Fault]:
    claims = [claim for claim in tables["dispute_claims"].values() if claim.dispute == dispute.id]
    if len(claims) < 2:
        message = f"Expected at least two claims, got {len(claims)}."
        yield "id", "dispute-claims", message, "Add the other side to dispute_claims.csv."
    for touched in dispute.touches:
        kind, _, record_id = touched.partition(":")
        if record_id not in tables.get(TOUCHED_TABLE.get(kind, ""), {}):
            message = f"Expected a reference such as event:la-..., got {touched!r}, which is nowhere."
            yield "touches", "reference", message, "Correct the reference."


def _check_layers(tables: Tables, layers: tuple[Layer, ...], problems: list[Problem]) -> tuple[Layer, ...]:
    seen: dict[str, str] = {}
    sound: list[Layer] = []
    for layer in layers:
        kept: list[Feature] = []
        for feature in layer.features:
            if feature.id in seen:
                message = f"Expected an id unique across all layers, got {feature.id!r}, also in {seen[feature.id]}."
                problems.append(_layer_problem(layer, feature, "id-unique", message, "Rename one of the two."))
                continue
            seen[feature.id] = layer.id
            cited = tuple(c for c in feature.sources if c.source in tables["sources"])
            for citation in set(feature.sources) - set(cited):
                message = f"Expected the id of a source, got {citation.source!r}, which is nowhere."
                hint = "Correct the id or add the source."
                problems.append(_layer_problem(layer, feature, "reference", message, hint))
            if not feature.sources:
                message = "Expected at least one source."
                problems.append(_layer_problem(layer, feature, "source-needed", message, "Add a list 'sources'."))
            kept.append(replace(feature, sources=cited))
        sound.append(replace(layer, features=tuple(kept)))
    return tuple(sound)


def _check_countries(tables: Tables, layers: tuple[Layer, ...], problems: list[Problem]) -> None:
    """Tell of each authority and event of a country that is not in the table; they stay, as does all the rest."""
    known = {INTERNATIONAL, *tables["countries"]}
    hint = "Correct the code or add the country."
    if not tables["countries"]:
        return  # that the table is gone is what is wrong
    for layer in layers:
        for feature in layer.features:
            if feature.authority and feature.authority not in known:
                message = f"Expected as authority a country of countries.csv, got {feature.authority!r}."
                problems.append(_layer_problem(layer, feature, "reference", message, hint))
    for event in tables["policy_events"].values():
        if event.country not in known:
            message = f"Expected a country of countries.csv, got {event.country!r}."
            problems.append(_problem("policy_events", event.id, "country", "reference", message, hint))


def _layer_problem(layer: Layer, feature: Feature, rule: str, message: str, hint: str) -> Problem:
    return Problem(
        file=f"layers/{layer.id}.geojson", line=0, pointer=feature.id, rule=rule, severity="error",
        message=message, hint=hint,
    )  # fmt: skip


def _cut_citations(tables: Tables, name: str, problems: list[Problem]) -> None:
    """Take out citations of sources that do not exist; a record that names none says so."""
    for record_id, record in tables[name].items():
        cited: tuple[Citation, ...] = tuple(c for c in record.sources if c.source in tables["sources"])
        for citation in record.sources:
            if citation not in cited:
                _, rule, message, hint = next(iter(_missing(citation.source, {}, "source")))
                problems.append(_problem(name, record_id, "sources", rule, message, hint))
        if not record.sources:
            message = "Expected at least one source."
            hint = "Write 'id @ place in the source', an id of sources.csv."
            problems.append(_problem(name, record_id, "sources", "source-needed", message, hint))
        tables[name][record_id] = replace(record, sources=cited)


def _check_folds(tables: Tables, problems: list[Problem]) -> None:
    for one, other in clashes(tables["effects"].values()):
        message = f"Expected one stance for {one.scope} from {one.start}, got {one.stance} and {other.stance}."
        hint = "Write one 'mixed' effect and a dispute that cites both sides."
        problems.append(_problem("effects", f"{one.id}+{other.id}", "stance", "stance-clash", message, hint))
    disputed = {touched for dispute in tables["disputes"].values() for touched in dispute.touches}
    for effect in tables["effects"].values():
        if effect.stance == "mixed" and f"event:{effect.event}" not in disputed:
            message = f"Expected a dispute that touches event:{effect.event}, since its effect is 'mixed'."
            hint = "Add the event to the dispute's touches."
            problems.append(_problem("effects", effect.id, "stance", "mixed-needs-dispute", message, hint))
