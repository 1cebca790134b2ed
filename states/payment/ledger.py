"""The ledger of an application: what each report of a provider and each act of the staff does.

Values in, values out. Reports may repeat, come late and out of order; the ledger is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from states.exam import Exam, LatePayment, PaymentWay
from states.payment.orders import Bucket, Charge, ChargeId, Money, Order, amount_due
from states.payment.verdicts import ACCEPTABLE, COUNTING, Verdict
from states.process import lifecycle, time_rules
from states.process.lifecycle import Event, NonStaffActor
from states.process.time_rules import Guard
from states.records import CURRENCY, Application, Bill, BillState, Stage

_LAST_MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Account:
    """An application with all money that came in for it."""

    application: Application
    charges: tuple[Charge, ...] = ()

    @property
    def has_fee(self) -> bool:
        """Whether some of the money is the fee."""
        return any(charge.bucket is Bucket.FEE for charge in self.charges)


def judge(money: Money, order: Order | None, account: Account | None, exam: Exam) -> Verdict:
    """Return whether money counts as the fee. The order's state does not matter, its terms do."""
    if not money.is_merchant:
        return Verdict.MERCHANT
    if order is None or account is None:
        return Verdict.UNKNOWN_ORDER
    application = account.application
    if money.currency != order.currency:
        return Verdict.CURRENCY
    if money.amount != order.amount:
        return Verdict.AMOUNT
    if order.payer and money.payer != order.payer:
        return Verdict.PAYER
    if _confirms_mark(money, account):
        return Verdict.FEE
    if account.has_fee or application.stage is Stage.REGISTERED:
        return Verdict.DOUBLED
    if application.stage is Stage.EXPIRED:
        return Verdict.EXPIRED
    if application.stage is not Stage.APPROVED:
        return Verdict.NOT_APPROVED
    if money.amount != amount_due(application, exam):
        return Verdict.AMOUNT
    return Verdict.FEE if _is_in_time(money.at, application, exam) else Verdict.LATE


def _confirms_mark(money: Money, account: Account) -> bool:
    """Return whether an area's file names the payment that its staff have marked already."""
    is_marked = account.application.stage is Stage.REGISTERED and not account.has_fee
    return is_marked and money.way is PaymentWay.DESKTOP


def _is_in_time(at: datetime, application: Application, exam: Exam) -> bool:
    """Return whether money of this moment counts; of the start nobody is judged: clocks differ."""
    span = time_rules.time_span(Guard.PAYING, application, exam)
    return span is not None and at < span.closes + exam.payment.grace


@dataclass(frozen=True, slots=True)
class Received:
    """A new charge, and the application after it; None where it belongs to none."""

    charge: Charge
    application: Application | None


def receive(
    money: Money,
    order: Order | None,
    account: Account | None,
    exam: Exam,
    charge_id: ChargeId,
    heard_at: datetime,
) -> Received:
    """Put money into its bucket, and move the application if it is the fee.

    The caller has made sure that this charge of the provider is new.
    """
    verdict = judge(money, order, account, exam)
    application = account.application if account else None
    charge = Charge(
        charge_id,
        money.way,
        money.charge,
        money.order,
        application.id if application else None,
        application.area if application else "",
        application.site if application else "",
        money.amount,
        money.currency,
        money.at,
        heard_at,
        money.source,
        verdict,
        bucket_of(verdict),
        order.amount if order else None,
    )
    if application is None:
        return Received(charge, None)
    if charge.bucket is Bucket.FEE:
        return Received(charge, pay(application, money, exam))
    return Received(charge, owe(application, money, verdict))


def undo(charge: Charge) -> Charge:
    """Return the fee of an application whose approval was undone: it is owed back."""
    return replace(charge, bucket=Bucket.OWED, verdict=Verdict.REVIEW_UNDONE)


def accept(charge: Charge) -> Charge:
    """Return late money that the area counts as the fee (``may_accept``)."""
    return replace(charge, bucket=Bucket.FEE, verdict=Verdict.ACCEPTED)


def send_back(charge: Charge) -> Charge:
    """Return money that went back."""
    return replace(charge, bucket=Bucket.SENT_BACK)


def bucket_of(verdict: Verdict) -> Bucket:
    """Return the bucket of money with this verdict."""
    return Bucket.FEE if verdict in COUNTING else Bucket.OWED


def pay(application: Application, money: Money, exam: Exam) -> Application:
    """Return the application, registered by money that counts as the fee.

    Raises:
        TransitionNotAllowed: it is not approved, or nothing is paid online.
    """
    bill = Bill(BillState.PAID, money.way, money.order, money.amount, money.at, money.charge)
    if application.stage is Stage.REGISTERED:  # the staff have marked it (``_confirms_mark``)
        return replace(application, bill=bill)
    span = time_rules.time_span(Guard.PAYING, application, exam)
    at = money.at
    if span is not None:  # the grace counts as the last moment of the window
        at = min(max(at, span.opens), span.closes - _LAST_MOMENT)
    paid = lifecycle.apply_event(application, Event.PAY, exam, at, by=NonStaffActor.CANDIDATE)
    return replace(paid, bill=bill)


def owe(application: Application, money: Money, verdict: Verdict) -> Application:
    """Return the application whose candidate gets this money back; a paid bill stays."""
    bill = application.bill
    if bill is not None and bill.state is BillState.PAID:
        return application
    due = (money.way, money.order, money.amount, money.at, money.charge)
    owed = Bill(BillState.OWED, *due, verdict, money.currency, application.claimed_at)
    return replace(application, bill=owed)


def claim(application: Application, exam: Exam, now: datetime) -> Application:
    """Return the application of a candidate who says that they have paid; the area checks it."""
    bill = application.bill or Bill(BillState.CLAIMED, "", "", amount_due(application, exam), now)
    return replace(application, bill=replace(bill, claimed_at=now))


def end_claim(application: Application) -> Application:
    """Return the application once the area has decided about the claim."""
    bill = application.bill
    if bill is None or bill.state is BillState.CLAIMED:
        return replace(application, bill=None)
    return replace(application, bill=replace(bill, claimed_at=None))


def end_order(application: Application, exam: Exam) -> Application:
    """Return the application whose order has ended unpaid; a claim stays."""
    freed, claimed_at = replace(application, bill=None), application.claimed_at
    return claim(freed, exam, claimed_at) if claimed_at else freed


def may_accept(charge: Charge, account: Account, exam: Exam) -> bool:
    """Return whether the area may count money that is owed back as the fee after all."""
    return (
        exam.payment.late is LatePayment.AREA
        and charge.bucket is Bucket.OWED
        and charge.verdict in ACCEPTABLE
        and charge.amount == amount_due(account.application, exam)
        and account.application.stage is Stage.APPROVED
        and not account.has_fee
    )


def sums(charges: Iterable[Charge]) -> Counter[Bucket]:
    """Return the fen in each bucket; money of other currencies is none of them."""
    total: Counter[Bucket] = Counter()
    for charge in (one for one in charges if one.currency == CURRENCY):
        total[charge.bucket] += charge.amount
    return total
