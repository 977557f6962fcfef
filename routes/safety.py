"""Do no harm: what must not be published, checked on everything that is.

Each rule here is one of docs/method.md, "What we leave out, and why"; border guards read this map too.
`today` is passed in; where it is None, the rules that need it are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from routes.dates import years_after
from routes.documents import LAYERS
from routes.drawing import GRID_DEGREES
from routes.located_json import read_json
from routes.problems import Problem
from routes.records import Feature, PolicyEvent
from routes.stories import story_texts
from routes.tables import TABLES
from routes.text import folded

if TYPE_CHECKING:
    from routes.dataset import Dataset

MOST_CONTROL_POINTS = 6
QUIET_YEARS = 1
"""No event below the level of a country is younger, unless it was officially announced."""

SMALL_COUNT = 10

SHOWN = frozenset({"type", "id", "geometry", "kind", "name", "description", "from", "to", "sources"})
"""The members and properties of a feature whose texts are checked as they are read, or are no free texts."""

CITING = [table for table, kind in TABLES.items() if any(field.name == "sources" for field in fields(kind))]
"""The tables whose records cite sources."""

OPERATIONAL = re.compile(
    r"\b(broker(s|ed|ing|age)?|smuggl(ers?|ed?|es|ing)|brib(e[sd]?|ing|ery)|safe[\s-]*houses?|guard[\s-]*posts?|"
    r"watch[\s-]*towers?|check[\s-]*points?|phone[\s-]+numbers?|contact[\s-]+(persons?|people)|"
    r"cross(es|ed|ing)?\s+(at|by)\s+night|shallow(er|est)?|unguarded|swim(s|ming)?|swam|wad(e[sd]?|ing))\b"
)
_AGE = r"(\d{1,2}|ten|eleven|twelve|\w{2,5}teen|(twen|thir|for|fif|six|seven|eigh|nine)ty([\s-]\w{3,5})?)"
POSITIONS = re.compile(
    r"(?<![\d.])-?\d{1,3}\.(\d{2,}\s*\u00b0?\s*[nsew]?\s*[,;]\s*|\d{3,}\s+)-?\d{1,3}\.\d{2,}|"
    r"\d{1,3}\s*\u00b0\s*\d{1,2}(\.\d+)?\s*['\u2019\u2032]"
)
"""A place finer than the grid, as a pair of decimal degrees or as degrees and minutes."""
AGES = re.compile(rf"\b(aged?[\s-]+{_AGE}|{_AGE}[\s-]*(years?|yrs?)[\s-]*(olds?|of\s+age))\b")

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_JOINTS = re.compile("[\u2010-\u2015\u2212\u00b7_/]")
_LOOK_ALIKES = str.maketrans(
    "авгеікмнорстухјѕһԁԛԝαβεηικνορτυχɑɡıłøđ",
    "abreikmhopctyxjshdqwabenikvoptuxagilod",
)
"""Letters of Cyrillic, Greek and Latin that are read as another."""


HIDDEN_FOR = {"safety-operational", "safety-person", "safety-place", "safety-schematic"}
"""The rules whose breach keeps a record from readers, however it came into the files; a position is moved instead."""


def harmful_records(dataset: Dataset) -> set[tuple[str, str]]:
    """The (file, record id) of what readers must not see; the id is "" for the head of a layer."""
    problems = check_safety(dataset, today=None)
    return {(problem.file, problem.pointer.split("/")[0]) for problem in problems if problem.rule in HIDDEN_FOR}


def check_safety(dataset: Dataset, *, today: date | None) -> list[Problem]:
    """A problem for each record that must not be published as it is."""
    problems: list[Problem] = []
    for layer in dataset.layers:
        for member, text in (("title", layer.title), ("description", layer.description)):
            problems += text_problems(f"layers/{layer.id}.geojson", "", member, text)
        for feature in layer.features:
            problems += _feature_problems(feature)
    for story in dataset.stories:
        for chapter_id, member, text in story_texts(story):
            problems += text_problems(story.file, chapter_id, member, text)
    for event in dataset.policy_events.values():
        problems += _event_problems(event, today) if today else ()
    for table, record_id, column, text in _free_texts(dataset):
        problems += text_problems(table, record_id, column, text)
    for file, record_id in _ids(dataset):
        problems += text_problems(file, record_id, "id", record_id.replace("-", " "))
    problems += _unshown_problems(dataset.texts)
    return [*problems, *_mosaic_problems(dataset)]


def _ids(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Every id of ours, which links and files carry to readers; a layer's and a story's own too."""
    for layer in dataset.layers:
        file = f"layers/{layer.id}.geojson"
        yield from ((file, one) for one in (layer.id, *(feature.id for feature in layer.features)))
    for story in dataset.stories:
        yield from ((story.file, one) for one in (story.id, *(chapter.id for chapter in story.chapters)))
    for name in ("policy_events", "effects", "risk_notes", "disputes", "dispute_claims"):
        yield from ((f"{name}.csv", one) for one in getattr(dataset, name))


def _unshown_problems(texts: Mapping[str, bytes]) -> Iterator[Problem]:
    """What stands in a layer's members and properties that no page shows: files carry them to readers."""
    for file, data in texts.items():
        if not file.startswith(LAYERS):
            continue
        layer: Any = read_json(data, file).value
        features = layer.get("features") if isinstance(layer, dict) else None
        if not isinstance(features, list):
            continue
        head = {name: value for name, value in layer.items() if name not in ("features", "title", "description")}
        for record in (head, *filter(lambda feature: isinstance(feature, dict), features)):
            record_id = record.get("id") if record is not head else ""
            for text in _texts_in(record, SHOWN if record is not head else frozenset()):
                yield from text_problems(file, record_id if isinstance(record_id, str) else "", "", text)


