"""Somebody of the staff looks for a registration: by its code, a name or an ID number.

Only what their seats cover is found, and of that only where it stands. Every search is noted.
"""

from __future__ import annotations

from telegram import Update

from handlers.callback_data import Action, about_application, staff_go
from handlers.rendering import BACK, Screen, rows
from handlers.routing import Feature, command, pressed, text
from handlers.staff import menu
from handlers.staff.cases import history
from handlers.staff.cases.claiming import application_of
from handlers.update_context import Context
from states.codes import code_of
from states.flow import Position
from states.state_groups import Staff
from states.step_result import DeleteMessage, ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.staff import application_search
from storage.staff.application_search import SearchKey
from storage.staff.staff_view import StaffView

FOUND = "found"


async def ask(_update: Update, context: Context) -> StepResult:
    """Wants to find something; what is sought may follow the command at once."""
    if not await context.own_assignments():
        return menu.refuse(context, "find")
    return context.ask(Position(Staff.finding))


async def look_up(_update: Update, context: Context) -> StepResult:
    """What was typed; the message goes where it held an ID number."""
    by = await context.own_assignments()
    if not by:
        return menu.refuse(context, "find")
    services, unit = context.envelope.services, context.unit
    clue, found = await application_search.find(
        unit.tx, services.keyring, services.exam.key, by, context.text
    )
    context.audit_as_staff(AuditAction.SEARCHED, f"{clue} {len(found)}")
    is_number = clue is SearchKey.NUMBER or sum(sign.isdecimal() for sign in context.text) > 8
    erased = (DeleteMessage(context.message.message_id),) if is_number else ()
    if not found:
        return context.stay(Text("find-nothing"), effects=erased)
    shown = ShowScreen(FOUND, {"ids": " ".join(str(one) for one in found)})
    return StepResult(menu.IDLE, (shown, *erased))


async def out(_update: Update, context: Context) -> StepResult:
    """No longer looks for anything."""
    return context.ask(menu.IDLE)


async def render_ask(_look: StaffView) -> Screen:
    """By what one can look, and that it is noted."""
    return Screen((Text("find-ask"),), ((BACK,),))


async def render_found(view: StaffView) -> Screen:
    """Where each of them stands now, as far as the reader may see it."""
    ids = [application_of(one) for one in view.data["ids"].split()]
    found = await application_search.outlines(view.connection, view.assignments, ids)
    lines = tuple(history.outline(one) for one in found) or (Text("find-nothing"),)
    ways = [
        about_application(Action.HISTORY, one.id, Text("button-history", {"code": code_of(one.id)}))
        for one in found
    ]
    others = rows(staff_go("find"), staff_go("queue"), across=2)
    return Screen((Text("found-head"), lines), (*rows(*ways), *others))


FEATURE = Feature(
    staff_anywhere=(command("find", ask, alone=True), pressed(Action.GO, ask, "find", alone=True)),
    staff_routes={
        Staff.finding: (pressed(Action.BACK, out, alone=True), text(look_up, alone=True))
    },
    staff_screens={Staff.finding: render_ask, FOUND: render_found},
)
