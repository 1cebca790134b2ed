"""The history of one application: each deed, and what whoever did it was at that moment."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.staff import Role
from storage.audit import audit_log
from storage.audit.audit_log import AuditEntry
from storage.engine.tables import role_assignments


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A deed, and the roles of its actor then; none for candidates and for the bot itself."""

    entry: AuditEntry
    roles: tuple[Role, ...] = ()


async def of_application(connection: AsyncConnection, application_id: int) -> list[HistoryEntry]:
    """What was done by or to an application, oldest first: 2 queries.

    Nothing if no application ever had this id; an erased one still has its history.
    """
    entries = await audit_log.of_application(connection, application_id)
    query = (
        select(
            role_assignments.c.telegram_id,
            role_assignments.c.role,
            role_assignments.c.granted_at,
            role_assignments.c.revoked_at,
        )
        .where(role_assignments.c.telegram_id.in_({entry.actor for entry in entries}))
        .order_by(role_assignments.c.id)
    )
    held = (await connection.execute(query)).all() if entries else ()

    def roles(entry: AuditEntry) -> tuple[Role, ...]:
        sat = (
            Role(assignment.role)
            for assignment in held
            if assignment.telegram_id == entry.actor
            and assignment.granted_at <= entry.at
            and (assignment.revoked_at is None or entry.at < assignment.revoked_at)
        )
        return tuple(dict.fromkeys(sat))

    return [HistoryEntry(entry, roles(entry)) for entry in entries]
