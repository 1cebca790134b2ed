"""The scheduler runs each due job once, late if it must, and never twice."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bot.core.open_storage import Storage
from bot.core.runtime import Clocks
from bot.delivery.sender import Sender
from bot.scheduler.audit_seal import AuditSealing
from bot.scheduler.cleanup import SWEPT_EVERY, BlobSweep, Pruning, Retention
from bot.scheduler.conflict_alert import ConflictAlert
from bot.scheduler.expiry import Expiry
from bot.scheduler.reminders import PAUSE, OpeningNotices, Reminders
from bot.scheduler.scheduler import EVERY, EachTick, Scheduler
from states.records import PersonId
from states.staff_roles import Role, RoleAssignment, Scope
from states.step_result import ShowScreen
from storage.candidates import people
from storage.candidates.blobs import Blobs
from storage.engine import installation, schema, tables
from storage.engine.database import Database, Unavailable
from storage.engine.ids import RowIds
from storage.engine.installation import Fact
from storage.engine.jobs import JobKind
from storage.engine.tables import OutboxState
from storage.staff.access import role_assignments
from storage.updates.inbox import KEPT_FOR, Inbox, finish
from storage.updates.outbox import Outbox
from storage.updates.unit_of_work import UnitOfWorkStore
from tests.bot.people import BOT, CLOSED, EXAM, KEYRING, OPEN, person
from tests.bot.storages import storage_over
from tests.fakes.clocks import START, FakeMonotonicClock, FakeWallClock
from tests.fakes.jobs import run_job

WINDOW = EXAM.windows.registration
ADMINISTRATOR = 1000


class Post(Sender):
    """Counts how often it looked into the table."""

    def __init__(self) -> None:
        self.looked = 0
        self.gone = 0

    def pull(self) -> None:
        if self.gone:
            self.gone -= 1
            raise Unavailable("locked")
        self.looked += 1


@dataclass(slots=True)
class Clock:
    """A ticker over a real database, at a moment that the test sets."""

    db: Database
    monotonic: FakeMonotonicClock
    wall_clock: FakeWallClock
    inbox: Inbox
    outbox: Outbox
    post: Post
    ticker: Scheduler
    blobs: Blobs
    folder: Path
    storage: Storage
    work: UnitOfWorkStore
    heard: datetime | None = None

    def set(self, moment: datetime) -> None:
        """Make it this moment."""
        self.wall_clock.offset = moment - START

    async def told(self) -> list[int]:
        """Who is told that registration has opened."""
        async with self.db.read() as connection:
            rows = await connection.scalars(
                select(tables.outbox.c.chat_id).order_by(tables.outbox.c.chat_id)
            )
            return list(rows)

    async def wait_for_opening(self, *telegram_ids: int, blocked: bool = False) -> None:
        """Keep people who asked to be told."""
        async with self.db.write() as connection:
            for number, telegram_id in enumerate(telegram_ids, start=telegram_ids[0] * 100):
                one = replace(
                    person("en"),
                    id=PersonId(number),
                    telegram_id=telegram_id,
                    number_hash=None,
                    wants_opening=True,
                    blocked_at=START if blocked else None,
                )
                await connection.execute(tables.people.insert(), people.as_row(KEYRING, one))


@pytest.fixture
def retention() -> Retention:
    """How long things are kept, where the test does not say otherwise."""
    return Retention()


@pytest.fixture
async def clock(tmp_path: Path, retention: Retention) -> AsyncIterator[Clock]:
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'ticker.sqlite3'}")
    await schema.migrate(db)
    monotonic = FakeMonotonicClock()
    wall_clock, inbox, outbox, post = (
        FakeWallClock(monotonic),
        Inbox(db, KEYRING, RowIds()),
        Outbox(db, KEYRING),
        Post(),
    )
    folder = tmp_path / "blobs"
    blobs = Blobs.at(folder, KEYRING)
    work = UnitOfWorkStore(db, KEYRING, outbox, RowIds(), bot_id=4242, exam=EXAM.key)
    made: list[Clock] = []
    storage = storage_over(db, KEYRING, inbox, outbox, blobs)

    def synced_until() -> datetime | None:
        return made[0].heard

    async def remember_synced() -> None:
        await storage.remember_synced(synced_until())

    ticker = Scheduler(
        [
            OpeningNotices(storage, EXAM),
            Reminders(storage, EXAM),
            Expiry(storage, EXAM, wall_clock, synced_until, frozenset()),
            AuditSealing(storage, EXAM, [ADMINISTRATOR]),
            EachTick(JobKind.INTAKE, remember_synced),
            EachTick(JobKind.STAFF, work.refresh_staff),
            Pruning(storage, wall_clock, retention),
            BlobSweep(storage, wall_clock),
        ],
        [],
        storage,
        post,
        Clocks(wall_clock, monotonic),
        [ADMINISTRATOR],
    )
    made.append(
        Clock(db, monotonic, wall_clock, inbox, outbox, post, ticker, blobs, folder, storage, work)
    )
    await inbox.recover()
    yield made[0]
    await db.close()


async def test_those_who_asked_are_told_when_registration_opens_and_only_once(
    clock: Clock,
) -> None:
    await clock.wait_for_opening(1001, 1002)
    await clock.wait_for_opening(1003, blocked=True)
    clock.set(CLOSED)
    await clock.ticker.tick()
    assert await clock.told() == []
    clock.set(OPEN)
    for _ in range(2):
        await clock.ticker.tick()
        await clock.monotonic.forward(PAUSE.total_seconds())
    assert await clock.told() == [1001, 1002]


@pytest.mark.row("C2")
async def test_a_wish_is_kept_while_its_person_cannot_be_reached(clock: Clock) -> None:
    await clock.wait_for_opening(1003, blocked=True)
    clock.set(OPEN)
    await clock.ticker.tick()
    assert await clock.told() == []
    async with clock.db.write() as connection:
        await connection.execute(update(tables.people).values(blocked_at=None, unreachable=None))
    await clock.monotonic.forward(PAUSE.total_seconds())
    await clock.ticker.tick()
    assert await clock.told() == [1003], "who writes again is told, while it is open"


async def test_who_was_told_waits_no_more(clock: Clock) -> None:
    await clock.wait_for_opening(1001)
    clock.set(OPEN)
    await clock.ticker.tick()
    async with clock.db.read() as connection:
        assert await people.wanting_opening(connection, KEYRING, 9) == []


async def test_many_who_wait_are_told_some_at_a_time_and_without_a_pause(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At that moment everybody writes: no transaction and no turn of the loop is long."""
    monkeypatch.setattr("storage.candidates.reminders.AT_ONCE", 2)
    await clock.wait_for_opening(*range(1001, 1006))
    job = OpeningNotices(clock.storage, EXAM)
    for told, again in ((2, OPEN), (4, OPEN), (5, OPEN + PAUSE)):
        run = await run_job(clock.storage, job, OPEN)
        assert (len(await clock.told()), run.next_at) == (told, again)


