"""The clock at the counter: each decision counts once, when it is due, and is heard of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
import pytest_asyncio
from sqlalchemy import select, update

from bot.core.runtime import Clocks, WallClock
from bot.delivery.sender import Sender
from bot.scheduler.desks.apply_decisions import RETRY_AFTER, DecisionApplier, FailedDecision
from bot.scheduler.desks.idle_claims import IdleClaims
from bot.scheduler.desks.staff_digest import StaffDigest
from bot.scheduler.scheduler import EVERY, Scheduler
from bot.updates.intake import Intake
from handlers.case_messages import CLOSED
from states.records import Fault, Part, Refusal, Stage
from states.staff.reach import OutOfReach
from states.staff_roles import Scope
from states.step_result import DeleteMessage, EditScreen, ShowScreen
from storage.engine import jobs, tables
from storage.engine.installation import Fact, write
from storage.engine.jobs import JobKind, StoredJob
from storage.engine.tables import OutboxState
from storage.staff.access import staff_groups
from storage.staff.cases import cards, claims, decisions
from storage.updates import backlog
from storage.updates.inbox import ReceivedUpdate
from storage.updates.outbox import DeliveryResult, OutgoingMessage
from tests.bot.storages import storage_over
from tests.factories import BOT, EXAM
from tests.storage.people import file_in
from tests.storage.process import StorageProcess, kept, message, started_process
from tests.storage.staff_members import (
    ALL,
    CLERK,
    CONFIRMING,
    EAST,
    FAR_CLERK,
    KEYS,
    OTHER_CLERK,
    PACE,
    SITE,
    access,
    candidate,
    come,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("B10", "C6")
FIRST = tables.decisions.c.id == 901
NEWS = PACE.news + PACE.undo + timedelta(seconds=EVERY)
"""After so long, what has come is known and said."""


ADMINISTRATOR = 77


class Standing(WallClock):
    """Stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def at(self, moment: datetime) -> datetime:
        return moment


class Waiting:
    """In the sender's place: everything stays in the table."""

    def pull(self) -> None:
        """Send nothing."""


@dataclass(slots=True)
class Counter:
    """The clock, and a process on the database."""

    process: StorageProcess
    scheduler: Scheduler
    wall_clock: Standing

    async def decides(self, number: int = 1, refusal: Refusal | None = None) -> None:
        """A clerk takes it and decides."""
        now = self.wall_clock.moment
        async with self.process.db.write() as tx:
            await claims.take(access(tx, [CLERK], now), waiting(number).id)
            held = await claims.read(access(tx, [CLERK], now), waiting(number).id)
            await decisions.decide(tx, KEYS, held, 900 + number, refusal, now, PACE)

    async def later(self, by: timedelta = PACE.undo) -> None:
        """Time passes, and the clock looks."""
        self.wall_clock.moment += by
        await self.scheduler.tick()

    async def jobs(self) -> list[StoredJob]:
        """The jobs that are not done."""
        async with self.process.db.read() as connection:
            return await jobs.unfinished(connection)

    async def told(self) -> list[OutgoingMessage]:
        """All that is to be sent."""
        return await self.process.outbox.waiting(self.wall_clock.moment)

    async def comes(self, number: int) -> None:
        """An application comes to the counter."""
        now = self.wall_clock.moment + timedelta(seconds=1)
        await file_in(self.process.db, waiting(number, since=now))

    async def heard(self) -> list[tuple[int, str]]:
        """Who has heard news since this was asked last, as a new message or a changed one."""
        news = [
            row
            for row in await self.told()
            if isinstance(row.effect, ShowScreen | EditScreen) and row.effect.slot == "queue-news"
        ]
        now = self.wall_clock.moment
        marks = [DeliveryResult(row, OutboxState.SENT, now, message_id=5) for row in news]
        async with self.process.db.write() as tx:
            await self.process.outbox.save_results(tx, marks)
        return [(row.chat_id, type(row.effect).__name__) for row in news]

    async def shows(self, chat_id: int, slot: str, message_id: int) -> None:
        """A message of this slot stands in a chat."""
        row = {"bot_id": BOT, "chat_id": chat_id, "slot": slot, "message_id": message_id}
        async with self.process.db.write() as tx:
            await tx.execute(tables.slots.insert(), row)


