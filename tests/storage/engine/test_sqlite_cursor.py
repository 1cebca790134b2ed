"""aiosqlite has the private names of ``storage.engine.sqlite`` in the version that was read."""

from __future__ import annotations

import inspect
import sqlite3
from importlib.metadata import version

import aiosqlite

from storage.engine import sqlite

READ = "0.22.1"


async def test_aiosqlite_runs_a_function_on_its_connection() -> None:
    assert version("aiosqlite") == READ, "read aiosqlite/core.py again: _execute and _conn"
    execute = inspect.signature(aiosqlite.Connection._execute)
    assert list(execute.parameters) == ["self", "fn", "args", "kwargs"]
    async with sqlite.connect(":memory:") as connection:
        assert isinstance(connection._conn, sqlite3.Connection)
        cursor = sqlite.SqliteCursor(connection)  # type: ignore[arg-type]
        await cursor.execute("SELECT ?, 2", (1,))
        assert await cursor.fetchall() == [(1, 2)]
        assert [column[0] for column in cursor.description] == ["?", "2"]
