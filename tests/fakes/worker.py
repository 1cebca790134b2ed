"""An update worker with fakes around it, all in memory; each fake records its calls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.metrics import Metrics
from bot.core.open_storage import Storage
from bot.core.runtime import BackgroundTasks, Clocks
from bot.delivery.sender import CallbackAnswers, Sender
from bot.updates.attachments import AttachmentFetcher
from bot.updates.completion import UpdateCompletion
from bot.updates.queue_per_person import UpdateQueue
from bot.updates.router import Dispatcher
from bot.updates.worker import UpdateWorker
from handlers.services import Services
from handlers.update_context import Envelope, Fetched
from states.progress.next_step import MENU
from states.records import Records
from states.step_result import ShowScreen, StepResult
from states.texts import Problem, Text
from storage.engine.database import Database, InDoubt, Unavailable
from storage.engine.ids import RowIds
from storage.engine.tables import InboxState, OutboxState
from storage.updates.fsm import LoadedRecords, StaffCache
from storage.updates.inbox import DuplicateUpdate, Inbox, ReceivedUpdate
from storage.updates.outbox import DeliveryResult, OutgoingMessage
from storage.updates.unit_of_work import UnitOfWork, UnitOfWorkStore
from tests.bot.people import BOT, EXAM, KEYRING, LING, TRANSLATIONS
from tests.fakes.clocks import START, FakeMonotonicClock, FakeWallClock, settle

ADMINISTRATOR = 1000
CONNECTION = cast(AsyncConnection, object())


class FakeDatabase(Database):
    """Transactions that only succeed or fail.

    ``gone``: how many more cannot begin; ``lost``: of how many the commit's answer does not come.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(f"sqlite+aiosqlite:///{folder / 'unused.sqlite3'}")
        self.gone = 0
        self.lost = 0

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        if self.gone:
            self.gone -= 1
            raise Unavailable("locked")
        yield CONNECTION
        if self.lost:
            self.lost -= 1
            raise InDoubt("lost")

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        yield CONNECTION

    @asynccontextmanager
    async def read_autocommit(self) -> AsyncIterator[AsyncConnection]:
        yield CONNECTION


@dataclass(slots=True)
class Commit:
    """The writes of one transaction."""

    updates: list[int]
    marks: list[int]
    final_state: InboxState
    said: list[tuple[int, str]]
    waiting: list[int]


class FakeUnitOfWorkStore(UnitOfWorkStore):
    """Notes what is flushed; an update of ``unwritable`` makes its whole transaction fail, and so
    does a fresh one of ``known``.
    """

    def __init__(self) -> None:
        self.commits: list[Commit] = []
        self.loaded: list[list[int]] = []
        self.staff = StaffCache()
        self.unwritable: set[int] = set()
        self.known: set[int] = set()

    async def load(
        self,
        connection: AsyncConnection,
        rows: Sequence[tuple[ReceivedUpdate, datetime]],
        *,
        exclusive: bool = False,
    ) -> list[UnitOfWork]:
        self.loaded.append([row.update_id for row, _ in rows])
        tx = connection if exclusive else None
        return [
            UnitOfWork(row, now, Records(), LoadedRecords({}), RowIds(), _tx=tx)
            for row, now in rows
        ]

    async def flush(
        self,
        connection: AsyncConnection,
        units: Sequence[UnitOfWork],
        marks: Sequence[DeliveryResult] = (),
        *,
        uncommitted: Sequence[ReceivedUpdate] = (),
        final_state: InboxState = InboxState.DONE,
    ) -> None:
        updates = [unit.row.update_id for unit in units]
        if known := [row for row in uncommitted if row.update_id in self.known]:
            raise DuplicateUpdate(f"{len(known)} are known")
        if final_state is InboxState.DONE and self.unwritable & set(updates):
            raise RuntimeError("a constraint of ours")
        said = [
            (row.chat_id, row.effect.screen)
            for unit in units
            for row in unit.outgoing
            if isinstance(row.effect, ShowScreen)
        ]
        waiting = [row.update_id for row in uncommitted if row.update_id not in updates]
        self.commits.append(
            Commit(updates, [mark.row.id for mark in marks], final_state, said, waiting)
        )

    @property
    def done(self) -> list[int]:
        """The updates that took effect, in order."""
        return [n for c in self.commits if c.final_state is InboxState.DONE for n in c.updates]

    @property
    def dead(self) -> list[int]:
        """Those that were set aside."""
        return [n for c in self.commits if c.final_state is InboxState.DEAD for n in c.updates]


