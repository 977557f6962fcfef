"""Which home holds the data."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from routes.tables import TABLES


@lru_cache(maxsize=8)
def open_store(folder: Path) -> Any:
    """The store of `folder`."""

    def paths() -> list[Path]:
        tables = [folder / f"{name}.csv" for name in TABLES]
        return [path for path in [*tables, *sorted((folder / "layers").glob("*.geojson"))] if path.exists()]

    def texts() -> dict[str, bytes]:
        return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"" for path in paths()}

    def stamp() -> object:
        return tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in paths())

    return SimpleNamespace(texts=texts, stamp=stamp)
