"""What the command line writes beside a pump that runs, and the sandbox before it: rows with ids
that no update gives.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.staff import CLI_ACCOUNT
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction
from storage.engine import tables
from storage.updates.inbox import IDS_PER_UPDATE


class NoRoom(Exception):
    """So much was written from the command line since the last update that no id is left."""


async def invite_id(connection: AsyncConnection) -> int:
    """The id of an invitation.

    Raises:
        NoRoom: see there.
    """
    return await _next_id(connection, tables.invites)


async def assignment_id(connection: AsyncConnection) -> int:
    """The id of a seat.

    Raises:
        NoRoom: see there.
    """
    return await _next_id(connection, tables.role_assignments)


async def record(
    connection: AsyncConnection, now: datetime, action: AuditAction, detail: str
) -> None:
    """A line of the audit, in the act's own transaction.

    Raises:
        NoRoom: see there.
    """
    number = await _next_id(connection, tables.audit)
    entry = audit_log.AuditEntry(number, now, CLI_ACCOUNT, action, detail=detail)
    await connection.execute(tables.audit.insert(), [audit_log.as_row(entry)])


async def _next_id(connection: AsyncConnection, table: Table) -> int:
    """An id after the highest of a table, which no update will ever give.

    It is out of those of the update that made the highest row: that one is committed, and makes no
    further rows.

    Raises:
        NoRoom: that update has no ids left. The next one brings new ones.
    """
    highest = await connection.scalar(select(func.max(table.c.id))) or 0
    if (highest + 1) % IDS_PER_UPDATE == 0:
        raise NoRoom
    return int(highest) + 1
