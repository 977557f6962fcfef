"""What the data covers: events per country and decade, and which collected facts were left out and why."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from operator import itemgetter
from pathlib import Path

from routes.dataset import Dataset
from routes.tables import TABLES

DOCS = Path(__file__).parent.parent / "docs"
FACTS = DOCS / "seed-facts.csv"
NOT_FOUND = DOCS / "not-found.md"

_HEAD = """# What the data covers

Made by `python -m routes coverage > docs/coverage.md`; a test keeps it in step with the data.
"""


def coverage_report(dataset: Dataset) -> str:
    """The report as Markdown: counts per country and decade, certainty, sources, and what was not found."""
    events = dataset.policy_events.values()
    decades = sorted({event.date.year // 10 * 10 for event in events})
    counted = Counter((event.country, event.date.year // 10 * 10) for event in events)
    totals = Counter(event.country for event in events)
    lines = [_HEAD, "## Policy events per country and decade", ""]
    lines += _table(
        ["country", *(f"{decade}s" for decade in decades), "all"],
        [
            [_name(dataset, country), *(str(counted[country, decade] or "") for decade in decades), str(total)]
            for country, total in totals.most_common()
        ],
    )
    lines += ["", "## All records", ""]
    lines += _table(["records", "how many"], [[name, str(number)] for name, number in _sizes(dataset)])
    lines += ["", "## How sure, and how read", ""]
    certainty: Mapping[str, int] = Counter(event.certainty for event in events)
    read: Mapping[str, int] = Counter(source.read_as for source in dataset.sources.values())
    lines += [f"Events: {_listed(certainty)}. Sources read: {_listed(read)}.", ""]
    return "\n".join(lines) + "\n" + NOT_FOUND.read_text(encoding="utf-8").rstrip()


def left_out_report(facts: Path = FACTS) -> str:
    """The collected facts that became no record, with the reason for each, as Markdown."""
    with facts.open(newline="", encoding="utf-8") as rows:
        table = list(csv.DictReader(rows))
    left_out = [row for row in table if not row["became"]]
    lines = [
        "# Facts that were left out",
        "",
        f"Of {len(table)} collected facts, {len(table) - len(left_out)} became part of a record "
        "(docs/seed-facts.csv says which). These did not:",
        "",
    ]
    return "\n".join([*lines, *_table(["fact", "why"], [[row["fact"], row["reason"]] for row in left_out])])


def _sizes(dataset: Dataset) -> list[tuple[str, int]]:
    sizes = [(name.replace("_", " "), len(getattr(dataset, name))) for name in TABLES]
    return [*sizes, ("layers", len(dataset.layers)), ("features", len(dataset.features))]


def _name(dataset: Dataset, code: str) -> str:
    return f"{dataset.countries[code].name} ({code})" if code in dataset.countries else f"International ({code})"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {word}" for word, number in sorted(counts.items(), key=itemgetter(1), reverse=True))


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    cells = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in cells]
