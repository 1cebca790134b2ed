"""Money is settled once, however often and in whatever order the bot hears of it."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from states.exam import PaymentWay
from states.payment.ledger import sums
from states.payment.orders import (
    Bucket,
    Money,
    Order,
    OrderId,
    OrderState,
    Source,
    amount_due,
)
from states.payment.refunds import RefundState
from states.payment.verdicts import Verdict
from states.process import lifecycle
from states.process.lifecycle import Actor, Event, NonStaffActor, TransitionNotAllowed
from states.records import Application, Bill, BillState, Stage
from states.staff_roles import Role, RoleAssignment, Scope
from storage.audit.audit_log import AuditAction
from storage.candidates import applications
from storage.engine import tables
from storage.engine.database import Connection, Database
from storage.engine.ids import RowIds
from storage.payments import charges, orders, refunds, settling
from storage.payments.settling import TOLD_PAID, Ledger, Settled
from tests.states.payment.test_ledger import APPROVED as RULED
from tests.states.payment.test_ledger import EXAM
from tests.storage.people import WHOLE, file_in, keep
from tests.storage.process import keyring

pytestmark = pytest.mark.row("S23", "S25")

APPROVED = replace(RULED, person_id=WHOLE.id)
DUE = amount_due(APPROVED, EXAM)
WINDOW = EXAM.windows.payment
NOW = WINDOW.opens + timedelta(days=1)
AREA = RoleAssignment(1, WHOLE.bot_id, 900, Role.AREA_REVIEWER, Scope("qinghai"), "王敏", 1, NOW)
ORDER = Order(
    OrderId(10),
    "B10",
    APPROVED.id,
    WHOLE.id,
    1,
    PaymentWay.WECHAT,
    DUE,
    NOW,
    WINDOW.closes,
    OrderState.ASKED,
    link="weixin://pay",
)
PAID = Money(PaymentWay.WECHAT, "c1", "B10", DUE, "CNY", NOW, Source.NOTIFICATION)


@dataclass(slots=True)
class Books:
    """The books of one application over a real database."""

    db: Database
    ids: RowIds = field(default_factory=RowIds)

    def at(self, connection: Connection, now: datetime = NOW) -> Ledger:
        """The ledger in a transaction."""
        return Ledger(connection, keyring(), EXAM, now, self.ids.next)

    async def opens(self, *more: Order) -> None:
        """An approved application with an order that can be paid."""
        await keep(self.db, WHOLE)
        await file_in(self.db, APPROVED)
        async with self.db.write() as connection:
            for order in (ORDER, *more):
                await orders.add(connection, keyring(), order)

    async def hears(self, money: Money, now: datetime = NOW) -> Settled | None:
        """A provider's report."""
        async with self.db.write() as connection:
            return await settling.receive(self.at(connection, now), money)

    async def application(self) -> Application:
        """The application as it stands."""
        async with self.db.read() as connection:
            return (await applications.by_ids(connection, keyring(), [APPROVED.id]))[APPROVED.id]

    async def buckets(self) -> Counter[Bucket]:
        """The fen in each bucket."""
        async with self.db.read() as connection:
            return sums(await charges.all_of(connection, keyring()))

    async def sends_back(self, account: int = 900) -> list[Settled | None]:
        """The area asks for every refund that it may, and each provider obeys."""
        told = []
        async with self.db.write() as connection:
            ledger = self.at(connection)
            for charge in await charges.owed(connection, keyring(), [AREA], 0, 10):
                refund = await settling.ask_refund(ledger, charge, "缴重了", account)
                if refund is not None and refund.state is RefundState.SECOND_LOOK:
                    assert await settling.agree(ledger, charge, refund, account) is None
                    refund = await settling.agree(ledger, charge, refund, account + 1)
                if refund is not None:
                    told.append(await settling.sent_back(ledger, charge, refund, "w1"))
        return told


@pytest.fixture
def books(db: Database) -> Books:
    """Books without an entry."""
    return Books(db)


async def test_money_registers_once_and_its_repetition_changes_nothing(books: Books) -> None:
    await books.opens()
    first = await books.hears(PAID)
    assert first is not None
    assert (first.charge.verdict, first.account) == (Verdict.FEE, WHOLE.telegram_id)
    assert first.notice is not None
    assert first.notice.screen == settling.TOLD_PAID
    assert [await books.hears(PAID) for _ in range(3)] == [None] * 3
    registered = await books.application()
    assert registered.stage is Stage.REGISTERED
    assert registered.bill is not None
    assert registered.bill.charge == "c1"
    async with books.db.read() as connection:
        order = await orders.by_number(connection, keyring(), "B10")
        entries = await connection.scalar(select(func.count()).select_from(tables.audit))
    assert order is not None
    assert (order.state, order.ended_at, order.link) == (OrderState.PAID, NOW, "weixin://pay")
    assert entries == 1