class FakeWorkerInbox(Inbox):
    """Notes tries that failed, and what was kept waiting; it knows those of ``known`` already."""

    def __init__(self, known: Set[int], db: FakeDatabase) -> None:
        self.known = known
        self._ledger = db
        self._doubtful: list[ReceivedUpdate] = []
        self.failures: list[tuple[int, str]] = []
        self.kept: list[int] = []

    async def keep(self, rows: Sequence[ReceivedUpdate]) -> list[ReceivedUpdate]:
        unheard, self._doubtful = self._doubtful, []
        async with self._ledger.write():
            kept = [row for row in rows if row.update_id not in self.known]
        self.kept += [row.update_id for row in kept]
        return [*unheard, *kept]

    async def failed(self, row: ReceivedUpdate, error: str) -> None:
        self.failures.append((row.update_id, error))


SERVICES = Services(EXAM, KEYRING, frozenset(), lambda: timedelta(0), False)


class FakeDispatcher(Dispatcher):
    """Does what the update says: ``raises`` or finds the database ``gone`` (so often),
    ``exclusive``, ``unreadable``, ``toast``; ``turns_exclusive`` is known in a batch only.
    """

    def __init__(self) -> None:
        self.seen: list[tuple[int, bool]] = []
        self.files: list[Fetched | None] = []
        self.moments: dict[int, datetime] = {}
        self.gate: asyncio.Event | None = None

    def is_exclusive(self, row: ReceivedUpdate, *, is_staff: bool) -> bool:
        return is_staff or "exclusive" in row.raw

    async def dispatch(self, unit: UnitOfWork, file: Fetched | None) -> Envelope:
        if self.gate is not None:
            await self.gate.wait()
        raw = unit.row.raw
        self.seen.append((unit.row.update_id, unit.exclusive))
        self.files.append(file)
        self.moments[unit.row.update_id] = unit.now
        if "unreadable" in raw:
            raise ValueError("no update")
        envelope = Envelope(
            raw_update={"update_id": unit.row.update_id},
            unit=unit,
            services=SERVICES,
            position=MENU,
            file=file,
        )
        if raw.get("raises", 0) > 0:
            raw["raises"] -= 1
            envelope.error = RuntimeError("a bug")
        elif raw.get("gone", 0) > 0:
            raw["gone"] -= 1
            envelope.error = Unavailable("locked")
        elif "turns_exclusive" in raw and not unit.exclusive:
            envelope.needs_exclusive = True
        else:
            unit.enqueue(ShowScreen("menu"), chat_id=unit.row.queue_key)
            envelope.result = StepResult(toast=Text(raw["toast"]) if "toast" in raw else None)
        return envelope


class FakeAttachmentFetcher(AttachmentFetcher):
    """Fetches a picture once ``arrived`` is set."""

    def __init__(self) -> None:
        self.arrived = asyncio.Event()
        self.fetched = 0
        self.faults: list[Exception] = []

    def has_file(self, row: ReceivedUpdate) -> bool:
        return "picture" in row.raw

    async def fetch(self, row: ReceivedUpdate, now: datetime) -> Fetched | None:
        await self.arrived.wait()
        self.fetched += 1
        if self.faults:
            raise self.faults.pop(0)
        return Problem("problem-photo-unknown")


