"""Site and area mark that a candidate has paid elsewhere; nobody else, and only in their scope."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from handlers.callback_data import Action
from handlers.staff.desks.record_payment import MAX_RECEIPT_LENGTH
from states.fsm_states import Staff
from states.records import ApplicationId, Stage
from states.staff_roles import Role, RoleAssignment, Scope
from states.step_result import ShowScreen
from states.submissions.application_codes import code_of
from storage.engine import tables
from storage.updates.unit_of_work import UnitOfWork
from tests.factories import EXAM, staff_member
from tests.fakes.batch_router import BatchRouter, batch_router
from tests.storage.process import StorageProcess, kept
from tests.storage.staff_members import (
    ALL,
    AREA,
    CLERK,
    PACE,
    SITE,
    come,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("B9", "B10")

FAR_SITE = staff_member(8, Role.SITE_REVIEWER, Scope("qinghai", "haidong"))
ADMINISTRATOR = staff_member(9, Role.ADMINISTRATOR, Scope("qinghai"))
MONTHS_LATER = EXAM.windows.payment.closes + timedelta(days=90)
PAID = waiting(1, Stage.APPROVED)
CODE = code_of(PAID.id)
CANDIDATE = 7001


@pytest_asyncio.fixture
async def router(process: StorageProcess) -> AsyncIterator[BatchRouter]:
    """Months after the payment, with an approved application that nobody has marked."""
    async with batch_router(process) as router:
        await grant_all(process.db, *ALL, FAR_SITE, ADMINISTRATOR)
        await process.work.refresh_staff()
        await come(process.db, PAID)
        router.now = MONTHS_LATER
        yield router


async def marks(router: BatchRouter, who: RoleAssignment) -> list[UnitOfWork]:
    """One tap on the hit of a search, and the confirmation."""
    account = who.telegram_id
    await router.run(router.goes(account, Action.MARK_PAID, str(PAID.id)))
    return await router.run(router.presses(account, Staff.paying, Action.CONFIRM, about=PAID.id))


async def stage(database: str) -> Stage:
    """Return the stage of the application."""
    query = select(tables.applications.c.stage)
    ((found,),) = await kept(database, query)
    return Stage(found)


async def actions(database: str) -> list[str]:
    """Return the audit's actions on the application, in order."""
    table = tables.audit.c
    query = select(table.action).where(table.application_id == PAID.id).order_by(table.id)
    return [one for (one,) in await kept(database, query)]


def told(units: list[UnitOfWork]) -> list[str]:
    """Return the screens that the candidate is sent."""
    return [
        row.effect.screen
        for unit in units
        for row in unit.outgoing
        if isinstance(row.effect, ShowScreen) and row.effect.screen.startswith("told-")
    ]


@pytest.mark.parametrize("who", [SITE, AREA], ids=["site", "area"])
async def test_site_and_area_register_who_has_paid_elsewhere(
    router: BatchRouter, database: str, who: RoleAssignment
) -> None:
    await router.run(router.says(who.telegram_id, "/find"))
    found = await router.drawn(await router.run(router.says(who.telegram_id, CODE)))
    assert f"{CODE} 已在别处缴费" in found
    units = await marks(router, who)
    assert await stage(database) is Stage.REGISTERED
    assert told(units) == ["told-registered"]
    assert "marked-paid" in await actions(database)
    history = await router.run(router.goes(who.telegram_id, Action.HISTORY, str(PAID.id)))
    assert "工作人员标记为已缴费" in await router.drawn(history)


@pytest.mark.parametrize("who", [CLERK, FAR_SITE, ADMINISTRATOR], ids=["point", "far", "admin"])
async def test_nobody_else_marks_it_or_is_offered_to(
    router: BatchRouter, database: str, who: RoleAssignment
) -> None:
    await router.run(router.says(who.telegram_id, "/find"))
    found = await router.drawn(await router.run(router.says(who.telegram_id, CODE)))
    assert "已在别处缴费" not in found
    assert told(await marks(router, who)) == []
    assert await stage(database) is Stage.APPROVED


