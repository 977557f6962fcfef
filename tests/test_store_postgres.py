"""What only the PostgreSQL home can show; what both homes promise stands in test_store.py."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from making import collection, items
from postgres import PASSWORD, USER, Server, fresh_database
from saving import LAYER, TIME, layer_of, renamed, revision_to, save

from routes.documents import Document
from routes.problems import StaleError, StoreError, UnreadableError
from routes.store import KEPT_KINDS, Revision, Store
from routes.store.connecting import Database
from routes.store.files import FilesStore
from routes.store.migrations import migrate
from routes.store.moving import move
from routes.store.postgres import PostgresStore

Home = PostgresStore
ROOT = Path(__file__).parent.parent


@pytest.fixture
def store(database_url: str, small_folder: Path) -> Iterator[Home]:
    """A home whose history has begun with a few good records."""
    with closing(PostgresStore(database_url, seed=FilesStore(small_folder).texts)) as opened:
        opened.begin(time=TIME)
        yield opened


def ran(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [102.123456789012345, 5e-324]},
        {"type": "LineString", "coordinates": [[0.1, 0.2], [1 / 3, 2 / 3]]},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [100.0, 20.0]}]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
    ],
    ids=lambda geometry: geometry["type"],
)
def test_geometry_lies_in_the_geometry_column_alone(store: Home, database_url: str, geometry: Any) -> None:
    record = {"type": "Feature", "id": "new", "geometry": geometry, "properties": {"name": "New"}}
    save(store, {LAYER: Document({"title": "Ways"}, {"new": record})})
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT members, geom IS NULL FROM closing_door.feature WHERE id = 'new'").fetchone()
    assert row == ({**record, "geometry": None}, False)
    assert store.documents()[LAYER].records["new"] == record


def test_a_seed_that_holds_no_document_is_named_and_nothing_begins(database_url: str) -> None:
    seed = {"layers/ways.geojson": b"{", "layers/Not an id.geojson": b"", "README": b""}
    with closing(PostgresStore(database_url, seed=lambda: seed)) as opened:
        with pytest.raises(UnreadableError, match=r"layers/ways\.geojson"):
            opened.begin(time=TIME)
        assert not opened.has_begun
        assert opened.texts() == seed


# Several at once


def test_a_save_shows_in_another_replica_within_two_seconds(store: Home, database_url: str) -> None:
    with closing(PostgresStore(database_url)) as other:
        before = other.stamp()
        save(store, renamed(store, "Another name"))
        saved = time.monotonic()
        while other.stamp() == before:
            assert time.monotonic() - saved < 2
        assert other.texts() == store.texts()
        assert b"Another name" in other.texts()["layers/ways.geojson"]


def test_of_many_saves_with_one_number_one_is_written(store: Home) -> None:
    revisions = [revision_to(store, renamed(store, f"{n}"), author=f"editor {n}") for n in range(8)]

    def won(revision: Revision) -> bool:
        try:
            store.commit(revision, drop=(("drafts", revision.author),))
        except StaleError:
            return False
        return True

    for revision in revisions:
        store.keep("drafts", revision.author, {})
    with ThreadPoolExecutor(8) as pool:
        winners = [revision for revision, is_won in zip(revisions, pool.map(won, revisions), strict=True) if is_won]
    assert winners == [store.revision(2)]
    assert store.head() == 2
    assert len(store.all_kept("drafts")) == 7


def test_replicas_that_open_an_empty_database_together_make_its_tables_once(database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(PostgresStore, [database_url] * 4))
    for opened in stores:
        opened.begin(time=TIME)
        opened.close()
    with closing(PostgresStore(database_url)) as again:
        assert again.head() == 1


def test_tables_of_a_newer_program_are_refused(store: Home, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE closing_door.alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="got newer ones"):
        PostgresStore(database_url)
    assert store.head() == 1


# The server goes away


def test_readers_keep_what_was_published_while_the_server_is_away_and_writers_go_on_when_it_is_back(
    store: Home, postgres: Server
) -> None:
    texts, number = store.texts(), store.stamp()
    revision = revision_to(store, renamed(store, "After the crash"))
    postgres.stop()
    try:
        assert (store.stamp(), store.texts()) == (number, texts)
        with pytest.raises(StoreError, match="Check that the server runs"):
            store.commit(revision)
    finally:
        postgres.start()
    store.commit(revision)
    assert store.head() == store.stamp() == number + 1


def test_the_listener_comes_back_after_a_restart(store: Home, database_url: str, postgres: Server) -> None:
    with closing(PostgresStore(database_url)) as other:
        postgres.stop()
        postgres.start()
        save(store, renamed(store, "Heard"))
        saved = time.monotonic()
        while other.stamp() < 2:
            assert time.monotonic() - saved < 2


def test_without_a_listener_a_save_shows_within_two_seconds_all_the_same(store: Home, database_url: str) -> None:
    with closing(PostgresStore(database_url)) as other:
        other._newest.close()
        other._newest._thread.join()
        save(store, renamed(store, "Asked for"))
        saved = time.monotonic()
        while other.stamp() < 2:
            assert time.monotonic() - saved < 2


# Refusals

EDITS = [
    "UPDATE closing_door.feature SET name = 'x'",
    "UPDATE closing_door.segments SET name = 'x'",
    "DELETE FROM closing_door.record",
    "INSERT INTO closing_door.document VALUES ('x', '{}')",
    "UPDATE closing_door.revision SET author = 'x'",
    "TRUNCATE closing_door.document CASCADE",
]


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_past_the_store_is_refused_with_what_to_do(store: Home, database_url: str, edit: str) -> None:
    before = store.documents()
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.Error, match="python -m routes import"):
        connection.execute(edit)
    assert store.documents() == before


@pytest.mark.parametrize("edit", ["UPDATE {} SET entry = '{{}}'", "DELETE FROM {}", "TRUNCATE {}"])
def test_nobody_changes_or_shortens_the_audit_log(store: Home, database_url: str, edit: str) -> None:
    store.log({"event": "sign-in"})
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.Error, match="only ever added to"):
        connection.execute(edit.format("closing_door.log"))
    assert store.logged() == [{"event": "sign-in"}]


def test_a_database_that_may_only_be_read_says_so(store: Home, database_url: str) -> None:
    with closing(PostgresStore(f"{database_url}&options=-cdefault_transaction_read_only%3Don")) as reading:
        assert reading.texts() == store.texts()
        with pytest.raises(StoreError, match="this one may only be read"):
            save(reading, renamed(reading, "x"))


def test_a_full_disk_says_so() -> None:
    with (
        closing(Database("postgresql:///nowhere")) as database,
        pytest.raises(StoreError, match="Make room on the database server's disk"),
        database.in_words(),
    ):
        raise psycopg.errors.DiskFull("could not extend file")


SECRET = "h0rse-battery"


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://keeper:{SECRET}@127.0.0.1:1/x",
        f"postgresql://keeper:{SECRET}@no-such-host.invalid/x",
        f"postgresql://keeper:{SECRET}@/x?host=/no/such/folder",
        f"postgresql://keeper:{SECRET}@/x?no_such_option=1",
        f"postgresql://keeper:{SECRET}/a@127.0.0.1/x",
        f"postgresql://keeper:1/{SECRET}@127.0.0.1/x",
        f"postgresql://keeper:a@{SECRET}@127.0.0.1/x",
        f"postgresql://keeper:#{SECRET}@127.0.0.1/x",
        f"postgresql://keeper:a?{SECRET}@127.0.0.1/x",
        f"postgresql://keeper:%zz{SECRET}@127.0.0.1/x",
        f"postgresql://keeper:[{SECRET}@127.0.0.1/x",
        f"mysql://keeper:{SECRET}@127.0.0.1/x",
        f"host=127.0.0.1 password={SECRET}",
        SECRET,
    ],
)
def test_no_error_holds_the_password(address: str) -> None:
    with pytest.raises(StoreError) as caught:
        PostgresStore(address)
    assert SECRET not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_wrong_password_is_refused_without_repeating_it(database_url: str) -> None:
    address = database_url.replace("rather", SECRET)
    assert address != database_url
    with pytest.raises(StoreError, match="password authentication failed") as caught:
        PostgresStore(address)
    assert SECRET not in str(caught.value)
    assert PASSWORD not in str(caught.value)


# Redaction


def test_what_is_redacted_is_in_no_file_of_the_database(store: Home, postgres: Server, database_url: str) -> None:
    word = "Zebrastreifen"
    save(store, renamed(store, word))
    save(store, renamed(store, "Harmless"))

    def without(revision: Revision) -> Revision:
        return Revision.from_json(json.loads(json.dumps(revision.as_json()).replace(word, "…")))

    before = store.documents()
    assert files_with(word, postgres, database_url)
    added = revision_to(store, {}, kind="redaction", note={"redacted": {"revisions": 2}})
    store.rewrite(without, added)
    assert not files_with(word, postgres, database_url)
    assert store.documents() == before
    assert [revision.number for revision in store.revisions()] == [4, 3, 2, 1]
    assert store.revision(4) == added


def test_a_rewriting_waits_for_whoever_still_reads_the_old_rows(
    store: Home, postgres: Server, database_url: str
) -> None:
    word = "Zebrastreifen"
    save(store, {}, reason=word)
    added = revision_to(store, {})
    with psycopg.connect(database_url) as reader, ThreadPoolExecutor(1) as pool:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT 1")
        rewriting = pool.submit(store.rewrite, lambda revision: replace(revision, reason=""), added)
        while store.head() < added.number:
            assert not rewriting.done()
        reader.rollback()
        rewriting.result()
    assert not files_with(word, postgres, database_url)


def files_with(word: str, server: Server, url: str) -> list[Path]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    return [path for path in (server.folder / "data" / "base").rglob("*")
            if path.is_file() and word.encode() in path.read_bytes()]  # fmt: skip


def test_a_rewriting_that_fails_changes_nothing(store: Home) -> None:
    save(store, renamed(store, "One"))
    before = store.revisions()

    def failing(revision: Revision) -> Revision:
        if revision.number == 2:
            raise ValueError
        return replace(revision, reason="Changed.")

    with pytest.raises(ValueError, match=r"^$"):
        store.rewrite(failing, revision_to(store, {}))
    with pytest.raises(StaleError):
        store.rewrite(lambda revision: replace(revision, reason="Changed."), revision_to(store, {}, number=9))
    assert store.revisions() == before


# Other programs


def test_a_gis_lists_and_exports_the_features(store: Home, database_url: str, tmp_path: Path) -> None:
    written = collection(*items())
    records = {record["id"]: record for record in written.pop("features")}
    save(store, {LAYER: Document(written, records)})
    source = f"PG:{database_url}"
    tables = ("closing_door.segments", "closing_door.places")
    listed = ran("ogrinfo", "-ro", "-al", source, *tables)
    assert "Geometry: Line String" in listed
    assert "Geometry: Point" in listed
    exported = {}
    for table in tables:
        out = tmp_path / f"{table}.geojson"
        ran("ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=15", str(out), source, table)
        for item in json.loads(out.read_text(encoding="utf-8"))["features"]:
            members = item["properties"]["members"]
            exported[item["properties"]["id"]] = {**members, "geometry": item["geometry"]}
    assert exported == records


SQUARE = [[100.0, 15.0], [104.0, 15.0], [104.0, 18.0], [100.0, 15.0]]
SHAPES: dict[str, tuple[str, Any]] = {
    "point": ("places", [98.0, 16.0]),
    "line-string": ("segments", [[106.0, 15.0], [108.0, 18.0]]),
    "polygon": ("areas", [SQUARE]),
    "multi-polygon": ("areas", [[SQUARE], [[[90.0, 1.0], [91.0, 1.0], [91.0, 2.0], [90.0, 1.0]]]]),
    "multi-line-string": ("multi_segments", [[[106.0, 20.0], [110.0, 20.0]], [[106.0, 21.0], [110.0, 21.0]]]),
    "multi-point": ("multi_places", [[97.0, 20.0], [99.0, 20.0]]),
}
"""The view in which a geometry stands, and its coordinates."""

LISTED = {
    "places": "Point", "segments": "Line String", "areas": "Multi Polygon",
    "multi_segments": "Multi Line String", "multi_places": "Multi Point",
}  # fmt: skip


def layer_of_shapes() -> Document:
    layer = layer_of(*SHAPES)
    geometries = {key: {"type": key.title().replace("-", ""), "coordinates": at} for key, (_, at) in SHAPES.items()}
    return replace(layer, records={key: {**one, "geometry": geometries[key]} for key, one in layer.records.items()})


def as_the_page_for_staff_says(database_url: str) -> str:
    """The address of a GIS's user, made by what docs/staff.md says."""
    text = (ROOT / "docs" / "staff.md").read_text(encoding="utf-8")
    sql = text.partition("```sql\n")[2].partition("```")[0].replace("'...'", f"'{PASSWORD}'")
    with psycopg.connect(database_url, autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_roles WHERE rolname = 'gis'").rowcount:
            connection.execute("DROP OWNED BY gis; DROP ROLE gis")
        connection.execute(sql)
    return database_url.replace(f"{USER}:", "gis:", 1)


def test_a_gis_user_as_documented_reads_every_geometry_and_nothing_private(
    store: Home, database_url: str, tmp_path: Path
) -> None:
    save(store, {LAYER: layer_of_shapes()})
    gis = as_the_page_for_staff_says(database_url)
    found = {}
    for view, geometry in LISTED.items():
        assert f"Geometry: {geometry}\n" in ran("ogrinfo", "-ro", "-so", f"PG:{gis}", f"closing_door.{view}")
        out = tmp_path / f"{view}.geojson"
        ran("ogr2ogr", "-f", "GeoJSON", str(out), f"PG:{gis}", f"closing_door.{view}")
        for one in json.loads(out.read_text(encoding="utf-8"))["features"]:
            found[one["properties"]["id"]] = (view, one["geometry"]["coordinates"])
    assert found == {**SHAPES, "polygon": ("areas", [[SQUARE]])}
    with psycopg.connect(gis) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM closing_door.kept")


def test_a_database_from_before_areas_had_a_view_gets_one_and_keeps_what_it_holds(
    database_url: str, small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("routes.store.postgres.migrate", lambda connection: migrate(connection, "0001"))
        with closing(PostgresStore(database_url, seed=FilesStore(small_folder).texts)) as old:
            old.begin(time=TIME)
            save(old, {LAYER: layer_of_shapes()})
            before = (old.documents(), old.revisions())
            assert views(database_url) == {"segments", "places"}
    with closing(PostgresStore(database_url)) as new:
        assert views(database_url) == set(LISTED)
        assert (new.documents(), new.revisions()) == before
        save(new, renamed(new, "After the upgrade"))
    assert "Feature Count: 2" in ran("ogrinfo", "-ro", "-so", f"PG:{database_url}", "closing_door.areas")


def views(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT viewname FROM pg_views WHERE schemaname = 'closing_door'").fetchall()
    return {name for (name,) in rows}


def test_a_gis_cannot_write(store: Home, database_url: str) -> None:
    before = store.documents()
    sql = "UPDATE closing_door.feature SET name = 'x'"
    done = subprocess.run(["ogrinfo", f"PG:{database_url}", "-sql", sql], capture_output=True, text=True)
    assert "not edited directly" in done.stderr
    assert store.documents() == before


# Moving


def everything(home: Store) -> Any:
    documents = [(name, document.order, document) for name, document in sorted(home.documents().items())]
    kept = {kind: home.all_kept(kind) for kind in KEPT_KINDS}
    return documents, dict(home.texts()), home.revisions(limit=99), kept, home.logged()


def test_everything_moves_from_files_to_postgresql_and_back(
    small_folder: Path, database_url: str, tmp_path: Path
) -> None:
    files = FilesStore(small_folder, settling=0)
    files.begin(time=TIME)
    for number, name in enumerate(("One", "Two")):
        save(files, renamed(files, name), author=name, time=f"2026-11-2{number}T08:00:00Z", note={"proposal": name})
        files.log({"event": "save", "name": name})
    save(files, {"layers/new": layer_of("b", "a"), LAYER: None})
    files.keep("accounts", "mina", {"role": "editor"})
    (tmp_path / "back").mkdir()
    back = FilesStore(tmp_path / "back", settling=0)
    with closing(PostgresStore(database_url)) as database:
        assert move(files, database) == move(database, back) == 4
        assert everything(files) == everything(database) == everything(back)
        with pytest.raises(StoreError, match="expected an empty one"):
            move(files, database)


def test_a_home_without_a_history_cannot_be_moved(database_url: str, postgres: Server) -> None:
    with closing(PostgresStore(database_url)) as source, closing(PostgresStore(fresh_database(postgres))) as target:
        with pytest.raises(StoreError, match="expected a history"):
            move(source, target)
        assert not target.has_begun
