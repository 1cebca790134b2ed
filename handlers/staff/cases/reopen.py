"""A desk opens its own decision again after the undo window, because it was wrong.

The reason becomes a note for colleagues, the audit records it, and the candidate is told. The case
waits at the desk again, as before the decision.
"""

from __future__ import annotations

from telegram import Update

from handlers.callback_data import Action, Button, about_application, application_of, staff_go
from handlers.case_messages import leave_desk
from handlers.rendering import BACK, Screen, rows
from handlers.replies import ask, ask_again, show_screen, step_to
from handlers.routing import Feature, pressed, text
from handlers.staff import menu
from handlers.update_context import Context
from states.fsm_states import Staff
from states.process import lifecycle
from states.process.lifecycle import TRANSITIONS, Event, TransitionNotAllowed
from states.progress.next_step import Position
from states.records import Application
from states.staff.departures import Departure
from states.staff.refusals import MAX_COMMENT_LENGTH
from states.staff_roles import DESK_BY_STAGE, RoleAssignment
from states.step_result import Priority, ShowScreen, StepResult
from states.submissions.application_codes import code_of
from states.texts import Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import applications, people
from storage.staff import application_search
from storage.staff.access.scopes import OutOfScope, StaffAccess
from storage.staff.access.staff_view import StaffView
from storage.staff.application_search import FoundApplication
from storage.staff.cases import decisions, notes
from storage.staff.cases.cards import APPLICATION

RESULT = "reopened-result"
Reopened = tuple[Application, Application, RoleAssignment]
"""An application before and after, and the role whose desk opens it again."""


async def begin(_update: Update, context: Context) -> StepResult:
    """Ask for the reason."""
    staff = await context.staff_access()
    try:
        found = await _reopened(staff, context, context.callback.value)
    except TransitionNotAllowed as denied:
        return show_screen(RESULT, denied.text)
    if found is None:
        return menu.deny(context, "reopen")
    return ask(context, Position(Staff.reopening, {APPLICATION: str(found[0].id)}))


async def reopen(_update: Update, context: Context) -> StepResult:
    """Return the case to its desk, with the typed reason."""
    words = context.words
    if len(words) > MAX_COMMENT_LENGTH:
        limits = {"count": len(words), "limit": MAX_COMMENT_LENGTH}
        return ask_again(context, Problem("problem-words-long", limits))
    staff = await context.staff_access()
    try:
        found = await _reopened(staff, context, context.position.data.get(APPLICATION, ""))
    except TransitionNotAllowed as denied:
        return StepResult(menu.IDLE, (ShowScreen(RESULT, header_lines=(denied.text,)),))
    if found is None:
        return menu.deny(context, "reopen")
    before, after, assignment = found
    unit, desk = context.unit, DESK_BY_STAGE[after.stage]
    if not await decisions.reopen(unit.tx, after.id, after.revision, desk):
        return StepResult(menu.IDLE, (ShowScreen(RESULT, header_lines=(Text("reopen-nothing"),)),))
    await applications.save_transition(unit.tx, staff.keyring, before, after)
    await leave_desk(context, before, Departure.REOPENED)
    note_id = unit.new_id()
    await notes.add(unit.tx, staff.keyring, after.id, assignment, note_id, words, context.now)
    context.audit_application(AuditAction.REOPENED, after, f"{before.stage} {after.stage}")
    account = await people.account_of(unit.tx, staff.keyring, after.person_id)
    screen = TRANSITIONS[before.stage, Event.REOPEN].notice
    unit.enqueue(ShowScreen(screen, priority=Priority.NOTICE), chat_id=account)
    done = Text("reopened-done", {"code": code_of(after.id), "desk": Text(f"desk-{desk}")})
    return StepResult(menu.IDLE, (ShowScreen(RESULT, {APPLICATION: str(after.id)}, (done,)),))


async def _reopened(staff: StaffAccess, context: Context, number: str) -> Reopened | None:
    """Return the application before and after, and the role; None without scope or role.

    Raises:
        TransitionNotAllowed: it is too late, or there is no decision to open again.
    """
    try:
        before = await application_search.read(staff, application_of(number))
    except OutOfScope:
        return None
    after = lifecycle.apply_event(before, Event.REOPEN, context.exam, context.now)
    deciding = (one for one in staff.assignments if one.may_decide(after))
    assignment = next(deciding, None)
    return None if assignment is None else (before, after, assignment)


def buttons(view: StaffView, found: FoundApplication) -> tuple[Button, ...]:
    """Return the button that opens a decision again, where a role of the reader's may have it."""
    transition = TRANSITIONS.get((found.stage, Event.REOPEN))
    may = transition is not None and any(
        one.role in transition.actors and one.scope.contains(found.scope)
        for one in view.assignments
    )
    return (about_application(Action.REOPEN, found.id, Text("button-reopen")),) if may else ()


async def render_ask(view: StaffView) -> Screen:
    """Ask for the reason, and say what opening again does."""
    code = code_of(application_of(view.data[APPLICATION]))
    return Screen((Text("reopen-ask", {"code": code}),), ((BACK,),))


async def render_result(view: StaffView) -> Screen:
    """Offer to take what was opened again, and lead on; the header lines say what happened."""
    onwards = rows(staff_go("queue"), staff_go("find"), across=2)
    if APPLICATION not in view.data:
        return Screen((), onwards)
    opened = application_of(view.data[APPLICATION])
    take = about_application(Action.TAKE, opened, Text("button-take"))
    return Screen((Text("reopened-next"),), ((take,), *onwards))


FEATURE = Feature(
    staff_anywhere=(pressed(Action.REOPEN, begin),),
    staff_routes={
        Staff.reopening: (pressed(Action.BACK, step_to(menu.IDLE)), text(reopen)),
    },
    desk_screens={Staff.reopening: render_ask},
    staff_screens={RESULT: render_result},
)
