"""Alembic's entry: run the versions on the connection of ``storage.engine.schema``."""

from alembic import context

from storage.engine.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
