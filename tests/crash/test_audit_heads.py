"""The audit is sealed and its head told while the bot keeps dying: one chain, one head."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.runtime import Failpoint
from bot.sandbox.world import World
from bot.sandbox.world.people import PEOPLE
from storage.audit.chain_verification import verify_chain
from storage.engine import tables
from storage.engine.encryption import Keyring
from storage.engine.jobs import JobKind
from tests.databases import opened
from tests.e2e import call_log, scenes
from tests.e2e.bot import EXAM, FAST, open_harness
from tests.e2e.process_plans import BotPlan, KillPoint
from tests.e2e.process_pool import ProcessPool

pytestmark = pytest.mark.row("B13")

HEAD = "操作记录封存"


async def test_a_head_is_decided_once(
    process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    world = World(None, pacing=False)
    (administrator,) = [resident.id for resident in PEOPLE if resident.slug == "admin"]
    async with open_harness(tmp_path, database, world) as harness:
        await harness.starts(options=FAST)
        admin = harness.person("admin")
        await scenes.meets_the_bot(admin)
        await admin.says("/clock +1d")
        await admin.sees("2025年12月3日")
        await harness.stops()
        plan = BotPlan(data=tmp_path, database=database, address=harness.address, exam=EXAM)
        sealing = JobKind.SEALING
        for blow in (
            KillPoint(arrow=Failpoint.JOB_DUE, detail=sealing),
            KillPoint(arrow=Failpoint.JOB_DONE, detail=sealing),
            KillPoint(arrow=Failpoint.SENT),
            KillPoint(arrow=Failpoint.JOB_DONE, detail=sealing),
        ):
            await process_pool.kills(plan, blow)
        await harness.starts()
        await harness.bot.scheduler.tick()
        await harness.settles()
        await harness.stops()
        log = world.log()
    heard = [
        message
        for message in call_log.delivered_messages(log, administrator)
        if HEAD in message.text
    ]
    call_log.check_order(heard, [HEAD], call_log.bot_starts(log))
    keyring = Keyring.of_file(harness.settings.keys_file, create=False)
    async with opened(database) as db, db.read() as connection:
        (told,) = await connection.execute(select(tables.heads))
        found = await verify_chain(connection, keyring)
    assert f"{told.seq}:{told.digest}" in heard[0].text
    assert found.broken is None
    assert found.head.seq >= told.seq
