"""Telegram has its moods: 429, 500, answers that never come, updates twice or out of order."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from bot.core.failpoints import Failpoint
from storage.engine.tables import InboxState, OutboxState
from storage.updates.outbox import OutgoingMessage
from tests.stage import judge, scenes
from tests.stage.kept import kept
from tests.stage.machines import Hasty
from tests.stage.person import PATIENCE, Person
from tests.stage.play import FAST, Stage
from tests.stage.until import until

pytestmark = pytest.mark.row("B22")


async def test_429_is_waited_for(quick: Stage, hasty: Hasty) -> None:
    ling = quick.person("ling")
    await scenes.meets_the_bot(ling)
    await quick.fault("429", method="sendMessage", seconds=7)
    await ling.says("刘玲")
    await ling.sees("用哪种证件报名")
    assert any(6 < seconds <= 7 for seconds in hasty.slept)


async def test_500_is_tried_again_with_growing_patience(quick: Stage, hasty: Hasty) -> None:
    ling = quick.person("ling")
    await scenes.meets_the_bot(ling)
    hasty.slept.clear()
    await quick.fault("500", method="sendMessage", times=3)
    await ling.says("刘玲")
    await ling.sees("用哪种证件报名")
    assert hasty.slept == [1.0, 2.0, 4.0]


async def test_a_lost_answer_means_twice_rather_than_never(quick: Stage) -> None:
    ling = quick.person("ling")
    await scenes.meets_the_bot(ling)
    await quick.fault("timeout", method="sendMessage", seconds=0)
    await ling.says("刘玲")
    await ling.sees("用哪种证件报名")
    await ling.sees("用哪种证件报名")
    await ling.presses("居民身份证")
    await ling.sees("证件号码是多少")
    told = judge.told(quick.world.log(), 1001)
    assert told[-2].repeats(told[-3])
    assert not told[-1].repeats(told[-2])


async def test_everything_goes_wrong_and_the_order_stays(quick: Stage) -> None:
    ling = quick.person("ling")
    await scenes.meets_the_bot(ling)
    for kind in ("500", "timeout", "429", "refuse", "timeout"):
        await quick.fault(kind, method="sendMessage", seconds=0)
    await quick.fault("500", method="getUpdates", times=2)
    await quick.fault("timeout", method="answerCallbackQuery", seconds=0)
    await scenes.gives_the_account(ling)
    await scenes.locks_the_account(ling)
    expected = ["请选择语言", "同意我们", "您的姓名", "用哪种证件", "证件号码是多少"]
    expected += ["再输入一遍", "请仔细核对", "已锁定"]
    told = judge.told(quick.world.log(), 1001)
    # A lost answer is a death in between, as far as the message is concerned.
    assert judge.judge(told, expected, [message.seq for message in told]) == 2


async def test_updates_that_come_twice_count_once(ling: Person, stage: Stage) -> None:
    await scenes.comes_to_the_photo(ling)
    before = await kept(stage.settings)
    await stage.fault("redeliver")
    await ling.says("/help")
    await ling.sees("怎么用")
    await stage.settles()
    after = await kept(stage.settings)
    assert after.inbox[InboxState.DONE] == before.inbox[InboxState.DONE] + 1
    assert after.outbox.total() == before.outbox.total() + 1


@pytest.mark.both_databases
async def test_updates_out_of_order_are_put_in_order(ling: Person, stage: Stage) -> None:
    await scenes.comes_to_the_practice(ling)
    prompts = ("首次执业注册", "住院医师", "报考哪几科", "专业技术资格", "满几年了")
    await stage.stops()
    await stage.fault("shuffle")
    for text in ("临床", "2019-07", "没有", "就报这几科", "执业医师"):
        await ling.says(text)
    await stage.starts()
    await stage.settles()
    answers = [message.text for message in (await ling.from_bot())[-5:]]
    for prompt, answer in zip(prompts, answers, strict=True):
        assert prompt in answer


async def test_a_message_on_its_way_is_not_sent_by_the_clock_as_well(
    ling: Person, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock reads the table just before the message is noted as sent, and acts just after."""
    noted = asyncio.Event()

    def failpoint(arrow: Failpoint) -> None:
        if arrow is Failpoint.RESULT_COMMITTED:
            noted.set()

    await scenes.meets_the_bot(ling)
    await stage.stops()
    await stage.starts(options=replace(FAST, failpoint=failpoint))
    outbox = stage.bot.storage.outbox
    reads = outbox.waiting

    async def waiting(now: datetime) -> list[OutgoingMessage]:
        rows = await reads(now)
        if rows:
            await noted.wait()
        return rows

    monkeypatch.setattr(outbox, "waiting", waiting)
    await stage.fault("delay", method="sendMessage", seconds=0.2)
    await ling.says("刘玲")

    async def something_waits() -> bool:
        return (await kept(stage.settings)).outbox[OutboxState.WAITING] > 0

    await until(something_waits)
    async with asyncio.timeout(PATIENCE):
        await stage.bot.sender.catch_up()
    assert noted.is_set()
    await ling.presses("居民身份证")
    await ling.sees("证件号码是多少")
    said = [message for message in await ling.from_bot() if "用哪种证件报名" in message.text]
    assert len(said) == 1


async def test_who_blocks_the_bot_stops_nobody(ling: Person, chen: Person, stage: Stage) -> None:
    for person in (ling, chen):
        await scenes.meets_the_bot(person)
    await stage.stops()
    await ling.says("刘玲")
    await ling.blocks_the_bot()
    await stage.starts()
    await stage.settles()
    assert (await kept(stage.settings)).errors == {"forbidden": 1}
    assert (await kept(stage.settings)).blocked == 1
    await chen.says("陈航")
    await chen.sees("用哪种证件报名")
    await ling.says("/start")
    await ling.sees("用哪种证件报名")
    assert (await kept(stage.settings)).blocked == 0
    await ling.presses("居民身份证")
    await ling.sees("证件号码是多少")
