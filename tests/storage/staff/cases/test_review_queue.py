"""The queue: who may decide what is one rule in Python and in SQL, and nobody starves."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from states.process.time_rules import GRACE, stage_span
from states.records import (
    Application,
    ApplicationId,
    LateChange,
    LateChangeState,
    Refusal,
    Stage,
)
from states.staff_roles import Desk, Role, RoleAssignment, Scope
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.engine import tables
from storage.engine.database import Database
from storage.staff.access.scopes import OutOfScope, covered, decidable
from storage.staff.application_search import outlines, read
from storage.staff.cases import claims, review_queue
from storage.staff.cases.review_queue import RETURNED_LAST
from tests.factories import EXAM, staff_member
from tests.storage.people import keep
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

pytestmark = pytest.mark.row("B9")


async def takes(
    db: Database, *assignments: RoleAssignment, now: datetime = CONFIRMING
) -> ApplicationId | None:
    """Return the next case of somebody with these roles."""
    async with db.write() as connection:
        found = await claims.take_next(access(connection, assignments, now))
    return None if found is None else found.application.id


async def test_who_may_decide_what_is_the_same_in_the_rules_and_in_the_queries(
    db: Database,
) -> None:
    stages = list(enumerate(itertools.product(Stage, ["", "east"]), start=1))
    filed = [waiting(number, stage, point=point) for number, (stage, point) in stages]
    await come(db, *filed)
    scopes = [
        Scope(),
        Scope("qinghai"),
        Scope("qinghai", "xining"),
        Scope("qinghai", "xining", "east"),
        Scope("qinghai", "xining", "west"),
        Scope("qinghai", "haidong"),
        Scope("shanxi"),
    ]
    async with db.read() as connection:
        for number, (role, scope) in enumerate(itertools.product(Role, scopes), start=100):
            one = staff_member(number, role, scope)
            found = {
                desk: set(
                    await connection.scalars(
                        select(tables.applications.c.id).where(decidable([one], desk))
                    )
                )
                for desk in Desk
            }
            assert set().union(*found.values()) == {a.id for a in filed if one.may_decide(a)}
            seen = await connection.scalars(select(tables.applications.c.id).where(covered([one])))
            assert set(seen) == {a.id for a in filed if scope.covers(a)}
            gone = replace(one, revoked_at=CONFIRMING)
            none = await connection.scalars(select(tables.applications.c.id).where(covered([gone])))
            assert not list(none)


async def test_what_waits_longest_comes_first_and_a_colleague_gets_the_next(db: Database) -> None:
    await grant_all(db, *ALL)
    ages = {1: 2, 2: 5, 3: 1}
    await come(
        db, *(waiting(n, since=CONFIRMING - timedelta(hours=age)) for n, age in ages.items())
    )
    assert await takes(db, CLERK) == waiting(2).id
    assert await takes(db, OTHER_CLERK) == waiting(1).id
    assert await takes(db, CLERK) == waiting(2).id, "one at a time: back to what is in hand"
    assert await takes(db, FAR_CLERK) is None
    assert await takes(db, SITE) is None
    assert await takes(db) is None


async def test_the_desk_whose_time_ends_first_comes_before_older_cases_of_another(
    db: Database,
) -> None:
    both = (CLERK, replace(SITE, telegram_id=CLERK.telegram_id))
    await grant_all(db, *both)
    days = timedelta(days=9)
    await come(db, waiting(1, Stage.CONFIRMED, REVIEWING - days), waiting(2, since=CONFIRMING))
    assert await takes(db, *both, now=CONFIRMING) == waiting(2).id
    assert await takes(db, SITE, now=CONFIRMING) is None, "the review has not begun"


async def test_after_the_review_only_what_came_in_its_last_days_is_given_out(db: Database) -> None:
    await grant_all(db, *ALL)
    closes = EXAM.windows.review.closes
    late = closes - timedelta(minutes=1)
    await come(db, waiting(1, Stage.CONFIRMED, REVIEWING), waiting(2, Stage.CONFIRMED, late))
    assert await takes(db, SITE, now=closes + timedelta(days=1)) == waiting(2).id
    assert await takes(db, *SITE_AND_AREA, now=late + GRACE) is None


async def test_what_was_never_handed_in_is_nobodys_to_see(db: Database) -> None:
    await grant_all(db, SITE)
    draft = replace(waiting(1, Stage.DRAFT), revision=0)
    await come(db, draft, waiting(2, Stage.DRAFT), waiting(3))
    ids = [draft.id, waiting(2).id, waiting(3).id]
    async with db.read() as connection:
        found = await outlines(access(connection, [SITE], CONFIRMING), ids)
        assert [one.id for one in found] == ids[1:], "one that was withdrawn has been theirs"
        with pytest.raises(OutOfScope):
            await read(access(connection, [SITE], CONFIRMING), draft.id)


async def test_what_is_put_back_stands_where_it_stood(db: Database) -> None:
    await grant_all(db, *ALL)
    await come(db, waiting(1), waiting(2, since=CONFIRMING + timedelta(minutes=1)))
    first = await takes(db, CLERK)
    assert first is not None
    async with db.write() as connection:
        assert not await claims.release(connection, [OTHER_CLERK], first)
        assert await claims.release(connection, [CLERK], first)
    assert await takes(db, OTHER_CLERK) == first


async def test_who_put_it_back_gets_others_first_and_then_the_same(db: Database) -> None:
    """A clerk who is alone would get the one case that they cannot decide at every tap."""
    await grant_all(db, *ALL)
    await come(db, waiting(1), waiting(2, since=CONFIRMING + timedelta(minutes=1)))
    first = await takes(db, CLERK)
    assert first == waiting(1).id
    entry = AuditEntry(
        1,
        CONFIRMING,
        CLERK.telegram_id,
        AuditAction.CASE_RETURNED,
        waiting(1).person_id,
        first,
    )
    async with db.write() as connection:
        assert await claims.release(connection, [CLERK], first)
        await audit_log.add(connection, KEYS, [entry])
    then = await takes(db, CLERK)
    assert then == waiting(2).id
    assert await takes(db, OTHER_CLERK) == first, "it keeps its place for everybody else"
    async with db.write() as connection:
        assert await claims.release(connection, [OTHER_CLERK], first)
        assert await claims.release(connection, [CLERK], then)
    assert await takes(db, CLERK, now=CONFIRMING + RETURNED_LAST) == first
    async with db.write() as connection:
        assert await claims.release(connection, [CLERK], first)
        gone = tables.applications.update().where(tables.applications.c.id == then)
        await connection.execute(gone.values(stage=Stage.DRAFT))
    assert await takes(db, CLERK) == first, "nothing else is left"


async def test_an_idle_claim_and_one_of_a_revoked_seat_hold_nothing(db: Database) -> None:
    await grant_all(db, *ALL)
    await come(db, waiting(1))
    first = await takes(db, CLERK)
    later = CONFIRMING + PACE.idle
    assert await takes(db, OTHER_CLERK, now=later - timedelta(seconds=1)) is None
    assert await takes(db, OTHER_CLERK, now=later) == first
    await grant_all(db, replace(OTHER_CLERK, revoked_at=later))
    assert await takes(db, CLERK, now=later) == first


async def test_nobody_gets_their_own(db: Database) -> None:
    await grant_all(db, *ALL)
    await come(db, waiting(1))
    await keep(db, candidate(1, account=CLERK.telegram_id))
    assert await takes(db, CLERK) is None
    assert await takes(db, OTHER_CLERK) == waiting(1).id
    async with db.read() as connection:
        (mine,) = [await review_queue.summaries(access(connection, [OTHER_CLERK], CONFIRMING))]
        assert [line.waiting for line in mine] == [1]
        assert await review_queue.summaries(access(connection, [CLERK], CONFIRMING)) == ()


async def test_what_waits_is_counted_by_desk_in_two_queries_however_long_it_is(
    db: Database,
) -> None:
    await grant_all(db, *ALL)
    old = CONFIRMING - timedelta(days=3)
    await come(
        db,
        *(waiting(n, since=CONFIRMING) for n in range(1, 30)),
        waiting(30, since=old),
        waiting(31, point=""),
        waiting(32, Stage.SITE_APPROVED),
        waiting(33, Stage.DRAFT),
    )
    await takes(db, CLERK)
    seen: list[str] = []
    async with db.read() as connection:

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        sync = connection.sync_connection
        assert sync is not None
        event.listen(sync, "before_cursor_execute", note)
        (line,) = await review_queue.summaries(access(connection, [CLERK], CONFIRMING))
        # Their own case is in their own hands, and no colleague's.
        assert (line.desk, line.waiting, line.claimed) == (Desk.CONFIRMATION, 30, 0)
        assert line.since == old
        assert line.decided == 0
        assert len([one for one in seen if one.startswith("SELECT")]) == 2
        (line,) = await review_queue.summaries(access(connection, [OTHER_CLERK], CONFIRMING))
        assert (line.waiting, line.claimed) == (30, 1)
        both = await review_queue.summaries(access(connection, SITE_AND_AREA, CONFIRMING))
        assert [(one.desk, one.waiting) for one in both] == [
            (Desk.CONFIRMATION, 1),
            (Desk.AREA_REVIEW, 1),
        ]
        (area,) = await review_queue.summaries(access(connection, [AREA], CONFIRMING))
        assert area.waiting == 1


CLOSED = EXAM.windows.confirmation.closes
OVER = EXAM.windows.review.closes
BACK = Refusal(CONFIRMING, until=CLOSED)
CHANGED = LateChange(1, 1, LateChangeState.DONE, CONFIRMING)


def in_and_out_of_time() -> list[Application]:
    """Return applications of both desks: new ones, and such as came back in each way."""
    arrived = (CLOSED - timedelta(hours=1), CLOSED - timedelta(days=9), OVER - timedelta(hours=1))
    ways: list[dict[str, object]] = [
        {},
        {"refusal": BACK},
        {"change": CHANGED},
        {"expired_from": Stage.SUBMITTED},
    ]
    stages = (Stage.SUBMITTED, Stage.SITE_APPROVED)
    return [
        replace(waiting(number, stage, since=since), **way)  # type: ignore[arg-type]
        for number, (stage, since, way) in enumerate(
            itertools.product(stages, arrived, ways), start=1
        )
    ]


@pytest.mark.parametrize(
    "now",
    [CLOSED - timedelta(minutes=1), CLOSED, CLOSED + GRACE, OVER, OVER + GRACE],
    ids=["before", "closed", "some-days-later", "over", "long-over"],
)
async def test_only_those_that_can_still_be_decided_wait_and_the_others_are_counted(
    db: Database, now: datetime
) -> None:
    filed = in_and_out_of_time()
    await come(db, *filed)
    everywhere = staff_member(50, Role.AREA_REVIEWER, Scope())
    clerk = staff_member(51, Role.POINT_CLERK, Scope())
    await grant_all(db, everywhere, clerk)
    timely = {
        one.id for one in filed if (span := stage_span(one, EXAM)) is not None and now < span.closes
    }
    async with db.read() as connection:
        lines = await review_queue.summaries(access(connection, [everywhere, clerk], now))
        matched = select(tables.applications.c.id).where(review_queue.in_time(EXAM, now))
        assert set(await connection.scalars(matched)) == timely
    assert sum(one.waiting for one in lines) == len(timely)
    assert sum(one.overdue for one in lines) == len(filed) - len(timely)
    first = await takes(db, everywhere, clerk, now=now)
    assert (first in timely) if timely else (first is None)
