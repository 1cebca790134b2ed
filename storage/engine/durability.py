"""What a PostgreSQL server makes of a commit: whether it is on the disk when we hear of it."""

from __future__ import annotations

from sqlalchemy import text

from storage.engine.database import Database

SETTINGS = ("server_version", "synchronous_commit", "fsync", "full_page_writes")


async def read(db: Database) -> dict[str, str]:
    """These settings as they are in force for who writes.

    ``synchronous_commit`` is ours to set, and ``storage.engine.postgres`` sets it; ``fsync`` and
    ``full_page_writes`` are the server's, and where they are off a power cut costs data.

    Raises:
        Unavailable: the server cannot be reached.
    """
    async with db.write() as connection:
        return {name: await connection.scalar(text(f"SHOW {name}")) or "" for name in SETTINGS}
