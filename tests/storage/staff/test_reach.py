"""Who has to be called before an application is lost, and the statistics of a scope."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from states.records import (
    Application,
    Fault,
    LateChange,
    LateChangeState,
    Part,
    Person,
    Refusal,
    Stage,
)
from states.staff.reach import OutOfReach, ends_soon
from states.staff_roles import Desk, Scope
from storage.engine import tables
from storage.engine.database import Database
from storage.staff import reach, statistics
from storage.staff.cases import claims, decisions
from storage.staff.reach import ReachSummary
from storage.staff.statistics import RefusedItem
from tests.factories import EXAM
from tests.storage.people import FILLED, file_in, keep
from tests.storage.staff_members import (
    CLERK,
    CONFIRMING,
    KEYS,
    PACE,
    SITE,
    access,
    candidate,
    come,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("B11")

NEAR = EXAM.windows.confirmation.closes - timedelta(days=2)
REFUSAL = Refusal(CONFIRMING, (Fault(Part.MATERIAL, "degree", "blurred"),))
LATER = EXAM.windows.reupload.closes + timedelta(days=1)


def at(number: int, stage: Stage, **more: object) -> Application:
    """The application of that candidate at a stage, for two weeks."""
    return replace(waiting(number, stage), **more)  # type: ignore[arg-type]


def person(number: int, **more: object) -> Person:
    """That candidate, whom messages reach."""
    return replace(candidate(number), blocked_at=None, **more)  # type: ignore[arg-type]


async def test_only_who_loses_something_and_has_not_heard_of_it_is_on_the_list(
    db: Database,
) -> None:
    """Each line of the crowd is one reason to be on the list of the site, or not."""
    crowd: dict[int, tuple[Person, Application]] = {
        1: (person(1), at(1, Stage.SUBMITTED)),
        2: (person(2), at(2, Stage.SUBMITTED, refusal=REFUSAL)),  # submitted again: no risk
        3: (person(3), at(3, Stage.DRAFT, revision=1)),  # withdrawn
        4: (person(4), at(4, Stage.DRAFT, revision=0)),  # loses no registration
        5: (person(5), at(5, Stage.CONFIRM_REFUSED, refusal=replace(REFUSAL, until=LATER))),
        6: (person(6), at(6, Stage.CONFIRMED)),  # the staff's turn
        7: (person(7, seen_at=NEAR), at(7, Stage.SUBMITTED)),
        8: (person(8, seen_at=CONFIRMING - timedelta(days=1)), at(8, Stage.SUBMITTED)),
        9: (person(9), replace(at(9, Stage.SUBMITTED), area="tianjin", answers={"site": "heping"})),
        10: (
            replace(person(10), blocked_at=NEAR, unreachable=OutOfReach.DEACTIVATED),
            at(10, Stage.SUBMITTED),
        ),
        11: (person(11), replace(at(11, Stage.SUBMITTED), exam="health-2025")),
    }
    await keep(db, *(one for one, _ in crowd.values()))
    await file_in(db, *(one for _, one in crowd.values()))
    async with db.write() as connection:
        staff = access(connection, [SITE], NEAR)
        found = await reach.unseen(staff, 0, 100)
        assert [int(one.person.id) // 64 for one in found] == [1, 3, 5, 8, 10]
        ends = {int(one.person.id) // 64: one.ends for one in found}
        assert ends[1] == ends[3] == EXAM.windows.confirmation.closes
        assert ends[5] == LATER, "their own deadline, which is later than the window's"
        await reach.note_call(connection, 1, crowd[1][1].id, 5003, NEAR, reached=False)
        await reach.note_call(connection, 2, crowd[3][1].id, 5003, NEAR, reached=True)
        assert await reach.summary(staff) == ReachSummary(6, 1, 1, {OutOfReach.DEACTIVATED: 1})
        called = {
            int(one.person.id) // 64: one.called_at for one in await reach.unseen(staff, 0, 9)
        }
        assert called == {1: NEAR, 5: None, 8: None, 10: None}
        before = access(connection, [SITE], NEAR - timedelta(days=20))
        assert (await reach.summary(before)).total == 0, "no deadline is near"
        far = access(connection, [replace(SITE, scope=Scope("shanxi"))], NEAR)
        assert await reach.unseen(far, 0, 100) == []


async def test_at_each_moment_the_list_has_those_whose_own_deadline_is_near(db: Database) -> None:
    """Refused late, reinstated, changed late: the query reads whoever may be at risk."""
    windows = EXAM.windows
    done = LateChange(1, 1, LateChangeState.DONE, windows.review.opens)
    sent, late = windows.review.closes, windows.payment.closes + timedelta(days=2)
    in_review = replace(REFUSAL, until=LATER, refused_at=Stage.CONFIRMED)
    kinds: list[tuple[Stage, dict[str, object]]] = [
        (Stage.DRAFT, {"revision": 1, "refusal": replace(REFUSAL, until=sent)}),
        (Stage.DRAFT, {"revision": 1}),
        (Stage.SUBMITTED, {}),
        (Stage.SUBMITTED, {"change": done}),
        (Stage.SUBMITTED, {"expired_from": Stage.SUBMITTED, "since": late}),
        (Stage.CONFIRM_REFUSED, {"refusal": replace(REFUSAL, until=sent)}),
        (Stage.CONFIRM_REFUSED, {"refusal": REFUSAL}),  # for good
        (Stage.REVIEW_REFUSED, {"refusal": in_review}),
        (Stage.REVIEW_REFUSED, {"refusal": in_review, "expired_from": Stage.REVIEW_REFUSED}),
        (Stage.APPROVED, {"change": done, "since": late}),
        (Stage.APPROVED, {"expired_from": Stage.APPROVED, "since": late}),
        (Stage.APPROVED, {}),
        (Stage.CONFIRMED, {}),
    ]
    filed = [at(number, stage, **more) for number, (stage, more) in enumerate(kinds, 1)]
    await keep(db, *(person(number) for number in range(1, len(filed) + 1)))
    await file_in(db, *filed)
    seen: set[int] = set()
    async with db.read() as connection:
        for day in range(0, 100, 2):
            now = windows.registration.opens + timedelta(days=day, hours=9)
            expected = {one.id: ends for one in filed if (ends := ends_soon(one, EXAM, now))}
            staff = access(connection, [SITE], now)
            found = await reach.unseen(staff, 0, 100)
            assert {one.application.id: one.ends for one in found} == expected
            assert [one.application.id for one in found] == sorted(expected)
            assert (await reach.summary(staff)).total == len(expected)
            first = await reach.unseen(staff, 0, 1)
            assert [one.application.id for one in first] == sorted(expected)[:1]
            seen |= expected.keys()
    assert len(seen) == len(filed) - 3, "all but the one for good, the done one and the staff's"


async def test_the_numbers_of_a_scope_are_those_of_its_applications(db: Database) -> None:
    await grant_all(db, SITE, CLERK)
    filed = [
        at(1, Stage.SUBMITTED),
        at(2, Stage.DRAFT, revision=0),
        replace(at(3, Stage.APPROVED), area="shanxi", answers={"site": "taiyuan"}),
        replace(at(4, Stage.SUBMITTED), exam="health-2025"),
    ]
    await come(db, *filed)
    claimed_at = CONFIRMING + timedelta(hours=5)
    async with db.write() as connection:
        staff = access(connection, [SITE], claimed_at)
        assert await statistics.by_stage(staff) == {Stage.SUBMITTED: 1, Stage.DRAFT: 1}
        assert await statistics.by_area(staff) == {"qinghai": (2, 1)}
        assert await statistics.desk_times(staff) == {}
        clerk = access(connection, [CLERK], claimed_at)
        await claims.take(clerk, filed[0].id)
        case = await claims.read(clerk, filed[0].id)
        await decisions.decide(connection, KEYS, case, 77, REFUSAL, claimed_at, PACE)
    async with db.read() as connection:
        staff = access(connection, [SITE], claimed_at)
        assert await statistics.desk_times(staff) == {Desk.CONFIRMATION: timedelta(hours=5)}
        assert await statistics.refused_items(staff, 5) == [], "it can be undone"
    async with db.write() as connection:
        await connection.execute(tables.decisions.update().values(applied_at=claimed_at))
    async with db.read() as connection:
        staff = access(connection, [SITE], claimed_at)
        items = await statistics.refused_items(staff, 5)
        assert items == [(RefusedItem(Part.MATERIAL, "degree", "blurred"), 1)]
        assert await statistics.out_of_reach(staff) == {"forbidden": 2}, "both blocked the bot"
        elsewhere = access(connection, [replace(SITE, scope=Scope("shanxi"))], claimed_at)
        assert await statistics.by_stage(elsewhere) == {Stage.APPROVED: 1}
        assert await statistics.refused_items(elsewhere, 5) == []
    assert FILLED.exam == EXAM.key
