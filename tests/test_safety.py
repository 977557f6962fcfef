"""Claims about what must not be published; border guards read this map too."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import (
    TODAY,
    edit_cell,
    event,
    is_text,
    item,
    items,
    line_of,
    records,
    text_columns,
    write_folder,
    write_layer,
)

from routes import safety
from routes.dataset import Dataset, load
from routes.problems import Problem
from routes.records import Feature
from routes.safety import GRID_DEGREES, MOST_CONTROL_POINTS, check_safety
from routes.tables import TABLES
from routes.validate import check_folder

OTHERS_WORDS = {("sources", column) for column in ("author", "title", "publisher", "date", "language")}
"""What stands in a source is quoted as it is."""

FORBIDDEN = ["broker", "a smuggler", "Bribes", "a bribed guard", "the safe house", "safe-houses", "guard posts", "guard-post",  # noqa: E501
         "a watchtower", "checkpoint", "check-points", "phone number", "cross at night", "crossing at night", "it is shallow",  # noqa: E501
         "an unguarded bank", "to swim", "they waded", "ＢＲＯＫＥＲ", "𝐁𝐫𝐨𝐤𝐞𝐫𝐬", "brókers", "safe  house",
         "brokering", "smuggled", "bribing", "they swim", "swimming", "wading", "contact persons", "crossed by night",
         "bro\u200bker", "bro\u00adker", "bro\u115fker", "smugg\u2060ler", "br\u043eker", "br\u03bfker",
         "\u0405muggler", "safe\u2011house", "guard\u2013post", "watch\u2014tower", "check\u2212point",
         "safe_house", "safe/house", "_brokers_"]  # fmt: skip


def problems_of(folder: Path, rule: str) -> list[Problem]:
    return [problem for problem in check_folder(folder, today=TODAY) if problem.rule == rule]


@pytest.mark.parametrize("words", FORBIDDEN)
def test_operational_words_are_found_however_they_are_written(words: str, small_folder: Path) -> None:
    edit_cell(small_folder / "policy_events.csv", "la-act", summary=f"It is said that {words} is known.")
    (problem,) = problems_of(small_folder, "safety-operational")
    assert problem.pointer == "la-act/summary"


AGES = [
    "aged 17",
    "a 23-year-old",
    "a 9 year old",
    "Aged 40",
    "aged  17",
    "age 17",
    "17-year-olds",
    "17\u2011year\u2011old",
    "17 years of age",
    "aged seventeen",
    "a thirty-two-year-old",
    "a 17-yr-old",
]


@pytest.mark.parametrize("words", AGES)
def test_an_age_is_found(words: str, small_folder: Path) -> None:
    edit_cell(small_folder / "risk_notes.csv", "la-note", text=f"Someone {words} was returned.")
    (problem,) = problems_of(small_folder, "safety-person")
    assert problem.pointer == "la-note/text"


@pytest.mark.parametrize(
    "words",
    ["The border was patrolled.", "in the year 1999, an old road", "It crossed the Mekong.", "the age of 2 laws"],
)
def test_plain_words_are_let_through(words: str, small_folder: Path) -> None:
    edit_cell(small_folder / "policy_events.csv", "la-act", summary=words)
    assert check_folder(small_folder, today=TODAY) == []


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, column) for table in TABLES for column in text_columns(table) if (table, column) not in OTHERS_WORDS],
)
def test_every_free_text_of_every_table_is_scanned(table: str, column: str, small_folder: Path) -> None:
    path = small_folder / f"{table}.csv"
    record = next(iter(getattr(load(small_folder), table)))
    edit_cell(path, record, **{column: "Two lines\nand a broker."})
    (problem,) = problems_of(small_folder, "safety-operational")
    assert (problem.file, problem.pointer) == (str(path), f"{record}/{column}")
    assert problem.line == line_of(path, f"{record},")
    assert "broker" in problem.message


@pytest.mark.parametrize("table", [table for table, rows in records().items() if hasattr(rows[0], "sources")])
def test_the_place_in_a_source_is_scanned(table: str, small_folder: Path) -> None:
    record = next(iter(getattr(load(small_folder), table)))
    edit_cell(small_folder / f"{table}.csv", record, sources="paper @ where the broker speaks")
    (problem,) = problems_of(small_folder, "safety-operational")
    assert problem.pointer == f"{record}/sources"


def test_the_place_in_a_source_of_a_feature_is_scanned(small_folder: Path) -> None:
    write_layer(small_folder, item(sources=["paper @ where the broker speaks"]))
    (problem,) = problems_of(small_folder, "safety-operational")
    assert problem.pointer == "la-way"


FEATURE_TEXTS = {"from_name": "from", "to_name": "to"}


@pytest.mark.parametrize(
    "field",
    [
        f.name
        for f in fields(Feature)
        if is_text(get_type_hints(Feature)[f.name]) and f.name in ("name", "description", *FEATURE_TEXTS)
    ],
)
def test_every_free_text_of_a_feature_is_scanned(field: str, small_folder: Path) -> None:
    bad = item("la-bad", **{FEATURE_TEXTS.get(field, field): "past a guard post"})
    path = write_layer(small_folder, item(), bad)
    (problem,) = problems_of(small_folder, "safety-operational")
    assert (problem.file, problem.pointer) == (str(path), "la-bad")
    assert problem.line == line_of(path, '{"type": "Feature", "id": "la-bad"')


@pytest.mark.parametrize("member", ["title", "description"])
def test_what_a_layer_is_called_is_scanned(member: str, small_folder: Path) -> None:
    path = write_layer(small_folder, *items(), **{member: "Where brokers wait"})
    (problem,) = problems_of(small_folder, "safety-operational")
    assert problem.file == str(path)


@pytest.mark.parametrize("position", [[102.15, 19.9], [102.1, 19.95], [102.123456, 19.9]])
@pytest.mark.parametrize("kind", ["segment", "band", "place", "mission", "context"])
def test_no_position_is_finer_than_the_grid(kind: str, position: list[float], small_folder: Path) -> None:
    coordinates = position if kind in ("place", "mission") else [[101.0, 21.0], position]
    path = write_layer(small_folder, item("la-fine", kind, coordinates))
    (problem,) = problems_of(small_folder, "safety-grid")
    assert (problem.file, problem.line, problem.pointer) == (str(path), 2, "la-fine")


@given(st.integers(-1800, 1800), st.integers(-850, 850))
def test_every_position_on_the_grid_is_let_through(lon: int, lat: int) -> None:
    assert _is_on_grid(lon / 10, lat / 10)
    assert not _is_on_grid(lon / 10 + 0.04, lat / 10)


def _is_on_grid(lon: float, lat: float) -> bool:
    from making import feature

    found = safety._feature_problems(feature(kind="place", positions=((lon, lat),)))
    return not any(problem.rule == "safety-grid" for problem in found)


@pytest.mark.parametrize("kind", ["segment", "band"])
def test_a_line_stays_schematic(kind: str, small_folder: Path) -> None:
    line = [[101.0 + n / 10, 21.0 - n] for n in range(MOST_CONTROL_POINTS + 1)]
    path = write_layer(small_folder, item("la-fine", kind, line), item("la-good", kind, line[:-1]))
    (problem,) = problems_of(small_folder, "safety-schematic")
    assert (problem.file, problem.line, problem.pointer) == (str(path), 2, "la-fine")


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(-30, 800), st.booleans(), st.booleans())
def test_what_happened_in_a_place_waits_a_year_unless_announced(
    today: date, age: int, has_area: bool, is_announced: bool
) -> None:
    day = today - timedelta(days=age)
    one = event(day=str(day), area="a province" if has_area else None, announced=is_announced)
    found = list(safety._event_problems(one, today))
    young = age < 365 or (age == 365 and not _is_year_later(day, today))
    assert bool(found) == (has_area and not is_announced and young)


def _is_year_later(day: date, today: date) -> bool:
    return (today.year, today.month, today.day) >= (day.year + 1, day.month, day.day)


def test_a_recent_event_is_told_with_its_line(tmp_path: Path) -> None:
    events = [event("la-before", "2009"), event(), event("cn-act", "2026-03", country="CN", area="a province")]
    folder = write_folder(tmp_path / "data", {"policy_events": events})
    (problem,) = problems_of(folder, "safety-recent")
    path = folder / "policy_events.csv"
    assert (problem.file, problem.line, problem.pointer) == (str(path), line_of(path, "cn-act,"), "cn-act/date")


def test_layers_together_may_tell_too_much(small_folder: Path) -> None:
    for layer in range(3):
        places = [item(f"la-{layer}-{n}", "place", [102.0 + n / 10, 19.6 + layer / 10]) for n in range(5)]
        write_layer(small_folder, *places, name=f"places-{layer}")
    (problem,) = problems_of(small_folder, "safety-mosaic")
    assert problem.pointer == "[102, 20]"


def test_every_rule_is_seeded_here() -> None:
    rules = set(re.findall(r'"(safety-[a-z]+)"', Path(safety.__file__).read_text(encoding="utf-8")))
    here = set(re.findall(r'"(safety-[a-z]+)"', Path(__file__).read_text(encoding="utf-8")))
    assert rules == here != set()


def test_the_real_data_may_be_published(real_dataset: Dataset) -> None:
    assert check_safety(real_dataset, today=date.today()) == []


def test_every_real_position_is_on_the_grid(real_dataset: Dataset) -> None:
    for feature in real_dataset.features.values():
        for value in (value for position in feature.positions for value in position):
            assert round(value, 1) == value, feature.id
    assert GRID_DEGREES == 0.1


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("The camp lay at 41.7812, 128.9011.", True),
        ("At 41° 46' north.", True),
        ("Between 2.5 and 3.5 per cent.", False),
        ("In 2013, 1,514 people came.", False),
        ("The north of the province.", False),
    ],
)
def test_a_place_finer_than_the_grid_is_not_told_in_words(text: str, tells: bool) -> None:
    found = [problem.rule for problem in safety.text_problems("risk_notes.csv", "la-note", "text", text)]
    assert found == (["safety-place"] if tells else [])
