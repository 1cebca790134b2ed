"""Jobs: work that becomes due, by kind and key. A periodic job has the empty key.

The module lies in the engine because every other folder of the storage moves or enqueues jobs.
A key names rows by their ids only: ``/healthz`` and the command line print it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database, wake_after_commit
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import record_of
from storage.engine.tables import JobState, jobs


class JobKind(StrEnum):
    """The kinds of jobs of this version; the table may hold others."""

    DECISIONS = "decisions"  # applies the decisions whose undo window has ended
    DECISION = "decision"  # applies one decision that failed; its key is the decision's id
    CLAIMS = "claims"  # ends idle claims
    DIGEST = "digest"  # tells the staff what waits
    EXPIRY = "expiry"  # expires overdue applications
    REMINDERS = "reminders"  # reminds candidates of a deadline
    OPENING = "opening"  # announces the registration
    CLOSING = "closing"  # tells who did not submit that the registration is over
    SEALING = "sealing"  # seals the audit and sends its head
    INTAKE = "intake"  # stores up to when the intake has every update
    STAFF = "staff"  # reads which accounts have a role
    WAIT_TIMES = "wait-times"  # measures the usual waits
    PRUNING = "pruning"  # deletes finished rows
    BLOB_SWEEP = "blob-sweep"  # deletes files without a row
    BROADCAST = "broadcast"  # plans and feeds one broadcast; its key is the broadcast's id
    RESEALING = "resealing"  # encrypts everything with the newest key; its key is that key's id
    PAPER = "paper"  # reads one paper; its key begins the name of its file
    PRINT = "print"  # makes a candidate's printed form; its key is the person's id
    LATE_CHANGE = "late-change"  # tells the staff of a request, and closes it in time
    ORDER = "order"  # makes, asks about and ends one order at its provider
    REFUND = "refund"  # has a provider send one charge back
    CASE = "case"  # tells of one case, and applies its decision; its key is the case's id
    LIKENESS = "likeness"  # looks for other accounts of a person; its key is the person's id
    DIFFERENCES = "differences"  # tells administrators what does not add up
    EXAM = "exam"  # looks for a new version of the exam, which a restart takes up


PERIODIC = ""
"""The key of a periodic job."""
FIRST_RUN_AFTER = {JobKind.BLOB_SWEEP: timedelta(hours=1)}
"""The delay of a kind's first run on a new database; no start makes such a job due earlier."""
UNKNOWN_NAMED = timedelta(days=1)
"""The time for which a late job of an unknown kind is a trouble; it waits on for its version."""
NAMED = 20
"""The most jobs that ``troubled`` names."""


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A row of the table. ``attempts`` failed in a row, the last one with ``error``."""

    kind: str
    key: str
    run_at: datetime
    state: JobState = JobState.WAITING
    attempts: int = 0
    error: str | None = None
    person_id: int | None = None
    payload: bytes | None = None

    @property
    def id(self) -> tuple[str, str]:
        """The primary key."""
        return self.kind, self.key


class JobTaken(Exception):
    """The job ran, moved or ended meanwhile; the transaction must not commit."""


async def advance(
    connection: AsyncConnection, kind: JobKind, to: datetime, key: str = PERIODIC
) -> None:
    """Run a job no later than ``to``, unless it failed and waits for its next attempt.

    A one-off job that was done begins again.
    """
    is_later = or_(jobs.c.run_at > to, jobs.c.state == JobState.DONE)
    earlier = update(jobs).where(_named(kind, key), is_later, jobs.c.attempts == 0)
    await connection.execute(earlier.values(run_at=to, state=JobState.WAITING))
    wake_after_commit(connection)


async def keys(connection: AsyncConnection, kind: JobKind) -> list[str]:
    """Return the keys of the unfinished jobs of a kind."""
    query = select(jobs.c.key).where(jobs.c.kind == kind, jobs.c.state != JobState.DONE)
    return list(await connection.scalars(query))


async def troubled(connection: AsyncConnection, due_before: datetime) -> list[StoredJob]:
    """Return jobs that were set aside, and those due before a moment that did not run.

    A job of a kind that this version does not know is named for ``UNKNOWN_NAMED``.
    """
    is_named = or_(jobs.c.kind.in_(JobKind), jobs.c.run_at > due_before - UNKNOWN_NAMED)
    is_late = and_(jobs.c.state == JobState.WAITING, jobs.c.run_at < due_before, is_named)
    query = select(jobs).where(or_(jobs.c.state == JobState.SET_ASIDE, is_late))
    return await _jobs(connection, query.order_by(jobs.c.run_at).limit(NAMED))


async def unfinished(connection: AsyncConnection) -> list[StoredJob]:
    """Return all jobs that are not done, the next one first."""
    query = select(jobs).where(jobs.c.state != JobState.DONE)
    return await _jobs(connection, query.order_by(jobs.c.run_at, jobs.c.kind, jobs.c.key))


async def retry(
    connection: AsyncConnection, kind: str, key: str | None, now: datetime
) -> list[StoredJob]:
    """Make the failed jobs of a kind due, or the one of a key; return them as they were."""
    which = and_(_named(kind, key), jobs.c.state != JobState.DONE, jobs.c.attempts > 0)
    found = await _jobs(connection, select(jobs).where(which))
    afresh = {"state": JobState.WAITING, "attempts": 0, "run_at": now}
    await connection.execute(update(jobs).where(which).values(afresh))
    return found


class Jobs:
    """The table of jobs as the scheduler and the causes of jobs use it."""

    def __init__(self, db: Database, keyring: Keyring) -> None:
        self._db = db
        self._keyring = keyring
        insert = db.insert(jobs)
        anew = {one.key: insert.excluded[one.key] for one in jobs.c if not one.primary_key}
        # A new cause takes up a job that was set aside: else nobody answers whoever asks again.
        self._insert = insert.on_conflict_do_update(
            index_elements=["kind", "key"], set_=anew, where=jobs.c.state != JobState.WAITING
        )
        self._insert_new = insert.on_conflict_do_nothing()

    async def enqueue(self, connection: AsyncConnection, wanted: Sequence[StoredJob]) -> None:
        """Insert one-off jobs in their cause's transaction; one that waits stays as it is.

        Payloads are plain here and encrypted in the table.
        """
        if wanted:
            await connection.execute(self._insert, [self._as_row(job) for job in wanted])
            wake_after_commit(connection)

    async def start(self, kinds: Collection[JobKind], now: datetime) -> None:
        """Make the periodic jobs due: the settings or the exam may have changed."""
        async with self._db.write() as connection:
            first = [(kind, now + FIRST_RUN_AFTER.get(kind, timedelta())) for kind in kinds]
            rows = [self._as_row(StoredJob(kind, PERIODIC, at)) for kind, at in first]
            if rows:
                await connection.execute(self._insert_new, rows)
            for kind in set(kinds) - FIRST_RUN_AFTER.keys():
                await advance(connection, kind, now)

    async def next(self, kinds: Collection[str], most: int) -> list[StoredJob]:
        """Return the waiting jobs of these kinds that come first, due or not: one statement."""
        query = select(jobs).where(jobs.c.state == JobState.WAITING, jobs.c.kind.in_(kinds))
        async with self._db.read_autocommit() as connection:
            return await _jobs(connection, query.order_by(jobs.c.run_at).limit(most))

    def payload(self, job: StoredJob) -> bytes:
        """Decrypt the payload of a stored job."""
        return self._keyring.decrypt(job.payload, _place(job)) if job.payload else b""

    async def claim(self, connection: AsyncConnection, job: StoredJob) -> None:
        """Check in a run's transaction that the job still waits as it was read.

        Raises:
            JobTaken: another run, a retry or an erasure was faster.
        """
        as_read = (jobs.c.state == JobState.WAITING, jobs.c.run_at == job.run_at)
        query = select(jobs.c.kind).where(_named(job.kind, job.key), *as_read)
        if await connection.scalar(query) is None:
            raise JobTaken(f"{job.kind} {job.key}")

    async def mark(
        self, connection: AsyncConnection, job: StoredJob, next_at: datetime | None
    ) -> None:
        """Store the next run in the transaction of a run's effect; None ends the job."""
        values: dict[str, Any] = {"attempts": 0, "error": None}
        if next_at is None:
            values |= {"state": JobState.DONE, "payload": None}
        else:
            values |= {"run_at": next_at}
        await connection.execute(update(jobs).where(_named(job.kind, job.key)).values(values))

    async def fail(
        self, connection: AsyncConnection, job: StoredJob, error: str, retry_at: datetime | None
    ) -> None:
        """Count a failed attempt; None sets the job aside.

        Raises:
            JobTaken: a retry or an erasure came first, or the run has committed; it stays so.
        """
        await self.claim(connection, job)
        values: dict[str, Any] = {"attempts": job.attempts + 1, "error": error[:200]}
        values |= {"run_at": retry_at} if retry_at else {"state": JobState.SET_ASIDE}
        await connection.execute(update(jobs).where(_named(job.kind, job.key)).values(values))

    async def prune(self, before: datetime) -> int:
        """Delete the done jobs that were due before a moment; return their number."""
        is_over = (jobs.c.state == JobState.DONE, jobs.c.run_at < before)
        async with self._db.write() as connection:
            return (await connection.execute(delete(jobs).where(*is_over))).rowcount

    def _as_row(self, job: StoredJob) -> dict[str, Any]:
        sealed = self._keyring.encrypt(job.payload, _place(job)) if job.payload else None
        return {name: getattr(job, name) for name in StoredJob.__slots__} | {"payload": sealed}


def _named(kind: str, key: str | None = PERIODIC) -> ColumnElement[bool]:
    return and_(jobs.c.kind == kind, *([] if key is None else [jobs.c.key == key]))


async def _jobs(connection: AsyncConnection, query: Any) -> list[StoredJob]:
    return [
        record_of(StoredJob, row, state=JobState(row.state))
        for row in await connection.execute(query)
    ]


def _place(job: StoredJob) -> str:
    return f"jobs/{job.kind}/{job.key}"
