"""The store in PostgreSQL with PostGIS: several replicas of the app share it, and a GIS reads it.

Everything lies in the schema `closing_door`: `revision`, `document`, `feature` (a row for each feature, with its
geometry), `record` (a row for each row of a table), `kept`, `log`, and for a GIS one view for each type of geometry:
`segments` (LineString), `places` (Point), `areas` (MultiPolygon, a Polygon as one of one part), `multi_segments`
(MultiLineString) and `multi_places` (MultiPoint); a GeometryCollection is in none. Give a GIS's user no more than

    GRANT USAGE ON SCHEMA closing_door TO gis;
    GRANT SELECT ON closing_door.segments, closing_door.places, closing_door.areas,
        closing_door.multi_segments, closing_door.multi_places TO gis;

since `kept` is private. A trigger refuses edits by other means, which would have no author: they are imported instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from routes.documents import Document, Documents, document_of, file_of, is_document_id, read_document, write_document
from routes.merging import Change, changes_between
from routes.problems import StaleError
from routes.store import KeptKind, Revision
from routes.store.columns import as_json, as_text, from_text
from routes.store.connecting import Connection, Database
from routes.store.listening import CHANNEL, Newest, newest_in
from routes.store.migrations import migrate
from routes.store.outside import Generalise
from routes.store.rows import apply_change, place_of, read_documents

REVISION = 'number, kind, author, publisher, "time", reason, base, changes, note'
_HOLDING_OLD = ("revision", "document", "feature", "record", "kept")


class PostgresStore:
    """The home that a `postgresql://` address names; opening it brings its tables up to date.

    A database without a history begins with the files that `seed` gives, as bytes by their names below the data
    folder, made coarse by `generalise`; until then they are what is published. Durable as the server's
    `synchronous_commit`, on by default, says.
    """

    def __init__(
        self,
        url: str,
        *,
        seed: Callable[[], Mapping[str, bytes]] = dict,
        generalise: Generalise = lambda _document_id, document: document,
    ) -> None:
        self._database = Database(url)
        self._seed, self._generalise = seed, generalise
        self._texts: tuple[int, dict[str, bytes]] = (0, {})
        with self._database.in_words():
            with self._database.connect(autocommit=False) as connection:
                migrate(connection)
            self._newest = Newest(self._database.connect)

    def close(self) -> None:
        """Let go of the database; nothing may be asked of the store afterwards."""
        self._newest.close()
        self._database.close()

    def begin(self, *, time: str, documents: Documents | None = None) -> None:
        """Start the history with `documents`, or those in the seed's files; nothing where it has begun.

        Raises UnreadableError where a file of the seed holds no document: a history does not start without it.
        """
        with self._database.publishing() as connection:
            if newest_in(connection):
                return
            for name, document in (self._seeded() if documents is None else documents).items():
                apply_change(connection, name, changes_between(None, document))
            _add(connection, Revision(number=1, kind="start", author="", publisher="", time=time, reason="", base=0))
        self._newest.hear(1)

    @property
    def has_begun(self) -> bool:
        """Whether there is a history."""
        return self.head() > 0

    def stamp(self) -> int:
        """The newest revision's number, at most two seconds late; without a question to the database.

        While the database is out of reach it stands still, and readers see what was published last.
        """
        return self._newest.number()

    def texts(self) -> Mapping[str, bytes]:
        """What is published, as the bytes of files by their names; read anew only after a save."""
        number, texts = self._texts
        if number and number == self.stamp():
            return texts
        with self._database.reading() as connection:
            number, documents = newest_in(connection), read_documents(connection)
        if not number:
            return self._seed()
        texts = {file_of(name): write_document(name, document) for name, document in documents.items()}
        self._texts = (number, texts)
        self._newest.hear(number)
        return texts

    def head(self) -> int:
        """The number of the newest revision; 0 before `begin`."""
        with self._database.reading() as connection:
            return newest_in(connection)

    def documents(self) -> Documents:
        """The documents at the head, tables first; before `begin` those of the seed."""
        with self._database.reading() as connection:
            return read_documents(connection) if newest_in(connection) else self._seeded()

    def revision(self, number: int) -> Revision:
        """One revision. KeyError where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {REVISION} FROM closing_door.revision WHERE number = %s", [number]
            ).fetchone()
        if row is None:
            raise KeyError(number)
        return _revision(row)

    def revisions(self, *, document: str | None = None, before: int | None = None, limit: int = 50) -> list[Revision]:
        """Newest first, those that changed `document`, those below `before`."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {REVISION} FROM closing_door.revision WHERE (%(document)s::text IS NULL OR "
                "%(document)s = ANY(documents)) AND (%(before)s::bigint IS NULL OR number < %(before)s) "
                "ORDER BY number DESC LIMIT %(limit)s",
                {"document": document, "before": before, "limit": limit},
            ).fetchall()
        return [_revision(row) for row in rows]

    def commit(self, revision: Revision, *, drop: tuple[tuple[KeptKind, str], ...] = ()) -> None:
        """Publish `revision` in one transaction, with its drops, and tell the other replicas.

        Raises StaleError where its number is not the head's plus one.
        """
        with self._database.publishing() as connection:
            self._publish(connection, revision)
            for kind, key in drop:
                _drop(connection, kind, key)
        self._newest.hear(revision.number)

    def rewrite(self, change: Callable[[Revision], Revision], added: Revision) -> None:
        """Replace every revision by what `change` makes of it, then add one: all of it or nothing.

        Afterwards the tables are written anew, for PostgreSQL keeps old rows in their files. What this cannot reach:
        the write-ahead log until it is reused (and for good where it is archived), standbys that lag, backups, and a
        transaction that stays open meanwhile, such as a running dump; `VACUUM FULL` again when that has ended.
        """
        with self._database.publishing() as connection:
            rows = connection.execute(f"SELECT {REVISION} FROM closing_door.revision ORDER BY number").fetchall()
            for old in map(_revision, rows):
                new = change(old)
                if new != old:
                    _replace(connection, new)
            self._publish(connection, added)
            last = connection.execute("SELECT pg_current_xact_id()::xid::text").fetchone()
        self._newest.hear(added.number)
        with self._database.in_words(), self._database.connect() as connection:
            _wait_for_older_than(last, connection)
            for table in _HOLDING_OLD:
                connection.execute(f"VACUUM (FULL, ANALYZE) closing_door.{table}")

    def kept(self, kind: KeptKind, key: str) -> Any | None:
        """A private thing, as JSON; None where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT value FROM closing_door.kept WHERE kind = %s AND key = %s", [kind, as_text(key)]
            ).fetchone()
        return row[0] if row else None

    def all_kept(self, kind: KeptKind) -> dict[str, Any]:
        """All private things of a kind by key."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT key, value FROM closing_door.kept WHERE kind = %s ORDER BY key", [kind]
            ).fetchall()
        return {from_text(key): value for key, value in rows}

    def keep(self, kind: KeptKind, key: str, value: Any) -> None:
        """Put a private thing; `key` may be any text."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO closing_door.kept (kind, key, value) VALUES (%s, %s, %s) "
                "ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
                [kind, as_text(key), as_json(value)],
            )

    def drop(self, kind: KeptKind, key: str) -> None:
        """Remove a private thing for good; nothing where there is none."""
        with self._database.writing() as connection:
            _drop(connection, kind, key)

    def log(self, entry: Mapping[str, Any]) -> None:
        """Add a line to the audit log; a trigger refuses to change or shorten it."""
        with self._database.writing() as connection:
            connection.execute("INSERT INTO closing_door.log (entry) VALUES (%s)", [as_json(dict(entry))])

    def logged(self, *, limit: int = 200) -> list[dict[str, Any]]:
        """The newest lines of the audit log, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT entry FROM closing_door.log ORDER BY number DESC LIMIT %s", [limit]
            ).fetchall()
        return [entry for (entry,) in rows]

    def _seeded(self) -> dict[str, Document]:
        texts = {document_of(file): data for file, data in self._seed().items()}
        names = filter(is_document_id, sorted(texts, key=place_of))
        return {name: self._generalise(name, read_document(name, texts[name])) for name in names}

    def _publish(self, connection: Connection, revision: Revision) -> None:
        head = newest_in(connection)
        if revision.number != head + 1:
            raise StaleError(
                f"Revision {revision.number}: expected number {head + 1}, for the newest is {head}. Merge, then save."
            )
        for name, change in revision.changes.items():
            apply_change(connection, name, change)
        _add(connection, revision)


def _wait_for_older_than(transaction: Any, connection: Connection) -> None:
    """Wait, for ten seconds at most, until nobody reads who still sees the rows from before a transaction."""
    older = (
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND age(backend_xmin) >= age(%s::xid)"
    )
    for _ in range(100):
        if not connection.execute(older, transaction).rowcount:
            return
        connection.execute("SELECT pg_sleep(0.1)")


def _add(connection: Connection, revision: Revision) -> None:
    connection.execute(
        f"INSERT INTO closing_door.revision ({REVISION}, documents) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [*_row(revision), list(revision.changes)],
    )
    connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(revision.number)])


def _replace(connection: Connection, revision: Revision) -> None:
    connection.execute(
        'UPDATE closing_door.revision SET kind = %s, author = %s, publisher = %s, "time" = %s, reason = %s, '
        "base = %s, changes = %s, note = %s, documents = %s WHERE number = %s",
        [*_row(revision)[1:], list(revision.changes), revision.number],
    )


def _row(revision: Revision) -> list[Any]:
    value = revision.as_json()
    texts = [as_text(value[name]) for name in ("author", "publisher", "time", "reason")]
    return [value["number"], value["kind"], *texts, value["base"], as_json(value["changes"]), as_json(value["note"])]


def _revision(row: tuple[Any, ...]) -> Revision:
    number, kind, author, publisher, time, reason, base, changes, note = row
    return Revision(
        number=number, kind=cast(Any, kind), author=from_text(author), publisher=from_text(publisher),
        time=from_text(time), reason=from_text(reason), base=base,
        changes={name: Change.from_json(change) for name, change in changes.items()}, note=note,
    )  # fmt: skip


def _drop(connection: Connection, kind: KeptKind, key: str) -> None:
    connection.execute("DELETE FROM closing_door.kept WHERE kind = %s AND key = %s", [kind, as_text(key)])
