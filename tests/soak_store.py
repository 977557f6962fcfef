"""The long counts of the store, for `make soak`: kills at random instants, a full disk, a folder that is read-only.

python tests/soak_store.py          all of them, line by line
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from making import write_folder
from postgres import Server, fresh_database, postgres_server
from saving import LAYER, TIME, renamed, revision_to, save

from routes.documents import file_of, read_document
from routes.problems import StoreError
from routes.store import Store, documents_at
from routes.store.files import FilesStore
from routes.store.postgres import PostgresStore

Home = Literal["files", "postgres"]
ROOT = Path(__file__).parent.parent
PAGE = 4096


@contextmanager
def opened(home: Home, address: str) -> Iterator[Store]:
    """The store in a folder or database, as a process that has just started opens it."""
    if home == "files":
        yield FilesStore(Path(address))
    else:
        with closing(PostgresStore(address)) as store:
            yield store


# Kills


def save_for_ever(home: Home, address: str, first: str) -> None:
    """Save again and again, and say each save that was acknowledged: its number and reason."""
    with opened(home, address) as store:
        count = 0
        while True:
            reason = f"{first}-{count}"
            store.keep("drafts", "mina", reason)
            store.commit(revision_to(store, renamed(store, reason), reason=reason), drop=(("drafts", "mina"),))
            print(store.head(), reason, flush=True)
            count += 1


def kill_saves(home: Home, saves: int = 300) -> str:
    """Kill a process that saves at random instants until so many saves were acknowledged, and look after each kill."""
    chance, acknowledged, kills, crashes = random.Random(3), {}, 0, 0
    with ExitStack() as stack:
        address, server = _fresh(home, stack)
        start = _begun(home, address)
        while len(acknowledged) < saves:
            acknowledged |= _killed(home, address, chance, server if kills % 8 == 7 else None)
            crashes += server is not None and kills % 8 == 7
            kills += 1
            _check(home, address, acknowledged, kills, start)
        whole = _check(home, address, acknowledged, kills, start)
    crashed = f" and {crashes} crashes of the server" if server else ""
    return (
        f"{home}: {len(acknowledged)} acknowledged saves over {kills} kills{crashed}: none missing, and all {whole} "
        "revisions, the documents and the files whole after every kill"
    )


def _fresh(home: Home, stack: ExitStack) -> tuple[str, Server | None]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="closing-door-soak-")))
    if home == "files":
        return str(folder / "data"), None
    server = stack.enter_context(postgres_server())
    return fresh_database(server), server


def _begun(home: Home, address: str) -> Any:
    with tempfile.TemporaryDirectory() as other, opened(home, address) as store:
        seed = write_folder(Path(address) if home == "files" else Path(other))
        store.begin(time=TIME, documents=FilesStore(seed).documents())  # type: ignore[call-arg]
        return store.documents()


def _killed(home: Home, address: str, chance: random.Random, server: Server | None) -> dict[int, str]:
    """What a process said before it was killed, a random while after a random save; its server is crashed with it."""
    command = [sys.executable, __file__, home, address, f"{chance.random()}"]
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path})
    assert child.stdout
    lines = [child.stdout.readline() for _ in range(chance.randrange(1, 9))]
    time.sleep(chance.random() * 0.06)
    if server:
        server.stop("immediate")
    child.kill()
    lines += child.stdout.readlines()
    child.wait()
    child.stdout.close()
    if server:
        server.start()
    said = [line.split() for line in lines if line.endswith("\n")]
    return {int(number): reason for number, reason in said}


def _check(home: Home, address: str, acknowledged: dict[int, str], kills: int, start: Any) -> int:
    with opened(home, address) as store:
        head = store.head()
        history = {revision.number: revision for revision in store.revisions(limit=head)}
        documents, texts = store.documents(), store.texts()
        assert list(history) == list(range(head, 0, -1)), "a revision is missing or damaged"
        reasons = {number: revision.reason for number, revision in history.items()}
        lost = acknowledged.items() - reasons.items()
        assert not lost, f"acknowledged saves are missing: {sorted(lost)}"
        assert head - 1 <= len(acknowledged) + kills, "more revisions than were made"
        assert documents[LAYER].head["title"] == history[head].reason
        assert store.kept("drafts", "mina") in (None, _next(history[head].reason), *_firsts(store))
        assert documents_at(store, 1) == start
        for name, document in documents.items():
            assert read_document(name, texts[file_of(name)]) == document, f"{name} is not whole"
    if home == "files":
        assert not list(Path(address).rglob("*.unfinished")), "something unfinished was left"
    return head


def _next(reason: str) -> str:
    first, _, count = reason.rpartition("-")
    return f"{first}-{int(count) + 1}"


def _firsts(store: Store) -> list[str]:
    """The draft of a process that was killed before its first save."""
    draft = store.kept("drafts", "mina")
    return [draft] if draft and draft.endswith("-0") else []


# A full disk and a folder that is read-only


@dataclass(frozen=True)
class Disk:
    """A small disk: its folder, and how it is made full, read-only and as it was."""

    folder: Path
    is_mounted: bool
    fill: Callable[[int], None]
    lock: Callable[[], None]
    free: Callable[[], None]

    @property
    def how(self) -> str:
        """How the disk was made small."""
        return "a small tmpfs" if self.is_mounted else "an ordinary folder with limits, for nothing could be mounted"


@contextmanager
def small_disk(size: int = 1 << 20) -> Iterator[Disk]:
    """A disk of its own where we may mount one; else a folder whose files may not grow, or that we may not write."""
    with tempfile.TemporaryDirectory(prefix="closing-door-disk-") as name:
        folder = Path(name)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", name]
        if os.getuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0:
            try:
                yield _mounted(folder)
            finally:
                subprocess.run(["umount", name], check=True)
        else:
            yield _limited(folder)


def _mounted(folder: Path) -> Disk:
    ballast = folder / "ballast"

    def fill(pages: int) -> None:
        ballast.unlink(missing_ok=True)
        status = os.statvfs(folder)
        ballast.write_bytes(bytes(max(0, status.f_bavail * status.f_frsize - pages * PAGE)))

    def remount(mode: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{mode}", str(folder)], check=True)

    def free() -> None:
        remount("rw")
        ballast.unlink(missing_ok=True)

    return Disk(folder, True, fill, lambda: remount("ro"), free)


def _limited(folder: Path) -> Disk:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    user = os.geteuid()
    folder.chmod(0o755)

    def lock() -> None:
        for path in list(folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        if user == 0:
            os.seteuid(65534)

    def free() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        os.seteuid(user)
        for path in list(folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)

    def fill(pages: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (pages * 128, before[1]))

    return Disk(folder, False, fill, lock, free)


def full_disk(tries: int = 120) -> str:
    """Save while a disk has room for nothing, a page, two pages ...: each save is whole or refused in clear words."""
    chance, refused = random.Random(4), 0
    with small_disk() as disk:
        store = FilesStore(write_folder(disk.folder / "data"))
        store.begin(time=TIME)
        for number in range(tries):
            revision = revision_to(
                store, renamed(store, f"{number}"), reason=f"{number} {'x' * chance.randrange(9000)}"
            )
            before = store.documents(), store.texts(), store.head()
            disk.fill(number % 14)
            words = refusal(lambda save=revision: store.commit(save))  # type: ignore[misc]
            assert words is None or "Make room on the disk" in words, words
            assert words is None or (store.documents(), store.texts(), store.head()) == before
            assert words is not None or store.documents()[LAYER].head["title"] == f"{number}"
            refused += words is not None
            disk.free()
            again = FilesStore(disk.folder / "data")
            assert (again.documents(), again.texts(), again.head()) == (
                store.documents(), store.texts(), before[2] + (revision.number == again.head())
            )  # fmt: skip
            assert store.head() == 2 + number - refused
    made = tries - refused
    assert refused
    assert made
    return (
        f"full disk ({disk.how}): of {tries} saves {refused} were refused in clear words with everything as it "
        f"was, and {made} found room and are whole; readers were served throughout"
    )


def read_only_folder() -> str:
    """Read and try to write a store on a disk that became read-only, and one that has no history yet."""
    with small_disk() as disk:
        begun, new = (write_folder(disk.folder / name) for name in ("begun", "new"))
        store = FilesStore(begun, settling=0)
        store.begin(time=TIME)
        save(store, renamed(store, "Saved"))
        store.keep("sessions", "s", 1)
        revision, texts = revision_to(store, renamed(store, "Refused")), store.texts()
        write_folder(new)
        expected = FilesStore(new).texts()
        disk.lock()
        try:
            again = FilesStore(begun, settling=0)
            assert again.texts() == texts
            assert FilesStore(new).texts() == expected
            assert FilesStore(new).head() == 0
            assert not disk.is_mounted or (again.head(), again.kept("sessions", "s")) == (2, 1)
            words = [
                refusal(lambda: again.commit(revision)),
                refusal(lambda: again.keep("drafts", "a", 1)),
                refusal(lambda: again.log({"act": "refused"})),
                refusal(lambda: FilesStore(new).begin(time=TIME)),
            ]
        finally:
            disk.free()
        assert all(said and "Let the " in said for said in words), words
        store.commit(revision)
        assert FilesStore(begun).head() == 3
    return (
        f"read-only folder ({disk.how}): readers are served, with a history and without; {len(words)} ways to write "
        f"are refused, such as: {str(words[0]).replace(str(disk.folder), '…')}"
    )


def refusal(write: Callable[[], None]) -> str | None:
    """The words in which a write was refused; None where it was done."""
    try:
        write()
    except StoreError as error:
        return str(error)
    return None


CLAIMS: tuple[Callable[[], str], ...] = (
    lambda: kill_saves("files"),
    lambda: kill_saves("postgres"),
    full_disk,
    read_only_folder,
)

if __name__ == "__main__":
    if len(sys.argv) == 4:
        with suppress(BrokenPipeError, StoreError):  # the server may be crashed under us
            save_for_ever(sys.argv[1], *sys.argv[2:])  # type: ignore[arg-type]
    else:
        for claim in CLAIMS:
            print(claim(), flush=True)
