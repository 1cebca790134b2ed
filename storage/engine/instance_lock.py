"""One pump a database: a second one is refused, on this machine and on any other."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import func, select

from storage.engine.database import Database, Unavailable

LOCK = "pump.lock"
_KEY = int.from_bytes(b"baoming")
"""Of the advisory lock; PostgreSQL keeps them apart by database, so all bots in one share it."""
_EVERY = 1.0
"""Seconds between two looks at whether the lock is still ours."""


class AlreadyRunning(Exception):
    """Another process pumps this database already."""


@contextmanager
def lock_folder(place: Path) -> Iterator[None]:
    """One pump a folder; commands of the CLI work beside it.

    Raises:
        SecondPump: another process pumps this place.
    """
    path = place / LOCK
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"another process holds {path}") from None
        yield


class InstanceLock:
    """PostgreSQL's own lock, held by a session of its own for as long as that lives.

    The server lets go of it when it restarts, or half a minute after the holder's machine is
    gone. A SQLite file is on one machine, where ``only_pump`` says it all.
    """

    def __init__(self, url: str) -> None:
        self._db = Database(url)

    async def take(self) -> None:
        """Take the lock; again, if it is ours already.

        Raises:
            SecondPump: another process has it.
            Unavailable: the server is gone.
        """
        if self._db.is_sqlite:
            return
        async with self._db.write() as session:  # the one connection, so the same session
            if not await session.scalar(select(func.pg_try_advisory_lock(_KEY))):
                raise AlreadyRunning("another process pumps this PostgreSQL database")

    async def keep(self) -> None:
        """Hold it until cancelled; after the server was gone, it is taken anew.

        Raises:
            SecondPump: somebody else was quicker.
        """
        while not self._db.is_sqlite:
            await asyncio.sleep(_EVERY)
            with suppress(Unavailable):
                await self.take()

    async def close(self) -> None:
        """Let go of it."""
        await self._db.close()
