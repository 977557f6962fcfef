"""Claims about what must hold between records: each breach is seeded, told with its line, and kept off the map."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from making import edit_cell, effect, event, item, items, line_of, rows_of, write_folder, write_layer, write_rows
from test_safety import TODAY

from routes import checks
from routes.dataset import load
from routes.validate import check_folder

Cells = dict[str, str]

BREACHES: list[tuple[str, str, str, Cells, str, str, bool]] = [
    ("an event ends before it starts", "policy_events", "la-act", {"end": "2012"}, "dates-in-order", "end", True),
    ("an event of no country", "policy_events", "la-act", {"country": "XX"}, "reference", "country", False),
    ("an effect of no event", "effects", "la-effect", {"event": "la-none"}, "reference", "event", True),
    ("an effect on nothing", "effects", "la-effect", {"scope": "la-nowhere"}, "reference", "scope", True),
    ("an effect of another state's event", "effects", "cn-effect", {"scope": "LA"}, "effect-authority", "scope", True),
    ("a practice without a stance", "effects", "la-effect", {"stance": ""}, "effect-stance", "stance", True),
    ("an act without a stance", "effects", "la-effect", {"stance": "", "basis": "act"}, "effect-stance", "stance", True),  # noqa: E501
    ("a practice without a date", "effects", "la-effect", {"start": ""}, "effect-dates", "start", True),
    ("an act without a date", "effects", "la-effect", {"start": "", "basis": "act"}, "effect-dates", "start", True),
    ("seen before it started", "effects", "la-effect", {"seen": "2012"}, "dates-in-order", "seen", True),
    ("ended before it started", "effects", "la-effect", {"until": "2012"}, "dates-in-order", "until", True),
    ("ended before it was seen", "effects", "la-effect", {"seen": "2019", "until": "2018"}, "dates-in-order", "until", True),  # noqa: E501
    ("mixed without a dispute", "effects", "la-early", {"stance": "mixed"}, "mixed-needs-dispute", "stance", False),
    ("a note on nothing", "risk_notes", "la-note", {"scope": "XX"}, "reference", "scope", True),
    ("a note that ends first", "risk_notes", "la-note", {"valid_to": "2012"}, "dates-in-order", "valid_to", True),
    ("a figure of no series", "statistics", "arr-2013", {"series": "none"}, "reference", "series", True),
    ("a range upside down", "statistics", "arr-2014", {"upper": "3"}, "range-in-order", "upper", True),
    ("a claim of no dispute", "dispute_claims", "claim-not", {"dispute": "none"}, "reference", "dispute", True),
    ("a dispute of nothing", "disputes", "la-dispute", {"touches": "event:none"}, "reference", "touches", True),
    ("a dispute of no kind", "disputes", "la-dispute", {"touches": "rumour:la-act"}, "reference", "touches", True),
    *(
        (f"{table}: a source that is nowhere", table, record, {"sources": "none; paper"}, "reference", "sources", False)
        for table, record in [
            ("countries", "LA"), ("policy_events", "la-act"), ("risk_notes", "la-note"), ("statistics", "arr-2013"),
            ("dispute_claims", "claim-not"), ("glossary", "refugee"),
        ]
    ),
    *(
        (f"{table}: no source", table, record, {"sources": ""}, "source-needed", "sources", False)
        for table, record in [
            ("countries", "LA"), ("policy_events", "la-act"), ("risk_notes", "la-note"), ("statistics", "arr-2013"),
            ("dispute_claims", "claim-not"), ("glossary", "refugee"),
        ]
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "record", "cells", "rule", "column", "lost"), [b[1:] for b in BREACHES], ids=[b[0] for b in BREACHES]
)
def test_a_breach_is_told_with_file_line_and_record(
    table: str, record: str, cells: Cells, rule: str, column: str, lost: bool, small_folder: Path
) -> None:
    path = small_folder / f"{table}.csv"
    edit_cell(path, record, **cells)
    found = [p for p in check_folder(small_folder, today=TODAY) if (p.rule, p.pointer) == (rule, f"{record}/{column}")]
    assert [(p.file, p.line, p.severity) for p in found] == [(str(path), line_of(path, f"{record},"), "error")]
    assert found[0].message.startswith("Expected")
    assert found[0].hint
    assert (record not in getattr(load(small_folder), table)) is lost


def _clash(folder: Path) -> str:
    write_folder(folder, {"effects": [effect("la-one", "returns"), effect("la-two", "tolerates")]})
    return "la-one"


def _one_claim(folder: Path) -> str:
    path = folder / "dispute_claims.csv"
    write_rows(path, rows_of(path)[:1])
    return "la-dispute"


OTHERS: list[tuple[str, Callable[[Path], str], str, str]] = [
    ("two stances from one day", _clash, "effects.csv", "stance-clash"),
    ("a dispute with one side", _one_claim, "disputes.csv", "dispute-claims"),
]
LAYER_BREACHES = [
    ("an id used twice", [item("la-way"), item("la-way")], "la-way", "id-unique"),
    ("a source that is nowhere", [item("la-way"), item("la-odd", sources=["none", "paper"])], "la-odd", "reference"),
    ("an authority that is nowhere", [item("la-way"), item("la-odd", authority="ZZ")], "la-odd", "reference"),
    ("no source", [item("la-way"), item("la-odd", sources=[])], "la-odd", "source-needed"),
]


@pytest.mark.parametrize(("seed", "name", "rule"), [o[1:] for o in OTHERS], ids=[o[0] for o in OTHERS])
def test_a_breach_between_rows_is_told(seed: Callable[[Path], str], name: str, rule: str, small_folder: Path) -> None:
    record = seed(small_folder)
    (found,) = [problem for problem in check_folder(small_folder, today=TODAY) if problem.rule == rule]
    assert found.pointer.startswith(record)
    assert (found.file, found.line) == (str(small_folder / name), line_of(small_folder / name, f"{record},"))


@pytest.mark.parametrize(
    ("features", "record", "rule"), [b[1:] for b in LAYER_BREACHES], ids=[b[0] for b in LAYER_BREACHES]
)
def test_a_breach_in_a_layer_is_told(
    features: list[dict[str, object]], record: str, rule: str, small_folder: Path
) -> None:
    path = write_layer(small_folder, *features)
    (found,) = [problem for problem in check_folder(small_folder, today=TODAY) if problem.rule == rule]
    assert (found.file, found.pointer.split("/")[0]) == (str(path), record)
    lines = path.read_text(encoding="utf-8").split("\n")
    assert found.line == max(n for n, line in enumerate(lines, 1) if f'"id": "{record}"' in line)


def test_every_rule_of_the_checks_is_seeded() -> None:
    source = Path(checks.__file__).read_text(encoding="utf-8")
    rules = set(re.findall(r'"((?:dates|effect|range|dispute|stance|mixed|source|id)-[a-z-]+|reference)"', source))
    seeded = {breach[4] for breach in BREACHES} | {other[3] for other in OTHERS} | {b[3] for b in LAYER_BREACHES}
    assert rules == seeded


def test_the_good_folder_has_no_problem(small_folder: Path) -> None:
    assert check_folder(small_folder, today=TODAY) == []


@pytest.mark.parametrize(
    "changes",
    [{"country": "INT"}, {"country": "LA"}],
    ids=["international", "its own"],
)
def test_whose_event_may_act_on_an_authority(changes: dict[str, str], tmp_path: Path) -> None:
    events = [event("la-before", "2009"), event(), event("cn-act", **changes)]
    effects = [effect("la-early", "cooperates", "2009", event="cn-act")]
    folder = write_folder(tmp_path / "data", {"policy_events": events, "effects": effects})
    assert check_folder(folder, today=TODAY) == []


def test_a_reader_may_rely_on_every_reference(small_folder: Path) -> None:
    for table, record, cells in ((b[1], b[2], b[3]) for b in BREACHES if b[4] == "reference"):
        edit_cell(small_folder / f"{table}.csv", record, **cells)
    write_layer(small_folder, *items(), item("la-odd", sources=["none"]))
    dataset = load(small_folder)
    assert {effect.event for effect in dataset.effects.values()} <= dataset.policy_events.keys()
    assert {figure.series for figure in dataset.statistics.values()} <= dataset.series.keys()
    assert {claim.dispute for claim in dataset.dispute_claims.values()} <= dataset.disputes.keys()
    cited = [*dataset.countries.values(), *dataset.policy_events.values(), *dataset.features.values(),
             *dataset.risk_notes.values(), *dataset.glossary.values(), *dataset.dispute_claims.values()]  # fmt: skip
    assert {citation.source for record in cited for citation in record.sources} <= dataset.sources.keys()
