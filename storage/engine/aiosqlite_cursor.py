"""aiosqlite with one trip to its thread a statement instead of four: there, run, fetched, and back.

A trip costs more than what most of our statements do at its end. SQLAlchemy asks a cursor for one
thing after another (make it, execute, fetch, close); this one has done it all the first time.

``Connection.run`` uses two private names of aiosqlite, ``_execute`` and ``_conn``. aiosqlite's own
cursors take 1.7 times as long for a SELECT through SQLAlchemy, and its public ``execute_fetchall``
1.03 times. ``tests/storage/engine/test_aiosqlite_cursor.py`` names the version that has both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import aiosqlite


def connect(*args: Any, **options: Any) -> aiosqlite.Connection:
    """What SQLAlchemy is to call instead of aiosqlite's own (``async_creator_fn``)."""
    return Connection(lambda: sqlite3.connect(*args, **options), iter_chunk_size=64)


class Cursor:
    """A cursor that holds all its rows, and nothing of the database."""

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
        """Run a statement, and fetch all that it gives."""
        await self._connection.run(
            lambda database: self._take(database.execute(statement, parameters))
        )

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run a statement for each of these; it gives nothing."""
        await self._connection.run(
            lambda database: self._take(database.executemany(statement, parameters))
        )

    def _take(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()

    async def fetchall(self) -> list[Any]:
        """All rows that were fetched."""
        return self._rows

    async def close(self) -> None:
        """Nothing to close: it was, on the same trip."""


class Connection(aiosqlite.Connection):
    """A connection whose cursors are such."""

    def cursor(self) -> Cursor:  # type: ignore[override]  # aiosqlite's has to be awaited
        """A cursor."""
        return Cursor(self)

    async def run(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do something in the connection's own thread."""
        await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
