"""Statements of an update: in a batch, of a candidate alone, and of a press of the staff."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.sandbox.world import World
from bot.scheduler.scheduler import Scheduler
from states.records import ApplicationId, PersonId, Stage
from states.staff_roles import Role, Scope
from storage.engine.database import Database
from tests import factories
from tests.bench import seeds
from tests.bench.crowd import Crowd
from tests.bench.rehearsal import Rehearsal
from tests.e2e.bot import EXAM, FAST, Harness, open_harness
from tests.e2e.process_pool_server import resident
from tests.e2e.staff import SITE, grant_role, handed_in

FIRST_ID = 2000
ALONE = 10
"""Statements, those that begin a transaction among them."""
COMMITS = 1
"""That the update is kept, and its effect with the mark of the message before."""
STAFF = 18
"""Statements of a press of the staff, those that begin a transaction among them."""
STAFF_MEAN = 16
COMBINED = 28
"""Statements of the press that approves and takes the next case: the two presses cost 35."""
STAFF_COMMITS = 2
"""That of the update with its effect, and that of the mark of its message."""
WAITING = 3
HOUR = 3600.0


@contextmanager
def counted(db: Database) -> Iterator[Counter[str]]:
    """Statements and commits of a database's connections."""
    seen: Counter[str] = Counter()

    def statement(*_: Any) -> None:
        seen["statements"] += 1

    def commit(_: Any) -> None:
        seen["commits"] += 1

    with ExitStack() as stack:
        for engine in (each.sync_engine for each in db.engines):
            for name, note in (("before_cursor_execute", statement), ("commit", commit)):
                event.listen(engine, name, note)
                stack.callback(event.remove, engine, name, note)
        yield seen


async def cost(
    rehearsal: Rehearsal, folder: Path, database: str, people: int, at_once: int
) -> tuple[float, float]:
    """Statements and commits an update, while so many fill in the form at once."""
    crowd = [resident(f"c{number}", FIRST_ID + number) for number in range(people)]
    world = World(None, people=crowd, pacing=False)
    async with open_harness(folder, database, world) as stage:
        await seeds.plant(stage.settings, EXAM, [one.id for one in crowd])
        await stage.starts()
        await stage.bot.scheduler.tick()  # the jobs of the start
        with counted(stage.bot.storage.db) as seen:
            answers = await Crowd(world, rehearsal.script).plays(crowd, at_once)
        return seen["statements"] / len(answers), seen["commits"] / len(answers)


async def test_with_64_busy_an_update_costs_at_most_one_statement(
    rehearsal: Rehearsal, tmp_path: Path, database: str
) -> None:
    statements, commits = await cost(rehearsal, tmp_path, database, people=64, at_once=64)
    print(f"64 busy: {statements:.2f} statements and {commits:.2f} commits an update")
    assert statements <= 1


async def test_an_update_alone_costs_little(
    rehearsal: Rehearsal, tmp_path: Path, database: str
) -> None:
    statements, commits = await cost(rehearsal, tmp_path, database, people=4, at_once=1)
    print(f"alone: {statements:.2f} statements and {commits:.2f} commits an update")
    assert statements <= ALONE
    assert commits == pytest.approx(COMMITS, abs=0.1)  # the clock and the last marks have theirs


APPROVE_AND_NEXT = "✅ 通过并领取下一份"
PRESSES = (
    ("领取下一份", "报名确认"),
    ("✅ 通过", "您决定通过"),
    ("撤销这个决定", "已撤销"),
    ("❌ 不通过…", "哪里不通过"),
    ("联系方式", "哪一项不通过"),
    ("手机：138 0013 8000", "为什么不通过"),
    ("填写有误", "手机：填写有误"),
    ("看一遍再发出", "考生会看到这些"),
    ("❌ 确定不通过", "您决定不通过"),
    ("领取下一份", "报名确认"),
    (APPROVE_AND_NEXT, "报名确认"),
    ("✅ 通过", "您决定通过"),
    ("待办队列", "份待办"),
    ("我的工作", "您的工作角色"),
)
"""The buttons that a clerk presses one after another, and words of each answer."""


async def waits_for_a_clerk(stage: Harness) -> None:
    """So many applications wait at a site, and its clerk's window is open."""
    opens = EXAM.windows.registration.opens
    for number in range(WAITING):
        person = factories.person(
            id=PersonId(65 + 64 * number),
            telegram_id=FIRST_ID + number,
            number_hash=f"{number:064}",
        )
        application = factories.application(
            "shanxi",
            id=ApplicationId(66 + 64 * number),
            person_id=person.id,
            answers=factories.answers("shanxi", site="taiyuan"),
            stage=Stage.SUBMITTED,
            revision=1,
            submitted_at=opens,
            since=opens,
        )
        await handed_in(stage, person, application)
    await grant_role(stage, SITE, Role.SITE_REVIEWER, Scope("shanxi", "taiyuan"))
    admin = stage.person("admin")
    await admin.says("/clock +2d")
    await admin.sees("12月4日")


async def test_a_press_of_the_staff_is_loaded_once_and_has_one_commit_of_its_own(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A decision wakes the scheduler, whose rounds would be counted, too.
    monkeypatch.setattr(Scheduler, "_sleep", lambda _self, _seconds: asyncio.sleep(HOUR))
    costs: list[tuple[str, Counter[str]]] = []
    async with open_harness(tmp_path, database) as stage:
        await stage.starts(options=replace(FAST, tick_seconds=HOUR))
        await waits_for_a_clerk(stage)
        clerk = stage.person("site")
        await clerk.says("/queue")
        await clerk.sees("待办队列")
        stage.bot.sender.pull()  # a job of the start may have committed after its only round
        await stage.settles()
        for label, answer in PRESSES:
            with counted(stage.bot.storage.db) as seen:
                await clerk.presses(label)
                await clerk.sees_now(answer)
                await stage.settles()
            costs.append((label, seen))
            print(f"{label}: {seen['statements']} statements and {seen['commits']} commits")
    combined = dict(costs)[APPROVE_AND_NEXT]
    assert combined["statements"] <= COMBINED
    assert combined["commits"] <= STAFF_COMMITS + 1, "two messages: the decision and the next card"
    costs = [one for one in costs if one[0] != APPROVE_AND_NEXT]
    statements = [seen["statements"] for _, seen in costs]
    print(
        f"staff: {sum(statements) / len(costs):.1f} statements a press, {max(statements)} at most"
    )
    assert max(statements) <= STAFF
    assert sum(statements) / len(costs) <= STAFF_MEAN
    assert max(seen["commits"] for _, seen in costs) <= STAFF_COMMITS
