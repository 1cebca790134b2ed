"""The one SQLite file in which a world is kept.

Every act and every call is one transaction, and a transaction that was committed is in the file's
write-ahead log: a process killed with signal 9 loses nothing that it had told anybody. There is no
fsync, so a power cut may lose the last seconds; a sandbox can bear that.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

JsonObject = dict[str, Any]
"""An object of the Bot API as Telegram writes it: a Message, an Update, a parameter."""

_TABLES = """
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""


_HANDOVER = 2.0
"""Seconds that a process which is just ending has to let go of the file."""


class InUse(RuntimeError):
    """Another process has this world's file open."""


class Archive:
    """A SQLite connection with transactions, counters that never go back, and settings."""

    def __init__(self, path: Path | None) -> None:
        """Open or make the file; `None` keeps everything in memory.

        Raises InUse while another process has it open: two worlds would give out the same numbers.
        """
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(
            path or ":memory:",
            timeout=_HANDOVER,
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
        self._then: list[Callable[[], None]] = []

    def create(self, tables: str) -> None:
        """Run the CREATE statements of one part of the world."""
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
            self._then.clear()
            self._db.execute("ROLLBACK")
            raise
        self._open = False
        self._db.execute("COMMIT")
        done = list(self._then)
        self._then.clear()
        for act in done:
            act()

    def after_commit(self, act: Callable[[], None]) -> None:
        """Do this once the open transaction is committed, or at once if none is open.

        What others can see of an act must not outlive a rollback.
        """
        if self._open:
            self._then.append(act)
        else:
            act()

    def run(self, statement: str, *values: object) -> sqlite3.Cursor:
        """Run one statement, in the open transaction or in one of its own."""
        return self._db.execute(statement, values)

    def next(self, counter: str, *, first: int = 1) -> int:
        """Count one up. What was given out once is never given out again, not even after a kill."""
        value = self._counters.get(counter, first - 1) + 1
        self._counters[counter] = value
        self.run("INSERT OR REPLACE INTO counters VALUES (?, ?)", counter, value)
        return value

    def setting(self, name: str) -> JsonObject | None:
        """The object kept under this name."""
        row = self.run("SELECT value FROM settings WHERE name = ?", name).fetchone()
        return None if row is None else orjson.loads(row[0])

    def keep_setting(self, name: str, value: JsonObject | None) -> None:
        """Keep an object under this name; `None` forgets it."""
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
        """Close the file; the archive cannot be used afterwards."""
        self._db.close()
