"""Telegram groups of the staff, each bound to a scope."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.reach import OutOfReach
from states.staff_roles import Scope
from storage.engine.tables import OutboxState, groups, outbox


async def bind(
    connection: AsyncConnection, bot_id: int, chat_id: int, scope: Scope, by: int, now: datetime
) -> None:
    """Bind a group to a scope instead of its former one."""
    await release(connection, bot_id, chat_id)
    row = {"bot_id": bot_id, "chat_id": chat_id, **asdict(scope), "bound_by": by, "bound_at": now}
    await connection.execute(groups.insert(), [row])


async def release(connection: AsyncConnection, bot_id: int, chat_id: int) -> bool:
    """Unbind a group; False if it was not bound."""
    own = (groups.c.bot_id == bot_id, groups.c.chat_id == chat_id)
    return (await connection.execute(delete(groups).where(*own))).rowcount == 1


async def scope_of(connection: AsyncConnection, bot_id: int, chat_id: int) -> Scope | None:
    """Return the scope of a group; None if it is not bound."""
    query = select(groups.c.area, groups.c.site, groups.c.point).where(
        groups.c.bot_id == bot_id, groups.c.chat_id == chat_id
    )
    row = (await connection.execute(query)).first()
    return None if row is None else Scope(*row)


async def gone(connection: AsyncConnection, bot_id: int) -> list[int]:
    """Return the bound groups that no longer accept messages: removed, or no such chat."""
    refused = exists().where(
        outbox.c.state == OutboxState.FAILED,
        outbox.c.error.in_(list(OutOfReach)),
        outbox.c.bot_id == groups.c.bot_id,
        outbox.c.chat_id == groups.c.chat_id,
        outbox.c.made_at > groups.c.bound_at,
    )
    query = select(groups.c.chat_id).where(groups.c.bot_id == bot_id, refused)
    return list(await connection.scalars(query.order_by(groups.c.chat_id)))


async def bound(connection: AsyncConnection, bot_id: int) -> dict[int, Scope]:
    """Return all bound groups with their scopes."""
    query = select(groups.c.chat_id, groups.c.area, groups.c.site, groups.c.point).where(
        groups.c.bot_id == bot_id
    )
    return {
        row.chat_id: Scope(row.area, row.site, row.point) for row in await connection.execute(query)
    }
