"""An administrator lists the staff in their part of the exam, and revokes a role."""

from __future__ import annotations

from collections.abc import Iterable

from telegram import Update

from handlers.callback_data import Action, number_of, staff_button, staff_go
from handlers.rendering import Screen, rows
from handlers.replies import edit_source, send_to, step_showing
from handlers.routing import Feature, pressed
from handlers.staff import list_parts, menu, scopes
from handlers.update_context import Context
from states.staff_roles import Role, RoleAssignment
from states.step_result import Priority, ShowScreen, StepResult
from states.texts import Argument, Text
from storage.audit.audit_log import AuditAction
from storage.broadcasts import broadcasts
from storage.staff.access import role_assignments
from storage.staff.access.staff_view import StaffView

LIST, ONE, REVOKED = "seats", "seat", "seat-taken"
SHOWN = 10
"""The most roles in one message."""


async def see(_update: Update, context: Context) -> StepResult:
    """Show one role in the same message."""
    return edit_source(context, ONE, data={"seat": context.callback.value})


async def revoke(_update: Update, context: Context) -> StepResult:
    """Revoke a role, and tell its holder."""
    unit, number = context.unit, number_of(context.callback.value)
    assignment = await role_assignments.of_id(unit.tx, context.services.keyring, number)
    own = await context.own_assignments()
    if assignment is None or not _may_revoke(own, assignment, unit.row.bot_id):
        return menu.deny(context, LIST)
    if await role_assignments.revoke(unit.tx, context.services.keyring, assignment.id, context.now):
        context.audit_as_staff(AuditAction.ROLE_REVOKED, str(assignment.id))
        notice = ShowScreen(REVOKED, scopes.role_data(assignment), priority=Priority.NOTICE)
        send_to(context, assignment.telegram_id, notice)
    return edit_source(context, LIST, Text("seat-revoked"))


def _may_revoke(own: Iterable[RoleAssignment], assignment: RoleAssignment, bot_id: int) -> bool:
    return assignment.bot_id == bot_id and scopes.administers(own, assignment.scope)


async def _administered(view: StaffView) -> list[RoleAssignment]:
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
    found = await _administered(view)
    first, turns = list_parts.part_of(view, LIST, SHOWN, len(found))
    shown = found[first : first + SHOWN]
    others = rows(staff_go("invite"), staff_go("staff"), across=2)
    if not shown:
        return Screen((Text("seats-none"),), others)
    lines = tuple(
        Text("seats-line", {"number": str(n), **_holder_args(view, assignment)})
        for n, assignment in enumerate(shown, first + 1)
    )
    each = (
        staff_button(str(n), Action.ROLE, assignment.id)
        for n, assignment in enumerate(shown, first + 1)
    )
    head = Text("seats-head", {"count": len(found)})
    return Screen((head, lines), (*rows(*each, across=5), turns, *others))


def _holder_args(view: StaffView, assignment: RoleAssignment) -> dict[str, Argument]:
    return {"name": assignment.name, **scopes.role_args(view, assignment)}


async def render_one(view: StaffView) -> Screen:
    """Show one role and its holder's account, with the button that revokes it."""
    assignment = await role_assignments.of_id(
        view.connection, view.keyring, number_of(view.data["seat"])
    )
    if assignment is None or not _may_revoke(view.assignments, assignment, view.bot_id):
        return await menu.render_refused(view)
    if assignment.revoked_at is not None:
        return await render_list(view)
    args = {
        "account": str(assignment.telegram_id),
        "since": assignment.granted_at,
        **_holder_args(view, assignment),
    }
    revoking = staff_button(Text("button-revoke"), Action.REVOKE, assignment.id)
    count = await broadcasts.count_open(view.connection, view.bot_id, assignment.telegram_id)
    goes_on = (Text("seat-broadcasts", {"count": count}),) if count else ()
    return Screen((Text("seat-card", args), *goes_on), rows(revoking, staff_go(LIST)))


async def render_revoked(view: StaffView) -> Screen:
    """Tell a staff member that they lost a role."""
    return Screen((Text("seat-taken-told", scopes.role_args(view)),))


FEATURE = Feature(
    staff_anywhere=(
        pressed(Action.GO, menu.for_administrators(LIST, step_showing(LIST)), LIST),
        pressed(Action.ROLE, menu.for_administrators(LIST, see)),
        pressed(Action.REVOKE, revoke),
    ),
    desk_screens={LIST: render_list, ONE: render_one},
    staff_screens={REVOKED: render_revoked},
)
