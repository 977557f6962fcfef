"""Documents as rows in PostgreSQL: reading all of them, and making one change to one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from routes.documents import Document, Record, is_layer
from routes.merging import Change
from routes.store.columns import FEATURE_COLUMNS, as_json, as_text, feature_rows, features_of, from_text
from routes.store.connecting import Connection
from routes.tables import TABLES


def place_of(name: str) -> tuple[int, str]:
    """Tables first, in their order, then layers by id."""
    tables = list(TABLES)
    return (tables.index(name) if name in tables else len(tables), name)


def read_documents(connection: Connection) -> dict[str, Document]:
    """All documents, in the order of `place_of`."""
    heads: dict[str, Any] = dict(connection.execute("SELECT id, head FROM closing_door.document").fetchall())
    return {name: Document(heads[name], _records(connection, name)) for name in sorted(heads, key=place_of)}


def _records(connection: Connection, name: str) -> Mapping[str, Record]:
    columns = "id, members, ST_AsBinary(geom)" if is_layer(name) else "id, cells"
    rows: Sequence[Any] = connection.execute(
        f"SELECT {columns} FROM closing_door.{_table(name)} WHERE document = %s ORDER BY position", [name]
    ).fetchall()
    return features_of(rows) if is_layer(name) else {from_text(key): cells for key, cells in rows}


def _table(name: str) -> str:
    return "feature" if is_layer(name) else "record"


def apply_change(connection: Connection, name: str, change: Change) -> None:
    """Make a change to a document's rows; the same as `routes.merging.applied` makes of the document."""
    if change.head and change.head[1] is None:
        connection.execute("DELETE FROM closing_door.document WHERE id = %s", [name])
        return
    if change.head:
        connection.execute(
            "INSERT INTO closing_door.document (id, head) VALUES (%s, %s) "
            "ON CONFLICT (id) DO UPDATE SET head = excluded.head",
            [name, as_json(change.head[1])],
        )
    elif not connection.execute("SELECT FROM closing_door.document WHERE id = %s", [name]).rowcount:
        return
    removed = [as_text(key) for key, (_, after) in change.records.items() if after is None]
    connection.execute(f"DELETE FROM closing_door.{_table(name)} WHERE document = %s AND id = ANY(%s)", [name, removed])
    _put(connection, name, {key: after for key, (_, after) in change.records.items() if after is not None})
    if change.order:
        _reorder(connection, name, [as_text(key) for key in change.order[1]])


def _put(connection: Connection, name: str, records: Mapping[str, Record]) -> None:
    """Add the records at the end; those that are there already keep their places."""
    columns = FEATURE_COLUMNS if is_layer(name) else ("id", "cells")
    given: Sequence[tuple[Any, ...]] = (
        feature_rows(records) if is_layer(name) else [(as_text(key), as_json(row)) for key, row in records.items()]
    )
    row = connection.execute(
        f"SELECT coalesce(max(position), 0) FROM closing_door.{_table(name)} WHERE document = %s", [name]
    ).fetchone()
    last = int(row[0]) if row else 0
    values = ["ST_GeomFromWKB(%s, 4326)" if column == "geom" else "%s" for column in columns]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO closing_door.{_table(name)} (document, position, {', '.join(columns)}) "
            f"VALUES (%s, %s, {', '.join(values)}) ON CONFLICT (document, id) DO UPDATE SET "
            + ", ".join(f"{column} = excluded.{column}" for column in columns[1:]),
            [(name, last + number, *row) for number, row in enumerate(given, start=1)],
        )


def _reorder(connection: Connection, name: str, order: list[str]) -> None:
    table = _table(name)
    connection.execute(
        f"UPDATE closing_door.{table} AS kept SET position = put.position FROM ("
        "  SELECT old.id, row_number() OVER (ORDER BY wanted.position, old.position) AS position"
        f" FROM closing_door.{table} AS old"
        "  LEFT JOIN unnest(%(order)s::text[]) WITH ORDINALITY AS wanted (id, position) USING (id)"
        "  WHERE old.document = %(name)s) AS put "
        "WHERE kept.document = %(name)s AND kept.id = put.id AND kept.position <> put.position",
        {"name": name, "order": order},
    )
