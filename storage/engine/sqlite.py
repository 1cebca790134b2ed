"""SQLite: a file with one writer at a time, and readers on the same write-ahead log.

SQLAlchemy awaits ``cursor()``, ``execute()``, ``fetchall()`` and ``close()``: four calls to
aiosqlite's thread for a statement. ``SqliteCursor`` does all of them in ``execute()``. Through
SQLAlchemy a SELECT takes 1.7 times as long on aiosqlite's own cursors, and 1.03 times by
``execute_fetchall``, which returns no row count.

A transaction begins with its first statement, in the same call to the thread.

``SqliteConnection.run`` uses two private names of aiosqlite, ``_execute`` and ``_conn``.
``tests/storage/engine/test_sqlite_cursor.py`` fails for any version but 0.22.1, which was read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import aiosqlite
from sqlalchemy import URL, Connection, ExceptionContext, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.engine.connection_roles import ConnectionRole
from storage.engine.trouble_causes import Cause

_TROUBLE_TEXTS = {
    "locked": Cause.LOCKED,
    "unable to open": Cause.CLOSED,
    "disk i/o": Cause.DISK,
    "disk is full": Cause.FULL,
    "connection": Cause.OTHER,
    "readonly": Cause.READ_ONLY,
}
"""Parts of SQLite's messages about errors that are not the statement's fault, and their causes."""
_DAMAGE_TEXTS = ("malformed", "not a database")
"""Parts of SQLite's messages about a damaged file: https://www.sqlite.org/rescode.html#corrupt."""


def engine(url: URL, role: ConnectionRole, *, busy_ms: int) -> AsyncEngine:
    """Return the engine of a role.

    Telegram gets its acknowledgement on a commit, so ``synchronous`` is FULL.

    Args:
        busy_ms: the longest wait for a locked file, in milliseconds.
    """
    made = create_async_engine(
        url,
        connect_args={"async_creator_fn": connect},
        hide_parameters=True,  # a traceback must not show a person's data
        **role.options,
    )

    @event.listens_for(made.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The driver's own transactions begin too late for BEGIN IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={busy_ms}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    if begin := _BEGIN.get(role):

        @event.listens_for(made.sync_engine, "begin")
        def start(connection: Connection) -> None:
            driver: Any = connection.connection.driver_connection
            driver.begin_with_next(begin)

    return made


_BEGIN = {ConnectionRole.WRITE: "BEGIN IMMEDIATE", ConnectionRole.READ: "BEGIN"}


def is_trouble(context: ExceptionContext) -> bool:
    """Return whether the file or a lock caused an error, not the statement."""
    if not isinstance(context.sqlalchemy_exception, DBAPIError):
        return False
    text = str(context.original_exception).lower()
    return context.is_disconnect or any(part in text for part in _TROUBLE_TEXTS)


def cause_of(error: BaseException) -> Cause:
    """Return the cause of a trouble, by SQLite's message."""
    text = str(error).lower()
    return next((cause for part, cause in _TROUBLE_TEXTS.items() if part in text), Cause.OTHER)


def is_damaged(context: ExceptionContext) -> bool:
    """Return whether the file is damaged, or no database at all."""
    text = str(context.original_exception).lower()
    return any(part in text for part in _DAMAGE_TEXTS)


def connect(*args: Any, **options: Any) -> aiosqlite.Connection:
    """Open a connection; SQLAlchemy calls this function by ``async_creator_fn``."""
    return SqliteConnection(lambda: sqlite3.connect(*args, **options), iter_chunk_size=64)


class SqliteCursor:
    """A cursor with all rows of its statement in memory."""

    arraysize = 1

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> SqliteCursor:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement and fetch its rows."""
        await self._connection.run(
            lambda database: self._fetch(database.execute(statement, parameters))
        )

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each parameter row."""
        await self._connection.run(
            lambda database: self._fetch(database.executemany(statement, parameters))
        )

    def _fetch(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()

    async def fetchall(self) -> list[Any]:
        """Return the fetched rows."""
        return self._rows

    async def close(self) -> None:
        """Do nothing: ``execute`` has closed the SQLite cursor."""


class SqliteConnection(aiosqlite.Connection):
    """A connection with cursors of this module."""

    def cursor(self) -> SqliteCursor:  # type: ignore[override]  # aiosqlite's has to be awaited
        """Return a cursor."""
        return SqliteCursor(self)

    _begin = ""

    def begin_with_next(self, begin: str) -> None:
        """Run this statement before the next one, in the same call."""
        self._begin = begin

    async def run(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Run a function in the connection's thread."""
        begin, self._begin = self._begin, ""

        def begin_and_work(database: sqlite3.Connection) -> None:
            database.execute(begin)
            work(database)

        call = begin_and_work if begin else work
        await self._execute(call, self._conn)  # type: ignore[no-untyped-call]

    async def commit(self) -> None:
        """Commit; a transaction without a statement has not begun."""
        if not self._forget_begin():
            await super().commit()

    async def rollback(self) -> None:
        """Roll back; a transaction without a statement has not begun."""
        if not self._forget_begin():
            await super().rollback()

    def _forget_begin(self) -> bool:
        begin, self._begin = self._begin, ""
        return bool(begin)
