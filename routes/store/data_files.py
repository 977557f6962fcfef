"""The files that stand in a data folder: which there are, what they hold, and whether somebody still writes them."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from routes.documents import LAYERS, STORIES
from routes.tables import TABLES

FOLDERS = {LAYERS: ".geojson", STORIES: ".json"}
"""The folders of files that are documents each, and how their names end."""

SETTLING = 0.5
"""Seconds for which a file must have been left alone before it counts: programs write in several steps, and half a
table can be read as a table."""

Signature = tuple[int, int, int, int]
"""Changed, changed in any way, size, inode."""


@dataclass(frozen=True)
class DataFiles:
    """The tables and layers of a data folder, by their names below it (`sources.csv`, `layers/mongolia.geojson`)."""

    folder: Path
    settling: float = SETTLING

    def names(self) -> list[str]:
        """The names of what is there: tables in their order, then layers and stories by name."""
        tables = [f"{name}.csv" for name in TABLES if (self.folder / f"{name}.csv").exists()]
        return tables + [name for folder, ending in FOLDERS.items() for name in self._within(folder, ending)]

    def _within(self, folder: str, ending: str) -> list[str]:
        return sorted(f"{folder}{path.name}" for path in (self.folder / folder).glob(f"*{ending}"))

    def read(self, name: str) -> bytes | None:
        """A file's bytes; none where it is a folder or may not be read, None where there is nothing."""
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            return b""

    def signature(self, name: str) -> Signature | None:
        """Something that differs when the file may have changed; None where there is none."""
        return _signature(self.folder / name)

    def is_settled(self, name: str) -> bool:
        """Whether the file, or where it is gone its folder, has been left alone for a while."""
        path = self.folder / name
        while (found := _signature(path)) is None and path != self.folder:
            path = path.parent
        return found is None or self._is_settled(found)

    def stamp(self) -> object:
        """Something that differs when a file may have changed, and once more when it has settled; costs a stat each."""
        names = [f"{name}.csv" for name in TABLES] + [name for name in self.names() if "/" in name]
        found = [(name, _signature(self.folder / name)) for name in [*names, *FOLDERS, ""]]
        return tuple(
            (name, signature if name not in (*FOLDERS, "") else None, self._is_settled(signature))
            for name, signature in found
            if signature is not None
        )

    def _is_settled(self, signature: Signature) -> bool:
        """A time to come, from a file that was copied or a clock that was set, is no reason to wait for it."""
        return abs(time.time_ns() - max(signature[:2])) >= self.settling * 1e9


def _signature(path: Path) -> Signature | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - four times as fast, and asked of every file at every reader's run
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
