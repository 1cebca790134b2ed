"""A withdrawal beside the staff: claims end, decisions in their undo window fall, and races."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.scheduler.expiry import Expiry
from handlers.callback_data import ANYWHERE, Action
from handlers.candidate.withdraw import DECIDED, SCREEN, WITHDRAWALS_A_DAY
from handlers.case_messages import CLOSED, WHY
from handlers.staff.cases.queue import NEWS
from states.fsm_states import Staff
from states.records import Application, ApplicationId, Stage
from states.step_result import EditScreen, ShowScreen
from states.submissions.application_codes import code_of
from states.submissions.content import Submission
from storage.candidates import submissions
from storage.candidates.blobs import Blobs
from storage.candidates.submissions import StoredSubmission
from storage.engine import tables
from storage.updates.outbox import effect_of_json
from tests.factories import EXAM
from tests.fakes.jobs import run_job
from tests.fakes.staff_chats import StaffChats, staff_chats
from tests.storage.people import content_of
from tests.storage.process import kept, started_process
from tests.storage.staff_members import (
    CLERK,
    CONFIRMING,
    KEYS,
    OTHER_CLERK,
    PACE,
    candidate,
    come,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("S15")

ROUNDS = int(os.environ.get("ROUNDS", "12"))
"""Runs of each race on each database; 500 take minutes (``make races``)."""
A, B = CLERK.telegram_id, OTHER_CLERK.telegram_id
CLOSES = EXAM.windows.confirmation.closes
Told = list[tuple[str, str]]


@dataclass(slots=True)
class Counter:
    """Candidates who withdraw, and the clerks of their point."""

    chats: StaffChats
    database: str
    expiry: Expiry
    chance: random.Random = field(default_factory=lambda: random.Random(3))

    async def come(self, number: int) -> Application:
        """A candidate's application that waits to be confirmed."""
        filed = waiting(number, since=self.chats.clock.moment)
        await come(self.chats.process.db, filed)
        return filed

    def withdraws(self, filed: Application, revision: int | None = None) -> dict[str, Any]:
        """The candidate taps "yes, withdraw"."""
        about = filed.revision if revision is None else revision
        return self.chats.router.taps(_account(filed), f"W:{ANYWHERE}:{about}")

    def takes(self, who: int, filed: Application) -> dict[str, Any]:
        """A clerk takes the case."""
        return self.chats.router.goes(who, Action.TAKE, str(filed.id))

    def approves(self, who: int, filed: Application) -> dict[str, Any]:
        """The clerk who holds it approves."""
        return self.chats.router.presses(who, Staff.card, Action.CONFIRM, about=filed.id)

    async def settles(self) -> None:
        """The scheduler applies what is due."""
        await run_job(self.chats.storage, self.chats.jobs[0], self.chats.clock.moment)

    async def expires(self) -> None:
        """The scheduler ends what is overdue."""
        await run_job(self.chats.storage, self.expiry, self.chats.clock.moment)

    async def stage(self, filed: Application) -> Stage:
        """The stage of an application, as a second connection reads it."""
        query = select(tables.applications.c.stage).where(tables.applications.c.id == filed.id)
        ((stage,),) = await kept(self.database, query)
        return Stage(stage)

    async def told(self, account: int) -> Told:
        """The unsent screens of an account, each with why or with its first header line."""
        unsent = (tables.outbox.c.chat_id == account, tables.outbox.c.effect.is_not(None))
        query = select(tables.outbox.c.effect).where(*unsent)
        rows = await kept(self.database, query.order_by(tables.outbox.c.id))
        effects = [effect_of_json(KEYS.decrypt(row, "outbox")) for (row,) in rows]
        return [
            (one.screen, one.data.get(WHY) or next((t.key for t in one.header_lines), ""))
            for one in effects
            if isinstance(one, ShowScreen | EditScreen)
        ]

    async def decided(self, filed: Application) -> int:
        """How many decisions there are on an application."""
        query = select(tables.decisions.c.id).where(tables.decisions.c.application_id == filed.id)
        return len(await kept(self.database, query))

    async def is_current(self, filed: Application) -> bool:
        """Whether its last submission stands."""
        async with self.chats.process.db.read() as connection:
            return (await submissions.history(connection, KEYS, filed.id)).current is not None


