"""The storage of a rehearsal: a new database in a folder, keys of its own, and files in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from typing import Final, cast

from bot.core.open_storage import Storage
from bot.core.runtime import WallClock
from bot.delivery.sender import Sender
from states.exam import Exam
from storage.candidates.blobs import Blobs
from storage.engine import schema
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.ids import RowIds
from storage.engine.instance_lock import InstanceLock
from storage.engine.jobs import Jobs
from storage.updates.inbox import Inbox
from storage.updates.outbox import Outbox
from storage.updates.unit_of_work import UnitOfWorkStore

BOT: Final = 4242
"""The account of the bot that is played."""


class PlayedClock(WallClock):
    """The time of the rehearsal, which its loop moves."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment

    def now(self) -> datetime:
        """Return the moment that is played."""
        return self.moment

    def at(self, moment: datetime) -> datetime:
        """Return the moment that is played for every real one."""
        return self.moment


class NoSender(Sender):
    """A sender that leaves everything in the table: the rehearsal delivers by itself."""

    def __init__(self) -> None:
        """Need nothing."""

    def pull(self) -> None:
        """Send nothing."""


@asynccontextmanager
async def played_storage(folder: Path, exam: Exam) -> AsyncIterator[Storage]:
    """Open a storage over a new database, and close it when the block ends."""
    keyring = Keyring(token_bytes(32), {"k1": token_bytes(32)})
    db = Database(f"sqlite+aiosqlite:///{folder / 'rehearsal.sqlite3'}")
    try:
        await schema.migrate(db)
        ids, outbox = RowIds(), Outbox(db, keyring)
        yield Storage(
            db,
            cast(InstanceLock, None),  # nobody else knows the database
            keyring,
            ids,
            Inbox(db, keyring, ids),
            outbox,
            Blobs.at("memory://", keyring),
            Jobs(db, keyring),
            UnitOfWorkStore(db, keyring, outbox, ids, bot_id=BOT, exam=exam.key),
            BOT,
        )
    finally:
        await db.close()
