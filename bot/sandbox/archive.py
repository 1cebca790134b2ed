"""The SQLite file of a world.

Every action and every call is one transaction in the file's write-ahead log, so SIGKILL loses no
committed transaction. The archive never calls fsync: a power cut may lose the last seconds.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

JsonObject = dict[str, Any]
"""A Bot API object as decoded JSON: a Message, an Update, a parameter."""

_TABLES = """
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""


_LOCK_SECONDS = 2.0
"""The time that an ending process has to release the file."""


class InUse(RuntimeError):
    """Another process has the file open."""


class Archive:
    """A SQLite connection with transactions, monotonic counters, and settings."""

    def __init__(self, path: Path | None) -> None:
        """Open or create the file; `None` keeps everything in memory.

        Raises InUse while another process has it open: two processes would issue the same ids.
        """
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(
            path or ":memory:",
            timeout=_LOCK_SECONDS,
            isolation_level=None,
            cached_statements=64,
        )
        try:
            self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=OFF")
            self._db.executescript(_TABLES)
        except sqlite3.OperationalError as error:
            self._db.close()
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise InUse(str(path)) from error
            raise
        self._counters: dict[str, int] = dict(self._db.execute("SELECT name, value FROM counters"))
        self._open = False
        self._after_commit: list[Callable[[], None]] = []

    def create(self, tables: str) -> None:
        """Run CREATE statements."""
        self._db.executescript(tables)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything inside as one; an inner transaction joins the outer one."""
        if self._open:
            yield
            return
        self._db.execute("BEGIN")
        self._open = True
        try:
            yield
        except BaseException:
            self._open = False
            self._after_commit.clear()
            self._db.execute("ROLLBACK")
            raise
        self._open = False
        self._db.execute("COMMIT")
        callbacks = list(self._after_commit)
        self._after_commit.clear()
        for callback in callbacks:
            callback()

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call `callback` after the open transaction commits, or now if none is open.

        A rollback discards it, so other tasks never see an effect that was rolled back.
        """
        if self._open:
            self._after_commit.append(callback)
        else:
            callback()

    def run(self, statement: str, *values: object) -> sqlite3.Cursor:
        """Execute one statement, in the open transaction or in its own."""
        return self._db.execute(statement, values)

    def next(self, counter: str, *, first: int = 1) -> int:
        """Return the next value; no value is ever issued twice, even after SIGKILL."""
        value = self._counters.get(counter, first - 1) + 1
        self._counters[counter] = value
        self.run("INSERT OR REPLACE INTO counters VALUES (?, ?)", counter, value)
        return value

    def setting(self, name: str) -> JsonObject | None:
        """Return the object stored under `name`."""
        row = self.run("SELECT value FROM settings WHERE name = ?", name).fetchone()
        return None if row is None else orjson.loads(row[0])

    def keep_setting(self, name: str, value: JsonObject | None) -> None:
        """Store an object under `name`; `None` deletes it."""
        if value is None:
            self.run("DELETE FROM settings WHERE name = ?", name)
        else:
            self.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, orjson.dumps(value))

    def settings(self, prefix: str) -> dict[str, JsonObject]:
        """Everything kept under names that start so, by name."""
        rows = self.run(
            "SELECT name, value FROM settings WHERE substr(name, 1, ?) = ?", len(prefix), prefix
        )
        return {name: orjson.loads(value) for name, value in rows}

    def close(self) -> None:
        """Close the file; the archive is unusable afterwards."""
        self._db.close()
