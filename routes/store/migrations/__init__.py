"""The tables of the PostgreSQL home, brought up to date by Alembic; one file under `versions/` for each step.

To change the tables, add `versions/v0002_what_it_does.py` with `revision = "0002"` and `down_revision` naming the step
before it, and write its `upgrade` in SQL. A step that has been released is never edited.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from psycopg import Connection
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from routes.problems import StoreError

SCHEMA = "closing_door"
LOCK = 0x636C6F7365
"""The advisory lock of whoever migrates or writes."""


def migrate(connection: Connection[Any], to: str = "head") -> None:
    """Bring the tables in the database up to date, or to the step `to`: all steps or none, nothing where they are.

    Replicas that start together wait for each other. Raises psycopg's own errors, and StoreError where the database
    is newer than this program.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    engine = create_engine("postgresql+psycopg://", creator=lambda: connection, poolclass=StaticPool)
    newest = ScriptDirectory.from_config(config).get_current_head()
    try:
        with engine.begin() as bound:
            options = {"version_table_schema": SCHEMA}
            if MigrationContext.configure(bound, opts=options).get_current_revision() == newest:
                return
            bound.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            if bound.execute(text("SELECT to_regnamespace(:schema)"), {"schema": SCHEMA}).scalar() is None:
                bound.execute(text(f"CREATE SCHEMA {SCHEMA}"))
            config.attributes["connection"] = bound
            command.upgrade(config, to)
    except CommandError:
        raise StoreError(
            f"The database: expected tables of step {newest} or before, which this program knows; got newer ones. "
            "Start the newer version of the program."
        ) from None
    except DBAPIError as error:
        raise error.orig or error from None
