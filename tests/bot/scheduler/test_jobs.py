"""The table of jobs and its one scheduler: once in effect, retried, set aside, never in the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import delete, event, insert, select

from bot.core import runtime
from bot.core.open_storage import Storage
from bot.core.runtime import Clocks, Failpoint, FailpointHook, no_failpoint
from bot.delivery.sender import Sender
from bot.scheduler.scheduler import ATTEMPTS, BY_DATE, EVERY, EachTick, Job, JobRun, Scheduler
from handlers.everyone.notices import JOB_SET_ASIDE
from states.records import PersonId
from states.step_result import ShowScreen
from storage.candidates import people
from storage.engine import installation, jobs, tables
from storage.engine.database import Database, Unavailable
from storage.engine.ids import RowIds
from storage.engine.installation import Fact
from storage.engine.jobs import JobKind, StoredJob
from storage.engine.tables import JobState
from storage.updates import backlog
from storage.updates.inbox import Inbox
from tests.bot.people import KEYRING, person
from tests.bot.storages import storage_over
from tests.e2e.wait import until
from tests.fakes.clocks import START, FakeMonotonicClock, FakeWallClock

ADMINISTRATOR = 1000
SECRET = "约好星期五"


class Post(Sender):
    """Sends nothing."""

    def __init__(self) -> None:
        """Nothing is needed."""

    def pull(self) -> None:
        """Leave everything in the table."""


@dataclass(slots=True)
class Counting:
    """A job that counts its runs in the database; ``trouble`` is raised after its effect."""

    kind: JobKind
    every: timedelta | None = None
    trouble: Exception | None = None
    payloads: list[bytes] = field(default_factory=list)
    ran: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, run: JobRun) -> None:
        """Count."""
        async with run.write() as tx:
            known = await installation.read_within(tx, Fact.USERNAME) or ""
            await installation.write(tx, Fact.USERNAME, known + "x")
            self.payloads.append(run.payload)
            if self.every is not None:
                run.again(run.now + self.every)
            if self.trouble is not None:
                raise self.trouble
        self.ran.set()


class Killed(BaseException):
    """The process ends here."""


@dataclass(slots=True)
class Desk:
    """A scheduler over a real database, at the moment that a test sets."""

    storage: Storage
    monotonic: FakeMonotonicClock
    wall_clock: FakeWallClock
    failpoint: FailpointHook = no_failpoint

    def scheduler(self, *periodic: Job, one_off: tuple[Job, ...] = ()) -> Scheduler:
        """A scheduler that has just started."""
        clocks = Clocks(self.wall_clock, self.monotonic)
        return Scheduler(
            periodic,
            one_off,
            self.storage,
            Post(),
            clocks,
            [ADMINISTRATOR],
            failpoint=self.failpoint,
        )

    async def enqueue(self, *wanted: StoredJob) -> None:
        """A cause enqueues jobs."""
        async with self.storage.db.write() as tx:
            await self.storage.jobs.enqueue(tx, wanted)

    async def runs(self) -> int:
        """How often the effect of a counting job is in the database."""
        return len(await installation.read(self.storage.db, Fact.USERNAME) or "")

    async def rows(self) -> list[StoredJob]:
        """The jobs that are not done."""
        async with self.storage.db.read() as connection:
            return await jobs.unfinished(connection)

    async def later(self, scheduler: Scheduler, seconds: float) -> None:
        """Time passes, and the scheduler looks."""
        await self.monotonic.forward(seconds)
        await scheduler.tick()


@pytest_asyncio.fixture
async def desk(db: Database) -> AsyncIterator[Desk]:
    """An empty database."""
    monotonic, inbox = FakeMonotonicClock(), Inbox(db, KEYRING, RowIds())
    await inbox.recover()
    yield Desk(storage_over(db, KEYRING, inbox), monotonic, FakeWallClock(monotonic))


def one_off(key: str = "7", at: datetime = START, **known: object) -> StoredJob:
    """A job that runs once."""
    return replace(StoredJob(JobKind.DECISION, key, at), **known)  # type: ignore[arg-type]


async def test_a_cause_enqueues_once_while_it_waits_and_a_done_job_begins_again(desk: Desk) -> None:
    job = Counting(JobKind.DECISION)
    scheduler = desk.scheduler(one_off=(job,))
    for _ in range(2):
        await desk.enqueue(one_off(at=START + timedelta(minutes=1), payload=SECRET.encode()))
    await scheduler.tick()
    assert await desk.runs() == 0
    await desk.later(scheduler, 60)
    assert (await desk.runs(), job.payloads) == (1, [SECRET.encode()])
    await desk.enqueue(one_off())
    await desk.later(scheduler, 60)
    assert (await desk.runs(), job.payloads) == (2, [SECRET.encode(), b""])


async def test_a_payload_is_encrypted_and_emptied_when_the_job_is_done(desk: Desk) -> None:
    await desk.enqueue(one_off(payload=SECRET.encode()))
    query = select(tables.jobs.c.payload)
    async with desk.storage.db.read() as connection:
        kept = await connection.scalar(query)
    assert kept
    assert SECRET.encode() not in kept
    await desk.scheduler(one_off=(Counting(JobKind.DECISION),)).tick()
    async with desk.storage.db.read() as connection:
        assert await connection.scalar(query) is None


@pytest.mark.parametrize(("failpoint", "before"), [(Failpoint.JOB_DUE, 0), (Failpoint.JOB_DONE, 1)])
@pytest.mark.parametrize("every", [None, timedelta(hours=1)], ids=["one-off", "periodic"])
async def test_a_death_before_or_after_the_commit_leaves_the_effect_once(
    desk: Desk, failpoint: Failpoint, before: int, every: timedelta | None
) -> None:
    def dies(passed: Failpoint, _detail: str = "", /) -> None:
        if passed is failpoint:
            raise Killed

    job = Counting(JobKind.DECISION, every)
    await desk.enqueue(one_off())
    desk.failpoint = dies
    with pytest.raises(Killed):
        await desk.scheduler(one_off=(job,)).tick()
    assert await desk.runs() == before
    desk.failpoint = no_failpoint
    for _ in range(2):
        await desk.later(desk.scheduler(one_off=(job,)), EVERY)
    assert await desk.runs() == 1


async def test_a_job_that_fails_is_retried_set_aside_named_and_told_once(desk: Desk) -> None:
    broken, fine = Counting(JobKind.EXPIRY, trouble=ValueError(SECRET)), Counting(JobKind.DIGEST)
    fine.every = timedelta(minutes=1)
    scheduler = desk.scheduler(broken, fine)
    row = one_off()
    for attempt in range(1, ATTEMPTS + 3):
        await scheduler.tick()
        (row,) = [one for one in await desk.rows() if one.kind == JobKind.EXPIRY]
        assert row.attempts == min(attempt, ATTEMPTS)
        await desk.monotonic.forward(3600)
    assert (row.state, row.error) == (JobState.SET_ASIDE, "ValueError")
    assert await desk.runs() == ATTEMPTS + 2, "the other job goes on"
    (told,) = await desk.storage.outbox.waiting(desk.wall_clock.now())
    assert isinstance(told.effect, ShowScreen)
    assert (told.chat_id, told.effect.screen) == (ADMINISTRATOR, JOB_SET_ASIDE)
    assert dict(told.effect.data) == {"kind": "expiry", "key": ""}
    await scheduler.tick()
    named = (await backlog.read_backlog(desk.storage.db, desk.wall_clock.now())).jobs
    assert [one.kind for one in named] == [JobKind.EXPIRY]

    broken.trouble, broken.every = None, timedelta(hours=1)
    async with desk.storage.db.write() as tx:
        assert len(await jobs.retry(tx, "expiry", None, desk.wall_clock.now())) == 1
    await scheduler.tick()
    assert len(broken.payloads) == ATTEMPTS + 1
    assert (await backlog.read_backlog(desk.storage.db, desk.wall_clock.now())).jobs == ()


async def test_a_new_cause_takes_up_a_job_that_was_set_aside_and_a_start_does_not(
    desk: Desk,
) -> None:
    """A person who asks again, perhaps for something else by now, waits for an answer."""
    asked = Counting(JobKind.DECISION, trouble=ValueError())
    periodic = Counting(JobKind.DIGEST, timedelta(hours=1), ValueError())
    await desk.enqueue(one_off())
    scheduler = desk.scheduler(periodic, one_off=(asked,))
    for _ in range(ATTEMPTS):
        await desk.later(scheduler, 3600)
    assert {one.state for one in await desk.rows()} == {JobState.SET_ASIDE}
    asked.trouble = periodic.trouble = None
    await desk.enqueue(one_off(at=desk.wall_clock.now()))
    await desk.later(desk.scheduler(periodic, one_off=(asked,)), EVERY)
    assert [(one.kind, one.state) for one in await desk.rows()] == [
        (JobKind.DIGEST, JobState.SET_ASIDE)
    ]
    assert await desk.runs() == 1


async def test_an_unavailable_database_costs_one_round_and_no_attempt(desk: Desk) -> None:
    job = Counting(JobKind.EXPIRY, timedelta(hours=1), Unavailable("locked"))
    scheduler = desk.scheduler(job)
    await scheduler.tick()
    job.trouble = None
    assert [(one.attempts, one.state) for one in await desk.rows()] == [(0, JobState.WAITING)]
    await desk.later(scheduler, EVERY)
    assert await desk.runs() == 1


async def test_a_job_of_an_unknown_kind_waits_and_is_named(desk: Desk) -> None:
    await desk.enqueue(StoredJob("of-another-version", "7", START))
    await desk.later(desk.scheduler(), 3600)
    named = (await backlog.read_backlog(desk.storage.db, desk.wall_clock.now())).jobs
    assert [(one.kind, one.key, one.attempts) for one in named] == [("of-another-version", "7", 0)]
    await desk.later(desk.scheduler(), 2 * 24 * 3600)
    assert (await backlog.read_backlog(desk.storage.db, desk.wall_clock.now())).jobs == ()
    assert ("of-another-version", "7") in [one.id for one in await desk.rows()]


async def test_many_jobs_of_one_kind_do_not_hold_up_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.scheduler.scheduler.AT_ONCE", 2)
    many, other = Counting(JobKind.DECISION), Counting(JobKind.DIGEST, timedelta(hours=1))
    await desk.enqueue(*(one_off(str(number)) for number in range(5)))
    scheduler = desk.scheduler(other, one_off=(many,))
    for _ in range(3):
        await scheduler.tick()
    assert (len(many.payloads), len(other.payloads)) == (5, 1)


@dataclass(slots=True)
class Waiting:
    """A job that waits for a provider until ``at_once`` others wait as well."""

    kind: JobKind
    at_once: int
    begun: int = 0
    most: int = 0
    full: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, run: JobRun) -> None:
        """Wait, and be done."""
        self.begun += 1
        self.most = max(self.most, self.begun)
        if self.begun == self.at_once:
            self.full.set()
        await self.full.wait()
        async with run.write():
            self.begun -= 1


@pytest.mark.parametrize(("one", "at_once"), [(JobKind.ORDER, 16), (JobKind.PAPER, 1)])
async def test_only_jobs_that_wait_for_a_provider_run_side_by_side(
    desk: Desk, one: JobKind, at_once: int
) -> None:
    job = Waiting(one, at_once)
    await desk.enqueue(*(StoredJob(one, str(number), START) for number in range(40)))
    async with asyncio.timeout(20):
        await desk.scheduler(one_off=(job,)).tick()
    assert job.most == at_once
    assert await desk.rows() == []


async def test_many_jobs_that_wait_for_storage_do_not_hold_up_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.scheduler.scheduler.AT_ONCE", 2)
    away = Counting(JobKind.DECISION, trouble=Unavailable("files"))
    other = Counting(JobKind.DIGEST, timedelta(hours=1))
    early = START - timedelta(minutes=1)
    await desk.enqueue(*(one_off(str(number), early) for number in range(5)))
    scheduler = desk.scheduler(other, one_off=(away,))
    for _ in range(5):
        await desk.later(scheduler, EVERY)
    assert len(other.payloads) == 1


async def test_a_new_job_and_an_advanced_one_wake_the_scheduler(desk: Desk) -> None:
    slow, quick = Counting(JobKind.DECISIONS, timedelta(hours=9)), Counting(JobKind.DECISION)
    loop = asyncio.create_task(desk.scheduler(slow, one_off=(quick,)).run())

    async with asyncio.timeout(20):
        await slow.ran.wait()
        slow.ran.clear()
        await desk.enqueue(one_off())
        await quick.ran.wait()
        async with desk.storage.db.write() as tx:
            await jobs.advance(tx, JobKind.DECISIONS, START)
        await slow.ran.wait()
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)


@dataclass(slots=True)
class Held:
    """A kind of two jobs: the first comes again in a second, the second is held up meanwhile."""

    kind: JobKind = JobKind.DECISION
    firsts: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, run: JobRun) -> None:
        """Count the runs of the first job, or wait."""
        if run.job.key == "1":
            self.firsts += 1
            run.again(run.now + timedelta(seconds=1))
            return
        self.begun.set()
        await self.goes_on.wait()
        run.again(run.next_tick)


async def test_a_job_comes_again_in_time_although_another_of_its_kind_was_held_up(
    desk: Desk,
) -> None:
    """The loop looks meanwhile, and sees no job of a kind that runs."""
    held, quick = Held(), Counting(JobKind.DIGEST)
    loop = asyncio.create_task(desk.scheduler(one_off=(held, quick)).run())
    async with asyncio.timeout(20):
        await desk.enqueue(one_off("1"), one_off("2"))
        await held.begun.wait()
        await desk.enqueue(StoredJob(JobKind.DIGEST, "3", START))
        await quick.ran.wait()
        await asyncio.sleep(0.5)  # the loop looks, and sleeps
        held.goes_on.set()
        await asyncio.sleep(0.5)
        await desk.monotonic.forward(1)
        await until(lambda: held.firsts == 2)
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)


async def test_a_clock_that_jumps_makes_due_and_a_start_catches_up_once(desk: Desk) -> None:
    job = Counting(JobKind.DIGEST, timedelta(hours=1))
    scheduler = desk.scheduler(job)
    await scheduler.tick()
    desk.wall_clock.move(timedelta(days=3))
    for _ in range(2):
        await scheduler.tick()
    assert await desk.runs() == 2


async def test_a_clock_that_was_ahead_leaves_no_periodic_job_asleep(desk: Desk) -> None:
    """A machine whose clock was set as local time runs hours ahead until the network tells it."""
    job = Counting(JobKind.DIGEST, timedelta(hours=1))
    scheduler = desk.scheduler(job)
    desk.wall_clock.move(timedelta(hours=8))
    await scheduler.tick()
    desk.wall_clock.offset = timedelta(0)
    for _ in range(2):
        await desk.later(scheduler, EVERY)
    assert await desk.runs() == 2


@pytest.mark.parametrize("job_kind", sorted(BY_DATE))
async def test_nobody_is_told_of_dates_by_a_wrong_clock(desk: Desk, job_kind: JobKind) -> None:
    job, other = (
        Counting(job_kind, timedelta(hours=1)),
        Counting(JobKind.DIGEST, timedelta(hours=1)),
    )
    scheduler = desk.scheduler(job, other)
    desk.wall_clock.measure((datetime.now(UTC) - timedelta(days=1)).timestamp())
    await scheduler.tick()
    assert (job.payloads, len(other.payloads)) == ([], 1)
    desk.wall_clock.measure(datetime.now(UTC).timestamp())
    await desk.later(scheduler, EVERY)
    assert len(job.payloads) == 1


async def test_a_clock_that_is_set_is_wrong_at_once_and_right_once_it_is_set_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = runtime._machine()
    for days, is_wrong in ((1, True), (-1, True), (0, False)):
        monkeypatch.setattr(runtime, "_machine", lambda now=machine + timedelta(days): now)
        assert desk.wall_clock.is_wrong == is_wrong


async def test_rounds_at_once_run_a_job_once(desk: Desk) -> None:
    job = Counting(JobKind.DIGEST, timedelta(hours=1))
    scheduler = desk.scheduler(job)
    await asyncio.gather(*(scheduler.tick() for _ in range(5)))
    assert await desk.runs() == 1


async def test_who_is_erased_takes_their_jobs_along(desk: Desk) -> None:
    known = replace(person("en"), id=PersonId(64), telegram_id=1001, number_hash=None)
    async with desk.storage.db.write() as tx:
        await tx.execute(insert(tables.people), people.as_row(KEYRING, known))
    await desk.enqueue(one_off("1", person_id=64), one_off("2"))
    update = {"update_id": 1, "message": {"from": {"id": 1001}}}
    rows = await desk.storage.inbox.keep(desk.storage.inbox.number(known.bot_id, [update], START))
    async with desk.storage.db.write() as tx:
        (unit,) = await desk.storage.units.load(tx, [(rows[0], START)], exclusive=True)
        unit.erase()
        await desk.storage.units.flush(tx, [unit])
    assert [one.key for one in await desk.rows()] == ["2"]


async def test_an_update_enqueues_a_job_with_its_commit(desk: Desk) -> None:
    update = {"update_id": 1, "message": {"from": {"id": 1001}}}
    rows = await desk.storage.inbox.keep(desk.storage.inbox.number(4242, [update], START))
    async with desk.storage.db.write() as tx:
        (unit,) = await desk.storage.units.load(tx, [(rows[0], START)])
        unit.jobs.append(one_off("friday", payload=SECRET.encode()))
        await desk.storage.units.flush(tx, [unit])
    assert desk.storage.db.woken.is_set()
    assert [one.key for one in await desk.rows()] == ["friday"]


async def test_a_tick_with_nothing_due_is_one_statement_and_no_write(desk: Desk) -> None:
    async def nothing() -> None:
        """Work that changes nothing."""

    scheduler = desk.scheduler(
        Counting(JobKind.DIGEST, timedelta(hours=1)), EachTick(JobKind.STAFF, nothing)
    )
    await scheduler.tick()
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement.split()[0])

    engines = desk.storage.db._engines.values()
    for engine in engines:
        event.listen(engine.sync_engine, "before_cursor_execute", note)
    await desk.monotonic.forward(EVERY - 1)
    await scheduler._round()
    assert statements == ["SELECT"]
    await desk.later(scheduler, 1)
    assert set(statements) == {"SELECT"}


async def test_a_failed_run_overwrites_nothing_that_came_before_its_mark(desk: Desk) -> None:
    async def erased_meanwhile() -> None:
        async with desk.storage.db.write() as tx:
            await tx.execute(delete(tables.jobs))
        raise RuntimeError("too late")

    await desk.enqueue(one_off())
    job = EachTick(JobKind.DECISION, erased_meanwhile)
    await desk.scheduler(one_off=(job,)).tick()
    assert await desk.rows() == []


async def test_a_run_that_fails_after_its_commit_is_done_all_the_same(desk: Desk) -> None:
    class Late(Counting):
        async def run(self, run: JobRun) -> None:
            await super().run(run)
            raise RuntimeError("after the commit")

    await desk.enqueue(one_off())
    scheduler = desk.scheduler(one_off=(Late(JobKind.DECISION),))
    await scheduler.tick()
    assert (await desk.runs(), await desk.rows()) == (1, [])
