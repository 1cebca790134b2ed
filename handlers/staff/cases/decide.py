"""A staff member approves a case or sends the drafted refusal, and can undo it in time.

During the undo window only the decision's row knows it; then the scheduler applies it
(``bot/scheduler/desks/apply_decisions.py``). The windows compare with the moment of the decision.
"""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, about_application, application_of, staff_go
from handlers.rendering import BACK, Rows, Screen, View, button, rows
from handlers.routing import Feature, pressed
from handlers.staff import menu
from handlers.staff.cases.card import NEXT
from handlers.staff.cases.claimed_case import (
    case_head,
    claim_lost,
    delete_papers,
    renders_application,
    requires_claim,
    show,
    show_taken,
)
from handlers.staff.cases.queue import open_taken
from handlers.staff.cases.refusal_draft import begin, lacking, why_not_refused
from handlers.staff.cases.refused_items import draft_lines
from handlers.update_context import Context
from states.exam import Exam, last_minute
from states.fsm_states import Staff
from states.process import lifecycle
from states.process.lifecycle import TransitionNotAllowed, decision_event
from states.records import ApplicationId, Refusal
from states.staff import refusals
from states.staff.refusals import RefusalDraft, build_refusal
from states.staff_roles import DESK_BY_STAGE
from states.step_result import EditScreen, Priority, ShowScreen, StepResult
from states.submissions.application_codes import code_of
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.candidates import applications
from storage.staff import application_search
from storage.staff.access.scopes import StaffAccess
from storage.staff.access.staff_view import StaffView
from storage.staff.cases import claims, decisions, second_looks
from storage.staff.cases.cards import APPLICATION, card_slot
from storage.staff.cases.claims import ClaimedCase, ClaimLost, NotClaimed, encrypt_draft

DECIDED = "card-decided"
SECOND_LOOK_OUTCOME = "second-look-outcome"
REJECT_BUTTON = "for-good"
"""The value of the button that asks to refuse for good (``second_look``)."""


@requires_claim
async def approve(context: Context, claimed: ClaimedCase) -> StepResult:
    """Approve the case."""
    return await decide(context, claimed, None)


@requires_claim
async def approve_and_take_next(context: Context, claimed: ClaimedCase) -> StepResult:
    """Approve the case, and show the next one below the decision."""
    return await _with_next(context, await decide(context, claimed, None))


async def _with_next(context: Context, decided: StepResult) -> StepResult:
    """Show the next case below a decision that was made."""
    if decided.position != menu.IDLE:
        return decided
    taken = await claims.take_next(await context.staff_access())
    if taken is None:
        return replace(decided, toast=Text("toast-decided-last"))
    following = await open_taken(context, taken)
    return replace(following, effects=(*decided.effects, *following.effects), toast=decided.toast)


@requires_claim
async def review_refusal(context: Context, claimed: ClaimedCase) -> StepResult:
    """Show the refusal as the candidate will read it; the card says why it cannot be sent."""
    if (denied := why_not_refused(claimed, context.exam, context.now)) is not None:
        return await show(context, claimed, Staff.card, denied)
    if lacking(claimed, context.exam, context.now):
        return await show(context, claimed, Staff.refusing)
    return await show(context, claimed, Staff.sending)


@requires_claim
async def send(context: Context, claimed: ClaimedCase) -> StepResult:
    """Refuse the case."""
    return await _send(context, claimed)


@requires_claim
async def send_and_take_next(context: Context, claimed: ClaimedCase) -> StepResult:
    """Refuse the case, and show the next one below the decision."""
    return await _with_next(context, await _send(context, claimed))


async def _send(context: Context, claimed: ClaimedCase) -> StepResult:
    if lacking(claimed, context.exam, context.now):
        return await show(context, claimed, Staff.refusing)
    draft = claimed.draft
    refusal = build_refusal(
        claimed.application, claimed.desk, draft.faults, draft.words, context.exam, context.now
    )
    return await decide(context, claimed, refusal)


async def decide(context: Context, claimed: ClaimedCase, refusal: Refusal | None) -> StepResult:
    """Store the decision; an illegal one changes nothing and the card says why.

    A case that waits for a second look is first answered about that.
    """
    application, services, unit = claimed.application, context.services, context.unit
    is_definite = refusal is not None and refusal.definite
    if (claimed.second_look is not None) is not is_definite:
        return await show(context, claimed, Staff.card)
    event = decision_event(claimed.desk, refusal)
    try:
        lifecycle.find_transition(
            application, event, context.exam, context.now, claimed.assignment.role
        )
    except TransitionNotAllowed as illegal:
        return await show(context, claimed, Staff.card, illegal.text)
    await decisions.decide(
        unit.tx, services.keyring, claimed, unit.new_id(), refusal, context.now, services.timings
    )
    context.audit_application(AuditAction.DECIDED, application, f"{event} {application.revision}")
    how = "approved" if refusal is None else "rejected" if is_definite else "refused"
    seconds = str(int(services.timings.undo.total_seconds()))
    data = {APPLICATION: str(application.id), "seconds": seconds, "how": how}
    _, deleted = await delete_papers(context, application.id)
    shown = EditScreen(DECIDED, card_slot(application.id), data)
    return StepResult(menu.IDLE, (*deleted, shown), toast=Text(f"toast-{how}"))


