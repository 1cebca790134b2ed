"""Checkout: whether an invoice may be paid now, as Telegram asks right before the payment."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from states.exam import Exam
from states.payment.orders import Order, OrderState, amount_due
from states.records import Application, BillState, Stage


class CheckoutRefusal(StrEnum):
    """The reason why an invoice may not be paid; the messages are ``checkout-KEY``."""

    UNKNOWN = "unknown"
    PAID = "paid"
    CLAIMED = "claimed"
    NOT_APPROVED = "not-approved"
    CLOSED = "closed"
    AMOUNT = "amount"
    PAYER = "payer"
    LATER = "later"


def refusal_of(
    order: Order | None,
    application: Application | None,
    *,
    amount: int,
    currency: str,
    payer: str,
    exam: Exam,
    now: datetime,
) -> CheckoutRefusal | None:
    """Return why a payment must not go on; None if it may."""
    if order is None or application is None:
        return CheckoutRefusal.UNKNOWN
    bill = application.bill
    is_paid = bill is not None and bill.state is BillState.PAID
    if is_paid or order.state is OrderState.PAID or application.stage is Stage.REGISTERED:
        return CheckoutRefusal.PAID
    if application.stage is not Stage.APPROVED:
        return CheckoutRefusal.NOT_APPROVED
    if application.claimed_at is not None:
        return CheckoutRefusal.CLAIMED
    if not order.is_open or now >= order.closes_at:
        return CheckoutRefusal.CLOSED
    due = amount_due(application, exam)
    if (amount, currency) != (order.amount, order.currency) or amount != due:
        return CheckoutRefusal.AMOUNT
    return CheckoutRefusal.PAYER if payer != order.payer else None
