"""The ledger: one row for each recipient of a broadcast, with what came of it.

A recipient is CLAIMED while an outbox row carries the message; the two rows change in one
transaction. The key of that row names broadcast, round and person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import and_, bindparam, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.broadcasts.ledger import OPEN, BroadcastState, Counts, Outcome
from states.values import dataclass
from storage.broadcasts.broadcasts import Broadcast
from storage.engine.tables import (
    OutboxState,
    applications,
    broadcast_recipients,
    broadcasts,
    outbox,
    people,
)

CANCELLED_AT_ONCE: Final = 10_000
"""Recipients that one transaction cancels."""
NAMED: Final = 30
"""The most recipients that a list of unknown outcomes names."""
_SOON: Final = (BroadcastState.PLANNING, BroadcastState.SCHEDULED)
_KEY: Final = re.compile(r"b(\d+)\.\d+:(\d+)")
_OUTCOMES: Final = {
    OutboxState.SENT: Outcome.SENT,
    OutboxState.FAILED: Outcome.REFUSED,
    OutboxState.OVERTAKEN: Outcome.OVERTAKEN,
    OutboxState.EXPIRED: Outcome.OVERTAKEN,
    OutboxState.UNKNOWN: Outcome.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class PlannedRecipient:
    """A recipient whose turn has come; ``chat_id`` is None for an erased person."""

    person_id: int
    chat_id: int | None
    unreachable: str | None


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """The end of an outbox row that may carry a broadcast."""

    key: str
    row_id: int
    state: OutboxState
    at: datetime | None = None
    message_id: int | None = None
    why: str | None = None


def key_of(broadcast: Broadcast, person_id: int) -> str:
    """Return the key of the outbox row of a recipient in the present round."""
    return f"b{broadcast.id}.{broadcast.round}:{person_id}"


async def counts(connection: AsyncConnection, broadcast_id: int) -> Counts:
    """Count the recipients by outcome, and the refused ones by reason: 2 queries."""
    ledger = broadcast_recipients.c
    by_outcome = (
        select(ledger.outcome, func.count())
        .where(ledger.broadcast_id == broadcast_id)
        .group_by(ledger.outcome)
    )
    why = (
        select(func.coalesce(ledger.why, ""), func.count())
        .where(ledger.broadcast_id == broadcast_id, ledger.outcome == Outcome.REFUSED)
        .group_by(ledger.why)
    )
    found = {Outcome(row[0]): row[1] for row in await connection.execute(by_outcome)}
    return Counts(found, {row[0]: row[1] for row in await connection.execute(why)})


async def others_open(
    connection: AsyncConnection, broadcast: Broadcast, until: datetime
) -> list[int]:
    """Return the open recipients of each other broadcast that sends beside this one.

    Those run already, or start before ``until``. Paid and free ones do not share a limit.
    """
    ledger, known = broadcast_recipients.c, broadcasts.c
    soon = and_(known.state.in_(_SOON), func.coalesce(known.starts_at, until) <= until)
    query = (
        select(func.count())
        .select_from(broadcast_recipients.join(broadcasts, known.id == ledger.broadcast_id))
        .where(
            known.bot_id == broadcast.bot_id,
            known.id != broadcast.id,
            known.is_paid == broadcast.is_paid,
            or_(known.state == BroadcastState.RUNNING, soon),
            ledger.outcome.in_(OPEN),
        )
        .group_by(known.id)
    )
    return list(await connection.scalars(query))


async def planned(
    connection: AsyncConnection, broadcast_id: int, most: int
) -> list[PlannedRecipient]:
    """Return the next recipients."""
    ledger = broadcast_recipients.c
    query = (
        select(ledger.person_id, people.c.telegram_id, people.c.blocked_at, people.c.unreachable)
        .select_from(broadcast_recipients)
        .outerjoin(people, people.c.id == ledger.person_id)
        .where(ledger.broadcast_id == broadcast_id, ledger.outcome == Outcome.PLANNED)
        .order_by(ledger.person_id)
        .limit(most)
    )
    return [
        PlannedRecipient(row[0], row[1], (row[3] or "forbidden") if row[2] else None)
        for row in await connection.execute(query)
    ]


async def claim(
    connection: AsyncConnection, broadcast_id: int, rows: Sequence[tuple[int, int]]
) -> None:
    """Note the outbox rows (their ids) that carry the message to these people."""
    if rows:
        given = [{"b": broadcast_id, "person": one, "row": row} for one, row in rows]
        await connection.execute(_CLAIM, given)


async def close(
    connection: AsyncConnection,
    broadcast_id: int,
    person_ids: Iterable[int],
    outcome: Outcome,
    now: datetime,
    why: str | None = None,
) -> None:
    """Give planned recipients an outcome without a message."""
    ledger = broadcast_recipients.c
    them = (ledger.broadcast_id == broadcast_id, ledger.person_id.in_(list(person_ids)))
    closed = update(broadcast_recipients).where(*them, ledger.outcome == Outcome.PLANNED)
    await connection.execute(closed.values(outcome=outcome, why=why, at=now))


async def settle(connection: AsyncConnection, entries: Iterable[LedgerEntry]) -> None:
    """Note what came of outbox rows; rows of no broadcast, and taken back ones, change nothing."""
    found = [
        {
            "b": int(key[1]),
            "person": int(key[2]),
            "row": one.row_id,
            "result": _OUTCOMES[one.state],
            "message": one.message_id,
            "reason": "late" if one.state is OutboxState.EXPIRED else (one.why or "")[:20] or None,
            "moment": one.at,
        }
        for one in entries
        if one.state in _OUTCOMES and (key := _KEY.fullmatch(one.key))
    ]
    if found:
        await connection.execute(_SETTLE, found)


async def take_back(connection: AsyncConnection, broadcast_id: int) -> None:
    """Take the rows that no call carries yet out of the outbox: their people are planned again."""
    ledger = broadcast_recipients.c
    mine = (ledger.broadcast_id == broadcast_id, ledger.outcome == Outcome.CLAIMED)
    carried = select(ledger.outbox_id).where(*mine)
    waiting = and_(outbox.c.id.in_(carried), outbox.c.state == OutboxState.WAITING)
    await connection.execute(delete(outbox).where(waiting))
    gone = ledger.outbox_id.not_in(select(outbox.c.id).where(outbox.c.id.in_(carried)))
    back = update(broadcast_recipients).where(*mine, gone)
    await connection.execute(back.values(outcome=Outcome.PLANNED, outbox_id=None))


async def cancel_planned(connection: AsyncConnection, broadcast_id: int, now: datetime) -> int:
    """Cancel the next ``CANCELLED_AT_ONCE`` planned recipients; return how many there were."""
    ledger = broadcast_recipients.c
    mine = (ledger.broadcast_id == broadcast_id, ledger.outcome == Outcome.PLANNED)
    batch = select(ledger.person_id).where(*mine).limit(CANCELLED_AT_ONCE)
    cancelled = update(broadcast_recipients).where(*mine, ledger.person_id.in_(batch))
    return (await connection.execute(cancelled.values(outcome=Outcome.CANCELLED, at=now))).rowcount


async def plan_refused(connection: AsyncConnection, broadcast_id: int) -> int:
    """Plan the refused recipients again; return how many there were."""
    ledger = broadcast_recipients.c
    refused = (ledger.broadcast_id == broadcast_id, ledger.outcome == Outcome.REFUSED)
    again = update(broadcast_recipients).where(*refused)
    planned = again.values(outcome=Outcome.PLANNED, why=None, outbox_id=None, at=None)
    return (await connection.execute(planned)).rowcount


async def outcomes(
    connection: AsyncConnection, broadcast_id: int, which: Sequence[Outcome], after: int, most: int
) -> list[tuple[int, int | None, Outcome, str]]:
    """Return person, application, outcome and reason of recipients, by the id of the person.

    The application is that of the broadcast's exam: people keep those of earlier years.
    """
    ledger = broadcast_recipients.c
    exam = select(broadcasts.c.exam).where(broadcasts.c.id == broadcast_id).scalar_subquery()
    filed = and_(applications.c.person_id == ledger.person_id, applications.c.exam == exam)
    query = (
        select(ledger.person_id, applications.c.id, ledger.outcome, func.coalesce(ledger.why, ""))
        .select_from(broadcast_recipients)
        .outerjoin(applications, filed)
        .where(
            ledger.broadcast_id == broadcast_id,
            ledger.outcome.in_(which),
            ledger.person_id > after,
        )
        .order_by(ledger.person_id)
        .limit(most)
    )
    return [(row[0], row[1], Outcome(row[2]), row[3]) for row in await connection.execute(query)]


_CLAIM = (
    update(broadcast_recipients)
    .where(
        broadcast_recipients.c.broadcast_id == bindparam("b"),
        broadcast_recipients.c.person_id == bindparam("person"),
    )
    .values(outcome=Outcome.CLAIMED, outbox_id=bindparam("row"))
)
_SETTLE = (
    update(broadcast_recipients)
    .where(
        broadcast_recipients.c.broadcast_id == bindparam("b"),
        broadcast_recipients.c.person_id == bindparam("person"),
        broadcast_recipients.c.outbox_id == bindparam("row"),
        broadcast_recipients.c.outcome == Outcome.CLAIMED,
    )
    .values(
        outcome=bindparam("result"),
        message_id=bindparam("message"),
        why=bindparam("reason"),
        at=bindparam("moment"),
    )
)
