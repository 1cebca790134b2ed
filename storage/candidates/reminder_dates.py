"""When to look at each person for a reminder: a transition of their application makes them due."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.tables import reminders


async def look_again(
    connection: AsyncConnection, person_ids: Collection[int] | None, now: datetime | None
) -> None:
    """Make these people due, or everybody."""
    which = [] if person_ids is None else [reminders.c.person_id.in_(person_ids)]
    await connection.execute(update(reminders).where(*which).values(due_at=now))
