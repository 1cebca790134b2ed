"""What waits to be done or sent, how much and since when; bounded, however much it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, false, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database
from storage.engine.tables import InboxState, OutboxState, inbox, outbox
from storage.staff import decisions

COUNTED = 10_000
"""Rows that are counted at most; they come off an index, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Counts go up to ``COUNTED``; moments are those of the oldest, None where nothing waits.

    ``dead`` are updates that were set aside, ``died`` is when the last of them was received;
    ``decisions_since`` is when the oldest decision of the staff should have taken effect.
    """

    updates: int
    updates_since: datetime | None
    dead: int
    died: datetime | None
    messages: int
    messages_since: datetime | None
    decisions_since: datetime | None = None


async def read_backlog(db: Database, now: datetime, coming: Sequence[datetime] = ()) -> Backlog:
    """What waits at this moment; messages whose time comes later do not wait yet.

    Args:
        coming: when the updates came in that wait although no row says so yet.

    Raises:
        Unavailable: the database cannot be asked.
    """
    async with db.read() as connection:
        due = _due(now)
        messages, messages_since = (await connection.execute(due)).one()
        kept = await connection.scalar(_received(InboxState.WAITING))
        return Backlog(
            updates=await _count(connection, InboxState.WAITING) + len(coming),
            updates_since=min((*coming, *([kept] if kept else [])), default=None),
            dead=await _count(connection, InboxState.DEAD),
            died=await connection.scalar(_received(InboxState.DEAD, newest=True)),
            messages=messages,
            messages_since=messages_since,
            decisions_since=await decisions.next_due(connection),
        )


async def probe_write(db: Database) -> None:
    """Write nothing into the inbox: it wants every lock and right that a row would.

    Raises:
        Unavailable: nobody can write now.
    """
    async with db.write() as connection:
        await connection.execute(update(inbox).where(false()).values(attempts=inbox.c.attempts))


async def _count(connection: AsyncConnection, state: InboxState) -> int:
    some = select(inbox.c.id).where(inbox.c.state == state).limit(COUNTED).subquery()
    return await connection.scalar(select(func.count()).select_from(some)) or 0


def _received(state: InboxState, *, newest: bool = False) -> Select[datetime]:
    """When the first or last row of this state came in: ids rise as rows come in."""
    order = inbox.c.id.desc() if newest else inbox.c.id
    return select(inbox.c.received_at).where(inbox.c.state == state).order_by(order).limit(1)


def _due(now: datetime) -> Select[int, datetime | None]:
    since = func.coalesce(outbox.c.not_before, outbox.c.made_at).label("since")
    first = (
        select(since)
        .where(outbox.c.state == OutboxState.WAITING)
        .order_by(outbox.c.id)
        .limit(COUNTED)
        .subquery()
    )
    return select(func.count(), func.min(first.c.since)).where(first.c.since <= now)