async def test_a_tick_that_was_missed_is_caught_up(clock: Clock) -> None:
    await clock.wait_for_opening(1001)
    clock.set(WINDOW.closes - timedelta(hours=1))
    await clock.ticker.tick()
    assert await clock.told() == [1001]


async def test_after_the_window_nobody_is_told(clock: Clock) -> None:
    await clock.wait_for_opening(1001)
    clock.set(WINDOW.closes)
    await clock.ticker.tick()
    assert await clock.told() == []


async def test_who_asks_again_for_the_same_exam_is_told_once(clock: Clock) -> None:
    clock.set(OPEN)
    await clock.wait_for_opening(1001)
    await clock.ticker.tick()
    async with clock.db.write() as connection:
        await connection.execute(tables.people.update().values(wants_opening=True))
    clock.set(OPEN + timedelta(days=1))
    await clock.ticker.tick()
    assert await clock.told() == [1001]


async def test_each_tick_sends_what_was_left_and_notes_the_intake(clock: Clock) -> None:
    clock.heard = START
    await clock.ticker.tick()
    assert clock.post.looked == 1
    assert await installation.read(clock.db, Fact.SYNCED_UNTIL) == START.isoformat()


async def test_before_telegram_ever_answered_nothing_is_noted(clock: Clock) -> None:
    await clock.ticker.tick()
    assert await installation.read(clock.db, Fact.SYNCED_UNTIL) is None


