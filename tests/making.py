"""Small, valid pieces that tests start from, and the worst text that can stand in a field."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from routes.dates import PartialDate, Period
from routes.records import (
    Citation,
    CountryRecord,
    Dispute,
    DisputeClaim,
    Effect,
    Feature,
    GlossaryTerm,
    PolicyEvent,
    RiskNote,
    Series,
    Source,
    Statistic,
)
from routes.tables import TABLES, write_table

TODAY = date(2026, 11, 22)
CITED = (Citation("paper", "paragraph 3"),)

HOSTILE = (
    "=1+1 </script><script>window.hurt=1</script>\"'><img src=x onerror=window.hurt=1> {{7*7}} ${7*7} {text} %s "
    "javascript:window.hurt=1 ![i](http://evil.example/i.png) **bold** [x](javascript:window.hurt=1) $x$ "
    ":red[x] | \\ \u202egnp.\u200b "
)
"""Markup, formulas, templates, Markdown and direction marks, to stand before any text."""

HOSTILE_ADDRESS = "https://example.org/\"'><script>window.hurt=1</script><img/src=x/onerror=window.hurt=1>{{7*7}}"


def when(text: str | None) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


def country(code: str = "LA", **changes: Any) -> CountryRecord:
    return replace(CountryRecord(code=code, name=f"Name of {code}", role="On the way.", sources=CITED), **changes)


def event(event_id: str = "la-act", day: str = "2013-05-28", **changes: Any) -> PolicyEvent:
    plain = PolicyEvent(
        id=event_id, country="LA", date=PartialDate.parse(day), end=None, title="An act", summary="What was done.",
        effect="restricts", certainty="established", kind="act", routes=("laos-thailand",), area=None,
        announced=False, sources=CITED,
    )  # fmt: skip
    return replace(plain, **changes)


def effect(
    effect_id: str = "la-effect", stance: str | None = "returns", start: str | None = "2013-05-28",
    until: str | None = None, seen: str | None = None, **changes: Any,
) -> Effect:  # fmt: skip
    plain = Effect(
        id=effect_id, event="la-act", scope="LA", stance=stance, basis="practice", start=when(start),  # type: ignore[arg-type]
        until=when(until), seen=when(seen), certainty="established", note="Why.",
    )  # fmt: skip
    return replace(plain, **changes)


def note(note_id: str = "la-note", **changes: Any) -> RiskNote:
    plain = RiskNote(
        id=note_id, scope="LA", level="high", title="A risk", text="What may happen.",
        valid_from=PartialDate(2013), valid_to=PartialDate(2019), certainty="reported", reviewed=PartialDate(2026),
        sources=CITED,
    )  # fmt: skip
    return replace(plain, **changes)


def statistic(statistic_id: str = "arr-2013", period: str = "2013", **changes: Any) -> Statistic:
    plain = Statistic(
        id=statistic_id, series="arrivals", period=Period.parse(period), value=1514.0, upper=None, status="final",
        note=None, sources=CITED,
    )  # fmt: skip
    return replace(plain, **changes)


def source(source_id: str = "paper", **changes: Any) -> Source:
    plain = Source(
        id=source_id, author="An Author", title="A paper", publisher="A press", date="2014",
        address="https://example.org/paper", kind="article", read_as="full", read_on=PartialDate(2026), language="en",
        note=None,
    )  # fmt: skip
    return replace(plain, **changes)


def feature(feature_id: str = "la-way", kind: str = "segment", **changes: Any) -> Feature:
    plain = Feature(
        id=feature_id, layer="ways", kind=kind, name=f"Name of {feature_id}", routes=("laos-thailand",),  # type: ignore[arg-type]
        authority="LA", scope=None, from_name="the north", to_name="the south", description=None, whose=None,
        width_km=None, positions=((101.7, 21.2), (102.1, 19.9), (102.6, 18.0)), sources=CITED,
    )  # fmt: skip
    return replace(plain, **changes)


def records() -> dict[str, list[Any]]:
    """At least one good row of every table; what they refer to exists."""
    return {
        "countries": [country("LA"), country("CN")],
        "policy_events": [event("la-before", "2009", summary="Two\nlines."), event(), event("cn-act", country="CN")],
        "effects": [
            effect("la-early", "cooperates", "2009", event="la-before"),
            effect(stance="mixed"),
            effect("cn-effect", "returns", "1999", event="cn-act", scope="CN"),
        ],
        "risk_notes": [note(), note("route-note", scope="laos-thailand", level="low")],
        "series": [Series(id="arrivals", country="LA", title="Arrivals", unit="persons", description="By year.")],
        "statistics": [statistic(), statistic("arr-2014", "2014", value=10.5, upper=20.0)],
        "sources": [source(), source("treaty", kind="treaty", address="not stated")],
        "disputes": [
            Dispute(
                id="la-dispute",
                title="Did it change?",
                countries=("LA",),
                touches=("event:la-act", "note:la-note"),
                shown="Both.",
                why="Sources differ.",
            )
        ],
        "dispute_claims": [
            DisputeClaim(id=f"claim-{side}", dispute="la-dispute", claim=f"It did {side}.", sources=CITED)
            for side in ("change", "not")
        ],
        "glossary": [GlossaryTerm(id="refugee", term="refugee", definition="Who flees.", sources=CITED)],
    }


def collection(*features: dict[str, Any], **members: Any) -> dict[str, Any]:
    head = {"type": "FeatureCollection", "title": "Ways", "description": "All ways.", "order": 1}
    return {**head, **members, "features": list(features)}


def item(
    feature_id: str = "la-way", kind: str = "segment", coordinates: Any = None, **properties: Any
) -> dict[str, Any]:
    """A feature as GeoJSON."""
    is_point = kind in ("place", "mission")
    coordinates = coordinates or ([102.1, 19.9] if is_point else [[101.7, 21.2], [102.1, 19.9], [102.6, 18.0]])
    given = {"kind": kind, "name": f"Name of {feature_id}", "authority": "LA", "routes": ["laos-thailand"],
             "sources": ["paper @ map"], **properties}  # fmt: skip
    return {
        "type": "Feature",
        "id": feature_id,
        "geometry": {"type": "Point" if is_point else "LineString", "coordinates": coordinates},
        "properties": {name: value for name, value in given.items() if value is not None},
    }


def items() -> list[dict[str, Any]]:
    return [item(), item("la-band", "band"), item("la-city", "place"), item("la-embassy", "mission", whose="KR")]


def write_layer(folder: Path, *features: dict[str, Any], name: str = "ways", **members: Any) -> Path:
    """A layer with one feature to a line."""
    (folder / "layers").mkdir(parents=True, exist_ok=True)
    path = folder / "layers" / f"{name}.geojson"
    text = json.dumps(collection(*features, **members), ensure_ascii=False)
    path.write_text(text.replace('{"type": "Feature",', '\n{"type": "Feature",'), encoding="utf-8")
    return path


def write_folder(folder: Path, tables: Mapping[str, Iterable[Any]] | None = None) -> Path:
    """A whole data folder of `records()` and `items()`, with `tables` in the place of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in {**records(), **(tables or {})}.items():
        (folder / f"{name}.csv").write_text(write_table(rows, TABLES[name]), encoding="utf-8")
    write_layer(folder, *items())
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def edit_cell(path: Path, record_id: str, **cells: str) -> None:
    """Overwrite cells of one row of a table."""
    rows = rows_of(path)
    row = next(row for row in rows if record_id in (row.get("id"), row.get("code")))
    assert row.keys() >= cells.keys()
    row.update(cells)
    write_rows(path, rows)


