"""Views of areas, and of several lines or points in one feature: each of one type, as a GIS lists them."""

from alembic import op

revision = "0002"
down_revision = "0001"

VIEWS = """
CREATE VIEW closing_door.areas AS
    SELECT fid, substr(document, 8) AS layer, id, kind, name, authority, members,
           ST_Multi(geom)::geometry(MultiPolygon, 4326) AS geom
    FROM closing_door.feature WHERE GeometryType(geom) IN ('POLYGON', 'MULTIPOLYGON');
CREATE VIEW closing_door.multi_segments AS
    SELECT fid, substr(document, 8) AS layer, id, kind, name, authority, members,
           geom::geometry(MultiLineString, 4326) AS geom
    FROM closing_door.feature WHERE GeometryType(geom) = 'MULTILINESTRING';
CREATE VIEW closing_door.multi_places AS
    SELECT fid, substr(document, 8) AS layer, id, kind, name, authority, members,
           geom::geometry(MultiPoint, 4326) AS geom
    FROM closing_door.feature WHERE GeometryType(geom) = 'MULTIPOINT';
"""


def upgrade() -> None:
    op.execute(VIEWS)


def downgrade() -> None:
    op.execute("DROP VIEW closing_door.areas, closing_door.multi_segments, closing_door.multi_places")