@pytest_asyncio.fixture
async def counter(database: str) -> AsyncIterator[Counter]:
    """Everybody at their desks, two applications that wait, nothing new."""
    async with started_process(database) as process:
        await grant_all(process.db, *ALL)
        await come(process.db, waiting(1), waiting(2))
        async with process.db.write() as tx:
            await write(tx, Fact.DIGEST_SENT, CONFIRMING.isoformat())
        wall_clock = Standing(CONFIRMING)
        storage = storage_over(process.db, KEYS, process.inbox, process.outbox)
        applier = DecisionApplier(storage, EXAM, wall_clock, [ADMINISTRATOR])
        scheduler = Scheduler(
            [applier, IdleClaims(storage, PACE), StaffDigest(storage, EXAM, PACE)],
            [FailedDecision(storage, applier)],
            storage,
            cast(Sender, Waiting()),
            Clocks(wall_clock),
            [ADMINISTRATOR],
        )
        yield Counter(process, scheduler, wall_clock)


async def stages(database: str) -> list[Any]:
    """How far both are."""
    table = tables.applications
    return [one for (one,) in await kept(database, select(table.c.stage).order_by(table.c.id))]


async def test_a_decision_counts_when_its_window_ends_and_is_told_once(
    counter: Counter, database: str
) -> None:
    await counter.decides()
    await counter.scheduler.tick()
    (run_at,) = [one.run_at for one in await counter.jobs() if one.kind == JobKind.DECISIONS]
    assert run_at == CONFIRMING + PACE.undo
    assert await stages(database) == [Stage.SUBMITTED, Stage.SUBMITTED]
    assert await counter.told() == []
    for _ in range(2):
        await counter.later()
    assert await stages(database) == [Stage.CONFIRMED, Stage.SUBMITTED]
    (told,) = await counter.told()
    assert told.chat_id == candidate(1).telegram_id
    assert isinstance(told.effect, ShowScreen)
    assert told.effect.screen == "told-confirmed"
    since = await kept(
        database, select(tables.applications.c.since).order_by(tables.applications.c.id)
    )
    assert since[0] == (CONFIRMING,), "judged by the moment of the decision"
    audit_entries = await kept(database, select(tables.audit.c.action, tables.audit.c.actor))
    assert audit_entries == [("decision-applied", CLERK.telegram_id)]


async def test_a_decision_that_cannot_take_effect_stops_neither_the_others_nor_the_bot(
    counter: Counter, database: str
) -> None:
    await counter.decides(1)
    await counter.decides(2)
    due = counter.wall_clock.moment + PACE.undo
    async with counter.process.db.write() as tx:
        await tx.execute(update(tables.decisions).where(FIRST).values(refusal=b"spoilt"))
    for after in (PACE.undo, timedelta(seconds=EVERY), RETRY_AFTER):
        await counter.later(after)
        assert await stages(database) == [Stage.SUBMITTED, Stage.CONFIRMED]
    told = [(row.chat_id, row.effect.screen) for row in await counter.told()]  # type: ignore[union-attr]
    assert sorted(told) == [(ADMINISTRATOR, "stuck"), (candidate(2).telegram_id, "told-confirmed")]
    assert (await backlog.read_backlog(counter.process.db, due)).decisions_since == due

    async with counter.process.db.write() as tx:
        await tx.execute(update(tables.decisions).where(FIRST).values(refusal=None))
    await counter.later(timedelta(seconds=EVERY))
    assert (await stages(database))[0] == Stage.SUBMITTED, "it is left alone for a while"
    await counter.later(RETRY_AFTER)
    assert await stages(database) == [Stage.CONFIRMED, Stage.CONFIRMED]


async def test_a_fault_of_something_else_is_not_laid_at_a_decision(
    counter: Counter, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object) -> None:
        raise RuntimeError("the news are broken")

    await counter.decides()
    monkeypatch.setattr("storage.staff.cases.review_queue.waiting_places", breaks)
    await counter.later(NEWS)
    await counter.later(timedelta(0))
    assert await stages(database) == [Stage.CONFIRMED, Stage.SUBMITTED]
    assert [one.kind for one in await counter.jobs() if one.attempts] == [JobKind.DIGEST]


