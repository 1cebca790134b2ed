"""A case leaves its desk without a decision: those who had a hand in it are told, nothing waits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.scheduler.desks.apply_cases import CaseDecisions
from bot.scheduler.expiry import Expiry
from handlers.callback_data import Action
from handlers.staff.cases.second_look_lines import AGREE
from states.fsm_states import Staff
from states.records import Stage
from states.staff.cases import CaseKind, CaseOutcome, IdentityChange
from states.staff.departures import Departure
from states.submissions.application_codes import code_of
from storage.audit import replay
from storage.candidates import cases, people
from storage.candidates.blobs import Blobs
from storage.candidates.cases import Case
from storage.engine import tables
from storage.engine.jobs import JobKind, StoredJob
from tests.factories import EXAM, IDENTITY
from tests.fakes.jobs import run_due, run_job
from tests.fakes.staff_chats import StaffChats, staff_chats
from tests.storage.people import keep
from tests.storage.process import kept, started_process
from tests.storage.staff_members import (
    CLERK,
    CONFIRMING,
    KEYS,
    OTHER_CLERK,
    PACE,
    SITE,
    asks_second_look,
    candidate,
    come,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("B10", "S19")

HASH = people.hash_number(KEYS, IDENTITY.id_type, IDENTITY.id_number)
"""The number of the candidate whose case it is; the first one says that it is theirs."""
FILED, OTHER = waiting(2), waiting(3)
CASE = Case(
    31,
    CaseKind.NUMBER_TAKEN,
    candidate(1).id,
    HASH,
    "qinghai",
    "xining",
    CONFIRMING,
    outcome=CaseOutcome.AGREED,
    decided_by=SITE.id,
    decided_at=CONFIRMING,
    effective_at=CONFIRMING,
)
"""A matter that the site has decided; its undo window is over."""
DUPLICATE = replace(
    CASE,
    kind=CaseKind.DUPLICATE,
    person_id=FILED.person_id,
    number_hash="",
    other_id=OTHER.person_id,
    kept_id=OTHER.person_id,
    words="phone",
)
RIGHT = IdentityChange(replace(IDENTITY, name="示例二"))
SLIP = replace(CASE, kind=CaseKind.IDENTITY, person_id=FILED.person_id, words=RIGHT.pack())


@dataclass(slots=True)
class Counter:
    """Two clerks of a point, and a candidate whose case waits there."""

    chats: StaffChats
    database: str

    async def asked(self) -> None:
        """The first clerk has asked to refuse the case for good."""
        await asks_second_look(self.chats.process.db, FILED, CLERK)

    async def takes(self) -> None:
        """The second clerk takes it."""
        router = self.chats.router
        await self.chats.run(router.goes(OTHER_CLERK.telegram_id, Action.TAKE, str(FILED.id)))
        await self.chats.deliver()

    async def agrees(self) -> None:
        """The second clerk has agreed, and can undo that still."""
        router, who = self.chats.router, OTHER_CLERK.telegram_id
        await self.takes()
        agreeing = router.presses(who, Staff.card, Action.REJECT, AGREE, about=FILED.id)
        await self.chats.run(agreeing)
        await self.chats.deliver()

    async def is_over(self) -> None:
        """The confirmation closes, and the scheduler ends what nobody confirmed."""
        chats = self.chats
        chats.clock.moment = EXAM.windows.confirmation.closes
        expiry = Expiry(chats.storage, EXAM, chats.clock, lambda: chats.clock.moment, frozenset())
        await run_job(chats.storage, expiry, chats.clock.moment)

    async def settles(self, case: Case) -> None:
        """The scheduler applies a decision of the cases desk."""
        storage, now = self.chats.storage, self.chats.clock.moment
        async with self.chats.process.db.write() as tx:
            await cases.add(tx, KEYS, case)
            await storage.jobs.enqueue(tx, [StoredJob(JobKind.CASE, str(case.id), now)])
        assert await run_due(storage, CaseDecisions(storage, EXAM, PACE), now) == 1

    async def told(self, who: int) -> str:
        """The last message of a chat, once everything is sent."""
        await self.chats.run()
        await self.chats.deliver()
        return self.chats.messages(who)[-1].text

    async def history(self) -> str:
        """The texts about the case that the site reads."""
        router = self.chats.router
        units = await router.run(router.goes(SITE.telegram_id, Action.HISTORY, str(FILED.id)))
        return await router.drawn(units)


Leaves = Callable[[Counter], Awaitable[None]]


async def _is_merged(counter: Counter) -> None:
    await counter.settles(DUPLICATE)


async def _is_released(counter: Counter) -> None:
    await counter.settles(CASE)


async def _is_corrected(counter: Counter) -> None:
    await counter.settles(SLIP)


BY_CASES: dict[Departure, Leaves] = {
    Departure.MERGED: _is_merged,
    Departure.RELEASED: _is_released,
    Departure.CORRECTED: _is_corrected,
}
WAYS: dict[Departure, Leaves] = {Departure.EXPIRED: Counter.is_over, **BY_CASES}
STAGES = {
    Departure.EXPIRED: Stage.EXPIRED,
    Departure.MERGED: Stage.DRAFT,
    Departure.RELEASED: Stage.DRAFT,
    Departure.CORRECTED: Stage.SUBMITTED,
}
SAID = {
    Departure.EXPIRED: "截止时间到了，还没有办完",
    Departure.MERGED: "合并时关闭了这一个",
    Departure.RELEASED: "证件号码是别人的，已经退回考生",
    Departure.CORRECTED: "身份信息更正了，这份报名已经回到队列",
}
NOTED = {
    Departure.EXPIRED: "没有看完，截止时间到了",
    Departure.MERGED: "没有看完，这个账户合并时关闭了",
    Departure.RELEASED: "没有看完，证件号码是别人的",
    Departure.CORRECTED: "没有看完，考生的身份信息更正了",
}


@pytest_asyncio.fixture
async def counter(database: str) -> AsyncIterator[Counter]:
    """One case waits at the point; a second account, and somebody with the same number."""
    blobs = Blobs.at("memory://", KEYS)
    async with started_process(database) as process, staff_chats(process, blobs) as chats:
        await grant_all(process.db, CLERK, OTHER_CLERK, SITE)
        await come(process.db, FILED, OTHER)
        claims, holds = candidate(1), candidate(2)
        await keep(process.db, replace(claims, number_hash=None), replace(holds, number_hash=HASH))
        await process.work.refresh_staff()
        chats.clock.moment = CONFIRMING + timedelta(hours=1)
        yield Counter(chats, database)


async def _nothing_is_left(counter: Counter, why: Departure) -> None:
    table = tables.applications.c
    stage = await kept(counter.database, select(table.stage).where(table.id == FILED.id))
    assert stage == [(STAGES[why],)]
    assert await kept(counter.database, select(tables.claims.c.application_id)) == []
    assert await kept(counter.database, select(tables.decisions.c.id)) == []
    async with counter.chats.process.db.read() as connection:
        found = await replay.differences(connection, KEYS)
    assert [one for one in found if one.table == "second_looks"] == []


@pytest.mark.parametrize("why", WAYS)
async def test_who_asked_and_who_holds_it_are_told_why(counter: Counter, why: Departure) -> None:
    await counter.asked()
    await counter.takes()
    await WAYS[why](counter)
    asked = await counter.told(CLERK.telegram_id)
    held = await counter.told(OTHER_CLERK.telegram_id)
    assert code_of(FILED.id) in asked
    assert SAID[why] in asked
    assert "您的“不予通过”建议结束" in asked
    assert SAID[why] in held
    assert "您的" not in held
    assert counter.chats.cards(OTHER_CLERK.telegram_id) == []
    assert await kept(counter.database, select(tables.second_looks.c.outcome)) == [(why,)]
    await _nothing_is_left(counter, why)
    history = await counter.history()
    assert NOTED[why] in history
    assert "等同事再看一遍" not in history


@pytest.mark.parametrize("why", BY_CASES)
async def test_a_decision_in_its_undo_window_falls_with_the_request_it_agreed_to(
    counter: Counter, why: Departure
) -> None:
    await counter.asked()
    await counter.agrees()
    await BY_CASES[why](counter)
    asked = await counter.told(CLERK.telegram_id)
    decided = await counter.told(OTHER_CLERK.telegram_id)
    assert "您的“不予通过”建议结束" in asked
    assert SAID[why] in decided
    assert "您的决定作废" in decided
    counter.chats.clock.moment += PACE.undo
    await counter.chats.scheduler_runs()
    await _nothing_is_left(counter, why)
    actions = [one for (one,) in await kept(counter.database, select(tables.audit.c.action))]
    assert actions.count("decision-void") == 1
    assert "decision-applied" not in actions


async def test_a_decision_in_its_undo_window_was_made_in_time(counter: Counter) -> None:
    await counter.asked()
    chats = counter.chats
    chats.clock.moment = EXAM.windows.confirmation.closes - timedelta(seconds=2)
    await counter.agrees()
    await counter.is_over()
    chats.clock.moment += PACE.undo
    await chats.scheduler_runs()
    table = tables.applications.c
    stage = await kept(counter.database, select(table.stage).where(table.id == FILED.id))
    assert stage == [(Stage.REJECTED,)]


@pytest.mark.parametrize("why", WAYS)
async def test_nobody_is_told_of_a_case_that_nobody_had(counter: Counter, why: Departure) -> None:
    await WAYS[why](counter)
    await counter.chats.run()
    await counter.chats.deliver()
    assert counter.chats.messages(CLERK.telegram_id) == []
    assert counter.chats.messages(OTHER_CLERK.telegram_id) == []


async def test_a_corrected_case_is_taken_again_with_what_is_right(counter: Counter) -> None:
    await counter.takes()
    await counter.settles(SLIP)
    assert SAID[Departure.CORRECTED] in await counter.told(OTHER_CLERK.telegram_id)
    await counter.takes()
    assert "示例二" in await counter.told(OTHER_CLERK.telegram_id)
