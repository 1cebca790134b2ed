"""A sample of decisions is read again: blind, by somebody else, and a third one settles."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select, update

from bot.scheduler.desks.apply_decisions import DecisionApplier
from handlers.callback_data import Action, CallbackData, question_hash_of
from states.exam import Exam
from states.exam.sampling import SpotCheckRates, SpotCheckRules
from states.fsm_states import Staff
from states.records import Stage
from states.staff_roles import Desk, Role, RoleAssignment
from states.step_result import ShowScreen
from states.submissions.application_codes import code_of
from storage.engine import tables
from storage.engine.row_macs import RowChanged
from storage.staff.cases import spot_checks
from storage.staff.cases.cards import APPLICATION
from storage.staff.cases.spot_checks import SpotCheck
from storage.updates.unit_of_work import UnitOfWork
from tests.bot.storages import storage_over
from tests.factories import EXAM, staff_member
from tests.fakes.batch_router import BatchRouter, batch_router
from tests.fakes.jobs import run_job
from tests.fakes.staff_chats import StandingClock
from tests.storage.people import file_in
from tests.storage.process import StorageProcess, kept
from tests.storage.staff_members import (
    AREA,
    CLERK,
    EAST,
    FAR_CLERK,
    KEYS,
    OTHER_CLERK,
    SITE,
    access,
    come,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("B23")

NOW = EXAM.windows.confirmation.opens + timedelta(hours=10)
LATER = NOW + timedelta(minutes=2)
THIRD_CLERK = staff_member(8, Role.POINT_CLERK, EAST)
CASE = waiting(1)
ALL_RATES = SpotCheckRates(approved=1, refused=1)


def drawing(rates: SpotCheckRates = ALL_RATES) -> Exam:
    """The exam with these rates at the confirmation."""
    return EXAM.model_copy(update={"spot_checks": SpotCheckRules(confirmation=rates)})


@pytest_asyncio.fixture
async def router(process: StorageProcess) -> AsyncIterator[BatchRouter]:
    """Three clerks of a point, one of another, their site and area, and a case that waits."""
    async with batch_router(process) as router:
        router.now = NOW
        await grant_all(process.db, CLERK, OTHER_CLERK, THIRD_CLERK, FAR_CLERK, SITE, AREA)
        await process.work.refresh_staff()
        await come(process.db, CASE)
        yield router


async def presses(
    router: BatchRouter, who: RoleAssignment, action: Action, value: str = "", **at: str
) -> list[UnitOfWork]:
    """Tap a button of the open card."""
    state = at.pop("state", "card")
    data = {APPLICATION: str(CASE.id), **at}
    question = {"card": Staff.card, "refusing": Staff.refusing, "sending": Staff.sending}
    question |= {"reasoning": Staff.reasoning}
    callback = CallbackData(action, value, question_hash_of(question[state], data))
    return await router.run(router.taps(who.telegram_id, callback.pack()))


async def decides(router: BatchRouter, who: RoleAssignment, *, approving: bool) -> None:
    """Take the case, and decide."""
    await router.run(router.goes(who.telegram_id, Action.TAKE, str(CASE.id)))
    if approving:
        await presses(router, who, Action.CONFIRM)
        return
    await presses(router, who, Action.EDIT)
    await presses(router, who, Action.PICK, "field:specialty", state="refusing")
    await presses(router, who, Action.CHOOSE, "wrong", state="reasoning", item="field:specialty")
    await presses(router, who, Action.SEE, state="refusing")
    await presses(router, who, Action.SUBMIT, state="sending")


async def window_ends(process: StorageProcess, exam: Exam, now: datetime = LATER) -> None:
    """The decision takes effect."""
    clock = StandingClock()
    clock.moment = now
    storage = storage_over(process.db, KEYS, process.inbox, process.outbox, None)
    await run_job(storage, DecisionApplier(storage, exam, clock, ()), now)


async def drawn(
    router: BatchRouter, process: StorageProcess, *, approving: bool, exam: Exam | None = None
) -> None:
    """One clerk has decided, and the decision was drawn."""
    await decides(router, CLERK, approving=approving)
    await window_ends(process, exam or drawing())
    router.now = LATER


async def takes(router: BatchRouter, who: RoleAssignment) -> str:
    """Take the next check; all that is shown."""
    taken = await router.run(router.goes(who.telegram_id, Action.CHECK, "next"))
    return await router.drawn(taken)


async def check_of(database: str) -> int:
    ((number,),) = await kept(database, select(tables.spot_checks.c.id))
    return int(number)


async def says(
    router: BatchRouter, database: str, who: RoleAssignment, *, approving: bool
) -> list[UnitOfWork]:
    """Answer the check that is in hand."""
    number = await check_of(database)
    verb = "a" if approving else "r"
    answered = await router.run(router.goes(who.telegram_id, Action.CHECK, f"{verb}{number}"))
    if approving:
        return answered
    return await router.run(router.says(who.telegram_id, "执业注册不满规定的年限"))


async def the_check(process: StorageProcess, reader: RoleAssignment = SITE) -> SpotCheck:
    async with process.db.read() as connection:
        number = await connection.scalar(select(tables.spot_checks.c.id))
        found = await spot_checks.of_reader(access(connection, [reader], LATER), number or 0)
    assert found is not None
    return found


def sent(units: list[UnitOfWork], screen: str) -> set[int]:
    return {
        row.chat_id
        for unit in units
        for row in unit.outgoing
        if isinstance(row.effect, ShowScreen) and row.effect.screen == screen
    }


async def test_nothing_is_drawn_without_a_rate(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    await drawn(router, process, approving=True, exam=EXAM)
    assert await kept(database, select(tables.spot_checks)) == []


@pytest.mark.parametrize("approving", [True, False])
async def test_each_verdict_is_drawn_by_its_own_rate(
    router: BatchRouter, process: StorageProcess, database: str, approving: bool
) -> None:
    only = SpotCheckRates(approved=1, refused=0)
    await drawn(router, process, approving=approving, exam=drawing(only))
    assert bool(await kept(database, select(tables.spot_checks))) is approving


async def test_the_second_reader_is_blind_and_somebody_else(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    await drawn(router, process, approving=False)
    assert "现在没有等您看的" in await takes(router, CLERK), "never the same person"
    assert "现在没有等您看的" in await takes(router, FAR_CLERK), "never beyond one's scope"
    card = await takes(router, OTHER_CLERK)
    assert "像第一次办一样：您会通过吗？" in card
    for told in (
        "填写有误",
        "不通过的原因",
        "还在改正",
        code_of(CASE.id),
        "以前的决定",
        CLERK.name,
    ):
        assert told not in card
    assert "内科" in card or "专业" in card
    before = await kept(database, select(tables.applications.c.stage, tables.applications.c.since))
    assert "记下了，不改变任何结果" in await router.drawn(
        await says(router, database, OTHER_CLERK, approving=False)
    )
    assert before == await kept(
        database, select(tables.applications.c.stage, tables.applications.c.since)
    )
    check = await the_check(process)
    assert (check.second_approving, check.second_words) == (False, "执业注册不满规定的年限")
    assert "现在没有等您看的" in await takes(router, THIRD_CLERK), "they agree: no third"


async def test_the_second_reader_sees_the_record_that_the_form_refers_to(
    router: BatchRouter, process: StorageProcess
) -> None:
    answers = {**CASE.answers, "education": "2"}
    await file_in(process.db, replace(CASE, revision=CASE.revision + 1, answers=answers))
    await drawn(router, process, approving=True)
    card = await takes(router, OTHER_CLERK)
    for value in ("示例中医学院", "示证字第0042号"):
        assert value in card


async def test_who_looked_at_the_history_cannot_answer(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    await drawn(router, process, approving=False)
    await takes(router, OTHER_CLERK)
    await router.run(router.goes(OTHER_CLERK.telegram_id, Action.HISTORY, str(CASE.id)))
    answered = await says(router, database, OTHER_CLERK, approving=True)
    assert "现在不在您手上" in await router.drawn(answered)
    assert (await the_check(process)).second_id is None


async def test_of_two_who_take_at_once_one_reads(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    await drawn(router, process, approving=True)
    both = await router.run(
        router.goes(OTHER_CLERK.telegram_id, Action.CHECK, "next"),
        router.goes(THIRD_CLERK.telegram_id, Action.CHECK, "next"),
    )
    assert [len(sent([one], "check-card")) for one in both] == [1, 0]
    late = await says(router, database, THIRD_CLERK, approving=True)
    assert "现在不在您手上" in await router.drawn(late)
    assert (await the_check(process)).second_id is None


async def test_a_third_person_settles_and_the_desk_hears_of_a_wrong_refusal(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    await drawn(router, process, approving=False)
    await takes(router, OTHER_CLERK)
    await says(router, database, OTHER_CLERK, approving=True)
    assert "现在没有等您看的" in await takes(router, THIRD_CLERK), "the second can undo it yet"
    router.now = LATER + timedelta(minutes=5)
    assert "现在没有等您看的" in await takes(router, CLERK)
    assert "现在没有等您看的" in await takes(router, OTHER_CLERK), "never twice"
    card = await takes(router, THIRD_CLERK)
    assert "两个人的看法不同" in card
    assert "一个人：<b>不通过</b>" in card
    assert "另一个人：<b>通过</b>" in card
    assert CLERK.name not in card
    settled = await says(router, database, THIRD_CLERK, approving=True)
    told = sent(settled, "check-result")
    desk = {CLERK.telegram_id, OTHER_CLERK.telegram_id, THIRD_CLERK.telegram_id}
    assert told == desk | {AREA.telegram_id}
    said = await router.drawn(settled)
    assert "不该不通过" in said
    assert code_of(CASE.id) in said
    check = await the_check(process)
    assert check.was_wrong
    ((stage,),) = await kept(database, select(tables.applications.c.stage))
    assert stage == Stage.CONFIRM_REFUSED, "the desk decides, not the check"
    assert {row.chat_id for unit in settled for row in unit.outgoing}.isdisjoint({7001})


async def test_a_third_person_who_finds_the_first_right_tells_nobody(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    await drawn(router, process, approving=True)
    await takes(router, OTHER_CLERK)
    await says(router, database, OTHER_CLERK, approving=False)
    router.now = LATER + timedelta(minutes=5)
    assert "“执业注册不满规定的年限”" in await takes(router, THIRD_CLERK)
    settled = await says(router, database, THIRD_CLERK, approving=True)
    assert sent(settled, "check-result") == set()
    assert not (await the_check(process)).was_wrong


async def test_an_answer_is_undone_in_time_and_given_again(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    await drawn(router, process, approving=True)
    await takes(router, OTHER_CLERK)
    await says(router, database, OTHER_CLERK, approving=False)
    number = await check_of(database)
    undone = await router.run(router.goes(OTHER_CLERK.telegram_id, Action.CHECK, f"u{number}"))
    assert "已撤销，请再看一遍" in await router.drawn(undone)
    assert (await the_check(process)).second_id is None
    await says(router, database, OTHER_CLERK, approving=True)
    router.now = LATER + timedelta(minutes=5)
    late = await router.run(router.goes(OTHER_CLERK.telegram_id, Action.CHECK, f"u{number}"))
    assert "撤销的时间已经过了" in await router.drawn(late)
    assert (await the_check(process)).second_approving is True


async def test_put_back_and_timed_out_it_waits_for_others(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    await drawn(router, process, approving=True)
    await takes(router, OTHER_CLERK)
    number = await check_of(database)
    await router.run(router.goes(OTHER_CLERK.telegram_id, Action.CHECK, f"b{number}"))
    assert "您会通过吗" in await takes(router, THIRD_CLERK)
    router.now = LATER + timedelta(hours=1)
    assert "您会通过吗" in await takes(router, OTHER_CLERK), "the claim has timed out"


async def test_the_statistics_say_how_far_they_agree(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    await drawn(router, process, approving=True)
    await takes(router, OTHER_CLERK)
    await says(router, database, OTHER_CLERK, approving=False)
    shown = await router.drawn(await router.run(router.goes(SITE.telegram_id, Action.GO, "stats")))
    assert "报名确认：1 份，一致 0 份；通过和不通过都抽到了才能算 κ" in shown
    assert "不一致 1 份，第三个人看过 0 份" in shown
    far = await router.drawn(
        await router.run(router.goes(FAR_CLERK.telegram_id, Action.GO, "stats"))
    )
    assert "抽查" not in far


async def test_the_queue_names_what_waits(router: BatchRouter, process: StorageProcess) -> None:
    await drawn(router, process, approving=True)
    for who, waits in ((OTHER_CLERK, True), (CLERK, False), (FAR_CLERK, False)):
        shown = await router.drawn(await router.run(router.says(who.telegram_id, "/queue")))
        assert ("抽查：1 份等您看" in shown) is waits


async def test_nobody_reads_their_own(router: BatchRouter, process: StorageProcess) -> None:
    await drawn(router, process, approving=True)
    own = replace(THIRD_CLERK, id=21, telegram_id=7001)
    await grant_all(process.db, own)
    await process.work.refresh_staff()
    assert "现在没有等您看的" in await takes(router, own)


async def test_a_verdict_that_was_changed_without_the_keys_is_refused(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    await drawn(router, process, approving=True)
    async with process.db.write() as tx:
        await tx.execute(update(tables.spot_checks).values(approving=False))
    with pytest.raises(RowChanged):
        await takes(router, OTHER_CLERK)


async def test_what_is_drawn_is_about_the_rate() -> None:
    exam = drawing(SpotCheckRates(approved=0.1, refused=0))
    rate = exam.spot_checks.rate
    parts = [spot_checks._place_of(KEYS, number) for number in range(10_000)]
    share = sum(one < rate(Desk.CONFIRMATION, approving=True) for one in parts) / len(parts)
    assert 0.09 < share < 0.11
