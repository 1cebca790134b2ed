"""People to remind of a deadline, and people who missed the submission."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import ColumnElement, String, and_, cast, literal, select
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


class Unsubmitted(Enum):
    """The kinds of drafts, which end at different times."""

    NEVER = auto()
    WITHDRAWN = auto()
    REFUSED = auto()
    """Withdrawn after a refusal had been corrected."""


async def unsubmitted(
    connection: AsyncConnection, exam: str, which: Unsubmitted
) -> list[Unreminded]:
    """Return up to ``AT_ONCE`` people with a draft who were not told that it is too late."""
    revision, refusal = applications.c.revision, applications.c.refusal
    drafts = {
        Unsubmitted.NEVER: revision == 0,
        Unsubmitted.WITHDRAWN: and_(revision > 0, refusal.is_(None)),
        Unsubmitted.REFUSED: and_(revision > 0, refusal.is_not(None)),
    }
    return await _without(connection, "missed", exam, Stage.DRAFT, drafts[which])


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