async def test_what_was_over_long_ago_is_dropped_and_what_waits_is_not(clock: Clock) -> None:
    old = START - KEPT_FOR - timedelta(days=1)
    for moment, number in ((old, 1), (old, 2), (START, 3)):
        await clock.inbox.keep(clock.inbox.number(4242, [{"update_id": number}], moment))
    async with clock.db.write() as connection:
        ids = list(await connection.scalars(select(tables.inbox.c.id).order_by(tables.inbox.c.id)))
        await finish(connection, [ids[0], ids[2]])
    await clock.ticker.tick()
    async with clock.db.read() as connection:
        left = await connection.scalars(select(tables.inbox.c.update_id))
        assert sorted(left) == [2, 3]


async def test_after_a_night_on_which_much_was_over_a_tick_drops_it_bit_by_bit(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.updates.inbox.PRUNED_AT_ONCE", 2)
    monkeypatch.setattr("bot.scheduler.cleanup.PRUNINGS", 3)
    updates = [{"update_id": number, "message": {"from": {"id": 7}}} for number in range(9)]
    old = START - KEPT_FOR - timedelta(days=1)
    rows = await clock.inbox.keep(clock.inbox.number(BOT, updates, old))
    async with clock.db.write() as connection:
        await finish(connection, [row.id for row in rows])
    for left in (3, 0):
        await clock.monotonic.forward(EVERY)
        await clock.ticker.tick()
        async with clock.db.read() as connection:
            count = await connection.scalar(select(func.count()).select_from(tables.inbox))
        assert count == left


SOON = timedelta(seconds=5)


@pytest.mark.parametrize("retention", [Retention(inbox=SOON, outbox=SOON)], ids=["soon"])
async def test_how_long_what_is_over_stays_can_be_set(clock: Clock) -> None:
    for number, moment in enumerate((START - 2 * SOON, START - SOON / 2)):
        await clock.inbox.keep(clock.inbox.number(4242, [{"update_id": number}], moment))
    async with clock.db.write() as connection:
        await finish(connection, list(await connection.scalars(select(tables.inbox.c.id))))
    await clock.ticker.tick()
    async with clock.db.read() as connection:
        assert list(await connection.scalars(select(tables.inbox.c.update_id))) == [1]


async def test_messages_that_were_sent_a_month_ago_are_dropped(clock: Clock) -> None:
    clock.set(OPEN)
    await clock.wait_for_opening(1001, 1002)
    await clock.ticker.tick()
    async with clock.db.write() as connection:
        first = tables.outbox.c.chat_id == 1001
        done = tables.outbox.update().where(first).values(state=OutboxState.SENT)
        await connection.execute(done)
    clock.set(OPEN + timedelta(days=31))
    await clock.ticker.tick()
    assert await clock.told() == [1002]


async def test_a_database_that_is_gone_is_waited_for(clock: Clock) -> None:
    clock.post.gone = 2
    ticker = Scheduler(
        [], [], clock.storage, clock.post, Clocks(clock.wall_clock, clock.monotonic), []
    )
    loop = asyncio.create_task(ticker.run())
    for _ in range(2):
        async with asyncio.timeout(20):
            await clock.monotonic.asleep.wait()
        assert clock.post.looked == 0
        clock.monotonic.asleep.clear()
        await clock.monotonic.forward(EVERY)
    async with asyncio.timeout(20):
        await clock.monotonic.asleep.wait()
    assert clock.post.looked == 1
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)
    assert clock.monotonic.slept == [EVERY] * 3


async def test_the_rows_of_a_tick_have_ids_above_those_of_every_update(clock: Clock) -> None:
    await clock.inbox.keep(clock.inbox.number(4242, [{"update_id": 1}], START))
    await clock.wait_for_opening(1001)
    clock.set(OPEN)
    await clock.ticker.tick()
    async with clock.db.read() as connection:
        row_id = await connection.scalar(select(func.max(tables.outbox.c.id)))
        update_id = await connection.scalar(select(func.max(tables.inbox.c.id)))
    assert row_id is not None
    assert update_id is not None
    assert row_id > update_id


# --- files without a row -------------------------------------------------------------------------


