"""A wrong decision goes back to its desk, with a reason; nobody else's desk can do that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from handlers.callback_data import Action
from handlers.case_messages import WHY
from states.records import Stage
from states.staff_roles import Role, RoleAssignment, Scope
from states.step_result import ShowScreen
from storage.engine import tables
from storage.engine.ids import RowIds
from storage.staff.cases import claims, decisions
from storage.updates.unit_of_work import UnitOfWork
from tests.factories import EXAM, staff_member
from tests.fakes.batch_router import BatchRouter, batch_router
from tests.storage.process import StorageProcess, kept
from tests.storage.staff_members import (
    ALL,
    AREA,
    CLERK,
    KEYS,
    PACE,
    SITE,
    access,
    asks_second_look,
    come,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("B9", "B10")

FAR_SITE = staff_member(8, Role.SITE_REVIEWER, Scope("qinghai", "haidong"))
REVIEW = EXAM.windows.review.opens + timedelta(days=2)
CONFIRMING = EXAM.windows.confirmation.closes - timedelta(hours=5)
REASON = "把别人的材料看成了这一份"


@pytest_asyncio.fixture
async def router(process: StorageProcess) -> AsyncIterator[BatchRouter]:
    """The staff, and nothing to decide yet."""
    async with batch_router(process) as router:
        await grant_all(process.db, *ALL, FAR_SITE)
        await process.work.refresh_staff()
        yield router


async def decided(process: StorageProcess, by: RoleAssignment, at: Stage, now: datetime) -> None:
    """An application waited at this stage; this role approved it, and that took effect."""
    application = waiting(1, at)
    await come(process.db, application)
    async with process.db.write() as tx:
        staff = access(tx, [by], now)
        await claims.take(staff, application.id)
        held = await claims.read(staff, application.id)
        await decisions.decide(tx, KEYS, held, 7, None, now, PACE)
        later = now + timedelta(hours=1)
        applied = await decisions.apply_decisions(tx, KEYS, EXAM, [7], later, RowIds().next)
    assert [one.notice != "" for one in applied] == [True]


async def reopens(router: BatchRouter, who: RoleAssignment, now: datetime) -> list[UnitOfWork]:
    """One of the staff opens the decision again, with a reason."""
    router.now = now
    number = str(waiting(1).id)
    await router.run(router.goes(who.telegram_id, Action.REOPEN, number))
    return await router.run(router.says(who.telegram_id, REASON))


async def stage(database: str) -> Stage:
    """Return the stage of the application."""
    ((found,),) = await kept(database, select(tables.applications.c.stage))
    return Stage(found)


def told(units: list[UnitOfWork]) -> list[str]:
    """Return the screens that the candidate is sent."""
    return [
        row.effect.screen
        for unit in units
        for row in unit.outgoing
        if isinstance(row.effect, ShowScreen) and row.effect.screen.startswith("told-")
    ]


@pytest.mark.parametrize(
    ("who", "at", "now"),
    [
        (CLERK, Stage.SUBMITTED, CONFIRMING),
        (SITE, Stage.CONFIRMED, REVIEW),
        (AREA, Stage.SITE_APPROVED, REVIEW),
    ],
    ids=["point", "site", "area"],
)
async def test_a_desk_opens_its_own_decision_again(
    router: BatchRouter,
    process: StorageProcess,
    database: str,
    who: RoleAssignment,
    at: Stage,
    now: datetime,
) -> None:
    await decided(process, who, at, now)
    units = await reopens(router, who, now + timedelta(hours=2))
    assert await stage(database) is at
    assert told(units) == ["told-reopened"]
    assert "领取这一份" in await router.drawn(units)
    assert await kept(database, select(tables.decisions.c.id)) == []
    audited = [one for (one,) in await kept(database, select(tables.audit.c.action))]
    assert "reopened" in audited
    number = str(waiting(1).id)
    history = await router.run(router.goes(who.telegram_id, Action.HISTORY, number))
    assert REASON in await router.drawn(history)
    await router.run(router.goes(who.telegram_id, Action.TAKE, number))
    claimed = await kept(database, select(tables.claims.c.application_id))
    assert len(claimed) == 1, "it can be taken and decided again"


async def test_a_second_look_of_the_next_desk_ends_and_who_asked_is_told(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    await decided(process, SITE, Stage.CONFIRMED, REVIEW)
    approved = waiting(1, Stage.SITE_APPROVED)
    await asks_second_look(process.db, approved, AREA)
    units = await reopens(router, SITE, REVIEW + timedelta(hours=2))
    rows = [row for unit in units for row in unit.outgoing if row.chat_id == AREA.telegram_id]
    assert [row.effect.data[WHY] for row in rows if isinstance(row.effect, ShowScreen)] == [
        "reopened-asked"
    ]
    assert "“不予通过”建议结束" in await router.drawn(units)
    assert await kept(database, select(tables.second_looks.c.outcome)) == [("reopened",)]
    history = await router.run(router.goes(SITE.telegram_id, Action.HISTORY, str(approved.id)))
    drawn = await router.drawn(history)
    assert "没有看完，前面的决定重新打开了" in drawn
    assert "等同事再看一遍" not in drawn


@pytest.mark.parametrize(
    ("by", "at", "now", "who", "then"),
    [
        (SITE, Stage.CONFIRMED, REVIEW, AREA, REVIEW + timedelta(hours=2)),
        (SITE, Stage.CONFIRMED, REVIEW, FAR_SITE, REVIEW + timedelta(hours=2)),
        (SITE, Stage.CONFIRMED, REVIEW, CLERK, REVIEW + timedelta(hours=2)),
        (AREA, Stage.SITE_APPROVED, REVIEW, SITE, REVIEW + timedelta(hours=2)),
        (SITE, Stage.CONFIRMED, REVIEW, SITE, EXAM.windows.review.closes + timedelta(days=30)),
        (CLERK, Stage.SUBMITTED, CONFIRMING, CLERK, REVIEW + timedelta(days=30)),
    ],
    ids=["the next desk", "far", "point", "the desk before", "too late", "confirmation over"],
)
async def test_nobody_else_does_and_not_for_ever(
    router: BatchRouter,
    process: StorageProcess,
    database: str,
    by: RoleAssignment,
    at: Stage,
    now: datetime,
    who: RoleAssignment,
    then: datetime,
) -> None:
    await decided(process, by, at, now)
    before = await stage(database)
    units = await reopens(router, who, then)
    assert await stage(database) is before
    assert told(units) == []


async def test_what_came_back_to_a_later_desk_is_not_the_earlier_ones_to_open(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    """Refused by the area and submitted again: the site has not decided on this submission."""
    await come(process.db, waiting(1, Stage.SITE_APPROVED))
    units = await reopens(router, SITE, REVIEW)
    assert await stage(database) is Stage.SITE_APPROVED
    assert told(units) == []
