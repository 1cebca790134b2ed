"""Money as the staff of an area see it: both figures, also where the currency is another."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.scheduler.desks.apply_cases import CaseDecisions
from bot.scheduler.desks.staff_digest import StaffDigest
from handlers.callback_data import ANYWHERE, Action, CallbackData, question_hash_of
from handlers.candidate.pay import CLAIMS_A_DAY, ORDERS_A_DAY
from handlers.registry import SCREENS
from handlers.rendering import View
from handlers.staff.desks.payments import SHOWN_CLAIMS
from states.exam import PaymentWay
from states.fsm_states import Paying, Staff
from states.payment.orders import Money, Order, OrderId, OrderState, Source, amount_due
from states.records import Application, Records, Stage
from states.staff.cases import CaseKind
from states.staff_roles import Role, RoleAssignment, Scope
from states.step_result import ShowScreen
from states.submissions.application_codes import code_of
from storage.candidates import applications, cases
from storage.candidates.cases import Case
from storage.engine import tables
from storage.engine.ids import RowIds
from storage.payments import charges, orders, settling
from storage.payments.settling import Ledger
from storage.staff.access import role_assignments
from tests.bot.storages import storage_over
from tests.factories import EXAM, staff_member
from tests.fakes.batch_router import BatchRouter, batch_router
from tests.fakes.jobs import run_due, run_job
from tests.handlers.all_screens import texts_of
from tests.storage.process import StorageProcess
from tests.storage.staff_members import (
    ALL,
    AREA,
    CLERK,
    EAST,
    KEYS,
    PACE,
    QINGHAI,
    SITE,
    XINING,
    candidate,
    come,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("S23", "S25")

SUBJECTS = {"subjects": " ".join(one.code for one in EXAM.subjects)}
APPROVED = replace(
    waiting(1, Stage.APPROVED), answers={**waiting(1, Stage.APPROVED).answers, **SUBJECTS}
)
OPENS = EXAM.windows.payment.opens
DUE = amount_due(APPROVED, EXAM)
ORDER = Order(
    OrderId(10),
    "B10",
    APPROVED.id,
    APPROVED.person_id,
    1,
    PaymentWay.WECHAT,
    DUE,
    OPENS,
    EXAM.windows.payment.closes,
    OrderState.ASKED,
)


@pytest.fixture
async def router(process: StorageProcess) -> AsyncIterator[BatchRouter]:
    """The second day of the payment: an application is approved, and the staff are at work."""
    async with batch_router(process) as router:
        await grant_all(process.db, *ALL)
        await process.work.refresh_staff()
        await come(process.db, APPROVED)
        router.now = OPENS + timedelta(days=1)
        yield router


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({"currency": "USD"}, f"{DUE} USD（最小单位，不是人民币）（应缴 260 元）"),
        ({"amount": DUE - 100}, "259 元（应缴 260 元）"),
        ({"is_merchant": False}, "260 元（应缴 260 元）"),
        ({"at": EXAM.windows.payment.closes}, "260 元（应缴 260 元）"),
    ],
    ids=["currency", "amount", "merchant", "late"],
)
async def test_money_that_differs_is_in_the_list_with_both_figures(
    router: BatchRouter, process: StorageProcess, changed: dict[str, object], shown: str
) -> None:
    paid = Money(PaymentWay.WECHAT, "c1", "B10", DUE, "CNY", OPENS, Source.QUERY)
    async with process.db.write() as connection:
        await orders.add(connection, KEYS, ORDER)
        books = Ledger(connection, KEYS, EXAM, router.now, RowIds().next)
        money = replace(paid, **changed)  # type: ignore[arg-type]
        settled = await settling.receive(books, money)
    assert settled is not None
    assert settled.application is not None
    assert settled.application.stage is Stage.APPROVED
    listed = await router.drawn(await router.run(router.says(AREA.telegram_id, "/payments")))
    assert shown in listed
    is_foreign = "currency" in changed
    assert ("不是人民币，没有计入" in listed) is is_foreign
    assert ("应退：1 笔" in listed) is not is_foreign
    async with process.db.read() as connection:
        (charge,) = await charges.owed(connection, KEYS, [AREA], 0, 10)
    about = router.goes(AREA.telegram_id, Action.MONEY, f"o{charge.id}")
    card = await router.drawn(await router.run(about))
    assert shown in card.replace("<b>", "").replace("</b>", "")
    assert "c1" in card


async def test_a_long_list_of_money_is_leafed_through(
    router: BatchRouter, process: StorageProcess
) -> None:
    wrong = Money(PaymentWay.WECHAT, "c", "B10", DUE - 100, "CNY", OPENS, Source.QUERY)
    ids = RowIds()
    async with process.db.write() as connection:
        await orders.add(connection, KEYS, ORDER)
        books = Ledger(connection, KEYS, EXAM, router.now, ids.next)
        for number in range(12):
            await settling.receive(books, replace(wrong, charge=f"c{number}"))
    listed = await router.drawn(await router.run(router.says(AREA.telegram_id, "/payments")))
    assert "应退的钱（12 笔）" in listed
    assert "10. " in listed
    assert "11. " not in listed
    on = await router.drawn(
        await router.run(router.goes(AREA.telegram_id, Action.PART, "payments:10"))
    )
    assert "12. " in on
    assert "10. " not in on
    beyond = await router.run(router.goes(AREA.telegram_id, Action.PART, "payments:900"))
    assert "1. " in await router.drawn(beyond)


async def _application(process: StorageProcess) -> Application:
    async with process.db.read() as connection:
        return (await applications.by_ids(connection, KEYS, [APPROVED.id]))[APPROVED.id]


def _status(known: Application, router: BatchRouter) -> set[str]:
    """The keys that the candidate's status has now."""
    view = View(Records(candidate(1), known), EXAM, router.now)
    return {text.key for text in texts_of(SCREENS["status"](view))}


