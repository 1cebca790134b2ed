"""The jobs of payments: an order and a refund reach their end, whatever the provider does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.core.open_storage import Storage
from bot.core.runtime import Failpoint, no_failpoint
from bot.payments.cashier import OrderStatus, ProviderRefused, Standing
from bot.scheduler.expiry import Expiry
from bot.scheduler.payments import Differences, OrderJob, RefundJob
from bot.scheduler.scheduler import Job, JobRun
from states.exam import PaymentWay
from states.payment.orders import LONGEST, REPEATS, Bucket, Order, OrderId, OrderState
from states.payment.refunds import RefundState
from states.records import Bill, BillState, Stage
from states.staff.cases import CaseKind
from storage.candidates import applications, cases
from storage.candidates.cases import Case
from storage.engine import tables
from storage.engine.database import Database
from storage.engine.jobs import JobKind, StoredJob
from storage.payments import charges, orders, refunds, settling
from storage.updates.outbox import effect_of_json
from tests.bot.people import TRANSLATIONS
from tests.bot.storages import storage_over
from tests.fakes.cashier import FakeCashier
from tests.fakes.clocks import START, FakeMonotonicClock, FakeWallClock
from tests.fakes.jobs import run_job
from tests.states.payment.test_ledger import EXAM
from tests.storage.payments.test_settling import NOW, ORDER, PAID, WINDOW, Books
from tests.storage.people import WHOLE
from tests.storage.process import keyring

pytestmark = [pytest.mark.asyncio, pytest.mark.row("S23", "S25")]

ADMINISTRATOR = 7
PAYER = ORDER.application_id
NEW = replace(ORDER, id=OrderId(12), number="B12", state=OrderState.CREATED, link="")
SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class Counter:
    """The books of one application, a provider, and the jobs between them."""

    db: Database
    books: Books = field(init=False)
    cashier: FakeCashier = field(default_factory=FakeCashier)
    storage: Storage = field(init=False)

    def __post_init__(self) -> None:
        self.books = Books(self.db)
        self.storage = storage_over(self.db, keyring())

    def jobs(self) -> tuple[OrderJob, RefundJob]:
        """The jobs, just started."""
        cashiers = {self.cashier.way: self.cashier}
        return (
            OrderJob(self.storage, EXAM, cashiers, TRANSLATIONS, [ADMINISTRATOR]),
            RefundJob(self.storage, EXAM, cashiers, [ADMINISTRATOR]),
        )

    async def enqueues(self, kind: JobKind, key: int, at: datetime) -> None:
        """The cause of a job has committed."""
        async with self.db.write() as connection:
            await self.storage.jobs.enqueue(connection, [StoredJob(kind, str(key), at)])

    async def runs(self, job: Job, now: datetime) -> datetime | None:
        """Run the one job of its kind; when it runs again."""
        found = await self.storage.jobs.next([job.kind], 1)
        if not found:
            return None
        run = JobRun(self.storage, found[0], now, timedelta(seconds=30), no_failpoint)
        await job.run(run)
        await run.finish()
        return run.next_at

    async def bills(self, bill: Bill) -> None:
        """The candidate has chosen a way."""
        before = await self.books.application()
        async with self.db.write() as connection:
            billed = replace(before, bill=bill)
            await applications.save_transition(connection, keyring(), before, billed)

    async def state(self, order_id: int) -> OrderState:
        """The state of an order."""
        async with self.db.read() as connection:
            order = await orders.by_id(connection, keyring(), OrderId(order_id))
        assert order is not None
        return order.state

    async def told(self) -> list[str]:
        """The screens that people were sent, in order."""
        query = select(tables.outbox).order_by(tables.outbox.c.id)
        async with self.db.read() as connection:
            rows = (await connection.execute(query)).all()
        effects = [effect_of_json(keyring().decrypt(row.effect, "outbox")) for row in rows]
        return [getattr(effect, "screen", "") for effect in effects]


@pytest.fixture
def counter(db: Database) -> Counter:
    """Nothing has begun."""
    return Counter(db)


async def test_an_order_is_made_asked_about_and_paid(counter: Counter) -> None:
    await counter.books.opens(NEW)
    await counter.enqueues(JobKind.ORDER, 12, NOW)
    job, _ = counter.jobs()
    again = await counter.runs(job, NOW)
    assert again == NOW + timedelta(minutes=1)
    assert await counter.state(12) is OrderState.ASKED
    assert await counter.told() == ["payment-link"]
    assert await counter.runs(job, NOW + timedelta(minutes=2)) is not None
    counter.cashier.paid["B12"] = replace(PAID, order="B12")
    assert await counter.runs(job, NOW + timedelta(minutes=9)) is None
    assert await counter.state(12) is OrderState.PAID
    assert (await counter.books.application()).stage is Stage.REGISTERED
    assert await counter.told() == ["payment-link", settling.TOLD_PAID]


async def test_a_provider_that_is_away_for_a_day_costs_nothing(counter: Counter) -> None:
    await counter.books.opens(NEW)
    await counter.enqueues(JobKind.ORDER, 12, NOW)
    job, _ = counter.jobs()
    counter.cashier.away = 10_000
    now = NOW
    while now < NOW + timedelta(days=1):
        again = await counter.runs(job, now)
        assert again is not None
        assert again > now
        now = again
    assert counter.cashier.calls["create"] < 60
    counter.cashier.away = 0
    assert await counter.runs(job, now) is not None
    assert await counter.state(12) is OrderState.ASKED


async def test_a_way_that_the_provider_refuses_is_ended_and_another_can_be_chosen(
    counter: Counter,
) -> None:
    await counter.books.opens()
    async with counter.db.write() as connection:
        await connection.execute(tables.payment_orders.delete())
        for number in (12, 13):
            order = replace(NEW, id=OrderId(number), number=f"B{number}")
            await orders.add(connection, keyring(), order)
    job, _ = counter.jobs()
    counter.cashier.refuses = "NO_AUTH"
    for number in (12, 13):
        await counter.enqueues(JobKind.ORDER, number, NOW)
        assert await counter.runs(job, NOW) is None
        assert await counter.state(number) is OrderState.CLOSED
    assert await counter.told() == ["way-refused", "payment-told", "payment-told"]
    assert (await counter.books.application()).bill is None


async def test_a_question_that_the_provider_refuses_is_asked_again_and_said_once_a_day(
    counter: Counter,
) -> None:
    """Nothing is ended before the provider has said how the order stands."""
    await counter.books.opens()
    await counter.enqueues(JobKind.ORDER, 10, NOW)
    job, _ = counter.jobs()
    counter.cashier.refuses, counter.cashier.refused = "SIGN_ERROR", frozenset({"query"})
    for number in range(12):
        now = NOW + timedelta(hours=number)
        assert await counter.runs(job, now) == now + timedelta(hours=1)
    assert await counter.state(10) is OrderState.ASKED
    assert await counter.told() == ["way-refused"]
    counter.cashier.refuses, counter.cashier.paid["B10"] = "", PAID
    assert await counter.runs(job, NOW + timedelta(hours=12)) is None
    assert (await counter.books.application()).stage is Stage.REGISTERED


async def test_a_code_that_comes_after_another_way_was_chosen_is_shown_to_nobody(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await counter.books.opens(NEW)
    async with counter.db.write() as connection:
        await connection.execute(tables.payment_orders.delete())
        await orders.add(connection, keyring(), NEW)
    await counter.enqueues(JobKind.ORDER, 12, NOW)
    job, _ = counter.jobs()
    create = counter.cashier.create

    async def slowly(_cashier: FakeCashier, order: Order, subject: str) -> str:
        """While the provider makes it, the candidate chooses another way."""
        async with counter.db.write() as connection:
            assert await settling.close_open(counter.books.at(connection), PAYER) == []
        return await create(order, subject)

    monkeypatch.setattr(FakeCashier, "create", slowly)
    assert await counter.runs(job, NOW) is None
    assert await counter.state(12) is OrderState.CLOSED
    assert await counter.told() == []


async def test_a_refusal_that_comes_after_another_way_was_chosen_changes_nothing_there(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await counter.books.opens(NEW)
    async with counter.db.write() as connection:
        await connection.execute(tables.payment_orders.delete())
        await orders.add(connection, keyring(), NEW)
    await counter.enqueues(JobKind.ORDER, 12, NOW)
    job, _ = counter.jobs()

    async def slowly(_cashier: FakeCashier, _order: Order, _subject: str) -> str:
        """While the provider thinks about it, the candidate chooses another way."""
        async with counter.db.write() as connection:
            assert await settling.close_open(counter.books.at(connection), PAYER) == []
        raise ProviderRefused("NO_AUTH")

    monkeypatch.setattr(FakeCashier, "create", slowly)
    assert await counter.runs(job, NOW) is None
    assert await counter.state(12) is OrderState.CLOSED
    assert await counter.told() == ["way-refused"], "the administrators alone"


OLD, OTHER = (Bill(BillState.ASKED, ORDER.way, number, 100, NOW) for number in ("B10", "B12"))
CLAIMED = replace(OLD, claimed_at=NOW)


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        (OTHER, OTHER),
        (CLAIMED, Bill(BillState.CLAIMED, "", "", 26_000, NOW, claimed_at=NOW)),
        (OLD, None),
    ],
    ids=["another way", "a claim", "nothing"],
)
async def test_an_old_code_that_ends_takes_nothing_that_came_meanwhile(
    chosen: Bill, left: Bill | None, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await counter.books.opens()
    await counter.bills(OLD)
    await counter.enqueues(JobKind.ORDER, 10, NOW)
    job, _ = counter.jobs()
    counter.cashier.standing["B10"] = Standing.CLOSED
    query = counter.cashier.query

    async def slowly(_cashier: FakeCashier, order: Order) -> OrderStatus:
        """While the provider looks, the candidate acts."""
        await counter.bills(chosen)
        return await query(order)

    monkeypatch.setattr(FakeCashier, "query", slowly)
    assert await counter.runs(job, WINDOW.closes) is None
    assert await counter.state(10) is OrderState.CLOSED
    assert (await counter.books.application()).bill == left


@pytest.mark.parametrize("tapped", [-SECOND, SECOND], ids=["before the run", "after it"])
async def test_an_old_code_ends_at_once_although_another_way_is_chosen_while_it_is_asked_about(
    tapped: timedelta, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await counter.books.opens()
    await counter.bills(OLD)
    await counter.enqueues(JobKind.ORDER, 10, NOW)
    job, _ = counter.jobs()
    counter.cashier.standing["B10"] = Standing.OPEN
    now, query = ORDER.made_at + timedelta(hours=1), counter.cashier.query

    async def slowly(_cashier: FakeCashier, order: Order) -> OrderStatus:
        """While the provider looks, the candidate chooses another way."""
        async with counter.db.write() as connection:
            books = replace(counter.books.at(connection), now=now + tapped)
            assert await settling.close_open(books, PAYER)
        return await query(order)

    monkeypatch.setattr(FakeCashier, "query", slowly)
    assert await counter.runs(job, now) == now
    monkeypatch.undo()
    assert await counter.runs(job, now + SECOND) is None
    assert await counter.state(10) is OrderState.CLOSED


async def test_an_order_ends_only_when_the_provider_says_so(counter: Counter) -> None:
    await counter.books.opens()
    await counter.enqueues(JobKind.ORDER, 10, NOW)
    job, _ = counter.jobs()
    counter.cashier.standing["B10"] = Standing.OPEN
    counter.cashier.away = 1
    assert await counter.runs(job, WINDOW.closes) is not None
    assert await counter.state(10) is OrderState.ASKED
    assert await counter.runs(job, WINDOW.closes + SECOND) is None
    assert await counter.state(10) is OrderState.CLOSED
    assert counter.cashier.standing["B10"] is Standing.CLOSED


async def test_money_between_the_question_and_the_end_is_found(counter: Counter) -> None:
    await counter.books.opens()
    await counter.enqueues(JobKind.ORDER, 10, NOW)
    job, _ = counter.jobs()
    counter.cashier.paid["B10"] = replace(PAID, at=WINDOW.closes - SECOND)
    assert await counter.runs(job, WINDOW.closes + timedelta(hours=20)) is None
    assert (await counter.books.application()).stage is Stage.REGISTERED


async def test_the_clock_asks_and_waits_before_it_gives_anybody_up(counter: Counter) -> None:
    await counter.books.opens()
    await counter.enqueues(JobKind.ORDER, 10, NOW)
    job, _ = counter.jobs()
    clock = FakeWallClock(FakeMonotonicClock())
    expiry = Expiry(counter.storage, EXAM, clock, lambda: START, frozenset({ADMINISTRATOR}))
    counter.cashier.standing["B10"] = Standing.OPEN
    repeats = REPEATS[ORDER.way]

    async def comes(moment: datetime) -> Stage:
        clock.offset = moment - START
        await run_job(counter.storage, expiry, moment)
        return (await counter.books.application()).stage

    assert await comes(WINDOW.closes + timedelta(days=30)) is Stage.APPROVED  # nobody has asked
    await counter.runs(job, WINDOW.closes + SECOND)
    assert await counter.state(10) is OrderState.CLOSED
    assert await comes(WINDOW.closes + timedelta(days=30)) is Stage.EXPIRED
    assert repeats > timedelta(days=1)


@pytest.mark.parametrize(
    ("way", "hours"),
    [(PaymentWay.WECHAT, timedelta(hours=24, minutes=4)), (PaymentWay.ALIPAY, timedelta(hours=25))],
)
async def test_the_clock_waits_as_long_as_a_provider_repeats_itself(
    way: PaymentWay, hours: timedelta, counter: Counter
) -> None:
    await counter.books.opens()
    async with counter.db.write() as connection:
        await connection.execute(tables.payment_orders.delete())
        order = replace(ORDER, way=way, state=OrderState.CLOSED, ended_at=WINDOW.closes)
        await orders.add(connection, keyring(), order)
    clock = FakeWallClock(FakeMonotonicClock())
    expiry = Expiry(counter.storage, EXAM, clock, lambda: START, frozenset({ADMINISTRATOR}))
    for moment, stage in (
        (WINDOW.closes + hours - SECOND, Stage.APPROVED),
        (WINDOW.closes + hours, Stage.EXPIRED),
    ):
        clock.offset = moment - START
        await run_job(counter.storage, expiry, moment)
        assert (await counter.books.application()).stage is stage


async def test_a_code_that_nobody_has_scanned_stays_payable_for_its_life(
    counter: Counter,
) -> None:
    """Alipay does not know its order and cannot close it; another way opens at once."""
    await counter.books.opens(NEW)
    await counter.enqueues(JobKind.ORDER, 12, NOW)
    job, _ = counter.jobs()
    await counter.runs(job, NOW)
    del counter.cashier.standing["B12"]
    async with counter.db.write() as connection:
        order = await orders.by_id(connection, keyring(), OrderId(12))
        assert order is not None
        assert order.link
        await orders.close_at(connection, order, NOW + SECOND)
    assert await counter.runs(job, NOW + timedelta(minutes=1)) is None
    async with counter.db.read() as connection:
        ended = await orders.by_id(connection, keyring(), OrderId(12))
    assert ended is not None
    assert (ended.state, ended.ended_at) == (OrderState.CLOSED, NOW + LONGEST[NEW.way])
    late = await counter.books.hears(replace(PAID, order="B12", at=NOW + timedelta(hours=1)))
    assert late is not None
    assert late.charge.bucket is Bucket.FEE


async def test_who_says_that_they_have_paid_is_not_given_up(counter: Counter) -> None:
    await counter.books.opens()
    async with counter.db.write() as connection:
        await connection.execute(tables.payment_orders.delete())
        case = Case(5, CaseKind.PAYMENT, WHOLE.id, "", "qinghai", "xining", NOW, words="4200")
        assert await cases.open_case(connection, keyring(), case)
    clock = FakeWallClock(FakeMonotonicClock())
    expiry = Expiry(counter.storage, EXAM, clock, lambda: START, frozenset({ADMINISTRATOR}))
    late = WINDOW.closes + timedelta(days=3)
    clock.offset = late - START
    await run_job(counter.storage, expiry, late)
    assert (await counter.books.application()).stage is Stage.APPROVED
    async with counter.db.write() as connection:
        assert await cases.close_payment(connection, keyring(), WHOLE.id, late)
    await run_job(counter.storage, expiry, late + timedelta(hours=1))
    assert (await counter.books.application()).stage is Stage.EXPIRED


async def test_five_errors_and_then_success_are_one_refund(counter: Counter) -> None:
    await counter.books.opens()
    await counter.books.hears(PAID)
    second = await counter.books.hears(replace(PAID, charge="c2"))
    assert second is not None
    async with counter.db.write() as connection:
        ledger = counter.books.at(connection)
        refund = await settling.ask_refund(ledger, second.charge, "缴重了", 900)
    assert refund is not None
    assert refund.state is RefundState.ASKED
    await counter.enqueues(JobKind.REFUND, refund.id, NOW)
    _, job = counter.jobs()
    counter.cashier.away, now = 5, NOW
    for _ in range(5):
        again = await counter.runs(job, now)
        assert again is not None
        now = again
    assert counter.cashier.sent == {}
    assert await counter.runs(job, now) is None
    assert counter.cashier.sent == {refund.number: second.charge.amount}
    assert await counter.runs(job, now) is None
    assert counter.cashier.calls["refund"] == 6
    assert await counter.books.buckets() == {
        Bucket.FEE: PAID.amount,
        Bucket.SENT_BACK: PAID.amount,
    }
    assert await counter.told() == [settling.TOLD_SENT_BACK]


class Died(BaseException):
    """The process has ended here."""


async def test_a_death_between_a_call_and_its_commit_repeats_the_call_and_nothing_else(
    counter: Counter,
) -> None:
    await counter.books.opens(NEW)
    await counter.enqueues(JobKind.ORDER, 12, NOW)
    got = await counter.books.hears(replace(PAID, amount=1, order="B10"))
    assert got is not None
    async with counter.db.write() as connection:
        refund = await settling.ask_refund(counter.books.at(connection), got.charge, "少了", 900)
    assert refund is not None
    await counter.enqueues(JobKind.REFUND, refund.id, NOW)
    before = await counter.told()

    def dies(failpoint: Failpoint, _detail: str = "") -> None:
        if failpoint is Failpoint.JOB_DUE:
            raise Died

    for job in counter.jobs():
        (stored,) = await counter.storage.jobs.next([job.kind], 1)
        run = JobRun(counter.storage, stored, NOW, timedelta(seconds=30), dies)
        with pytest.raises(Died):
            await job.run(run)
    assert await counter.told() == before
    for job in counter.jobs():
        await counter.runs(job, NOW)
    assert (counter.cashier.calls["create"], counter.cashier.calls["refund"]) == (2, 2)
    assert counter.cashier.sent == {refund.number: 1}
    assert await counter.told() == [*before, "payment-link", settling.TOLD_SENT_BACK]


async def test_what_a_provider_refuses_is_left_to_the_area(counter: Counter) -> None:
    await counter.books.opens()
    got = await counter.books.hears(replace(PAID, amount=1))
    assert got is not None
    async with counter.db.write() as connection:
        refund = await settling.ask_refund(counter.books.at(connection), got.charge, "少了", 900)
    assert refund is not None
    await counter.enqueues(JobKind.REFUND, refund.id, NOW)
    _, job = counter.jobs()
    counter.cashier.refuses = "NOT_ENOUGH"
    assert await counter.runs(job, NOW) is None
    async with counter.db.read() as connection:
        left = await refunds.by_id(connection, keyring(), refund.id)
        (charge,) = await charges.all_of(connection, keyring())
    assert left is not None
    assert (left.state, charge.bucket) == (RefundState.BY_HAND, Bucket.OWED)
    assert await counter.told() == ["refund-refused"]


async def test_the_administrators_are_told_each_morning_of_what_is_owed(counter: Counter) -> None:
    await counter.books.opens()
    job = Differences(counter.storage, EXAM, [ADMINISTRATOR])
    await run_job(counter.storage, job, NOW)
    assert await counter.told() == []
    await counter.books.hears(replace(PAID, amount=1))
    run = await run_job(counter.storage, job, NOW)
    await run_job(counter.storage, job, NOW)
    assert await counter.told() == ["payment-differences"]
    assert run.next_at is not None
    assert run.next_at.astimezone(EXAM.tz).hour == 9


async def test_settled_money_is_not_read_each_morning(counter: Counter) -> None:
    """There is a charge for each candidate: the one that was changed is named by the audit."""
    await counter.books.opens()
    await counter.books.hears(PAID)
    await counter.books.hears(replace(PAID, charge="c2"))
    async with counter.db.write() as connection:
        fee = tables.payment_charges.c.bucket == Bucket.FEE
        await connection.execute(tables.payment_charges.update().where(fee).values(amount=1))
    job = Differences(counter.storage, EXAM, [ADMINISTRATOR])
    await run_job(counter.storage, job, NOW)
    assert "payment-differences" in await counter.told()
