"""Seats: which messenger account is what, and where. A seat is never deleted, only revoked."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.staff import Role, RoleAssignment, Scope
from storage.engine.encryption import Keyring
from storage.engine.tables import role_assignments


async def grant(connection: AsyncConnection, keyring: Keyring, assignment: RoleAssignment) -> None:
    """Keep a new seat; the name of its holder is sealed."""
    await connection.execute(role_assignments.insert(), [as_row(keyring, assignment)])


async def revoke(connection: AsyncConnection, assignment_id: int, now: datetime) -> bool:
    """End a seat; False if it was ended before, or never was."""
    ended = update(role_assignments).where(
        role_assignments.c.id == assignment_id, role_assignments.c.revoked_at.is_(None)
    )
    return (await connection.execute(ended.values(revoked_at=now))).rowcount == 1


async def of_id(
    connection: AsyncConnection, keyring: Keyring, assignment_id: int
) -> RoleAssignment | None:
    """The seat of this id, revoked or not."""
    row = (
        (
            await connection.execute(
                select(role_assignments).where(role_assignments.c.id == assignment_id)
            )
        )
        .mappings()
        .first()
    )
    return None if row is None else _seat(keyring, row)


async def of_account(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, telegram_id: int
) -> tuple[RoleAssignment, ...]:
    """What somebody of the staff is now; the oldest seat first. Nothing for anybody else."""
    whose = {"bot": bot_id, "account": telegram_id}
    rows = (await connection.execute(_OF_ACCOUNT, whose)).mappings()
    return tuple(_seat(keyring, row) for row in rows)


_OF_ACCOUNT = (
    select(role_assignments)
    .where(
        role_assignments.c.bot_id == bindparam("bot"),
        role_assignments.c.telegram_id == bindparam("account"),
        role_assignments.c.revoked_at.is_(None),
    )
    .order_by(role_assignments.c.id)
)


async def ever_of_account(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, telegram_id: int
) -> tuple[RoleAssignment, ...]:
    """What somebody of the staff is or was; the oldest seat first."""
    query = (
        select(role_assignments)
        .where(role_assignments.c.bot_id == bot_id, role_assignments.c.telegram_id == telegram_id)
        .order_by(role_assignments.c.id)
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
) -> tuple[RoleAssignment, ...]:
    """The same, and what the settings make of an administrator."""
    own = await of_account(connection, keyring, bot_id, telegram_id)
    if telegram_id in administrators:
        return (RoleAssignment.of_settings(bot_id, telegram_id, now), *own)
    return own


async def within(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, scope: Scope
) -> list[RoleAssignment]:
    """All active seats whose scope lies in this one; the oldest first."""
    query = (
        select(role_assignments)
        .where(
            role_assignments.c.bot_id == bot_id,
            role_assignments.c.revoked_at.is_(None),
            *_inside(scope),
        )
        .order_by(role_assignments.c.id)
    )
    return [_seat(keyring, row) for row in (await connection.execute(query)).mappings()]


def _inside(scope: Scope) -> Iterable[ColumnElement[bool]]:
    wanted = {"area": scope.area, "site": scope.site, "point": scope.point}
    return [role_assignments.c[name] == code for name, code in wanted.items() if code]


@dataclass(slots=True)
class StaffCache:
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
        query = select(role_assignments.c.telegram_id, role_assignments.c.revoked_at.is_(None))
        found = [*await connection.execute(query.where(role_assignments.c.bot_id == bot_id))]
        self.seated = {account for account, is_active in found if is_active}
        self.former = {account for account, _ in found} - self.seated


def as_row(keyring: Keyring, assignment: RoleAssignment) -> dict[str, Any]:
    """A seat as the table keeps it."""
    return {
        "id": assignment.id,
        "bot_id": assignment.bot_id,
        "telegram_id": assignment.telegram_id,
        "role": assignment.role,
        "area": assignment.scope.area,
        "site": assignment.scope.site,
        "point": assignment.scope.point,
        "name": keyring.encrypt(assignment.name.encode(), _place(assignment.id)),
        "granted_by": assignment.granted_by,
        "granted_at": assignment.granted_at,
        "revoked_at": assignment.revoked_at,
    }


def _seat(keyring: Keyring, row: RowMapping | Mapping[str, Any]) -> RoleAssignment:
    return RoleAssignment(
        id=row["id"],
        bot_id=row["bot_id"],
        telegram_id=row["telegram_id"],
        role=Role(row["role"]),
        scope=Scope(row["area"], row["site"], row["point"]),
        name=keyring.decrypt(row["name"], _place(row["id"])).decode(),
        granted_by=row["granted_by"],
        granted_at=row["granted_at"],
        revoked_at=row["revoked_at"],
    )


def _place(assignment_id: int) -> str:
    return f"seats/{assignment_id}"
