"""The staff of an area settle money: what came in, what is owed back, who says that they paid.

Guide, part 6. They see the sums of their scope, and send money back with a reason. Where the exam
lets them, they count late money as the fee. They undo an approval after the payment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from telegram import Update

from handlers.callback_data import (
    Action,
    Button,
    about_application,
    application_of,
    number_of,
    staff_button,
    staff_go,
)
from handlers.candidate.case_desk.place_of_case import CLAIM_NEWS
from handlers.rendering import BACK, Overtaken, Rows, Screen, View, rows
from handlers.replies import ask, ask_again, show_screen, step_to
from handlers.routing import Feature, command, pressed, text
from handlers.staff import list_parts, menu
from handlers.update_context import Context, ledger_of
from states.exam import last_minute
from states.fsm_states import Staff
from states.payment import ledger, refunds
from states.payment.orders import Bucket, Charge, ChargeId, amount_text, yuan
from states.payment.refunds import Refund, RefundState
from states.process import lifecycle, time_rules
from states.process.lifecycle import Event, TransitionNotAllowed
from states.progress.next_step import Position
from states.records import Application, ApplicationId, Stage
from states.staff.cases import CaseKind
from states.staff_roles import Role, RoleAssignment, Scope
from states.step_result import Priority, ShowScreen, StepResult
from states.submissions.application_codes import code_of
from states.texts import Argument, Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import cases, people
from storage.candidates.cases import Case
from storage.engine.jobs import JobKind, StoredJob
from storage.payments import charges, settling
from storage.payments import refunds as stored_refunds
from storage.payments.charges import PAYMENT_ROLES
from storage.payments.settling import Settled
from storage.staff import application_search
from storage.staff.access.scopes import OutOfScope, StaffAccess
from storage.staff.access.staff_view import StaffView
from storage.staff.application_search import FoundApplication

SCREEN = "payments"
CHARGE_CARD = "payment-charge"
RESULT = "payments-result"
CLAIMS, CLAIM_SURE = "claims", "claim-sure"
REFUSED = "refund-refused"
WAY_REFUSED = "way-refused"
DIFFERENCES = "payment-differences"
CHARGE, APPLICATION, CLAIM = "charge", "application", "claim"
"""Keys of position data."""
MAX_REASON = 300
_NO_REASON = Problem("problem-reason", {"limit": MAX_REASON})
MAX_RECEIPT = 60
SHOWN, SHOWN_CLAIMS = 10, 5
OPEN, REFUND, SENT, AGREE, ACCEPT = "o", "r", "s", "y", "a"
"""The first letter of a button's value about a charge; the rest is the number of the charge."""
NOT_PAID, SURE = "c", "n"
"""The same about the case of a claim: nobody has paid, and yes, nobody has."""
UNDO = "u"
"""The same about an application: its approval is undone."""


async def home(_update: Update, context: Context) -> StepResult:
    """Show the sums of the reader's scope, and what is to be settled."""
    if not _roles(await context.own_assignments()):
        return menu.deny(context, "payments")
    return StepResult(menu.IDLE, (ShowScreen(SCREEN),))


async def show_claims(_update: Update, context: Context) -> StepResult:
    """Show all who say that they have paid."""
    if not _roles(await context.own_assignments()):
        return menu.deny(context, "payments")
    return StepResult(menu.IDLE, (ShowScreen(CLAIMS),))


def _roles(assignments: Sequence[RoleAssignment]) -> list[RoleAssignment]:
    return [one for one in assignments if one.revoked_at is None and one.role in PAYMENT_ROLES]


async def act(_update: Update, context: Context) -> StepResult:
    """Do what a button says about money, a case or an application: its first letter says what."""
    roles = _roles(await context.own_assignments())
    verb, number = context.callback.value[:1], number_of(context.callback.value[1:])
    if verb == NOT_PAID:
        return show_screen(CLAIM_SURE, data={CLAIM: str(number)})
    if verb == SURE:
        return await _close_claim(context, number)
    if verb == UNDO:
        return await _begin_undo(context, ApplicationId(number))
    charge = await charges.seen_by(
        context.unit.tx, context.services.keyring, roles, ChargeId(number)
    )
    if charge is None:
        return menu.deny(context, "payments")
    data = {CHARGE: str(charge.id)}
    if verb == REFUND and refunds.may_refund(charge):
        return ask(context, Position(Staff.refunding, data))
    if verb == SENT:
        return ask(context, Position(Staff.sending_back, data))
    if verb == AGREE:
        return await _agree(context, charge)
    if verb == ACCEPT:
        return await _accept(context, charge)
    return show_screen(CHARGE_CARD, data=data)


