"""What the clock decides is decided once: a notice that falls due while the bot keeps dying."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.core.failpoints import Failpoint
from bot.sandbox.world import World
from bot.sandbox.world.people import PEOPLE
from states.exam import Exam, Window
from storage.engine.tables import OutboxState
from tests.stage import judge, scenes
from tests.stage.births import Nursery
from tests.stage.kept import kept
from tests.stage.plans import Blow, BotPlan
from tests.stage.play import EXAM, FAST, Stage, playing

NOTICE = "开始报名了"


def opening_later() -> Exam:
    """The exam, with another registration a month after the first."""
    window, by = EXAM.windows.registration, timedelta(days=30)
    registration = Window(opens=window.opens + by, closes=window.closes + by)
    windows = EXAM.windows.model_copy(update={"registration": registration})
    return EXAM.model_copy(update={"windows": windows})


async def waits_for_the_opening(stage: Stage, slug: str) -> None:
    """Somebody is too late, and asks to be told."""
    person = stage.person(slug)
    await scenes.meets_the_bot(person)
    await person.says("/cancel")
    await person.sees("不在报名时间")
    await person.presses("开始报名时告诉我")
    await person.sees("记下了")


async def test_a_notice_is_decided_once(nursery: Nursery, tmp_path: Path, database: str) -> None:
    world = World(None, pacing=False)
    told = [resident for resident in PEOPLE if resident.slug in ("ling", "chen", "site")]
    async with playing(tmp_path, database, world) as stage:
        await stage.starts(options=FAST)
        admin = stage.person("admin")
        await scenes.meets_the_bot(admin)
        await admin.says("/clock +30d")
        await admin.sees("2026年1月1日")
        for resident in told:
            await waits_for_the_opening(stage, resident.slug)
        await stage.stops()
        plan = BotPlan(
            data=tmp_path, database=database, address=stage.address, exam=opening_later()
        )
        for arrow in (Failpoint.TICKED, Failpoint.SENT, Failpoint.SENT):
            blow = Blow(arrow=arrow)
            child = await nursery.bears(plan.model_copy(update={"blow": blow}))
            await child.death()
            assert child.struck
        async with nursery.brings_up(plan):
            await stage.settles()
        log = world.log()
    assert (await kept(stage.settings)).outbox.keys() == {OutboxState.SENT}
    for resident in told:
        heard = [message for message in judge.told(log, resident.id) if NOTICE in message.text]
        judge.judge(heard, [NOTICE], judge.starts(log))
