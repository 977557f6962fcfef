"""What records, fields and values are called where people read them: plain text, whole unless it says shortened.

What people typed stands in it as they typed it; whoever shows it makes it harmless.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from routes.dates import PartialDate
from routes.documents import Document, Documents, Record, fields_of, is_layer, is_story
from routes.words import catalogue, date_words, say

LONGEST = 60
"""Names and values are shortened to so many characters inside a sentence."""

NAMES = {
    "policy_events": "title",
    "risk_notes": "title",
    "series": "title",
    "sources": "title",
    "disputes": "title",
    "dispute_claims": "claim",
    "glossary": "term",
    "countries": "name",
}
"""The column that a record of a table is known by; the others are known by their ids."""

DATED = ("date", "end", "start", "until", "seen", "valid_from", "valid_to", "reviewed", "read_on")

Position = tuple[float, ...]


def label_of(field: str) -> str:
    """A field's readable name by its pointer; its own where we know none.

    >>> label_of("/properties/width_km"), label_of("/properties/colour")
    ('Width in km', 'colour')
    """
    name = name_of_field(field)
    label: str = catalogue()["retelling"]["field"].get(name, name)
    return label


def value_words(name: str, value: Any) -> str:
    """A field's value as whole text: dates as they are said, several with commas, a shape by its positions."""
    if isinstance(value, str):
        return date_text(value) if name in DATED else value
    if isinstance(value, Mapping) and ("coordinates" in value or "geometries" in value):
        positions = "; ".join(f"{position[0]:g}, {position[1]:g}" for position in positions_of(value))
        return f"{value.get('type')}: {positions}"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {value_words(key, inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(value_words(name, part) for part in value)
    if value is None or isinstance(value, bool):
        return say(f"retelling.{str(value).lower()}")
    return f"{value}"


def name_of(document_id: str, record_id: str, record: Record | None, documents: Documents | None = None) -> str:
    """What a record is called by people: a feature's name, an event's title; its id where it has no name."""
    record = record or {}
    if is_layer(document_id):
        properties = record.get("properties")
        name = properties.get("name") if isinstance(properties, Mapping) else None
    elif document_id == "statistics":
        series = (documents or {}).get("series", Document()).records.get(str(record.get("series")), {})
        title = shortened(str(series.get("title") or record.get("series") or ""), LONGEST - 20)
        name = f"{title} {record.get('period', '')}"
    else:
        name = record.get("title" if is_story(document_id) else NAMES.get(document_id, ""))
    return shortened(str(name or "").strip() or record_id)


def kind_of(document_id: str, record: Record) -> str:
    if is_story(document_id):
        return say("retelling.kind.chapter")
    if not is_layer(document_id):
        return say(f"retelling.kind.{document_id}")
    properties = record.get("properties")
    kind = properties.get("kind") if isinstance(properties, Mapping) else None
    known: dict[str, str] = catalogue()["kind"]
    return known.get(str(kind), say("retelling.kind.feature"))


def name_of_field(field: str) -> str:
    return field.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")


def record_words(record: Any) -> str | None:
    if record is None:
        return None
    fields = fields_of(record).items()
    return "; ".join(f"{label_of(field)}: {value_words(name_of_field(field), value)}" for field, value in fields)


def date_text(text: str) -> str:
    try:
        return date_words(PartialDate.parse(text.strip()))
    except ValueError:
        return text


def positions_of(shape: Any) -> list[Position]:
    """Every position of a geometry in its order; what is no position is passed over."""
    if isinstance(shape, Mapping):
        return positions_of(shape.get("geometries") or shape.get("coordinates"))
    if not isinstance(shape, list | tuple):
        return []
    if len(shape) >= 2 and all(isinstance(number, int | float) for number in shape):
        return [tuple(shape)]
    return [position for part in shape for position in positions_of(part)]


def shortened(text: str, longest: int = LONGEST) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
