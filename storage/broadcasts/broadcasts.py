"""Broadcasts: one row each, with the audience as JSON and the message encrypted."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.broadcasts.audience import Audience
from states.broadcasts.ledger import BroadcastState
from states.broadcasts.message import BroadcastMessage
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.ids import HIGHEST
from storage.engine.row_mapping import record_of, row_of
from storage.engine.tables import broadcasts

SAME_WITHIN: Final = timedelta(days=1)
"""The time in which a second broadcast of the same text to the same audience is a mistake."""
LISTED: Final = 10
"""The most broadcasts that a list shows."""
PART: Final = 50
"""Broadcasts that one query of the list reads."""
BEGUN: Final = tuple(
    state
    for state in BroadcastState
    if state not in (BroadcastState.DRAFT, BroadcastState.CANCELLED)
)

OPEN: Final = tuple(one for one in BEGUN if one is not BroadcastState.FINISHED)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast of ``made_by``, a Telegram account.

    ``deadline`` is the moment after which its message is of no use. ``round`` counts the resumes;
    the last began at ``went_on_at``, when ``done_before`` recipients had their outcome. A cancelled
    broadcast has ended once every recipient has an outcome.
    """

    id: int
    bot_id: int
    exam: str
    made_by: int
    made_at: datetime
    state: BroadcastState = BroadcastState.DRAFT
    audience: Audience = field(default_factory=Audience)
    message: BroadcastMessage = field(default_factory=BroadcastMessage)
    is_paid: bool = False
    deadline: datetime | None = None
    starts_at: datetime | None = None
    round: int = 0
    went_on_at: datetime | None = None
    done_before: int = 0
    ended_at: datetime | None = None


async def add(connection: AsyncConnection, keyring: Keyring, broadcast: Broadcast) -> None:
    """Insert a draft."""
    await connection.execute(insert(broadcasts), [_as_row(keyring, broadcast)])


async def save_draft(connection: AsyncConnection, keyring: Keyring, broadcast: Broadcast) -> bool:
    """Update a draft; False if it is none any more, and then nothing changes."""
    draft = (broadcasts.c.id == broadcast.id, broadcasts.c.state == BroadcastState.DRAFT)
    changed = update(broadcasts).where(*draft).values(_as_row(keyring, broadcast))
    return (await connection.execute(changed)).rowcount == 1


async def move(
    connection: AsyncConnection,
    broadcast_id: int,
    before: Collection[BroadcastState],
    to: BroadcastState,
    **values: Any,
) -> bool:
    """Change the state, if it is one of ``before``; return whether it was."""
    row = (broadcasts.c.id == broadcast_id, broadcasts.c.state.in_(before))
    moved = update(broadcasts).where(*row).values(state=to, **values)
    return (await connection.execute(moved)).rowcount == 1


async def of_id(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, broadcast_id: int
) -> Broadcast | None:
    """Return a broadcast of this bot."""
    row = (broadcasts.c.id == broadcast_id, broadcasts.c.bot_id == bot_id)
    found = (await connection.execute(select(broadcasts).where(*row))).first()
    return None if found is None else _of_row(keyring, found)


async def same_begun(
    connection: AsyncConnection, keyring: Keyring, broadcast: Broadcast, now: datetime
) -> Broadcast | None:
    """Return the newest begun broadcast with this audience and this message, of today."""
    query = (
        select(broadcasts)
        .where(
            broadcasts.c.bot_id == broadcast.bot_id,
            broadcasts.c.fingerprint == _fingerprint(keyring, broadcast),
            broadcasts.c.state.in_(BEGUN),
            broadcasts.c.made_at > now - SAME_WITHIN,
        )
        .order_by(broadcasts.c.id.desc())
        .limit(1)
    )
    found = (await connection.execute(query)).first()
    return None if found is None else _of_row(keyring, found)


async def newest(
    connection: AsyncConnection,
    keyring: Keyring,
    bot_id: int,
    exam: str,
    is_listed: Callable[[Broadcast], bool],
) -> list[Broadcast]:
    """Return the newest ones that are no drafts and may be listed, at most ``LISTED``.

    Those of other areas are passed over: however many they are, they take nobody's place.
    """
    found: list[Broadcast] = []
    query = (
        select(broadcasts)
        .where(
            broadcasts.c.bot_id == bot_id,
            broadcasts.c.exam == exam,
            broadcasts.c.state != BroadcastState.DRAFT,
        )
        .order_by(broadcasts.c.id.desc())
        .limit(PART)
    )
    before = HIGHEST
    while len(found) < LISTED:
        part = list(await connection.execute(query.where(broadcasts.c.id < before)))
        found += [one for row in part if is_listed(one := _of_row(keyring, row))]
        if len(part) < PART:
            break
        before = part[-1].id
    return found[:LISTED]


async def written_draft(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, exam: str, made_by: int
) -> Broadcast | None:
    """Return the newest draft of an account, if it has a text."""
    query = (
        select(broadcasts)
        .where(
            broadcasts.c.bot_id == bot_id,
            broadcasts.c.exam == exam,
            broadcasts.c.state == BroadcastState.DRAFT,
            broadcasts.c.made_by == made_by,
        )
        .order_by(broadcasts.c.id.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    draft = None if row is None else _of_row(keyring, row)
    return draft if draft is not None and draft.message.texts else None


async def count_open(connection: AsyncConnection, bot_id: int, made_by: int) -> int:
    """Count the broadcasts of an account that have begun and still have messages to send."""
    query = select(func.count()).where(
        broadcasts.c.bot_id == bot_id,
        broadcasts.c.made_by == made_by,
        broadcasts.c.state.in_(OPEN),
    )
    return await connection.scalar(query) or 0


async def prune_drafts(connection: AsyncConnection, before: datetime) -> None:
    """Delete the drafts from before a moment that nobody has confirmed."""
    old = (broadcasts.c.state == BroadcastState.DRAFT, broadcasts.c.made_at < before)
    await connection.execute(delete(broadcasts).where(*old))


def _as_row(keyring: Keyring, broadcast: Broadcast) -> dict[str, Any]:
    message = orjson.dumps(broadcast.message.to_plain())
    row = row_of(
        broadcasts,
        broadcast,
        audience=orjson.dumps(broadcast.audience.to_plain()).decode(),
        message=keyring.encrypt(message, _place(broadcast.id)),
        fingerprint=_fingerprint(keyring, broadcast),
        mac=None,
    )
    return row_macs.bind(keyring, broadcasts, row)


def _of_row(keyring: Keyring, row: Any) -> Broadcast:
    row_macs.check(keyring, broadcasts, row)
    message = orjson.loads(keyring.decrypt(row.message, _place(row.id)))
    return record_of(
        Broadcast,
        row,
        state=BroadcastState(row.state),
        audience=Audience.of_plain(orjson.loads(row.audience)),
        message=BroadcastMessage.of_plain(message),
    )


def _fingerprint(keyring: Keyring, broadcast: Broadcast) -> str:
    """Return a keyed hash of what two administrators would both begin."""
    same = orjson.dumps([broadcast.audience.to_plain(), broadcast.message.to_plain()]).decode()
    return keyring.hash("broadcast", broadcast.exam, same)


def _place(broadcast_id: int) -> str:
    return f"broadcasts/{broadcast_id}"
