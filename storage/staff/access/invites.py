"""Invitations to the staff: each link opens once, for one account; the table holds a token's hash.

Each UPDATE names the state that it changes in its WHERE, so that of two at once one fails.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.staff_roles import Invite, Role, Scope
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import record_of, row_of
from storage.engine.tables import invites

PREFIX = "inv_"
"""The start of a deep link's payload."""
_TOKEN_BYTES = 24


def new_payload() -> str:
    """Return a random payload of 36 characters out of the 64 that Telegram allows.

    https://core.telegram.org/bots/features#deep-linking
    """
    return PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)


async def make(connection: AsyncConnection, keyring: Keyring, invite: Invite, payload: str) -> None:
    """Store an invitation with the hash of its payload."""
    hashed = _hash(keyring, payload)
    scope = asdict(invite.scope)
    row = row_of(invites, invite, token_hash=hashed, **scope, opened_name=None, mac=None)
    await connection.execute(invites.insert(), [row_macs.bind(keyring, invites, row)])


async def of_payload(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, payload: str, now: datetime
) -> Invite | None:
    """Return the invitation that a payload opens now; None if used, expired or unknown."""
    query = select(invites).where(
        invites.c.token_hash == _hash(keyring, payload),
        invites.c.bot_id == bot_id,
        invites.c.expires_at > now,
        invites.c.opened_at.is_(None),
        invites.c.ended_at.is_(None),
    )
    found = await _invites(connection, keyring, query)
    return found[0] if found else None


async def of_id(connection: AsyncConnection, keyring: Keyring, invite_id: int) -> Invite | None:
    """Return an invitation in any state."""
    query = select(invites).where(invites.c.id == invite_id)
    found = await _invites(connection, keyring, query)
    return found[0] if found else None


async def unended(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, makers: Iterable[int] | None = None
) -> list[Invite]:
    """Return invitations that nobody accepted, refused or withdrew, expired ones too.

    Args:
        makers: the inviters' accounts; None for all.
    """
    query = select(invites).where(invites.c.bot_id == bot_id, invites.c.ended_at.is_(None))
    if makers is not None:
        query = query.where(invites.c.made_by.in_(list(makers)))
    return await _invites(connection, keyring, query.order_by(invites.c.id))


ENDS_WITHIN = timedelta(days=1)
"""The time before the end of an invitation in which its maker is told of it."""


async def makers_of_ending(connection: AsyncConnection, bot_id: int, now: datetime) -> set[int]:
    """Return the accounts whose unopened invitations end soon; not the command line."""
    query = select(invites.c.made_by).where(
        invites.c.bot_id == bot_id,
        invites.c.ended_at.is_(None),
        invites.c.opened_at.is_(None),
        invites.c.made_by != 0,
        invites.c.expires_at.between(now, now + ENDS_WITHIN),
    )
    return set(await connection.scalars(query))


async def opened(
    connection: AsyncConnection,
    keyring: Keyring,
    invite_id: int,
    account: int,
    name: str,
    now: datetime,
) -> bool:
    """Store who opened an invitation, the name encrypted; False if another was faster."""
    unopened = (invites.c.opened_at.is_(None), invites.c.ended_at.is_(None))
    sealed = keyring.encrypt(name.encode(), _place(invite_id))
    changed = {"opened_by": account, "opened_name": sealed, "opened_at": now}
    return await _change(connection, keyring, invite_id, unopened, changed)


async def end(connection: AsyncConnection, keyring: Keyring, invite_id: int, now: datetime) -> bool:
    """End an accepted, refused or withdrawn invitation; False if it has ended."""
    # A role assignment has its own copy of the name, so a refused name is not kept.
    changed = {"ended_at": now, "opened_name": None}
    return await _change(connection, keyring, invite_id, (invites.c.ended_at.is_(None),), changed)


async def _change(
    connection: AsyncConnection,
    keyring: Keyring,
    invite_id: int,
    where: Sequence[ColumnElement[bool]],
    changed: Mapping[str, Any],
) -> bool:
    """Change an invitation where it is as expected; return whether it was."""
    query = select(invites).where(invites.c.id == invite_id, *where)
    row = (await connection.execute(query)).first()
    if row is None:
        return False
    bound = row_macs.rebound(keyring, invites, row, changed)
    statement = update(invites).where(invites.c.id == invite_id, *where)
    return (await connection.execute(statement.values(bound))).rowcount == 1


def detail(role: Role, scope: Scope) -> str:
    """Return a role and its scope as an audit detail."""
    return f"{role} {'/'.join((scope.area, scope.site, scope.point)).rstrip('/')}".strip()


def _hash(keyring: Keyring, payload: str) -> str:
    return keyring.hash("invite", payload)


async def _invites(
    connection: AsyncConnection, keyring: Keyring, query: Select[Any]
) -> list[Invite]:
    return [_invite(keyring, row) for row in await connection.execute(query)]


def _invite(keyring: Keyring, row: Row[Any]) -> Invite:
    row_macs.check(keyring, invites, row)
    return record_of(
        Invite,
        row,
        role=Role(row.role),
        scope=Scope(row.area, row.site, row.point),
        opened_name=_name(keyring, row),
    )


def _name(keyring: Keyring, row: Row[Any]) -> str:
    name = row.opened_name
    return keyring.decrypt(name, _place(row.id)).decode() if name else ""


def _place(invite_id: int) -> str:
    return f"invites/{invite_id}"
