"""A reviewer of the site or the area marks that a candidate has paid the fee elsewhere.

The product takes no payment: the area collects the fee in its own way. A mark needs one tap and a
confirmation; a typed receipt number becomes a note. It can be undone for as long as a decision.
"""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, Button, about_application, application_of, staff_go
from handlers.rendering import BACK, Screen, button, rows
from handlers.replies import ask, ask_again, show_screen, step_to
from handlers.routing import Feature, pressed, text
from handlers.staff import menu
from handlers.update_context import Context, ledger_of
from states.fsm_states import Staff
from states.process import lifecycle
from states.process.lifecycle import TRANSITIONS, Event, TransitionNotAllowed
from states.progress.next_step import Position
from states.records import Application, BillState, Stage
from states.staff_roles import RoleAssignment
from states.step_result import Priority, ShowScreen, StepResult
from states.submissions.application_codes import code_of
from states.texts import DEFAULT_LOCALE, Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import applications, people
from storage.payments import settling
from storage.staff import application_search
from storage.staff.access.scopes import OutOfScope, StaffAccess
from storage.staff.access.staff_view import StaffView
from storage.staff.application_search import FoundApplication
from storage.staff.cases import notes
from storage.staff.cases.cards import APPLICATION

MARKED = "payment-marked"
RESULT = "payment-result"
RECEIPT = "receipt"
"""The key of position data for the receipt number."""
MAX_RECEIPT_LENGTH = 40


async def begin(_update: Update, context: Context) -> StepResult:
    """Ask whether to mark the payment of an application that a search has found."""
    staff = await context.staff_access()
    found = await _payable(staff, context.callback.value, Event.MARK_PAID)
    if found is None:
        return menu.deny(context, "payment")
    return ask(context, Position(Staff.paying, {APPLICATION: str(found[0].id)}))


async def take_receipt(_update: Update, context: Context) -> StepResult:
    """Keep the typed receipt number until the confirmation."""
    if not (number := context.words_within(MAX_RECEIPT_LENGTH)):
        return ask_again(context, Problem("problem-receipt", {"limit": MAX_RECEIPT_LENGTH}))
    position = context.position
    return ask(context, replace(position, data={**position.data, RECEIPT: number}))


async def mark(_update: Update, context: Context) -> StepResult:
    """Register the application as paid, and tell its candidate."""
    staff, data = await context.staff_access(), context.position.data
    found = await _payable(staff, data.get(APPLICATION, ""), Event.MARK_PAID)
    if found is None:
        return menu.deny(context, "payment")
    application, assignment = found
    denied = await _move(context, application, assignment, Event.MARK_PAID)
    if denied is not None:
        return denied
    if number := data.get(RECEIPT):
        words = context.services.label(Text("payment-receipt", {"number": number}), DEFAULT_LOCALE)
        await notes.add(
            context.unit.tx,
            staff.keyring,
            application.id,
            assignment,
            context.unit.new_id(),
            words,
            context.now,
        )
    seconds = str(int(staff.timings.undo.total_seconds()))
    shown = ShowScreen(MARKED, {APPLICATION: str(application.id), "seconds": seconds})
    return StepResult(menu.IDLE, (shown,))


async def unmark(_update: Update, context: Context) -> StepResult:
    """Undo a mark within the undo window, and correct what its candidate was told."""
    staff = await context.staff_access()
    found = await _payable(staff, context.callback.value, Event.UNMARK_PAID)
    if found is None:
        return menu.deny(context, "payment")
    application, assignment = found
    since, bill = application.since, application.bill
    if bill is not None and bill.state is BillState.PAID:
        return show_screen(RESULT, Text("payment-is-real"))
    if since is None or context.now >= since + staff.timings.undo:
        return show_screen(RESULT, Text("payment-undo-late"))
    denied = await _move(context, application, assignment, Event.UNMARK_PAID)
    return denied or show_screen(RESULT, Text("payment-undone", {"code": code_of(application.id)}))