async def test_a_second_payment_is_owed_back_and_sent_back_once(books: Books) -> None:
    await books.opens()
    await books.hears(PAID)
    second = await books.hears(replace(PAID, charge="c2"))
    assert second is not None
    assert second.charge.verdict is Verdict.DOUBLED
    assert second.notice is not None
    assert second.notice.screen == settling.TOLD_OWED
    assert await books.buckets() == {Bucket.FEE: DUE, Bucket.OWED: DUE}
    assert len(await books.sends_back()) == 1
    assert await books.sends_back() == []
    assert await books.buckets() == {Bucket.FEE: DUE, Bucket.SENT_BACK: DUE}
    registered = await books.application()
    assert registered.bill is not None
    assert registered.bill.state is BillState.PAID


async def test_money_for_nobody_is_kept_in_a_list(books: Books) -> None:
    await books.opens()
    got = await books.hears(replace(PAID, order="made-up"))
    assert got is not None
    assert (got.charge.verdict, got.account) == (Verdict.UNKNOWN_ORDER, None)
    everything = replace(AREA, role=Role.ADMINISTRATOR, scope=Scope())
    async with books.db.read() as connection:
        assert await charges.owed(connection, keyring(), [AREA], 0, 10) == []
        assert await charges.owed(connection, keyring(), [everything], 0, 10) == [got.charge]
        assert await charges.count_owed(connection, [everything]) == 1
        assert await charges.seen_by(connection, keyring(), [AREA], got.charge.id) is None


async def test_an_approval_undone_after_the_payment_owes_the_fee_back(books: Books) -> None:
    await books.opens()
    await books.hears(PAID)
    async with books.db.write() as connection:
        before = (await applications.by_ids(connection, keyring(), [APPROVED.id]))[APPROVED.id]
        told = await settling.undo_approval(books.at(connection), before, "证书是假的", AREA)
    assert [one.notice.screen for one in told if one.notice] == [settling.TOLD_OWED]
    undone = await books.application()
    assert undone.stage is Stage.REVIEW_REFUSED
    assert undone.refusal is not None
    assert (undone.refusal.words, undone.refusal.until) == ("证书是假的", None)
    await books.sends_back()
    assert await books.buckets() == {Bucket.SENT_BACK: DUE}
    sent = await books.application()
    assert sent.bill is not None
    assert sent.bill.state is BillState.SENT_BACK


async def test_what_a_person_wrote_is_sealed(books: Books, database: str) -> None:
    from tests.databases import lying

    await books.opens()
    await books.hears(PAID)
    await books.hears(replace(PAID, charge="c2"))
    await books.sends_back()
    assert "缴重了".encode() not in await lying(database)
    assert b"weixin://pay" not in await lying(database)
    async with books.db.read() as connection:
        (_, second) = await charges.all_of(connection, keyring())
        refund = await refunds.of_charge(connection, keyring(), second.id)
    assert refund is not None
    assert (refund.reason, refund.receipt) == ("缴重了", "w1")


STORIES = int(os.environ.get("STORIES", "250"))
"""On each database; ``make races`` plays 1,000, and ``test_ledger`` many more without one."""
Act = Callable[[Books], Awaitable[list[Settled]]]


async def test_random_interleavings_keep_every_fen(books: Books) -> None:
    other = replace(ORDER, id=OrderId(11), number="B11")
    await books.opens(other)
    chance, played = random.Random(20260204), Counter[str]()
    for _ in range(STORIES):
        await play(books, chance, played)
    assert played.keys() == {act.__name__ for act in ACTS} | set(Source)