async def _charge_of(context: Context) -> Charge | None:
    """Return the charge of the open question, within the scope."""
    roles = _roles(await context.own_assignments())
    wanted = ChargeId(number_of(context.position.data.get(CHARGE, "")))
    return await charges.seen_by(context.unit.tx, context.services.keyring, roles, wanted)


async def take_reason(_update: Update, context: Context) -> StepResult:
    """Ask for the refund with the typed reason; above the limit a second person has to agree."""
    charge = await _charge_of(context)
    if charge is None:
        return menu.deny(context, "payments")
    if not (reason := context.words_within(MAX_REASON)):
        return ask_again(context, _NO_REASON)
    account = context.unit.row.queue_key
    refund = await settling.ask_refund(ledger_of(context), charge, reason, account)
    if refund is None:
        return _done(Text("refund-known"))
    _start(context, refund.id, refund.state)
    return _done(Text(f"refund-{refund.state}"), charge)


async def _agree(context: Context, charge: Charge) -> StepResult:
    """Give the second look."""
    books, account = ledger_of(context), context.unit.row.queue_key
    refund = await stored_refunds.of_charge(context.unit.tx, books.keyring, charge.id)
    agreed = await settling.agree(books, charge, refund, account) if refund else None
    if agreed is None:
        return _done(Text("refund-not-yours"))
    _start(context, agreed.id, agreed.state)
    return _done(Text(f"refund-{agreed.state}"), charge)


def _start(context: Context, refund_id: int, state: RefundState) -> None:
    """Have the provider called, where it is one that sends money back itself."""
    if state is RefundState.ASKED:
        context.unit.jobs.append(StoredJob(JobKind.REFUND, str(refund_id), context.now))


async def take_receipt(_update: Update, context: Context) -> StepResult:
    """Note that the area has sent the money back in its own way."""
    charge = await _charge_of(context)
    if charge is None:
        return menu.deny(context, "payments")
    if not (receipt := context.words_within(MAX_RECEIPT)):
        return ask_again(context, Problem("problem-receipt", {"limit": MAX_RECEIPT}))
    books, account = ledger_of(context), context.unit.row.queue_key
    refund = await stored_refunds.of_charge(context.unit.tx, books.keyring, charge.id)
    if refund is None or refund.state is not RefundState.BY_HAND:
        return _done(Text("refund-known"))
    settled = await settling.sent_back(books, charge, refund, receipt, account)
    _tell(context, settled)
    return _done(Text("refund-sent"))


async def _accept(context: Context, charge: Charge) -> StepResult:
    """Count late money as the fee."""
    found = await _acceptor(await context.staff_access(), charge)
    settled = await settling.accept(ledger_of(context), charge, found[1]) if found else None
    if settled is None:
        return _done(Text("money-not-acceptable"))
    _tell(context, settled)
    return _done(Text("money-accepted"))


async def _acceptor(
    staff: StaffAccess, charge: Charge
) -> tuple[Application, RoleAssignment] | None:
    """Return the application of money, and the role that may count it as the fee there."""
    reviewers = [one for one in _roles(staff.assignments) if one.role is Role.AREA_REVIEWER]
    wanted, own = charge.application_id, replace(staff, assignments=reviewers)
    try:
        application = await application_search.read(own, wanted or ApplicationId(0))
    except OutOfScope:
        return None
    return application, next(one for one in reviewers if one.scope.covers(application))


async def _close_claim(context: Context, number: int) -> StepResult:
    """Close a case: the area has found no payment. A newer case of the candidate stays open."""
    found = await _claim_of(await context.staff_access(), number)
    if found is None:
        return menu.deny(context, "payments")
    case, application = found
    if case.closed_at is not None:
        return _done(Text("claim-is-closed"))
    await settling.close_claim(ledger_of(context), application)
    context.audit_application(AuditAction.CASE_CLOSED, application, CaseKind.PAYMENT)
    account = await people.account_of(
        context.unit.tx, context.services.keyring, application.person_id
    )
    context.unit.enqueue(ShowScreen("told-case-closed", priority=Priority.NOTICE), chat_id=account)
    return _done(Text("claim-is-closed"))


async def _claim_of(staff: StaffAccess, number: int) -> tuple[Case, Application] | None:
    """Return a claim and its application, where these roles settle its money."""
    case = await cases.of_id(staff.connection, staff.keyring, number)
    if case is None or case.kind is not CaseKind.PAYMENT:
        return None
    own = replace(staff, assignments=_roles(staff.assignments))
    found = await application_search.of_person(own, case.person_id)
    return (case, await application_search.read(own, found.id)) if found else None