async def _claims(router: BatchRouter) -> None:
    """The candidate says that they have paid, and sends a proof."""
    ling = candidate(1).telegram_id
    await router.run(router.taps(ling, CallbackData(Action.GO, "paid", ANYWHERE).pack()))
    router.now += timedelta(minutes=1)
    words = router.says(ling, "2月5日 14:20，260 元，单号 4200001234")
    words["message"]["date"] = int(router.now.timestamp())
    await router.run(words)
    sending = CallbackData(Action.CONFIRM, "", question_hash_of(Paying.proof, {}))
    await router.run(router.taps(ling, sending.pack()))


@pytest.mark.parametrize("is_found", [True, False])
async def test_a_claim_is_open_until_the_area_decides(
    router: BatchRouter, process: StorageProcess, is_found: bool
) -> None:
    await _claims(router)
    claimed = await _application(process)
    assert "now-payment-claimed" in _status(claimed, router)
    assert "now-payment-open" not in _status(claimed, router)
    if is_found:
        about = router.goes(AREA.telegram_id, Action.MARK_PAID, str(APPROVED.id))
        await router.run(about)
        area, sure = AREA.telegram_id, Action.CONFIRM
        await router.run(router.presses(area, Staff.paying, sure, about=APPROVED.id))
    else:
        value = await _not_found(process)
        asked = await _presses(router, value.replace("n", "c"))
        assert "在考区的收款记录里没有查到吗" in asked
        assert "以前还可以缴" in asked
        assert await _open_claims(process) == 1
        await _presses(router, value)
    decided = await _application(process)
    shown = _status(decided, router)
    assert "now-payment-claimed" not in shown
    if is_found:
        assert decided.stage is Stage.REGISTERED
        assert decided.bill is None
    else:
        assert decided == APPROVED
        assert {"now-payment-open", "button-paid"} <= shown


