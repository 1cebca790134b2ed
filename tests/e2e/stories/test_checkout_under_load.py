"""Telegram's question before a payment is answered within a second, whatever else waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.api.client import BotApi
from bot.sandbox.world.cashier import Outcome
from bot.sandbox.world.people import PEOPLE
from states.exam import PaymentWay
from states.payment.orders import Order, OrderId, OrderState, amount_due
from states.records import ApplicationId, PersonId, Stage
from storage.candidates import applications
from storage.payments import orders
from tests.bench.bulk import percentile
from tests.e2e.bot import FAST, Harness
from tests.e2e.person import BOT
from tests.e2e.stories.test_broadcast_crowd import TEXT, begins, crowd_of
from tests.e2e.stories.test_nobody_misses import is_known
from tests.e2e.wait import until

pytestmark = [pytest.mark.row("S23"), pytest.mark.measured, pytest.mark.both_databases]

CROWD = range(7_001, 7_601)
"""A broadcast to them takes twenty seconds at Telegram's pace."""
WAITING, STILL = 30_000, 10_000
"""Updates that wait at the first question, and at the last one at least."""
QUESTIONS = 150
PAUSE = 0.03
MOST_SECONDS = 1.0
NUMBER = "B77"


@pytest.fixture
async def harness(tmp_path: Path, database: str) -> AsyncIterator[Harness]:
    """Six hundred people with a draft, and a bot that keeps the pace of Telegram."""
    async with crowd_of(CROWD, tmp_path, database, replace(FAST, pacing=True)) as harness:
        yield harness


async def an_invoice(harness: Harness) -> int:
    """Ling's approved application and an invoice in her chat; the id of its message."""
    account = next(one.id for one in PEOPLE if one.slug == "ling")
    await is_known(harness, account, Stage.APPROVED)
    storage, now = harness.bot.storage, harness.bot.clocks.wall.now()
    async with storage.db.write() as connection:
        wanted = ApplicationId(account)
        found = await applications.by_ids(connection, storage.keyring, [wanted])
        due = amount_due(found[wanted], harness.exam)
        terms = (wanted, PersonId(account), 1, PaymentWay.TELEGRAM, due)
        order = Order(
            OrderId(77),
            NUMBER,
            *terms,
            now,
            now + timedelta(days=30),
            OrderState.ASKED,
            payer=str(account),
        )
        await orders.add(connection, storage.keyring, order)
    invoice = {
        "chat_id": account,
        "title": "考试费",
        "description": "四科",
        "payload": NUMBER,
        "provider_token": harness.settings.provider_token,
        "currency": "CNY",
        "prices": [{"label": "四科", "amount": due}],
    }
    async with BotApi(harness.settings.token, harness.address) as api:
        sent: dict[str, Any] = await api.call("sendInvoice", invoice)
    return int(sent["message_id"])


async def many_wait(harness: Harness) -> None:
    """So many updates are committed and wait for their turn."""
    storage = harness.bot.storage
    updates = [
        {
            "update_id": 10_000_000 + number,
            "message": {
                "message_id": 1_000_000 + number,
                "date": int(datetime.now(UTC).timestamp()),
                "chat": {"id": who, "type": "private", "first_name": "某"},
                "from": {"id": who, "is_bot": False, "first_name": "某"},
                "text": "/status",
            },
        }
        for number, who in enumerate(CROWD[n % len(CROWD)] for n in range(WAITING))
    ]
    rows = storage.inbox.number(BOT, updates, datetime.now(UTC))
    harness.bot.queue.put(await storage.inbox.keep(rows))


async def left(harness: Harness) -> int:
    """How many updates still wait."""
    return sum(harness.bot.queue.waiting(who) for who in CROWD)


def sent(harness: Harness) -> int:
    """How many messages of the broadcast have gone out."""
    return sum(one.ok and one.params.get("text") == TEXT for one in harness.world.log())


async def test_the_99th_of_100_answers_takes_less_than_a_second(harness: Harness) -> None:
    """Beside a broadcast, with ten thousand updates before it."""
    world, invoice = harness.world, await an_invoice(harness)
    world.cashier.choose(Outcome.DECLINE)
    ling = next(one for one in world.people.values() if one.slug == "ling")
    await begins(harness.person("admin"), len(CROWD))

    async def is_under_way() -> bool:
        return sent(harness) > 0

    await until(is_under_way)
    await many_wait(harness)
    assert await left(harness) == WAITING
    asked: dict[str, float] = {}
    for _ in range(QUESTIONS):
        asked[world.pays(ling, invoice)] = world.clock()
        await asyncio.sleep(PAUSE)
    waiting, reached = await left(harness), sent(harness)
    assert waiting >= STILL, "so many waited all the time"
    assert reached < len(CROWD), "so did the broadcast"

    def answers() -> dict[str, float]:
        made = [one for one in world.log() if one.method == "answerPreCheckoutQuery"]
        return {one.params["pre_checkout_query_id"]: one.at for one in made}

    async def are_answered() -> bool:
        return answers().keys() >= asked.keys()

    await until(are_answered)
    took = [at - asked[number] for number, at in answers().items()]
    p99 = percentile(took, 99)
    print(f"p50 {percentile(took, 50) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms of {len(took)};")
    print(f"{waiting:,} updates and {len(CROWD) - reached} messages still waited")
    assert p99 < MOST_SECONDS
