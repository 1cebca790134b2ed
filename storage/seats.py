"""Seats: which messenger account is what, and where. A seat is never deleted, only revoked."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.staff import Role, Scope, Seat
from storage.secrets import Keyring
from storage.tables import seats


async def grant(connection: AsyncConnection, keyring: Keyring, seat: Seat) -> None:
    """Keep a new seat; the name of its holder is sealed."""
    await connection.execute(seats.insert(), [as_row(keyring, seat)])


async def revoke(connection: AsyncConnection, seat_id: int, now: datetime) -> bool:
    """End a seat; False if it was ended before, or never was."""
    ended = update(seats).where(seats.c.id == seat_id, seats.c.revoked_at.is_(None))
    return (await connection.execute(ended.values(revoked_at=now))).rowcount == 1


async def of_id(connection: AsyncConnection, keyring: Keyring, seat_id: int) -> Seat | None:
    """The seat of this id, revoked or not."""
    row = (await connection.execute(select(seats).where(seats.c.id == seat_id))).mappings().first()
    return None if row is None else _seat(keyring, row)


async def of_account(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, telegram_id: int
) -> tuple[Seat, ...]:
    """What somebody of the staff is now; the oldest seat first. Nothing for anybody else."""
    whose = {"bot": bot_id, "account": telegram_id}
    rows = (await connection.execute(_OF_ACCOUNT, whose)).mappings()
    return tuple(_seat(keyring, row) for row in rows)


_OF_ACCOUNT = (
    select(seats)
    .where(
        seats.c.bot_id == bindparam("bot"),
        seats.c.telegram_id == bindparam("account"),
        seats.c.revoked_at.is_(None),
    )
    .order_by(seats.c.id)
)


async def ever_of_account(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, telegram_id: int
) -> tuple[Seat, ...]:
    """What somebody of the staff is or was; the oldest seat first."""
    query = (
        select(seats)
        .where(seats.c.bot_id == bot_id, seats.c.telegram_id == telegram_id)
        .order_by(seats.c.id)
    )
    return tuple(_seat(keyring, row) for row in (await connection.execute(query)).mappings())


async def held_by(
    connection: AsyncConnection,
    keyring: Keyring,
    bot_id: int,
    telegram_id: int,
    *,
    administrators: Container[int],
    now: datetime,
) -> tuple[Seat, ...]:
    """The same, and what the settings make of an administrator."""
    own = await of_account(connection, keyring, bot_id, telegram_id)
    if telegram_id in administrators:
        return (Seat.of_settings(bot_id, telegram_id, now), *own)
    return own


async def within(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, scope: Scope
) -> list[Seat]:
    """All active seats whose scope lies in this one; the oldest first."""
    query = (
        select(seats)
        .where(seats.c.bot_id == bot_id, seats.c.revoked_at.is_(None), *_inside(scope))
        .order_by(seats.c.id)
    )
    return [_seat(keyring, row) for row in (await connection.execute(query)).mappings()]


def _inside(scope: Scope) -> Iterable[ColumnElement[bool]]:
    wanted = {"area": scope.area, "site": scope.site, "point": scope.point}
    return [seats.c[name] == code for name, code in wanted.items() if code]


@dataclass(slots=True)
class Roster:
    """The accounts that may be in the middle of a question of the staff, as the one pump knows.

    It only says whose second state is loaded; what somebody may do is asked of the database by
    each step. So a name too many costs nothing, and one that the command line has added is missing
    for one turn of the clock at most. ``former`` had a seat and have none.
    """

    always: frozenset[int] = frozenset()
    seated: set[int] = field(default_factory=set)
    former: set[int] = field(default_factory=set)

    def __contains__(self, telegram_id: object) -> bool:
        return telegram_id in self.seated or telegram_id in self.always

    async def refresh(self, connection: AsyncConnection, bot_id: int) -> None:
        """Learn anew who has a seat, and who had one."""
        query = select(seats.c.telegram_id, seats.c.revoked_at.is_(None))
        found = [*await connection.execute(query.where(seats.c.bot_id == bot_id))]
        self.seated = {account for account, is_active in found if is_active}
        self.former = {account for account, _ in found} - self.seated


def as_row(keyring: Keyring, seat: Seat) -> dict[str, Any]:
    """A seat as the table keeps it."""
    return {
        "id": seat.id,
        "bot_id": seat.bot_id,
        "telegram_id": seat.telegram_id,
        "role": seat.role,
        "area": seat.scope.area,
        "site": seat.scope.site,
        "point": seat.scope.point,
        "name": keyring.seal(seat.name.encode(), _place(seat.id)),
        "granted_by": seat.granted_by,
        "granted_at": seat.granted_at,
        "revoked_at": seat.revoked_at,
    }


def _seat(keyring: Keyring, row: RowMapping | Mapping[str, Any]) -> Seat:
    return Seat(
        id=row["id"],
        bot_id=row["bot_id"],
        telegram_id=row["telegram_id"],
        role=Role(row["role"]),
        scope=Scope(row["area"], row["site"], row["point"]),
        name=keyring.open(row["name"], _place(row["id"])).decode(),
        granted_by=row["granted_by"],
        granted_at=row["granted_at"],
        revoked_at=row["revoked_at"],
    )


def _place(seat_id: int) -> str:
    return f"seats/{seat_id}"
