"""A PostgreSQL server of the tests' own: in a temporary folder, run by an ordinary user, reached by a socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

USER = "keeper"
PASSWORD = "rather:secret/words"
_ESCAPED = "rather%3Asecret%2Fwords"
_numbers = count(1)


@dataclass(frozen=True)
class Server:
    """A running server: its folder, its programs, and the user (uid) who runs it."""

    folder: Path
    programs: Path
    uid: int

    def address(self, database: str) -> str:
        """The `postgresql://` address of a database."""
        return f"postgresql://{USER}:{_ESCAPED}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "--wait", "--log", log, "-o", f"-k {self.folder} -c listen_addresses=''")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it: "fast" in good order, "immediate" as a crash would."""
        self._run("pg_ctl", "stop", "--wait", "--mode", mode)

    def make(self) -> None:
        """Make its data folder, with a password for `USER`, durable as by default."""
        secret = self.folder / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        os.chown(secret, self.uid, -1)
        self._run("initdb", "--no-sync", "--encoding=UTF8", "--locale=C", "--username", USER,
                  "--auth=scram-sha-256", "--pwfile", str(secret))  # fmt: skip
        secret.unlink()

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.programs / program, *arguments],
            env={**os.environ, "PGDATA": str(self.folder / "data"), "LC_ALL": "C"},
            user=self.uid if os.getuid() == 0 else None, cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert done.returncode == 0, f"{program}: {done.stderr}"


@contextmanager
def postgres_server() -> Iterator[Server]:
    """A server that runs until the block ends; nothing of it is left behind."""
    folder = Path(tempfile.mkdtemp(prefix="closing-door-", dir="/tmp"))  # a socket's path may have 107 letters at most
    server = Server(folder, _programs(), _ordinary_user())
    os.chown(folder, server.uid, -1)
    try:
        server.make()
        server.start()
        try:
            with psycopg.connect(server.address("postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE template_postgis")
            with psycopg.connect(server.address("template_postgis")) as connection:
                connection.execute("CREATE EXTENSION postgis")
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def fresh_database(server: Server) -> str:
    """The address of a new, empty database with PostGIS."""
    name = f"fresh_{next(_numbers)}"
    with psycopg.connect(server.address("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_postgis")
    return server.address(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The one server of a test run."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def one_database(postgres: Server) -> str:
    """The database that `database_url` empties for each test: cheaper than a new one."""
    return fresh_database(postgres)


@pytest.fixture
def database_url(one_database: str) -> str:
    """An empty database with PostGIS; whoever still held it has been cut off."""
    with psycopg.connect(one_database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute("DROP SCHEMA IF EXISTS closing_door CASCADE")
    return one_database


def _programs() -> Path:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    assert folders, "PostgreSQL is not installed: run sh tests/install_postgres.sh"
    return folders[-1]


def _ordinary_user() -> int:
    """Ourselves; where we are root, which PostgreSQL refuses, the user its package made, or nobody."""
    if os.getuid() != 0:
        return os.getuid()
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    return known.get("postgres", known["nobody"])