async def test_a_refusal_reaches_the_candidate_as_it_was_sent(
    counter: Counter, database: str
) -> None:
    refusal = Refusal(
        CONFIRMING,
        (Fault(Part.FIELD, "mobile", "wrong"),),
        "请带原件",
        until=EXAM.windows.reupload.closes,
        refused_at=Stage.SUBMITTED,
    )
    await counter.decides(1, refusal)
    await counter.later()
    (unit,) = await counter.process.units([message(5, candidate(1).telegram_id)])
    assert unit.application is not None
    assert unit.application.stage is Stage.CONFIRM_REFUSED
    assert unit.application.refusal == refusal


async def test_what_was_withdrawn_meanwhile_stays_withdrawn_and_nothing_is_told(
    counter: Counter, database: str
) -> None:
    await counter.decides()
    await file_in(counter.process.db, waiting(1, Stage.DRAFT))
    await counter.later()
    assert await stages(database) == [Stage.DRAFT, Stage.SUBMITTED]
    assert await counter.told() == []
    assert await kept(database, select(tables.decisions)) == []
    audit_entries = await kept(database, select(tables.audit.c.action))
    assert audit_entries == [("decision-void",)]


async def test_what_was_handed_in_anew_meanwhile_is_not_what_was_decided(
    counter: Counter, database: str
) -> None:
    await counter.decides()
    await file_in(counter.process.db, replace(waiting(1), revision=waiting(1).revision + 1))
    await counter.later()
    assert await stages(database) == [Stage.SUBMITTED, Stage.SUBMITTED]


async def test_a_tap_that_came_in_time_and_is_not_even_kept_yet_is_waited_for(
    counter: Counter, database: str
) -> None:
    await counter.decides()
    arrived, kept_now = asyncio.Event(), asyncio.Event()

    async def keep(rows: Sequence[ReceivedUpdate]) -> int:
        arrived.set()
        await kept_now.wait()
        return len(rows)

    in_time = CONFIRMING + PACE.undo - timedelta(seconds=1)
    intake = Intake(counter.process.inbox, BOT, keep, now=lambda: in_time)
    taking = asyncio.create_task(intake.take([message(1, CLERK.telegram_id)]))
    await arrived.wait()
    await counter.later()
    assert await stages(database) == [Stage.SUBMITTED, Stage.SUBMITTED]
    kept_now.set()
    await taking
    await counter.later(timedelta(seconds=1))
    assert await stages(database) == [Stage.CONFIRMED, Stage.SUBMITTED]


async def test_a_tap_that_came_in_time_and_still_waits_is_waited_for(
    counter: Counter, database: str
) -> None:
    await counter.decides()
    (unit,) = await counter.process.units([message(1, CLERK.telegram_id)])
    async with counter.process.db.write() as tx:
        in_time = CONFIRMING + PACE.undo - timedelta(seconds=1)
        await tx.execute(tables.inbox.update().values(received_at=in_time))
    await counter.later()
    assert await stages(database) == [Stage.SUBMITTED, Stage.SUBMITTED]
    await counter.process.flush(unit)
    await counter.later(timedelta(seconds=1))
    assert await stages(database) == [Stage.CONFIRMED, Stage.SUBMITTED]


async def test_every_card_says_how_it_ended_and_every_paper_goes(counter: Counter) -> None:
    mine, other = waiting(1).id, waiting(2).id
    await counter.shows(CLERK.telegram_id, cards.card_slot(mine), 11)
    await counter.shows(CLERK.telegram_id, cards.album_slot(mine, 2), 12)
    await counter.shows(OTHER_CLERK.telegram_id, cards.card_slot(mine), 13)
    await counter.shows(CLERK.telegram_id, cards.card_slot(other), 14)
    await counter.decides()
    await counter.later()
    told = await counter.told()
    changed = {row.chat_id: row.effect for row in told if isinstance(row.effect, EditScreen)}
    assert {chat: effect.message_id for chat, effect in changed.items()} == {
        CLERK.telegram_id: 11,
        OTHER_CLERK.telegram_id: 13,
    }
    for effect in changed.values():
        assert (effect.screen, effect.data) == (CLOSED, {"application": str(mine)})
    erased = [(row.chat_id, row.effect) for row in told if isinstance(row.effect, DeleteMessage)]
    assert erased == [(CLERK.telegram_id, DeleteMessage(12))]
    async with counter.process.db.read() as connection:
        assert await cards.shown(connection, mine) == []
        assert len(await cards.shown(connection, other)) == 1


