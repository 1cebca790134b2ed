"""Everything that is remembered, opened for one pump: locked, unlocked by its keys, up to date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.database import check_codes, open_database
from bot.settings import Settings
from states.exam import Exam
from states.records import Records
from storage import dossier, facts
from storage.blobs import Blobs
from storage.db import Database
from storage.dossier import Dossier
from storage.facts import Fact
from storage.inbox import Inbox
from storage.outbox import Outbox
from storage.pump_lock import PumpLock, only_pump
from storage.secrets import Keyring
from storage.unit import Work

FIRST_HOUR = timedelta(hours=9)


@dataclass(frozen=True, slots=True)
class Stores:
    """The open database, and the parts of storage over it."""

    db: Database
    lock: PumpLock
    keyring: Keyring
    inbox: Inbox
    outbox: Outbox
    blobs: Blobs
    work: Work
    bot_id: int

    async def records(self, chat_id: int) -> Records:
        """What is known of the person behind a private chat."""
        async with self.db.glance() as connection:
            return (await self.work.records(connection, [chat_id]))[chat_id]

    async def dossier(self, chat_id: int) -> Dossier:
        """Everything that is kept of the person behind a private chat.

        Raises:
            LookupError: nobody is known there.
        """
        return await dossier.read(self.db, self.keyring, self.bot_id, chat_id)

    async def clock_offset(self, exam: Exam, now: datetime) -> timedelta:
        """How far the sandbox's calendar is from the real one.

        The sandbox opens on the first morning of registration, and goes on from there.
        """
        known = await facts.read(self.db, Fact.CLOCK_OFFSET)
        if known is not None:
            return timedelta(seconds=int(known))
        first_morning = exam.windows.registration.opens + FIRST_HOUR
        offset = timedelta(seconds=int((first_morning - now).total_seconds()))
        async with self.db.write() as connection:
            await facts.write(connection, Fact.CLOCK_OFFSET, str(int(offset.total_seconds())))
        return offset

    async def heard(self) -> datetime | None:
        """Until when the intake is known to have missed nothing."""
        known = await facts.read(self.db, Fact.HEARD)
        return datetime.fromisoformat(known) if known else None


@asynccontextmanager
async def opened(settings: Settings, exam: Exam, bot_id: int) -> AsyncIterator[Stores]:
    """The stores of these settings, for one pump.

    Raises:
        SecondPump: another process pumps this place.
        Refused: the database cannot be used; the text says why.
    """
    settings.folder.mkdir(parents=True, exist_ok=True)
    with only_pump(settings.folder):
        lock = PumpLock(settings.database)
        try:
            await lock.take()
            async with open_database(settings, starting=True) as installation:
                db, keyring = installation.db, installation.keyring
                await check_codes(db, exam)
                outbox = Outbox(db, keyring)
                yield Stores(
                    db,
                    lock,
                    keyring,
                    Inbox(db, keyring),
                    outbox,
                    Blobs.at(settings.blobs, keyring),
                    Work(db, keyring, outbox, bot_id=bot_id, exam=exam.key),
                    bot_id,
                )
        finally:
            await lock.close()
