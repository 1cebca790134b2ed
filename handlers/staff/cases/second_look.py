"""A staff member asks to refuse a case for good (不予通过), and somebody else has a second look.

The exam file says where a desk may do so. The case waits in the queue for everybody else of the
desk. Its taker agrees, which is the decision, or declines; then it is a case as before.
"""

from __future__ import annotations

from telegram import Update

from handlers.callback_data import Action, Button, about_application, application_of, staff_go
from handlers.rendering import Screen, rows
from handlers.replies import show_screen
from handlers.routing import Feature, pressed
from handlers.staff import menu, scopes
from handlers.staff.cases.claimed_case import (
    claim_lost,
    delete_papers,
    requires_claim,
    show,
    show_taken,
)
from handlers.staff.cases.decide import REJECT_BUTTON, decide
from handlers.staff.cases.decide import SECOND_LOOK_OUTCOME as OUTCOME
from handlers.staff.cases.second_look_lines import AGREE, DECLINE
from handlers.update_context import Context
from states.fsm_states import Staff
from states.records import Application, ApplicationId
from states.staff import refusals, timings
from states.staff.refusals import DEFINITE_REASONS, build_refusal
from states.staff_roles import DESK_BY_STAGE, Desk, RoleAssignment
from states.step_result import EditScreen, Priority, ShowScreen, StepResult
from states.submissions.application_codes import code_of
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.staff import application_search
from storage.staff.access.scopes import OutOfScope, StaffAccess
from storage.staff.access.staff_view import StaffView
from storage.staff.application_search import FoundApplication
from storage.staff.cases import claims, decisions, second_looks
from storage.staff.cases.cards import APPLICATION, card_slot
from storage.staff.cases.claims import ClaimedCase, NotClaimed
from storage.staff.cases.second_looks import SecondLook, SecondLookEnd

ASKED = "second-look-asked"
NEWS = "second-look-news"


@requires_claim
async def ask(context: Context, claimed: ClaimedCase) -> StepResult:
    """Store the request, return the case to the queue, and tell those who can look."""
    application, services, unit = claimed.application, context.services, context.unit
    if not refusals.may_reject(application, claimed.desk, context.exam):
        return await show(context, claimed, Staff.sending)
    if not any(one.reason in DEFINITE_REASONS for one in claimed.draft.faults):
        return await show(context, claimed, Staff.sending, _reasons_needed())
    staff = await context.staff_access()
    others = await _others(staff, claimed)
    if not others:
        return await show(context, claimed, Staff.sending, Text("second-look-nobody"))
    role, look_id = claimed.assignment, unit.new_id()
    await second_looks.ask(
        unit.tx, services.keyring, application, role, claimed.draft, look_id, context.now
    )
    await claims.release(unit.tx, [role], application.id)
    _audit(context, AuditAction.SECOND_LOOK_ASKED, application, claimed.desk)
    news = ShowScreen(NEWS, {APPLICATION: str(application.id)}, priority=Priority.NOTICE)
    for one in others:
        unit.enqueue(news, chat_id=one.telegram_id)
    _, deleted = await delete_papers(context, application.id)
    shown = EditScreen(ASKED, card_slot(application.id), {APPLICATION: str(application.id)})
    return StepResult(menu.IDLE, (*deleted, shown), toast=Text("toast-second-look"))


@requires_claim
async def agree(context: Context, claimed: ClaimedCase) -> StepResult:
    """Refuse the case for good: the second person's decision, which they can undo in time."""
    look = claimed.second_look
    if look is None:
        return await show(context, claimed, Staff.card)
    refusal = build_refusal(
        claimed.application,
        claimed.desk,
        look.draft.faults,
        look.draft.words,
        context.exam,
        context.now,
        definite=True,
    )
    decided = await decide(context, claimed, refusal)
    if decided.position == menu.IDLE:
        await _end(context, claimed, look, SecondLookEnd.AGREED)
    return decided


@requires_claim
async def decline(context: Context, claimed: ClaimedCase) -> StepResult:
    """Turn the request down: the case is decided as any other, and who asked is told."""
    look = claimed.second_look
    if look is None or not await _end(context, claimed, look, SecondLookEnd.DECLINED):
        return await show(context, claimed, Staff.card)
    _audit(context, AuditAction.SECOND_LOOK_DECLINED, claimed.application, claimed.desk)
    return await show(context, claimed, Staff.card, Text("second-look-declined"))


