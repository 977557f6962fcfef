"""Check a data folder, or single files, and say where each fault stands."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from routes.dataset import data_files, load
from routes.located_json import read_json
from routes.problems import Problem
from routes.rfc7946 import check_geojson
from routes.safety import check_safety

WHOLE_TABLE = {"table-unreadable", "table-header"}
IN_ITS_WAKE = {"reference", "dispute-claims", "mixed-needs-dispute"}
"""What hundreds of good records are told when the table they refer to cannot be read."""


def check_folder(folder: Path, *, today: date) -> list[Problem]:
    """Every problem of the dataset in `folder`: reading, references, dates, folds, and what must not be published.

    While a whole table cannot be read, references are not told: the cause would be lost among what follows from it.
    """
    problems = _all_problems(folder, today)
    if any(problem.rule in WHOLE_TABLE for problem in problems):
        return [problem for problem in problems if problem.rule not in IN_ITS_WAKE]
    return problems


def _all_problems(folder: Path, today: date) -> list[Problem]:
    dataset = load(folder)
    return [_located(problem, folder) for problem in [*dataset.problems, *check_safety(dataset, today=today)]]


def check_files(paths: Iterable[Path], folder: Path, *, today: date) -> list[Problem]:
    """The problems of single files: of a table or layer of `folder` all, of any other file those against RFC 7946."""
    known = {path.resolve() for path in data_files(folder)}
    asked = list(paths)
    inside = {path.resolve() for path in asked} & known
    found = _all_problems(folder, today) if inside else []
    problems = [problem for problem in found if Path(problem.file).resolve() in inside]
    for path in asked:
        if path.resolve() not in inside:
            problems += check_geojson_file(path)
    return problems


def check_geojson_file(path: Path) -> list[Problem]:
    """The problems of any one file against RFC 7946."""
    try:
        return check_geojson(path.read_bytes(), str(path))
    except OSError as error:
        message = f"Expected a file that can be read, got: {error.strerror}."
        hint = "Check the path and the permissions."
        return [
            Problem(file=str(path), line=0, pointer="", rule="file-unreadable", severity="error",
                    message=message, hint=hint)
        ]  # fmt: skip


def _located(problem: Problem, folder: Path) -> Problem:
    """The problem with the path as the reader of a terminal needs it, and a line where only a record was known."""
    inner = Path(problem.file)
    path = folder.parent / inner if inner.parts[0] == folder.name else folder / inner
    if problem.line or not problem.pointer or not path.is_file():
        line = problem.line
    elif path.suffix == ".csv":
        line = _line_of_record(path, problem.pointer.split("/")[0])
    else:
        line = _line_of_feature(path, problem.pointer, is_repeat=problem.rule == "id-unique")
    return replace(problem, file=str(path), line=line)


def _line_of_record(path: Path, record_id: str) -> int:
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as lines:
        reader = csv.reader(lines)
        line = 1
        for cells in reader:
            if cells and cells[0] in (record_id, record_id.split("+")[0]):
                return line
            line = reader.line_num + 1
    return 0


def _line_of_feature(path: Path, feature_id: str, *, is_repeat: bool) -> int:
    document = read_json(path.read_bytes(), str(path))
    collection = document.value
    features = collection.get("features") if isinstance(collection, dict) else None
    numbered = list(enumerate(features if isinstance(features, list) else []))
    for n, feature in reversed(numbered) if is_repeat else numbered:
        if isinstance(feature, dict) and feature.get("id") == feature_id:
            place = document.places([f"/features/{n}"]).get(f"/features/{n}")
            return place.line if place else 0
    return 0
