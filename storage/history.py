"""The history of one application: each deed, and what whoever did it was at that moment."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.staff import Role
from storage import audit
from storage.audit import Entry
from storage.tables import seats


@dataclass(frozen=True, slots=True)
class Done:
    """A deed, and the roles of its actor then; none for candidates and for the bot itself."""

    entry: Entry
    roles: tuple[Role, ...] = ()


async def of_application(connection: AsyncConnection, application_id: int) -> list[Done]:
    """What was done by or to an application, oldest first: 2 queries.

    Nothing if no application ever had this id; an erased one still has its history.
    """
    entries = await audit.of_application(connection, application_id)
    query = (
        select(seats.c.telegram_id, seats.c.role, seats.c.granted_at, seats.c.revoked_at)
        .where(seats.c.telegram_id.in_({entry.actor for entry in entries}))
        .order_by(seats.c.id)
    )
    held = (await connection.execute(query)).all() if entries else ()

    def roles(entry: Entry) -> tuple[Role, ...]:
        sat = (
            Role(seat.role)
            for seat in held
            if seat.telegram_id == entry.actor
            and seat.granted_at <= entry.at
            and (seat.revoked_at is None or entry.at < seat.revoked_at)
        )
        return tuple(dict.fromkeys(sat))

    return [Done(entry, roles(entry)) for entry in entries]
