"""An audience in SQL takes the same people as the rule, and 100,000 are written down in seconds."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from datetime import datetime
from itertools import product
from time import perf_counter

import pytest
from sqlalchemy import select, text

from states.broadcasts.audience import NO_APPLICATION, Audience, Dimension, Missing, Seen
from states.broadcasts.ledger import BroadcastState, Outcome
from states.records import (
    Application,
    ApplicationId,
    Bill,
    BillState,
    PersonId,
    Records,
    Stage,
)
from states.staff.cases import CaseKind
from states.staff_roles import Scope
from storage.broadcasts import audiences, broadcasts, ledger
from storage.broadcasts.broadcasts import Broadcast
from storage.candidates import cases, records
from storage.candidates.cases import Case
from storage.engine import tables
from storage.engine.database import Database
from tests.factories import EXAM
from tests.storage.people import FILLED, WHOLE, file_in, keep
from tests.storage.process import BOT, NOW, keyring

ALL = (Scope(),)
KEYS = keyring()
MANY = 100_000
CLAIMED = Bill(BillState.OWED, "wechat", "o-1", 6_100, NOW, claimed_at=NOW)
PLAN_SECONDS = 5.0
PLAN_MB = 20.0


def claim(of: Application, closed_at: datetime | None) -> Case:
    """A claim of payment, open or decided."""
    about = (of.person_id, "", of.area, of.site, NOW, closed_at)
    return Case(of.id, CaseKind.PAYMENT, *about, words="付过了")


async def crowd(db: Database) -> list[Records]:
    """People who differ in everything that an audience can ask for."""
    people, filed, claims = [], [], []
    stages = [None, Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED]
    kinds = product(stages, ["qinghai", "tianjin"], [None, "a" * 64], ["zh-CN", "en"], [None, NOW])
    for number, (stage, area, photo, locale, seen_at) in enumerate(kinds, 1):
        person = replace(
            WHOLE,
            id=PersonId(number),
            telegram_id=10_000 + number,
            number_hash=f"{number:064}" if number % 3 else None,
            photo=photo,
            locale=locale if number % 5 else "",
            seen_at=seen_at,
            consent="v1" if number % 7 else "",
        )
        people.append(person)
        if stage is not None:
            filed.append(
                replace(
                    FILLED,
                    id=ApplicationId(number),
                    person_id=person.id,
                    stage=stage,
                    area=area,
                    answers={"site": "xining" if area == "qinghai" else "heping"},
                    revision=0 if stage is Stage.DRAFT else 1,
                    uploaded_at=NOW if number % 2 else None,
                    since=NOW if number % 4 else None,
                    bill=CLAIMED if number % 3 and stage is Stage.APPROVED else None,
                )
            )
            claims.append(claim(filed[-1], NOW if number % 3 == 0 else None))
    await keep(db, *people)
    await file_in(db, *filed)
    async with db.write() as connection:
        for one in claims:
            await cases.add(connection, KEYS, one)
    async with db.read() as connection:
        known = await records.load(
            connection, KEYS, EXAM.key, BOT, [one.telegram_id for one in people]
        )
    return list(known.values())


CODES: dict[Dimension, list[str]] = {
    Dimension.STAGE: [NO_APPLICATION, Stage.DRAFT, Stage.SUBMITTED],
    Dimension.AREA: ["qinghai", "tianjin", "nowhere"],
    Dimension.SITE: ["qinghai/xining", "tianjin/xining"],
    Dimension.SPECIALTY: ["368", ""],
    Dimension.MISSING: list(Missing),
    Dimension.LANGUAGE: ["zh-CN", "en"],
    Dimension.SEEN: list(Seen),
}
AUDIENCES = [
    Audience(scopes=ALL),
    Audience(scopes=()),
    Audience(scopes=(Scope("qinghai"),)),
    Audience(scopes=(Scope("qinghai", "xining"), Scope("tianjin"))),
    *(Audience({dimension: (code,)}, ALL) for dimension, codes in CODES.items() for code in codes),
    Audience(
        {Dimension.MISSING: (Missing.PHOTO, Missing.PAYMENT), Dimension.LANGUAGE: ("en",)}, ALL
    ),
]


async def test_sql_takes_the_people_whom_the_rule_takes(db: Database) -> None:
    everybody = await crowd(db)
    for audience in AUDIENCES:
        wanted = {
            one.person.telegram_id
            for one in everybody
            if one.person and audience.includes(one, EXAM)
        }
        async with db.read() as connection:
            found = await audiences.accounts(connection, BOT, audience, EXAM, 0, 1_000)
            counted = await audiences.count(connection, BOT, audience, EXAM)
            shown = await audiences.samples(connection, BOT, audience, EXAM)
        assert {account for _, account in found} == wanted, audience
        assert counted.total == len(wanted)
        assert set(shown) <= wanted
        assert len(set(shown)) == len(shown) == min(3, len(wanted))
        assert Audience.of_plain(audience.to_plain()) == audience


def broadcast(number: int = 1, audience: Audience | None = None) -> Broadcast:
    """A broadcast of an administrator whose planning has begun."""
    taken = audience or Audience(scopes=ALL)
    return Broadcast(number, BOT, EXAM.key, 1000, NOW, BroadcastState.PLANNING, taken)


@pytest.mark.measured
async def test_a_hundred_thousand_are_written_down_in_seconds_and_flat_memory(
    db: Database,
) -> None:
    await keep(db, replace(WHOLE, id=PersonId(1), telegram_id=1, blocked_at=None))
    names = [one.name for one in tables.people.c if one.name not in ("id", "telegram_id")]
    kept = ", ".join(name if name != "number_hash" else "NULL" for name in names)
    copied = text(
        f"INSERT INTO people (id, telegram_id, {', '.join(names)}) "
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < :many) "
        f"SELECT i, i, {kept} FROM people, n WHERE id = 1"
    )
    async with db.write() as connection:
        await connection.execute(copied, {"many": MANY})
        await broadcasts.add(connection, KEYS, broadcast())
    tracemalloc.start()
    began, planned = perf_counter(), audiences.PLANNED_AT_ONCE
    while planned == audiences.PLANNED_AT_ONCE:
        async with db.write() as connection:
            planned = await audiences.write_down(connection, broadcast(), EXAM)
    took, (_, peak) = perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    async with db.read() as connection:
        counts = await ledger.counts(connection, 1)
    assert counts[Outcome.PLANNED] == counts.total == MANY
    assert took < PLAN_SECONDS
    assert peak / 1e6 < PLAN_MB
    print(f"{MANY:,} recipients planned in {took:.1f} s, {peak / 1e6:.1f} MB")


async def test_a_planning_that_was_interrupted_goes_on_without_a_twin(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = await crowd(db)
    monkeypatch.setattr(audiences, "PLANNED_AT_ONCE", 10)
    async with db.write() as connection:
        await broadcasts.add(connection, KEYS, broadcast())
    for _ in range(len(everybody)):
        async with db.write() as connection:
            if not await audiences.write_down(connection, broadcast(), EXAM):
                break
    async with db.read() as connection:
        ids = list(await connection.scalars(select(tables.broadcast_recipients.c.person_id)))
    wanted = [one.person.id for one in everybody if one.person and one.person.consent]
    assert sorted(ids) == sorted(wanted)


async def test_the_same_text_for_the_same_people_is_found_and_a_draft_is_not(db: Database) -> None:
    async with db.write() as connection:
        await broadcasts.add(connection, KEYS, replace(broadcast(), state=BroadcastState.DRAFT))
        assert await broadcasts.same_begun(connection, KEYS, broadcast(2), NOW) is None
        assert await broadcasts.move(connection, 1, [BroadcastState.DRAFT], BroadcastState.RUNNING)
        assert not await broadcasts.move(
            connection, 1, [BroadcastState.DRAFT], BroadcastState.RUNNING
        )
        found = await broadcasts.same_begun(connection, KEYS, broadcast(2), NOW)
        assert found is not None
        assert found.id == 1
        other = broadcast(2, Audience({Dimension.LANGUAGE: ("en",)}, ALL))
        assert await broadcasts.same_begun(connection, KEYS, other, NOW) is None


async def test_somebody_with_applications_of_two_years_is_one_person(db: Database) -> None:
    """The stage is that of this year's application; an earlier one neither adds nor hides it."""
    await keep(db, replace(WHOLE, id=PersonId(1), telegram_id=1))
    earlier = replace(
        FILLED,
        id=ApplicationId(1),
        person_id=PersonId(1),
        exam="health-2025",
        stage=Stage.REGISTERED,
    )
    this = replace(earlier, id=ApplicationId(2), exam=EXAM.key, stage=Stage.DRAFT, revision=0)
    await file_in(db, earlier, this)
    everybody = Audience(scopes=ALL)
    drafts = Audience({Dimension.MISSING: (Missing.SUBMISSION,)}, ALL)
    registered = Audience({Dimension.STAGE: (Stage.REGISTERED,)}, ALL)
    async with db.write() as connection:
        await broadcasts.add(connection, KEYS, broadcast())
        assert (await audiences.count(connection, BOT, everybody, EXAM)).total == 1
        assert (await audiences.count(connection, BOT, drafts, EXAM)).total == 1
        assert (await audiences.count(connection, BOT, registered, EXAM)).total == 0
        assert await audiences.write_down(connection, broadcast(), EXAM) == 1