async def test_a_claim_that_is_taken_back_leaves_the_area_and_opens_again(
    router: BatchRouter,
    process: StorageProcess,
) -> None:
    back = CallbackData(Action.GO, "not-paid", ANYWHERE).pack()
    for _ in range(2):
        await _claims(router)
        assert await _open_claims(process) == 1
        await router.run(router.taps(candidate(1).telegram_id, back))
        assert await _open_claims(process) == 0
        assert await _application(process) == APPROVED
    async with process.db.read() as connection:
        entries = await connection.scalars(select(tables.audit.c.action))
    assert Counter(entries)["case-closed"] == 2


async def _presses(router: BatchRouter, value: str) -> str:
    """The area presses a button about money; return what it reads."""
    return await router.drawn(await router.run(router.goes(AREA.telegram_id, Action.MONEY, value)))


async def test_after_the_payment_the_question_says_what_the_candidate_loses(
    router: BatchRouter, process: StorageProcess
) -> None:
    await _claims(router)
    router.now = EXAM.windows.payment.closes + timedelta(hours=1)
    value = await _not_found(process)
    asked = await _presses(router, value.replace("n", "c"))
    assert "按自动放弃处理" in asked
    assert "还可以缴" not in asked
    assert await _open_claims(process) == 1


async def _told_of_claims(process: StorageProcess, now: datetime) -> list[int]:
    """Run the jobs of cases; return the chats that get news of a claim."""
    storage = storage_over(process.db, KEYS, process.inbox, process.outbox, None)
    await run_due(storage, CaseDecisions(storage, EXAM, PACE), now)
    return sorted(
        row.chat_id
        for row in await process.outbox.waiting(now)
        if isinstance(row.effect, ShowScreen) and row.effect.screen == "claim-news"
    )


HEAD = staff_member(12, Role.ADMINISTRATOR, QINGHAI)


async def test_the_areas_reviewers_hear_of_a_claim_and_read_it_in_the_queue(
    router: BatchRouter, process: StorageProcess
) -> None:
    await grant_all(process.db, HEAD)
    await process.work.refresh_staff()
    await _claims(router)
    reviewers = {one.telegram_id for one in ALL if one.role is Role.AREA_REVIEWER}
    assert await _told_of_claims(process, router.now) == sorted(reviewers)
    queue = await router.drawn(await router.run(router.says(AREA.telegram_id, "/queue")))
    assert "说已经付了：1 件等考区核对" in queue
    assert "收款和退款" in queue
    of_site = await router.drawn(await router.run(router.says(SITE.telegram_id, "/queue")))
    assert "说已经付了" not in of_site


async def test_without_a_reviewer_the_administrators_of_the_area_hear_of_a_claim(
    router: BatchRouter, process: StorageProcess
) -> None:
    await grant_all(process.db, HEAD)
    async with process.db.write() as tx:
        for one in ALL:
            if one.role is Role.AREA_REVIEWER:
                await role_assignments.revoke(tx, KEYS, one.id, router.now)
    await process.work.refresh_staff()
    await _claims(router)
    assert await _told_of_claims(process, router.now) == [HEAD.telegram_id]


async def test_a_claim_that_waits_for_a_day_is_in_the_digest(
    router: BatchRouter, process: StorageProcess
) -> None:
    await _claims(router)
    storage = storage_over(process.db, KEYS, process.inbox, process.outbox, None)
    now = router.now + timedelta(days=1, hours=10)
    for moment in (router.now, now):
        await run_job(storage, StaffDigest(storage, EXAM, PACE), moment)
    told = {
        row.chat_id
        for row in await process.outbox.waiting(now)
        if isinstance(row.effect, ShowScreen) and row.effect.screen == "queue-news"
    }
    assert told == {one.telegram_id for one in ALL if one.role is Role.AREA_REVIEWER}


