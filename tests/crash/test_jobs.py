"""Every kind of job is killed before and after its commit; what it does is done once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.cli import keys
from bot.core.runtime import Failpoint
from bot.sandbox.world import World
from bot.sandbox.world.people import PEOPLE
from storage.engine import installation, jobs, resealing, tables
from storage.engine.encryption import Keyring
from storage.engine.jobs import JobKind
from storage.engine.tables import JobState
from tests import papers
from tests.databases import opened
from tests.e2e import call_log, scenes
from tests.e2e.bot import EXAM, FAST, open_harness
from tests.e2e.db_asserts import ENDED, database_summary
from tests.e2e.process_plans import BotPlan, KillPoint
from tests.e2e.process_pool import ProcessPool
from tests.e2e.stories import test_one_person_twice, test_papers
from tests.e2e.wait import until

ONE_OFF = {
    *(JobKind.DECISION, JobKind.PRINT, JobKind.RESEALING, JobKind.BROADCAST),
    *(JobKind.ORDER, JobKind.REFUND, JobKind.LATE_CHANGE, JobKind.CASE),
    *(JobKind.LIKENESS, JobKind.PAPER),
}
KINDS: list[JobKind] = [kind for kind in JobKind if kind not in ONE_OFF]
"""The periodic kinds; other tests of this folder kill where the others begin."""
REMINDED = "提醒：这件事还等着您办"
EXPIRED = "这次报名按自动放弃处理了"


async def makes_due(database: str, kind: JobKind) -> None:
    """A start does not hasten the sweep of the files, so that the test does."""
    async with opened(database) as db, db.write() as tx:
        await jobs.advance(tx, kind, EXAM.windows.registration.opens)


async def test_every_job_is_killed_before_and_after_its_commit(
    process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    world = World(None, pacing=False)
    (candidate,) = [resident.id for resident in PEOPLE if resident.slug == "ling"]
    async with open_harness(tmp_path, database, world) as harness:
        await harness.starts(options=FAST)
        admin = harness.person("admin")
        await scenes.meets_the_bot(admin)
        await scenes.registers(harness.person("ling"))
        plan = BotPlan(data=tmp_path, database=database, address=harness.address, exam=EXAM)
        due: dict[tuple[str, str], list[JobKind]] = {
            ("+13d", "12月15日"): [JobKind.REMINDERS],
            ("+2d", "12月17日"): KINDS,
        }
        for (moved, date), kinds in due.items():
            await admin.says(f"/clock {moved}")
            await admin.sees(date)
            await harness.bot.storage.remember_synced(datetime.now(UTC))  # or nothing expires
            await harness.stops()
            for kind in kinds:
                await makes_due(database, kind)
                for arrow in (Failpoint.JOB_DUE, Failpoint.JOB_DONE):
                    await process_pool.kills(plan, KillPoint(arrow=arrow, detail=kind))
            await harness.starts(options=FAST)
        await harness.bot.scheduler.tick()
        await harness.settles()
        await harness.stops()
        log = world.log()
    rows = await database_summary(harness.settings)
    assert rows.audit_entries[0]["given-up"] == 1
    assert rows.outbox.keys() <= ENDED
    heard = call_log.delivered_messages(log, candidate)
    for text in (REMINDED, EXPIRED):
        about = [message for message in heard if text in message.text]
        call_log.check_order(about, [text], call_log.bot_starts(log))
    async with opened(database) as db, db.read() as connection:
        assert not [job for job in await jobs.unfinished(connection) if job.attempts]
        seals = select(func.count()).select_from(tables.seals)
        distinct = select(func.count(tables.seals.c.audit_id.distinct()))
        assert await connection.scalar(seals) == await connection.scalar(distinct)


async def makes_due_again(database: str, kind: JobKind) -> None:
    """A one-off job that is over begins once more."""
    jobs_again = tables.jobs.update().where(tables.jobs.c.kind == kind)
    values = {"state": JobState.WAITING, "run_at": EXAM.windows.registration.opens}
    async with opened(database) as db, db.write() as tx:
        assert (await tx.execute(jobs_again.values(values))).rowcount, kind


@pytest.mark.row("B7", "B16")
async def test_looking_for_other_accounts_and_reading_papers_are_killed_and_done_once(
    process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    world = World(None, pacing=False)
    async with open_harness(tmp_path, database, world) as harness:
        await harness.starts(options=FAST)
        ling, chen = harness.person("ling"), harness.person("chen")
        await test_papers.comes_to_the_degree(ling)
        await test_papers.sends(ling, papers.paper(**test_papers.JUNE))
        await ling.sees("哪个对")
        await test_one_person_twice.registers(chen, scenes.NAME, scenes.id_number(24))
        await harness.settles()
        await harness.stops()
        plan = BotPlan(data=tmp_path, database=database, address=harness.address, exam=EXAM)
        for kind in (JobKind.LIKENESS, JobKind.PAPER):
            for arrow in (Failpoint.JOB_DUE, Failpoint.JOB_DONE):
                await makes_due_again(database, kind)
                await process_pool.kills(plan, KillPoint(arrow=arrow, detail=kind))
        await harness.starts(options=FAST)
        await harness.bot.scheduler.tick()
        await harness.settles()
        await harness.stops()
        log = world.log()
    async with opened(database) as db, db.read() as connection:
        assert not [job for job in await jobs.unfinished(connection) if job.attempts]
        read = select(func.count()).select_from(tables.paper_judgements)
        assert await connection.scalar(read) == 1
    asked = [one for one in call_log.delivered_messages(log, 1001) if "哪个对" in one.text]
    call_log.check_order(asked, ["哪个对"], call_log.bot_starts(log))


@pytest.mark.row("B28")
async def test_a_rotation_goes_on_wherever_it_is_killed(
    process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    async with open_harness(tmp_path, database, World(None, pacing=False)) as harness:
        await harness.starts(options=FAST)
        ling = harness.person("ling")
        await scenes.registers(ling)
        await harness.stops()
        await keys.rotate_keys(harness.settings)
        keyring = Keyring.of_file(harness.settings.keys_file, create=False)
        plan = BotPlan(data=tmp_path, database=database, address=harness.address, exam=EXAM)
        for arrow in (Failpoint.JOB_DUE, Failpoint.JOB_DONE, Failpoint.JOB_DUE):
            await process_pool.kills(plan, KillPoint(arrow=arrow, detail=JobKind.RESEALING))

        async def is_through() -> bool:
            async with opened(database) as db, db.read() as connection:
                known = await installation.known_keys(connection)
                return not await resealing.left(connection, keyring) and known == {"k2"}

        async with process_pool.runs(plan):
            await until(is_through)
            await ling.says("/profile")
            await ling.sees("刘玲")
