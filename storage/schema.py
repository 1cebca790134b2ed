"""The schema's version: what the database has, what the code wants, and the way between."""

from __future__ import annotations

from importlib import resources

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.db import Database
from storage.tables import metadata


def wanted() -> str:
    """The version that this code was written for."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def present(db: Database) -> str:
    """The version of the database; empty for a new one."""
    async with db.read() as connection:
        return await connection.run_sync(_present)


async def migrate(db: Database, target: str = "head") -> None:
    """Bring the database to a version, up or down, in one transaction."""
    async with db.write() as connection:
        await connection.run_sync(_migrate, target)


async def differences(db: Database) -> list[object]:
    """How the database differs from the tables in the code; empty when the migrations are right."""
    async with db.read() as connection:
        return await connection.run_sync(
            lambda sync: list(compare_metadata(MigrationContext.configure(sync), metadata))
        )


def _migrate(connection: Connection, target: str) -> None:
    # Versions are numbers of one length, so that they compare as such; "head" is above them all.
    is_older = target == "base" or target < _present(connection)
    step = command.downgrade if is_older else command.upgrade
    step(_config(connection), target)


def _present(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("storage") / "migrations"))
    config.attributes["connection"] = connection
    return config