async def test_all_claims_are_counted_and_leafed_through(
    router: BatchRouter, process: StorageProcess
) -> None:
    """Five that cannot be settled today hide nobody behind them."""
    claiming = [waiting(number, Stage.APPROVED) for number in range(2, 9)]
    await come(process.db, *claiming)
    async with process.db.write() as tx:
        for number, one in enumerate(claiming):
            place = (one.area, "haidong" if number == 6 else one.site)
            about = (one.person_id, "", *place, router.now + timedelta(minutes=number))
            await cases.open_case(tx, KEYS, Case(100 + number, CaseKind.PAYMENT, *about))
    area = AREA.telegram_id
    listed = await router.drawn(await router.run(router.says(area, "/payments")))
    assert "说已经付了、等考区核对的（7 件）" in listed
    assert "全部 7 件" in listed
    codes = [code_of(one.id) for one in claiming]
    assert codes[4] in listed
    assert codes[5] not in listed
    await router.run(router.goes(area, Action.GO, "claims"))
    on = await router.drawn(await router.run(router.goes(area, Action.PART, "claims:5")))
    assert codes[5] in on
    assert codes[6] in on
    assert codes[4] not in on
    async with process.db.read() as connection:
        assert (await cases.count_payments(connection, [XINING]))[0] == 6
        of_site = await cases.open_payments_of(connection, KEYS, [XINING], 0, 10)
    assert len(of_site) == 6


async def test_nobody_fills_the_cases_by_claims_that_are_taken_back(
    router: BatchRouter, process: StorageProcess
) -> None:
    back = CallbackData(Action.GO, "not-paid", ANYWHERE).pack()
    for _ in range(CLAIMS_A_DAY + 3):
        await _claims(router)
        await router.run(router.taps(candidate(1).telegram_id, back))
    async with process.db.read() as connection:
        known = await cases.of_person(connection, KEYS, APPROVED.person_id)
    assert len(known) == CLAIMS_A_DAY
    assert (await _application(process)).claimed_at is None
    router.now += timedelta(days=1)
    await _claims(router)
    assert (await _application(process)).claimed_at is not None


async def test_nobody_fills_the_orders_by_changing_the_way(
    router: BatchRouter, process: StorageProcess
) -> None:
    here = next(area for area in EXAM.areas if area.ways)
    site = here.sites[0].code
    moved = replace(waiting(2, Stage.APPROVED), area=here.code)
    moved = replace(moved, answers={**APPROVED.answers, "site": site})
    await come(process.db, moved)
    (way, *_) = here.ways_at(site)
    made = router.now - timedelta(minutes=1)
    closed = {"state": OrderState.CLOSED, "made_at": made, "ended_at": made}
    async with process.db.write() as connection:
        for number in range(ORDERS_A_DAY):
            of = {"id": OrderId(100 + number), "number": f"B{100 + number}"}
            of |= {"application_id": moved.id, "person_id": moved.person_id}
            await orders.add(connection, KEYS, replace(ORDER, **of, **closed))  # type: ignore[arg-type]
    chooses = CallbackData(Action.GO, f"pay-{way}", ANYWHERE).pack()
    for moment, more in ((router.now, 0), (router.now + timedelta(days=1), 1)):
        router.now = moment
        await router.run(router.taps(candidate(2).telegram_id, chooses))
        async with process.db.read() as connection:
            known = await orders.of_application(connection, KEYS, moved.id)
        assert len(known) == ORDERS_A_DAY + more


async def _open_claims(process: StorageProcess) -> int:
    async with process.db.read() as connection:
        return len(await cases.open_payments(connection, KEYS, [APPROVED.person_id]))


async def _not_found(process: StorageProcess) -> str:
    """The value of the button that surely no payment was found, for the newest claim."""
    async with process.db.read() as connection:
        known = await cases.of_person(connection, KEYS, APPROVED.person_id)
    return f"n{known[-1].id}"


async def test_an_old_button_closes_no_claim_that_came_after_it(
    router: BatchRouter, process: StorageProcess
) -> None:
    await _claims(router)
    old = await _not_found(process)
    back = CallbackData(Action.GO, "not-paid", ANYWHERE).pack()
    await router.run(router.taps(candidate(1).telegram_id, back))
    await _claims(router)
    for tapped in (old.replace("n", "c"), old):
        said = await router.run(router.goes(AREA.telegram_id, Action.MONEY, tapped))
        assert "已办完" in await router.drawn(said)
    assert await _open_claims(process) == 1
    assert (await _application(process)).claimed_at is not None


