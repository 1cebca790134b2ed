"""A worker with its queue and dispatcher over a real database, for malformed updates."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import select

from bot.core.metrics import Metrics
from bot.core.open_storage import Storage
from bot.core.runtime import BackgroundTasks, Clocks, MonotonicClock, WallClock
from bot.updates.attachments import AttachmentFetcher
from bot.updates.completion import UpdateCompletion
from bot.updates.intake import Intake
from bot.updates.queue_per_person import UpdateQueue
from bot.updates.router import Dispatcher, build_application
from bot.updates.worker import UpdateWorker
from handlers.services import Services
from storage.candidates.blobs import Blobs
from storage.engine import schema, tables
from storage.engine.database import Database
from storage.engine.ids import RowIds
from storage.engine.jobs import Jobs
from storage.engine.tables import InboxState
from storage.staff.access.staff_view import StaffViews
from storage.updates.inbox import Inbox, ReceivedUpdate
from storage.updates.outbox import Outbox
from storage.updates.unit_of_work import UnitOfWorkStore
from tests.bot.people import BOT, EXAM, KEYRING, LING, TRANSLATIONS
from tests.e2e.wait import until
from tests.fakes.attachments import NOW, AttachmentHarness
from tests.fakes.media_worker import InProcessMediaWorker
from tests.fakes.router import OfflineBotApi
from tests.fakes.worker import ADMINISTRATOR, FakeCallbackAnswers, FakeSender


class Hasty(MonotonicClock):
    """A clock whose every wait is over at once; ``slept`` has the seconds."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0.001)


class Opened(WallClock):
    """A wall clock that stands on the first morning of registration."""

    def now(self) -> Any:
        return NOW


@dataclass(slots=True)
class Works:
    """Everything between the intake and the sender, over a database that outlives a start."""

    desk: AttachmentHarness
    dispatcher: Dispatcher
    blobs: Blobs
    storage: Storage = field(init=False)
    monotonic: Hasty = field(default_factory=Hasty)
    ids: RowIds = field(default_factory=RowIds)
    post: FakeSender = field(default_factory=FakeSender)
    queue: UpdateQueue = field(init=False)

    def __post_init__(self) -> None:
        self.opens()

    def opens(self) -> None:
        """Open the stores, as a start does."""
        db = self.desk.db
        outbox = Outbox(db, KEYRING)
        self.storage = Storage(
            db=db,
            lock=cast(Any, None),
            keyring=KEYRING,
            ids=self.ids,
            inbox=Inbox(db, KEYRING, self.ids),
            outbox=outbox,
            blobs=self.blobs,
            jobs=Jobs(db, KEYRING),
            units=UnitOfWorkStore(db, KEYRING, outbox, self.ids, bot_id=BOT, exam=EXAM.key),
            bot_id=BOT,
        )

    @asynccontextmanager
    async def started(self) -> AsyncIterator[Intake]:
        """Start a worker that takes up what waits, and stop it; it must not end by itself."""
        self.opens()
        self.post = FakeSender()
        storage, tasks, metrics = self.storage, BackgroundTasks(), Metrics()
        clocks = Clocks(Opened(), self.monotonic)
        attachments = AttachmentFetcher(
            self.desk.api, storage, EXAM, InProcessMediaWorker(), self.monotonic
        )
        queue = self.queue = UpdateQueue(attachments, clocks, tasks)
        completion = UpdateCompletion(
            storage,
            queue,
            self.post,
            FakeCallbackAnswers(),
            TRANSLATIONS,
            clocks,
            [ADMINISTRATOR],
            metrics,
        )
        worker = UpdateWorker(
            storage, queue, self.dispatcher, self.post, completion, clocks, metrics
        )
        queue.put(await storage.inbox.recover())
        loops = asyncio.create_task(tasks.run([worker.run, tasks.watch]))
        try:
            yield Intake(storage.inbox, BOT, queue.put_uncommitted, now=lambda: NOW)
            if loops.done():
                loops.result()
        finally:
            loops.cancel()
            await asyncio.gather(loops, return_exceptions=True)

    async def states(self) -> dict[int, InboxState]:
        """Return the state of each update that is kept."""
        async with self.desk.db.read() as connection:
            rows = await connection.execute(select(tables.inbox.c.update_id, tables.inbox.c.state))
            return {row.update_id: row.state for row in rows}

    async def waiting(self) -> list[ReceivedUpdate]:
        """Return the updates that a start would take up."""
        return await Inbox(self.desk.db, KEYRING, RowIds()).recover()

    async def until_done(self) -> None:
        """Wait until no update waits, and the sender has what Ling's updates said."""

        async def over() -> bool:
            is_stored = InboxState.WAITING not in (await self.states()).values()
            return is_stored and not self.queue.waiting(LING)

        await until(over)

    @property
    def answered(self) -> set[int]:
        """The chats that something was enqueued for."""
        return {row.chat_id for row in self.post.handed}


@asynccontextmanager
async def works(folder: Path, blobs: Blobs | None = None) -> AsyncIterator[Works]:
    """Open a database with Ling in it, and a dispatcher over it."""
    db = Database(f"sqlite+aiosqlite:///{folder / 'bot.sqlite3'}")
    await schema.migrate(db)
    desk = AttachmentHarness(db, folder / "blobs")
    await desk.has_account()
    services = Services(EXAM, KEYRING, frozenset({ADMINISTRATOR}), lambda: timedelta(0), False)
    address = "https://api.invalid"
    token = f"{BOT}:offline"
    try:
        async with build_application(token, address, OfflineBotApi(token, address)) as application:
            views = StaffViews(db, KEYRING, EXAM, BOT)
            dispatcher = Dispatcher(application, services, TRANSLATIONS, views)
            yield Works(desk, dispatcher, blobs or desk.blobs)
    finally:
        await db.close()
