"""A decision of the staff takes effect once, and is heard of, while the bot keeps dying."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.runtime import Failpoint
from bot.sandbox.world import World
from bot.sandbox.world.people import PEOPLE
from states.records import ApplicationId, Stage
from states.staff.timings import StaffTimings
from states.staff_roles import Role, RoleAssignment, Scope
from storage.engine import tables
from storage.engine.encryption import Keyring
from storage.engine.jobs import JobKind
from storage.staff.access.scopes import StaffAccess
from storage.staff.cases import claims, decisions
from tests.databases import opened
from tests.e2e import call_log
from tests.e2e.bot import EXAM, FAST, Harness, open_harness
from tests.e2e.db_asserts import ENDED, database_summary
from tests.e2e.process_plans import BotPlan, KillPoint
from tests.e2e.process_pool import ProcessPool
from tests.e2e.staff import SITE, grant_role, stage_of
from tests.e2e.stories.test_staff_review import hands_in

pytestmark = pytest.mark.row("B10")

TOLD = "报名确认通过了"
OF_JOBS = (Failpoint.JOB_DUE, Failpoint.JOB_DONE)


async def approved(harness: Harness, assignment: RoleAssignment, then: datetime) -> None:
    """The only application was taken and approved at this moment."""
    keyring, timings = Keyring.of_file(harness.settings.keys_file, create=False), StaffTimings()
    async with opened(harness.settings.database) as db, db.write() as tx:
        found = ApplicationId((await tx.scalars(select(tables.applications.c.id))).one())
        staff = StaffAccess(tx, keyring, harness.exam, then, [assignment], timings)
        await claims.take(staff, found)
        held = await claims.read(staff, found)
        await decisions.decide(tx, keyring, held, 7, None, then, timings)


@pytest.mark.parametrize(
    "arrows",
    [
        (Failpoint.JOB_DUE, Failpoint.JOB_DUE, Failpoint.JOB_DONE, Failpoint.SENT),
        (Failpoint.JOB_DONE,),
        (Failpoint.JOB_DUE, Failpoint.JOB_DONE, Failpoint.RESULT_COMMITTED),
    ],
    ids=lambda arrows: "-".join(arrows),
)
async def test_a_decision_takes_effect_once(
    arrows: tuple[Failpoint, ...], process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    world = World(None, pacing=False)
    (candidate,) = [resident.id for resident in PEOPLE if resident.slug == "ling"]
    async with open_harness(tmp_path, database, world) as harness:
        await harness.starts(options=FAST)
        admin, site = harness.person("admin"), harness.person("site")
        await site.says("/start")  # so that the news reach them
        await hands_in(harness.person("ling"))
        assignment = await grant_role(harness, SITE, Role.SITE_REVIEWER, Scope("shanxi", "taiyuan"))
        await admin.says("/clock +2d")
        await admin.sees("12月4日")
        then = harness.bot.clocks.wall.now() - timedelta(minutes=2)
        await harness.settles()
        await harness.stops()
        await approved(harness, assignment, then)
        plan = BotPlan(data=tmp_path, database=database, address=harness.address, exam=EXAM)
        for arrow in arrows:
            detail = JobKind.DECISIONS if arrow in OF_JOBS else ""
            await process_pool.kills(plan, KillPoint(arrow=arrow, detail=detail))
            is_in_effect = arrow is not Failpoint.JOB_DUE
            assert (await stage_of(harness) is Stage.CONFIRMED) is is_in_effect
        await harness.starts()
        await harness.bot.scheduler.tick()
        await harness.settles()
        await harness.stops()
        assert await stage_of(harness) is Stage.CONFIRMED
        rows = await database_summary(harness.settings)
        log = world.log()
    assert rows.audit_entries[SITE]["decision-applied"] == 1
    assert rows.outbox.keys() <= ENDED
    heard = [
        message for message in call_log.delivered_messages(log, candidate) if TOLD in message.text
    ]
    assert 1 <= len(heard) <= 2
    call_log.check_order(heard, [TOLD], call_log.bot_starts(log))
