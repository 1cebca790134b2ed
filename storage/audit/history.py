"""The history of an application: each action with the actor's roles at that time."""

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
    """An action and its actor's roles then; candidates and the bot itself have none."""

    entry: AuditEntry
    roles: tuple[Role, ...] = ()


async def of_application(connection: AsyncConnection, application_id: int) -> list[HistoryEntry]:
    """Return the history of an application, oldest first, also of an erased one: 2 queries."""
    entries = await audit_log.of_application(connection, application_id)
    names = ("telegram_id", "role", "granted_at", "revoked_at")
    query = (
        select(*(role_assignments.c[name] for name in names))
        .where(role_assignments.c.telegram_id.in_({entry.actor for entry in entries}))
        .order_by(role_assignments.c.id)
    )
    held = (await connection.execute(query)).all() if entries else ()

    def roles(entry: AuditEntry) -> tuple[Role, ...]:
        active = (
            Role(assignment.role)
            for assignment in held
            if assignment.telegram_id == entry.actor
            and assignment.granted_at <= entry.at
            and (assignment.revoked_at is None or entry.at < assignment.revoked_at)
        )
        return tuple(dict.fromkeys(active))

    return [HistoryEntry(entry, roles(entry)) for entry in entries]
