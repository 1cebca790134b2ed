"""Refusing for good needs a second person: asked, agreed or declined, taken back, undone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.scheduler.desks.apply_decisions import DecisionApplier
from handlers.callback_data import ANYWHERE, Action, CallbackData, question_hash_of
from handlers.case_messages import CLOSED, WHY
from handlers.staff.cases.decide import REJECT_BUTTON
from handlers.staff.cases.second_look_lines import AGREE, DECLINE
from states.fsm_states import Staff, State
from states.records import Stage
from states.staff_roles import Role, RoleAssignment, Scope
from states.step_result import ShowScreen
from storage.audit import replay
from storage.candidates import applications
from storage.engine import tables
from storage.staff.access import role_assignments
from storage.staff.cases.cards import APPLICATION
from storage.updates.unit_of_work import UnitOfWork
from tests.bot.storages import storage_over
from tests.factories import EXAM, staff_member
from tests.fakes.batch_router import BatchRouter, batch_router
from tests.fakes.jobs import run_job
from tests.fakes.staff_chats import StandingClock
from tests.storage.process import StorageProcess, kept
from tests.storage.staff_members import AREA, CLERK, KEYS, OTHER_CLERK, come, grant_all, waiting

pytestmark = pytest.mark.row("B10", "S19")

NOW = EXAM.windows.confirmation.opens + timedelta(hours=10)
CANDIDATE = 7001
FAR = staff_member(9, Role.POINT_CLERK, Scope("qinghai", "xining", "west"))


@pytest_asyncio.fixture
async def router(process: StorageProcess) -> AsyncIterator[BatchRouter]:
    """Two clerks of a point, one of another point, and one application that waits."""
    async with batch_router(process) as router:
        router.now = NOW
        await grant_all(process.db, CLERK, OTHER_CLERK, FAR, AREA)
        await process.work.refresh_staff()
        await come(process.db, waiting(1))
        yield router


CASE = waiting(1)


async def acts(
    router: BatchRouter,
    who: RoleAssignment,
    state: State,
    action: Action,
    value: str = "",
    **at: str,
) -> list[UnitOfWork]:
    """Tap a button of the open card; ``at`` is the rest of the question's data."""
    data = {APPLICATION: str(CASE.id), **at}
    callback = CallbackData(action, value, question_hash_of(state, data))
    return await router.run(router.taps(who.telegram_id, callback.pack()))


async def asks(
    router: BatchRouter, who: RoleAssignment, reason: str = "not-eligible"
) -> list[UnitOfWork]:
    """Take the case, refuse one field for a reason, and ask to refuse for good."""
    await router.run(router.goes(who.telegram_id, Action.TAKE, str(CASE.id)))
    await acts(router, who, Staff.card, Action.EDIT)
    await acts(router, who, Staff.refusing, Action.PICK, "field:specialty")
    await acts(router, who, Staff.reasoning, Action.CHOOSE, reason, item="field:specialty")
    await acts(router, who, Staff.refusing, Action.SEE)
    return await acts(router, who, Staff.sending, Action.REJECT, REJECT_BUTTON)


async def takes(router: BatchRouter, who: RoleAssignment) -> list[UnitOfWork]:
    """Take the case from the message that asks for the second look."""
    return await router.run(router.goes(who.telegram_id, Action.TAKE, str(CASE.id)))


async def window_ends(process: StorageProcess, now: datetime) -> list[str]:
    """Apply what is decided; return the screens that the candidate is sent."""
    clock = StandingClock()
    clock.moment = now
    storage = storage_over(process.db, KEYS, process.inbox, process.outbox, None)
    await run_job(storage, DecisionApplier(storage, EXAM, clock, ()), now)
    rows = await process.outbox.waiting(now)
    effects = [row.effect for row in rows if row.chat_id == CANDIDATE]
    return [one.screen for one in effects if isinstance(one, ShowScreen)]


async def stage(database: str) -> Stage:
    """Return the stage of the application."""
    ((found,),) = await kept(database, select(tables.applications.c.stage))
    return Stage(found)


