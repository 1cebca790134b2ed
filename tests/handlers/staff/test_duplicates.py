"""Two accounts of one person: found after a submission, merged by two, told apart, opened again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select, update

from bot.scheduler.desks.apply_cases import CaseDecisions
from bot.scheduler.desks.likeness import LikenessSearch
from handlers.callback_data import Action
from states.fsm_states import Staff
from states.identity import IdType
from states.progress import next_step
from states.records import CONSENT_VERSION, Application, Identity, Person, PersonId, Records, Stage
from states.reminders.planning import deadline_of
from states.staff.cases import CaseKind
from states.staff_roles import Role, RoleAssignment, Scope
from states.step_result import ShowScreen
from states.submissions.application_codes import code_of
from storage.audit import replay
from storage.audit.audit_log import AuditAction
from storage.candidates import applications, cases, people
from storage.candidates.cases import Case
from storage.engine import tables
from storage.engine.jobs import JobKind, StoredJob
from storage.engine.row_macs import RowChanged
from storage.staff.cases.claims import NEWS_WAITS
from storage.updates.unit_of_work import UnitOfWork
from tests.bot.storages import storage_over
from tests.factories import EXAM, IDENTITY, staff_member
from tests.fakes.batch_router import BatchRouter, batch_router
from tests.fakes.jobs import run_due
from tests.storage.people import file_in, keep
from tests.storage.process import StorageProcess, kept
from tests.storage.staff_members import AREA, CLERK, KEYS, PACE, SITE, candidate, grant_all, waiting

pytestmark = pytest.mark.row("B16")

NOW = EXAM.windows.confirmation.opens + timedelta(hours=10)
OTHER_SITE = staff_member(8, Role.SITE_REVIEWER, Scope("qinghai", "xining"))
FAR = staff_member(9, Role.SITE_REVIEWER, Scope("qinghai", "haidong"))
PHONE = "+8613800138000"
PERMIT = Identity("刘灵", IdType.HK_MACAO_PERMIT, "H12345678", "female", IDENTITY.born)


def owner(number: int, identity: Identity = IDENTITY) -> Person:
    hashed = people.hash_number(KEYS, identity.id_type, identity.id_number)
    return replace(
        candidate(number), identity=identity, number_hash=hashed, photo=None, blocked_at=None
    )


def filed(number: int, stage: Stage = Stage.SUBMITTED, **answers: str) -> Application:
    made = waiting(number, stage)
    given = {**made.answers, "mobile": PHONE, **answers}
    return replace(made, answers=given, submitted_at=NOW, photo=None, materials={})


FIRST, SECOND = owner(1), owner(2, PERMIT)


@pytest_asyncio.fixture
async def router(process: StorageProcess) -> AsyncIterator[BatchRouter]:
    """Two reviewers of a site, their area's, one of another site, and two alike accounts."""
    async with batch_router(process) as router:
        router.now = NOW
        await grant_all(process.db, SITE, OTHER_SITE, AREA, FAR)
        await process.work.refresh_staff()
        await keep(process.db, FIRST, SECOND)
        await file_in(process.db, filed(1), filed(2))
        yield router


async def looks(process: StorageProcess, *which: Person) -> None:
    """The job after a submission has run for these people."""
    storage = storage_over(process.db, KEYS, process.inbox, process.outbox, None)
    for one in which:
        search = StoredJob(JobKind.LIKENESS, str(one.id), NOW, person_id=one.id)
        async with process.db.write() as tx:
            await storage.jobs.enqueue(tx, [search])
        assert await run_due(storage, LikenessSearch(storage, EXAM), NOW) == 1
    await run_due(storage, CaseDecisions(storage, EXAM, PACE), NOW)


async def found(process: StorageProcess) -> list[Case]:
    async with process.db.read() as connection:
        return await cases.duplicates_of(connection, KEYS, FIRST.id)


async def the_case(process: StorageProcess) -> Case:
    (only,) = await found(process)
    return only


async def pair(process: StorageProcess) -> Case:
    """Both have submitted, and one case is open."""
    await looks(process, FIRST, SECOND)
    return await the_case(process)


