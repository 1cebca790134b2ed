"""The differences between a database's schema and the tables in the code."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from storage.engine.database import Database
from storage.engine.tables import metadata


async def differences(db: Database) -> list[object]:
    """Return the differences that Alembic would migrate."""

    def compared(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with db.read() as connection:
        return await connection.run_sync(compared)
