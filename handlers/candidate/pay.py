"""The candidate pays the fee after the review: looks at it, pays in one way, gets a receipt.

Guide, part 6. One order is open at a time. A provider's report alone registers anybody
(``storage.payments.settling``); what a candidate says makes the provider be asked, or the area.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from telegram import Update
from telegram.ext import MessageHandler, PreCheckoutQueryHandler, filters

from handlers import payment_lines, place_lines
from handlers.callback_data import Action, go
from handlers.candidate.case_desk.place_of_case import news_job
from handlers.candidate.progress import status
from handlers.everyone.help import PAYMENT
from handlers.outlook_lines import asking_button
from handlers.questions.doubts import NO_OFFER, TYPE_AGAIN, ask_back, doubt, offered, taken
from handlers.rendering import (
    BACK,
    DOUBT,
    WHOLE,
    Code,
    Invoice,
    Overtaken,
    Screen,
    View,
    button,
    rows,
    whom_to_ask,
)
from handlers.replies import ask, ask_again, show_screen, without_doubt
from handlers.routing import Feature, Question, Route, command, pressed, text
from handlers.update_context import Context, ledger_of
from states.characters import inert
from states.exam import PaymentWay
from states.fsm_states import Paying
from states.payment import ledger
from states.payment.checkout import refusal_of
from states.payment.orders import (
    ANSWERS_QUERIES,
    LONGEST,
    Money,
    Order,
    OrderId,
    OrderState,
    Source,
    amount_due,
    amount_text,
    yuan,
)
from states.process import lifecycle, time_rules
from states.process.lifecycle import Event
from states.progress.next_step import MENU, Position
from states.progress.outlook import Matter, Moment, Outlook, outlook
from states.records import CURRENCY, Application, Bill, BillState, Stage
from states.staff.cases import CaseKind
from states.step_result import StepResult
from states.texts import Argument, Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates.cases import Case, close_payment, open_case, payments_since
from storage.engine import jobs
from storage.engine.jobs import JobKind, StoredJob
from storage.payments import orders, settling
from storage.payments.charges import EventKind

PAY = "pay"
INVOICE = "invoice"
LINK = "payment-link"
PREPARING = "payment-preparing"
ASKING = "payment-asking"
TOLD = "payment-told"
ORDER, AMOUNT, URL, WAY = "order", "amount", "url", "way"
"""Keys of position data: order number, fen, link and way of an order."""
SEND_PROOF = replace(button("proof-send", Action.CONFIRM), is_main=True)
MAX_PROOF = 300
"""Characters of a proof: a number, a time, an amount and a sentence."""
CLAIMS_A_DAY = 10
"""Each that is taken back leaves a case and two audit entries for good."""
ORDERS_A_DAY = 50
"""Each leaves a row and its events for good, and costs its provider several calls."""
A_DAY = timedelta(days=1)


async def pay(_update: Update, context: Context) -> StepResult:
    """Show what is paid, by when, and in which ways."""
    if not payment_lines.is_due(context.view):
        return await status.status(_update, context)
    return show_screen(PAY)


async def choose(_update: Update, context: Context) -> StepResult:
    """Open the order of a way, or show the open one again; another way has to end first."""
    if not payment_lines.is_due(context.view):
        return await status.status(_update, context)
    application = context.own_application
    area = context.exam.area(application.area)
    way = PaymentWay(context.callback.value.removeprefix("pay-"))
    if area is None or way not in area.ways_at(application.site):
        return show_screen(PAY)
    tx, keyring = context.unit.tx, context.services.keyring
    for known in await orders.open_of(tx, keyring, application.id):
        is_usable = context.now < known.closes_at and known.amount == amount_due(
            application, context.exam
        )
        if known.way is way and is_usable:
            return _shown(known)
    if await orders.made_since(tx, application.id, context.now - A_DAY) >= ORDERS_A_DAY:
        return show_screen(PAY, Text("pay-often", {"limit": ORDERS_A_DAY}))
    for ending in await settling.close_open(ledger_of(context), application.id):
        return show_screen(ASKING, Text("pay-other-ends", {"way": Text(f"way-{ending.way}")}))
    return _shown(await _open(context, application, way))


async def _open(context: Context, application: Application, way: PaymentWay) -> Order:
    """Store a new order; a job has its provider make it, where that takes a call."""
    number, span = context.unit.new_id(), time_rules.stage_span(application, context.exam)
    is_asked = way not in ANSWERS_QUERIES
    closes_at = context.now + LONGEST[way]
    if span is not None:
        closes_at = min(closes_at, span.closes + context.exam.payment.grace)
    order = Order(
        OrderId(number),
        f"B{number}",
        application.id,
        application.person_id,
        application.revision,
        way,
        amount_due(application, context.exam),
        context.now,
        closes_at,
        OrderState.ASKED if is_asked else OrderState.CREATED,
        payer=str(context.unit.row.queue_key) if way is PaymentWay.TELEGRAM else "",
    )
    await orders.add(context.unit.tx, context.services.keyring, order)
    await ledger_of(context).note(EventKind.MADE, order.number)
    if not is_asked:
        person = application.person_id
        job = StoredJob(JobKind.ORDER, str(order.id), context.now, person_id=person)
        context.unit.jobs.append(job)
    bill = Bill(BillState.ASKED, way, order.number, order.amount, context.now)
    context.unit.application = replace(application, bill=bill)
    return order


def _shown(order: Order) -> StepResult:
    data = {ORDER: order.number, AMOUNT: str(order.amount), WAY: order.way}
    if order.way is PaymentWay.TELEGRAM:
        return show_screen(INVOICE, data=data)
    if order.link:
        return show_screen(LINK, data={**data, URL: order.link})
    return show_screen(PREPARING, data=data)


# --- what Telegram reports -----------------------------------------------------------------------


async def checkout(_update: Update, context: Context) -> StepResult:
    """Note that a payment has begun. ``PreCheckout`` has answered Telegram before the queue."""
    query = context.envelope.raw_update["pre_checkout_query"]
    application = context.unit.application
    order = await orders.by_number(
        context.unit.tx, context.services.keyring, query["invoice_payload"]
    )
    refused = refusal_of(
        order,
        application,
        amount=query["total_amount"],
        currency=query["currency"],
        payer=str(context.unit.row.queue_key),
        exam=context.exam,
        now=context.now,
    )
    if refused is None and order is not None and application is not None:
        await ledger_of(context).note(EventKind.CHECKOUT, order.number)
        bill = Bill(BillState.CHECKING, order.way, order.number, order.amount, context.now)
        context.unit.application = replace(application, bill=bill)
    return StepResult()


async def receive(_update: Update, context: Context) -> StepResult:
    """Settle money that Telegram reports; the message's date is the time of the payment."""
    paid = context.envelope.raw_update["message"]["successful_payment"]
    money = Money(
        PaymentWay.TELEGRAM,
        paid["telegram_payment_charge_id"],
        paid["invoice_payload"],
        paid["total_amount"],
        paid["currency"],
        context.now,
        Source.UPDATE,
        payer=str(context.unit.row.queue_key),
    )
    settled = await settling.receive(ledger_of(context), money)
    if settled is None:
        return StepResult()
    own = context.unit.application
    if own is not None and settled.application is not None and own.id == settled.application.id:
        context.unit.application = settled.application
    if settled.notice is not None and settled.account is not None:
        context.unit.enqueue(settled.notice, chat_id=settled.account)
        return StepResult(MENU if settled.account == context.unit.row.queue_key else None)
    data = {
        AMOUNT: str(money.amount),
        "currency": money.currency,
        "charge": money.charge,
        "verdict": settled.charge.verdict,
    }
    return show_screen(settling.TOLD_OWED, data=data)