async def presses(
    router: BatchRouter, who: RoleAssignment, verb: str, case: Case
) -> list[UnitOfWork]:
    return await router.run(router.goes(who.telegram_id, Action.DUPLICATE, f"{verb}{case.id}"))


async def window_ends(process: StorageProcess, now: datetime) -> dict[int, str]:
    """Apply what is decided; return the last screen of each account."""
    storage = storage_over(process.db, KEYS, process.inbox, process.outbox, None)
    await run_due(storage, CaseDecisions(storage, EXAM, PACE), now)
    rows = await process.outbox.waiting(now)
    effects = ((row.chat_id, row.effect) for row in rows)
    return {chat: one.screen for chat, one in effects if isinstance(one, ShowScreen)}


async def accounts(process: StorageProcess) -> dict[PersonId, Person]:
    async with process.db.read() as connection:
        return await people.by_ids(connection, KEYS, [FIRST.id, SECOND.id])


async def stages(database: str) -> list[str]:
    query = select(tables.applications.c.stage).order_by(tables.applications.c.id)
    return [stage for (stage,) in await kept(database, query)]


def sent(units: list[UnitOfWork], who: RoleAssignment) -> list[str]:
    return [
        row.effect.screen
        for unit in units
        for row in unit.outgoing
        if row.chat_id == who.telegram_id and isinstance(row.effect, ShowScreen)
    ]