async def _begin_undo(context: Context, application_id: ApplicationId) -> StepResult:
    """Ask why an approval is undone."""
    if await _undoable(context, application_id) is None:
        return menu.deny(context, "payments")
    return ask(context, Position(Staff.undoing, {APPLICATION: str(application_id)}))


async def _undoable(context: Context, application_id: ApplicationId) -> RoleAssignment | None:
    """Return the role that may undo the approval of this application."""
    staff = await context.staff_access()
    try:
        application = await application_search.read(staff, application_id)
    except OutOfScope:
        return None
    may = (
        one
        for one in staff.assignments
        if one.scope.covers(application) and lifecycle.allows_role(Event.UNDO_APPROVAL, one.role)
    )
    return next((one for one in may if one.revoked_at is None), None)


async def take_undo(_update: Update, context: Context) -> StepResult:
    """Undo the approval; the fee is owed back, and the candidate reads the reason."""
    wanted = application_of(context.position.data.get(APPLICATION, ""))
    assignment = await _undoable(context, wanted)
    if assignment is None:
        return menu.deny(context, "payments")
    if not (reason := context.words_within(MAX_REASON)):
        return ask_again(context, _NO_REASON)
    before = await application_search.read(await context.staff_access(), wanted)
    try:
        told = await settling.undo_approval(ledger_of(context), before, reason, assignment)
    except TransitionNotAllowed as denied:
        return _done(denied.text)
    account = await people.account_of(context.unit.tx, context.services.keyring, before.person_id)
    notice = lifecycle.TRANSITIONS[before.stage, Event.UNDO_APPROVAL].notice
    context.unit.enqueue(ShowScreen(notice, priority=Priority.NOTICE), chat_id=account)
    for one in told:
        _tell(context, one)
    return _done(Text("approval-undone"))


def _tell(context: Context, settled: Settled | None) -> None:
    if settled is not None and settled.notice is not None and settled.account is not None:
        context.unit.enqueue(settled.notice, chat_id=settled.account)


def _done(header: Text, charge: Charge | None = None) -> StepResult:
    data = {CHARGE: str(charge.id)} if charge else {}
    return replace(show_screen(RESULT, header, data=data), position=menu.IDLE)


def buttons(view: StaffView, found: FoundApplication) -> tuple[Button, ...]:
    """Return the button that undoes the approval of a found application."""
    may = any(lifecycle.allows_role(Event.UNDO_APPROVAL, one.role) for one in view.assignments)
    if not may or found.stage not in (Stage.APPROVED, Stage.REGISTERED):
        return ()
    label = Text("button-undo-approval", {"code": code_of(found.id)})
    return (staff_button(label, Action.MONEY, f"{UNDO}{found.id}"),)


# --- screens -------------------------------------------------------------------------------------


async def render_home(view: StaffView) -> Screen:
    """Show the sums in each bucket, a part of the money that is owed back, and open cases."""
    roles = _roles(view.assignments)
    if not roles:
        return await menu.render_refused(view)
    totals = await charges.totals(view.connection, roles)
    sums = tuple(
        Text(f"sum-{bucket}", {"count": count, "yuan": yuan(fen)})
        for bucket in Bucket
        for count, fen in [totals.get(bucket, (0, 0))]
        if count
    ) or (Text("sum-none"),)
    if foreign := await charges.foreign(view.connection, roles):
        sums = (*sums, Text("sum-foreign", {"count": foreign}))
    count = await charges.count_owed(view.connection, roles)
    first, turns = list_parts.part_of(view, SCREEN, SHOWN, count)
    owed = await charges.owed(view.connection, view.keyring, roles, first, SHOWN)
    known = await stored_refunds.of_charges(view.connection, view.keyring, [c.id for c in owed])
    listed = [*enumerate(owed, first + 1)]
    lines = tuple(_line(number, one, known.get(one.id)) for number, one in listed)
    claims, claim_buttons = await claims_of(view)
    money = rows(*(_about(str(n), OPEN, one) for n, one in listed), across=5)
    head = (Text("owed-head", {"count": count}), *lines) if owed else (Text("owed-none"),)
    others = rows(staff_go("find"), staff_go("staff"), across=2)
    buttons_below = (*money, turns, *claim_buttons, *others)
    return Screen((Text("payments-head"), sums, head, *claims), buttons_below)