async def undo(_update: Update, context: Context) -> StepResult:
    """Undo the decision; a refusal becomes a draft again."""
    staff, wanted = await context.staff_access(), application_of(context.callback.value)
    if not staff.assignments:
        return menu.deny(context, "undo")
    decision = await decisions.take_back(staff, wanted)
    if decision is None:
        found = await application_search.outlines(staff, [wanted])
        is_withdrawn = any(one.is_withdrawn for one in found)
        why = ClaimLost.GONE if is_withdrawn else ClaimLost.DECIDED
        return await claim_lost(context, wanted, why)
    refusal = decision.refusal
    draft = RefusalDraft(refusal.faults, refusal.words) if refusal else RefusalDraft()
    if decision.is_definite:
        draft = RefusalDraft()
        await _look_again(context, staff, wanted, decision.assignment_id)
    detail = f"{decision.desk} {decision.revision}"
    try:
        taken = await claims.take(staff, wanted, encrypt_draft(staff.keyring, wanted, draft))
    except NotClaimed as not_claimed:
        about = (await applications.by_ids(staff.connection, staff.keyring, [wanted]))[wanted]
        context.audit_application(AuditAction.TAKEN_BACK, about, detail)
        return await claim_lost(context, wanted, not_claimed.why)
    context.audit_application(AuditAction.TAKEN_BACK, taken.application, detail)
    is_tapped = context.envelope.source_message is not None
    taken_back = Text("decision-taken-back")
    return await show_taken(context, taken, taken_back, in_place=is_tapped)


async def _look_again(
    context: Context, staff: StaffAccess, wanted: ApplicationId, assignment_id: int
) -> None:
    """Open the request of an undone agreement again."""
    look = await second_looks.agreed(staff.connection, staff.keyring, wanted)
    by = next(one for one in staff.assignments if one.id == assignment_id)
    if look is not None:
        await second_looks.end(staff.connection, staff.keyring, look, None, by, context.now)
        told = {APPLICATION: str(wanted), "outcome": "undone"}
        notice = ShowScreen(SECOND_LOOK_OUTCOME, told, priority=Priority.NOTICE)
        context.unit.enqueue(notice, chat_id=look.account)


@renders_application
def render_sending(view: View, claimed: ClaimedCase) -> Screen:
    """Show the whole refusal, until when the candidate can correct it, and its return."""
    draft = claimed.draft
    if draft.is_empty:
        return Screen((Text("refusing-nothing"),), ((BACK,),))
    refusal = build_refusal(
        claimed.application, claimed.desk, draft.faults, draft.words, view.exam, view.now
    )
    return Screen(
        (
            case_head(claimed),
            Text("sending-head"),
            *draft_lines(view, draft),
            follows(view.exam, refusal),
        ),
        (
            (button("send-refusal-next", Action.SUBMIT, NEXT),),
            (button("send-refusal", Action.SUBMIT),),
            *_for_good(view, claimed),
            (BACK,),
        ),
    )


def _for_good(view: View, claimed: ClaimedCase) -> Rows:
    """Return the button to refuse for good, where the exam file lets the desk do so."""
    if not refusals.may_reject(claimed.application, claimed.desk, view.exam):
        return ()
    return ((button("reject", Action.REJECT, REJECT_BUTTON),),)


def follows(exam: Exam, refusal: Refusal) -> Text:
    """Return the line about what a refusal leads to."""
    if refusal.until is None:
        return Text("sending-final")
    desk = Text(f"desk-{DESK_BY_STAGE[refusal.returns_to]}")
    return Text("sending-until", {"until": last_minute(refusal.until), "desk": desk})


async def render_decided(view: StaffView) -> Screen:
    """Show the decision, the time to undo it, and the next case unless one is in hand."""
    wanted = application_of(view.data[APPLICATION])
    args = {"code": code_of(wanted), "seconds": view.data["seconds"]}
    is_busy = await claims.claimed_by(view)
    following = () if is_busy else (staff_go("queue-next"), staff_go("queue"))
    buttons = rows(about_application(Action.UNDO, wanted, Text("button-undo")), *following)
    return Screen((Text(f"decided-{view.data['how']}", args),), buttons)


FEATURE = Feature(
    staff_anywhere=(pressed(Action.UNDO, undo),),
    staff_routes={
        Staff.card: (
            pressed(Action.CONFIRM, approve_and_take_next, NEXT),
            pressed(Action.CONFIRM, approve),
        ),
        Staff.refusing: (pressed(Action.SEE, review_refusal),),
        Staff.sending: (
            pressed(Action.SUBMIT, send_and_take_next, NEXT),
            pressed(Action.SUBMIT, send),
            pressed(Action.BACK, begin),
        ),
    },
    desk_screens={Staff.sending: render_sending},
    staff_screens={DECIDED: render_decided},
)
