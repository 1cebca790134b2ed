"""People to remind of a deadline, and people who missed the submission."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import Stage
from storage.engine.tables import applications, outbox, people

AT_ONCE = 500
"""The most reminders of one run; the next run continues."""


@dataclass(frozen=True, slots=True)
class Unreminded:
    """An account to remind; ``dedup`` allows one message a revision."""

    bot_id: int
    telegram_id: int
    dedup: str


async def unreminded(
    connection: AsyncConnection,
    exam: str,
    stage: Stage,
    *,
    since_before: datetime,
    reminder: str,
    areas: Collection[str],
) -> list[Unreminded]:
    """Return up to ``AT_ONCE`` people at a stage since before a moment without this reminder.

    People who blocked the bot are left out.
    """
    due = (applications.c.area.in_(areas), applications.c.since < since_before)
    return await _without(connection, reminder, exam, stage, *due)


async def unsubmitted(
    connection: AsyncConnection, exam: str, *, is_withdrawn: bool
) -> list[Unreminded]:
    """Return up to ``AT_ONCE`` people with a draft who were not told that it is too late.

    A withdrawn draft has another end than one that was never submitted.
    """
    revision = applications.c.revision
    drafts = revision > 0 if is_withdrawn else revision == 0
    return await _without(connection, "missed", exam, Stage.DRAFT, drafts)


async def _without(
    connection: AsyncConnection, reminder: str, exam: str, stage: Stage, *due: ColumnElement[bool]
) -> list[Unreminded]:
    """Return the people at a stage without this message about their present revision."""
    number, revision = (cast(applications.c[name], String(20)) for name in ("id", "revision"))
    dedup = literal(f"{reminder}:") + number + literal(":") + revision
    sent = select(outbox.c.id).where(outbox.c.dedup == dedup)
    query = (
        select(people.c.bot_id, people.c.telegram_id, dedup.label("dedup"))
        .join(people, people.c.id == applications.c.person_id)
        .where(
            applications.c.exam == exam,
            applications.c.stage == stage,
            *due,
            people.c.blocked_at.is_(None),
            ~sent.exists(),
        )
        .order_by(applications.c.id)
        .limit(AT_ONCE)
    )
    return [Unreminded(*row) for row in await connection.execute(query)]
