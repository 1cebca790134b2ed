"""The ledger: what counts as the fee, what is owed back; no fen is lost or doubled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.exam import Exam, LatePayment, PaymentWay
from states.payment import ledger, refunds
from states.payment.checkout import CheckoutRefusal, refusal_of
from states.payment.ledger import Account
from states.payment.orders import (
    REPEATS,
    Bucket,
    Charge,
    ChargeId,
    Money,
    Order,
    OrderId,
    OrderState,
    Source,
    amount_due,
)
from states.payment.refunds import Refund, RefundState
from states.payment.verdicts import Verdict
from states.payment.waiting import is_settled
from states.process import lifecycle, time_rules
from states.process.lifecycle import Event, NonStaffActor, TransitionNotAllowed
from states.records import Application, Bill, BillState, Refusal, Stage
from states.staff_roles import Role
from tests.factories import EXAM as SHIPPED
from tests.states.people import WHOLE

pytestmark = pytest.mark.row("S23", "S25")


def paying_here(exam: Exam = SHIPPED, area: str = "qinghai", **rules: object) -> Exam:
    """The exam in which an area takes the fee here."""
    ways = (PaymentWay.TELEGRAM, PaymentWay.WECHAT)
    areas = tuple(
        one.model_copy(update={"ways": ways}) if one.code == area else one for one in exam.areas
    )
    payment = exam.payment.model_copy(update=rules)
    return exam.model_copy(update={"areas": areas, "payment": payment})


EXAM = paying_here()
WINDOW = EXAM.windows.payment
IN_TIME = WINDOW.closes - timedelta(seconds=1)
APPROVED = replace(WHOLE, stage=Stage.APPROVED, revision=1, since=EXAM.windows.review.opens)
DUE = amount_due(APPROVED, EXAM)
ORDER = Order(
    OrderId(1),
    "B1",
    APPROVED.id,
    APPROVED.person_id,
    1,
    PaymentWay.TELEGRAM,
    DUE,
    WINDOW.opens,
    WINDOW.closes,
    OrderState.ASKED,
    payer="7",
)
PAID = Money(PaymentWay.TELEGRAM, "c1", "B1", DUE, "CNY", IN_TIME, Source.UPDATE, payer="7")


def received(money: Money, application: Application = APPROVED, exam: Exam = EXAM) -> Verdict:
    """The verdict on money for the order of an application."""
    return ledger.judge(money, ORDER, Account(application), exam)


def test_the_fee_is_that_of_each_subject() -> None:
    area = EXAM.area("qinghai")
    assert area is not None
    subjects = APPROVED.answers["subjects"].split()
    assert area.fee.per_subject * len(subjects) == DUE > 0


def test_the_right_money_in_time_registers_at_the_providers_time() -> None:
    got = ledger.receive(PAID, ORDER, Account(APPROVED), EXAM, ChargeId(9), WINDOW.closes)
    assert (got.charge.verdict, got.charge.bucket) == (Verdict.FEE, Bucket.FEE)
    assert got.application is not None
    assert (got.application.stage, got.application.since) == (Stage.REGISTERED, IN_TIME)
    assert got.application.bill is not None
    assert got.application.bill.state is BillState.PAID


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({"amount": DUE - 1}, Verdict.AMOUNT),
        ({"amount": DUE * 2}, Verdict.AMOUNT),
        ({"currency": "USD"}, Verdict.CURRENCY),
        ({"is_merchant": False}, Verdict.MERCHANT),
        ({"payer": "8"}, Verdict.PAYER),
        ({"at": WINDOW.closes}, Verdict.LATE),
        ({"at": WINDOW.opens - timedelta(minutes=5)}, Verdict.FEE),
        ({}, Verdict.FEE),
    ],
)
def test_money_that_differs_never_counts(changed: dict[str, object], verdict: Verdict) -> None:
    money = replace(PAID, **changed)  # type: ignore[arg-type]
    assert received(money) is verdict
    got = ledger.receive(money, ORDER, Account(APPROVED), EXAM, ChargeId(9), WINDOW.closes)
    assert got.application is not None
    assert (got.application.stage is Stage.REGISTERED) is (verdict is Verdict.FEE)
    assert (got.charge.amount, got.charge.expected) == (money.amount, DUE)


@pytest.mark.parametrize(
    ("stage", "verdict"),
    [
        (Stage.REGISTERED, Verdict.DOUBLED),
        (Stage.EXPIRED, Verdict.EXPIRED),
        (Stage.DRAFT, Verdict.NOT_APPROVED),
        (Stage.REVIEW_REFUSED, Verdict.NOT_APPROVED),
    ],
)
def test_money_at_another_stage_is_owed_back(stage: Stage, verdict: Verdict) -> None:
    assert received(PAID, replace(APPROVED, stage=stage)) is verdict


def test_the_grace_of_the_exam_counts_as_in_time() -> None:
    exam = paying_here(grace_minutes=10)
    after = replace(PAID, at=WINDOW.closes + timedelta(minutes=10) - timedelta(seconds=1))
    assert received(after, exam=exam) is Verdict.FEE
    paid = ledger.pay(APPROVED, after, exam)
    assert paid.stage is Stage.REGISTERED
    assert received(replace(after, at=WINDOW.closes + timedelta(minutes=10)), exam=exam) is (
        Verdict.LATE
    )


def test_other_subjects_than_the_order_had_are_another_amount() -> None:
    fewer = {**APPROVED.answers, "subjects": APPROVED.answers["subjects"].split()[0]}
    assert received(PAID, replace(APPROVED, answers=fewer)) is Verdict.AMOUNT


def test_late_money_counts_where_the_area_decides_so_and_only_there() -> None:
    late = replace(PAID, at=WINDOW.closes)
    got = ledger.receive(late, ORDER, Account(APPROVED), EXAM, ChargeId(9), late.at)
    assert got.application is not None
    account = Account(got.application, (got.charge,))
    assert ledger.may_accept(got.charge, account, EXAM)
    assert not ledger.may_accept(got.charge, account, paying_here(late=LatePayment.NOBODY))
    accepted = ledger.accept(got.charge)
    assert accepted.bucket is Bucket.FEE
    assert not ledger.may_accept(accepted, Account(got.application, (accepted,)), EXAM)


def charged(amount: int, way: PaymentWay = PaymentWay.WECHAT) -> Charge:
    """Money that is owed back."""
    money = replace(PAID, way=way, amount=amount, at=WINDOW.closes)
    return ledger.receive(money, None, None, EXAM, ChargeId(9), WINDOW.closes).charge


def test_a_refund_above_the_limit_wants_a_second_person() -> None:
    limit = EXAM.payment.second_look
    assert refunds.first_state(charged(limit), EXAM) is RefundState.ASKED
    assert refunds.first_state(charged(limit, PaymentWay.TELEGRAM), EXAM) is RefundState.BY_HAND
    assert refunds.first_state(charged(limit + 1), EXAM) is RefundState.SECOND_LOOK
    waiting = Refund(1, "R9", ChargeId(9), 1, "x", RefundState.SECOND_LOOK, 7, WINDOW.closes)
    assert not refunds.may_agree(waiting, 7)
    assert refunds.may_agree(waiting, 8)


def test_nobody_is_given_up_while_money_may_be_heard_of() -> None:
    ends, wechat = WINDOW.closes, replace(ORDER, way=PaymentWay.WECHAT)
    repeats = REPEATS[PaymentWay.WECHAT]
    closed = replace(wechat, state=OrderState.CLOSED, ended_at=ends + timedelta(hours=1))
    earlier = replace(closed, ended_at=ends - timedelta(hours=1))
    assert is_settled([], ends, ends)
    assert is_settled([earlier], ends, ends)
    assert not is_settled([closed], ends, ends + repeats - timedelta(seconds=1))
    assert is_settled([closed, earlier], ends, ends + repeats)
    assert not is_settled([wechat], ends, ends + timedelta(days=30))  # nobody has asked
    assert not is_settled([ORDER], ends, ends + timedelta(hours=23))
    assert is_settled([ORDER], ends, ends + REPEATS[PaymentWay.TELEGRAM])


# --- random interleavings ------------------------------------------------------------------------


class Fate:
    """One application, and what chance does to it and to its money."""

    def __init__(self) -> None:
        self.application = APPROVED
        self.charges: dict[str, Charge] = {}
        self.billed: dict[str, int] = {}
        self.moves = 0
        self.refunded: list[str] = []

    def hears(self, money: Money) -> None:
        """A provider's report, new or known."""
        self.billed[money.charge] = money.amount
        if money.charge in self.charges:
            return
        account = Account(self.application, tuple(self.charges.values()))
        number = ChargeId(len(self.charges) + 1)
        got = ledger.receive(money, ORDER, account, EXAM, number, money.at)
        self.charges[money.charge] = got.charge
        assert got.application is not None
        self.moves += self.application.stage is not got.application.stage
        self.application = got.application

    def acts(self, event: Event, now: datetime) -> None:
        """Somebody does something to the application, where that is possible."""
        by = NonStaffActor.SCHEDULER if event is Event.EXPIRE else Role.AREA_REVIEWER
        refusal = Refusal(now) if event is Event.UNDO_APPROVAL else None
        try:
            self.application = lifecycle.apply_event(
                self.application, event, EXAM, now, by=by, refusal=refusal
            )
        except TransitionNotAllowed:
            return
        if event is Event.UNDO_APPROVAL:
            for name, charge in self.charges.items():
                if charge.bucket is Bucket.FEE:
                    self.charges[name] = ledger.undo(charge)

    def sends_back(self) -> None:
        """The area sends back whatever it may."""
        for name, charge in self.charges.items():
            if refunds.may_refund(charge):
                self.charges[name] = ledger.send_back(charge)
                self.refunded.append(name)


