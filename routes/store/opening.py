"""Which home holds the data: the database that DATABASE_URL names, else the files of the data folder."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from routes.generalising import generalised
from routes.problems import StoreError
from routes.store import Store
from routes.store.files import FilesStore

VARIABLE = "DATABASE_URL"


def open_store(folder: Path) -> Store:
    """The store of `folder`, or the one in PostgreSQL, which begins with the files of `folder`; each opened once."""
    return _opened(folder, os.environ.get(VARIABLE, ""))


def both_homes(folder: Path) -> tuple[Store, Store]:
    """The files of `folder` and the database that DATABASE_URL names, to move between them."""
    url = os.environ.get(VARIABLE, "")
    if not url:
        raise StoreError(f"Expected the address of a database in {VARIABLE}, got none. Set it, then move.")
    return _opened(folder, ""), _opened(folder, url)


@lru_cache(maxsize=8)
def _opened(folder: Path, url: str) -> Store:
    files = FilesStore(folder, generalise=generalised)
    if not url:
        return files
    from routes.store.postgres import PostgresStore  # its driver is needed only here

    return PostgresStore(url, seed=files.texts, generalise=generalised)
