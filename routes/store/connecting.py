"""A PostgreSQL database by its address: connections, transactions, and its errors in words without the password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from routes.problems import StoreError
from routes.store.migrations import LOCK

Connection = psycopg.Connection[tuple[Any, ...]]
PATIENCE = 5
"""Seconds to wait for a connection."""

_ADDRESS = (
    "DATABASE_URL: expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE, got another form. "
    "Write @ / : ? # and % in a user or password as %40 %2F %3A %3F %23 %25."
)
_ALIVE: dict[str, str | int] = {
    "connect_timeout": PATIENCE,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 1000 * PATIENCE,
    "application_name": "closing-door",
}
_REMEDIES = {
    "53100": "Make room on the database server's disk, then save again.",
    "25006": "Name the primary server in DATABASE_URL: this one may only be read.",
    "42501": "Give the user of DATABASE_URL this right, or name one who has it.",
    "0A000": "Install PostGIS on the database server (Debian: postgresql-15-postgis-3).",
    "58P01": "Install PostGIS on the database server (Debian: postgresql-15-postgis-3).",
}
_UNREACHED = (
    "Check that the server runs and that DATABASE_URL is right. What was just saved may be in the history or not: "
    "look there before you save again."
)


class Database:
    """The database that an address names. Raises StoreError where the address is none; nothing is connected yet."""

    def __init__(self, url: str) -> None:
        given = _parts(url)
        self._info = make_conninfo(url, **{name: value for name, value in _ALIVE.items() if name not in given})
        self._password = str(given.get("password") or "")
        self.name = f"{given.get('host', 'localhost')}/{given.get('dbname', '')}"
        self._pool = ConnectionPool(
            self._info, min_size=0, max_size=8, num_workers=1, timeout=PATIENCE, reconnect_timeout=PATIENCE,
            kwargs={"prepare_threshold": None}, check=ConnectionPool.check_connection, open=True,
        )  # fmt: skip

    def connect(self, *, autocommit: bool = True) -> Connection:
        """A connection of the caller's own. Raises psycopg's errors."""
        return psycopg.connect(self._info, autocommit=autocommit)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction in which every statement sees the same state."""
        with self.in_words(), self._pool.connection() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction whose commit, at the end of the block, is durable; an error takes all of it back."""
        with self.in_words(), self._pool.connection() as connection:
            yield connection

    @contextmanager
    def publishing(self) -> Iterator[Connection]:
        """A writing one that may change what is published; one at a time, over all replicas."""
        with self.writing() as connection:
            connection.execute(
                "SELECT pg_advisory_xact_lock(%s), set_config('closing_door.commit', 'yes', true)", [LOCK]
            )
            yield connection

    @contextmanager
    def in_words(self) -> Iterator[None]:
        """Psycopg's errors as StoreError, without the password and without what was being written."""
        try:
            yield
        except psycopg.Error as error:
            raise StoreError(self._said(error)) from None

    def close(self) -> None:
        """Give all connections back."""
        self._pool.close()

    def _said(self, error: psycopg.Error) -> str:
        got = error.diag.message_primary or " ".join(str(error).split()) or type(error).__name__
        if isinstance(error, PoolTimeout):
            got = f"no connection within {PATIENCE} seconds"
        if self._password:
            got = got.replace(self._password, "***")
        unreached = isinstance(error, psycopg.OperationalError)
        remedy = _REMEDIES.get(error.sqlstate or "", _UNREACHED if unreached else "Ask whoever keeps the database.")
        return f"The database {self.name}: expected it to be read or written, got: {got.rstrip('.')}. {remedy}"


def _parts(url: str) -> dict[str, Any]:
    """The address taken apart. Strict, for a password that is not escaped would be taken for a host or a port."""
    try:
        split = urlsplit(url)
        _ = split.port  # a ValueError where it is no number
        good = split.scheme in ("postgresql", "postgres") and url.count("@") == split.netloc.count("@") <= 1
        if good and not split.fragment:
            return conninfo_to_dict(url)
    except (ValueError, psycopg.Error):
        pass
    raise StoreError(_ADDRESS)