def line_of(path: Path, start: str) -> int:
    """The number of the one line that begins so."""
    lines = path.read_text(encoding="utf-8").split("\n")
    (found,) = (n for n, line in enumerate(lines, 1) if line.startswith(start))
    return found


REFERENCES = {("effects", "scope"), ("risk_notes", "scope")}
"""Columns that are typed as text and hold an id."""


def text_columns(table: str) -> list[str]:
    """The columns of a table that hold free text."""
    hints = get_type_hints(TABLES[table], include_extras=True)
    return [f.name for f in fields(TABLES[table]) if is_text(hints[f.name]) and (table, f.name) not in REFERENCES]


def is_text(hint: Any) -> bool:
    return hint is str or (get_origin(hint) is not tuple and str in get_args(hint) and type(None) in get_args(hint))


def make_hostile(folder: Path) -> None:
    """Put `HOSTILE` before every free text of a data folder, and into property keys; ids, words, dates stay."""
    for table in TABLES:
        path = folder / f"{table}.csv"
        rows = rows_of(path)
        for row in rows:
            row.update({column: HOSTILE + row[column] for column in text_columns(table) if row[column]})
            if "address" in row:
                row["address"] = HOSTILE_ADDRESS
            if row.get("sources"):
                cited = (part.partition("@") for part in row["sources"].split(";"))
                row["sources"] = "; ".join(f"{name.strip()} @ {HOSTILE}{where}".strip() for name, _, where in cited)
        write_rows(path, rows)
    for path in (folder / "layers").glob("*.geojson"):
        layer = json.loads(path.read_text(encoding="utf-8"))
        layer |= {name: HOSTILE + layer[name] for name in ("title", "description")}
        for one in layer["features"]:
            properties = one["properties"]
            words = {
                name: HOSTILE + properties[name] for name in ("name", "description", "from", "to") if name in properties
            }
            one["properties"] = {HOSTILE: HOSTILE, "__proto__": HOSTILE, **properties, **words}
        path.write_text(json.dumps(layer, ensure_ascii=False), encoding="utf-8")
