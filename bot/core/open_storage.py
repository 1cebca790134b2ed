"""The storage of a running bot: the database, locked for one instance, and the stores over it.

The command line needs the database alone (``bot.core.database``), and no aiogram.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.database import (
    check_codes,
    check_not_lost,
    forget_lost,
    open_database,
    remember,
)
from bot.core.exam_in_force import TakenUp, take_up
from bot.core.runtime import WallClock
from bot.core.settings import Refused, Settings
from states.exam import BadExam, Exam
from states.records import Records
from states.step_result import Effect
from states.texts import Text
from storage import data_export
from storage.candidates.blobs import Blobs
from storage.data_export import DataExport
from storage.engine import installation
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.ids import RowIds
from storage.engine.installation import Fact
from storage.engine.instance_lock import AT_START, InstanceLock, lock_database, lock_folder
from storage.engine.jobs import JobKind, Jobs, StoredJob
from storage.updates.inbox import Inbox
from storage.updates.outbox import Outbox, OutgoingMessage
from storage.updates.unit_of_work import UnitOfWorkStore

FIRST_HOUR = timedelta(hours=9)


@dataclass(frozen=True, slots=True)
class Storage:
    """The open database of one bot, and the stores over it.

    ``taken_up`` has the exam in force; a storage that tests make has none.
    """

    db: Database
    lock: InstanceLock
    keyring: Keyring
    ids: RowIds
    inbox: Inbox
    outbox: Outbox
    blobs: Blobs
    jobs: Jobs
    units: UnitOfWorkStore
    bot_id: int
    taken_up: TakenUp | None = None

    def outgoing(
        self,
        chat_id: int,
        effect: Effect,
        now: datetime,
        dedup: str = "",
        *,
        bot_id: int | None = None,
        expires_at: datetime | None = None,
    ) -> OutgoingMessage:
        """Return a new outbox row, from this bot by default; its id is its default dedup key."""
        row_id = self.ids.next()
        return OutgoingMessage(
            id=row_id,
            dedup=dedup or f"s{row_id}",
            bot_id=bot_id or self.bot_id,
            chat_id=chat_id,
            effect=effect,
            made_at=now,
            expires_at=expires_at,
        )

    def outgoing_to_each(
        self, chat_ids: Iterable[int], effect: Effect, now: datetime, dedup: str
    ) -> list[OutgoingMessage]:
        """Return a new outbox row for each chat; ``dedup`` and the chat are its dedup key."""
        return [self.outgoing(chat_id, effect, now, f"{dedup}:{chat_id}") for chat_id in chat_ids]

    async def records(self, chat_id: int) -> Records:
        """Return the records of a private chat's person."""
        async with self.db.read_autocommit() as connection:
            return (await self.units.records(connection, [chat_id]))[chat_id]

    async def data_export(self, chat_id: int) -> DataExport:
        """Return everything that is stored about a private chat's person.

        Raises:
            NobodyKnown: the chat has no person.
        """
        return await data_export.read(self.db, self.keyring, self.bot_id, chat_id)

    async def clock_offset(self, exam: Exam, now: datetime) -> timedelta:
        """Return how far the sandbox's wall clock is ahead of real time.

        A new sandbox opens on the first morning of registration.
        """
        known = await installation.read(self.db, Fact.CLOCK_OFFSET)
        if known is not None:
            return timedelta(seconds=int(known))
        first_morning = exam.windows.registration.opens + FIRST_HOUR
        offset = timedelta(seconds=int((first_morning - now).total_seconds()))
        await self._remember(Fact.CLOCK_OFFSET, str(int(offset.total_seconds())))
        return offset

    async def remember_username(self, username: str) -> None:
        """Store the bot's username for links that the command line prints."""
        if await installation.read(self.db, Fact.USERNAME) != username:
            await self._remember(Fact.USERNAME, username)

    async def synced_until(self) -> datetime | None:
        """Return the moment until which the intake has missed no update."""
        known = await installation.read(self.db, Fact.SYNCED_UNTIL)
        return datetime.fromisoformat(known) if known else None

    async def remember_synced(self, until: datetime | None) -> None:
        """Store up to when the intake has missed no update; None says nothing new."""
        if until is not None:
            await self._remember(Fact.SYNCED_UNTIL, until.isoformat())

    async def _remember(self, fact: Fact, value: str) -> None:
        async with self.db.write() as connection:
            await installation.write(connection, fact, value)


@asynccontextmanager
async def open_storage(settings: Settings, exam: Exam) -> AsyncIterator[Storage]:
    """Open the storage of a bot that starts, and close it when the block ends.

    Raises:
        AlreadyRunning: another process runs the bot on this data.
        Refused: the database cannot be used; the text says why.
    """
    check_not_lost(settings)
    settings.folder.mkdir(parents=True, exist_ok=True)
    settings.folder.chmod(0o700)
    file = settings.database_file
    with lock_folder(settings.folder), lock_database(file) if file else nullcontext():
        lock = InstanceLock(settings.database, file)
        try:
            await lock.take(AT_START)
            forget_lost(settings)
            async with open_database(settings, starting=True) as (db, keyring):
                remember(settings)
                async with db.read() as connection:
                    ids = await RowIds.after_stored(connection)
                taken_up = await _taken_up(settings, db, keyring, ids, exam)
                await check_codes(db, taken_up.exam)
                outbox, jobs = Outbox(db, keyring), Jobs(db, keyring)
                if len(keyring.names) > 1:
                    # Once a key; ``baoming keys rotate`` enqueues it for a bot that runs.
                    async with db.write() as connection:
                        job = StoredJob(JobKind.RESEALING, keyring.newest, WallClock().now())
                        await jobs.enqueue(connection, [job])
                yield Storage(
                    db,
                    lock,
                    keyring,
                    ids,
                    Inbox(db, keyring, ids),
                    outbox,
                    Blobs.at(settings.blobs, keyring),
                    jobs,
                    UnitOfWorkStore(
                        db, keyring, outbox, ids, bot_id=settings.bot_id, exam=exam.key
                    ),
                    settings.bot_id,
                    taken_up,
                )
        finally:
            await lock.close()


async def _taken_up(
    settings: Settings, db: Database, keyring: Keyring, ids: RowIds, exam: Exam
) -> TakenUp:
    """Put a change of the exam in force that waits, before anything else runs.

    Raises:
        Refused: this program no longer understands the definition in force.
    """
    moved = await installation.read(db, Fact.CLOCK_OFFSET) if settings.in_sandbox else None
    now = WallClock(timedelta(seconds=int(moved or 0))).now()
    try:
        return await take_up(db, keyring, ids, exam, now)
    except BadExam as error:
        raise Refused(Text("cli-bad-exam"), *error.texts, code=2) from None
