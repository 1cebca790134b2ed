"""The lock that allows one bot process a database, on any machine."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

from sqlalchemy import func, select

from states.texts import Explained, Text
from storage.engine.database import Database, Unavailable

LOCK = "pump.lock"
_ADVISORY_KEY = int.from_bytes(b"baoming")
"""The advisory lock's key; PostgreSQL keeps a set of keys for each database."""
_EVERY = 1.0
"""Seconds between two checks that the lock is still held."""
_AGAIN = 0.1
"""Seconds between two attempts to take it."""
AT_START = 5.0
"""Seconds that a start waits: the server frees the lock of a killed process a moment later."""


class AlreadyRunning(Explained):
    """Another process runs the bot on this database."""


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Hold the lock of a data folder; commands of the CLI do not take it.

    Raises:
        AlreadyRunning: another process holds the lock.
    """
    with _locked(folder / LOCK):
        yield


@contextmanager
def lock_database(file: Path) -> Iterator[None]:
    """Hold the lock beside a SQLite file: two data folders may name one file.

    Raises:
        AlreadyRunning: another process holds the lock.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with _locked(locks_beside(file)[0]):
        yield


def locks_beside(file: Path) -> tuple[Path, Path]:
    """Return the locks of a SQLite file and of its folder, which stay once a bot has run there."""
    return file.with_name(f"{file.name}.lock"), file.with_name(LOCK)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            known = {"pid": file.read().strip() or "?", "file": str(path)}
            raise AlreadyRunning(Text("running-already", known)) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


class DatabaseMoved(Explained):
    """The file of the database was deleted, moved or replaced while the bot ran."""


class InstanceLock:
    """PostgreSQL's advisory lock, held by the session of one open connection.

    The server frees it when it restarts, or 25 s after the holder's machine is lost. For a SQLite
    file ``lock_database`` is enough; here it is watched: what is written into a file without a
    name is lost.
    """

    def __init__(self, url: str, file: Path | None = None) -> None:
        self._db = Database(url)
        self._file = file
        self._identity: tuple[int, int] | None = None

    async def take(self, within: float = 0.0) -> None:
        """Take the lock, or confirm that this session holds it.

        Args:
            within: the longest wait for another process that holds it, in seconds.

        Raises:
            AlreadyRunning: another process holds it.
            Unavailable: the server is gone.
        """
        deadline = monotonic() + within
        while not await self._is_taken():
            if monotonic() >= deadline:
                raise AlreadyRunning(Text("running-elsewhere"))
            await asyncio.sleep(_AGAIN)

    async def _is_taken(self) -> bool:
        if self._db.is_sqlite:
            return True
        async with self._db.write() as session:  # a pool of one connection, so the same session
            return bool(await session.scalar(select(func.pg_try_advisory_lock(_ADVISORY_KEY))))

    async def keep(self) -> None:
        """Hold the lock until cancelled; take it again after the server was gone.

        Raises:
            AlreadyRunning: another process was faster.
            DatabaseMoved: the SQLite file is not the one of the start.
        """
        try:
            while True:
                if self._db.is_sqlite:
                    self._look()
                await asyncio.sleep(_EVERY)
                if not self._db.is_sqlite:
                    with suppress(Unavailable):
                        await self.take()
        finally:
            self._look()  # a file that is gone explains the error of another loop

    def _look(self) -> None:
        """Compare the file of this path with the one that was there first."""
        if self._file is None:
            return
        known = {"file": str(self._file)}
        try:
            found = self._file.stat()
        except FileNotFoundError:
            raise DatabaseMoved(Text("database-gone", known)) from None
        identity = (found.st_dev, found.st_ino)
        self._identity = self._identity or identity
        if identity != self._identity:
            raise DatabaseMoved(Text("database-replaced", known))

    async def close(self) -> None:
        """Release the lock."""
        await self._db.close()
