"""Invitations to the staff: the token lies here as its hash only; each opens once, for one account.

Every change says in its own WHERE what it changes from, so that of two at once one is refused.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.staff import Invite, Role, Scope
from storage.engine.encryption import Keyring
from storage.engine.tables import invites

PREFIX = "inv_"
"""What the payload of an invitation's link begins with."""
_TOKEN_BYTES = 24


def new_payload() -> str:
    """The payload of a link that nobody guesses: 36 of the 64 signs that Telegram allows.

    https://core.telegram.org/bots/features#deep-linking
    """
    return PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)


async def make(connection: AsyncConnection, keyring: Keyring, invite: Invite, payload: str) -> None:
    """Keep a new invitation, to be opened by this payload."""
    row = {
        "id": invite.id,
        "token_hash": _hash(keyring, payload),
        "bot_id": invite.bot_id,
        "role": invite.role,
        "area": invite.scope.area,
        "site": invite.scope.site,
        "point": invite.scope.point,
        "made_by": invite.made_by,
        "made_at": invite.made_at,
        "expires_at": invite.expires_at,
    }
    await connection.execute(invites.insert(), [row])


async def of_payload(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, payload: str, now: datetime
) -> Invite | None:
    """The invitation that this payload opens now; None for one that is used, over or no such."""
    query = select(invites).where(
        invites.c.token_hash == _hash(keyring, payload),
        invites.c.bot_id == bot_id,
        invites.c.expires_at > now,
        invites.c.opened_at.is_(None),
        invites.c.ended_at.is_(None),
    )
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else _invite(keyring, row)


async def of_id(connection: AsyncConnection, keyring: Keyring, invite_id: int) -> Invite | None:
    """The invitation of this id, however far it has come."""
    query = select(invites).where(invites.c.id == invite_id)
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else _invite(keyring, row)


async def unended(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, makers: Iterable[int] | None = None
) -> list[Invite]:
    """What these accounts offered, or anybody, and nobody accepted, refused or withdrew; it may
    be over by its time.
    """
    query = select(invites).where(invites.c.bot_id == bot_id, invites.c.ended_at.is_(None))
    if makers is not None:
        query = query.where(invites.c.made_by.in_(list(makers)))
    rows = (await connection.execute(query.order_by(invites.c.id))).mappings()
    return [_invite(keyring, row) for row in rows]


async def opened(
    connection: AsyncConnection,
    keyring: Keyring,
    invite_id: int,
    account: int,
    name: str,
    now: datetime,
) -> bool:
    """Somebody has opened it; the name they go by is sealed. False: another was faster."""
    unopened = update(invites).where(
        invites.c.id == invite_id, invites.c.opened_at.is_(None), invites.c.ended_at.is_(None)
    )
    sealed = keyring.encrypt(name.encode(), _place(invite_id))
    changed = unopened.values(opened_by=account, opened_name=sealed, opened_at=now)
    return (await connection.execute(changed)).rowcount == 1


async def end(connection: AsyncConnection, invite_id: int, now: datetime) -> bool:
    """It was accepted, refused or withdrawn; False if that was so before."""
    going = update(invites).where(invites.c.id == invite_id, invites.c.ended_at.is_(None))
    # Whoever was turned away need not be known any longer; a seat has its own copy of the name.
    return (await connection.execute(going.values(ended_at=now, opened_name=None))).rowcount == 1


def detail(role: Role, scope: Scope) -> str:
    """A role and its places for the audit: codes only."""
    return f"{role} {'/'.join((scope.area, scope.site, scope.point)).rstrip('/')}".strip()


def _hash(keyring: Keyring, payload: str) -> str:
    return keyring.hash("invite", payload)


def _invite(keyring: Keyring, row: RowMapping | Mapping[str, Any]) -> Invite:
    sealed = row["opened_name"]
    return Invite(
        id=row["id"],
        bot_id=row["bot_id"],
        role=Role(row["role"]),
        scope=Scope(row["area"], row["site"], row["point"]),
        made_by=row["made_by"],
        made_at=row["made_at"],
        expires_at=row["expires_at"],
        opened_by=row["opened_by"],
        opened_name=keyring.decrypt(sealed, _place(row["id"])).decode() if sealed else "",
        opened_at=row["opened_at"],
        ended_at=row["ended_at"],
    )


def _place(invite_id: int) -> str:
    return f"invites/{invite_id}"
