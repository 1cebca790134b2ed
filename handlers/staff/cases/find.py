"""A staff member finds an application by its code, a name or an ID number.

The search covers the scopes of their roles. The only hit that they may decide on is claimed, and
its card opens at once; other hits show only their stage. Every search is audited.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from telegram import Update

from handlers.callback_data import Action, about_application, application_of, staff_go
from handlers.everyone import verify
from handlers.rendering import BACK, Screen, rows
from handlers.replies import ask, ask_again, step_to
from handlers.routing import Feature, command, pressed, text
from handlers.staff import menu
from handlers.staff.cases import history
from handlers.staff.cases.queue import open_taken
from handlers.staff.desks import payments, record_payment
from handlers.update_context import Context
from states.fsm_states import Staff
from states.progress.next_step import Position
from states.records import ApplicationId
from states.step_result import DeleteMessage, ShowScreen, StepResult
from states.submissions.application_codes import code_of
from states.submissions.content import parse_code
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.staff import application_search
from storage.staff.access.scopes import StaffAccess
from storage.staff.access.staff_view import StaffView
from storage.staff.application_search import FoundApplication, SearchKey
from storage.staff.cases import claims
from storage.staff.cases.claims import NotClaimed

FOUND = "found"
MANY_DIGITS = 8
"""A text with so many digits may be the number of a document."""


async def begin(_update: Update, context: Context) -> StepResult:
    """Ask for the search key; search at once for one behind the command."""
    if not await context.own_assignments():
        denied = menu.deny(context, "find")
        return replace(denied, effects=(*denied.effects, *_deleted(context, context.text)))
    if key := " ".join(context.args or ()):
        return await _search(context, key)
    return ask(context, Position(Staff.finding))


async def search(_update: Update, context: Context) -> StepResult:
    """Search for the typed key, or verify a print's code; delete a message with an ID number."""
    return await _search(context, context.text)


async def _search(context: Context, key_typed: str) -> StepResult:
    staff = await context.staff_access()
    if not staff.assignments:
        return menu.deny(context, "find")
    if parse_code(key_typed):
        return verify.of_code(context, key_typed)
    key, found = await application_search.find(staff, key_typed)
    context.audit_as_staff(AuditAction.SEARCHED, f"{key} {len(found)}")
    deleted = _deleted(context, key_typed, is_number=key is SearchKey.NUMBER)
    if not found:
        return ask_again(context, Text("find-nothing"), effects=deleted)
    if len(found) == 1 and (opened := await _open(context, staff, found[0])) is not None:
        return replace(opened, effects=(*deleted, *opened.effects))
    shown = ShowScreen(FOUND, {"ids": " ".join(str(one) for one in found)})
    return StepResult(menu.IDLE, (shown, *deleted))


def _deleted(context: Context, typed: str, *, is_number: bool = False) -> tuple[DeleteMessage, ...]:
    """Delete the message if it holds an ID number, or so many digits that it may."""
    may_be = is_number or sum(sign.isdecimal() for sign in typed) >= MANY_DIGITS
    return (DeleteMessage(context.message.message_id),) if may_be else ()


async def _open(context: Context, staff: StaffAccess, wanted: ApplicationId) -> StepResult | None:
    """Claim the hit and show its card; None where these roles cannot take it now."""
    try:
        taken = await claims.take(staff, wanted)
    except NotClaimed:
        return None
    return await open_taken(context, taken)


async def render_ask(_view: StaffView) -> Screen:
    """Say what a search takes, and that it is audited."""
    return Screen((Text("find-ask"),), ((BACK,),))


async def render_found(view: StaffView) -> Screen:
    """List the found applications with their stage, as far as the reader may see them."""
    ids = [application_of(one) for one in view.data["ids"].split()]
    found = await application_search.outlines(view, ids)
    lines = tuple(history.stage_line(one) for one in found) or (Text("find-nothing"),)
    buttons = [
        button
        for one in found
        for button in (
            *(
                about_application(action, one.id, Text(label, {"code": code_of(one.id)}))
                for action, label in _actions(one)
            ),
            *record_payment.buttons(view, one),
            *payments.buttons(view, one),
        )
    ]
    others = rows(staff_go("find"), staff_go("queue"), across=2)
    return Screen((Text("found-head"), lines), (*rows(*buttons), *others))


def _actions(found: FoundApplication) -> tuple[tuple[Action, str], ...]:
    """Return the actions on a hit with their labels: taking it, where that can be, comes first."""
    take = (_TAKE,) if history.is_free(found) else ()
    return (*take, (Action.HISTORY, "button-history"))


_TAKE: Final = (Action.TAKE, "button-take-code")

FEATURE = Feature(
    staff_anywhere=(command("find", begin), pressed(Action.GO, begin, "find")),
    staff_routes={
        Staff.idle: (text(search),),
        Staff.card: (text(search),),
        Staff.finding: (pressed(Action.BACK, step_to(menu.IDLE)), text(search)),
    },
    desk_screens={Staff.finding: render_ask, FOUND: render_found},
)
