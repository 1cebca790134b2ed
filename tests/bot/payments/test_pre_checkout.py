"""Telegram's question before a payment is answered at once, by reads only, with the reason."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest

from bot.api.client import BotApi
from bot.core.runtime import BackgroundTasks
from bot.payments.pre_checkout import PreCheckout
from bot.updates.intake import Intake
from states.exam import PaymentWay
from states.payment.orders import Order
from states.records import Stage
from storage.engine.database import Database
from storage.engine.ids import RowIds
from storage.updates.inbox import Inbox, ReceivedUpdate
from tests.bot.people import TRANSLATIONS
from tests.bot.storages import storage_over
from tests.states.payment.test_ledger import EXAM
from tests.storage.payments.test_settling import APPROVED, DUE, NOW, ORDER, PAID, WINDOW, Books
from tests.storage.people import WHOLE, file_in
from tests.storage.process import keyring

pytestmark = [pytest.mark.asyncio, pytest.mark.row("S23")]

PAYER = WHOLE.telegram_id
INVOICE = replace(ORDER, way=PaymentWay.TELEGRAM, payer=str(PAYER), number="B13")


class Telegram(BotApi):
    """What it is told, and when."""

    def __init__(self) -> None:
        super().__init__("4242:line", "http://127.0.0.1:9")
        self.told: list[Mapping[str, Any]] = []
        self._answered = asyncio.Event()

    async def answered(self, seen: int) -> None:
        """Wait for an answer beyond so many."""
        async with asyncio.timeout(5):
            if len(self.told) <= seen:
                self._answered.clear()
                await self._answered.wait()

    async def call(self, method: str, params: Any = None, **_more: Any) -> Any:
        assert method == "answerPreCheckoutQuery"
        self.told.append(params)
        self._answered.set()
        return True


@dataclass(slots=True)
class Desk:
    """What answers, over a real database, at a moment that a test sets."""

    db: Database
    telegram: Telegram = field(default_factory=Telegram)
    tasks: BackgroundTasks = field(default_factory=BackgroundTasks)
    now: datetime = NOW

    async def asks(self, **other: Any) -> Mapping[str, Any]:
        """The answer to a question."""
        query = {
            "id": "q1",
            "from": {"id": PAYER},
            "invoice_payload": "B13",
            "total_amount": DUE,
            "currency": "CNY",
        }
        seen = len(self.telegram.told)
        desk = PreCheckout(
            self.telegram, self.db, keyring(), EXAM, TRANSLATIONS, self.tasks, lambda: self.now
        )
        desk.begin_answer({**query, **other})
        await self.telegram.answered(seen)
        return self.telegram.told[-1]


async def opened_with(db: Database, order: Order = INVOICE) -> Desk:
    """An approved candidate with an invoice."""
    books = Books(db)
    await books.opens(replace(order, id=type(order.id)(13)))
    return Desk(db)


async def test_the_right_invoice_goes_through(db: Database) -> None:
    desk = await opened_with(db)
    assert await desk.asks() == {"pre_checkout_query_id": "q1", "ok": True}


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"total_amount": DUE - 1}, "金额变了"),
        ({"currency": "USD"}, "金额变了"),
        ({"from": {"id": 5}}, "本人"),
        ({"invoice_payload": "made-up"}, "已经失效"),
    ],
)
async def test_another_one_is_refused_with_the_reason(
    other: dict[str, Any], said: str, db: Database
) -> None:
    answer = await (await opened_with(db)).asks(**other)
    assert answer["ok"] is False
    assert said in answer["error_message"]


async def test_withdrawn_paid_and_closed_are_said(db: Database) -> None:
    desk = await opened_with(db)
    desk.now = WINDOW.closes
    assert "过了付款时间" in (await desk.asks())["error_message"]
    desk.now = NOW
    await file_in(db, replace(APPROVED, stage=Stage.REVIEW_REFUSED))
    assert "现在不能缴费" in (await desk.asks())["error_message"]
    await file_in(db, APPROVED)
    await Books(db).hears(replace(PAID, order="B13", way=PaymentWay.TELEGRAM, payer=str(PAYER)))
    assert "已经缴过费" in (await desk.asks())["error_message"]


async def test_a_malformed_question_and_a_database_that_is_away_end_nothing(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await opened_with(db)
    storage = storage_over(db, keyring())
    pre = PreCheckout(
        desk.telegram, storage.db, keyring(), EXAM, TRANSLATIONS, desk.tasks, lambda: NOW
    )
    junk: list[dict[str, Any]] = [{}, {"id": 3, "from": 7}]
    for one in junk:
        pre.begin_answer(one)
    from storage.engine.database import Unavailable

    def away() -> None:
        raise Unavailable("gone")

    monkeypatch.setattr(desk.db, "read_autocommit", away)
    assert "没有扣款" in (await desk.asks())["error_message"]


async def test_an_answer_takes_far_less_than_a_second_beside_ten_thousand_updates(
    db: Database,
) -> None:
    desk = await opened_with(db)
    pre = PreCheckout(desk.telegram, db, keyring(), EXAM, TRANSLATIONS, desk.tasks, lambda: NOW)
    stuck = asyncio.Event()

    async def commit(rows: Sequence[ReceivedUpdate]) -> int:
        await stuck.wait()
        return len(rows)

    inbox = Inbox(db, keyring(), RowIds())
    intake = Intake(inbox, 4242, commit, now=lambda: NOW, answer_checkout=pre.begin_answer)
    told = {"id": "q1", "from": {"id": PAYER}, "invoice_payload": "B13"}
    query = {**told, "total_amount": DUE, "currency": "CNY"}
    waiting: list[object] = [{"update_id": n, "message": {}} for n in range(1, 10_001)]
    taking = asyncio.create_task(intake.take(waiting))
    await asyncio.sleep(0)
    began = time.monotonic()
    asking = asyncio.create_task(intake.take([{"update_id": 10_001, "pre_checkout_query": query}]))
    await desk.telegram.answered(0)
    assert time.monotonic() - began < 1.0
    assert desk.telegram.told[-1]["ok"] is True
    assert not taking.done()
    stuck.set()
    await asyncio.gather(taking, asking)