def _line(number: int, charge: Charge, refund: Refund | None) -> Text:
    """Return a line of the list; it says how far the refund is."""
    state = Text(f"owed-is-{refund.state}") if refund else ""
    return Text("owed-line", {"number": str(number), **_args(charge), "state": state})


def _args(charge: Charge) -> dict[str, Argument]:
    application = charge.application_id
    return {
        "code": code_of(application) if application else "—",
        "money": amount_text(charge.amount, charge.currency),
        "expected": yuan(charge.expected) if charge.expected is not None else "—",
        "way": Text(f"way-{charge.way}"),
        "at": charge.paid_at,
        "charge": charge.number,
        "verdict": Text(f"money-why-{charge.verdict}"),
    }


def _about(label: Text | str, verb: str, charge: Charge) -> Button:
    return staff_button(label, Action.MONEY, f"{verb}{charge.id}")


async def lines_of_count(view: StaffView) -> tuple[Text, ...]:
    """Return how many candidates say that they have paid, and since when; nothing without one."""
    count, since = await cases.count_payments(view.connection, _scopes(view))
    return (Text("queue-claims", {"count": count, "since": since}),) if since else ()


def _scopes(view: StaffView) -> list[Scope]:
    return [one.scope for one in _roles(view.assignments)]


async def claims_of(view: StaffView) -> tuple[tuple[Text, ...], Rows]:
    """Return how many say that they paid, the oldest of them, and their buttons."""
    count, _ = await cases.count_payments(view.connection, _scopes(view))
    if not count:
        return (), ()
    texts, buttons_of = await _claims(view, 0)
    all_of = Text("button-claims", {"count": count})
    more = ((staff_go(CLAIMS, all_of),),) if count > SHOWN_CLAIMS else ()
    return (Text("claims-head", {"count": count}), *texts), (*buttons_of, *more)


async def _claims(view: StaffView, first: int) -> tuple[tuple[Text, ...], Rows]:
    """Return a part of the cases of people who say that they paid, and their buttons."""
    found = await cases.open_payments_of(
        view.connection, view.keyring, _scopes(view), first, SHOWN_CLAIMS
    )
    own = replace(view, assignments=_roles(view.assignments))
    texts, buttons_of = [], []
    for case in found:
        application = await application_search.of_person(own, case.person_id)
        if application is None:
            continue
        code = code_of(application.id)
        texts.append(Text("claim-line", {"code": code, "at": case.opened_at, "words": case.words}))
        mark = about_application(
            Action.MARK_PAID, application.id, Text("button-claim-paid", {"code": code})
        )
        none = staff_button(
            Text("button-claim-none", {"code": code}), Action.MONEY, f"{NOT_PAID}{case.id}"
        )
        buttons_of.append((mark, none))
    return tuple(texts), tuple(buttons_of)


async def render_claims(view: StaffView) -> Screen:
    """List those who say that they have paid, the oldest first."""
    if not _roles(view.assignments):
        return await menu.render_refused(view)
    count, _ = await cases.count_payments(view.connection, _scopes(view))
    first, turns = list_parts.part_of(view, CLAIMS, SHOWN_CLAIMS, count)
    texts, buttons_of = await _claims(view, first)
    head = Text("claims-head", {"count": count}) if count else Text("claims-none")
    others = rows(staff_go(SCREEN), staff_go("staff"), across=2)
    return Screen((head, *texts), (*buttons_of, turns, *others))


async def render_claim_news(view: StaffView) -> Screen:
    """Tell the area that candidates say that they have paid.

    Raises:
        Overtaken: none of them waits any more.
    """
    lines = await lines_of_count(view)
    if not lines:
        raise Overtaken
    return Screen((Text("claim-news"), *lines), rows(staff_go(SCREEN)))


async def render_claim_sure(view: StaffView) -> Screen:
    """Ask whether nobody has paid: the candidate is told at once, and may lose the application."""
    found = await _claim_of(view, number_of(view.data.get(CLAIM, "")))
    if found is None:
        return await menu.render_refused(view)
    case, application = found
    if case.closed_at is not None:
        return Screen((Text("claim-is-closed"),), rows(staff_go(SCREEN)))
    ends = time_rules.deadline(application, view.exam)
    then = Text("claim-sure-over")
    if ends is not None and ends > view.now:
        then = Text("claim-sure-until", {"closes": last_minute(ends)})
    sure = staff_button(Text("button-claim-sure"), Action.MONEY, f"{SURE}{case.id}")
    asked = Text("claim-sure", {"code": code_of(application.id)})
    return Screen((asked, then), rows(sure, staff_go(SCREEN)))


