"""The database behind one URL: who may write, who may read, and with what promises.

One connection writes, one transaction after the other, and a commit that was heard of is on the
disk; readers have connections of their own and see one moment each. ``storage.engine.sqlite`` and
``storage.engine.postgres`` say how.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeAlias

from sqlalchemy import ExceptionContext, Table, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.engine import postgres, sqlite
from storage.engine.connection_roles import ConnectionRole

Insert = sqlite_dialect.Insert | postgresql.Insert
Connection: TypeAlias = AsyncConnection
"""What is asked within; the rooms above hand it on and know nothing of it."""

BUSY_MS = 2_000
PATIENCE = 20.0


class Unavailable(Exception):
    """The database cannot be reached, or stays locked; nothing was changed."""


class InDoubt(Unavailable):
    """The database was gone during a commit: it may have taken effect, or not."""


class Database:
    """The engines of one database.

    Args:
        url: ``sqlite+aiosqlite:///path``, or ``postgresql://…`` with or without ``+asyncpg``.
        busy_ms: how long somebody else's lock is waited for, in milliseconds.
        patience: how long a statement on PostgreSQL may take, in seconds; None is for ever.
    """

    def __init__(
        self, url: str, *, busy_ms: int = BUSY_MS, time_limit: float | None = PATIENCE
    ) -> None:
        place = make_url(url)
        self.is_sqlite = place.get_backend_name() == "sqlite"
        self._upserts: dict[tuple[Table, tuple[str, ...]], Insert] = {}

        def engine(use: ConnectionRole) -> AsyncEngine:
            if self.is_sqlite:
                return sqlite.engine(place, use, busy_ms=busy_ms)
            server = postgres.normal(place)
            return postgres.engine(server, use, busy_ms=busy_ms, time_limit=time_limit)

        self._engines = {use: engine(use) for use in ConnectionRole}
        for made in self._engines.values():
            event.listen(made.sync_engine, "handle_error", self._translate)

    def _translate(self, context: ExceptionContext) -> Unavailable | None:
        """Faults of connection and locks are ``Unavailable``; faults of ours stay what they are."""
        is_trouble = sqlite.is_trouble if self.is_sqlite else postgres.is_trouble
        return _unavailable(context.original_exception) if is_trouble(context) else None

    @property
    def writer(self) -> AsyncEngine:
        """The engine that writes, for those who look at its statements."""
        return self._engines[ConnectionRole.WRITE]

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that writes: committed at the end, rolled back by an exception.

        Raises:
            Unavailable: the database is gone or locked.
            InDoubt: it was gone during the commit.
        """
        committing = False
        try:
            async with _connected(self.writer) as connection, connection.begin():
                yield connection
                committing = True
        except Unavailable as error:
            if committing:
                raise InDoubt(str(error)) from error
            raise

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view of what is committed; rolled back, so that no snapshot goes stale.

        Raises:
            Unavailable: the database is gone or locked.
        """
        async with _connected(self._engines[ConnectionRole.READ]) as connection:
            yield connection

    @asynccontextmanager
    async def read_autocommit(self) -> AsyncIterator[AsyncConnection]:
        """What is committed, query by query, for what nobody else changes meanwhile.

        Raises:
            Unavailable: the database is gone or locked.
        """
        async with _connected(self._engines[ConnectionRole.AUTOCOMMIT]) as connection:
            yield connection

    def insert(self, table: Table) -> Insert:
        """An INSERT of this database's dialect, which can say ON CONFLICT."""
        return sqlite_dialect.insert(table) if self.is_sqlite else postgresql.insert(table)

    def upsert(self, table: Table, *, leaving: tuple[str, ...] = ()) -> Insert:
        """An INSERT that replaces the row of the same primary key; made once a table.

        Of a row that is there already the columns named by ``leaving`` stay as they are.
        """
        if (table, leaving) not in self._upserts:
            statement = self.insert(table)
            keys = [column.key for column in table.primary_key]
            rest = {
                column.key: statement.excluded[column.key]
                for column in table.columns
                if column.key not in (*keys, *leaving)
            }
            self._upserts[table, leaving] = statement.on_conflict_do_update(
                index_elements=keys, set_=rest
            )
        return self._upserts[table, leaving]

    async def close(self) -> None:
        """Give all connections back."""
        for engine in self._engines.values():
            await engine.dispose()


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async with AsyncExitStack() as stack:
        try:
            connection = await stack.enter_async_context(engine.connect())
        except NoConnectionFree as error:
            raise Unavailable("database: no connection is free") from error
        except OSError as error:  # asyncpg's own, of which the engine does not hear
            raise _unavailable(error) from error
        yield connection


def _unavailable(error: BaseException) -> Unavailable:
    """Its kind only: what it says can hold the server's address, or what a row holds."""
    kind = type(getattr(error, "driver_exception", error))
    return Unavailable(f"database: {kind.__name__}")