async def test_a_pair_is_found_once_and_the_staff_of_the_site_are_told(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    case = await pair(process)
    assert case.words == "name phone"
    assert (case.area, case.site) == ("qinghai", "xining")
    await looks(process, FIRST, SECOND)
    assert [one.id for one in await found(process)] == [case.id], "found once"
    rows = await process.outbox.waiting(NOW)
    told = {row.chat_id for row in rows if isinstance(row.effect, ShowScreen)}
    assert told == {SITE.telegram_id, OTHER_SITE.telegram_id, AREA.telegram_id}
    listed = await router.drawn(await router.run(router.says(SITE.telegram_id, "/cases")))
    assert "可能是同一个人" in listed


async def test_the_list_says_whose_each_case_is_and_what_is_alike(
    router: BatchRouter, process: StorageProcess
) -> None:
    await pair(process)
    taken = Case(77, CaseKind.NUMBER_TAKEN, candidate(3).id, "h", "qinghai", "xining", NOW)
    await keep(process.db, replace(owner(3, replace(IDENTITY, name="周海棠")), number_hash=None))
    async with process.db.write() as tx:
        await cases.add(tx, KEYS, taken)
    listed = await router.drawn(await router.run(router.says(SITE.telegram_id, "/cases")))
    first, second = code_of(filed(1).id), code_of(filed(2).id)
    assert f"{first}、{second}：姓名相近、出生日期一样、同一个手机号" in listed
    assert "1. 号码被别人注册　周**" in listed, "without a registration; and somebody waits for it"
    for plain in ("周海棠", IDENTITY.name, PERMIT.name, PERMIT.id_number, PHONE[3:]):
        assert plain not in listed


async def test_digests_are_keyed_and_go_with_their_person(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    await pair(process)
    digests = await kept(database, select(tables.identity_digests.c.digest))
    assert len(digests) == 6
    plain = {PHONE, IDENTITY.born, IDENTITY.id_number}
    assert not plain & {one for (one,) in digests}


async def test_the_card_shows_both_masked_and_what_is_alike(
    router: BatchRouter, process: StorageProcess
) -> None:
    case = await pair(process)
    opened = await router.run(router.goes(SITE.telegram_id, Action.CASE, f"o{case.id}"))
    card = await router.drawn(opened)
    assert code_of(filed(1).id) in card
    assert code_of(filed(2).id) in card
    assert "刘*" in card
    for plain in (IDENTITY.name, IDENTITY.id_number, PERMIT.name, PERMIT.id_number, PHONE[3:]):
        assert plain not in card
    assert "姓名（相近）" in card
    assert "出生日期" in card
    assert "双胞胎" in card


async def test_two_people_merge_and_the_other_account_is_closed(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    case = await pair(process)
    asked = await presses(router, SITE, "1", case)
    assert "要第二个人同意才作数" in await router.drawn(asked)
    assert sent(asked, OTHER_SITE) == ["duplicate-asked"]
    assert "要第二个人同意才作数" in await router.drawn(await presses(router, SITE, "y", case))
    assert (await the_case(process)).outcome is None, "nobody agrees with themselves"
    agreed = await presses(router, OTHER_SITE, "y", case)
    assert "您决定<b>合并</b>" in await router.drawn(agreed)
    assert await stages(database) == ["submitted", "submitted"], "nothing before the window ends"
    told = await window_ends(process, NOW + timedelta(minutes=2))
    assert told[FIRST.telegram_id] == "told-account-kept"
    assert told[SECOND.telegram_id] == "told-account-closed"
    assert told[SITE.telegram_id] == "duplicate-told", "who asked hears that it is done"
    assert await stages(database) == ["submitted", "draft"]
    both = await accounts(process)
    assert both[SECOND.id].is_closed
    assert not both[FIRST.id].is_closed
    assert both[SECOND.id].identity == PERMIT, "nothing is lost"
    async with process.db.read() as connection:
        kinds = {one.kind for one in await replay.differences(connection, KEYS)}
    assert replay.Kind.CHANGED not in kinds


async def test_told_apart_nobody_is_told_and_it_is_not_hinted_at_again(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    case = await pair(process)
    decided = await presses(router, SITE, "x", case)
    assert "是两个人" in await router.drawn(decided)
    told = await window_ends(process, NOW + timedelta(minutes=2))
    assert FIRST.telegram_id not in told
    assert SECOND.telegram_id not in told
    await looks(process, FIRST, SECOND)
    assert len(await found(process)) == 1, "no new case of the same two"
    assert await stages(database) == ["submitted", "submitted"]
    listed = await router.drawn(await router.run(router.says(SITE.telegram_id, "/cases")))
    assert "现在没有等您办的" in listed


async def test_an_undone_merge_waits_for_the_second_person_again(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    case = await pair(process)
    await presses(router, SITE, "1", case)
    await presses(router, OTHER_SITE, "y", case)
    assert (await accounts(process))[SECOND.id].open_case is not None
    undone = await presses(router, OTHER_SITE, "u", case)
    assert "已撤销" in await router.drawn(undone)
    assert (await accounts(process))[SECOND.id].open_case is None
    assert await window_ends(process, NOW + timedelta(minutes=2)) is not None
    assert await stages(database) == ["submitted", "submitted"]
    back = await presses(router, SITE, "b", case)
    assert "已撤回" in await router.drawn(back)
    assert (await the_case(process)).asked_by is None


async def test_the_second_person_does_not_agree_and_the_first_is_told(
    router: BatchRouter, process: StorageProcess
) -> None:
    case = await pair(process)
    await presses(router, SITE, "2", case)
    refused = await presses(router, OTHER_SITE, "n", case)
    assert sent(refused, SITE) == ["duplicate-told"]
    assert (await the_case(process)).kept_id is None


async def test_of_two_who_act_at_once_one_counts(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    case = await pair(process)
    await router.run(
        router.goes(SITE.telegram_id, Action.DUPLICATE, f"1{case.id}"),
        router.goes(OTHER_SITE.telegram_id, Action.DUPLICATE, f"x{case.id}"),
    )
    now = await the_case(process)
    assert (now.asked_by, now.outcome) == (SITE.id, None), "the first asked, the second came late"
    await router.run(
        router.goes(OTHER_SITE.telegram_id, Action.DUPLICATE, f"y{case.id}"),
        router.goes(AREA.telegram_id, Action.DUPLICATE, f"n{case.id}"),
    )
    assert (await the_case(process)).decided_by == OTHER_SITE.id


async def test_a_confirmed_registration_is_not_ended_by_a_merge(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    case = await pair(process)
    await presses(router, SITE, "1", case)
    await presses(router, OTHER_SITE, "y", case)
    async with process.db.write() as tx:
        confirmed = replace(filed(2), stage=Stage.CONFIRMED)
        assert await applications.save_transition(tx, KEYS, filed(2), confirmed)
    told = await window_ends(process, NOW + timedelta(minutes=2))
    assert told[OTHER_SITE.telegram_id] == "case-void"
    assert told[SITE.telegram_id] == "duplicate-told"
    assert await stages(database) == ["submitted", "confirmed"]
    assert (await accounts(process))[SECOND.id].open_case is None
    again = await router.drawn(await presses(router, SITE, "1", case))
    assert "已经确认过" in again


async def test_nobody_else_decides(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    case = await pair(process)
    for verb in ("1", "x", "o"):
        await presses(router, FAR, verb, case)
    assert (await the_case(process)) == case
    own = staff_member(11, Role.SITE_REVIEWER, Scope("qinghai", "xining"), FIRST.telegram_id)
    await grant_all(process.db, own)
    await process.work.refresh_staff()
    await presses(router, own, "x", case)
    assert (await the_case(process)) == case, "never one's own account"


async def test_a_closed_account_is_opened_again_from_its_history(
    router: BatchRouter, process: StorageProcess, database: str
) -> None:
    case = await pair(process)
    await presses(router, SITE, "1", case)
    await presses(router, OTHER_SITE, "y", case)
    await window_ends(process, NOW + timedelta(minutes=2))
    router.now = NOW + timedelta(hours=1)
    history = await router.run(router.goes(SITE.telegram_id, Action.HISTORY, str(filed(2).id)))
    assert "账户关闭错了，重新打开" in await router.drawn(history)
    opened = await presses(router, SITE, "r", case)
    assert "账户已重新打开" in await router.drawn(opened)
    assert not (await accounts(process))[SECOND.id].is_closed
    actions = await kept(database, select(tables.audit.c.action))
    assert (AuditAction.ACCOUNT_REOPENED,) in actions
    await looks(process, SECOND)
    assert len(await found(process)) == 1


async def test_of_several_pairs_of_one_submission_the_staff_hear_once(
    router: BatchRouter, process: StorageProcess
) -> None:
    third = owner(3, Identity("同事3", "resident_id", f"{3:018}"))
    await keep(process.db, third)
    await file_in(process.db, filed(3))
    await looks(process, SECOND, third, FIRST)
    assert len(await found(process)) == 2
    rows = [one for one in await process.outbox.waiting(NOW) if one.chat_id == SITE.telegram_id]
    assert len(rows) == 2, "one for the third person's submission, one for the first's"
    queue = await router.drawn(await router.run(router.says(SITE.telegram_id, "/queue")))
    assert "不影响考生报名" in queue
    assert "报不了名" not in queue


async def news(process: StorageProcess, now: datetime) -> list[int]:
    """Tell of cases what is due; return the chats with such a message."""
    storage = storage_over(process.db, KEYS, process.inbox, process.outbox, None)
    await run_due(storage, CaseDecisions(storage, EXAM, PACE), now)
    rows = await process.outbox.waiting(now)
    return [
        row.chat_id
        for row in rows
        if isinstance(row.effect, ShowScreen) and row.effect.screen == "case-news"
    ]


@pytest.mark.parametrize("is_decided", [False, True])
async def test_news_of_a_case_waits_for_a_card_in_hand_and_is_not_lost(
    router: BatchRouter, process: StorageProcess, is_decided: bool
) -> None:
    await grant_all(process.db, replace(CLERK, telegram_id=SITE.telegram_id))
    await process.work.refresh_staff()
    await router.run(router.goes(SITE.telegram_id, Action.TAKE, str(filed(1).id)))
    case = await pair(process)
    others = [OTHER_SITE.telegram_id, AREA.telegram_id]
    soon = NOW + timedelta(minutes=1)
    assert sorted(await news(process, soon)) == sorted(others)
    if is_decided:
        await presses(router, OTHER_SITE, "x", case)
    back = (SITE.telegram_id, Staff.card, Action.REMOVE)
    await router.run(router.presses(*back, about=filed(1).id))
    told = await news(process, soon + timedelta(minutes=1))
    expected = others if is_decided else [*others, SITE.telegram_id]
    assert sorted(told) == sorted(expected), "once each, and only while the case waits"
    await news(process, soon + timedelta(minutes=2))
    assert (await the_case(process)).closed_at is not None or not is_decided


async def test_news_waits_no_longer_for_who_takes_one_card_after_the_other(
    router: BatchRouter, process: StorageProcess
) -> None:
    await grant_all(process.db, replace(CLERK, telegram_id=SITE.telegram_id))
    await process.work.refresh_staff()
    await router.run(router.goes(SITE.telegram_id, Action.TAKE, str(filed(1).id)))
    case = await pair(process)
    await work_on(process, case.opened_at + NEWS_WAITS)
    almost = case.opened_at + NEWS_WAITS - timedelta(minutes=1)
    assert SITE.telegram_id not in await news(process, almost)
    assert SITE.telegram_id in await news(process, case.opened_at + NEWS_WAITS)


async def work_on(process: StorageProcess, until: datetime) -> None:
    """Renew every claim as by an act at this moment."""
    async with process.db.write() as tx:
        await tx.execute(update(tables.claims).values(touched_at=until))


async def test_at_two_sites_the_area_decides(router: BatchRouter, process: StorageProcess) -> None:
    await file_in(process.db, filed(2, site="haidong", point=""))
    case = await pair(process)
    assert (case.area, case.site) == ("qinghai", "")
    await presses(router, SITE, "x", case)
    assert (await the_case(process)).outcome is None
    await presses(router, AREA, "x", case)
    assert (await the_case(process)).outcome is not None


async def test_of_an_office_telephone_nobody_is_suspected(
    router: BatchRouter, process: StorageProcess
) -> None:
    others = [
        owner(number, Identity(f"同事{number}", "resident_id", f"{number:018}"))
        for number in range(3, 10)
    ]
    await keep(process.db, *others)
    await file_in(process.db, *(filed(number) for number in range(3, 10)))
    await looks(process, *others, FIRST)
    async with process.db.read() as connection:
        assert await cases.duplicates_of(connection, KEYS, others[-1].id) == []


async def test_a_case_that_was_changed_without_the_keys_is_refused(
    router: BatchRouter, process: StorageProcess
) -> None:
    case = await pair(process)
    async with process.db.write() as tx:
        forged = update(tables.cases).where(tables.cases.c.id == case.id)
        await tx.execute(forged.values(kept_id=FIRST.id))
    with pytest.raises(RowChanged):
        await the_case(process)


async def test_a_clerk_reads_the_hint_on_the_card_until_the_two_are_told_apart(
    router: BatchRouter, process: StorageProcess
) -> None:
    await grant_all(process.db, CLERK)
    await process.work.refresh_staff()
    case = await pair(process)
    card = await router.drawn(
        await router.run(router.goes(CLERK.telegram_id, Action.TAKE, str(filed(1).id)))
    )
    assert f"可能和另一个账户是同一个人（{code_of(filed(2).id)}）" in card
    assert "比较两个账户" not in card, "a clerk of a point does not decide it"
    assert "由西宁考点的审核员决定" in card
    assert "请告诉他们：0971" in card, "whom to ask"
    await presses(router, SITE, "x", case)
    await window_ends(process, NOW + timedelta(minutes=2))
    again = await router.drawn(
        await router.run(router.goes(CLERK.telegram_id, Action.TAKE, str(filed(2).id)))
    )
    assert "同一个人" not in again


async def test_a_closed_account_hears_of_no_deadline(
    router: BatchRouter, process: StorageProcess
) -> None:
    case = await pair(process)
    await presses(router, SITE, "1", case)
    await presses(router, OTHER_SITE, "y", case)
    await window_ends(process, NOW + timedelta(minutes=2))
    closed = (await accounts(process))[SECOND.id]
    draft = replace(filed(2), stage=Stage.DRAFT)
    closed = replace(closed, consent=CONSENT_VERSION)
    open_one = replace(closed, open_case=None)
    assert deadline_of(Records(open_one, draft), EXAM, NOW) is not None
    assert deadline_of(Records(closed, draft), EXAM, NOW) is None
    assert next_step.due(Records(closed, draft), EXAM, NOW) == next_step.MENU