async def test_a_role_elsewhere_offers_no_button_that_would_be_denied(
    router: BatchRouter, database: str
) -> None:
    account = ADMINISTRATOR.telegram_id
    elsewhere = (replace(FAR_SITE, id=21, telegram_id=account), replace(CLERK, id=22))
    far_clerk = replace(
        elsewhere[1], telegram_id=account, scope=Scope("qinghai", "haidong", "east")
    )
    await grant_all(router.process.db, elsewhere[0], far_clerk)
    await router.process.work.refresh_staff()
    await come(router.process.db, waiting(2))
    for code, button in ((CODE, "已在别处缴费"), (code_of(waiting(2).id), "领取")):
        await router.run(router.says(account, "/find"))
        found = await router.drawn(await router.run(router.says(account, code)))
        assert code in found
        assert f"{button} {code}" not in found
        assert f"{code} {button}" not in found


async def test_nobody_marks_their_own(router: BatchRouter, database: str) -> None:
    own = replace(SITE, id=99, telegram_id=CANDIDATE)
    await grant_all(router.process.db, own)
    await router.process.work.refresh_staff()
    assert told(await marks(router, own)) == []
    assert await stage(database) is Stage.APPROVED


async def test_a_double_tap_and_a_colleague_mark_it_once(
    router: BatchRouter, database: str
) -> None:
    accounts = (SITE.telegram_id, AREA.telegram_id)
    for account in accounts:
        await router.run(router.goes(account, Action.MARK_PAID, str(PAID.id)))
    taps = [
        router.presses(account, Staff.paying, Action.CONFIRM, about=PAID.id)
        for account in (*accounts, accounts[0])
    ]
    units = await router.run(*taps)
    assert told(units) == ["told-registered"]
    assert (await actions(database)).count("marked-paid") == 1


async def test_a_receipt_number_is_kept_for_colleagues(router: BatchRouter, database: str) -> None:
    account = SITE.telegram_id
    await router.run(router.goes(account, Action.MARK_PAID, str(PAID.id)))
    long = await router.drawn(await router.run(router.says(account, "1" * 41)))
    assert str(MAX_RECEIPT_LENGTH) in long
    asked = await router.drawn(await router.run(router.says(account, "QH-20260204001")))
    assert "票据号：QH-20260204001" in asked
    await router.run(router.presses(account, Staff.paying, Action.CONFIRM, about=PAID.id))
    history = await router.run(router.goes(AREA.telegram_id, Action.HISTORY, str(PAID.id)))
    assert "票据号 QH-20260204001" in await router.drawn(history)
    stored = await kept(database, select(tables.notes.c.words))
    assert all(b"20260204001" not in words for (words,) in stored)


@pytest.mark.parametrize(
    ("after", "ends"),
    [(PACE.undo - timedelta(seconds=1), Stage.APPROVED), (PACE.undo, Stage.REGISTERED)],
)
async def test_a_mark_is_undone_in_time_and_its_candidate_told(
    router: BatchRouter, database: str, after: timedelta, ends: Stage
) -> None:
    await marks(router, SITE)
    router.now += after
    units = await router.run(router.goes(AREA.telegram_id, Action.UNMARK_PAID, str(PAID.id)))
    assert await stage(database) is ends
    is_undone = ends is Stage.APPROVED
    assert told(units) == (["told-payment-unmarked"] if is_undone else [])
    assert ("unmarked-paid" in await actions(database)) is is_undone


@pytest.mark.parametrize("earlier", [Stage.SUBMITTED, Stage.SITE_APPROVED, Stage.EXPIRED])
async def test_only_what_is_approved_is_marked(
    router: BatchRouter, database: str, earlier: Stage
) -> None:
    await come(router.process.db, replace(PAID, stage=earlier))
    units = await marks(router, SITE)
    assert told(units) == []
    assert await stage(database) is earlier


async def test_a_made_up_button_does_nothing(router: BatchRouter, database: str) -> None:
    for value in ("", "x", "999", str(ApplicationId(2**62))):
        await router.run(router.goes(SITE.telegram_id, Action.MARK_PAID, value))
        await router.run(router.goes(SITE.telegram_id, Action.UNMARK_PAID, value))
    assert await stage(database) is Stage.APPROVED


async def test_an_application_for_another_exam_is_nobodys_to_mark_or_to_look_up(
    router: BatchRouter, database: str
) -> None:
    """The places of two years share their codes, and a chat keeps its buttons for ever."""
    await come(router.process.db, replace(PAID, exam="health-2025"))
    for action in (Action.MARK_PAID, Action.HISTORY):
        await router.run(router.goes(SITE.telegram_id, action, str(PAID.id)))
    assert await stage(database) is Stage.APPROVED
    denied = await kept(
        database, select(tables.audit.c.detail).where(tables.audit.c.action == "denied")
    )
    assert len(denied) == 2
