"""The newest revision's number, known without asking: a thread hears of each save as the database tells it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable

import psycopg

from routes.store.connecting import Connection

CHANNEL = "closing_door"
ASK_EVERY = 1.0
"""Seconds. Whoever listens also asks, for a pooler between us and the database may swallow what is told."""


def newest_in(connection: Connection) -> int:
    """The number of the newest revision; 0 where there is none."""
    row = connection.execute("SELECT coalesce(max(number), 0) FROM closing_door.revision").fetchone()
    return int(row[0]) if row else 0


class Newest:
    """Knows the newest revision, at most two seconds late; while the database is out of reach, the last one known.

    The thread has a connection of its own, which it opens again by itself. Where the thread is gone (a process that
    was forked has none), whoever wants to know asks, at most once a second.
    """

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._number, self._heard = 0, 0.0
        self._asking = threading.Lock()
        self._closed = threading.Event()
        with connect() as connection:
            self.hear(newest_in(connection))
        self._thread = threading.Thread(target=self._listen, name="newest revision", daemon=True)
        self._thread.start()

    def number(self) -> int:
        """The newest revision's number; 0 where there is none."""
        is_old = time.monotonic() - self._heard > ASK_EVERY
        if is_old and not self._thread.is_alive() and self._asking.acquire(blocking=False):
            try:
                self._heard = time.monotonic()
                with contextlib.suppress(psycopg.Error), self._connect() as connection:
                    self.hear(newest_in(connection))
            finally:
                self._asking.release()
        return self._number

    def hear(self, number: int) -> None:
        """Take note of a revision."""
        self._number, self._heard = max(self._number, number), time.monotonic()

    def close(self) -> None:
        """End the thread, within a second or so."""
        self._closed.set()

    def _listen(self) -> None:
        while not self._closed.is_set():
            with contextlib.suppress(psycopg.Error), self._connect() as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                self._number = newest_in(connection)  # lower than before where a backup was put back
                while not self._closed.is_set():
                    self.hear(newest_in(connection))
                    for _ in connection.notifies(timeout=ASK_EVERY, stop_after=1):
                        pass
            self._closed.wait(ASK_EVERY / 2)