def sent(units: list[UnitOfWork], who: RoleAssignment) -> list[tuple[str, str]]:
    """Return the screens that one of the staff is sent, with the outcome that they tell."""
    return [
        (row.effect.screen, row.effect.data.get("outcome", ""))
        for unit in units
        for row in unit.outgoing
        if row.chat_id == who.telegram_id and isinstance(row.effect, ShowScreen)
    ]


async def differences(process: StorageProcess) -> list[replay.Difference]:
    """Return what the audit cannot explain about applications and their second looks."""
    async with process.db.read() as connection:
        found = await replay.differences(connection, KEYS)
    kinds = (replay.Kind.CHANGED, replay.Kind.SECOND_LOOK)
    return [one for one in found if one.kind in kinds]


async def test_somebody_else_looks_agrees_and_the_candidate_is_told_after_the_window(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    asked = await asks(router, CLERK)
    assert "请同事再看一遍" in await router.drawn(asked)
    assert sent(asked, OTHER_CLERK) == [("second-look-news", "")]
    told = await router.drawn(asked)
    assert "报名确认（" in told, "who holds two roles knows which"
    assert "截止" in told
    assert sent(asked, FAR) == sent(asked, AREA) == []
    assert await kept(database, select(tables.claims)) == await kept(
        database, select(tables.decisions)
    )
    card = await router.drawn(await takes(router, OTHER_CLERK))
    assert "同事1 建议不予通过" in card
    assert "不符合报考条件" in card
    assert "同意，不予通过" in card
    assert "通过并领取下一份" not in card
    agreed = await acts(router, OTHER_CLERK, Staff.card, Action.REJECT, AGREE)
    assert "您和同事决定<b>不予通过</b>" in await router.drawn(agreed)
    assert sent(agreed, CLERK) == [("second-look-outcome", "agreed")]
    assert await stage(database) is Stage.SUBMITTED, "nothing leaks before the undo window ends"
    assert await window_ends(process, NOW + timedelta(minutes=2)) == ["told-rejected"]
    assert await stage(database) is Stage.REJECTED
    assert await differences(process) == []
    history = await router.run(router.goes(OTHER_CLERK.telegram_id, Action.HISTORY, str(CASE.id)))
    drawn = await router.drawn(history)
    assert "报名确认不予通过" in drawn
    assert "同事1 建议不予通过" in drawn


async def test_who_asked_cannot_look_twice(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    await asks(router, CLERK)
    again = await takes(router, CLERK)
    assert "现在不在您能办的范围里" in await router.drawn(again)
    assert await kept(database, select(tables.claims.c.application_id)) == []
    await acts(router, CLERK, Staff.card, Action.REJECT, AGREE)
    assert await window_ends(process, NOW + timedelta(hours=1)) == []
    assert await stage(database) is Stage.SUBMITTED


async def test_declined_it_is_decided_as_any_other(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    await asks(router, CLERK)
    await takes(router, OTHER_CLERK)
    declined = await acts(router, OTHER_CLERK, Staff.card, Action.REJECT, DECLINE)
    assert sent(declined, CLERK) == [("second-look-outcome", "declined")]
    assert "通过并领取下一份" in await router.drawn(declined)
    await acts(router, OTHER_CLERK, Staff.card, Action.CONFIRM)
    assert await window_ends(process, NOW + timedelta(minutes=2)) == ["told-confirmed"]
    assert await stage(database) is Stage.CONFIRMED


async def test_the_second_person_cannot_decide_past_the_request(
    router: BatchRouter, database: str
) -> None:
    await asks(router, CLERK)
    await takes(router, OTHER_CLERK)
    refused = await acts(router, OTHER_CLERK, Staff.card, Action.CONFIRM)
    assert "建议不予通过" in await router.drawn(refused)
    assert await kept(database, select(tables.decisions)) == []


async def test_an_agreement_is_undone_and_the_request_is_open_again(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    await asks(router, CLERK)
    await takes(router, OTHER_CLERK)
    await acts(router, OTHER_CLERK, Staff.card, Action.REJECT, AGREE)
    undone = await router.run(router.goes(OTHER_CLERK.telegram_id, Action.UNDO, str(CASE.id)))
    assert sent(undone, CLERK) == [("second-look-outcome", "undone")]
    assert "建议不予通过" in await router.drawn(undone)
    assert await window_ends(process, NOW + timedelta(hours=1)) == []
    assert await stage(database) is Stage.SUBMITTED
    await acts(router, OTHER_CLERK, Staff.card, Action.REJECT, AGREE)
    assert await window_ends(process, NOW + timedelta(hours=1)) == ["told-rejected"]


async def test_who_asked_takes_it_back_with_the_reasons(router: BatchRouter, database: str) -> None:
    await asks(router, CLERK)
    back = await router.run(router.goes(CLERK.telegram_id, Action.RETRACT, str(CASE.id)))
    assert "建议已撤回" in await router.drawn(back)
    drafted = await acts(router, CLERK, Staff.card, Action.EDIT)
    assert "不符合报考条件" in await router.drawn(drafted)
    late = await router.run(router.goes(CLERK.telegram_id, Action.RETRACT, str(CASE.id)))
    assert "不能再撤回" in await router.drawn(late)


@pytest.mark.row("S15")
@pytest.mark.parametrize("is_agreed", [False, True], ids=["asked", "agreed"])
async def test_a_withdrawal_ends_it_and_who_asked_is_told(
    router: BatchRouter, process: StorageProcess, database: str, *, is_agreed: bool
) -> None:
    await asks(router, CLERK)
    if is_agreed:
        await takes(router, OTHER_CLERK)
        await acts(router, OTHER_CLERK, Staff.card, Action.REJECT, AGREE)
    withdrawn = await router.run(router.taps(CANDIDATE, f"W:{ANYWHERE}:{CASE.revision}"))
    assert await stage(database) is Stage.DRAFT
    assert closed(withdrawn) == {
        CLERK.telegram_id: "withdrawn-asked",
        **({OTHER_CLERK.telegram_id: "withdrawn-decided"} if is_agreed else {}),
    }
    assert "“不予通过”建议结束" in await router.drawn(withdrawn)
    told_later = await window_ends(process, NOW + timedelta(hours=1))
    assert not [one for one in told_later if one.startswith("told-")]
    late = await router.run(router.goes(CLERK.telegram_id, Action.RETRACT, str(CASE.id)))
    assert "不能再撤回" in await router.drawn(late)
    history = await router.run(router.goes(OTHER_CLERK.telegram_id, Action.HISTORY, str(CASE.id)))
    drawn = await router.drawn(history)
    assert "考生撤回了报名" in drawn
    assert "等同事再看一遍" not in drawn
    assert await differences(process) == []


def closed(units: list[UnitOfWork]) -> dict[int, str]:
    """Return how the case ended for each chat that is told so."""
    return {
        row.chat_id: row.effect.data.get(WHY, "")
        for unit in units
        for row in unit.outgoing
        if isinstance(row.effect, ShowScreen) and row.effect.screen == CLOSED
    }


async def test_only_reasons_that_nothing_removes(router: BatchRouter, database: str) -> None:
    drawn = await router.drawn(await asks(router, CLERK, "wrong"))
    assert "只有改不了的原因才能用" in drawn
    assert await kept(database, select(tables.second_looks)) == []


async def test_without_a_second_person_it_says_so(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    async with process.db.write() as tx:
        await role_assignments.revoke(tx, KEYS, OTHER_CLERK.id, NOW)
    drawn = await router.drawn(await asks(router, CLERK))
    assert "现在这里没有第二个人能看" in drawn
    assert await kept(database, select(tables.second_looks)) == []


async def test_a_stage_that_was_moved_without_a_second_look_is_found(
    router: BatchRouter, process: StorageProcess
) -> None:
    rejected = replace(CASE, stage=Stage.REJECTED)
    async with process.db.write() as tx:
        await applications.save_transition(tx, KEYS, CASE, rejected)
    kinds = {one.kind for one in await differences(process)}
    assert kinds == {replay.Kind.SECOND_LOOK}