async def render_charge(view: StaffView) -> Screen:
    """Show one charge with both figures, and what can be done about it."""
    roles = _roles(view.assignments)
    wanted = ChargeId(number_of(view.data.get(CHARGE, "")))
    charge = await charges.seen_by(view.connection, view.keyring, roles, wanted)
    if charge is None:
        return await menu.render_refused(view)
    refund = await stored_refunds.of_charge(view.connection, view.keyring, charge.id)
    lines: tuple[Text, ...] = (Text("charge-card", _args(charge)),)
    offered: list[Button] = []
    if refund is not None:
        lines += (Text(f"refund-{refund.state}"), Text("refund-why", {"words": refund.reason}))
        if refunds.may_agree(refund, view.reader):
            offered.append(_about(Text("button-refund-agree"), AGREE, charge))
        if refund.state is RefundState.BY_HAND:
            offered.append(_about(Text("button-refund-sent"), SENT, charge))
    elif refunds.may_refund(charge):
        offered.append(_about(Text("button-refund"), REFUND, charge))
        if await _may_accept(view, charge):
            offered.append(_about(Text("button-accept-money"), ACCEPT, charge))
    return Screen(lines, rows(*offered, staff_go(SCREEN)))


async def _may_accept(view: StaffView, charge: Charge) -> bool:
    if (found := await _acceptor(view, charge)) is None:
        return False
    own = await charges.of_application(view.connection, view.keyring, found[0].id)
    return ledger.may_accept(charge, ledger.Account(found[0], own), view.exam)


async def render_refunding(_view: StaffView) -> Screen:
    """Ask for the reason of a refund."""
    return Screen((Text("refund-ask", {"limit": MAX_REASON}),), ((BACK,),))


async def render_sending_back(_view: StaffView) -> Screen:
    """Ask for the number of the area's own refund."""
    return Screen((Text("refund-receipt-ask"),), ((BACK,),))


async def render_undoing(view: StaffView) -> Screen:
    """Ask for the reason of undoing an approval."""
    code = code_of(application_of(view.data.get(APPLICATION, "")))
    return Screen((Text("undo-ask", {"code": code, "limit": MAX_REASON}),), ((BACK,),))


async def render_result(_view: StaffView) -> Screen:
    """Lead back to the money; the header lines say what happened."""
    return Screen((Text("payments-next"),), rows(staff_go(SCREEN), staff_go("find"), across=2))


def render_refused_refund(view: View) -> Screen:
    """Tell an administrator that a provider will not send money back."""
    args = {"code": view.data["code"], "number": view.data["refund"]}
    return Screen((Text("refund-refused-told", args),), rows(staff_go(SCREEN)))


def render_refused_way(view: View) -> Screen:
    """Tell an administrator that a provider takes no money by a way."""
    args: dict[str, Argument] = {"code": view.data["code"], "way": Text(f"way-{view.data['way']}")}
    return Screen((Text("way-refused-told", args),), rows(staff_go(SCREEN)))


def render_differences(view: View) -> Screen:
    """Tell an administrator how much is owed back."""
    args: dict[str, Argument] = {
        "count": int(view.data["count"]),
        "yuan": yuan(int(view.data["amount"])),
        "looks": int(view.data.get("looks", "0")),
    }
    return Screen((Text("differences-told", args),), rows(staff_go(SCREEN)))


FEATURE = Feature(
    staff_anywhere=(
        command(SCREEN, home),
        pressed(Action.GO, home, SCREEN),
        pressed(Action.GO, show_claims, CLAIMS),
        pressed(Action.MONEY, act),
    ),
    staff_routes={
        Staff.refunding: (pressed(Action.BACK, step_to(menu.IDLE)), text(take_reason)),
        Staff.sending_back: (pressed(Action.BACK, step_to(menu.IDLE)), text(take_receipt)),
        Staff.undoing: (pressed(Action.BACK, step_to(menu.IDLE)), text(take_undo)),
    },
    desk_screens={
        SCREEN: render_home,
        CHARGE_CARD: render_charge,
        CLAIMS: render_claims,
        CLAIM_SURE: render_claim_sure,
        Staff.refunding: render_refunding,
        Staff.sending_back: render_sending_back,
        Staff.undoing: render_undoing,
    },
    staff_screens={RESULT: render_result, CLAIM_NEWS: render_claim_news},
    screens={
        REFUSED: render_refused_refund,
        WAY_REFUSED: render_refused_way,
        DIFFERENCES: render_differences,
    },
)
