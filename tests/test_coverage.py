"""Claims about the reports on what the data covers, and that the committed ones are in step with it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from routes.__main__ import main
from routes.checks import TOUCHED_TABLE
from routes.coverage import DOCS, FACTS, coverage_report, left_out_report
from routes.dataset import FOLDER_VARIABLE, Dataset, load
from routes.records import ROUTE_IDS
from routes.tables import TABLES

KINDS = {**TOUCHED_TABLE, "effect": "effects", "country": "countries", "claim": "dispute_claims", "feature": "features",
         "mission": "features", "place": "features"}  # fmt: skip


def facts() -> list[dict[str, str]]:
    with FACTS.open(newline="", encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("coverage.md", ["coverage"]), ("left-out.md", ["coverage", "--left-out"])],
    ids=["coverage", "left out"],
)
def test_the_committed_report_is_what_the_command_says(
    name: str, arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    assert main(arguments) == 0
    assert (DOCS / name).read_text(encoding="utf-8") == capsys.readouterr().out, "run: make docs"


def test_every_country_and_event_is_counted(real_dataset: Dataset) -> None:
    report = coverage_report(real_dataset)
    rows = re.findall(r"^\| .*? \(([A-Z]{2,3})\) \| (.*) \| (\d+) \|$", report, flags=re.MULTILINE)
    assert {code for code, _, _ in rows} == {event.country for event in real_dataset.policy_events.values()}
    assert sum(int(total) for _, _, total in rows) == len(real_dataset.policy_events)
    for _, decades, total in rows:
        assert sum(int(cell) for cell in decades.split(" | ") if cell.strip()) == int(total)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_counted(real_dataset: Dataset, table: str) -> None:
    assert f"| {table.replace('_', ' ')} | {len(getattr(real_dataset, table))} |" in coverage_report(real_dataset)


def test_every_fact_became_a_record_or_says_why_not() -> None:
    assert facts()
    assert [row["fact"] for row in facts() if not row["became"] and not row["reason"]] == []


def test_every_fact_stands_once() -> None:
    names = [row["fact"] for row in facts()]
    assert len(set(names)) == len(names)


def test_every_record_a_fact_became_exists(real_dataset: Dataset) -> None:
    missing = []
    for row in facts():
        for reference in row["became"].split():
            kind, _, record_id = reference.partition(":")
            if record_id not in (ROUTE_IDS if kind == "route" else getattr(real_dataset, KINDS.get(kind, ""), ())):
                missing.append(f"{row['fact']}: {reference}")
    assert missing == []


def test_what_was_left_out_is_listed_with_its_reason() -> None:
    report = left_out_report()
    left_out = [row for row in facts() if not row["became"]]
    assert len([line for line in report.splitlines() if line.startswith("| ")]) == 2 + len(left_out)
    assert all(f"| {row['fact']} | {row['reason'].replace('|', '/')} |" in report for row in left_out)


def test_an_empty_folder_is_covered_by_nothing(tmp_path: Path) -> None:
    assert "| policy events | 0 |" in coverage_report(load(tmp_path))