def _account(filed: Application) -> int:
    return candidate(int(filed.person_id) // 64).telegram_id


@pytest_asyncio.fixture
async def counter(database: str) -> AsyncIterator[Counter]:
    """Two clerks at the desk; nobody waits yet."""
    blobs = Blobs.at("memory://", KEYS)
    async with started_process(database) as process, staff_chats(process, blobs) as chats:
        await grant_all(process.db, CLERK, OTHER_CLERK)
        await process.work.refresh_staff()
        expiry = Expiry(
            chats.storage, EXAM, chats.clock, lambda: chats.clock.moment, frozenset({1})
        )
        yield Counter(chats, database, expiry)


def _card_or_notice(chats: StaffChats, who: int, filed: Application) -> list[str]:
    return [one.text for one in chats.messages(who) if code_of(filed.id) in one.text]


async def test_the_clerk_who_holds_it_loses_the_card_and_reads_why(counter: Counter) -> None:
    filed, chats = await counter.come(1), counter.chats
    await chats.run(counter.takes(A, filed))
    await chats.deliver()
    await chats.run(counter.withdraws(filed))
    await chats.deliver()
    assert await counter.stage(filed) is Stage.DRAFT
    assert not await counter.is_current(filed)
    assert await chats.held(A) == set()
    (told,) = _card_or_notice(chats, A, filed)
    assert "撤回了报名，不用再办" in told
    (unit,) = await chats.router.run(counter.approves(A, filed))
    assert "考生撤回" in await chats.router.drawn([unit])
    assert await counter.decided(filed) == 0


async def test_a_decision_in_its_undo_window_falls_and_its_decider_is_told(
    counter: Counter,
) -> None:
    filed, chats = await counter.come(1), counter.chats
    await chats.run(counter.takes(A, filed))
    await chats.run(counter.approves(A, filed))
    await chats.deliver()
    chats.clock.moment += PACE.undo - timedelta(seconds=1)
    await chats.run(counter.withdraws(filed))
    await chats.deliver()
    assert await counter.stage(filed) is Stage.DRAFT
    assert await counter.decided(filed) == 0
    (told,) = _card_or_notice(chats, A, filed)
    assert "您的决定作废" in told
    chats.clock.moment += PACE.undo
    await counter.settles()
    assert await counter.stage(filed) is Stage.DRAFT
    assert not any(screen.startswith("told-") for screen, _ in await counter.told(_account(filed)))
    actions = [one for (one,) in await kept(counter.database, select(tables.audit.c.action))]
    assert actions.count("decision-void") == actions.count("withdrawn") == 1
    (unit,) = await chats.router.run(chats.router.goes(A, Action.UNDO, str(filed.id)))
    assert "考生撤回" in await chats.router.drawn([unit])


@pytest.mark.row("B13")
async def test_whoever_withdraws_again_and_again_stays_submitted_for_the_rest_of_the_day(
    counter: Counter,
) -> None:
    """Each withdrawal leaves rows for good; the application is never the worse for the limit."""
    filed, chats = await counter.come(1), counter.chats
    earlier = [
        StoredSubmission(
            filed.id,
            Submission(filed.revision + number, 1, "h", chats.clock.moment),
            content_of(filed),
            chats.clock.moment - timedelta(minutes=number),
        )
        for number in range(1, WITHDRAWALS_A_DAY + 1)
    ]
    async with chats.process.db.write() as connection:
        await submissions.add(connection, KEYS, earlier)
    await chats.run(counter.withdraws(filed))
    assert await counter.stage(filed) is Stage.SUBMITTED
    assert (await counter.told(_account(filed)))[-1][0] == "withdraw-often"
    chats.clock.moment += timedelta(days=1)
    await chats.run(counter.withdraws(filed))
    assert await counter.stage(filed) is Stage.DRAFT


async def test_a_decision_whose_window_is_over_counts_although_it_waits(counter: Counter) -> None:
    filed, chats = await counter.come(1), counter.chats
    await chats.run(counter.takes(A, filed))
    await chats.run(counter.approves(A, filed))
    chats.clock.moment += PACE.undo
    await chats.run(counter.withdraws(filed))
    assert await counter.told(_account(filed)) == [(DECIDED, "")]
    await counter.settles()
    assert await counter.stage(filed) is Stage.CONFIRMED
    await chats.run(counter.withdraws(filed))
    shown = [screen for screen, _ in await counter.told(_account(filed))]
    assert shown == [DECIDED, "told-confirmed", SCREEN]


async def test_an_old_button_withdraws_no_later_submission(counter: Counter) -> None:
    filed = await counter.come(1)
    await counter.chats.run(counter.withdraws(filed, filed.revision - 1))
    assert await counter.stage(filed) is Stage.SUBMITTED
    assert await counter.told(_account(filed)) == [(SCREEN, "")]


async def test_queue_and_search_know_it(counter: Counter) -> None:
    filed, router = await counter.come(1), counter.chats.router
    await counter.chats.run(counter.withdraws(filed))
    queue = await router.drawn(await router.run(router.says(A, "/queue")))
    assert "现在没有等您办理的报名" in queue
    await router.run(router.goes(A, Action.GO, "find"))
    found = await router.drawn(await router.run(router.says(A, code_of(ApplicationId(filed.id)))))
    assert "已撤回，没有再次提交" in found
    history = await router.drawn(await router.run(router.goes(A, Action.HISTORY, str(filed.id))))
    assert "已撤回，没有再次提交" in history
    assert "撤回报名" in history.partition("还没有生效的决定")[2], "the withdrawal is a line of it"


@pytest.mark.parametrize("is_withdrawn", [False, True], ids=["waiting", "withdrawn"])
async def test_the_news_forgets_it(counter: Counter, *, is_withdrawn: bool) -> None:
    filed, chats = await counter.come(1), counter.chats
    if is_withdrawn:
        await chats.run(counter.withdraws(filed))
    await run_job(chats.storage, chats.jobs[-1], chats.clock.moment + PACE.news)
    news = [screen for screen, _ in await counter.told(A)]
    assert news == ([] if is_withdrawn else [NEWS])


# --- races ---------------------------------------------------------------------------------------


async def _claim(counter: Counter, filed: Application) -> Awaitable[object]:
    return counter.chats.router.run(counter.takes(A, filed))


async def _decision(counter: Counter, filed: Application) -> Awaitable[object]:
    await counter.chats.router.run(counter.takes(A, filed))
    return counter.chats.router.run(counter.approves(A, filed))


async def _undo_window(counter: Counter, filed: Application) -> Awaitable[object]:
    chats = counter.chats
    await chats.router.run(counter.takes(A, filed))
    await chats.router.run(counter.approves(A, filed))
    chats.clock.moment += PACE.undo - timedelta(seconds=counter.chance.choice((0, 1)))
    chats.router.now = chats.clock.moment
    return counter.settles()


async def _closing(counter: Counter, filed: Application) -> Awaitable[object]:
    chats = counter.chats
    chats.clock.moment = CLOSES - timedelta(seconds=counter.chance.choice((0, 1)))
    chats.router.now = chats.clock.moment
    return counter.expires()


RACES = {
    "claim": _claim,
    "decision": _decision,
    "undo window": _undo_window,
    "closing": _closing,
}


@pytest.mark.parametrize("against", RACES)
async def test_a_race_has_one_outcome_and_nobody_is_told_two_things(
    counter: Counter, against: str
) -> None:
    outcomes = set()
    for number in range(1, ROUNDS + 1):
        counter.chats.clock.moment = counter.chats.router.now = CONFIRMING
        filed = await counter.come(number)
        other = await RACES[against](counter, filed)
        acts = [counter.chats.router.run(counter.withdraws(filed)), other]
        counter.chance.shuffle(acts)
        await asyncio.gather(*acts)
        counter.chats.clock.moment += PACE.undo
        await counter.settles()
        await _check(counter, filed)
        outcomes.add(await counter.stage(filed))
    assert Stage.DRAFT in outcomes


async def _check(counter: Counter, filed: Application) -> None:
    told = await counter.told(_account(filed))
    news = [screen for screen, _ in told if screen.startswith("told-")]
    withdrawn = [why for _, why in told if why == "withdraw-done"]
    is_withdrawn = await counter.stage(filed) is Stage.DRAFT
    assert is_withdrawn is not await counter.is_current(filed)
    assert len(withdrawn) == is_withdrawn
    assert len(news) <= 1
    assert not (news and withdrawn)
    if is_withdrawn:
        assert await counter.decided(filed) == 0
        assert filed.id not in await counter.chats.held(A)
    else:
        assert {screen for screen, _ in told} & {DECIDED, SCREEN}
    ends = [why for screen, why in await counter.told(A) if screen == CLOSED]
    assert set(ends) <= {"withdrawn", "withdrawn-decided", ""}