async def left_behind(clock: Clock, content: bytes, written_at: datetime) -> str:
    """A file that no row names, of this age."""
    name = await clock.blobs.put(64, content)
    os.utime(clock.folder / name, (written_at.timestamp(),) * 2)
    return name


async def test_files_without_a_row_are_dropped_once_an_hour(clock: Clock) -> None:
    first = await left_behind(clock, b"first", START - timedelta(days=1))
    await clock.ticker.tick()
    assert (clock.folder / first).exists(), "a database may have been mistaken for another"
    await clock.monotonic.forward(SWEPT_EVERY.total_seconds())
    await clock.ticker.tick()
    assert not (clock.folder / first).exists()
    second = await left_behind(clock, b"second", START - timedelta(days=1))
    await clock.ticker.tick()
    assert (clock.folder / second).exists()
    await clock.monotonic.forward(SWEPT_EVERY.total_seconds())
    await clock.ticker.tick()
    assert not (clock.folder / second).exists()


async def test_a_calendar_that_was_moved_does_not_make_files_older(clock: Clock) -> None:
    await clock.ticker.tick()
    clock.wall_clock.move(timedelta(days=30))
    young = await left_behind(clock, b"young", START + timedelta(minutes=30))
    await clock.monotonic.forward(SWEPT_EVERY.total_seconds())
    await clock.ticker.tick()
    assert (clock.folder / young).exists()


async def test_the_clock_learns_who_was_given_a_seat_from_elsewhere(clock: Clock) -> None:
    assignment = RoleAssignment(
        7, 4242, 1001, Role.AREA_REVIEWER, Scope("qinghai"), "示例", 0, START
    )
    async with clock.db.write() as connection:
        await role_assignments.grant(connection, KEYRING, assignment)
    assert 1001 not in clock.work.staff
    await clock.ticker.tick()
    assert 1001 in clock.work.staff
    async with clock.db.write() as connection:
        await role_assignments.revoke(connection, KEYRING, 7, START)
    await clock.monotonic.forward(EVERY)
    await clock.ticker.tick()
    assert 1001 not in clock.work.staff


@pytest.mark.row("C2")
async def test_a_clock_that_jumps_ahead_for_a_minute_prunes_nothing_of_the_week(
    clock: Clock,
) -> None:
    clock.set(OPEN)
    await clock.ticker.tick()
    update = {"update_id": 77, "message": {"from": {"id": 1001}}}
    (kept,) = await clock.inbox.keep(clock.inbox.number(4242, [update], clock.wall_clock.now()))
    async with clock.db.write() as connection:
        await finish(connection, [kept.id])
    await clock.monotonic.forward(timedelta(days=365).total_seconds())
    for _ in range(2):
        await clock.ticker.tick()
        await clock.monotonic.forward(30)
    query = select(func.count()).select_from(tables.inbox)
    async with clock.db.read() as connection:
        assert await connection.scalar(query) == 1, "a restart could take it for a new one"
    for _ in range(10):  # the clock was right: a day at a time it is believed
        await clock.monotonic.forward(timedelta(minutes=11).total_seconds())
        await clock.ticker.tick()
    async with clock.db.read() as connection:
        assert await connection.scalar(query) == 0


@pytest.mark.row("C2")
async def test_another_bot_with_the_same_token_is_told_once_a_day(clock: Clock) -> None:
    is_on = [False]
    alert = ConflictAlert(clock.storage, EXAM, clock.wall_clock, [ADMINISTRATOR], lambda: is_on[0])

    async def told() -> int:
        rows = await clock.outbox.waiting(clock.wall_clock.now() + timedelta(days=9))
        shown = [one.effect for one in rows if isinstance(one.effect, ShowScreen)]
        return sum(one.screen == "conflict" for one in shown)

    clock.set(OPEN)
    await alert.tell()
    assert await told() == 0
    is_on[0] = True
    for _ in range(3):
        await alert.tell()
    again = ConflictAlert(clock.storage, EXAM, clock.wall_clock, [ADMINISTRATOR], lambda: True)
    await again.tell()
    assert await told() == 1, "once, also across a restart"
    await clock.monotonic.forward(timedelta(days=1).total_seconds())
    await alert.tell()
    assert await told() == 2
