"""Who has not been confirmed, or not handed in again, and has not been reminded of it yet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import Stage
from storage.engine.tables import applications, outbox, people

AT_ONCE = 500
"""Rows that one turn of the clock makes; the next one goes on."""


@dataclass(frozen=True, slots=True)
class Unreminded:
    """Somebody to be reminded; ``dedup`` makes it one message for what they handed in."""

    bot_id: int
    telegram_id: int
    dedup: str


async def unreminded(
    connection: AsyncConnection,
    exam: str,
    stage: Stage,
    *,
    since_before: datetime,
    what: str,
    areas: Collection[str],
) -> list[Unreminded]:
    """People at a stage since before a moment who were not told ``what`` yet; some of them.

    Whoever has blocked the bot is left out.
    """
    dedup = (
        literal(f"{what}:")
        + cast(applications.c.id, String(20))
        + literal(":")
        + cast(applications.c.revision, String(20))
    )
    told = select(outbox.c.id).where(outbox.c.dedup == dedup)
    query = (
        select(people.c.bot_id, people.c.telegram_id, dedup.label("dedup"))
        .join(people, people.c.id == applications.c.person_id)
        .where(
            applications.c.exam == exam,
            applications.c.stage == stage,
            applications.c.area.in_(areas),
            applications.c.since < since_before,
            people.c.blocked_at.is_(None),
            ~told.exists(),
        )
        .order_by(applications.c.id)
        .limit(AT_ONCE)
    )
    return [Unreminded(*row) for row in await connection.execute(query)]
