"""People who never consented: their rows go again, so that a flood of them leaves nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, select, tuple_

from storage.engine import ids, tables
from storage.engine.database import Database
from storage.engine.tables import people
from storage.updates.fsm import candidate_key, row_key
from storage.updates.inbox import PRUNED_AT_ONCE

_roles = tables.role_assignments
_has_role = (
    _roles.c.bot_id == people.c.bot_id,
    _roles.c.telegram_id == people.c.telegram_id,
    _roles.c.revoked_at.is_(None),
)
"""Somebody of the staff: their language is all that is known of them."""


async def prune(db: Database, before: datetime) -> int:
    """Delete some people from before a moment (real time) who never consented; return their number.

    Nothing of theirs is stored but the language, the open question, and when to look at them again.
    People who wait for the opening of the registration stay.
    """
    oldest = (
        select(people.c.id, people.c.bot_id, people.c.telegram_id)
        .where(
            people.c.id < ids.first_at(before),
            people.c.consented_at.is_(None),
            people.c.number_hash.is_(None),
            ~people.c.wants_opening,
            ~exists().where(tables.applications.c.person_id == people.c.id),
            ~exists().where(tables.blobs.c.person_id == people.c.id),
            ~exists().where(tables.cases.c.person_id == people.c.id),
            ~exists().where(tables.jobs.c.person_id == people.c.id),
            ~exists().where(*_has_role),
        )
        .order_by(people.c.id)
        .limit(PRUNED_AT_ONCE)
    )
    async with db.write() as connection:
        found = (await connection.execute(oldest)).all()
        keys = [row_key(candidate_key(row.bot_id, row.telegram_id)) for row in found]
        chats = [(row.bot_id, row.telegram_id) for row in found]
        await connection.execute(delete(tables.fsm).where(tables.fsm.c.key.in_(keys)))
        in_chat = tuple_(tables.slots.c.bot_id, tables.slots.c.chat_id).in_(chats)
        await connection.execute(delete(tables.slots).where(in_chat))
        ids_found = [row.id for row in found]
        theirs = tables.reminders.c.person_id.in_(ids_found)
        await connection.execute(delete(tables.reminders).where(theirs))
        gone = delete(people).where(people.c.id.in_(ids_found))
        return (await connection.execute(gone)).rowcount
