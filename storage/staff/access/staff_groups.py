"""Telegram groups of the staff, each bound to a scope, and those that somebody is binding."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.staff.reach import GroupTrouble, OutOfReach
from states.staff_roles import Scope
from storage.engine.tables import OutboxState, group_requests, groups, outbox

BINDING_TAKES: Final = timedelta(hours=1)
"""The time that an administrator has to choose the scope; the bot stays in the group meanwhile."""
LEAVES_AFTER: Final = timedelta(seconds=10)
"""The time between the step that finds a group unbound, and the call that leaves it."""


@dataclass(frozen=True, slots=True)
class BoundGroup:
    """A bound group. ``thread_id`` is its topic; ``trouble`` is told to whoever bound it, once."""

    chat_id: int
    scope: Scope
    bound_by: int
    thread_id: int | None = None
    trouble: GroupTrouble | None = None

    @property
    def audit_detail(self) -> str:
        """The chat and the codes of the scope, as the audit keeps them."""
        codes = filter(None, asdict(self.scope).values())
        return f"{self.chat_id} {'/'.join(codes)}".strip()


@dataclass(frozen=True, slots=True)
class GroupRequest:
    """A binding under way: who asked for it, and the topic that it was asked in."""

    asked_by: int
    thread_id: int | None


async def bind(
    connection: AsyncConnection,
    bot_id: int,
    chat_id: int,
    scope: Scope,
    by: int,
    now: datetime,
    thread_id: int | None = None,
) -> None:
    """Bind a group to a scope instead of its former one."""
    await release(connection, bot_id, chat_id)
    row = {"bot_id": bot_id, "chat_id": chat_id, **asdict(scope), "bound_by": by, "bound_at": now}
    await connection.execute(groups.insert(), [{**row, "thread_id": thread_id}])


async def release(connection: AsyncConnection, bot_id: int, chat_id: int) -> bool:
    """Unbind a group, and end a binding under way; False if it was not bound."""
    await connection.execute(delete(group_requests).where(*_requested(bot_id, chat_id)))
    deleted = await connection.execute(delete(groups).where(*_of_chat(bot_id, chat_id)))
    return deleted.rowcount == 1


async def move(connection: AsyncConnection, bot_id: int, old: int, new: int) -> BoundGroup | None:
    """Give the binding of a group to the supergroup that it became; None if it has none."""
    known = await of_chat(connection, bot_id, old)
    if known is None or old == new:
        return None
    await connection.execute(delete(groups).where(*_of_chat(bot_id, new)))
    # A topic is one of the supergroup alone, and the trouble may be over.
    moved = update(groups).where(*_of_chat(bot_id, old))
    await connection.execute(moved.values(chat_id=new, thread_id=None, trouble=None))
    return BoundGroup(new, known.scope, known.bound_by)


async def of_chat(connection: AsyncConnection, bot_id: int, chat_id: int) -> BoundGroup | None:
    """Return a bound group; None if it is not bound."""
    query = select(groups).where(*_of_chat(bot_id, chat_id))
    row = (await connection.execute(query)).first()
    return None if row is None else _of_row(row)


async def scope_of(connection: AsyncConnection, bot_id: int, chat_id: int) -> Scope | None:
    """Return the scope of a group; None if it is not bound."""
    known = await of_chat(connection, bot_id, chat_id)
    return None if known is None else known.scope


async def note_trouble(
    connection: AsyncConnection, bot_id: int, chat_id: int, trouble: GroupTrouble | None
) -> bool:
    """Note why Telegram refuses messages to a group; False if that is known already."""
    known = await of_chat(connection, bot_id, chat_id)
    if known is None or known.trouble is trouble:
        return False
    noted = update(groups).where(*_of_chat(bot_id, chat_id))
    await connection.execute(noted.values(trouble=trouble))
    return True


async def gone(connection: AsyncConnection, bot_id: int) -> list[BoundGroup]:
    """Return the bound groups that no longer accept messages: removed, or no such chat."""
    refused = exists().where(
        outbox.c.state == OutboxState.FAILED,
        outbox.c.error.in_(list(OutOfReach)),
        outbox.c.bot_id == groups.c.bot_id,
        outbox.c.chat_id == groups.c.chat_id,
        outbox.c.made_at > groups.c.bound_at,
    )
    query = select(groups).where(groups.c.bot_id == bot_id, refused)
    rows = await connection.execute(query.order_by(groups.c.chat_id))
    return [_of_row(row) for row in rows]


async def bound(connection: AsyncConnection, bot_id: int) -> list[BoundGroup]:
    """Return all bound groups."""
    rows = await connection.execute(select(groups).where(groups.c.bot_id == bot_id))
    return [_of_row(row) for row in rows]


# --- bindings under way --------------------------------------------------------------------------


async def ask(
    connection: AsyncConnection,
    bot_id: int,
    chat_id: int,
    by: int,
    now: datetime,
    thread_id: int | None = None,
) -> None:
    """Note that somebody is binding a group."""
    await connection.execute(delete(group_requests).where(*_requested(bot_id, chat_id)))
    row = {"bot_id": bot_id, "chat_id": chat_id, "asked_by": by, "asked_at": now}
    await connection.execute(group_requests.insert(), [{**row, "thread_id": thread_id}])


async def request_of(
    connection: AsyncConnection, bot_id: int, chat_id: int, now: datetime
) -> GroupRequest | None:
    """Return the binding of a group that is under way; None without one, or after an hour."""
    query = select(group_requests.c.asked_by, group_requests.c.thread_id).where(
        *_requested(bot_id, chat_id), group_requests.c.asked_at > now - BINDING_TAKES
    )
    row = (await connection.execute(query)).first()
    return None if row is None else GroupRequest(row.asked_by, row.thread_id)


async def is_wanted(connection: AsyncConnection, bot_id: int, chat_id: int, now: datetime) -> bool:
    """Return whether the bot stays in a group: it is bound, or somebody is binding it."""
    if await of_chat(connection, bot_id, chat_id) is not None:
        return True
    return await request_of(connection, bot_id, chat_id, now) is not None


async def prune_requests(connection: AsyncConnection, before: datetime) -> None:
    """Delete the bindings that began before a moment and never ended."""
    await connection.execute(delete(group_requests).where(group_requests.c.asked_at < before))


def _of_chat(bot_id: int, chat_id: int) -> tuple[ColumnElement[bool], ...]:
    return groups.c.bot_id == bot_id, groups.c.chat_id == chat_id


def _requested(bot_id: int, chat_id: int) -> tuple[ColumnElement[bool], ...]:
    return group_requests.c.bot_id == bot_id, group_requests.c.chat_id == chat_id


def _of_row(row: Any) -> BoundGroup:
    trouble = GroupTrouble(row.trouble) if row.trouble else None
    scope = Scope(row.area, row.site, row.point)
    return BoundGroup(row.chat_id, scope, row.bound_by, row.thread_id, trouble)
