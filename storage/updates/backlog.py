"""The backlog: updates and messages that wait, their number and age, at a bounded cost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import Select, case, func, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import installation, jobs
from storage.engine.database import Database
from storage.engine.installation import Fact
from storage.engine.jobs import StoredJob
from storage.engine.tables import InboxState, OutboxState, inbox, outbox
from storage.staff.cases import decisions

JOB_WAITS = timedelta(minutes=15)
"""The time for which a job may be due: one without an effect stores its next run each 5 minutes."""
_PROBES = count()
COUNTED = 10_000
"""The most rows that a count reads, from an index in milliseconds."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Counts up to ``COUNTED``, and the moments of the oldest; None if nothing waits.

    ``dead`` updates failed every attempt, and the last of them was received at ``died``.
    ``decisions_since`` is the due time of the oldest decision without effect. ``jobs`` were set
    aside, or have been due for ``JOB_WAITS``.
    """

    updates: int
    updates_since: datetime | None
    dead: int
    died: datetime | None
    messages: int
    messages_since: datetime | None
    decisions_since: datetime | None = None
    jobs: tuple[StoredJob, ...] = ()


async def read_backlog(
    db: Database,
    now: datetime,
    uncommitted: Sequence[datetime] = (),
    paced: Collection[int] = (),
) -> Backlog:
    """Return the backlog at ``now``; messages for later do not count.

    Args:
        uncommitted: the arrival times of updates without a row yet.
        paced: chats that get their messages as fast as Telegram allows; theirs are not late.

    Raises:
        Unavailable: the database is gone.
    """
    async with db.read() as connection:
        messages, messages_since = (await connection.execute(_due(now, paced))).one()
        oldest = await connection.scalar(_received(InboxState.WAITING))
        return Backlog(
            updates=await _count(connection, InboxState.WAITING) + len(uncommitted),
            updates_since=min((*uncommitted, *([oldest] if oldest else [])), default=None),
            dead=await _count(connection, InboxState.DEAD),
            died=await connection.scalar(_received(InboxState.DEAD, newest=True)),
            messages=messages,
            messages_since=messages_since,
            decisions_since=await decisions.next_due(connection),
            jobs=tuple(await jobs.troubled(connection, now - JOB_WAITS)),
        )


async def probe_write(db: Database) -> None:
    """Write a row: a full disk or a read-only file shows at a write only.

    Raises:
        Unavailable: nobody can write now.
    """
    async with db.write() as connection:
        await installation.write(connection, Fact.PROBED, str(next(_PROBES)))


async def _count(connection: AsyncConnection, state: InboxState) -> int:
    some = select(inbox.c.id).where(inbox.c.state == state).limit(COUNTED).subquery()
    return await connection.scalar(select(func.count()).select_from(some)) or 0


def _received(state: InboxState, *, newest: bool = False) -> Select[datetime]:
    """Select the arrival of the first or last row of a state; ids rise with the arrivals."""
    order = inbox.c.id.desc() if newest else inbox.c.id
    return select(inbox.c.received_at).where(inbox.c.state == state).order_by(order).limit(1)


def _due(now: datetime, paced: Collection[int]) -> Select[int, datetime | None]:
    is_delayed = outbox.c.not_before > outbox.c.made_at
    since = case((is_delayed, outbox.c.not_before), else_=outbox.c.made_at).label("since")
    late = case((outbox.c.chat_id.in_(paced), null()), else_=since).label("late")
    first = (
        select(since, late)
        .where(outbox.c.state == OutboxState.WAITING)
        .order_by(outbox.c.id)
        .limit(COUNTED)
        .subquery()
    )
    return select(func.count(), func.min(first.c.late)).where(first.c.since <= now)
