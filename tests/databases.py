"""Databases as a second process sees them, whichever kind they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url, select

from storage.engine.database import BUSY_MS, Database
from storage.engine.tables import metadata

SQLITE, POSTGRESQL = KINDS = ("sqlite", "postgresql")


def url_of(file: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite+aiosqlite:///{file}"


@asynccontextmanager
async def opened(url: str, *, busy_ms: int = BUSY_MS) -> AsyncIterator[Database]:
    """The database, as another process would open it."""
    db = Database(url, busy_ms=busy_ms)
    try:
        yield db
    finally:
        await db.close()


async def lying(url: str) -> bytes:
    """All that can be read there: SQLite's bytes on the disk, or every value on PostgreSQL."""
    async with opened(url) as db, db.read() as connection:
        if db.is_sqlite:
            file = Path(make_url(url).database or "")
            return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))
        values = [
            value
            for table in metadata.sorted_tables
            for row in await connection.execute(select(table))
            for value in row
        ]
    return b"\n".join(
        value if isinstance(value, bytes) else f"{value}".encode() for value in values
    )