# --- "I have paid" -------------------------------------------------------------------------------


async def paid(_update: Update, context: Context) -> StepResult:
    """Ask the provider at once where it answers; else ask for a proof, which the area looks at.

    Before the payment opens nothing can have been paid, so the answer says whom to ask.
    """
    application = context.unit.application
    if application is not None and _is_early(application, context):
        area = context.exam.area(application.area)
        args = {"area-contact": place_lines.contact(area, context.person.locale)}
        return show_screen(status.STATUS, Text("paid-early", args))
    if application is None or not _may_prove(application, context):
        is_known = application is not None and application.bill is not None
        return await status.status(_update, context) if is_known else show_screen(PAYMENT)
    asked = False
    for order in await orders.open_of(context.unit.tx, context.services.keyring, application.id):
        if order.way in ANSWERS_QUERIES:
            await jobs.advance(context.unit.tx, JobKind.ORDER, context.now, str(order.id))
            asked = True
    if asked and context.callback.value != "paid-proof":
        bill = application.bill and replace(application.bill, state=BillState.CHECKING)
        context.unit.application = replace(application, bill=bill)
        return show_screen(ASKING)
    return await _too_often(context, application) or ask(context, Position(Paying.proof))


async def _too_often(context: Context, application: Application) -> StepResult | None:
    """Return the answer after ``CLAIMS_A_DAY`` claims; None before."""
    tx, since = context.unit.tx, context.now - A_DAY
    if await payments_since(tx, application.person_id, since) < CLAIMS_A_DAY:
        return None
    area = context.exam.area(application.area)
    contact = place_lines.contact(area, context.person.locale)
    args: dict[str, Argument] = {"limit": CLAIMS_A_DAY, "area-contact": contact}
    return ask(context, MENU, Text("proof-often", args))


