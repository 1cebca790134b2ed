"""Everything that is remembered, opened for one pump: locked, unlocked by its keys, up to date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.settings import Settings
from states.exam import Exam, missing_codes
from states.records import Records
from storage import applications, dossier, facts, schema
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


class OldSchema(Exception):
    """The database is older or newer than the code; nothing was started."""


class DroppedCodes(Exception):
    """Applications refer to what the exam has no more; ``codes`` as ``missing_codes`` names it."""

    def __init__(self, exam: str, codes: tuple[str, ...]) -> None:
        super().__init__(f"{exam} has no more: {', '.join(codes)}")
        self.exam = exam
        self.codes = codes


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
        OldSchema, SecondPump, WrongKeys, BadKeys, DroppedCodes: they must not be used; the
            message says why.
        Unavailable: the database cannot be reached.
    """
    settings.folder.mkdir(parents=True, exist_ok=True)
    with only_pump(settings.folder):
        db, lock = Database(settings.database), PumpLock(settings.database)
        try:
            await lock.take()
            await _check_schema(db, settings)
            keyring = await _keys(db, settings)
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
            await db.close()
            await lock.close()


async def check_codes(db: Database, exam: Exam) -> None:
    """Whether everything that an application of this exam refers to is still there.

    Raises:
        DroppedCodes: some of it is not.
    """
    async with db.read() as connection:
        used = await applications.codes_in_use(connection, exam.key)
    if dropped := missing_codes(exam, used):
        raise DroppedCodes(exam.key, dropped)


async def _keys(db: Database, settings: Settings) -> Keyring:
    """The keys; made at the first start only, since a database with data has some already."""
    is_first_start = await facts.read(db, Fact.KEYS) is None
    keyring = keys_of(settings, create=is_first_start)
    await facts.bind_keys(db, keyring)
    return keyring


def keys_of(settings: Settings, *, create: bool = False) -> Keyring:
    """The keys that the settings name.

    Args:
        create: whether a file of keys that is not there is made.

    Raises:
        BadKeys: they are not there, or cannot be used.
    """
    if settings.secret_keys:
        return Keyring.parse(settings.secret_keys)
    return Keyring.of_file(settings.keys_file, create=create)


async def _check_schema(db: Database, settings: Settings) -> None:
    """The sandbox migrates itself, and so does an empty database; an old one is refused."""
    present = await schema.present(db)
    if present and not settings.in_sandbox:
        await refuse_old(db)
    elif present != schema.WANTED:
        await schema.migrate(db)


async def refuse_old(db: Database) -> None:
    """Whether the database is at the code's version.

    Raises:
        OldSchema: it is older, newer or empty.
    """
    present = await schema.present(db)
    if present != schema.WANTED:
        raise OldSchema(
            f"the database is at {present or 'no version'}, the code wants {schema.WANTED}; "
            "run: python -m bot migrate"
        )