async def test_a_claim_that_goes_idle_returns_and_its_card_is_closed(
    counter: Counter, database: str
) -> None:
    async with counter.process.db.write() as tx:
        await claims.take(access(tx, [CLERK], CONFIRMING), waiting(1).id)
    await counter.shows(CLERK.telegram_id, cards.card_slot(waiting(1).id), 11)
    await counter.later(PACE.idle - timedelta(seconds=1))
    assert len(await kept(database, select(tables.claims))) == 1
    await counter.later(timedelta(seconds=EVERY))
    assert await kept(database, select(tables.claims)) == []
    (effect,) = [
        row.effect
        for row in await counter.told()
        if isinstance(row.effect, EditScreen) and row.effect.message_id
    ]
    assert isinstance(effect, EditScreen)
    assert effect.data["why"] == "returned"


async def test_whoever_is_concerned_hears_once_in_a_while_that_something_came(
    counter: Counter,
) -> None:
    clerks = [CLERK.telegram_id, OTHER_CLERK.telegram_id]
    await counter.comes(1)
    await counter.later(NEWS - timedelta(seconds=1))
    assert await counter.heard() == []
    await counter.later(timedelta(seconds=1))
    assert await counter.heard() == [(account, "EditScreen") for account in clerks]
    for _ in range(3):
        await counter.later(PACE.news)
    assert await counter.heard() == [], "nothing new"


async def test_what_comes_to_an_empty_queue_rings_and_what_comes_after_it_does_not(
    counter: Counter,
) -> None:
    await file_in(counter.process.db, waiting(1, Stage.DRAFT), waiting(2, Stage.DRAFT))
    await counter.comes(1)
    await counter.later(NEWS)
    assert (CLERK.telegram_id, "ShowScreen") in await counter.heard()
    await counter.comes(2)
    await counter.later(NEWS)
    assert (CLERK.telegram_id, "EditScreen") in await counter.heard()
    assert (FAR_CLERK.telegram_id, "ShowScreen") not in await counter.heard()


async def test_a_digest_waits_for_the_case_in_its_readers_hands(counter: Counter) -> None:
    """It counts from where it began to wait, whoever else has heard of it meanwhile."""
    await file_in(counter.process.db, waiting(1, Stage.DRAFT), waiting(2, Stage.DRAFT))
    await counter.comes(1)
    async with counter.process.db.write() as tx:
        await claims.take(access(tx, [CLERK], counter.wall_clock.moment), waiting(1).id)
    await counter.comes(2)
    await counter.later(NEWS)
    heard = await counter.heard()
    assert CLERK.telegram_id not in dict(heard), "a card is open"
    assert (OTHER_CLERK.telegram_id, "ShowScreen") in heard
    await counter.later(PACE.news + PACE.undo + timedelta(seconds=EVERY))
    assert await counter.heard() == []
    async with counter.process.db.write() as tx:
        assert await claims.release(tx, [CLERK], waiting(1).id)
    await counter.later(NEWS)
    assert dict(await counter.heard()) == {CLERK.telegram_id: "ShowScreen"}
    for _ in range(2):
        await counter.later(NEWS)
        assert await counter.heard() == [], "nothing new"


async def test_what_waits_for_a_day_rings_once_on_each_day_at_an_hour_of_work(
    counter: Counter,
) -> None:
    morning = CONFIRMING + timedelta(days=1, hours=2)
    counter.wall_clock.moment = morning - timedelta(hours=4)
    for hours, heard in ((0, None), (4, "ShowScreen"), (1, None), (9, None), (14, "ShowScreen")):
        await counter.later(timedelta(hours=hours))
        told = dict(await counter.heard())
        assert told.get(CLERK.telegram_id) == heard, f"after {hours} hours"
        assert SITE.telegram_id not in told
    await counter.comes(2)
    await counter.later(NEWS)
    assert dict(await counter.heard())[CLERK.telegram_id] == "EditScreen", "it rang today"


