"""The pump: in order per person, many persons at once, one commit; trouble stays where it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection
from telegram import Update

from bot import pump as pumping
from bot.dispatch import Dispatcher
from bot.prepare import Preparer
from bot.pump import Pump
from bot.sender import Sender, Toasts
from bot.tasks import Tasks
from handlers.context import Envelope, Office, Picture
from states.flow import MENU
from states.outcome import Outcome, Say
from states.records import Records
from states.texts import Problem, Text
from storage.db import Database, Unavailable
from storage.fsm import Loaded
from storage.inbox import Inbox, Received
from storage.outbox import Outgoing, Sent
from storage.tables import InboxState, OutboxState
from storage.unit import Unit, Work
from tests.bot.clockwork import START, Clockwork, Dated, settle
from tests.handlers.candidates import EXAM
from tests.handlers.offline import WORDS

LING, CHEN, ADMINISTRATOR = 1001, 1002, 1000
CONNECTION = cast(AsyncConnection, object())


class Ledger(Database):
    """Transactions that only succeed or fail. ``gone``: how many more cannot begin."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"sqlite+aiosqlite:///{folder / 'unused.sqlite3'}")
        self.gone = 0

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        if self.gone:
            self.gone -= 1
            raise Unavailable("locked")
        yield CONNECTION

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        yield CONNECTION


@dataclass(slots=True)
class Commit:
    """What one transaction wrote."""

    updates: list[int]
    marks: list[int]
    became: InboxState
    said: list[tuple[int, str]]


class Books(Work):
    """Notes what is flushed; an update of ``unwritable`` makes its whole transaction fail."""

    def __init__(self) -> None:
        self.commits: list[Commit] = []
        self.loaded: list[list[int]] = []
        self.unwritable: set[int] = set()

    async def load(
        self,
        connection: AsyncConnection,
        rows: Sequence[tuple[Received, datetime]],
        *,
        alone: bool = False,
    ) -> list[Unit]:
        self.loaded.append([row.update_id for row, _ in rows])
        tx = connection if alone else None
        return [Unit(row, now, Records(), Loaded({}), _tx=tx) for row, now in rows]

    async def flush(
        self,
        connection: AsyncConnection,
        units: Sequence[Unit],
        marks: Sequence[Sent] = (),
        *,
        became: InboxState = InboxState.DONE,
    ) -> None:
        updates = [unit.row.update_id for unit in units]
        if became is InboxState.DONE and self.unwritable & set(updates):
            raise RuntimeError("a constraint of ours")
        said = [
            (row.chat_id, row.act.screen)
            for unit in units
            for row in unit.outgoing
            if isinstance(row.act, Say)
        ]
        self.commits.append(Commit(updates, [mark.row.id for mark in marks], became, said))

    @property
    def done(self) -> list[int]:
        """The updates that took effect, in order."""
        return [n for c in self.commits if c.became is InboxState.DONE for n in c.updates]

    @property
    def dead(self) -> list[int]:
        """Those that were set aside."""
        return [n for c in self.commits if c.became is InboxState.DEAD for n in c.updates]


class Log(Inbox):
    """Notes tries that failed."""

    def __init__(self) -> None:
        self.failures: list[tuple[int, str]] = []

    async def failed(self, row: Received, error: str) -> None:
        self.failures.append((row.update_id, error))


OFFICE = Office(EXAM, lambda kind, number: "", frozenset(), lambda: timedelta(0), False)


