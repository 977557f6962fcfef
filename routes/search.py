"""Find anything by its words: events, notes, places, countries, sources, disputes, glossary terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from routes.dataset import Dataset
from routes.text import folded
from routes.view import Filter
from routes.words import date_words, say

HitKind = Literal["country", "feature", "event", "note", "dispute", "source", "term"]
MOST_HITS = 200


@dataclass(frozen=True)
class Hit:
    """Something found: what it is, its id, a title and a line below it. `selects` is what a view selects for it."""

    kind: HitKind
    id: str
    title: str
    line: str
    selects: str | None


def search(dataset: Dataset, query: str, chosen: Filter) -> list[Hit]:
    """What holds every word of `query`, best first: the words in the title, then elsewhere; at most `MOST_HITS`.

    A filter lets through only events it admits and, where it names countries, only notes on these. With a filter and no
    words, all such events are found.
    """
    words = folded(query).split()
    if not words and not chosen:
        return []
    ranked: list[tuple[int, int, Hit]] = []
    for order, (hit, text) in enumerate(_everything(dataset, chosen)):
        title = folded(hit.title)
        haystack = f"{title} {folded(hit.id)} {folded(text)}"
        if all(word in haystack for word in words):
            misses = sum(word not in title for word in words)
            ranked.append((misses, order, hit))
    ranked.sort(key=lambda item: item[:2])
    return [hit for _, _, hit in ranked[:MOST_HITS]]


def _everything(dataset: Dataset, chosen: Filter) -> Iterator[tuple[Hit, str]]:
    if not chosen:
        for country in dataset.countries.values():
            yield Hit("country", country.code, country.name, country.role, country.code), country.code
        for feature in dataset.features.values():
            place = say(f"kind.{feature.kind}")
            yield Hit("feature", feature.id, feature.name, place, feature.id), feature.description or ""
    for event in sorted(dataset.policy_events.values(), key=lambda event: event.date.first_day):
        if chosen.admits(event):
            line = f"{date_words(event.date)} · {say('kind.event')}"
            text = f"{event.summary} {event.area or ''} {event.date}"
            yield Hit("event", event.id, event.title, line, event.id), text
    for note in dataset.risk_notes.values():
        if not chosen or (note.scope in chosen.country and not (chosen.effect or chosen.certainty)):
            selects = note.scope if note.scope in dataset.countries or note.scope in dataset.features else None
            yield Hit("note", note.id, note.title, say("kind.note"), selects), note.text
    if chosen:
        return
    for dispute in dataset.disputes.values():
        claims = " ".join(claim.claim for claim in dataset.claims_of(dispute.id))
        yield Hit("dispute", dispute.id, dispute.title, say("kind.dispute"), None), f"{dispute.shown} {claims}"
    for term in dataset.glossary.values():
        yield Hit("term", term.id, term.term, say("kind.term"), None), term.definition
    for source in dataset.sources.values():
        line = f"{source.publisher}, {source.date} · {say('kind.source')}"
        yield Hit("source", source.id, source.title, line, None), f"{source.author} {source.publisher} {source.date}"
