"""What only the home in files can show: edits by other means, crashes, full disks and folders that are read-only."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from making import collection, edit_cell, item, write_folder, write_layer
from saving import LAYER, TIME, layer_of, renamed, revision_to, save

from routes.documents import Document, file_of, write_document
from routes.problems import StaleError, StoreError, UnreadableError
from routes.store import OUTSIDE, Revision
from routes.store.files import FilesStore

LATER = "2026-11-22T09:00:00Z"
MARKER = "a-dangerous-detail"


def coarse(document_id: str, document: Document) -> Document:
    """Every layer loses the property `exact` of its features, as positions would their last digits."""
    if not document_id.startswith("layers/"):
        return document

    def without(record: Any) -> Any:
        properties = {name: value for name, value in record["properties"].items() if name != "exact"}
        return {**record, "properties": properties}

    return replace(document, records={key: without(record) for key, record in document.records.items()})


def opened(folder: Path, *, settling: float = 0) -> FilesStore:
    return FilesStore(folder, generalise=coarse, now=lambda: LATER, settling=settling)


@pytest.fixture(autouse=True)
def _no_power_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here cuts the power, which is what waiting for the disk is for: hundreds of crashes in seconds."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def store(small_folder: Path) -> FilesStore:
    """A home whose history has begun."""
    home = opened(small_folder)
    home.begin(time=TIME)
    return home


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but the lock."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


# Before the history begins


def test_before_the_history_begins_looking_writes_nothing(small_folder: Path) -> None:
    before = tree(small_folder)
    home = opened(small_folder)
    write_layer(small_folder, item("edited", exact="here"))
    assert b"here" in home.texts()[file_of(LAYER)]
    assert (home.head(), home.revisions(), home.kept("drafts", "a"), home.logged()) == (0, [], None, [])
    assert home.documents()[LAYER].order == ("edited",)
    assert home.stamp()
    assert tree(small_folder).keys() == before.keys()
    assert not (small_folder / ".store").exists()


def test_beginning_leaves_the_files_as_they_are_and_what_is_private_out_of_git(small_folder: Path) -> None:
    before = tree(small_folder)
    opened(small_folder).begin(time=TIME)
    after = tree(small_folder)
    assert {name: after[name] for name in before} == before
    assert stat.S_IMODE((small_folder / ".store").stat().st_mode) == 0o700
    assert after[".store/.gitignore"] == b"*\n"


def test_a_history_can_begin_with_other_documents_than_the_files(small_folder: Path) -> None:
    home = opened(small_folder)
    documents = {"layers/new": layer_of("a"), "glossary": home.documents()["glossary"]}
    home.begin(time=TIME, documents=documents)
    assert home.documents() == documents
    assert home.head() == 1
    assert sorted(home.texts()) == ["glossary.csv", "layers/new.geojson"]


# Edits by other means


def test_an_edited_file_is_a_revision_with_no_restart(store: FilesStore, small_folder: Path) -> None:
    edit_cell(small_folder / "glossary.csv", "refugee", definition="Who had to flee.")
    [revision, _] = store.revisions(limit=store.head())
    assert (revision.number, revision.kind, revision.author, revision.time, revision.base) == (
        2, "outside", OUTSIDE, LATER, 1
    )  # fmt: skip
    assert "glossary.csv" in revision.reason
    assert revision.changes["glossary"].records["refugee"][1]["definition"] == "Who had to flee."  # type: ignore[index]
    assert store.documents()["glossary"].records["refugee"]["definition"] == "Who had to flee."
    assert store.head() == 2


def test_an_edit_is_generalised_in_its_file_before_it_enters_the_history(store: FilesStore, small_folder: Path) -> None:
    write_layer(small_folder, item("la-way", exact=MARKER, name="Moved"))
    assert MARKER.encode() not in store.texts()[file_of(LAYER)]
    assert b"Moved" in store.texts()[file_of(LAYER)]
    assert not [name for name, data in tree(small_folder).items() if MARKER.encode() in data]


def test_an_edit_that_generalising_undoes_is_no_revision_but_leaves_the_file(
    store: FilesStore, small_folder: Path
) -> None:
    path = small_folder / file_of(LAYER)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"kind":', f'"exact": "{MARKER}", "kind":', 1), encoding="utf-8")
    assert store.head() == 1
    assert MARKER not in path.read_text(encoding="utf-8")


def test_another_way_to_write_the_same_is_no_revision_and_stays(store: FilesStore, small_folder: Path) -> None:
    path = small_folder / file_of(LAYER)
    text = json.dumps(json.loads(path.read_text(encoding="utf-8")), indent=4).encode()
    path.write_bytes(text)
    assert store.head() == 1
    assert path.read_bytes() == store.texts()[file_of(LAYER)] == text


def test_a_new_file_is_a_new_document_and_a_removed_one_removes_it(store: FilesStore, small_folder: Path) -> None:
    write_layer(small_folder, item("fresh"), name="fresh")
    (small_folder / file_of(LAYER)).unlink()
    (small_folder / "glossary.csv").unlink()
    assert store.head() == 2
    assert store.revision(2).changes.keys() == {"layers/fresh", LAYER, "glossary"}
    assert not {LAYER, "glossary"} & store.documents().keys()
    assert store.documents()["layers/fresh"].order == ("fresh",)


@pytest.mark.parametrize("data", [b"", b'{"type": "FeatureColl', bytes(range(256)), b"[]"], ids=repr)
def test_a_file_that_cannot_be_read_is_left_alone_until_it_can(
    store: FilesStore, small_folder: Path, data: bytes
) -> None:
    path, known = small_folder / file_of(LAYER), store.documents()[LAYER]
    path.write_bytes(data)
    assert store.texts()[file_of(LAYER)] == path.read_bytes() == data
    assert (store.head(), store.documents()[LAYER]) == (1, known)
    save(store, {"layers/other": layer_of("a")})
    with pytest.raises(StoreError, match=r"ways.geojson.*cannot be read.*put the old one back"):
        store.commit(revision_to(store, renamed(store, "New")))
    assert path.read_bytes() == data
    write_layer(small_folder, item("mended"))
    assert store.documents()[LAYER].order == ("mended",)
    assert [revision.kind for revision in store.revisions()] == ["outside", "save", "start"]


@pytest.mark.parametrize("name", ["layers/Not An Id.geojson", "layers/.hidden.geojson", "notes.csv"])
def test_a_file_that_is_no_document_of_ours_is_no_revision(store: FilesStore, small_folder: Path, name: str) -> None:
    write_layer(small_folder, item("odd"), name="odd").rename(small_folder / name)
    assert store.head() == 1
    assert (name in store.texts()) == name.endswith("geojson")


def test_a_save_based_on_what_was_before_an_outside_edit_is_stale(store: FilesStore, small_folder: Path) -> None:
    revision = revision_to(store, renamed(store, "New"))
    write_layer(small_folder, item("edited"))
    with pytest.raises(StaleError):
        store.commit(revision)
    assert store.documents()[LAYER].order == ("edited",)


def test_a_file_still_being_written_is_not_taken_in_and_readers_see_the_old_one(small_folder: Path) -> None:
    home = opened(small_folder, settling=3600)
    home.begin(time=TIME)
    path = small_folder / "sources.csv"
    old = path.read_bytes()
    path.write_bytes(old[: old.rindex(b"treaty")])
    (small_folder / "glossary.csv").unlink()
    write_layer(small_folder, item("fresh"), name="fresh")
    texts = home.texts()
    assert texts["sources.csv"] == old
    assert "glossary.csv" in texts
    assert "layers/fresh.geojson" not in texts
    assert (home.head(), home.documents()["sources"].order) == (1, ("paper", "treaty"))


def test_the_stamp_differs_when_a_file_was_edited_and_once_more_when_it_has_settled(small_folder: Path) -> None:
    fresh, settled = (opened(small_folder, settling=seconds) for seconds in (3600, 0))
    before = fresh.stamp()
    assert fresh.stamp() == before
    assert settled.stamp() != before
    edit_cell(small_folder / "glossary.csv", "refugee", definition="Other.")
    assert fresh.stamp() != before


def test_a_save_waits_for_a_file_that_is_being_written_and_does_not_overwrite_it(small_folder: Path) -> None:
    home = opened(small_folder, settling=0.3)
    home.begin(time=TIME)
    revision = revision_to(home, renamed(home, "New"))
    write_layer(small_folder, item("edited"))
    with pytest.raises(StaleError):
        home.commit(revision)
    assert home.documents()[LAYER].order == ("edited",)


def test_an_outside_edit_seen_by_many_at_once_is_one_revision(small_folder: Path) -> None:
    opened(small_folder).begin(time=TIME)
    write_layer(small_folder, item("edited"))
    with ThreadPoolExecutor(8) as pool:
        heads = set(pool.map(lambda _: opened(small_folder).head(), range(16)))
    assert heads == {2}


# Crashes: after every single step


class Crash(BaseException):
    """The process is gone: nothing of ours runs any more."""


@contextmanager
def crashing(patch: pytest.MonkeyPatch, step: int) -> Iterator[list[int]]:
    """The machine stops before the `step`th thing that is done to the disk; none is done after it."""
    done = [0]

    def stopping(work: Callable[..., Any]) -> Callable[..., Any]:
        def stops(*arguments: Any, **options: Any) -> Any:
            done[0] += 1
            if done[0] >= step:
                raise Crash
            return work(*arguments, **options)

        return stops

    with patch.context() as patched:
        for name in ("fsync", "replace", "write", "unlink", "rename", "mkdir", "rmdir", "link"):
            patched.setattr(os, name, stopping(getattr(os, name)))
        yield done


def saving(home: FilesStore, _folder: Path) -> None:
    documents = {**renamed(home, "After"), "layers/new": layer_of("a"), "glossary": None}
    home.commit(revision_to(home, documents), drop=(("drafts", "mina"),))


def rewriting(home: FilesStore, _folder: Path) -> None:
    added = revision_to(home, {**renamed(home, "After"), "glossary": None}, kind="redaction")

    def clean(revision: Revision) -> Revision:
        return replace(revision, reason=revision.reason.replace(MARKER, "…"))

    home.rewrite(clean, added)


def editing(home: FilesStore, folder: Path) -> None:
    write_layer(folder, item("la-way", exact="here"), title="After")
    home.head()


def keeping(home: FilesStore, _folder: Path) -> None:
    home.keep("drafts", "mina", "new")


def dropping(home: FilesStore, _folder: Path) -> None:
    home.drop("drafts", "mina")


def logging(home: FilesStore, _folder: Path) -> None:
    home.log({"act": "new"})


def state(folder: Path) -> Any:
    home = opened(folder)
    documents = {name: write_document(name, document) for name, document in home.documents().items()}
    assert {file_of(name): text for name, text in documents.items()} == home.texts()
    history = [revision.as_json() for revision in home.revisions(limit=home.head())]
    return home.head(), documents, history, home.all_kept("drafts"), home.logged()


def prepared(folder: Path) -> Path:
    write_folder(folder)
    home = opened(folder)
    for name, document in home.documents().items():
        (folder / file_of(name)).write_bytes(write_document(name, document))
    home.begin(time=TIME)
    save(home, renamed(home, "Before"), reason=MARKER)
    home.keep("drafts", "mina", "old")
    home.log({"act": "old"})
    return folder


def copied(folder: Path, copy: Path) -> Path:
    """The folder once more, as a restored backup would be."""
    return Path(shutil.copytree(folder, copy))


@pytest.mark.parametrize("work", [saving, rewriting, editing, keeping, dropping, logging])
def test_after_a_crash_at_any_step_the_old_or_the_new_state_stands_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: Callable[[FilesStore, Path], None]
) -> None:
    before = prepared(tmp_path / "before")
    old, new = copied(before, tmp_path / "old"), copied(before, tmp_path / "new")
    work(opened(new), new)
    names = tree(old).keys(), tree(new).keys()
    allowed = [state(new)] if work is editing else [state(old), state(new)]
    finished = False
    for step in range(1, 200):
        folder = copied(before, tmp_path / f"{step}")
        home = opened(folder)
        try:
            with crashing(monkeypatch, step):
                work(home, folder)
            finished = True
        except Crash:
            pass
        if work is editing and b"After" not in (folder / file_of(LAYER)).read_bytes():
            continue  # the other program had not written it yet
        assert state(folder) in (allowed[-1:] if finished else allowed)
        assert tree(folder).keys() in names
        if finished:
            break
    assert finished


def test_a_crash_while_beginning_leaves_no_history_or_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = opened(write_folder(tmp_path / "plain")).documents().keys()
    for step in range(1, 200):
        folder = copied(tmp_path / "plain", tmp_path / f"{step}")
        finished = False
        with crashing(monkeypatch, step):
            try:
                opened(folder).begin(time=TIME)
                finished = True
            except Crash:
                pass
        opened(folder).begin(time=LATER)
        home = opened(folder)
        assert home.head() == 1
        assert home.revision(1).time in (TIME, LATER)
        assert home.documents().keys() == documents
        if finished:
            return
    raise AssertionError("it never finished")


def test_an_outside_edit_between_a_crash_and_the_next_call_is_kept_beside_the_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = prepared(tmp_path / "before")
    for step in range(1, 200):
        folder = copied(before, tmp_path / f"{step}")
        home = opened(folder)
        with crashing(monkeypatch, step):
            try:
                saving(home, folder)
                return
            except Crash:
                pass
        edit_cell(folder / "sources.csv", "paper", title="By hand")
        write_layer(folder, item("by-hand"))
        again = opened(folder)
        assert again.documents()["sources"].records["paper"]["title"] == "By hand"
        assert again.documents()[LAYER].order == ("by-hand",)
        kinds = [revision.kind for revision in again.revisions()]
        assert kinds in (["outside", "save", "start"], ["outside", "save", "save", "start"])
        assert ("layers/new" in again.documents()) == (len(kinds) == 4)


def test_a_torn_line_of_the_audit_log_is_passed_over_and_closed_off(store: FilesStore, small_folder: Path) -> None:
    store.log({"n": 1})
    with (small_folder / ".store" / "log.jsonl").open("ab") as out:
        out.write(b'{"n": 2, "wh')
    assert store.logged() == [{"n": 1}]
    store.log({"n": 3})
    assert store.logged() == [{"n": 3}, {"n": 1}]


# What cannot be written


def failing(patch: pytest.MonkeyPatch, name: str, code: int, *, after: int = 0) -> None:
    """From now on, or after so many calls, `os.name` fails with an error code."""
    calls, work = [0], getattr(os, name)

    def fails(*arguments: Any, **options: Any) -> Any:
        calls[0] += 1
        if calls[0] > after:
            raise OSError(code, os.strerror(code), "a-file")
        return work(*arguments, **options)

    patch.setattr(os, name, fails)


def refused(work: Callable[[], None]) -> str | None:
    """The words of the refusal; None where the work was done."""
    try:
        work()
    except StoreError as error:
        return str(error)
    return None


@pytest.mark.parametrize("name", ["write", "fsync", "replace"])
@pytest.mark.parametrize("after", range(12))
def test_a_full_disk_is_told_and_every_save_is_whole_or_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, after: int
) -> None:
    folder = prepared(tmp_path / "data")
    home, before = opened(folder), state(folder)
    with monkeypatch.context() as patch:
        failing(patch, name, errno.ENOSPC, after=after)
        refusal = refused(lambda: saving(home, folder))
        assert home.texts()
    assert refusal is None or "No space left on device. Make room on the disk" in refusal
    assert refusal is None or state(folder) == before
    assert refusal is not None or state(folder)[0] == 3


def test_readers_see_the_generalised_edit_even_where_the_history_cannot_be_written(
    store: FilesStore, small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_layer(small_folder, item("edited", exact=MARKER))
    with monkeypatch.context() as patch:
        failing(patch, "write", errno.ENOSPC)
        text = store.texts()[file_of(LAYER)]
        assert b"edited" in text
        assert MARKER.encode() not in text
        assert store.head() == 1
    assert store.head() == 2


def test_a_folder_that_may_only_be_read_serves_readers_and_refuses_saves(
    store: FilesStore, small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision, texts = revision_to(store, renamed(store, "New")), store.texts()
    store.keep("sessions", "s", 1)
    with monkeypatch.context() as patch:
        opening = os.open

        def read_only(path: Any, flags: int, *more: Any, **options: Any) -> int:
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
            return opening(path, flags, *more, **options)

        patch.setattr(os, "open", read_only)
        again = opened(small_folder)
        assert (again.texts(), again.head(), again.kept("sessions", "s")) == (texts, 1, 1)
        for write in (
            lambda: again.commit(revision),
            lambda: again.keep("drafts", "a", 1),
            lambda: again.log({"act": "refused"}),
            lambda: again.rewrite(lambda one: one, revision),
        ):
            with pytest.raises(StoreError, match=r"\.store.*Read-only file system.*Let the folder be written to"):
                write()
    store.commit(revision)


def test_a_damaged_history_is_named_and_readers_go_on(store: FilesStore, small_folder: Path) -> None:
    (small_folder / ".store" / "head.json").write_bytes(b"{")
    assert store.texts()["sources.csv"] == (small_folder / "sources.csv").read_bytes()
    with pytest.raises(StoreError, match=r"head.json.*backup"):
        store.head()
    with pytest.raises(StoreError, match=r"head.json.*backup"):
        store.keep("drafts", "a", 1)


# What must never be written


@pytest.mark.parametrize("name", ["layers/../../x", "layers/", "x", "../sources", "layers/a/b", "layers/A"])
def test_a_document_of_no_good_id_is_refused(store: FilesStore, small_folder: Path, name: str) -> None:
    before = tree(small_folder.parent)
    with pytest.raises(UnreadableError, match="expected the id of"):
        store.commit(revision_to(store, {name: layer_of("a")}))
    assert tree(small_folder.parent) == before


def test_a_document_that_could_not_be_read_again_is_refused(store: FilesStore, small_folder: Path) -> None:
    before = tree(small_folder)
    wrong = Document({"type": "FeatureCollection"}, {"one": item("other")})
    nameless = Document({}, {"one": {"type": "Feature", "geometry": None, "properties": {}}})
    for document in (wrong, nameless):
        with pytest.raises(UnreadableError, match="id"):
            store.commit(revision_to(store, {"layers/new": document}))
    assert tree(small_folder) == before


def test_a_save_keeps_the_rights_of_the_file(store: FilesStore, small_folder: Path) -> None:
    path = small_folder / file_of(LAYER)
    path.chmod(0o664)
    save(store, renamed(store, "New"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o664


def test_what_is_redacted_is_in_no_file_of_the_store(store: FilesStore, small_folder: Path) -> None:
    save(store, renamed(store, MARKER), reason=MARKER)
    save(store, renamed(store, "Good"))

    def clean(revision: Revision) -> Revision:
        changes = {name: replace(change, head=None) for name, change in revision.changes.items()}
        return replace(revision, changes=changes, reason=revision.reason.replace(MARKER, "…"))

    store.rewrite(clean, revision_to(store, {}, kind="redaction"))
    assert store.head() == 4
    assert not [name for name, data in tree(small_folder).items() if MARKER.encode() in data]
    assert not [name for name in tree(small_folder) if "unfinished" in name or MARKER in name]
    assert len(list((small_folder / ".store").glob("revisions*"))) == 1


def test_the_layer_is_written_with_one_feature_to_a_line(store: FilesStore, small_folder: Path) -> None:
    save(store, {"layers/new": layer_of("a", "b")})
    lines = (small_folder / "layers" / "new.geojson").read_text(encoding="utf-8").splitlines()
    assert sum('"id"' in line for line in lines) == 2
    assert collection()["title"] in "".join(lines)