class Deciding(Dispatcher):
    """Does what the update says: ``raises`` (so often), ``alone``, ``unreadable``, ``toast``."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, bool]] = []
        self.files: list[Picture | Problem | None] = []
        self.moments: dict[int, datetime] = {}
        self.gate: asyncio.Event | None = None

    async def dispatch(self, unit: Unit, file: Picture | Problem | None) -> Envelope:
        if self.gate is not None:
            await self.gate.wait()
        raw = unit.row.raw
        self.seen.append((unit.row.update_id, unit.alone))
        self.files.append(file)
        self.moments[unit.row.update_id] = unit.now
        if "unreadable" in raw:
            raise ValueError("no update")
        envelope = Envelope(
            update=Update(unit.row.update_id), unit=unit, office=OFFICE, place=MENU, file=file
        )
        if raw.get("raises", 0) > 0:
            raw["raises"] -= 1
            envelope.error = RuntimeError("a bug")
        elif "alone" in raw and not unit.alone:
            envelope.wants_alone = True
        else:
            unit.will(Say("menu"), chat_id=unit.row.lane)
            envelope.outcome = Outcome(toast=Text(raw["toast"]) if "toast" in raw else None)
        return envelope


class Fetching(Preparer):
    """Fetches a picture once ``arrived`` is set."""

    def __init__(self) -> None:
        self.arrived = asyncio.Event()
        self.fetched = 0
        self.faults: list[Exception] = []

    def concerns(self, row: Received) -> bool:
        return "picture" in row.raw

    async def prepare(self, row: Received, now: datetime) -> Picture | Problem | None:
        await self.arrived.wait()
        self.fetched += 1
        if self.faults:
            raise self.faults.pop(0)
        return Problem("problem-photo-unknown")


class Post(Sender):
    """Takes messages over, and has marks when a test says so."""

    def __init__(self) -> None:
        self.handed: list[Outgoing] = []
        self.waiting: list[Sent] = []
        self.written: list[int] = []
        self.marks_wanted = False

    def submit(self, rows: Iterable[Outgoing], records: Records | None = None) -> None:
        self.handed += rows

    @property
    def has_marks(self) -> bool:
        return bool(self.waiting)

    def take_marks(self) -> list[Sent]:
        marks, self.waiting, self.marks_wanted = self.waiting, [], False
        return marks

    def give_back(self, marks: Sequence[Sent]) -> None:
        self.waiting = [*marks, *self.waiting]

    def marked(self, marks: Sequence[Sent]) -> None:
        self.written += [mark.row.id for mark in marks]


class Answers(Toasts):
    """Notes what buttons are answered with."""

    def __init__(self) -> None:
        self.given: list[tuple[str, str | None]] = []

    def answer(self, callback_id: str, text: str | None, since: float) -> None:
        self.given.append((callback_id, text))


@dataclass(slots=True)
class House:
    """A pump, and everything around it."""

    machine: Clockwork
    ledger: Ledger
    tasks: Tasks = field(default_factory=Tasks)
    books: Books = field(default_factory=Books)
    log: Log = field(default_factory=Log)
    deciding: Deciding = field(default_factory=Deciding)
    fetching: Fetching = field(default_factory=Fetching)
    post: Post = field(default_factory=Post)
    answers: Answers = field(default_factory=Answers)

    def pump(self, batch: int) -> Pump:
        """The pump, wired to all the rest."""
        return Pump(
            db=self.ledger,
            inbox=self.log,
            work=self.books,
            dispatcher=self.deciding,
            preparer=self.fetching,
            sender=self.post,
            toasts=self.answers,
            words=WORDS,
            calendar=Dated(self.machine),
            machine=self.machine,
            tasks=self.tasks,
            administrators=[ADMINISTRATOR],
            batch=batch,
        )


@asynccontextmanager
async def running(
    house: House, rows: Iterable[Received], *, batch: int = 64
) -> AsyncIterator[Pump]:
    """The pump at work on these updates, until all wait."""
    pump = house.pump(batch)
    pump.put(rows)
    loop = asyncio.create_task(pump.run())
    try:
        await settle()
        yield pump
        assert not loop.done(), "the pump stopped"
    finally:
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
        await house.tasks.close()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    ledger = Ledger(tmp_path)
    yield House(Clockwork(), ledger)
    await ledger.close()


def update(number: int, lane: int = LING, **raw: Any) -> Received:
    """An update of this number, of Ling unless said otherwise."""
    return Received(number, 4242, number, lane, START, raw)


def mark(number: int) -> Sent:
    """That a message was sent."""
    row = Outgoing(number, f"u{number}", 4242, LING, Say("menu"), START)
    return Sent(row, OutboxState.SENT, START, 7)


# --- order ---------------------------------------------------------------------------------------


async def test_a_persons_updates_run_one_by_one_in_order(house: House) -> None:
    async with running(house, [update(3), update(1), update(2)]):
        assert house.books.done == [1, 2, 3]
        assert [commit.updates for commit in house.books.commits] == [[1], [2], [3]]
        assert [row.chat_id for row in house.post.handed] == [LING] * 3


async def test_a_lower_update_that_comes_late_runs_next(house: House) -> None:
    house.deciding.gate = asyncio.Event()
    async with running(house, [update(10), update(12)]) as pump:
        pump.put([update(11)])
        house.deciding.gate.set()
        await settle()
        assert house.books.done == [10, 11, 12]


async def test_a_busy_pump_takes_one_update_of_each_person_as_one_batch(house: House) -> None:
    rows = [update(n, lane=1 + n % 4) for n in range(12)]
    async with running(house, rows):
        assert [commit.updates for commit in house.books.commits] == [
            [0, 1, 2, 3],
            [4, 5, 6, 7],
            [8, 9, 10, 11],
        ]
        assert house.books.loaded == [commit.updates for commit in house.books.commits]


async def test_a_batch_is_no_larger_than_it_may_be(house: House) -> None:
    async with running(house, [update(n, lane=n + 1) for n in range(7)], batch=3):
        assert [len(commit.updates) for commit in house.books.commits] == [3, 3, 1]


async def test_what_counts_is_when_the_person_acted(house: House) -> None:
    sent = int((START - timedelta(minutes=5)).timestamp())
    edited = sent + 60
    rows = [
        update(1, 1, message={"date": sent}),
        update(2, 2, edited_message={"date": sent, "edit_date": edited}),
        update(3, 3, callback_query={"id": "5"}),
    ]
    async with running(house, rows):
        assert house.deciding.moments == {
            1: datetime.fromtimestamp(sent, UTC),
            2: datetime.fromtimestamp(edited, UTC),
            3: START,
        }


# --- pictures ------------------------------------------------------------------------------------


async def test_nobody_waits_for_somebody_elses_picture(house: House) -> None:
    rows = [update(1, picture=True), update(2), update(3, CHEN)]
    async with running(house, rows):
        assert house.books.done == [3]
        house.fetching.arrived.set()
        await settle()
        assert house.books.done == [3, 1, 2]
        assert house.deciding.files[1] == Problem("problem-photo-unknown")


async def test_a_picture_is_fetched_again_when_the_database_was_gone(house: House) -> None:
    house.fetching.arrived.set()
    house.fetching.faults = [Unavailable("locked")]
    async with running(house, [update(1, picture=True)]):
        assert house.books.done == []
        await house.machine.forward(1)
        assert (house.books.done, house.fetching.fetched) == ([1], 2)
        assert house.log.failures == []


# --- alone ---------------------------------------------------------------------------------------


async def test_a_step_that_touches_what_is_shared_runs_alone(house: House) -> None:
    async with running(house, [update(1, 1), update(2, 2, alone=True), update(3, 3)]):
        assert [commit.updates for commit in house.books.commits] == [[1, 3], [2]]
        assert house.deciding.seen == [(1, False), (2, False), (3, False), (2, True)]


async def test_an_alone_step_waits_for_a_database_that_is_gone(house: House) -> None:
    house.ledger.gone = 2
    async with running(house, [update(2, alone=True)]):
        assert house.books.done == []
        await house.machine.forward(5)
        assert house.books.done == [2]
        assert house.log.failures == []


# --- trouble -------------------------------------------------------------------------------------


async def test_a_database_that_is_gone_is_waited_for_and_nothing_is_lost(house: House) -> None:
    house.ledger.gone = 3
    rows = [update(n, lane=n % 2 + 1) for n in range(6)]
    house.post.waiting = [mark(99)]
    async with running(house, rows):
        assert house.books.done == []
        await house.machine.forward(5)
        assert house.books.done == [0, 1, 2, 3, 4, 5]
        assert house.post.written == [99]
        assert house.log.failures == []


async def test_a_step_that_raises_drops_only_its_own_unit_and_is_tried_again(house: House) -> None:
    rows = [update(1, 1), update(2, 2, raises=1), update(3, 3)]
    async with running(house, rows):
        assert [commit.updates for commit in house.books.commits] == [[1, 3]]
        assert house.log.failures == [(2, "RuntimeError")]
        await house.machine.forward(pumping.RETRY_SECONDS)
        assert house.books.done == [1, 3, 2]


async def test_a_step_that_failed_once_is_never_batched_again(house: House) -> None:
    house.deciding.gate = asyncio.Event()
    house.deciding.gate.set()
    async with running(house, [update(2, 2, raises=1)]) as pump:
        house.deciding.gate.clear()
        pump.put([update(5, 5)])
        await house.machine.forward(pumping.RETRY_SECONDS)
        pump.put([update(6, 6)])
        house.deciding.gate.set()
        await settle()
        assert [commit.updates for commit in house.books.commits] == [[5], [2], [6]]


@pytest.mark.parametrize("raw", [{"raises": 99}, {"raises": 99, "alone": True}, {"unreadable": 1}])
async def test_a_poisonous_update_is_set_aside_with_an_apology_and_an_alert(
    house: House, raw: dict[str, Any]
) -> None:
    async with running(house, [update(1, **raw), update(2)]):
        await house.machine.forward(10)
        assert house.books.dead == [1]
        assert [number for number, _ in house.log.failures] == [1] * (pumping.TRIES - 1)
        assert house.books.commits[-2].said == [(LING, "apology"), (ADMINISTRATOR, "alert")]
        assert house.books.done == [2], "the lane goes on"


async def test_an_update_of_no_person_is_set_aside_without_an_apology(house: House) -> None:
    async with running(house, [update(1, -100, raises=99)]):
        await house.machine.forward(10)
        assert house.books.commits[-1].said == [(ADMINISTRATOR, "alert")]


async def test_setting_aside_waits_for_a_database_that_is_gone(house: House) -> None:
    async with running(house, [update(1, unreadable=1)]):
        await house.machine.forward(2.5)
        house.ledger.gone = 2
        await house.machine.forward(10)
        assert house.books.dead == [1]


MALFORMED: tuple[Mapping[str, Any], ...] = (
    {"message": "text"},
    {"message": {"date": 10**18}},
    {"message": {"date": -(10**18)}},
    {"message": {"date": "today"}},
    {"edited_message": [1]},
    {"callback_query": "press"},
)


@pytest.mark.parametrize("raw", MALFORMED)
async def test_a_malformed_update_does_not_stop_the_pump(
    house: House, raw: Mapping[str, Any]
) -> None:
    async with running(house, [update(1, unreadable=1, **raw), update(2, CHEN)]):
        await house.machine.forward(10)
        assert house.books.dead == [1]
        assert house.books.done == [2]


async def test_a_batch_that_cannot_be_written_is_run_one_by_one(house: House) -> None:
    house.books.unwritable = {2}
    house.post.waiting = [mark(99)]
    async with running(house, [update(1, 1), update(2, 2), update(3, 3)]):
        await house.machine.forward(10)
        assert house.books.done == [1, 3]
        assert house.books.dead == [2]
        assert house.post.written == [99]


# --- marks and answers ---------------------------------------------------------------------------


async def test_marks_ride_along_in_the_next_commit(house: House) -> None:
    async with running(house, []) as pump:
        house.post.waiting = [mark(98), mark(99)]
        pump.put([update(1)])
        await settle()
        assert [(c.updates, c.marks) for c in house.books.commits] == [([1], [98, 99])]
        assert house.post.written == [98, 99]


async def test_marks_that_a_chat_waits_for_are_written_at_once(house: House) -> None:
    async with running(house, []):
        house.post.waiting, house.post.marks_wanted = [mark(99)], True
        house.post.wake()
        await settle()
        assert [(c.updates, c.marks) for c in house.books.commits] == [([], [99])]


async def test_idle_marks_are_written_by_themselves(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pumping, "IDLE_SECONDS", 0.01)
    written = asyncio.Event()

    def marked(marks: Sequence[Sent]) -> None:
        written.set()

    monkeypatch.setattr(house.post, "marked", marked)
    async with running(house, []):
        house.post.waiting = [mark(99)]
        house.post.wake()
        async with asyncio.timeout(5):
            await written.wait()
        assert [c.marks for c in house.books.commits] == [[99]]


async def test_a_pressed_button_is_answered_after_the_commit_with_a_toast_or_without(
    house: House,
) -> None:
    rows = [
        update(1, 1, callback_query={"id": "51"}, toast="toast-submitted"),
        update(2, 2, callback_query={"id": "52"}),
        update(3, 3, toast="toast-submitted"),
    ]
    async with running(house, rows):
        assert house.answers.given == [("51", "已提交"), ("52", None)]


async def test_a_button_whose_step_failed_for_good_is_answered_too(house: House) -> None:
    async with running(house, [update(1, callback_query={"id": "51"}, raises=99)]):
        await house.machine.forward(10)
        assert house.answers.given == [("51", None)]
