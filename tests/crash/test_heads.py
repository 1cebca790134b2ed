"""The audit is sealed and its head told while the bot keeps dying: one chain, one head."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.failpoints import Failpoint
from bot.sandbox.world import World
from bot.sandbox.world.people import PEOPLE
from storage.audit.verification import verify_chain
from storage.engine import tables
from storage.engine.encryption import Keyring
from tests.databases import opened
from tests.stage import judge, scenes
from tests.stage.births import Nursery
from tests.stage.plans import Blow, BotPlan
from tests.stage.play import EXAM, FAST, playing

pytestmark = pytest.mark.row("B13")

HEAD = "操作记录封存"


async def test_a_head_is_decided_once(nursery: Nursery, tmp_path: Path, database: str) -> None:
    world = World(None, pacing=False)
    (administrator,) = [resident.id for resident in PEOPLE if resident.slug == "admin"]
    async with playing(tmp_path, database, world) as stage:
        await stage.starts(options=FAST)
        admin = stage.person("admin")
        await scenes.meets_the_bot(admin)
        await admin.says("/clock +1d")
        await admin.sees("2025年12月3日")
        await stage.stops()
        plan = BotPlan(data=tmp_path, database=database, address=stage.address, exam=EXAM)
        for arrow in (Failpoint.TICKED, Failpoint.SENT, Failpoint.TICKED):
            child = await nursery.bears(plan.model_copy(update={"blow": Blow(arrow=arrow)}))
            await child.death()
            assert child.struck
        async with nursery.brings_up(plan):
            await stage.settles()
        log = world.log()
    heard = [message for message in judge.told(log, administrator) if HEAD in message.text]
    judge.judge(heard, [HEAD], judge.starts(log))
    keyring = Keyring.of_file(stage.settings.keys_file, create=False)
    async with opened(database) as db, db.read() as connection:
        (told,) = await connection.execute(select(tables.heads))
        found = await verify_chain(connection, keyring)
    assert f"{told.seq}:{told.digest}" in heard[0].text
    assert found.broken is None
    assert found.head.seq >= told.seq
