"""The documents as rows, their history, what is kept privately, and the audit log."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE closing_door.revision (
    number integer PRIMARY KEY CHECK (number > 0),
    kind text NOT NULL,
    author text NOT NULL,
    publisher text NOT NULL,
    "time" text NOT NULL,
    reason text NOT NULL,
    base integer NOT NULL,
    documents text[] NOT NULL,
    changes json NOT NULL,
    note json NOT NULL
);
CREATE TABLE closing_door.document (
    id text PRIMARY KEY,
    head json NOT NULL
);
CREATE TABLE closing_door.feature (
    fid bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document text NOT NULL REFERENCES closing_door.document ON DELETE CASCADE,
    id text NOT NULL,
    position integer NOT NULL,
    kind text,
    name text,
    authority text,
    members json NOT NULL,
    geom geometry(Geometry, 4326),
    UNIQUE (document, id)
);
CREATE INDEX ON closing_door.feature (document, position);
CREATE INDEX ON closing_door.feature USING gist (geom);
CREATE TABLE closing_door.record (
    document text NOT NULL REFERENCES closing_door.document ON DELETE CASCADE,
    id text NOT NULL,
    position integer NOT NULL,
    cells json NOT NULL,
    PRIMARY KEY (document, id)
);
CREATE INDEX ON closing_door.record (document, position);
CREATE TABLE closing_door.kept (
    kind text NOT NULL,
    key text NOT NULL,
    value json NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE TABLE closing_door.log (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry json NOT NULL
);
"""

VIEWS = """
CREATE VIEW closing_door.segments AS
    SELECT fid, substr(document, 8) AS layer, id, kind, name, authority, members,
           geom::geometry(LineString, 4326) AS geom
    FROM closing_door.feature WHERE GeometryType(geom) = 'LINESTRING';
CREATE VIEW closing_door.places AS
    SELECT fid, substr(document, 8) AS layer, id, kind, name, authority, members,
           geom::geometry(Point, 4326) AS geom
    FROM closing_door.feature WHERE GeometryType(geom) = 'POINT';
"""

GUARDS = """
CREATE FUNCTION closing_door.refuse_direct_edits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('closing_door.commit', true) IS DISTINCT FROM 'yes' THEN
        RAISE EXCEPTION 'closing_door.% is not edited directly: the change would have no author, reason or check. '
            'Export the layer or table, edit the copy, and bring it back: '
            'python -m routes import FILE --layer ID --author NAME --reason TEXT', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION closing_door.refuse_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'closing_door.log is only ever added to: the audit log is not changed or shortened.'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON closing_door.log
    FOR EACH STATEMENT EXECUTE FUNCTION closing_door.refuse_changes();
"""

GUARDED = ("revision", "document", "feature", "record")


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute(TABLES)
    op.execute(VIEWS)
    op.execute(GUARDS)
    for table in GUARDED:
        op.execute(
            f"CREATE TRIGGER only_by_a_save BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON closing_door.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION closing_door.refuse_direct_edits()"
        )


def downgrade() -> None:
    op.execute("DROP SCHEMA closing_door CASCADE")