def _may_prove(application: Application, context: Context) -> bool:
    """Return whether a payment may be missing here: it is due, or was not known in time."""
    if application.claimed_at is not None or _is_early(application, context):
        return False
    stage = application.stage
    is_late = stage is Stage.EXPIRED and application.expired_from is Stage.APPROVED
    is_due = stage is Stage.APPROVED and time_rules.is_paid_online(application, context.exam)
    return is_late or is_due


def _is_early(application: Application, context: Context) -> bool:
    """Return whether the payment comes next, is not open yet, and was not open before."""
    seen = _outlook(context)
    is_ahead = seen.matter is Matter.PAYMENT and seen.moment is Moment.EARLY
    return is_ahead and application.bill is None


def _outlook(context: Context) -> Outlook:
    return outlook(context.view.records, context.exam, context.now)


async def take_proof(_update: Update, context: Context) -> StepResult:
    """Show the candidate's words again: a question must not become a claim that they have paid."""
    if not _may_prove(context.own_application, context):
        return await status.status(_update, context)
    if not (words := context.words_within(MAX_PROOF)):
        again = without_doubt(context.position)
        return ask(context, again, Problem("problem-proof", {"limit": MAX_PROOF}))
    return ask_back(context, words, doubt(context, words) or NO_OFFER)


async def send_proof(_update: Update, context: Context) -> StepResult:
    """Open a case for the area with the candidate's words; the deadline waits for it.

    The bill says so from now on: nothing asks them to pay again before the area has decided.
    """
    application, words = context.own_application, taken(context)
    if not _may_prove(application, context):
        return await status.status(_update, context)
    if not words:
        return ask_again(context)
    if (often := await _too_often(context, application)) is not None:
        return often
    case = Case(
        context.unit.new_id(),
        CaseKind.PAYMENT,
        application.person_id,
        "",
        application.area,
        application.site,
        context.now,
        words=words,
    )
    is_new = await open_case(context.unit.tx, context.services.keyring, case)
    if is_new:
        context.unit.audit(AuditAction.CASE_OPENED, f"{case.kind} {case.area}/{case.site}")
        context.unit.jobs.append(news_job(case, context.now))
    context.unit.application = ledger.claim(application, context.exam, context.now)
    return ask(context, MENU, Text("proof-kept" if is_new else "proof-known"))


async def take_back(_update: Update, context: Context) -> StepResult:
    """End a claim that its candidate takes back while there is time to pay."""
    application = context.unit.application
    if application is None or application.claimed_at is None:
        return await status.status(_update, context)
    if _outlook(context).moment is Moment.OVER:
        return await status.status(_update, context)
    keyring, person = context.services.keyring, application.person_id
    if await close_payment(context.unit.tx, keyring, person, context.now):
        context.unit.audit(AuditAction.CASE_CLOSED, CaseKind.PAYMENT)
    context.unit.application = ledger.end_claim(application)
    return show_screen(status.STATUS, Text("claim-taken-back"))


# --- screens -------------------------------------------------------------------------------------


def render_pay(view: View) -> Screen:
    """Show the bill, and a button for each way."""
    paying = (go(f"pay-{way}") for way in payment_lines.ways(view))
    changing = asking_button(view)
    buttons = rows(*paying, payment_lines.PAID, *changing, go("status"), across=1)
    return Screen(
        (
            Text("pay-head"),
            Text("pay-bill-until", payment_lines.bill_args(view)),
            *payment_lines.lines(view),
            Text("pay-wrong-here" if changing else "pay-wrong", payment_lines.bill_args(view)),
        ),
        buttons,
    )


def _unless_over(view: View) -> None:
    """Check that there is something to pay.

    Raises:
        Overtaken: it is paid, the area checks whether it is, or the time is over.
    """
    is_open = lifecycle.is_allowed(view.application, Event.PAY, view.exam, view.now)
    if view.application.claimed_at is not None or not is_open:
        raise Overtaken


def render_invoice(view: View) -> Screen:
    """Show the invoice of an order.

    Raises:
        Overtaken: there is nothing to pay any more.
    """
    _unless_over(view)
    invoice = Invoice(Text("invoice-title"), view.data[ORDER], int(view.data[AMOUNT]), CURRENCY)
    return Screen((Text("invoice-text", payment_lines.bill_args(view)),), invoice=invoice)