async def take_back(_update: Update, context: Context) -> StepResult:
    """Take one's own request back, and the case in hand again, with the reasons as a draft."""
    staff, wanted = await context.staff_access(), application_of(context.callback.value)
    if not staff.assignments:
        return menu.deny(context, "second look")
    about = await _application(staff, wanted)
    look = await second_looks.own_open(staff, about) if about else None
    by = next((one for one in staff.assignments if look and one.id == look.assignment_id), None)
    if about is None or look is None or by is None:
        return show_screen(OUTCOME, Text("second-look-over"), data={APPLICATION: str(wanted)})
    end, tx = SecondLookEnd.TAKEN_BACK, context.unit.tx
    await second_looks.end(tx, staff.keyring, look, end, by, context.now)
    draft = claims.encrypt_draft(staff.keyring, wanted, look.draft)
    try:
        taken = await claims.take(staff, wanted, draft)
    except NotClaimed as not_claimed:
        _audit(context, AuditAction.SECOND_LOOK_TAKEN_BACK, about, look.desk)
        return await claim_lost(context, wanted, not_claimed.why)
    _audit(context, AuditAction.SECOND_LOOK_TAKEN_BACK, taken.application, look.desk)
    return await show_taken(context, taken, Text("second-look-taken-back"), in_place=True)


async def _application(staff: StaffAccess, wanted: ApplicationId) -> Application | None:
    try:
        return await application_search.read(staff, wanted)
    except OutOfScope:
        return None


async def _others(staff: StaffAccess, claimed: ClaimedCase) -> list[RoleAssignment]:
    """Return who else can look; nobody decides at both reviews of one application."""
    application = claimed.application
    made = await decisions.of_applications(staff.connection, staff.keyring, [application.id])
    is_last = claimed.desk is Desk.AREA_REVIEW
    reviewed = [one.account for one in made if is_last and one.desk is Desk.SITE_REVIEW]
    return await second_looks.others(staff, application, reviewed)


async def _end(
    context: Context, claimed: ClaimedCase, look: SecondLook, outcome: SecondLookEnd
) -> bool:
    """End the request, and tell the person who made it."""
    unit, keyring = context.unit, context.services.keyring
    role = claimed.assignment
    if not await second_looks.end(unit.tx, keyring, look, outcome, role, context.now):
        return False
    about = {APPLICATION: str(look.application_id), "outcome": str(outcome)}
    unit.enqueue(ShowScreen(OUTCOME, about, priority=Priority.NOTICE), chat_id=look.account)
    return True


def _audit(context: Context, action: AuditAction, about: Application, desk: Desk) -> None:
    context.audit_application(action, about, f"{desk} {about.revision}")


def _reasons_needed() -> Text:
    names = [Text(f"reason-{one}") for one in sorted(DEFINITE_REASONS)]
    return Text("second-look-reasons", {f"reason{n}": one for n, one in enumerate(names, 1)})


async def render_asked(view: StaffView) -> Screen:
    """Say that somebody else looks now, and offer to take the request back."""
    wanted = application_of(view.data[APPLICATION])
    take = about_application(Action.RETRACT, wanted, Text("button-second-look-back"))
    lines = (Text("second-look-asked", {"code": code_of(wanted)}),)
    return Screen(lines, ((take,), (staff_go("queue-next"), staff_go("queue"))))


async def render_news(view: StaffView) -> Screen:
    """Tell a colleague that a case waits for their second look."""
    wanted = application_of(view.data[APPLICATION])
    found = await application_search.outlines(view, [wanted])
    if not found:
        return await menu.render_refused(view)
    take: tuple[Button, ...] = ()
    if found[0].waits and not found[0].is_claimed:
        take = (about_application(Action.TAKE, wanted, Text("button-take")),)
    return Screen(
        ((Text("second-look-news", {"code": code_of(wanted)}), *_place_lines(view, found[0])),),
        rows(*take, staff_go("queue")),
    )


def _place_lines(view: StaffView, found: FoundApplication) -> tuple[Text, ...]:
    """Return the desk with its place, and its deadline; none once the case has left the desks."""
    desk = DESK_BY_STAGE.get(found.stage)
    if desk is None:
        return ()
    place = scopes.called(view.exam, found.scope, view.locale)
    window = timings.desk_window(desk, view.exam)
    at = window.last_minute
    is_over = view.now >= window.closes
    ends = Text("queue-closed", {"closed": at}) if is_over else Text("queue-closes", {"closes": at})
    return Text("second-look-place", {"desk": Text(f"desk-{desk}"), "place": place}), ends


async def render_outcome(view: StaffView) -> Screen:
    """Tell the person who asked how the second look ended."""
    code = code_of(application_of(view.data[APPLICATION]))
    outcome = view.data.get("outcome")
    told = (Text(f"second-look-told-{outcome}", {"code": code}),) if outcome else ()
    return Screen(told or (Text("second-look-over"),), rows(staff_go("queue")))


FEATURE = Feature(
    staff_anywhere=(pressed(Action.RETRACT, take_back),),
    staff_routes={
        Staff.card: (
            pressed(Action.REJECT, agree, AGREE),
            pressed(Action.REJECT, decline, DECLINE),
        ),
        Staff.sending: (pressed(Action.REJECT, ask, REJECT_BUTTON),),
    },
    staff_screens={ASKED: render_asked, NEWS: render_news, OUTCOME: render_outcome},
)