class FakeSender(Sender):
    """Takes messages over, and has marks when a test says so."""

    def __init__(self) -> None:
        self.handed: list[OutgoingMessage] = []
        self.waiting: list[DeliveryResult] = []
        self.written: list[int] = []
        self.caught_up = 0
        self.results_wanted = False

    def submit(self, rows: Iterable[OutgoingMessage], records: Records | None = None) -> None:
        self.handed += rows

    @property
    def has_results(self) -> bool:
        return bool(self.waiting)

    def take_results(self) -> list[DeliveryResult]:
        marks, self.waiting, self.results_wanted = self.waiting, [], False
        return marks

    def return_results(self, marks: Sequence[DeliveryResult]) -> None:
        self.waiting = [*marks, *self.waiting]

    def pull(self) -> None:
        self.caught_up += 1

    def results_committed(self, marks: Sequence[DeliveryResult]) -> None:
        self.written += [mark.row.id for mark in marks]


class FakeCallbackAnswers(CallbackAnswers):
    """Notes what buttons are answered with."""

    def __init__(self) -> None:
        self.given: list[tuple[str, str | None]] = []

    def answer(self, callback_id: str, text: str | None, since: float) -> None:
        self.given.append((callback_id, text))


@dataclass(slots=True)
class WorkerHarness:
    """An update worker and its fakes."""

    monotonic: FakeMonotonicClock
    db: FakeDatabase
    tasks: BackgroundTasks = field(default_factory=BackgroundTasks)
    store: FakeUnitOfWorkStore = field(default_factory=FakeUnitOfWorkStore)
    inbox: FakeWorkerInbox = field(init=False)
    dispatcher: FakeDispatcher = field(default_factory=FakeDispatcher)
    attachments: FakeAttachmentFetcher = field(default_factory=FakeAttachmentFetcher)
    sender: FakeSender = field(default_factory=FakeSender)
    callback_answers: FakeCallbackAnswers = field(default_factory=FakeCallbackAnswers)
    metrics: Metrics = field(default_factory=Metrics)

    def __post_init__(self) -> None:
        self.inbox = FakeWorkerInbox(self.store.known, self.db)

    def worker(self, batch: int) -> tuple[UpdateQueue, UpdateWorker]:
        """A worker and its queue, wired to all the rest."""
        unused = cast(Any, None)
        storage = Storage(
            db=self.db,
            lock=unused,
            keyring=KEYRING,
            ids=RowIds(),
            inbox=self.inbox,
            outbox=unused,
            blobs=unused,
            jobs=unused,
            units=self.store,
            bot_id=BOT,
        )
        clocks = Clocks(FakeWallClock(self.monotonic), self.monotonic)
        queue = UpdateQueue(self.attachments, clocks, self.tasks, batch)
        completion = UpdateCompletion(
            storage,
            queue,
            self.sender,
            self.callback_answers,
            TRANSLATIONS,
            clocks,
            [ADMINISTRATOR],
            self.metrics,
        )
        return queue, UpdateWorker(
            storage, queue, self.dispatcher, self.sender, completion, clocks, self.metrics
        )


@asynccontextmanager
async def running(
    harness: WorkerHarness, rows: Iterable[ReceivedUpdate], *, batch: int = 64
) -> AsyncIterator[UpdateQueue]:
    """The worker at work on these updates, until all wait; its queue takes more."""
    queue, worker = harness.worker(batch)
    queue.put(rows)
    loop = asyncio.create_task(worker.run())
    try:
        await settle()
        yield queue
        assert not loop.done(), "the worker stopped"
    finally:
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
        await harness.tasks.close()


def update(number: int, queue_key: int = LING, **raw: Any) -> ReceivedUpdate:
    """An update of this number, of Ling unless said otherwise."""
    return ReceivedUpdate(number, 4242, number, queue_key, START, raw)


def mark(number: int) -> DeliveryResult:
    """Return the result of a message that was sent."""
    row = OutgoingMessage(number, f"u{number}", 4242, LING, ShowScreen("menu"), START)
    return DeliveryResult(row, OutboxState.SENT, START, 7)
