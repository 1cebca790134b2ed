"""Late changes at the desks: who sees them, two decisions at once, and a decision on the case."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select, update

from bot.core.runtime import no_failpoint
from bot.scheduler.desks.late_changes import LateChanges
from bot.scheduler.scheduler import JobRun
from handlers.callback_data import ANYWHERE, Action
from states.changes import late_changes
from states.changes.late_changes import ChangeRequest
from states.fsm_states import Staff
from states.records import IMAGE, Application, LateChangeState, MaterialFile, Stage
from states.staff_roles import Role, RoleAssignment, Scope
from states.step_result import EditScreen, ShowScreen
from states.submissions.application_codes import code_of
from storage.audit import replay
from storage.candidates import applications
from storage.candidates import late_changes as stored
from storage.candidates.blobs import Blobs
from storage.engine import jobs, tables
from storage.engine.jobs import JobKind, JobTaken, StoredJob
from storage.engine.row_macs import RowChanged
from storage.updates.outbox import effect_of_json
from tests.factories import EXAM, staff_member
from tests.fakes.staff_chats import StaffChats, staff_chats
from tests.storage.process import kept, started_process
from tests.storage.staff_members import (
    AREA,
    CLERK,
    KEYS,
    PACE,
    SITE,
    XINING,
    asks_second_look,
    candidate,
    come,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("B24")

ROUNDS = int(os.environ.get("ROUNDS", "12"))
"""Runs of each race on each database; 500 take minutes (``make races``)."""
REVIEW = EXAM.windows.review.opens + timedelta(days=2)
OTHER_SITE = staff_member(8, Role.SITE_REVIEWER, XINING)
FAR_SITE = staff_member(9, Role.SITE_REVIEWER, Scope("qinghai", "haidong"))
REASON = "证明上没有公章"


@dataclass(slots=True)
class Desk:
    """Candidates who asked, and the staff of their site."""

    chats: StaffChats
    database: str
    chance: random.Random = field(default_factory=lambda: random.Random(5))

    async def asked(self, number: int, now: datetime = REVIEW) -> tuple[Application, int]:
        """A confirmed application with a request to change the employer, and the request's id."""
        filed = waiting(number, Stage.CONFIRMED, now)
        await come(self.chats.process.db, filed)
        request_id = 900_000 + number
        after = late_changes.ask(filed, request_id, ["employer"], now)
        paper = MaterialFile("c" * 64, IMAGE, 90_000)
        request = ChangeRequest(
            request_id,
            after,
            1,
            LateChangeState.ASKED,
            ("employer",),
            "调动",
            (paper,),
            now,
        )
        async with self.chats.process.db.write() as tx:
            await stored.add(tx, KEYS, [request])
            assert await applications.save_transition(tx, KEYS, filed, after)
        return after, request_id

    def acts(self, who: RoleAssignment, verb: str, request_id: int) -> dict[str, Any]:
        """One of the staff taps a button about a request."""
        return self.chats.router.goes(who.telegram_id, Action.CHANGE, f"{verb}:{request_id}")

    def drops(self, filed: Application) -> dict[str, Any]:
        """The candidate gives it up."""
        who = candidate(int(filed.person_id) // 64).telegram_id
        return self.chats.router.taps(who, f"g:{ANYWHERE}:late-change-drop-yes")

    async def clock(self, request_id: int, now: datetime) -> None:
        """The scheduler looks after the request."""
        self.chats.clock.moment = now
        job = LateChanges(
            self.chats.storage, EXAM, self.chats.clock, lambda: self.chats.clock.moment, PACE
        )
        about = StoredJob(JobKind.LATE_CHANGE, str(request_id), now)
        async with self.chats.process.db.write() as tx:
            await self.chats.storage.jobs.enqueue(tx, [about])
            await jobs.advance(tx, JobKind.LATE_CHANGE, now, about.key)
        (found,) = [
            one
            for one in await self.chats.storage.jobs.next([JobKind.LATE_CHANGE], 1000)
            if one.key == about.key
        ]
        run = JobRun(self.chats.storage, found, now, timedelta(seconds=30), no_failpoint)
        with suppress(JobTaken):
            await job.run(run)
            await run.finish()

    async def stage(self, filed: Application) -> Stage:
        """The stage of an application, as a second connection reads it."""
        query = select(tables.applications.c.stage).where(tables.applications.c.id == filed.id)
        ((stage,),) = await kept(self.database, query)
        return Stage(stage)

    async def state(self, request_id: int) -> LateChangeState:
        """How a request stands."""
        table = tables.late_changes
        ((state,),) = await kept(
            self.database, select(table.c.state).where(table.c.id == request_id)
        )
        return LateChangeState(state)

    async def told(self, account: int) -> list[str]:
        """The unsent screens of an account, or their first header lines."""
        unsent = (tables.outbox.c.chat_id == account, tables.outbox.c.effect.is_not(None))
        query = select(tables.outbox.c.effect).where(*unsent)
        rows = await kept(self.database, query.order_by(tables.outbox.c.id))
        effects = [effect_of_json(KEYS.decrypt(row, "outbox")) for (row,) in rows]
        return [
            next((line.key for line in one.header_lines), one.screen)
            for one in effects
            if isinstance(one, ShowScreen | EditScreen)
        ]

    async def news(self, filed: Application) -> list[str]:
        """What the candidate is told about the request."""
        told = await self.told(candidate(int(filed.person_id) // 64).telegram_id)
        return [one for one in told if one.startswith(("told-", "change-"))]


@pytest_asyncio.fixture
async def desk(database: str) -> AsyncIterator[Desk]:
    """The staff; nobody asks yet."""
    blobs = Blobs.at("memory://", KEYS)
    async with started_process(database) as process, staff_chats(process, blobs) as chats:
        await grant_all(process.db, SITE, OTHER_SITE, FAR_SITE, AREA, CLERK)
        await process.work.refresh_staff()
        chats.clock.moment = chats.router.now = REVIEW
        yield Desk(chats, database)


async def test_only_who_decides_sees_it_and_the_card_shows_what_it_is_about(desk: Desk) -> None:
    filed, request_id = await desk.asked(1)
    router = desk.chats.router
    listed = await router.drawn(await router.run(router.says(SITE.telegram_id, "/changes")))
    assert code_of(filed.id) in listed
    assert "刘玲" not in listed
    card = await router.drawn(await router.run(desk.acts(SITE, "see", request_id)))
    for shown in ("刘玲", "示例市第一人民医院", "调动", "材料 1"):
        assert shown in card
    assert "99999919900307104X" not in card
    for other in (FAR_SITE, AREA, CLERK):
        for verb in ("see", "sure", "approve", "decline", "paper"):
            said = await router.drawn(await router.run(desk.acts(other, verb, request_id)))
            assert "刘玲" not in said, (other.role, verb)
    assert await desk.state(request_id) is LateChangeState.ASKED
    actions = [one for (one,) in await kept(desk.database, select(tables.audit.c.action))]
    assert actions.count("late-change-seen") == 1
    assert actions.count("denied") == 15


async def test_cards_and_papers_leave_every_chat_with_the_decision(desk: Desk) -> None:
    filed, request_id = await desk.asked(1)
    chats = desk.chats
    for who in (SITE, OTHER_SITE):
        await chats.run(desk.acts(who, "see", request_id))
    await chats.deliver()
    await chats.run(desk.acts(SITE, "approve", request_id))
    assert await desk.news(filed) == ["told-change-opened"]
    await chats.deliver()
    for who in (SITE, OTHER_SITE):
        assert not [one for one in chats.messages(who.telegram_id) if "刘玲" in one.text]
    assert await desk.stage(filed) is Stage.CHANGING


async def test_back_from_the_reason_leads_to_the_card(desk: Desk) -> None:
    filed, request_id = await desk.asked(1)
    router = desk.chats.router
    await router.run(desk.acts(SITE, "decline", request_id))
    card = await router.drawn(await router.run(router.says(SITE.telegram_id, "上一步")))
    assert f"更改申请 {code_of(filed.id)}" in card
    assert "调动" in card


async def test_a_long_list_of_requests_is_leafed_through(desk: Desk) -> None:
    asked = [await desk.asked(number) for number in range(1, 11)]
    chats = desk.chats
    await chats.run(chats.router.says(SITE.telegram_id, "/changes"))
    await chats.deliver()
    (first,) = chats.messages(SITE.telegram_id)
    codes = [code_of(filed.id) for filed, _ in asked]
    assert [one in first.text for one in codes] == [True] * 8 + [False] * 2
    await chats.run(chats.router.goes(SITE.telegram_id, Action.PART, "changes:8"))
    await chats.deliver()
    on = chats.messages(SITE.telegram_id)[-1]
    assert [one in on.text for one in codes] == [False] * 8 + [True] * 2


async def test_a_request_whose_case_is_refused_waits_until_the_case_is_back(desk: Desk) -> None:
    """Nobody could approve it there, and each day the staff would be told that it waits."""
    filed, request_id = await desk.asked(1)
    chats, db = desk.chats, desk.chats.process.db
    refused = replace(filed, stage=Stage.REVIEW_REFUSED)
    async with db.write() as tx:
        assert await applications.save_transition(tx, KEYS, filed, refused)
    listed = chats.router.says(SITE.telegram_id, "/changes")
    assert "现在没有更改申请" in await chats.router.drawn(await chats.router.run(listed))
    await desk.clock(request_id, REVIEW + timedelta(days=1, hours=1))
    assert "changes-news" not in await desk.told(SITE.telegram_id)
    async with db.write() as tx:
        assert await applications.save_transition(tx, KEYS, refused, filed)
    listed = chats.router.says(SITE.telegram_id, "/changes")
    assert code_of(filed.id) in await chats.router.drawn(await chats.router.run(listed))


async def test_an_approval_takes_the_case_from_its_desk(desk: Desk) -> None:
    filed, request_id = await desk.asked(1)
    chats = desk.chats
    await chats.run(chats.router.goes(OTHER_SITE.telegram_id, Action.TAKE, str(filed.id)))
    approves = chats.router.presses(
        OTHER_SITE.telegram_id, Staff.card, Action.CONFIRM, about=filed.id
    )
    await chats.run(approves)
    await chats.run(desk.acts(SITE, "approve", request_id))
    chats.clock.moment += PACE.undo
    await chats.scheduler_runs()
    assert await desk.stage(filed) is Stage.CHANGING
    assert await chats.held(OTHER_SITE.telegram_id) == set()
    async with chats.process.db.read() as connection:
        different = await replay.differences(connection, KEYS)
    assert [one for one in different if one.table == "late_changes"] == []


async def test_an_approval_ends_a_second_look_and_who_asked_is_told(desk: Desk) -> None:
    filed, request_id = await desk.asked(1)
    await asks_second_look(desk.chats.process.db, filed, OTHER_SITE)
    await desk.chats.run(desk.acts(SITE, "approve", request_id))
    await desk.chats.deliver()
    (notice,) = desk.chats.messages(OTHER_SITE.telegram_id)
    assert "“不予通过”建议结束" in notice.text
    assert await kept(desk.database, select(tables.second_looks.c.outcome)) == [("changing",)]
    back = desk.chats.router.goes(OTHER_SITE.telegram_id, Action.RETRACT, str(filed.id))
    await desk.chats.run(back)
    assert await desk.chats.held(OTHER_SITE.telegram_id) == set()


async def test_the_staff_are_told_again_each_day_and_a_request_ends_with_its_time(
    desk: Desk,
) -> None:
    filed, request_id = await desk.asked(1)
    await desk.clock(request_id, REVIEW + timedelta(days=1, hours=1))
    await desk.clock(request_id, REVIEW + timedelta(days=1, hours=2))
    assert await desk.told(SITE.telegram_id) == ["changes-news"]
    assert await desk.told(FAR_SITE.telegram_id) == []
    await desk.clock(request_id, EXAM.late_changes_close("qinghai"))
    assert await desk.state(request_id) is LateChangeState.EXPIRED
    assert await desk.stage(filed) is Stage.CONFIRMED
    assert await desk.news(filed) == ["told-change-lapsed"]


async def test_news_of_a_request_waits_for_a_card_in_hand_and_is_not_lost(desk: Desk) -> None:
    filed, request_id = await desk.asked(1)
    router = desk.chats.router
    await desk.chats.run(router.goes(SITE.telegram_id, Action.TAKE, str(filed.id)))
    for minutes in (0, 1):
        await desk.clock(request_id, REVIEW + timedelta(minutes=minutes))
    assert await desk.told(OTHER_SITE.telegram_id) == ["changes-news"]
    assert "changes-news" not in await desk.told(SITE.telegram_id)
    back = router.presses(SITE.telegram_id, Staff.card, Action.REMOVE, about=filed.id)
    await desk.chats.run(back)
    for minutes in (2, 3):
        await desk.clock(request_id, REVIEW + timedelta(minutes=minutes))
    assert (await desk.told(SITE.telegram_id)).count("changes-news") == 1
    assert (await desk.told(OTHER_SITE.telegram_id)).count("changes-news") == 1


async def test_a_request_changed_without_the_keys_is_found(desk: Desk) -> None:
    _, request_id = await desk.asked(1)
    table, db = tables.late_changes, desk.chats.process.db
    async with db.write() as tx:
        await tx.execute(update(table).values(state="done"))
    async with db.read() as connection:
        with pytest.raises(RowChanged):
            await stored.by_id(connection, KEYS, request_id)
        different = await replay.differences(connection, KEYS)
    assert ("changed", "late_changes", request_id) in {
        (one.kind, one.table, one.row_id) for one in different
    }


async def test_a_removed_change_of_an_application_is_found(desk: Desk) -> None:
    filed, _ = await desk.asked(1)
    db = desk.chats.process.db
    async with db.write() as tx:
        await tx.execute(update(tables.applications).values(change=None))
    async with db.read() as connection:
        with pytest.raises(RowChanged):
            await applications.by_ids(connection, KEYS, [filed.id])


# --- races ---------------------------------------------------------------------------------------


async def _other_approval(desk: Desk, _filed: Application, request_id: int) -> Awaitable[object]:
    return desk.chats.router.run(desk.acts(OTHER_SITE, "approve", request_id))


async def _drop(desk: Desk, filed: Application, _request_id: int) -> Awaitable[object]:
    return desk.chats.router.run(desk.drops(filed))


async def _decision(desk: Desk, filed: Application, _request_id: int) -> Awaitable[object]:
    router = desk.chats.router
    who = OTHER_SITE.telegram_id
    await router.run(router.goes(who, Action.TAKE, str(filed.id)))
    return router.run(router.presses(who, Staff.card, Action.CONFIRM, about=filed.id))


async def _end_of_time(desk: Desk, _filed: Application, request_id: int) -> Awaitable[object]:
    closes = EXAM.late_changes_close("qinghai")
    now = closes - timedelta(seconds=desk.chance.choice((0, 1)))
    desk.chats.router.now = now
    return desk.clock(request_id, now)


RACES = {
    "another approval": _other_approval,
    "the candidate gives up": _drop,
    "a decision on the case": _decision,
    "the end of its time": _end_of_time,
}


@pytest.mark.parametrize("against", RACES)
async def test_a_race_has_one_outcome_and_nobody_is_told_two_things(
    desk: Desk, against: str
) -> None:
    outcomes = set()
    for number in range(1, ROUNDS + 1):
        desk.chats.clock.moment = desk.chats.router.now = REVIEW
        filed, request_id = await desk.asked(number)
        other = await RACES[against](desk, filed, request_id)
        acts = [desk.chats.router.run(desk.acts(SITE, "approve", request_id)), other]
        desk.chance.shuffle(acts)
        await asyncio.gather(*acts)
        state, stage = await desk.state(request_id), await desk.stage(filed)
        news = await desk.news(filed)
        assert (state is LateChangeState.OPEN) is (stage is Stage.CHANGING), (state, stage)
        if state in (LateChangeState.OPEN, LateChangeState.EXPIRED):
            notice = "told-change-opened" if state is LateChangeState.OPEN else "told-change-lapsed"
            assert news == [notice], (state, news)
        outcomes.add(state)
    is_given_up = against == "the candidate gives up"
    assert (LateChangeState.DROPPED if is_given_up else LateChangeState.OPEN) in outcomes
