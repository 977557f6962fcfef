"""Claims about what staff do from the command line, and whom it refuses."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from making import collection, item
from test_validate import Capture, status

from routes.accounts import add_account
from routes.commands import NEW_PASSWORD, PASSWORD
from routes.dataset import DEFAULT_FOLDER, FOLDER_VARIABLE, data_folder, load
from routes.store import OUTSIDE, Revision, Store
from routes.store.opening import open_store
from routes.words import say

RIGHT, WRONG = "a long walk to vientiane", "another walk to bangkok"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def office(small_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small folder with kim, an admin, and min, an editor; whoever asks gives the right password."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(small_folder))
    monkeypatch.setenv(PASSWORD, RIGHT)
    store = open_store(small_folder)
    kim = add_account(store, "kim", "admin", RIGHT, by=None, now=NOW)
    add_account(store, "min", "editor", RIGHT, by=kim, now=NOW)
    return small_folder


def store_of(folder: Path) -> Store:
    return open_store(folder)


def layer_file(folder: Path, name: str = "A new name") -> Path:
    path = folder.parent / "ways-of-a-colleague.geojson"
    path.write_text(json.dumps(collection(item(name=name))), encoding="utf-8")
    return path


def imported(folder: Path, author: str = "kim", *more: str) -> int:
    file = str(layer_file(folder))
    return status("import", file, "--layer", "ways", "--author", author, "--reason", "From a colleague.", *more)


def test_an_import_is_saved_and_published_when_the_author_may(office: Path, capsys: Capture) -> None:
    assert imported(office) == 0
    assert "Published as revision 2." in capsys.readouterr().out
    assert load(office).features["la-way"].name == "A new name"
    assert store_of(office).revision(2).kind == "import"


def test_an_editors_import_waits_until_it_is_published(office: Path, capsys: Capture) -> None:
    assert imported(office, "min") == 0
    assert load(office).features["la-way"].name == "Name of la-way"
    (proposal,) = store_of(office).all_kept("proposals")
    assert status("proposals", "--author", "kim") == 0
    assert proposal in capsys.readouterr().out
    assert status("publish", proposal, "--author", "kim") == 0
    assert load(office).features["la-way"].name == "A new name"


def test_a_dry_run_says_what_would_change_and_saves_nothing(office: Path, capsys: Capture) -> None:
    assert imported(office, "kim", "--dry-run") == 0
    assert "A new name" in capsys.readouterr().out
    assert store_of(office).head() == 1


def test_history_diff_restore_and_take_back_tell_and_undo_a_change(office: Path, capsys: Capture) -> None:
    imported(office)
    told = json.loads(printed(capsys, "history", "ways", "--format", "json"))
    assert [(one["number"], one["author"], one["reason"]) for one in told] == [(2, "kim", "From a colleague.")]
    assert status("diff", "ways", "--from", "1") == 0
    assert "A new name" in capsys.readouterr().out
    assert status("take-back", "2", "--author", "kim", "--reason", "It was right.") == 0
    assert load(office).features["la-way"].name == "Name of la-way"
    assert status("restore", "ways", "--revision", "2", "--author", "kim", "--reason", "No, it was not.") == 0
    assert load(office).features["la-way"].name == "A new name"


def test_history_reads_well_where_it_begins_and_after_edits_by_other_means_and_redactions(
    office: Path, capsys: Capture
) -> None:
    imported(office)
    by_other_means = say("store.outside", files="layers/ways.geojson")
    store_of(office).commit(
        Revision(number=3, kind="outside", author=OUTSIDE, publisher=OUTSIDE, time="", reason=by_other_means, base=2)
    )
    arguments = ("--document", "ways", "--record", "la-way", "--field", "/properties/name")
    assert status("redact", *arguments, "--author", "kim", "--reason", "It told too much.") == 0
    redaction, taken_out, _, outside, _, _, _, start = printed(capsys, "history").splitlines()
    assert redaction.endswith("  redaction  kim: It told too much.")
    assert taken_out == "    a detail was taken out of the history"
    assert outside == "3    Changed by other means: layers/ways.geojson"
    assert start.endswith("+00:00  The history begins here")


@pytest.mark.usefixtures("office")
def test_an_export_without_a_place_goes_where_one_is_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    told = printed(capsys, "export", "ways", "--format", "csv")
    assert str(tmp_path.resolve() / "ways.csv") in told
    assert (tmp_path / "ways.csv").exists()


def printed(capsys: Capture, *command: str) -> str:
    """What a command prints when it succeeds."""
    capsys.readouterr()
    assert status(*command) == 0
    return capsys.readouterr().out


def test_a_story_goes_out_as_json_and_comes_in_again(office: Path, capsys: Capture) -> None:
    shutil.copytree(DEFAULT_FOLDER / "stories", office / "stories", dirs_exist_ok=True)
    out = office.parent / "laos.json"
    assert status("export", "stories/laos-2013", "--format", "json", "--out", str(out)) == 0
    story = json.loads(out.read_text(encoding="utf-8"))
    assert [chapter["id"] for chapter in story["chapters"]][:2] == ["before", "nine"]
    out.write_text(json.dumps({**story, "title": "Laos, 2013"}), encoding="utf-8")
    arguments = ("--author", "kim", "--reason", "A comma.", "--dry-run")
    told = printed(capsys, "import", str(out), "--layer", "stories/laos-2013", *arguments)
    assert "Title of story “Laos 2013” changed from “Laos 2013” to “Laos, 2013”" in told


@pytest.mark.parametrize("form", ["gpkg", "csv", "xlsx"])
@pytest.mark.usefixtures("office")
def test_a_story_goes_out_as_nothing_else(form: str, capsys: Capture) -> None:
    shutil.copytree(DEFAULT_FOLDER / "stories", data_folder() / "stories", dirs_exist_ok=True)
    assert status("export", "stories/laos-2013", "--format", form) == 1
    assert capsys.readouterr().err == "Expected one of these formats: json.\n"


def test_a_table_is_not_taken_for_a_story(office: Path, capsys: Capture) -> None:
    path = office.parent / "rows.csv"
    path.write_text("id,title\nnine,Nine people\n", encoding="utf-8")
    arguments = ("--layer", "stories/laos-2013", "--author", "kim", "--reason", "x")
    assert status("import", str(path), *arguments) == 1
    assert capsys.readouterr().err == (
        "rows.csv: expected a story as it is exported (JSON with a list 'chapters'), got another file. "
        "Export the story, edit the copy, and bring that in.\n"
    )


def test_columns_that_are_left_out_are_named(office: Path, capsys: Capture) -> None:
    path = office.parent / "rows.csv"
    path.write_text("id,name,OBJECTID\nla-way,A name,7\n", encoding="utf-8")
    arguments = ("--layer", "ways", "--author", "kim", "--reason", "x", "--dry-run")
    told = printed(capsys, "import", str(path), *arguments)
    assert "Columns left out, since no field takes them: OBJECTID." in told


@pytest.mark.parametrize("form", ["geojson", "gpkg", "kml", "csv", "xlsx"])
@pytest.mark.usefixtures("office")
def test_what_is_published_is_written_in_every_format(form: str, tmp_path: Path) -> None:
    out = tmp_path / f"out.{form}"
    assert status("export", "ways", "--format", form, "--out", str(out), "--where", "kind=segment") == 0
    assert b"la-way" in out.read_bytes() or form == "xlsx"


def test_the_past_of_a_field_is_redacted(office: Path) -> None:
    imported(office)
    arguments = ("--document", "ways", "--record", "la-way", "--field", "/properties/name")
    assert status("redact", *arguments, "--author", "kim", "--reason", "It told too much.") == 0
    sides = store_of(office).revision(2).changes["layers/ways"].records["la-way"]
    assert sides[0] is not None
    assert sides[0]["properties"]["name"] == "[redacted]"


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_office_of_one_lets_editors_publish(office: Path, answer: str) -> None:
    assert status("settings", "--editors-publish", answer, "--author", "kim") == 0
    imported(office, "min")
    assert store_of(office).head() == (2 if answer == "yes" else 1)


# Who is refused

WRITES: dict[str, tuple[str, ...]] = {
    "restore": ("restore", "ways", "--revision", "1", "--reason", "x"),
    "take-back": ("take-back", "1", "--reason", "x"),
    "proposals": ("proposals",),
    "publish": ("publish", "000000000000"),
    "redact": ("redact", "--document", "ways", "--record", "la-way", "--reason", "x"),
    "settings": ("settings", "--editors-publish", "yes"),
}


@pytest.mark.parametrize("command", [*WRITES, "import"])
@pytest.mark.parametrize(("author", "password"), [("kim", WRONG), ("nobody", RIGHT)])
def test_who_does_not_prove_who_they_are_writes_nothing(
    office: Path, command: str, author: str, password: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv(PASSWORD, password)
    before = load(office).texts
    arguments = WRITES.get(command)
    assert (status(*arguments, "--author", author) if arguments else imported(office, author)) == 1
    assert load(office).texts == before
    assert not store_of(office).has_begun
    told = capsys.readouterr()
    assert password not in told.out + told.err
    assert password not in json.dumps(store_of(office).logged())


@pytest.mark.parametrize("command", ["publish", "redact", "settings"])
def test_an_editor_does_nothing_that_only_others_may(office: Path, command: str) -> None:
    assert status(*WRITES[command], "--author", "min") == 1
    assert store_of(office).logged()[0]["result"] == "refused"


@pytest.mark.parametrize("by", [(), ("--by", "min")], ids=["nobody", "an editor"])
@pytest.mark.parametrize(
    "action", [("add", "lee", "--role", "admin"), ("change", "min", "--role", "admin"), ("remove", "kim")]
)
def test_only_an_admin_makes_and_changes_accounts(
    office: Path, action: tuple[str, ...], by: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NEW_PASSWORD, RIGHT)
    before = store_of(office).all_kept("accounts")
    assert status("users", *action, *by) == 1
    assert store_of(office).all_kept("accounts") == before


@pytest.mark.parametrize(
    "wrong",
    [
        ("add", "lee", "--role", "editor"),
        ("add", "lee", "--role", "editor", "--by", "min"),
        ("add", "min", "--role", "editor", "--by", "kim"),
        ("add", "Lee Kim", "--role", "editor", "--by", "kim"),
        ("change", "min", "--new-password", "--by", "min"),
    ],
    ids=["by nobody", "by an editor", "a name that is taken", "a name that cannot be", "changed by an editor"],
)
@pytest.mark.usefixtures("office")
def test_a_new_password_is_asked_for_only_when_the_rest_is_right(
    wrong: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(prompt) or RIGHT)
    assert status("users", *wrong) == 1
    assert asked == []


def test_the_first_account_is_refused_before_its_password_is_asked_for(
    small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(small_folder))
    asked: list[str] = []
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(prompt) or RIGHT)
    assert status("users", "add", "kim", "--role", "editor") == 1
    assert asked == []
    assert status("users", "add", "kim", "--role", "admin") == 0
    assert len(asked) == 2


@pytest.mark.usefixtures("office")
def test_an_admin_makes_changes_and_ends_an_account(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv(NEW_PASSWORD, WRONG)
    by = ("--by", "kim")
    assert status("users", "add", "lee", "--role", "reviewer", *by) == 0
    assert status("users", "change", "lee", "--active", "no", *by) == 0
    assert status("users", "list") == 0
    assert "lee  reviewer  not active" in capsys.readouterr().out
    assert status("users", "remove", "lee", *by) == 0


def test_everything_moves_to_a_database_and_back(
    office: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(office)
    before = {name: (one.head, list(one.records.items())) for name, one in store_of(office).documents().items()}
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert status("move", "--to", "postgres") == 0
    assert status("history") == 0
    there = open_store(office)
    assert {name: (one.head, list(one.records.items())) for name, one in there.documents().items()} == before
    assert [one.number for one in there.revisions()] == [2, 1]


def test_a_conflict_is_told_field_by_field(office: Path, capsys: Capture) -> None:
    imported(office)
    layer_file(office, "A third name")
    file = str(office.parent / "ways-of-a-colleague.geojson")
    assert status("import", file, "--layer", "ways", "--author", "kim", "--reason", "Again.") == 0
    capsys.readouterr()
    assert status("take-back", "2", "--author", "kim", "--reason", "No.") == 1
    told = capsys.readouterr().err
    assert "Name of la-way" in told
    assert "A third name" in told
