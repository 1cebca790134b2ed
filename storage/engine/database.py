"""The database of one URL: one connection writes, others read.

Write transactions run one by one, and a confirmed commit is on the disk. A reader sees one
snapshot. ``storage.engine.sqlite`` and ``storage.engine.postgres`` set this up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeAlias

from sqlalchemy import ExceptionContext, Table, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from states.texts import Explained, Text
from storage.engine import postgres, sqlite
from storage.engine.connection_roles import ConnectionRole
from storage.engine.trouble_causes import Cause

Insert = sqlite_dialect.Insert | postgresql.Insert
Connection: TypeAlias = AsyncConnection
"""An open connection, opaque to the rooms above."""

_WAKES = "wakes"
BUSY_MS = 2_000
TIME_LIMIT = 20.0


class Unavailable(Exception):
    """The database cannot be reached or stays locked; nothing was changed."""

    def __init__(self, reason: str = "", cause: Cause = Cause.OTHER) -> None:
        super().__init__(reason)
        self.cause = cause


class Conflict(Unavailable):
    """Another process was faster (a serialization failure): nothing was changed, try again."""


class InDoubt(Unavailable):
    """The database failed during a commit, which may have taken effect."""


class Damaged(Explained):
    """The database's file is damaged, or no database; waiting does not mend it."""

    def __init__(self, reason: str) -> None:
        super().__init__(Text("doctor-data-damaged", {"reason": reason}))


def wake_after_commit(connection: AsyncConnection) -> None:
    """Set ``Database.woken`` when this write transaction has committed."""
    connection.info[_WAKES] = True


class Database:
    """The engines of one database. ``woken`` is set after a commit that makes a job due earlier.

    Args:
        url: ``sqlite+aiosqlite:///path``, or ``postgresql://…`` with or without ``+asyncpg``.
        busy_ms: the longest wait for a lock, in milliseconds.
        time_limit: the longest statement on PostgreSQL, in seconds; None for no limit.
    """

    def __init__(
        self, url: str, *, busy_ms: int = BUSY_MS, time_limit: float | None = TIME_LIMIT
    ) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self._upserts: dict[tuple[Table, tuple[str, ...]], Insert] = {}
        self.woken = asyncio.Event()

        def engine(role: ConnectionRole) -> AsyncEngine:
            if self.is_sqlite:
                return sqlite.engine(parsed, role, busy_ms=busy_ms)
            return postgres.engine(parsed, role, busy_ms=busy_ms, time_limit=time_limit)

        self._engines = {role: engine(role) for role in ConnectionRole}
        for each in self._engines.values():
            event.listen(each.sync_engine, "handle_error", self._translate)

    def _translate(self, context: ExceptionContext) -> Exception | None:
        """Turn faults of connections and locks into ``Unavailable``; keep other errors.

        A damaged file is ``Damaged``: nothing can be read, so the bot has to stop.
        """
        if self.is_sqlite and sqlite.is_damaged(context):
            return Damaged(str(context.original_exception))
        if not self.is_sqlite:
            postgres.hide_values(context)
        is_trouble = sqlite.is_trouble if self.is_sqlite else postgres.is_trouble
        cause_of = sqlite.cause_of if self.is_sqlite else postgres.cause_of
        error = context.original_exception
        return _unavailable(error, cause_of(error)) if is_trouble(context) else None

    @property
    def engines(self) -> tuple[AsyncEngine, ...]:
        """All engines, for listeners on their statements."""
        return tuple(self._engines.values())

    @property
    def writer(self) -> AsyncEngine:
        """The engine of write transactions, for listeners on its statements."""
        return self._engines[ConnectionRole.WRITE]

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a write transaction: commit at the end of the block, roll back on an exception.

        Raises:
            Unavailable: the database is gone or locked.
            InDoubt: the database failed during the commit.
        """
        committing = False
        try:
            async with _connected(self.writer) as connection:
                connection.info[_WAKES] = False
                async with connection.begin():
                    yield connection
                    committing = True
                if connection.info[_WAKES]:
                    self.woken.set()
        except Conflict:
            raise
        except Unavailable as error:
            if committing:
                raise InDoubt(str(error), error.cause) from error
            raise

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a snapshot of committed data, rolled back at the end of the block.

        Raises:
            Unavailable: the database is gone or locked.
        """
        async with _connected(self._engines[ConnectionRole.READ]) as connection:
            yield connection

    @asynccontextmanager
    async def read_autocommit(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection whose queries each see the latest commit.

        Raises:
            Unavailable: the database is gone or locked.
        """
        async with _connected(self._engines[ConnectionRole.AUTOCOMMIT]) as connection:
            yield connection

    def insert(self, table: Table) -> Insert:
        """Return an INSERT of this dialect, which supports ON CONFLICT."""
        return sqlite_dialect.insert(table) if self.is_sqlite else postgresql.insert(table)

    def upsert(self, table: Table, *, keeping: tuple[str, ...] = ()) -> Insert:
        """Return a cached INSERT that replaces a row of the same primary key.

        The columns of ``keeping`` keep their values in an existing row.
        """
        if (table, keeping) not in self._upserts:
            statement = self.insert(table)
            key = table.primary_key.columns.keys()
            replaced = [one.key for one in table.columns if one.key not in (*key, *keeping)]
            self._upserts[table, keeping] = statement.on_conflict_do_update(
                index_elements=key, set_={name: statement.excluded[name] for name in replaced}
            )
        return self._upserts[table, keeping]

    async def close(self) -> None:
        """Close all connections."""
        for engine in self._engines.values():
            await engine.dispose()


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async with AsyncExitStack() as stack:
        try:
            connection = await stack.enter_async_context(engine.connect())
        except NoConnectionFree as error:
            raise Unavailable("database: no connection is free") from error
        except OSError as error:  # asyncpg's own: it bypasses the event
            raise _unavailable(error, postgres.cause_of(error)) from error
        yield connection


def _unavailable(error: BaseException, cause: Cause) -> Unavailable:
    """Name the error's class only: its text may hold the server's address or a row's values."""
    kind = type(getattr(error, "driver_exception", error))
    sqlstate: str = getattr(error, "sqlstate", None) or ""
    is_conflict = sqlstate.startswith(postgres.CONFLICT)
    return (Conflict if is_conflict else Unavailable)(f"database: {kind.__name__}, {cause}", cause)


def name_of_server(url: str) -> str:
    """Return the URL of a server's database without its user, password and options."""
    parsed = make_url(url)
    port = f":{parsed.port}" if parsed.port else ""
    return f"{parsed.get_backend_name()}://{parsed.host or ''}{port}/{parsed.database}"
