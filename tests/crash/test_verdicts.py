"""A decision of the staff takes effect once, and is heard of, while the bot keeps dying."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.failpoints import Failpoint
from bot.sandbox.world import World
from bot.sandbox.world.people import PEOPLE
from states.records import ApplicationId, Stage
from states.staff import Role, RoleAssignment, Scope
from states.staff_timings import StaffTimings
from storage.engine import tables
from storage.engine.encryption import Keyring
from storage.engine.tables import OutboxState
from storage.staff import claims, decisions
from tests.databases import opened
from tests.stage import judge
from tests.stage.births import Nursery
from tests.stage.counter import SITE, sits, stage_of
from tests.stage.kept import kept
from tests.stage.plans import Blow, BotPlan
from tests.stage.play import EXAM, FAST, playing
from tests.stage.play import Stage as Play
from tests.stories.test_counter import hands_in

pytestmark = pytest.mark.row("B10")

TOLD = "报名确认通过了"


async def approved(play: Play, assignment: RoleAssignment, then: datetime) -> None:
    """The only application was taken and approved at this moment."""
    keyring, timings = Keyring.of_file(play.settings.keys_file, create=False), StaffTimings()
    async with opened(play.settings.database) as db, db.write() as tx:
        found = ApplicationId((await tx.scalars(select(tables.applications.c.id))).one())
        await claims.take(tx, [assignment], found, then, timings)
        held = await claims.read(tx, keyring, [assignment], found, then, timings)
        await decisions.decide(tx, keyring, held, 7, None, then, timings)


@pytest.mark.parametrize(
    "arrows",
    [
        (
            Failpoint.DECISIONS_DUE,
            Failpoint.DECISIONS_DUE,
            Failpoint.DECISIONS_APPLIED,
            Failpoint.SENT,
        ),
        (Failpoint.DECISIONS_APPLIED,),
        (Failpoint.DECISIONS_DUE, Failpoint.DECISIONS_APPLIED, Failpoint.RESULT_COMMITTED),
    ],
    ids=lambda arrows: "-".join(arrows),
)
async def test_a_decision_takes_effect_once(
    arrows: tuple[Failpoint, ...], nursery: Nursery, tmp_path: Path, database: str
) -> None:
    world = World(None, pacing=False)
    (candidate,) = [resident.id for resident in PEOPLE if resident.slug == "ling"]
    async with playing(tmp_path, database, world) as play:
        await play.starts(options=FAST)
        admin, site = play.person("admin"), play.person("site")
        await site.says("/start")  # so that the news reach them
        await hands_in(play.person("ling"))
        assignment = await sits(play, SITE, Role.SITE_REVIEWER, Scope("shanxi", "taiyuan"))
        await admin.says("/clock +2d")
        await admin.sees("12月4日")
        then = play.bot.clocks.wall.now() - timedelta(minutes=2)
        await play.settles()
        await play.stops()
        await approved(play, assignment, then)
        plan = BotPlan(data=tmp_path, database=database, address=play.address, exam=EXAM)
        for arrow in arrows:
            child = await nursery.bears(plan.model_copy(update={"blow": Blow(arrow=arrow)}))
            await child.death()
            assert child.struck, arrow
            is_in_effect = arrow is not Failpoint.DECISIONS_DUE
            assert (await stage_of(play) is Stage.CONFIRMED) is is_in_effect
        async with nursery.brings_up(plan):
            await play.settles()
        assert await stage_of(play) is Stage.CONFIRMED
        rows = await kept(play.settings)
        log = world.log()
    assert rows.audit_entries[SITE]["decision-applied"] == 1
    assert rows.outbox.keys() == {OutboxState.SENT}
    heard = [message for message in judge.told(log, candidate) if TOLD in message.text]
    assert 1 <= len(heard) <= 2
    judge.judge(heard, [TOLD], judge.starts(log))
