"""Callbacks: signature first, bounded bodies, and "success" means that the money is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import func, select
from starlette.routing import Router

from bot.core.metrics import Metrics
from bot.core.runtime import Failpoint, no_failpoint
from bot.payments.callbacks import LARGEST, Callbacks
from bot.payments.receiving import Receiver
from states.records import Stage
from storage.engine import tables
from storage.engine.database import Database
from tests.bot.payments.notifications import body_of
from tests.bot.storages import storage_over
from tests.fakes.cashier import FakeCashier
from tests.states.payment.test_ledger import EXAM
from tests.storage.payments.test_settling import NOW, PAID, WINDOW, Books
from tests.storage.process import keyring

pytestmark = [pytest.mark.asyncio, pytest.mark.row("S23", "S25")]

GOOD = {"signature": "good"}
PATH = "/payments/wechat"


@dataclass(slots=True)
class Counter:
    """The counter that providers post to, and the books behind it."""

    http: httpx.AsyncClient
    books: Books
    metrics: Metrics
    pulled: list[bool]
    now: datetime = NOW

    async def posts(self, body: bytes, headers: dict[str, str]) -> int:
        """The status of a notification."""
        return (await self.http.post(PATH, content=body, headers=headers)).status_code

    async def rows(self) -> tuple[int, int]:
        """How many charges and messages there are."""
        async with self.books.db.read() as connection:
            counts = [
                await connection.scalar(select(func.count()).select_from(table)) or 0
                for table in (tables.payment_charges, tables.outbox)
            ]
        return counts[0], counts[1]


@pytest_asyncio.fixture
async def counter(db: Database) -> AsyncIterator[Counter]:
    """An approved candidate with an open order, and the endpoint."""
    books, metrics, pulled = Books(db), Metrics(), list[bool]()
    await books.opens()
    receiver = Receiver(storage_over(db, keyring()), EXAM)
    counter = Counter(httpx.AsyncClient(), books, metrics, pulled)
    callbacks = Callbacks(
        [FakeCashier()], receiver, lambda: counter.now, lambda: pulled.append(True), metrics
    )
    transport = httpx.ASGITransport(Router(callbacks.routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as counter.http:
        yield counter


async def test_a_notification_registers_once_however_often_it_comes(counter: Counter) -> None:
    body = body_of(PAID)
    answer = await counter.http.post(PATH, content=body, headers=GOOD)
    assert (answer.status_code, answer.content) == (200, b"success")
    for _ in range(4):
        assert await counter.posts(body, GOOD) == 200
    assert await counter.rows() == (1, 1)
    assert counter.pulled
    assert (await counter.books.application()).stage is Stage.REGISTERED


@pytest.mark.parametrize("off", [timedelta(minutes=-5), timedelta(minutes=5)])
async def test_a_clock_that_is_five_minutes_off_and_a_replay_a_day_later_change_nothing(
    off: timedelta, counter: Counter
) -> None:
    """Money of the window's last second is heard of before it was paid, or after the window."""
    last = WINDOW.closes - timedelta(seconds=1)
    counter.now = last + off
    body = body_of(replace(PAID, at=last))
    assert await counter.posts(body, GOOD) == 200
    paid = await counter.books.application()
    assert (paid.stage, paid.since) == (Stage.REGISTERED, last)
    counter.now += timedelta(days=1)
    assert await counter.posts(body, GOOD) == 200
    assert await counter.books.application() == paid
    assert await counter.rows() == (1, 1)


async def test_what_is_not_signed_leaves_no_trace_but_a_count(counter: Counter) -> None:
    for headers in ({}, {"signature": "bad"}):
        assert await counter.posts(body_of(PAID), headers) == 401
        assert await counter.posts(b"junk", headers) == 401
    assert await counter.rows() == (0, 0)
    shown = counter.metrics.registry.get_sample_value("baoming_bad_payment_notifications_total")
    assert shown == 4


async def test_a_body_of_ten_megabytes_is_not_read_to_its_end(counter: Counter) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(10 * 1024):
            read += 1024
            yield bytes(1024)

    answer = await counter.http.post(PATH, content=endless(), headers=GOOD)
    assert answer.status_code == 413
    assert read <= LARGEST + 1024, "the rest stayed with its sender"
    assert await counter.posts(bytes(LARGEST + 1), GOOD) == 413
    assert await counter.rows() == (0, 0)


async def test_a_body_that_trickles_is_given_up_while_another_is_answered(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.payments.callbacks.BODY_SECONDS", 0.2)

    async def trickling() -> AsyncIterator[bytes]:
        for byte in body_of(PAID):
            yield bytes([byte])
            await asyncio.sleep(0.05)

    slow = asyncio.create_task(counter.http.post(PATH, content=trickling(), headers=GOOD))
    await asyncio.sleep(0)
    assert await counter.posts(body_of(PAID), GOOD) == 200
    assert (await slow).status_code == 408
    assert await counter.rows() == (1, 1)


class Died(BaseException):
    """The process has ended here."""


@pytest.mark.parametrize("moment", [Failpoint.MONEY_HEARD, Failpoint.MONEY_SETTLED])
async def test_a_death_before_or_after_the_commit_costs_and_doubles_nothing(
    moment: Failpoint, db: Database
) -> None:
    books = Books(db)
    await books.opens()
    receiver = Receiver(storage_over(db, keyring()), EXAM)

    def dies(failpoint: Failpoint, _detail: str = "") -> None:
        if failpoint is moment:
            raise Died

    for hook in (dies, no_failpoint):
        callbacks = Callbacks([FakeCashier()], receiver, lambda: NOW, lambda: None, Metrics(), hook)
        transport = httpx.ASGITransport(Router(callbacks.routes))
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as http:
            if hook is dies:
                with pytest.raises(Died):
                    await http.post(PATH, content=body_of(PAID), headers=GOOD)
            else:
                answer = await http.post(PATH, content=body_of(PAID), headers=GOOD)
                assert answer.content == b"success"
    async with httpx.AsyncClient() as nobody:
        assert await Counter(nobody, books, Metrics(), []).rows() == (1, 1)


async def test_other_methods_and_ways_are_not_there(counter: Counter) -> None:
    assert (await counter.http.get(PATH)).status_code == 405
    assert (await counter.http.post("/payments/alipay")).status_code == 404
