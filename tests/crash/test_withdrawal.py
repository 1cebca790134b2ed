"""A withdrawal, a change of area and a print happen once, while the bot keeps dying."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.runtime import Failpoint
from bot.sandbox.world import World
from storage.engine import tables
from storage.engine.jobs import JobKind
from tests.crash.dying_bot import dying_bot
from tests.databases import opened
from tests.e2e import scenes
from tests.e2e.bot import EXAM, FAST, open_harness
from tests.e2e.db_asserts import ENDED, database_summary
from tests.e2e.process_plans import BotPlan, KillPoint
from tests.e2e.process_pool import ProcessPool

pytestmark = pytest.mark.row("S14", "S15", "S18")

LING = 1001
ACTS = (
    ("撤回修改", "要撤回报名吗"),
    ("是，撤回", "已撤回，现在没有提交"),
    ("修改考区", "您在哪个考区报考"),
    ("山西考区", "把考区从青海考区换到山西考区"),
    ("换到山西考区", "已换到山西考区"),
    ("撤销换考区", "已撤销换考区"),
    ("✓ 改好了，再次提交", "报名信息已提交"),
)
"""Each tap, and words of its answer."""
ARROWS = (Failpoint.DISPATCHED, Failpoint.SENT)
OF_THE_PRINT = (Failpoint.JOB_DUE, Failpoint.JOB_DONE)


@pytest.mark.parametrize("arrow", ARROWS)
async def test_each_act_happens_once(
    arrow: Failpoint, process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    world = World(None, pacing=False)
    async with open_harness(tmp_path, database, world) as harness:
        await harness.starts(options=FAST)
        ling = harness.person("ling")
        await scenes.registers(ling)
        await harness.settles()
        await harness.stops()
        plan = BotPlan(data=tmp_path, database=database, address=harness.address, exam=EXAM)
        async with dying_bot(process_pool, plan, KillPoint(arrow=arrow), harness) as bot:
            for label, answer in ACTS:
                await bot.dies(ling, ling.presses(label), answer)
        await ling.presses("打印报名表")
        for job_arrow in OF_THE_PRINT:
            await process_pool.kills(plan, KillPoint(arrow=job_arrow, detail=JobKind.PRINT))
        async with process_pool.runs(plan):
            await ling.reads("报名表，第 2 次提交")
            await harness.settles()
        rows = await database_summary(harness.settings)
        printed = [one for one in await ling.from_bot() if one.document]
    done = rows.audit_entries[LING]
    once = ("withdrawn", "area-changed", "area-restored")
    assert {action: done[action] for action in once} == dict.fromkeys(once, 1)
    assert done["submitted"] == 2
    assert rows.outbox.keys() <= ENDED
    assert len(printed) == 1
    async with opened(database) as db, db.read() as connection:
        columns = tables.submissions.c
        query = select(columns.number, columns.changes).order_by(columns.number)
        assert [tuple(row) for row in await connection.execute(query)] == [(1, 1), (2, 1)]