async def play(books: Books, chance: random.Random, played: Counter[str]) -> None:
    """One story: reports that repeat and come out of order, between acts of others."""
    async with books.db.write() as connection:
        for table in (tables.payment_refunds, tables.payment_charges, tables.audit, tables.outbox):
            await connection.execute(table.delete())
        await connection.execute(tables.payment_orders.update().values(state=OrderState.ASKED))
    await file_in(books.db, APPROVED)
    reports = [
        replace(
            PAID,
            charge=f"c{n}",
            order=chance.choice(["B10", "B11"]),
            amount=chance.choice([DUE, DUE, DUE, DUE + 1]),
            at=WINDOW.closes + timedelta(seconds=chance.choice([-60, -1, 0, 60])),
        )
        for n in range(chance.randint(1, 3))
    ]
    sources = [Source.NOTIFICATION, Source.NOTIFICATION, Source.QUERY, Source.FILE, Source.UPDATE]
    told = [one for one in reports for _ in range(chance.randint(1, 5))]
    story: list[Money | Act] = [replace(one, source=chance.choice(sources)) for one in told]
    story += chance.sample(ACTS, chance.randint(0, 4))
    chance.shuffle(story)
    heard: dict[str, int] = {}
    settled: list[Settled] = []
    for one in story:
        if isinstance(one, Money):
            got = await books.hears(one, WINDOW.closes)
            settled += [got] if got is not None else []
            heard[one.charge] = one.amount
            played[one.source] += 1
        else:
            settled += await one(books)
            played[one.__name__] += 1
    settled += await sent_back(books)
    buckets = await books.buckets()
    assert sum(buckets.values()) == sum(heard.values())
    assert buckets[Bucket.OWED] == 0, "all that was owed went back"
    fees = [one for one in settled if one.charge.bucket is Bucket.FEE]
    assert len(fees) <= 1, "one fee"
    assert await audited(books, AuditAction.PAID, AuditAction.MONEY_ACCEPTED) == len(fees)
    back = [one.charge.number for one in settled if one.charge.bucket is Bucket.SENT_BACK]
    assert len(set(back)) == len(back), "one refund of each"
    assert sum(one.notice is not None and one.notice.screen == TOLD_PAID for one in settled) <= 1
    if not any(not isinstance(one, Money) for one in story):
        is_registered = (await books.application()).stage is Stage.REGISTERED
        assert is_registered is bool(fees)


async def sent_back(books: Books) -> list[Settled]:
    """The area sends back what it owes."""
    return [done for done in await books.sends_back() if done is not None]


async def given_up(books: Books) -> list[Settled]:
    """The clock gives the application up."""
    return await acts(books, Event.EXPIRE, NonStaffActor.SCHEDULER)


async def marked_paid(books: Books) -> list[Settled]:
    """The area marks the fee as paid elsewhere."""
    return await acts(books, Event.MARK_PAID, Role.AREA_REVIEWER)


async def withdrawn(books: Books) -> list[Settled]:
    """The candidate tries to withdraw."""
    return await acts(books, Event.WITHDRAW, NonStaffActor.CANDIDATE)


async def returned(books: Books) -> list[Settled]:
    """The candidate comes back from the payment and says that it is done."""
    before = await books.application()
    if before.stage is Stage.APPROVED:
        bill = Bill(BillState.CHECKING, PaymentWay.WECHAT, "B10", DUE, NOW)
        async with books.db.write() as connection:
            after = replace(before, bill=bill)
            await applications.save_transition(connection, keyring(), before, after)
    return []


async def undone(books: Books) -> list[Settled]:
    """The area undoes its approval, whether the fee is there or not."""
    before = await books.application()
    with suppress(TransitionNotAllowed):
        async with books.db.write() as connection:
            ledger = books.at(connection, WINDOW.closes)
            return await settling.undo_approval(ledger, before, "证书是假的", AREA)
    return []


async def accepted(books: Books) -> list[Settled]:
    """The area counts late money as the fee, where it may."""
    async with books.db.write() as connection:
        ledger, done = books.at(connection, WINDOW.closes), []
        for charge in await charges.owed(connection, keyring(), [AREA], 0, 10):
            done.append(await settling.accept(ledger, charge, AREA))
    return [one for one in done if one is not None]


ACTS: list[Act] = [sent_back, given_up, marked_paid, withdrawn, returned, undone, accepted]


async def acts(books: Books, event: Event, by: Actor) -> list[Settled]:
    """The clock, the staff or the candidate moves the application, if it still can."""
    before = await books.application()
    with suppress(TransitionNotAllowed):
        after = lifecycle.apply_event(before, event, EXAM, WINDOW.closes, by=by)
        async with books.db.write() as connection:
            await applications.save_transition(connection, keyring(), before, after)
    return []


async def audited(books: Books, *actions: AuditAction) -> int:
    """How often the audit has these actions."""
    query = select(func.count()).where(tables.audit.c.action.in_(actions))
    async with books.db.read() as connection:
        return await connection.scalar(query) or 0
