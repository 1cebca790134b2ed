"""Counts of acts that leave no row each: by account, kind, and the beginning of their hour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.tables import act_counts


@dataclass(frozen=True, slots=True)
class CountedAct:
    """Acts of one kind of an account, counted from ``since`` on."""

    account: int
    act: str
    since: datetime


async def add(connection: AsyncConnection, counts: Mapping[CountedAct, int]) -> None:
    """Add to the counts in the transaction of the acts: an update and perhaps an insert each."""
    for one, count in counts.items():
        more = update(act_counts).where(*_row_of(one)).values(count=act_counts.c.count + count)
        if not (await connection.execute(more)).rowcount:
            values = {"account": one.account, "act": one.act, "since": one.since, "count": count}
            await connection.execute(insert(act_counts), [values])


async def total(connection: AsyncConnection, account: int, act: str, since: datetime) -> int:
    """Return how many acts of a kind an account made, in the periods that begin after ``since``."""
    query = select(func.sum(act_counts.c.count)).where(
        act_counts.c.account == account, act_counts.c.act == act, act_counts.c.since > since
    )
    return int(await connection.scalar(query) or 0)


async def take(
    connection: AsyncConnection, acts: Iterable[str], before: datetime, most: int
) -> dict[CountedAct, int]:
    """Delete and return the counts of these kinds that began before a moment, ``most`` at once."""
    query = (
        select(act_counts)
        .where(act_counts.c.act.in_([*acts]), act_counts.c.since < before)
        .order_by(act_counts.c.since, act_counts.c.account)
        .limit(most)
    )
    taken: dict[CountedAct, int] = {}
    for account, act, since, count in (await connection.execute(query)).all():
        one = CountedAct(account, act, since)
        taken[one] = int(count)
        await connection.execute(delete(act_counts).where(*_row_of(one)))
    return taken


async def prune(connection: AsyncConnection, act: str, before: datetime) -> None:
    """Delete the counts of a kind that began before a moment."""
    old = (act_counts.c.act == act, act_counts.c.since < before)
    await connection.execute(delete(act_counts).where(*old))


def _row_of(one: CountedAct) -> tuple[ColumnElement[bool], ...]:
    columns = act_counts.c
    return columns.account == one.account, columns.act == one.act, columns.since == one.since