def render_link(view: View) -> Screen:
    """Show the code to scan, and the link to open on this phone; WeChat's link opens nowhere.

    Raises:
        Overtaken: there is nothing to pay any more.
    """
    _unless_over(view)
    way, url = view.data[WAY], view.data[URL]
    can_open = url.startswith("https://")
    args = {
        **payment_lines.bill_args(view),
        "way": Text(f"way-{way}"),
        "can-open": "yes" if can_open else "no",
    }
    button = (Text("button-open-link"), url) if can_open else None
    others = rows(payment_lines.PAID, payment_lines.PAY, go("status"), across=2)
    return Screen((Text("link-text", args),), others, picture=Code(url), url=button)


def render_preparing(view: View) -> Screen:
    """Say that the code comes in a moment, and what to do if it does not."""
    text = Text("preparing", {"way": Text(f"way-{view.data[WAY]}")})
    return Screen((text,), rows(payment_lines.PAY, go("status"), across=2))


def render_asking(_view: View) -> Screen:
    """Say that the provider is being asked, and that nobody should pay twice."""
    return Screen((Text("asking"),), rows(go("paid-proof"), go("status"), across=2))


def render_told(view: View) -> Screen:
    """Tell what a question to the provider led to.

    Raises:
        Overtaken: there is nothing to pay any more.
    """
    _unless_over(view)
    text = Text(view.data["text"], {"way": Text(f"way-{view.data[WAY]}")})
    others = (payment_lines.PAY, go("paid-proof"), go("status"))
    return Screen((text,), rows(*others, across=2))


async def leave_proof(_update: Update, context: Context) -> StepResult:
    """Write the proof again; from the question itself, leave for the menu."""
    is_whole = context.callback.value == WHOLE or DOUBT in context.position.data
    return ask(context, without_doubt(context.position) if is_whole else MENU)


def render_proof(view: View) -> Screen:
    """Ask for what the area can find the payment by, or whether to send what was written."""
    if DOUBT in view.data and view.person.typed:
        check = Text("proof-check", {"words": inert(view.person.typed)})
        return Screen((check,), rows(SEND_PROOF, *offered(view), TYPE_AGAIN))
    return Screen((Text("proof-ask"), whom_to_ask(view, view.area)), ((BACK,),))


def render_money(screen: str, view: View) -> Screen:
    """Tell about money: that it is the fee, is owed back, or went back."""
    verdict = view.data.get("verdict", "")
    args: dict[str, Argument] = {
        "yuan": yuan(int(view.data[AMOUNT])),
        "money": amount_text(int(view.data[AMOUNT]), view.data.get("currency", CURRENCY)),
        "charge": view.data.get("charge", ""),
        "verdict": Text(f"money-why-{verdict}"),
    }
    if view.records.application is None:
        return Screen((Text(screen, args),), rows(go("help")))
    noticed = status.screen_of(view, Text(screen, args), *status.body(view))
    return noticed if screen == settling.TOLD_PAID else replace(noticed, picture=None)


_PAID_MESSAGE = Route(MessageHandler(filters.SUCCESSFUL_PAYMENT, receive), exclusive=True)
_CHECKOUT = Route(PreCheckoutQueryHandler(checkout), exclusive=True)
_WAYS = tuple(way for way in PaymentWay if way is not PaymentWay.DESKTOP)

FEATURE = Feature(
    everyone=(_PAID_MESSAGE, _CHECKOUT),
    anywhere=(
        command("pay", pay),
        pressed(Action.GO, pay, "pay"),
        *(pressed(Action.GO, choose, f"pay-{way}", exclusive=True) for way in _WAYS),
        pressed(Action.GO, paid, "paid", exclusive=True),
        pressed(Action.GO, paid, "paid-proof", exclusive=True),
        pressed(Action.GO, take_back, "not-paid", exclusive=True),
    ),
    questions={
        Paying.proof: Question(
            render_proof,
            pressed(Action.BACK, leave_proof),
            pressed(Action.CONFIRM, send_proof, exclusive=True),
            text(take_proof),
            asks_back=True,
        )
    },
    buttons=(payment_lines.PAY, payment_lines.PAID, payment_lines.NOT_PAID),
    screens={
        PAY: render_pay,
        INVOICE: render_invoice,
        LINK: render_link,
        PREPARING: render_preparing,
        ASKING: render_asking,
        TOLD: render_told,
        **{
            screen: partial(render_money, screen)
            for screen in (settling.TOLD_PAID, settling.TOLD_OWED, settling.TOLD_SENT_BACK)
        },
    },
)
