"""Rows that the command line and the sandbox write beside a running bot.

Every function raises ``NoRoom`` if no id is left until the next update.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from states.staff_roles import CLI_ACCOUNT
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.engine import ids, tables


class NoRoom(Exception):
    """The newest update's block of ids is used up by rows of the command line."""


async def invite_id(connection: AsyncConnection) -> int:
    """Return an id for an invitation."""
    return await _next_id(connection, tables.invites)


async def assignment_id(connection: AsyncConnection) -> int:
    """Return an id for a role assignment."""
    return await _next_id(connection, tables.role_assignments)


async def record(
    connection: AsyncConnection, now: datetime, action: AuditAction, detail: str
) -> None:
    """Add an audit entry in the transaction of its action."""
    number = await _next_id(connection, tables.audit)
    entry = AuditEntry(number, now, CLI_ACCOUNT, action, detail=detail)
    await audit_log.add(connection, [entry])


async def _next_id(connection: AsyncConnection, table: Table) -> int:
    """Return the id after a table's highest one.

    The id lies in the block of a committed update, and that update makes no further rows.
    """
    number = await ids.highest(connection, table) + 1
    if number % ids.IDS_PER_UPDATE == 0:
        raise NoRoom
    return number
