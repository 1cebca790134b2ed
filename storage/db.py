"""The database behind one URL: who may write, who may read, and with what promises.

SQLite: one writer connection (``BEGIN IMMEDIATE``, ``synchronous=FULL``: updates are acknowledged
on that commit) and a separate read engine over the same WAL.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

Insert = sqlite.Insert | postgresql.Insert

READERS = 4
BUSY_MS = 2_000


class Unavailable(Exception):
    """The database cannot be reached, or stays locked; nothing was changed."""


class Database:
    """The engines of one database.

    Args:
        url: ``sqlite+aiosqlite:///path`` or ``postgresql+asyncpg://…``.
        busy_ms: how long a locked SQLite file is waited for, in milliseconds.
    """

    def __init__(self, url: str, *, busy_ms: int = BUSY_MS) -> None:
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._busy_ms = busy_ms
        self._upserts: dict[Table, Insert] = {}
        writers = 1 if self.is_sqlite else READERS
        self._writer = create_async_engine(url, pool_size=writers, max_overflow=0)
        self._reader = create_async_engine(url, pool_size=READERS, max_overflow=0)
        if self.is_sqlite:
            self._on_connect(self._writer, begin="BEGIN IMMEDIATE")
            self._on_connect(self._reader, begin="BEGIN")

    def _on_connect(self, engine: AsyncEngine, *, begin: str) -> None:
        @event.listens_for(engine.sync_engine, "connect")
        def prepare(connection: Any, _record: object) -> None:
            # The driver's own transaction handling begins too late for BEGIN IMMEDIATE.
            connection.isolation_level = None
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout={self._busy_ms}")
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.close()

        @event.listens_for(engine.sync_engine, "begin")
        def start(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

    @property
    def writer(self) -> AsyncEngine:
        """The engine that writes, for the migrations."""
        return self._writer

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that writes: committed at the end, rolled back by an exception.

        Raises:
            Unavailable: the database is gone or locked.
        """
        try:
            async with self._writer.begin() as connection:
                yield connection
        except NoConnectionFree as error:
            raise Unavailable("no connection is free") from error
        except DBAPIError as error:
            raise _translated(error) from error

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view of what is committed; rolled back, so that no snapshot goes stale.

        Raises:
            Unavailable: the database is gone or locked.
        """
        try:
            async with self._reader.connect() as connection:
                yield connection
        except NoConnectionFree as error:
            raise Unavailable("no connection is free") from error
        except DBAPIError as error:
            raise _translated(error) from error

    def insert(self, table: Table) -> Insert:
        """An INSERT of this database's dialect, which can say ON CONFLICT."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def upsert(self, table: Table) -> Insert:
        """An INSERT that replaces the row of the same primary key; made once a table."""
        if table not in self._upserts:
            statement = self.insert(table)
            keys = [column.name for column in table.primary_key]
            rest = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
            self._upserts[table] = statement.on_conflict_do_update(index_elements=keys, set_=rest)
        return self._upserts[table]

    async def close(self) -> None:
        """Give all connections back."""
        await self._writer.dispose()
        await self._reader.dispose()


_SIGNS = ("locked", "unable to open", "disk i/o", "disk is full", "connection", "readonly")
"""What databases say when nothing is wrong with the statement."""


def _translated(error: DBAPIError) -> Exception:
    """Faults of the connection and locks are ``Unavailable``; faults of ours stay what they are."""
    text = str(error.orig).lower()
    gone = error.connection_invalidated or any(sign in text for sign in _SIGNS)
    return Unavailable(type(error.orig).__name__) if gone else error
