"""aiosqlite with one call to its thread a statement instead of four.

SQLAlchemy awaits ``cursor()``, ``execute()``, ``fetchall()`` and ``close()``: four calls to the
connection's thread. This cursor does all of them in ``execute()``. Through SQLAlchemy a SELECT
takes 1.7 times as long on aiosqlite's own cursors, and 1.03 times by ``execute_fetchall``, which
returns no row count.

``Connection.run`` uses two private names of aiosqlite, ``_execute`` and ``_conn``.
``tests/storage/engine/test_aiosqlite_cursor.py`` fails for any version but 0.22.1, which was read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import aiosqlite


def connect(*args: Any, **options: Any) -> aiosqlite.Connection:
    """Open a connection; SQLAlchemy calls this function by ``async_creator_fn``."""
    return Connection(lambda: sqlite3.connect(*args, **options), iter_chunk_size=64)


class Cursor:
    """A cursor with all rows of its statement in memory."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Cursor:
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


class Connection(aiosqlite.Connection):
    """A connection with cursors of this module."""

    def cursor(self) -> Cursor:  # type: ignore[override]  # aiosqlite's has to be awaited
        """Return a cursor."""
        return Cursor(self)

    async def run(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Run a function in the connection's thread."""
        await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
