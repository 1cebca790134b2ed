"""Decisions: one a desk and submission, held until the undo window ends, taken back traceless."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from states.records import Fault, Part, Refusal, Stage
from states.staff.refusals import RefusalDraft
from states.staff_roles import Desk, RoleAssignment
from storage import data_export
from storage.engine import tables
from storage.engine.database import Database
from storage.staff.cases import claims, decisions, notes, review_queue
from storage.staff.cases.claims import ClaimedCase, ClaimLost, NotClaimed
from tests.databases import lying
from tests.storage.people import file_in
from tests.storage.process import BOT, StorageProcess, kept
from tests.storage.staff_members import (
    ALL,
    AREA,
    CLERK,
    CONFIRMING,
    FAR_CLERK,
    KEYS,
    OTHER_CLERK,
    PACE,
    REVIEWING,
    SITE,
    SITE_AND_AREA,
    access,
    candidate,
    come,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("B10")

REFUSAL = Refusal(
    CONFIRMING, (Fault(Part.MATERIAL, "degree", "blurred", "第二页看不清"),), "请重传"
)


async def takes(
    db: Database, assignment: RoleAssignment, number: int = 1, now: datetime = CONFIRMING
) -> ClaimedCase:
    """Somebody takes an application and opens it."""
    async with db.write() as connection:
        await claims.take(access(connection, [assignment], now), waiting(number).id)
        return await claims.read(access(connection, [assignment], now), waiting(number).id)


async def decides(
    db: Database,
    claimed: ClaimedCase,
    verdict_id: int,
    refusal: Refusal | None = None,
    now: datetime = CONFIRMING,
) -> None:
    """They decide."""
    async with db.write() as connection:
        await decisions.decide(connection, KEYS, claimed, verdict_id, refusal, now, PACE)


async def why_not(
    db: Database, assignment: RoleAssignment, number: int = 1, now: datetime = CONFIRMING
) -> ClaimLost:
    """Why somebody does not hold an application."""
    async with db.read() as connection:
        with pytest.raises(NotClaimed) as refused:
            await claims.read(access(connection, [assignment], now), waiting(number).id)
    return refused.value.why


async def test_what_was_decided_is_held_and_told_by_nothing_until_it_takes_effect(
    db: Database,
) -> None:
    await grant_all(db, *ALL)
    await come(db, waiting(1))
    held = await takes(db, CLERK)
    assert held.application == waiting(1)
    assert held.person.id == waiting(1).person_id
    await decides(db, held, 9, REFUSAL)
    assert await why_not(db, CLERK) is ClaimLost.DECIDED
    assert await why_not(db, FAR_CLERK) is ClaimLost.GONE
    async with db.read() as connection:
        assert await review_queue.summaries(access(connection, [CLERK], CONFIRMING)) == ()
        assert await decisions.of_applications(connection, KEYS, [waiting(1).id]) == []
        ends = CONFIRMING + PACE.undo
        assert await decisions.next_due(connection) == ends
        assert await decisions.due(connection, ends - timedelta(seconds=1), 9) == []
        assert await decisions.due(connection, ends, 9) == [9]
        assert await decisions.due(connection, ends, 9, but=[9]) == []
        assert await decisions.next_due(connection, but=[9]) is None
        (due,) = await decisions.waiting(connection, KEYS, [9])
    assert due.refusal == REFUSAL
    assert due.desk is Desk.CONFIRMATION
    assert due.revision == waiting(1).revision
    assert due.account == CLERK.telegram_id


async def test_taking_it_back_is_for_the_decider_and_only_in_time(db: Database) -> None:
    await grant_all(db, *ALL)
    await come(db, waiting(1))
    await decides(db, await takes(db, CLERK), 9, REFUSAL)
    ends, application_id = CONFIRMING + PACE.undo, waiting(1).id
    async with db.write() as connection:
        for assignments, now in (((OTHER_CLERK,), CONFIRMING), ((CLERK,), ends), ((), CONFIRMING)):
            assert (
                await decisions.take_back(access(connection, assignments, now), application_id)
                is None
            )
        back = await decisions.take_back(access(connection, [CLERK], CONFIRMING), application_id)
        assert back is not None
        assert back.refusal == REFUSAL
        assert (
            await decisions.take_back(access(connection, [CLERK], CONFIRMING), application_id)
            is None
        )
        assert await decisions.due(connection, ends, 9) == []
    await takes(db, OTHER_CLERK)


async def test_two_who_hold_it_decide_once(db: Database) -> None:
    await grant_all(db, *ALL)
    await come(db, waiting(1))
    held = await takes(db, CLERK)
    await decides(db, held, 9)
    with pytest.raises(IntegrityError):
        await decides(db, replace(held, assignment=OTHER_CLERK), 10, REFUSAL)


async def test_nobody_has_both_looks_at_one_application(db: Database) -> None:
    await grant_all(db, *ALL)
    await come(db, waiting(1, Stage.CONFIRMED), waiting(2, Stage.CONFIRMED))
    both_at_site = await takes(db, SITE_AND_AREA[0], 1)
    await decides(db, both_at_site, 9)
    await decides(db, await takes(db, SITE, 2), 10)
    await file_in(db, waiting(1, Stage.SITE_APPROVED), waiting(2, Stage.SITE_APPROVED))
    async with db.write() as connection:
        with pytest.raises(NotClaimed) as refused:
            await claims.take(access(connection, SITE_AND_AREA, REVIEWING), waiting(1).id)
        assert refused.value.why is ClaimLost.GONE
        found = await claims.take_next(access(connection, SITE_AND_AREA, REVIEWING))
        assert found is not None
        assert found.application.id == waiting(2).id
        found = await claims.take_next(access(connection, [AREA], REVIEWING))
        assert found is not None
        assert found.application.id == waiting(1).id


async def test_somebody_elses_claim_is_not_taken_over(db: Database) -> None:
    await grant_all(db, *ALL)
    await come(db, waiting(1))
    await takes(db, CLERK)
    with pytest.raises(NotClaimed) as refused:
        await takes(db, OTHER_CLERK)
    assert refused.value.why is ClaimLost.TAKEN
    assert await why_not(db, OTHER_CLERK) is ClaimLost.TAKEN
    idle = CONFIRMING + PACE.idle
    assert await why_not(db, CLERK, now=idle) is ClaimLost.RETURNED
    async with db.write() as connection:
        await claims.touch(access(connection, [CLERK], idle), waiting(1).id)
        assert await claims.end_idle(connection, idle, PACE) == []
        assert await claims.end_idle(connection, idle + PACE.idle, PACE) == [waiting(1).id]


async def test_what_is_written_about_it_is_sealed_and_goes_with_the_claim(
    db: Database, database: str
) -> None:
    await grant_all(db, *ALL)
    await come(db, waiting(1))
    held = await takes(db, CLERK)
    draft = RefusalDraft().with_fault(Part.PHOTO, "", words="不是本人")
    async with db.write() as connection:
        await claims.save_draft(connection, KEYS, held, draft, CONFIRMING)
        await notes.add(
            connection, KEYS, held.application.id, held.assignment, 77, "电话里说好了", CONFIRMING
        )
    async with db.read() as connection:
        again = await claims.read(access(connection, [CLERK], CONFIRMING), waiting(1).id)
        (note,) = await notes.of_applications(connection, KEYS, [waiting(1).id])
    assert again.draft == draft
    assert note.words == "电话里说好了"
    assert note.account == CLERK.telegram_id
    await decides(db, again, 9, REFUSAL)
    there = await lying(database)
    for words in ("不是本人", "电话里说好了", "第二页看不清", "请重传"):
        assert words.encode() not in there
    assert await kept(database, select(tables.claims)) == []


async def test_taking_what_one_holds_already_keeps_what_was_begun(db: Database) -> None:
    await grant_all(db, *ALL)
    await come(db, waiting(1))
    held = await takes(db, CLERK)
    draft = RefusalDraft(words="请重传")
    async with db.write() as connection:
        await claims.save_draft(connection, KEYS, held, draft, CONFIRMING)
    assert (await takes(db, CLERK)).draft == draft


async def test_what_was_withdrawn_is_in_nobodys_hands(db: Database) -> None:
    await grant_all(db, *ALL)
    await come(db, waiting(1), waiting(2, since=CONFIRMING + timedelta(minutes=1)))
    await takes(db, CLERK)
    await file_in(db, waiting(1, Stage.DRAFT))
    async with db.write() as connection:
        found = await claims.take_next(access(connection, [CLERK], CONFIRMING))
        assert found is not None
        assert found.application.id == waiting(2).id
        assert await claims.end_idle(connection, CONFIRMING, PACE) == [waiting(1).id]


@pytest.mark.row("B21")
async def test_what_the_staff_wrote_of_somebody_is_in_their_data_and_goes_with_them(
    process: StorageProcess, database: str
) -> None:
    await grant_all(process.db, *ALL)
    await come(process.db, waiting(1), waiting(2))
    first, second = await takes(process.db, CLERK, 1), await takes(process.db, CLERK, 2)
    async with process.db.write() as connection:
        await notes.add(
            connection, KEYS, first.application.id, first.assignment, 77, "请带原件", CONFIRMING
        )
        await notes.add(
            connection, KEYS, second.application.id, second.assignment, 78, "别人的", CONFIRMING
        )
        await decisions.decide(connection, KEYS, first, 9, REFUSAL, CONFIRMING, PACE)
        await decisions.applied(connection, [9], CONFIRMING)
    ling = candidate(1)
    known = await data_export.read(process.db, KEYS, BOT, ling.telegram_id)
    assert [one.refusal for one in known.decisions] == [REFUSAL]
    assert [one.words for one in known.notes] == ["请带原件"]
    row = (await process.unit(1, ling.telegram_id)).row
    async with process.db.write() as connection:
        (unit,) = await process.work.load(connection, [(row, CONFIRMING)], exclusive=True)
        unit.erase()
        await process.work.flush(connection, [unit])
    assert await kept(database, select(tables.decisions)) == []
    assert await kept(database, select(tables.notes.c.id)) == [(78,)]
    assert await kept(database, select(tables.claims.c.application_id)) == [(waiting(2).id,)]
