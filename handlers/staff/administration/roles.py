"""An administrator looks who is of the staff in their part of the exam, and takes a role back."""

from __future__ import annotations

from telegram import Update

from handlers.callback_data import DESK, Action, Button, CallbackData, staff_go
from handlers.rendering import Screen, rows
from handlers.routing import Feature, pressed
from handlers.staff import menu
from handlers.staff.administration import places
from handlers.update_context import Context
from states.staff import Role, RoleAssignment
from states.step_result import EditScreen, Priority, ShowScreen, StepResult
from states.texts import Argument, Text
from storage.audit.audit_log import AuditAction
from storage.staff import role_assignments
from storage.staff.staff_view import StaffView

LIST, ONE, TAKEN = "seats", "seat", "seat-taken"
SHOWN = 10
"""Seats that one message lists."""


async def show(_update: Update, context: Context) -> StepResult:
    """The list, or another part of it."""
    if not any(
        assignment.role is Role.ADMINISTRATOR for assignment in await context.own_assignments()
    ):
        return menu.refuse(context, "seats")
    return StepResult(effects=(ShowScreen(LIST),))


async def turn(_update: Update, context: Context) -> StepResult:
    """Another part of the list (``+10``), or one of it, in the same message."""
    if not any(
        assignment.role is Role.ADMINISTRATOR for assignment in await context.own_assignments()
    ):
        return menu.refuse(context, "seats")
    value, tapped = context.callback.value, context.envelope.source_message
    is_part = value.startswith("+")
    screen, at = (LIST, {"leaf": value[1:]}) if is_part else (ONE, {"seat": value})
    shown = EditScreen(screen, data=at, message_id=tapped.message_id if tapped else None)
    return StepResult(effects=(shown,))


async def revoke(_update: Update, context: Context) -> StepResult:
    """Take a role back; its holder is told, and can do nothing with it from this commit on."""
    unit, assignment = context.unit, await _of_press(context)
    if assignment is None or not places.administers(
        await context.own_assignments(), assignment.scope
    ):
        return menu.refuse(context, "seats")
    if await role_assignments.revoke(unit.tx, assignment.id, context.now):
        context.audit_as_staff(AuditAction.ROLE_REVOKED, str(assignment.id))
        lost = {"role": str(assignment.role), **places.codes_of(assignment.scope)}
        context.tell(assignment.telegram_id, ShowScreen(TAKEN, lost, priority=Priority.NOTICE))
    tapped = context.envelope.source_message
    message_id = tapped.message_id if tapped else None
    return StepResult(
        effects=(EditScreen(LIST, header_lines=(Text("seat-revoked"),), message_id=message_id),)
    )


async def _of_press(context: Context) -> RoleAssignment | None:
    keyring = context.envelope.services.keyring
    number = _number(context.callback.value)
    assignment = await role_assignments.of_id(context.unit.tx, keyring, number)
    return (
        assignment
        if assignment is not None and assignment.bot_id == context.unit.row.bot_id
        else None
    )


def _number(value: str) -> int:
    """The number of a seat; 0, which none has, for what was made up."""
    is_number = value.isascii() and value.isdecimal() and len(value) < 19
    return int(value) if is_number else 0


async def administered(view: StaffView) -> list[RoleAssignment]:
    """All seats that the reader may give and take, the oldest first."""
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
    """Who is what and where; each leads to taking it back."""
    if not any(assignment.role is Role.ADMINISTRATOR for assignment in view.assignments):
        return await menu.render_refused(view)
    found = await administered(view)
    first = min(_number(view.data.get("leaf", "0")) // SHOWN * SHOWN, max(0, len(found) - 1))
    shown = found[first : first + SHOWN]
    if not shown:
        return Screen((Text("seats-none"),), rows(staff_go("invite"), staff_go("staff"), across=2))
    lines = tuple(said_of(view, assignment, n) for n, assignment in enumerate(shown, first + 1))
    each = (_button(str(n), str(assignment.id)) for n, assignment in enumerate(shown, first + 1))
    ways = (
        *((_button("←", f"+{first - SHOWN}"),) if first else ()),
        *((_button("→", f"+{first + SHOWN}"),) if first + SHOWN < len(found) else ()),
    )
    others = rows(staff_go("invite"), staff_go("staff"), across=2)
    return Screen(
        (Text("seats-head", {"count": len(found)}), lines),
        (*rows(*each, across=5), ways, *others),
    )


def said_of(view: StaffView, assignment: RoleAssignment, number: int) -> Text:
    """A seat in a line of the list."""
    return Text("seats-line", {"number": str(number), **_named(view, assignment)})


def _named(view: StaffView, assignment: RoleAssignment) -> dict[str, Argument]:
    scope = places.called(view.exam, assignment.scope, view.locale)
    return {"name": assignment.name, "role": Text(f"role-{assignment.role}"), "scope": scope}


def _button(label: str, value: str) -> Button:
    return Button(label, CallbackData(Action.ROLE, value, DESK))


async def render_one(view: StaffView) -> Screen:
    """One of the staff, with their account; and the button that takes the role back."""
    assignment = await role_assignments.of_id(
        view.connection, view.keyring, _number(view.data["seat"])
    )
    is_ours = assignment is not None and assignment.bot_id == view.bot_id
    if assignment is None or not (
        is_ours and places.administers(view.assignments, assignment.scope)
    ):
        return await menu.render_refused(view)
    if assignment.revoked_at is not None:
        return await render_list(view)
    known = {
        "account": str(assignment.telegram_id),
        "since": assignment.granted_at,
        **_named(view, assignment),
    }
    taking = Button(Text("button-revoke"), CallbackData(Action.REVOKE, str(assignment.id), DESK))
    return Screen((Text("seat-card", known),), rows(taking, staff_go(LIST)))


async def render_taken(view: StaffView) -> Screen:
    """For whoever has lost a role."""
    role = Text(f"role-{view.data['role']}")
    scope = places.called(view.exam, places.scope_of(view.data), view.locale)
    return Screen((Text("seat-taken-told", {"role": role, "scope": scope}),))


FEATURE = Feature(
    staff_anywhere=(
        pressed(Action.GO, show, LIST, alone=True),
        pressed(Action.ROLE, turn, alone=True),
        pressed(Action.REVOKE, revoke, alone=True),
    ),
    staff_screens={LIST: render_list, ONE: render_one, TAKEN: render_taken},
)
