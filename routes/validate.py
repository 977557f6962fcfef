"""Check a data folder, or single files, and say where each fault stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from routes.dataset import read_dataset
from routes.documents import STORIES
from routes.located_json import read_json
from routes.problems import Problem
from routes.rfc7946 import check_geojson
from routes.safety import check_safety
from routes.store.opening import open_store
from routes.story_checks import check_story

WHOLE_TABLE = {"table-unreadable", "table-header"}
IN_ITS_WAKE = {"reference", "dispute-claims", "mixed-needs-dispute"}
"""What hundreds of good records are told when the table they refer to cannot be read."""


def check_folder(folder: Path, *, today: date) -> list[Problem]:
    """Every problem of what is published from `folder`: `check_texts`, with paths for a terminal."""
    return _at_paths(check_texts(open_store(folder).texts(), folder / "basemap", today=today), folder)


def check_texts(texts: Mapping[str, bytes], basemap_folder: Path, *, today: date) -> list[Problem]:
    """Every problem of a set of files: reading, references, dates, folds, and what must not be published.

    While a whole table cannot be read, references are not told: the cause would be lost among what follows from it.
    """
    problems = _all_problems(texts, basemap_folder, today)
    if any(problem.rule in WHOLE_TABLE for problem in problems):
        return [problem for problem in problems if problem.rule not in IN_ITS_WAKE]
    return problems


def _all_problems(texts: Mapping[str, bytes], basemap_folder: Path, today: date) -> list[Problem]:
    dataset = read_dataset(texts, basemap_folder)
    told = [problem for story in dataset.stories for problem in check_story(story, dataset, today=today)]
    return [_located(problem, texts) for problem in [*dataset.problems, *told, *check_safety(dataset, today=today)]]


def check_files(paths: Iterable[Path], folder: Path, *, today: date) -> list[Problem]:
    """The problems of single files: of a table or layer of `folder` all, of any other file those against RFC 7946."""
    texts = open_store(folder).texts()
    known = {(folder / file).resolve(): file for file in texts}
    asked = list(paths)
    inside = {known[path.resolve()] for path in asked if path.resolve() in known}
    found = _all_problems(texts, folder / "basemap", today) if inside else []
    problems = _at_paths((problem for problem in found if problem.file in inside), folder)
    for path in asked:
        if path.resolve() not in known:
            problems += check_geojson_file(path)
    return problems


def _at_paths(problems: Iterable[Problem], folder: Path) -> list[Problem]:
    return [replace(problem, file=str(folder / problem.file)) for problem in problems]


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


def _located(problem: Problem, texts: Mapping[str, bytes]) -> Problem:
    """The problem with a line where only a record was known."""
    data = texts.get(problem.file, b"")
    if problem.line or not problem.pointer or not data:
        return problem
    if problem.file.endswith(".csv"):
        return replace(problem, line=_line_of_record(data, problem.pointer.split("/")[0]))
    record_id = problem.pointer.split("/")[0] if problem.file.startswith(STORIES) else problem.pointer
    return replace(problem, line=_line_in_json(data, record_id, is_repeat=problem.rule == "id-unique"))


def _line_of_record(data: bytes, record_id: str) -> int:
    reader = csv.reader(io.StringIO(data.decode("utf-8-sig", errors="replace"), newline=""))
    line = 1
    for cells in reader:
        if cells and cells[0] in (record_id, record_id.split("+")[0]):
            return line
        line = reader.line_num + 1
    return 0


def _line_in_json(data: bytes, record_id: str, *, is_repeat: bool) -> int:
    """The line of the feature or chapter with that id."""
    document = read_json(data, "")
    whole = document.value if isinstance(document.value, dict) else {}
    member = "features" if "features" in whole else "chapters"
    records = whole.get(member)
    numbered = list(enumerate(records if isinstance(records, list) else []))
    for n, record in reversed(numbered) if is_repeat else numbered:
        if isinstance(record, dict) and record.get("id") == record_id:
            place = document.places([f"/{member}/{n}"]).get(f"/{member}/{n}")
            return place.line if place else 0
    return 0