MONEY = st.builds(
    lambda charge, amount, seconds: replace(
        PAID, charge=f"c{charge}", amount=amount, at=WINDOW.closes + timedelta(seconds=seconds)
    ),
    st.integers(1, 4),
    st.sampled_from([DUE, DUE, DUE, DUE - 1, DUE * 2]),
    st.integers(-3600, 3600),
)
EVENTS = st.sampled_from(
    [Event.EXPIRE, Event.MARK_PAID, Event.UNMARK_PAID, Event.UNDO_APPROVAL, Event.REINSTATE]
)


@given(st.lists(MONEY | EVENTS | st.just("refund"), max_size=25))
def test_every_fen_is_in_one_bucket_whatever_happens(story: list[Money | Event | str]) -> None:
    fate = Fate()
    seen: dict[str, Money] = {}
    for one in story:
        match one:
            case Money():
                money = seen.setdefault(one.charge, one)  # a provider never changes its report
                fate.hears(money)
            case Event():
                fate.acts(one, WINDOW.closes)
            case _:
                fate.sends_back()
        fees = [c for c in fate.charges.values() if c.bucket is Bucket.FEE]
        assert sum(ledger.sums(fate.charges.values()).values()) == sum(fate.billed.values())
        assert len(fees) <= 1
        assert all(fee.amount == DUE for fee in fees)
        assert len(set(fate.refunded)) == len(fate.refunded)
    if not any(isinstance(one, Event) for one in story):
        assert fate.moves == (fate.application.stage is Stage.REGISTERED)


def test_a_claim_outlasts_all_but_the_areas_decision() -> None:
    """An order that ends, and money that is no fee, leave it open; its invoice is not payable."""
    claimed_at = WINDOW.opens + timedelta(days=1)
    claimed = ledger.claim(APPROVED, EXAM, claimed_at)
    asked = Bill(BillState.ASKED, PaymentWay.WECHAT, "B1", DUE, WINDOW.opens)
    owed = ledger.owe(claimed, PAID, Verdict.AMOUNT)
    ended = ledger.end_order(ledger.claim(replace(APPROVED, bill=asked), EXAM, claimed_at), EXAM)
    for one in (claimed, owed, ended):
        assert one.claimed_at == claimed_at
        assert time_rules.has_money(one, EXAM)
        refused = refusal_of(
            *(ORDER, one),
            amount=DUE,
            currency="CNY",
            payer="7",
            exam=EXAM,
            now=claimed_at,
        )
        assert refused is CheckoutRefusal.CLAIMED
    assert ledger.end_claim(claimed) == ledger.end_claim(ended) == APPROVED
    assert ledger.end_claim(owed) == ledger.owe(APPROVED, PAID, Verdict.AMOUNT)
