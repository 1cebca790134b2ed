"""The schema's version, and the migrations to it.

Only migrations import Alembic, so a bot with a current database saves 10 MB.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table, text

from storage.engine import row_macs
from storage.engine.database import Database
from storage.engine.encryption import Keyring

if TYPE_CHECKING:
    from alembic.config import Config

WANTED = "0020"
"""The version that this code needs."""
_KEPT = table("alembic_version", column("version_num"))
"""Alembic's own table."""
_DURABILITY = ("server_version", "synchronous_commit", "fsync", "full_page_writes")


async def present(db: Database) -> str:
    """Return the database's version; empty for a new database."""
    async with db.read() as connection:
        return await connection.run_sync(_present)


async def migrate(db: Database, target: str = "head", *, keyring: Keyring | None = None) -> None:
    """Migrate the database to a version, up or down, in one transaction.

    Rows of tables that had no MACs in its version get them.

    Args:
        keyring: the keys of the database; one without data needs none.

    Raises:
        LookupError: a version has to read encrypted rows, and has no keys.
    """
    async with db.write() as connection:
        before = await connection.run_sync(_present)
        await connection.run_sync(_migrate, target, keyring)
        if keyring is not None and await connection.run_sync(_present) == WANTED:
            await row_macs.bind_all(connection, keyring, before)


async def durability(db: Database) -> dict[str, str]:
    """Return a PostgreSQL server's settings that decide whether a commit survives a power cut.

    The bot sets ``synchronous_commit`` itself; ``fsync`` and ``full_page_writes`` are the server's.

    Raises:
        Unavailable: the server cannot be reached.
    """
    async with db.write() as connection:
        return {name: await connection.scalar(text(f"SHOW {name}")) or "" for name in _DURABILITY}


def _present(connection: Connection) -> str:
    if not inspect(connection).has_table(_KEPT.name):
        return ""
    return connection.scalar(select(_KEPT.c.version_num)) or ""


def _migrate(connection: Connection, target: str, keyring: Keyring | None) -> None:
    from alembic import command

    # Versions are numbers of one length, so that they compare as such; "head" is above them all.
    is_older = target == "base" or target < _present(connection)
    step = command.downgrade if is_older else command.upgrade
    step(_config(connection, keyring), target)


def _config(connection: Connection, keyring: Keyring | None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resources.files("storage") / "migrations"))
    config.attributes["connection"] = connection
    config.attributes["keyring"] = keyring
    return config
