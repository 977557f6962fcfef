"""What Alembic runs for each upgrade: the steps, on the connection and in the transaction that `migrate` opened."""

from alembic import context

from routes.store.migrations import SCHEMA

context.configure(connection=context.config.attributes["connection"], version_table_schema=SCHEMA)
with context.begin_transaction():
    context.run_migrations()
