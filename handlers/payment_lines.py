"""Lines of the status about the fee, and the buttons that go with them.

Only money that a provider has confirmed is called paid, and nothing is called failed.
"""

from __future__ import annotations

from handlers import place_lines
from handlers.callback_data import Button, go
from handlers.outlook_lines import head, now_line
from handlers.rendering import View
from states.exam import Payment, PaymentWay, last_minute
from states.payment.orders import amount_due, amount_text, subjects_of, yuan
from states.process import lifecycle, time_rules
from states.process.lifecycle import Event
from states.progress.outlook import Matter, Moment, outlook
from states.records import Bill, BillState, Stage
from states.texts import Argument, Text

PAY = go("pay")
PAID = go("paid")
NOT_PAID = go("not-paid")
_ENDED = frozenset({Matter.EXPIRED, Matter.FINAL, Matter.REJECTED})
"""The matters of an application that leads to no payment any more."""


def ways(view: View) -> tuple[PaymentWay, ...]:
    """Return the ways in which the candidate can pay here."""
    return view.area.ways_at(view.application.site) if view.area else ()


def bill_args(view: View) -> dict[str, Argument]:
    """Return specialty, subjects, amount and last minute of the fee."""
    application = view.application
    specialty = view.exam.specialty(application.specialty)
    names = {one.code: one.display_name(view.locale) for one in view.exam.subjects}
    chosen = subjects_of(application)
    span = time_rules.stage_span(application, view.exam)
    return {
        "specialty": specialty.display_name(view.locale) if specialty else "",
        "subjects": "、".join(names.get(code, code) for code in chosen)
        if view.locale != "en"
        else ", ".join(names.get(code, code) for code in chosen),
        "count": len(chosen),
        "yuan": yuan(amount_due(application, view.exam)),
        "closes": last_minute(span.closes) if span else view.now,
        "area-contact": place_lines.contact(view.area, view.locale),
    }


def lines(view: View) -> tuple[Text, ...]:
    """Return how much is to be paid here, how far the payment is, and what happens otherwise."""
    return (
        Text("pay-bill", bill_args(view)),
        *under_way(view),
        Text("pay-afterwards"),
        Text("pay-otherwise"),
    )


def fee(view: View) -> tuple[Text, ...]:
    """Return what a subject costs, what the chosen ones cost together, and who says so.

    A fee that is sample data is marked, unless it is what the candidate pays here.
    """
    published = view.area.fee if view.area else None
    if published is None:
        return ()
    chosen = subjects_of(view.application) if view.application.specialty else ()
    args: dict[str, Argument] = {
        "yuan": yuan(published.per_subject),
        "count": len(chosen),
        "total": yuan(published.per_subject * len(chosen)),
    }
    if published.sample and ways(view):
        return (Text("pay-fee-here", args),)
    known = place_lines.fee_source(published, view.locale)
    source = Text("fee-sample") if published.sample else known
    return (Text("pay-fee", {**args, "source": source}),)


def own_area(view: View) -> tuple[Text, ...]:
    """Return where, when and how much the candidate pays in their own area; none without one.

    Where nothing is paid any more, return how the registration stands, and the receipt.
    """
    application = view.records.application
    if application is None or view.area is None:
        return ()
    way = view.area.payment_at(application.site)
    seen = outlook(view.records, view.exam, view.now)
    is_missed = seen.matter is Matter.PAYMENT and seen.moment is Moment.OVER
    if seen.matter is Matter.PAYMENT_CLAIMED or is_missed:
        return (now_line(view), *money_back(view))
    if seen.matter in _ENDED:
        return (head(view), now_line(view), *receipt(view))
    if seen.matter is Matter.TICKET and way is not Payment.NONE:
        return (head(view), *receipt(view))
    if seen.is_draft and seen.moment is Moment.OVER:
        return (Text("help-payment-missed"),)
    how = "here" if ways(view) else str(way)
    if how == "here" and is_due(view):
        how = "here-open"
    window = view.exam.windows.payment
    args: dict[str, Argument] = {
        "area": view.area.display_name(view.locale),
        "opens": view.exam.day_or_moment(window.opens),
        "closes": window.last_minute,
        "contact": place_lines.contact(view.area, view.locale),
    }
    amount = fee(view) if way is not Payment.NONE else ()
    return (Text(f"help-payment-{how}", args), *amount)


def is_due(view: View) -> bool:
    """Return whether the fee can be paid here now."""
    application = view.records.application
    return (
        application is not None
        and application.claimed_at is None
        and time_rules.is_paid_here(application, view.exam)
        and lifecycle.is_allowed(application, Event.PAY, view.exam, view.now)
    )


def under_way(view: View) -> tuple[Text, ...]:
    """Return how far a payment is that has begun; nothing without one."""
    bill = view.application.bill
    if bill is None or bill.state is BillState.PAID:
        return ()
    return _bill_line(view, bill)


def money_back(view: View) -> tuple[Text, ...]:
    """Return which money goes back or went back."""
    bill = view.application.bill
    is_back = bill is not None and bill.state in (BillState.OWED, BillState.SENT_BACK)
    return under_way(view) if is_back else ()


def receipt(view: View) -> tuple[Text, ...]:
    """Return the receipt of the fee, if it was paid here; else money that goes back."""
    bill = view.application.bill
    return _bill_line(view, bill) if bill else ()


def _bill_line(view: View, bill: Bill) -> tuple[Text, ...]:
    """Return how far the payment is; a claim stands above what the bot alone knows of it."""
    if bill.claimed_at is not None and bill.state in _BEFORE_MONEY:
        return (Text("bill-claimed"),)
    return (Text(f"bill-{bill.state}", _args(view, bill)),)


_BEFORE_MONEY = (BillState.CLAIMED, BillState.ASKED, BillState.CHECKING)


def _args(view: View, bill: Bill) -> dict[str, Argument]:
    verdict = Text(f"money-why-{bill.verdict}") if bill.verdict else Text("money-why-fee")
    return {
        "yuan": yuan(bill.amount),
        "money": amount_text(bill.amount, bill.currency),
        "at": bill.at,
        "charge": bill.charge,
        "way": Text(f"way-{bill.way}"),
        "verdict": verdict,
        "area-contact": place_lines.contact(view.area, view.locale),
        "can-pay": "yes" if is_due(view) else "no",
        "can-ask": "yes" if view.application.stage is Stage.APPROVED else "no",
    }


def claim_buttons(moment: Moment) -> tuple[Button, ...]:
    """Return the button that takes a claim back, while there is time to pay."""
    return () if moment is Moment.OVER else (NOT_PAID,)


def buttons(view: View, moment: Moment) -> tuple[Button, ...]:
    """Return the buttons of the payment: to pay while it is possible, and to say that one has."""
    paying = (PAY,) if moment is Moment.OPEN and ways(view) else ()
    may_have_paid = moment is not Moment.EARLY or view.application.bill is not None
    return (*paying, PAID) if may_have_paid else ()