async def _payable(
    staff: StaffAccess, number: str, event: Event
) -> tuple[Application, RoleAssignment] | None:
    """Return an application in scope, and the role that allows the event; None without either."""
    try:
        application = await application_search.read(staff, application_of(number))
    except OutOfScope:
        return None
    for assignment in staff.assignments:
        is_active = assignment.revoked_at is None and assignment.scope.covers(application)
        if is_active and lifecycle.allows_role(event, assignment.role):
            return application, assignment
    return None


async def _move(
    context: Context, before: Application, assignment: RoleAssignment, event: Event
) -> StepResult | None:
    """Store the transition, audit it and tell the candidate; return the answer where denied."""
    try:
        after = lifecycle.apply_event(before, event, context.exam, context.now, by=assignment.role)
    except TransitionNotAllowed as denied:
        return replace(show_screen(RESULT, denied.text), position=menu.IDLE)
    await applications.save_transition(context.unit.tx, context.services.keyring, before, after)
    is_paid = event is Event.MARK_PAID
    if is_paid:
        books = ledger_of(context)
        await settling.close_open(books, after.id)
        await settling.close_claim(books, after)
    action = AuditAction.MARKED_PAID if is_paid else AuditAction.UNMARKED_PAID
    context.audit_application(action, after, f"{before.stage} {after.stage}")
    keyring = context.services.keyring
    account = await people.account_of(context.unit.tx, keyring, after.person_id)
    notice = ShowScreen(TRANSITIONS[before.stage, event].notice, priority=Priority.NOTICE)
    context.unit.enqueue(notice, chat_id=account)
    return None


def buttons(view: StaffView, found: FoundApplication) -> tuple[Button, ...]:
    """Return the button that marks a found application as paid, where the reader may do so."""
    may = any(
        lifecycle.allows_role(Event.MARK_PAID, one.role) and one.scope.contains(found.scope)
        for one in view.assignments
    )
    if found.stage is not Stage.APPROVED or not may:
        return ()
    label = Text("button-mark-paid", {"code": code_of(found.id)})
    return (about_application(Action.MARK_PAID, found.id, label),)


async def render_paying(view: StaffView) -> Screen:
    """Ask for the confirmation; a receipt number may be typed before it."""
    try:
        application = await application_search.read(view, application_of(view.data[APPLICATION]))
    except OutOfScope:
        return await menu.render_refused(view)
    area = view.exam.area(application.area)
    where = area.display_name(view.locale) if area else application.area
    args = {"code": code_of(application.id), "area": where}
    receipt = view.data.get(RECEIPT)
    number = Text("paying-receipt", {"number": receipt}) if receipt else Text("paying-no-receipt")
    return Screen(
        (Text("paying-ask", args), number), ((button("confirm-paid", Action.CONFIRM),), (BACK,))
    )


async def render_marked(view: StaffView) -> Screen:
    """Say that the candidate is registered, and offer to undo it."""
    application = application_of(view.data[APPLICATION])
    args = {"code": code_of(application), "seconds": view.data["seconds"]}
    undo = about_application(Action.UNMARK_PAID, application, Text("button-unmark-paid"))
    return Screen((Text("payment-marked", args),), rows(undo, staff_go("find")))


async def render_result(_view: StaffView) -> Screen:
    """Lead on to the next search; the header lines say what happened."""
    return Screen((Text("payment-next"),), rows(staff_go("find")))


FEATURE = Feature(
    staff_anywhere=(
        pressed(Action.MARK_PAID, begin),
        pressed(Action.UNMARK_PAID, unmark),
    ),
    staff_routes={
        Staff.paying: (
            pressed(Action.CONFIRM, mark),
            pressed(Action.BACK, step_to(menu.IDLE)),
            text(take_receipt),
        )
    },
    desk_screens={Staff.paying: render_paying},
    staff_screens={MARKED: render_marked, RESULT: render_result},
)
