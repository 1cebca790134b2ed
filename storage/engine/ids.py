"""Row ids: each update owns a block of them, so that its rows need no query for an id."""

from __future__ import annotations

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import tables

IDS_PER_UPDATE = 64
"""The block of an update: 64 times its own id, and the 63 ids after that."""
HIGHEST = 2**63 - 1
"""The largest value of a BIGINT column."""
LOWEST = -(2**63)
"""The smallest value of a BIGINT column."""

_OF_BLOCKS = (
    tables.outbox,
    tables.audit,
    tables.people,
    tables.applications,
    tables.cases,
    tables.role_assignments,
    tables.invites,
    tables.decisions,
    tables.notes,
)
"""The tables whose ids come from the blocks of updates."""


async def highest_update(connection: AsyncConnection) -> int:
    """Return the highest update id in use, by the inbox or by a block that outlives its update."""
    found = await highest(connection, tables.inbox)
    for table in _OF_BLOCKS:
        found = max(found, await highest(connection, table) // IDS_PER_UPDATE)
    return found


async def highest(connection: AsyncConnection, table: Table) -> int:
    """Return the highest id of a table; 0 for an empty one."""
    return int(await connection.scalar(select(func.max(table.c.id))) or 0)