async def test_what_a_decision_passes_on_is_news_though_it_counts_from_the_decision(
    counter: Counter,
) -> None:
    counter.wall_clock.moment += NEWS - timedelta(seconds=30)
    await counter.decides()
    await counter.later(timedelta(seconds=30))
    assert await counter.heard() == [], "not in effect, and the time of news"
    for _ in range(2):
        await counter.later(PACE.news)
    assert (SITE.telegram_id, "ShowScreen") in await counter.heard()


async def test_a_group_hears_the_news_of_its_scope_until_it_is_gone(
    counter: Counter, database: str
) -> None:
    near, far, whole = -101, -102, -103
    async with counter.process.db.write() as tx:
        for chat, scope in ((near, EAST), (far, Scope("shanxi")), (whole, Scope())):
            await staff_groups.bind(tx, BOT, chat, scope, 1000, CONFIRMING)
    await file_in(counter.process.db, waiting(1, since=CONFIRMING + timedelta(minutes=1)))
    await counter.later(NEWS)
    heard = {row.chat_id: row for row in await counter.told() if row.chat_id < 0}
    assert heard.keys() == {near, whole}
    for row in heard.values():
        assert isinstance(row.effect, ShowScreen | EditScreen)
        assert (row.effect.screen, row.effect.slot, dict(row.effect.data)) == (
            "group-news",
            "queue-news",
            {},
        )
    async with counter.process.db.write() as tx:
        failed = {near: OutOfReach.GONE, whole: OutOfReach.BLOCKED}
        await counter.process.outbox.save_results(
            tx,
            [
                DeliveryResult(
                    heard[chat], OutboxState.FAILED, counter.wall_clock.moment, error=why
                )
                for chat, why in failed.items()
            ],
        )
    await file_in(
        counter.process.db, waiting(2, since=counter.wall_clock.moment + timedelta(minutes=1))
    )
    await counter.later(NEWS)
    assert [row.chat_id for row in await counter.told() if row.chat_id < 0] == []
    async with counter.process.db.read() as connection:
        (only,) = await staff_groups.bound(connection, BOT)
        assert (only.chat_id, only.scope) == (far, Scope("shanxi"))
    audit_entries = await kept(database, select(tables.audit.c.action, tables.audit.c.detail))
    assert sorted(audit_entries) == [("group-released", str(near)), ("group-released", str(whole))]
    async with counter.process.db.write() as tx:
        await staff_groups.bind(tx, BOT, near, EAST, 1000, counter.wall_clock.moment)
        assert await staff_groups.gone(tx, BOT) == [], "bound anew, it has a new chance"


async def test_news_hold_nothing_personal(counter: Counter, database: str) -> None:
    await file_in(counter.process.db, waiting(1, since=CONFIRMING + timedelta(minutes=1)))
    await counter.later(NEWS)
    for row in await counter.told():
        assert isinstance(row.effect, ShowScreen | EditScreen)
        assert (row.effect.slot, dict(row.effect.data), row.effect.header_lines) == (
            "queue-news",
            {},
            (),
        )


async def test_a_decision_behind_a_stuck_update_is_looked_at_ever_more_seldom(
    counter: Counter, database: str
) -> None:
    await counter.decides()
    (unit,) = await counter.process.units([message(1, CLERK.telegram_id)])
    async with counter.process.db.write() as tx:
        await tx.execute(tables.inbox.update().values(received_at=CONFIRMING))
    await counter.later()
    begun, looks = counter.wall_clock.moment, 0
    while counter.wall_clock.moment < begun + timedelta(minutes=5):
        (due,) = [job.run_at for job in await counter.jobs() if job.kind == JobKind.DECISIONS]
        await counter.later(due - counter.wall_clock.moment)
        looks += 1
    assert looks < 20
    await counter.process.flush(unit)
    await counter.later(timedelta(seconds=EVERY))
    assert await stages(database) == [Stage.CONFIRMED, Stage.SUBMITTED]
