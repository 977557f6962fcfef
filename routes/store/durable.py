"""Files that are whole at every instant: written aside, made durable, and only then put in their places."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class Put:
    """`data` to stand at `path`, or nothing (None) to stand there; until then it is staged in the folder `aside`.

    Staged names are fixed, so only one process at a time may stage: who holds the store's lock.
    """

    path: Path
    data: bytes | None
    aside: Path

    @property
    def staged(self) -> Path:
        """Where the data stand until they are put in place."""
        return self.aside / f".{self.path.name}{UNFINISHED}"


def stage(puts: Iterable[Put]) -> None:
    """Everything that is to be put stands beside its place, durable: from here on no space is needed any more."""
    for put in puts:
        if put.data is not None:
            make(put.aside)
            _write(put.staged, put.data, like=put.path)


def place(puts: Iterable[Put]) -> None:
    """Everything that was staged stands in its place, durable."""
    puts = list(puts)
    for put in puts:
        make(put.path.parent)
        if put.data is None:
            put.path.unlink(missing_ok=True)
        else:
            put.staged.replace(put.path)
    for folder in {put.path.parent: True for put in puts}:
        sync(folder)


def put_all(puts: Iterable[Put]) -> None:
    """Stage and place."""
    puts = list(puts)
    stage(puts)
    place(puts)


def make(folder: Path, *, mode: int = 0o777) -> None:
    """The folder is there, durable."""
    if not folder.is_dir():
        make(folder.parent)
        folder.mkdir(mode, exist_ok=True)
        sync(folder.parent)


def sync(path: Path) -> None:
    """A file's or folder's content is durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def append(path: Path, line: bytes) -> None:
    """The line stands at the end of the file, durable; what a crash left of another is closed off before it."""
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        is_torn = size and os.pread(descriptor, 1, size - 1) != b"\n"
        _write_all(descriptor, (b"\n" if is_torn else b"") + line + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        sync(path.parent)


def sweep(folder: Path) -> None:
    """Nothing staged is left in the folder."""
    for path in folder.glob(f".*{UNFINISHED}"):
        path.unlink(missing_ok=True)


def _write(path: Path, data: bytes, *, like: Path) -> None:
    """A durable file of its own with the rights of the one it will replace."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        if like.exists():
            os.fchmod(descriptor, like.stat().st_mode & 0o777)
        _write_all(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
