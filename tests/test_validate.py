"""Claims about checking folders and files, and about the command line that does it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from making import HOSTILE, TODAY, edit_cell, item, items, line_of, write_layer

from routes.__main__ import main
from routes.dataset import DEFAULT_FOLDER, FOLDER_VARIABLE, load
from routes.problems import Problem
from routes.validate import check_files, check_folder, check_geojson_file

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(small_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small folder as the one the commands read."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(small_folder))
    return small_folder


def status(*arguments: str) -> int:
    """The exit status of a command; wrong usage leaves by SystemExit."""
    try:
        return main(arguments)
    except SystemExit as left:
        return int(left.code or 0)


def spoil(folder: Path) -> None:
    edit_cell(folder / "policy_events.csv", "la-act", kind="rumour")
    edit_cell(folder / "risk_notes.csv", "la-note", scope="XX")
    write_layer(folder, *items(), item("la-bad", "place", [102.15, 19.9]))


def test_our_own_data_has_no_error(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    assert status("validate") == 0
    assert capsys.readouterr().out == "0 errors, 0 warnings\n"
    assert check_folder(DEFAULT_FOLDER, today=date.today()) == []


def test_every_error_is_one_line_that_names_file_line_and_record(folder: Path, capsys: Capture) -> None:
    spoil(folder)
    assert status("validate") == 1
    *lines, last = capsys.readouterr().out.splitlines()
    expected = {
        f"{folder}/policy_events.csv:{line_of(folder / 'policy_events.csv', 'la-act,')}": "la-act/kind",
        f"{folder}/risk_notes.csv:{line_of(folder / 'risk_notes.csv', 'la-note,')}": "la-note/scope",
        f"{folder}/layers/ways.geojson:6": "la-bad",
    }
    for where, record in expected.items():
        assert [line for line in lines if line.startswith(f"{where}: error [") and f"at {record}: Expected" in line]
    assert last == f"{len(lines)} errors, 0 warnings"


def test_a_quote_left_open_is_told_by_its_line_and_hides_what_only_follows_from_it(
    folder: Path, capsys: Capture
) -> None:
    path = folder / "policy_events.csv"
    line = line_of(path, "la-act,")
    path.write_text(path.read_text(encoding="utf-8").replace("la-act,", 'la-act,"', 1), encoding="utf-8")
    assert status("validate") == 1
    told, last = capsys.readouterr().out.splitlines()
    assert told.startswith(f"{path}:{line}: error [table-unreadable]: Expected quotes in pairs, got ")
    assert last == "1 errors, 0 warnings"
    assert status("validate", str(folder / "effects.csv")) == 1


def test_the_same_is_told_as_json(folder: Path, capsys: Capture) -> None:
    spoil(folder)
    assert status("validate", "--format", "json") == 1
    told = json.loads(capsys.readouterr().out)
    problems = check_folder(folder, today=TODAY)
    assert [Problem(**one) for one in told] == problems
    assert {one["line"] for one in told if one["rule"] == "table-cell"} == {
        line_of(folder / "policy_events.csv", "la-act,")
    }


def test_no_problem_is_an_empty_list(folder: Path, capsys: Capture) -> None:
    assert status("validate", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == []
    assert folder.is_dir()


def test_a_warning_is_no_failure(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "left-handed.geojson"
    ring = [[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
    assert status("validate", "--geojson", str(path)) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 errors, 1 warnings"


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["publish"], ["validate", "--format", "xml"], ["validate", "--geojson"], ["validate", "no-such-file.csv"],
        ["validate", "--geojson", "no-such-file.geojson"], ["coverage", "--all"], ["bibliography", "--format", "json"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_status_2_and_says_how(arguments: list[str], capsys: Capture) -> None:
    assert status(*arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "usage: python -m routes" in said.err


@pytest.mark.parametrize("command", ["validate", "coverage", "bibliography"])
def test_every_command_explains_itself(command: str, capsys: Capture) -> None:
    assert status("--help") == 0
    assert command in capsys.readouterr().out
    assert status(command, "--help") == 0
    assert f"python -m routes {command}" in capsys.readouterr().out


@pytest.mark.parametrize("bibliography", ["bibtex", "csl-json", "ris"])
def test_the_bibliography_names_every_source(bibliography: str, folder: Path, capsys: Capture) -> None:
    assert status("bibliography", "--format", bibliography) == 0
    assert capsys.readouterr().out.count("A paper") >= 2
    assert folder.is_dir()


def test_only_the_files_asked_for_are_told(folder: Path, capsys: Capture) -> None:
    spoil(folder)
    asked = folder / "risk_notes.csv"
    assert status("validate", str(asked)) == 1
    *lines, _ = capsys.readouterr().out.splitlines()
    assert lines
    assert all(line.startswith(str(asked)) for line in lines)
    assert status("validate", str(folder / "sources.csv")) == 0


@pytest.mark.parametrize("where", [".", "deeper"], ids=["beside", "below"])
def test_files_are_found_from_a_relative_path(
    where: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    spoil(folder)
    (tmp_path / where).mkdir(exist_ok=True)
    shutil.move(folder, tmp_path / where / "moved")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(FOLDER_VARIABLE, f"{where}/moved")
    assert status("validate", f"{where}/moved/policy_events.csv") == 1
    assert "la-act/kind" in capsys.readouterr().out


@pytest.mark.parametrize("outside", ["basemap/odd.geojson", "notes.txt", "stray.csv", "../odd.geojson"])
def test_a_file_that_is_no_table_and_no_layer_is_checked_as_geojson(
    outside: str, folder: Path, capsys: Capture
) -> None:
    path = folder / outside
    path.parent.mkdir(exist_ok=True)
    path.write_text('{"type": "Pointless"}', encoding="utf-8")
    assert status("validate", str(path)) == 1
    assert "[rfc7946-" in capsys.readouterr().out


def test_a_folder_is_no_file(folder: Path) -> None:
    assert [problem.rule for problem in check_geojson_file(folder)] == ["file-unreadable"]
    assert status("validate", str(folder)) == 1


@pytest.mark.parametrize(
    "path", [DEFAULT_FOLDER / file for file in load(DEFAULT_FOLDER).texts], ids=lambda path: path.name
)
def test_every_file_of_ours_can_be_checked_alone(path: Path) -> None:
    assert check_files([path], DEFAULT_FOLDER, today=date.today()) == []


@pytest.mark.parametrize("name", ["policy_events.csv", "layers/ways.geojson"])
@pytest.mark.parametrize(
    "content",
    [b"", bytes(range(256)) * 30, b"x" * 300_000, b'"' + b"y" * 300_000, b"[" * 5000, b'{"a": 1', b"id\r\rid"],
    ids=["empty", "bytes", "one long cell", "one long quote", "deep", "cut short", "stray CR"],
)
def test_no_content_whatever_breaks_the_check(name: str, content: bytes, folder: Path, capsys: Capture) -> None:
    (folder / name).write_bytes(content)
    assert status("validate") == 1
    assert str(folder / name) in capsys.readouterr().out
    assert status("validate", "--format", "json") == 1
    json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("odd", ["a\nb", "\x1b[31mred", "a\u202eb", "a\rb"], ids=ascii)
def test_what_a_file_holds_stays_on_its_line_in_the_terminal(odd: str, folder: Path, capsys: Capture) -> None:
    edit_cell(folder / "series.csv", "arrivals", id=odd)
    edit_cell(folder / "policy_events.csv", "la-act", kind=odd)
    path = folder / "effects.csv"
    path.write_text(f'"{odd}",b\n', encoding="utf-8")
    assert status("validate") == 1
    *lines, last = capsys.readouterr().out.split("\n")[:-1]
    assert all(": error [" in line for line in lines)
    assert all(line.isprintable() for line in lines)
    assert last.startswith(f"{len(lines)} errors")


def test_half_a_surrogate_pair_can_be_told(folder: Path) -> None:
    write_layer(folder, item("la-odd"))
    path = folder / "layers" / "ways.geojson"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"kind"', '"\\ud800": 1, "\\ud800": 2, "kind"'), encoding="utf-8"
    )
    for form in ("text", "json"):
        command = [sys.executable, "-m", "routes", "validate", "--format", form]
        ran = subprocess.run(
            command, capture_output=True, check=False, env={FOLDER_VARIABLE: str(folder)}, cwd=DEFAULT_FOLDER.parent
        )
        assert ran.returncode == 1, ran.stderr
        assert b"Traceback" not in ran.stderr


def test_hostile_names_of_properties_are_allowed(folder: Path) -> None:
    write_layer(folder, *items(), item("la-odd", **{HOSTILE: "x", "__proto__": "y", "": "z"}))
    assert status("validate") == 0