OTHER_AREA = Scope("beijing")
BOTH = (
    staff_member(8, Role.POINT_CLERK, EAST, 5008),
    staff_member(9, Role.AREA_REVIEWER, OTHER_AREA, 5008),
)


@pytest.mark.parametrize(
    "role", [CLERK, SITE, BOTH[0]], ids=["clerk", "site", "clerk and far area"]
)
async def test_who_settles_no_money_there_closes_no_claim(
    router: BatchRouter, process: StorageProcess, role: RoleAssignment
) -> None:
    await grant_all(process.db, *BOTH)
    await process.work.refresh_staff()
    await _claims(router)
    value = await _not_found(process)
    for forged in (value, value.replace("n", "c"), f"n{APPROVED.id}"):
        said = await router.run(router.goes(role.telegram_id, Action.MONEY, forged))
        drawn = await router.drawn(said)
        assert "已办完" not in drawn
        assert code_of(APPROVED.id) not in drawn
    assert await _open_claims(process) == 1
    assert (await _application(process)).claimed_at is not None


async def test_a_site_sees_its_own_claims_however_many_other_sites_have(
    router: BatchRouter, process: StorageProcess
) -> None:
    desk = staff_member(10, Role.ADMINISTRATOR, XINING)
    await grant_all(process.db, desk)
    await process.work.refresh_staff()
    others = [waiting(2 + number, Stage.APPROVED) for number in range(SHOWN_CLAIMS)]
    await come(process.db, *others)
    async with process.db.write() as connection:
        for number, one in enumerate(others, 1):
            kind, place = CaseKind.PAYMENT, ("qinghai", "haidong")
            await cases.add(connection, KEYS, Case(number, kind, one.person_id, "", *place, OPENS))
    await _claims(router)
    listed = await router.drawn(await router.run(router.says(desk.telegram_id, "/payments")))
    assert f"{code_of(APPROVED.id)} 说已经付了" in listed
    assert listed.count(" 说已经付了") == 1


ADMINISTRATOR_HERE = (
    staff_member(11, Role.ADMINISTRATOR, QINGHAI, 5011),
    staff_member(12, Role.AREA_REVIEWER, OTHER_AREA, 5011),
)
OWN = staff_member(13, Role.AREA_REVIEWER, QINGHAI, candidate(1).telegram_id)


@pytest.mark.parametrize(
    "roles", [ADMINISTRATOR_HERE, (OWN,)], ids=["reviewer of another area", "own money"]
)
async def test_late_money_is_accepted_by_a_reviewer_of_its_area_and_never_by_its_payer(
    router: BatchRouter, process: StorageProcess, roles: tuple[RoleAssignment, ...]
) -> None:
    await grant_all(process.db, *roles)
    await process.work.refresh_staff()
    late = Money(
        *(PaymentWay.WECHAT, "c1", "B10", DUE, "CNY", EXAM.windows.payment.closes, Source.QUERY)
    )
    async with process.db.write() as connection:
        await orders.add(connection, KEYS, ORDER)
        books = Ledger(connection, KEYS, EXAM, router.now, RowIds().next)
        settled = await settling.receive(books, late)
    assert settled is not None
    account, button = roles[0].telegram_id, f"a{settled.charge.id}"
    card = await router.drawn(
        await router.run(router.goes(account, Action.MONEY, f"o{settled.charge.id}"))
    )
    assert "算作" not in card
    await router.run(router.goes(account, Action.MONEY, button))
    assert (await _application(process)).stage is Stage.APPROVED
    await router.run(router.goes(AREA.telegram_id, Action.MONEY, button))
    assert (await _application(process)).stage is Stage.REGISTERED
