"""An administrator lists the staff in their part of the exam, and revokes a role."""

from __future__ import annotations

from telegram import Update

from handlers.callback_data import DESK, Action, Button, CallbackData, staff_go
from handlers.rendering import Screen, rows
from handlers.replies import edit_source, send_to, show_screen
from handlers.routing import Feature, pressed
from handlers.staff import menu
from handlers.staff.administration import scopes
from handlers.update_context import Context
from states.staff import Role, RoleAssignment
from states.step_result import Priority, ShowScreen, StepResult
from states.texts import Argument, Text
from storage.audit.audit_log import AuditAction
from storage.staff import role_assignments
from storage.staff.staff_view import StaffView

LIST, ONE, REVOKED = "seats", "seat", "seat-taken"
SHOWN = 10
"""The most roles in one message."""


async def show(_update: Update, context: Context) -> StepResult:
    """Show the list."""
    if not scopes.is_administrator(await context.own_assignments()):
        return menu.deny(context, "seats")
    return show_screen(LIST)


async def turn(_update: Update, context: Context) -> StepResult:
    """Show another part of the list (``+10``), or one role, in the same message."""
    if not scopes.is_administrator(await context.own_assignments()):
        return menu.deny(context, "seats")
    value = context.callback.value
    if value.startswith("+"):
        return edit_source(context, LIST, data={"leaf": value[1:]})
    return edit_source(context, ONE, data={"seat": value})


async def revoke(_update: Update, context: Context) -> StepResult:
    """Revoke a role, and tell its holder."""
    unit, number = context.unit, _number(context.callback.value)
    assignment = await role_assignments.of_id(unit.tx, context.services.keyring, number)
    own = await context.own_assignments()
    if (
        assignment is None
        or assignment.bot_id != unit.row.bot_id
        or not scopes.administers(own, assignment.scope)
    ):
        return menu.deny(context, "seats")
    if await role_assignments.revoke(unit.tx, assignment.id, context.now):
        context.audit_as_staff(AuditAction.ROLE_REVOKED, str(assignment.id))
        lost = {"role": str(assignment.role), **scopes.codes_of(assignment.scope)}
        notice = ShowScreen(REVOKED, lost, priority=Priority.NOTICE)
        send_to(context, assignment.telegram_id, notice)
    return edit_source(context, LIST, Text("seat-revoked"))


def _number(value: str) -> int:
    """Return the id of a role assignment; 0, which none has, for made-up data."""
    is_number = value.isascii() and value.isdecimal() and len(value) < 19
    return int(value) if is_number else 0


async def administered(view: StaffView) -> list[RoleAssignment]:
    """Return all roles that the reader may give and revoke, the oldest first."""
    found = {
        assignment.id: assignment
        for own in view.assignments
        if own.role is Role.ADMINISTRATOR
        for assignment in await role_assignments.within(
            view.connection, view.keyring, own.bot_id, own.scope
        )
    }
    return [found[number] for number in sorted(found)]


async def render_list(view: StaffView) -> Screen:
    """List the roles with their holders and scopes."""
    if not scopes.is_administrator(view.assignments):
        return await menu.render_refused(view)
    found = await administered(view)
    first = min(_number(view.data.get("leaf", "0")) // SHOWN * SHOWN, max(0, len(found) - 1))
    shown = found[first : first + SHOWN]
    if not shown:
        return Screen((Text("seats-none"),), rows(staff_go("invite"), staff_go("staff"), across=2))
    lines = tuple(
        Text("seats-line", {"number": str(n), **_holder_args(view, assignment)})
        for n, assignment in enumerate(shown, first + 1)
    )
    each = (_button(str(n), str(assignment.id)) for n, assignment in enumerate(shown, first + 1))
    turns = (
        *((_button("←", f"+{first - SHOWN}"),) if first else ()),
        *((_button("→", f"+{first + SHOWN}"),) if first + SHOWN < len(found) else ()),
    )
    others = rows(staff_go("invite"), staff_go("staff"), across=2)
    return Screen(
        (Text("seats-head", {"count": len(found)}), lines), (*rows(*each, across=5), turns, *others)
    )


def _holder_args(view: StaffView, assignment: RoleAssignment) -> dict[str, Argument]:
    role = scopes.role_args(view, assignment.role, assignment.scope)
    return {"name": assignment.name, **role}


def _button(label: str, value: str) -> Button:
    return Button(label, CallbackData(Action.ROLE, value, DESK))


async def render_one(view: StaffView) -> Screen:
    """Show one role and its holder's account, with the button that revokes it."""
    assignment = await role_assignments.of_id(
        view.connection, view.keyring, _number(view.data["seat"])
    )
    if (
        assignment is None
        or assignment.bot_id != view.bot_id
        or not scopes.administers(view.assignments, assignment.scope)
    ):
        return await menu.render_refused(view)
    if assignment.revoked_at is not None:
        return await render_list(view)
    args = {
        "account": str(assignment.telegram_id),
        "since": assignment.granted_at,
        **_holder_args(view, assignment),
    }
    revoking = Button(Text("button-revoke"), CallbackData(Action.REVOKE, str(assignment.id), DESK))
    return Screen((Text("seat-card", args),), rows(revoking, staff_go(LIST)))


async def render_revoked(view: StaffView) -> Screen:
    """Tell a staff member that they lost a role."""
    role = scopes.role_args(view, view.data["role"], scopes.scope_of(view.data))
    return Screen((Text("seat-taken-told", role),))


FEATURE = Feature(
    staff_anywhere=(
        pressed(Action.GO, show, LIST),
        pressed(Action.ROLE, turn),
        pressed(Action.REVOKE, revoke),
    ),
    staff_screens={LIST: render_list, ONE: render_one, REVOKED: render_revoked},
)