def _texts_in(value: Any, shown: Collection[str] = ()) -> Iterator[str]:
    """Every text in a JSON value, and every name; but not what is `shown`, which is checked where it is read."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _texts_in(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in shown:
                yield name
                yield from _texts_in(part, shown if name == "properties" else ())


def _feature_problems(feature: Feature) -> Iterator[Problem]:
    file = f"layers/{feature.layer}.geojson"
    for lon, lat in feature.positions:
        if any(abs(value / GRID_DEGREES - round(value / GRID_DEGREES)) > 1e-6 for value in (lon, lat)):
            message = f"Expected positions on the {GRID_DEGREES} degree grid, got [{lon}, {lat}]."
            hint = f"Round it to [{round(lon, 1)}, {round(lat, 1)}]."
            yield _problem(file, feature.id, "safety-grid", message, hint)
    if feature.kind in ("segment", "band") and len(feature.positions) > MOST_CONTROL_POINTS:
        message = f"Expected at most {MOST_CONTROL_POINTS} control points, got {len(feature.positions)}."
        yield _problem(file, feature.id, "safety-schematic", message, "Keep provinces and large cities only.")
    locators = (cited.locator for cited in feature.sources)
    for text in (feature.name, feature.description, feature.from_name, feature.to_name, *locators):
        yield from text_problems(file, feature.id, "", text or "")


def _event_problems(event: PolicyEvent, today: date) -> Iterator[Problem]:
    if event.area and not event.announced and years_after(event.date.last_day, QUIET_YEARS) > today:
        message = f"Expected no event in {event.area} younger than 12 months unless announced, got {event.date}."
        pointer = f"{event.id}/date"
        yield _problem("policy_events.csv", pointer, "safety-recent", message, "Wait, or say who announced it.")


def _free_texts(dataset: Dataset) -> Iterator[tuple[str, str, str, str]]:
    """Every text of ours that readers see; titles of sources are others' words and exempt."""
    for event in dataset.policy_events.values():
        yield from (("policy_events.csv", event.id, name, getattr(event, name)) for name in ("title", "summary"))
        yield "policy_events.csv", event.id, "area", event.area or ""
    for effect in dataset.effects.values():
        yield "effects.csv", effect.id, "note", effect.note
    for note in dataset.risk_notes.values():
        yield from (("risk_notes.csv", note.id, name, getattr(note, name)) for name in ("title", "text"))
    for series in dataset.series.values():
        names = ("title", "unit", "description")
        yield from (("series.csv", series.id, name, getattr(series, name)) for name in names)
    for statistic in dataset.statistics.values():
        yield "statistics.csv", statistic.id, "note", statistic.note or ""
    for dispute in dataset.disputes.values():
        yield from (("disputes.csv", dispute.id, name, getattr(dispute, name)) for name in ("title", "shown", "why"))
    for claim in dataset.dispute_claims.values():
        yield "dispute_claims.csv", claim.id, "claim", claim.claim
    for term in dataset.glossary.values():
        yield from (("glossary.csv", term.id, name, getattr(term, name)) for name in ("term", "definition"))
    for country in dataset.countries.values():
        yield from (("countries.csv", country.code, name, getattr(country, name)) for name in ("name", "role"))
    for source in dataset.sources.values():
        yield "sources.csv", source.id, "note", source.note or ""
    for table in CITING:
        for record_id, record in getattr(dataset, table).items():
            yield from ((f"{table}.csv", record_id, "sources", cited.locator) for cited in record.sources)


def text_problems(file: str, record_id: str, column: str, text: str) -> Iterator[Problem]:
    """What must not be published in a text that stands in a record's column."""
    pointer = f"{record_id}/{column}" if column else record_id
    plain = _plain(text)
    found = OPERATIONAL.search(plain)
    if found:
        message = f"Expected nothing operational, got the word {found.group()!r}."
        yield _problem(file, pointer, "safety-operational", message, "Say what a state does, not how people travel.")
    place = POSITIONS.search(plain)
    if place:
        message = f"Expected no place finer than the {GRID_DEGREES} degree grid, got {place.group()!r}."
        yield _problem(file, pointer, "safety-place", message, "Name the province or a large city.")
    age = AGES.search(plain)
    if age:
        message = f"Expected nobody to be identifiable, got an age ({age.group()!r})."
        yield _problem(file, pointer, "safety-person", message, "Leave names, ages and life stories out.")


def _plain(text: str) -> str:
    """The words as they are read: nothing unseen inside them, one kind of letter, one kind of hyphen."""
    return _JOINTS.sub("-", folded(_UNSEEN.sub("", text)).translate(_LOOK_ALIKES))


def _mosaic_problems(dataset: Dataset) -> Iterator[Problem]:
    """Layers together may tell what each alone does not: too many positions close to one border region."""
    crowded = Counter(
        (round(lon), round(lat))
        for feature in dataset.features.values()
        if feature.kind in ("segment", "band", "place")
        for lon, lat in set(feature.positions)
    )
    for (lon, lat), count in crowded.items():
        if count > SMALL_COUNT:
            message = f"Expected at most {SMALL_COUNT} positions of all layers round [{lon}, {lat}], got {count}."
            yield _problem("layers", f"[{lon}, {lat}]", "safety-mosaic", message, "Draw less detail there.")


def _problem(file: str, pointer: str, rule: str, message: str, hint: str) -> Problem:
    return Problem(file=file, line=0, pointer=pointer, rule=rule, severity="error", message=message, hint=hint)
