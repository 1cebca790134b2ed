"""The senders of broadcasts: whom they may write to, and which ones they may pause or cancel."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.callback_data import number_of
from handlers.staff.menu import WRITING
from handlers.update_context import Context
from states.staff_roles import RoleAssignment, Scope
from storage.broadcasts import broadcasts
from storage.broadcasts.broadcasts import Broadcast
from storage.staff.access import role_assignments
from storage.staff.access.staff_view import StaffView


def scopes_of(assignments: Sequence[RoleAssignment]) -> tuple[Scope, ...]:
    """Return the scopes that an account may write to; none without such a role."""
    own = [one.scope for one in assignments if one.role in WRITING and one.revoked_at is None]
    return tuple(dict.fromkeys(own))


def may_run(assignments: Sequence[RoleAssignment], broadcast: Broadcast) -> bool:
    """Return whether an account may see, pause and cancel a broadcast, all of which it covers."""
    own = scopes_of(assignments)
    return bool(own) and all(
        any(scope.contains(wanted) for scope in own) for wanted in broadcast.audience.scopes
    )


async def name_of(view: StaffView, account: int) -> str:
    """Return the name of a sender among colleagues, also of one whose roles are revoked."""
    known = await role_assignments.ever_of_account(
        view.connection, view.keyring, view.bot_id, account
    )
    return next((one.name for one in reversed(known) if one.name), str(account))


async def of_step(context: Context, number: str) -> Broadcast | None:
    """Return the broadcast that a button or the position names; None outside the scope."""
    unit, keyring = context.unit, context.services.keyring
    found = await broadcasts.of_id(unit.tx, keyring, unit.row.bot_id, number_of(number))
    return found if found and may_run(await context.own_assignments(), found) else None


async def of_view(view: StaffView, number: str) -> Broadcast | None:
    """Return the broadcast of a screen; None outside the scope."""
    found = await broadcasts.of_id(view.connection, view.keyring, view.bot_id, number_of(number))
    return found if found and may_run(view.assignments, found) else None
