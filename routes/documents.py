"""A layer or table as staff edit it: records by id, each a JSON object, so that one merge serves them all.

    "layers/laos-thailand"  data/layers/laos-thailand.geojson   records are Features (RFC 7946)
    "policy_events"         data/policy_events.csv              records are rows, column -> cell as written
    "stories/closing-door"  data/stories/closing-door.json      records are chapters

A Document is what is written, not what it means: an unknown word in a cell is kept. `routes.dataset` says what is
wrong with it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from routes.located_json import read_json
from routes.problems import Problem, UnreadableError
from routes.records import ID_PATTERN
from routes.tables import TABLES, csv_line

LAYERS, STORIES = "layers/", "stories/"
Record = Mapping[str, Any]
"""One Feature, or one row as column -> cell."""

Documents = Mapping[str, "Document"]
"""Documents by id; one that is not there does not exist."""


@dataclass(frozen=True)
class Document:
    """The head (what a layer says beside its features; of a table `{}`) and the records by id, in their order."""

    head: Mapping[str, Any] = field(default_factory=dict)
    records: Mapping[str, Record] = field(default_factory=dict)

    @property
    def order(self) -> tuple[str, ...]:
        """The ids of the records in the order of the file."""
        return tuple(self.records)


def is_layer(document_id: str) -> bool:
    """Whether the id names a layer; otherwise a table."""
    return document_id.startswith(LAYERS)


def is_story(document_id: str) -> bool:
    """Whether the id names a story."""
    return document_id.startswith(STORIES)


RESERVED = frozenset({"aux", "con", "nul", "prn", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
"""What no file may be called on Windows, whatever its ending."""


def is_document_id(text: str) -> bool:
    """Whether `text` may name a document: a table we know, or a layer or story with an id that any system can hold."""
    folder, _, name = text.rpartition("/")
    if not folder:
        return text in TABLES
    is_id = ID_PATTERN.fullmatch(name) and not name.startswith("-") and name not in RESERVED
    return f"{folder}/" in (LAYERS, STORIES) and bool(is_id)


def file_of(document_id: str) -> str:
    """The document's file, below the data folder.

    >>> file_of("layers/mongolia"), file_of("sources")
    ('layers/mongolia.geojson', 'sources.csv')
    """
    kind = "geojson" if is_layer(document_id) else "json" if is_story(document_id) else "csv"
    return f"{document_id}.{kind}"


def document_of(file: str) -> str:
    """The document that a file below the data folder holds."""
    return file.rsplit(".", 1)[0]


def id_column(document_id: str) -> str:
    """The name of the field that holds a record's id: `code` in the table of countries, else `id`."""
    return fields(TABLES[document_id])[0].name if document_id in TABLES else "id"


def read_document(document_id: str, data: bytes) -> Document:
    """The document in the bytes of its file.

    Raises UnreadableError where records cannot be told apart: not JSON or CSV, no list of features or chapters, no
    ids, an id twice, wrong columns.
    """
    if document_id in TABLES:
        return _read_table(document_id, data)
    return _read_json(document_id, data, "features" if is_layer(document_id) else "chapters")


def write_document(document_id: str, document: Document) -> bytes:
    """The bytes of the document's file: a layer with one feature to a line, a table as CSV, a story indented; UTF-8.

    `read_document` reads them back equal.
    """
    write = _layer_text if is_layer(document_id) else _story_text if is_story(document_id) else _table_text
    return write(document_id, document).encode("utf-8")


def _read_json(document_id: str, data: bytes, member: str) -> Document:
    file = file_of(document_id)
    read = read_json(data, file)
    collection: Any = read.value
    if not read.is_json or read.problems:
        raise UnreadableError(_said(read.problems))
    records = collection.get(member) if isinstance(collection, dict) else None
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise UnreadableError(f"{file}: expected an object with a list '{member}' of objects.")
    head = {name: value for name, value in collection.items() if name != member}
    return Document(head, _by_id(file, "id", records))


def _said(problems: Iterable[Problem]) -> str:
    return " ".join(str(problem) for problem in problems)


def _by_id(file: str, column: str, records: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for number, record in enumerate(records, start=1):
        record_id = record.get(column)
        if not isinstance(record_id, str) or not record_id:
            raise UnreadableError(f"{file}: expected a text as {column} of record {number}, got {record_id!r}.")
        if record_id in found:
            raise UnreadableError(f"{file}: expected each {column} once, got {record_id!r} again; rename one.")
        found[record_id] = record
    return found


def _layer_text(_document_id: str, document: Document) -> str:
    head = {"type": "FeatureCollection", **document.head}
    members = [f"{_json(name)}: {_json(value)}" for name, value in head.items()]
    features = ",\n".join(_json(feature) for feature in document.records.values())
    return "{\n" + ",\n".join([*members, f'"features": [\n{features}\n]' if features else '"features": []']) + "\n}\n"


def _story_text(_document_id: str, document: Document) -> str:
    story = {**document.head, "chapters": list(document.records.values())}
    return json.dumps(story, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _read_table(document_id: str, data: bytes) -> Document:
    file, columns = file_of(document_id), [column.name for column in fields(TABLES[document_id])]
    try:
        rows = [row for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableError(f"{file}: expected CSV in UTF-8, got what cannot be read ({error}).") from None
    if not rows or sorted(rows[0]) != sorted(columns):
        raise UnreadableError(f"{file}: expected the columns {', '.join(columns)} in the first line.")
    for number, row in enumerate(rows[1:], start=1):
        if len(row) != len(columns):
            raise UnreadableError(f"{file}: expected {len(columns)} cells in record {number}, got {len(row)}.")
    named = (dict(zip(rows[0], row, strict=True)) for row in rows[1:])
    return Document({}, _by_id(file, columns[0], ({name: row[name] for name in columns} for row in named)))


def _table_text(document_id: str, document: Document) -> str:
    columns = [column.name for column in fields(TABLES[document_id])]
    rows = ([str(record.get(name, "")) for name in columns] for record in document.records.values())
    return "".join(csv_line(row) for row in [columns, *rows])


_STEP = re.compile(r"~1|~0")


def fields_of(record: Record) -> dict[str, Any]:
    """A record's fields by RFC 6901 pointer, each of which merges by itself: a feature's properties stand singly.

    >>> fields_of({"type": "Feature", "geometry": None, "properties": {"name": "a/b"}})
    {'/type': 'Feature', '/geometry': None, '/properties/name': 'a/b'}
    """
    found: dict[str, Any] = {}
    for name, value in record.items():
        if name == "properties" and isinstance(value, Mapping) and value:
            found |= {f"/properties/{_escaped(key)}": inner for key, inner in value.items()}
        else:
            found[f"/{_escaped(name)}"] = value
    return found


def record_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The record that has these fields; the inverse of `fields_of`."""
    record: dict[str, Any] = {}
    for pointer, value in values.items():
        name, *inner = map(_unescaped, pointer[1:].split("/"))
        if not inner:
            record.setdefault(name, value)
            continue
        if not isinstance(record.get(name), dict):
            record[name] = {}
        record[name][inner[0]] = value
    return record


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _unescaped(step: str) -> str:
    return _STEP.sub(lambda match: "/" if match.group() == "~1" else "~", step)
