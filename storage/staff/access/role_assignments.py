"""Roles of the staff: an account, a role and its scope. A revoked assignment keeps its row."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.staff_roles import Role, RoleAssignment, Scope
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import record_of, row_of
from storage.engine.tables import role_assignments


async def grant(connection: AsyncConnection, keyring: Keyring, assignment: RoleAssignment) -> None:
    """Store a new assignment, with its holder's name encrypted."""
    await connection.execute(role_assignments.insert(), [as_row(keyring, assignment)])


async def revoke(
    connection: AsyncConnection, keyring: Keyring, assignment_id: int, now: datetime
) -> bool:
    """Revoke an assignment; False if it is revoked already or unknown."""
    assignment = await of_id(connection, keyring, assignment_id)
    if assignment is None or assignment.revoked_at is not None:
        return False
    ended = update(role_assignments).where(
        role_assignments.c.id == assignment_id, role_assignments.c.revoked_at.is_(None)
    )
    row = as_row(keyring, replace(assignment, revoked_at=now))
    return (await connection.execute(ended.values(row))).rowcount == 1


async def of_id(
    connection: AsyncConnection, keyring: Keyring, assignment_id: int
) -> RoleAssignment | None:
    """Return an assignment, revoked or not."""
    query = select(role_assignments).where(role_assignments.c.id == assignment_id)
    found = await _assignments(connection, keyring, query)
    return found[0] if found else None


async def of_account(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, telegram_id: int
) -> tuple[RoleAssignment, ...]:
    """Return the active assignments of an account, oldest first."""
    account = {"bot": bot_id, "account": telegram_id}
    return tuple(await _assignments(connection, keyring, _ACTIVE_OF_ACCOUNT, account))


_OF_ACCOUNT = (
    select(role_assignments)
    .where(
        role_assignments.c.bot_id == bindparam("bot"),
        role_assignments.c.telegram_id == bindparam("account"),
    )
    .order_by(role_assignments.c.id)
)
_ACTIVE_OF_ACCOUNT = _OF_ACCOUNT.where(role_assignments.c.revoked_at.is_(None))


async def ever_of_account(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, telegram_id: int
) -> tuple[RoleAssignment, ...]:
    """Return all assignments of an account, oldest first."""
    account = {"bot": bot_id, "account": telegram_id}
    return tuple(await _assignments(connection, keyring, _OF_ACCOUNT, account))


async def held_by(
    connection: AsyncConnection,
    keyring: Keyring,
    bot_id: int,
    telegram_id: int,
    *,
    administrators: Container[int],
    now: datetime,
) -> tuple[RoleAssignment, ...]:
    """Return an account's active assignments, with that of the settings' administrators."""
    own = await of_account(connection, keyring, bot_id, telegram_id)
    if telegram_id in administrators:
        return (RoleAssignment.of_settings(bot_id, telegram_id, now), *own)
    return own


async def within(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, scope: Scope
) -> list[RoleAssignment]:
    """Return all active assignments inside a scope, oldest first."""
    codes = {"area": scope.area, "site": scope.site, "point": scope.point}
    inside = [role_assignments.c[name] == code for name, code in codes.items() if code]
    query = (
        select(role_assignments)
        .where(
            role_assignments.c.bot_id == bot_id, role_assignments.c.revoked_at.is_(None), *inside
        )
        .order_by(role_assignments.c.id)
    )
    return await _assignments(connection, keyring, query)


def as_row(keyring: Keyring, assignment: RoleAssignment) -> dict[str, Any]:
    """Return an assignment as a row of its table."""
    name = keyring.encrypt(assignment.name.encode(), _place(assignment.id))
    row = row_of(role_assignments, assignment, **asdict(assignment.scope), name=name, mac=None)
    return row_macs.bind(keyring, role_assignments, row)


def of_row(keyring: Keyring, row: Any) -> RoleAssignment:
    """Return the assignment of a row of its table.

    Raises:
        RowChanged: the row was changed without the keys.
    """
    row_macs.check(keyring, role_assignments, row)
    return record_of(
        RoleAssignment,
        row,
        role=Role(row.role),
        scope=Scope(row.area, row.site, row.point),
        name=keyring.decrypt(row.name, _place(row.id)).decode(),
    )


async def _assignments(
    connection: AsyncConnection,
    keyring: Keyring,
    query: Select[Any],
    parameters: Mapping[str, int] | None = None,
) -> list[RoleAssignment]:
    return [of_row(keyring, row) for row in await connection.execute(query, parameters)]


def _place(assignment_id: int) -> str:
    return f"seats/{assignment_id}"
