"""The decision: approve, or send the refusal that was put together; and take it back in time.

Until the undo window ends only the verdict's own row knows of it; the clock does the rest
(``bot/scheduler/decisions.py``). What is judged by a window is the moment of the decision.
"""

from __future__ import annotations

from telegram import Update

from handlers.callback_data import Action, about_application, staff_go
from handlers.rendering import BACK, Screen, View, button, rows
from handlers.routing import Feature, pressed
from handlers.staff import menu
from handlers.staff.cases.claiming import (
    APPLICATION,
    application_of,
    claim_lost,
    requires_claim,
    show,
)
from handlers.staff.cases.refusal import begin, fault_line, render_claimed
from handlers.update_context import Context
from states import lifecycle
from states.codes import code_of
from states.exam import Exam, last_minute
from states.lifecycle import DECISION_EVENTS, TransitionNotAllowed
from states.records import Refusal
from states.refusals import RefusalDraft, build_refusal, resubmit_until
from states.staff import DESK_BY_STAGE
from states.state_groups import Staff
from states.step_result import EditScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.candidates import applications
from storage.staff import claims, decisions
from storage.staff.cards import card_slot
from storage.staff.claims import ClaimedCase, ClaimLost, NotClaimed, encrypt_draft
from storage.staff.staff_view import StaffView

DECIDED = "card-decided"


@requires_claim
async def approve(context: Context, claimed: ClaimedCase) -> StepResult:
    """All of it is right."""
    return await _decide(context, claimed, None)


@requires_claim
async def look_over(context: Context, claimed: ClaimedCase) -> StepResult:
    """The refusal as its candidate will read it."""
    lacking = _lacking(context, claimed)
    if lacking is not None:
        return await show(context, claimed, Staff.refusing, lacking)
    return await show(context, claimed, Staff.sending)


@requires_claim
async def send(context: Context, claimed: ClaimedCase) -> StepResult:
    """Refuse."""
    lacking = _lacking(context, claimed)
    if lacking is not None:
        return await show(context, claimed, Staff.refusing, lacking)
    draft = claimed.draft
    refusal = build_refusal(
        claimed.application, claimed.desk, draft.faults, draft.words, context.exam, context.now
    )
    return await _decide(context, claimed, refusal)


def _lacking(context: Context, claimed: ClaimedCase) -> Text | None:
    """Return what the refusal still lacks (``build_refusal``); None if it can be sent."""
    if claimed.draft.is_empty:
        return Text("refusing-nothing")
    until = resubmit_until(claimed.application, claimed.desk, context.exam, context.now)
    if until is not None and not claimed.draft.faults:
        return Text("refusing-needs-item")
    return None


async def _decide(context: Context, claimed: ClaimedCase, refusal: Refusal | None) -> StepResult:
    """One row decides; an illegal one is refused aloud and changes nothing."""
    application, services, unit = claimed.application, context.envelope.services, context.unit
    event = DECISION_EVENTS[claimed.desk, refusal is None]
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
    at = {
        APPLICATION: str(application.id),
        "seconds": str(int(services.timings.undo.total_seconds())),
    }
    how = "approved" if refusal is None else "refused"
    shown = EditScreen(DECIDED, card_slot(application.id), {**at, "how": how})
    return StepResult(menu.IDLE, (shown,), toast=Text(f"toast-{how}"))


async def take_back(_update: Update, context: Context) -> StepResult:
    """Not so after all: the row goes, and what was written of a refusal is there again."""
    by, wanted = await context.own_assignments(), application_of(context.callback.value)
    if not by:
        return menu.refuse(context, "undo")
    services, tx = context.envelope.services, context.unit.tx
    decision = await decisions.take_back(tx, services.keyring, by, wanted, context.now)
    if decision is None:
        return claim_lost(context, wanted, ClaimLost.DECIDED)
    refusal = decision.refusal
    draft = RefusalDraft(refusal.faults, refusal.words) if refusal else RefusalDraft()
    about = (await applications.by_ids(tx, services.keyring, [wanted]))[wanted]
    context.audit_application(AuditAction.TAKEN_BACK, about, f"{decision.desk} {decision.revision}")
    try:
        sealed = encrypt_draft(services.keyring, wanted, draft)
        await claims.take(tx, by, wanted, context.now, services.timings, sealed)
        held = await claims.read(tx, services.keyring, by, wanted, context.now, services.timings)
    except NotClaimed as refused_:
        return claim_lost(context, wanted, refused_.why)
    return await show(context, held, Staff.card, Text("decision-taken-back"))


def render_sending(view: View, claimed: ClaimedCase) -> Screen:
    """Every word that its candidate will read; until when they can mend it, whither it returns."""
    draft = claimed.draft
    if draft.is_empty:
        return Screen((Text("refusing-nothing"),), ((BACK,),))
    lines = tuple(fault_line(view, one) for one in draft.faults)
    about = (Text("refusing-words", {"words": draft.words}),) if draft.words else ()
    refusal = build_refusal(
        claimed.application, claimed.desk, draft.faults, draft.words, view.exam, view.now
    )
    return Screen(
        (Text("sending-head"), *([lines] if lines else []), *about, follows(view.exam, refusal)),
        ((button("send-refusal", Action.SUBMIT),), (BACK,)),
    )


def follows(exam: Exam, refusal: Refusal) -> Text:
    """What a refusal leads to."""
    if refusal.until is None:
        return Text("sending-final")
    desk = Text(f"desk-{DESK_BY_STAGE[refusal.returns_to]}")
    return Text("sending-until", {"until": last_minute(refusal.until), "desk": desk})


async def render_decided(view: StaffView) -> Screen:
    """What was decided, how long it can be taken back, and the next one."""
    wanted = application_of(view.data[APPLICATION])
    args = {"code": code_of(wanted), "seconds": view.data["seconds"]}
    ways = (
        about_application(Action.UNDO, wanted, Text("button-undo")),
        staff_go("queue-next"),
        staff_go("queue"),
    )
    return Screen((Text(f"decided-{view.data['how']}", args),), rows(*ways))


FEATURE = Feature(
    staff_anywhere=(pressed(Action.UNDO, take_back, alone=True),),
    staff_routes={
        Staff.card: (pressed(Action.CONFIRM, approve, alone=True),),
        Staff.refusing: (pressed(Action.SEE, look_over, alone=True),),
        Staff.sending: (
            pressed(Action.SUBMIT, send, alone=True),
            pressed(Action.BACK, begin, alone=True),
        ),
    },
    staff_screens={
        Staff.sending: render_claimed(render_sending),
        DECIDED: render_decided,
    },
)
