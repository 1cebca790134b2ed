"""Telegram has its moods: 429, 500, answers that never come, updates twice or out of order."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.core.runtime import Failpoint
from states.step_result import Priority
from storage.engine.tables import InboxState, OutboxState
from storage.updates.outbox import OutgoingMessage
from tests.e2e import call_log, scenes
from tests.e2e.bot import FAST, Harness
from tests.e2e.db_asserts import database_summary
from tests.e2e.person import PATIENCE, Person
from tests.e2e.wait import until
from tests.fakes.skipping_clock import SkippingClock

pytestmark = pytest.mark.row("B22")


async def test_429_is_waited_for(fast_harness: Harness, fast_clock: SkippingClock) -> None:
    ling = fast_harness.person("ling")
    await scenes.meets_the_bot(ling)
    await fast_harness.fault("429", method="sendMessage", seconds=7)
    await ling.says("刘玲")
    await ling.sees("用哪种证件报名")
    assert any(6 < seconds <= 7 for seconds in fast_clock.slept)


async def test_500_is_tried_again_with_growing_patience(
    fast_harness: Harness, fast_clock: SkippingClock
) -> None:
    ling = fast_harness.person("ling")
    await scenes.meets_the_bot(ling)
    fast_clock.slept.clear()
    await fast_harness.fault("500", method="sendMessage", times=3)
    await ling.says("刘玲")
    await ling.sees("用哪种证件报名")
    assert fast_clock.slept == [1.0, 2.0, 4.0]


async def test_a_lost_answer_means_twice_rather_than_never(fast_harness: Harness) -> None:
    ling = fast_harness.person("ling")
    await scenes.meets_the_bot(ling)
    await fast_harness.fault("timeout", method="sendMessage", seconds=0)
    await ling.says("刘玲")
    await ling.sees("用哪种证件报名")
    await ling.sees("用哪种证件报名")
    await ling.presses("居民身份证")
    await ling.sees("证件号码是多少")
    told = call_log.delivered_messages(fast_harness.world.log(), 1001)
    assert told[-2].repeats(told[-3])
    assert not told[-1].repeats(told[-2])


async def test_everything_goes_wrong_and_the_order_stays(fast_harness: Harness) -> None:
    ling = fast_harness.person("ling")
    await scenes.meets_the_bot(ling)
    for kind in ("500", "timeout", "429", "refuse", "timeout"):
        await fast_harness.fault(kind, method="sendMessage", seconds=0)
    await fast_harness.fault("500", method="getUpdates", times=2)
    await fast_harness.fault("timeout", method="answerCallbackQuery", seconds=0)
    await scenes.gives_the_account(ling)
    await scenes.locks_the_account(ling)
    expected = ["请选择语言", "同意我们", "您的姓名", "用哪种证件", "证件号码是多少"]
    expected += ["再输入一遍", "请仔细核对", "已锁定"]
    told = call_log.delivered_messages(fast_harness.world.log(), 1001)
    # A lost answer is a death in between, as far as the message is concerned.
    assert call_log.check_order(told, expected, [message.seq for message in told]) == 2


async def test_updates_that_come_twice_count_once(ling: Person, harness: Harness) -> None:
    await scenes.comes_to_the_photo(ling)
    before = await database_summary(harness.settings)
    await harness.fault("redeliver")
    await ling.says("/help")
    await ling.sees("怎么用")
    await harness.settles()
    after = await database_summary(harness.settings)
    assert after.inbox[InboxState.DONE] == before.inbox[InboxState.DONE] + 1
    assert after.outbox.total() == before.outbox.total() + 1


@pytest.mark.both_databases
async def test_updates_out_of_order_are_put_in_order(ling: Person, harness: Harness) -> None:
    await scenes.comes_to_the_practice(ling)
    await harness.stops()
    await harness.fault("shuffle")
    for text in scenes.BLIND_MOVES:
        await ling.says(text)
    await harness.starts()
    await harness.settles()
    answers = [message.text for message in (await ling.from_bot())[-5:]]
    for prompt, answer in zip(scenes.BLIND_MOVES.values(), answers, strict=True):
        assert prompt in answer


async def test_a_message_on_its_way_is_not_sent_by_the_clock_as_well(
    ling: Person, harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock reads the table just before the message is noted as sent, and acts just after."""
    noted = asyncio.Event()

    def failpoint(arrow: Failpoint, _detail: str = "") -> None:
        if arrow is Failpoint.RESULT_COMMITTED:
            noted.set()

    await scenes.meets_the_bot(ling)
    await harness.stops()
    await harness.starts(options=replace(FAST, failpoint=failpoint))
    outbox = harness.bot.storage.outbox
    reads = outbox.due

    async def due(
        now: datetime, priority: Priority, *more: Any
    ) -> tuple[list[OutgoingMessage], bool]:
        rows, is_all = await reads(now, priority, *more[:2])
        if rows:
            await noted.wait()
            read.set()
        return rows, is_all

    read = asyncio.Event()
    monkeypatch.setattr(outbox, "due", due)
    await harness.fault("delay", method="sendMessage", seconds=0.2)
    await ling.says("刘玲")

    async def something_waits() -> bool:
        return (await database_summary(harness.settings)).outbox[OutboxState.WAITING] > 0

    await until(something_waits)
    async with asyncio.timeout(PATIENCE):
        harness.bot.sender.pull()
        await read.wait()
    assert noted.is_set()
    await ling.presses("居民身份证")
    await ling.sees("证件号码是多少")
    told = call_log.delivered_messages(harness.world.log(), 1001)
    assert sum("用哪种证件报名" in message.text for message in told) == 1


async def test_who_blocks_the_bot_stops_nobody(
    ling: Person, chen: Person, harness: Harness
) -> None:
    for person in (ling, chen):
        await scenes.meets_the_bot(person)
    await harness.stops()
    await ling.says("刘玲")
    await ling.blocks_the_bot()
    await harness.starts()
    await harness.settles()
    assert (await database_summary(harness.settings)).errors == {"forbidden": 1}
    assert (await database_summary(harness.settings)).blocked == 1
    await chen.says("陈航")
    await chen.sees("用哪种证件报名")
    await ling.says("/start")
    await ling.sees("用哪种证件报名")
    assert (await database_summary(harness.settings)).blocked == 0
    await ling.presses("居民身份证")
    await ling.sees("证件号码是多少")
