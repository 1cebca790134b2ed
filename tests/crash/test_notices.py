"""The scheduler enqueues a due notice once, although the bot keeps dying."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.core.runtime import Failpoint
from bot.sandbox.world import World
from bot.sandbox.world.people import PEOPLE
from states.exam import Exam, Window
from storage.engine.jobs import JobKind
from tests.e2e import call_log, scenes
from tests.e2e.bot import EXAM, FAST, Harness, open_harness
from tests.e2e.db_asserts import ENDED, database_summary
from tests.e2e.process_plans import BotPlan, KillPoint
from tests.e2e.process_pool import ProcessPool

NOTICE = "开始报名了"


def opening_later() -> Exam:
    """The exam, with another registration a month after the first."""
    window, by = EXAM.windows.registration, timedelta(days=30)
    registration = Window(opens=window.opens + by, closes=window.closes + by)
    windows = EXAM.windows.model_copy(update={"registration": registration})
    return EXAM.model_copy(update={"windows": windows})


async def waits_for_the_opening(harness: Harness, slug: str) -> None:
    """Somebody is too late, and asks to be told."""
    person = harness.person(slug)
    await scenes.meets_the_bot(person)
    await person.says("/cancel")
    await person.sees("您还没有报名")
    await person.presses("开始报名时告诉我")
    await person.sees("记下了")


async def test_a_notice_is_decided_once(
    process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    world = World(None, pacing=False)
    told = [resident for resident in PEOPLE if resident.slug in ("ling", "chen", "site")]
    async with open_harness(tmp_path, database, world) as harness:
        await harness.starts(options=FAST)
        admin = harness.person("admin")
        await scenes.meets_the_bot(admin)
        await admin.says("/clock +30d")
        await admin.sees("2026年1月1日")
        for resident in told:
            await waits_for_the_opening(harness, resident.slug)
        await harness.stops()
        plan = BotPlan(
            data=tmp_path, database=database, address=harness.address, exam=opening_later()
        )
        for blow in (
            KillPoint(arrow=Failpoint.JOB_DUE, detail=JobKind.OPENING),
            KillPoint(arrow=Failpoint.JOB_DONE, detail=JobKind.OPENING),
            KillPoint(arrow=Failpoint.SENT),
            KillPoint(arrow=Failpoint.SENT),
        ):
            await process_pool.kills(plan, blow)
        await harness.starts(opening_later())
        await harness.bot.scheduler.tick()
        await harness.settles()
        await harness.stops()
        log = world.log()
    assert (await database_summary(harness.settings)).outbox.keys() <= ENDED
    for resident in told:
        heard = [
            message
            for message in call_log.delivered_messages(log, resident.id)
            if NOTICE in message.text
        ]
        call_log.check_order(heard, [NOTICE], call_log.bot_starts(log))
