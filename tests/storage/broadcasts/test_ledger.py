"""The ledger and the outbox change in one transaction: an outcome for everybody, and only one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from states.broadcasts.audience import Audience
from states.broadcasts.ledger import BroadcastState, Counts, Outcome
from states.records import ApplicationId, PersonId
from states.staff.reach import OutOfReach
from states.staff_roles import Scope
from states.step_result import Priority, ShowScreen
from storage.broadcasts import audiences, broadcasts, ledger
from storage.broadcasts.broadcasts import Broadcast
from storage.engine.tables import OutboxState
from storage.updates.outbox import DeliveryResult, OutgoingMessage
from tests.factories import EXAM
from tests.storage.people import FILLED, WHOLE, file_in, keep
from tests.storage.process import BOT, NOW, StorageProcess, keyring

PEOPLE = 6
BULK = ShowScreen("broadcast-message", {"broadcast": "1"}, priority=Priority.BULK)
BROADCAST = Broadcast(
    1, BOT, EXAM.key, 1000, NOW, BroadcastState.RUNNING, Audience(scopes=(Scope(),))
)


async def begun(process: StorageProcess) -> None:
    """A broadcast to ``PEOPLE`` people that are all planned."""
    them = [
        replace(WHOLE, id=PersonId(n), telegram_id=100 + n, number_hash=f"{n:064}", blocked_at=None)
        for n in range(1, PEOPLE + 1)
    ]
    await keep(process.db, *them)
    async with process.db.write() as tx:
        await broadcasts.add(tx, keyring(), BROADCAST)
        await audiences.write_down(tx, BROADCAST, EXAM)


def row(person: int, round_: int = 0) -> OutgoingMessage:
    """The outbox row of a recipient in a round; its id names both."""
    key = ledger.key_of(replace(BROADCAST, round=round_), person)
    return OutgoingMessage(round_ * 100 + person, key, BOT, 100 + person, BULK, NOW)


async def hand_over(process: StorageProcess, *rows: OutgoingMessage) -> None:
    async with process.db.write() as tx:
        await process.outbox.add(tx, rows)
        await ledger.claim(tx, 1, [(one.chat_id - 100, one.id) for one in rows])


async def settle(process: StorageProcess, *results: DeliveryResult) -> None:
    async with process.db.write() as tx:
        await process.outbox.save_results(tx, results)


async def counts(process: StorageProcess) -> Counts:
    async with process.db.read() as connection:
        return await ledger.counts(connection, 1)


async def of(process: StorageProcess, which: Sequence[Outcome]) -> list[int]:
    async with process.db.read() as connection:
        return [one[0] for one in await ledger.outcomes(connection, 1, which, 0, 100)]


async def test_each_end_of_a_message_is_an_outcome(process: StorageProcess) -> None:
    await begun(process)
    await hand_over(process, *(row(n) for n in range(1, 6)))
    await settle(
        process,
        DeliveryResult(row(1), OutboxState.SENT, NOW, message_id=7),
        DeliveryResult(row(2), OutboxState.FAILED, NOW, error=OutOfReach.BLOCKED),
        DeliveryResult(row(3), OutboxState.OVERTAKEN, NOW),
        DeliveryResult(row(4), OutboxState.EXPIRED, NOW),
        DeliveryResult(row(5), OutboxState.UNKNOWN, NOW),
    )
    found = await counts(process)
    assert found.by_outcome == {
        Outcome.SENT: 1,
        Outcome.REFUSED: 1,
        Outcome.OVERTAKEN: 2,
        Outcome.UNKNOWN: 1,
        Outcome.PLANNED: 1,
    }
    assert found.why == {OutOfReach.BLOCKED: 1}
    assert (found.total, found.open, found.done) == (PEOPLE, 1, 5)
    async with process.db.read() as connection:
        reached = await ledger.planned(connection, 1, 10)
    assert [one.person_id for one in reached] == [6]


async def test_a_pause_takes_back_what_waits_and_leaves_the_calls_under_way(
    process: StorageProcess,
) -> None:
    await begun(process)
    await hand_over(process, *(row(n) for n in range(1, 5)))
    assert await process.outbox.claim([1, 2]) == {1, 2}
    async with process.db.write() as tx:
        await ledger.take_back(tx, 1)
    assert await of(process, [Outcome.CLAIMED]) == [1, 2]
    assert await of(process, [Outcome.PLANNED]) == [3, 4, 5, 6]
    assert await process.outbox.claim([3, 4]) == set(), "no call of theirs can begin"
    await settle(process, DeliveryResult(row(1), OutboxState.SENT, NOW, message_id=7))
    await hand_over(process, row(3, 1))
    await settle(process, DeliveryResult(row(3), OutboxState.OVERTAKEN, NOW))
    assert await of(process, [Outcome.CLAIMED]) == [2, 3], "an end of the round before"
    await settle(process, DeliveryResult(row(3, 1), OutboxState.SENT, NOW, message_id=8))
    assert await of(process, [Outcome.SENT]) == [1, 3]


async def test_whoever_is_erased_while_their_message_waits_has_an_outcome(
    process: StorageProcess,
) -> None:
    """Nothing else ends their row: the broadcast would never be over."""
    await begun(process)
    await hand_over(process, row(1), row(2), row(3))
    assert await process.outbox.claim([2]) == {2}
    await process.erase(1, 101)
    await process.erase(2, 102)
    assert await of(process, [Outcome.OVERTAKEN]) == [1]
    assert await of(process, [Outcome.CLAIMED]) == [2, 3], "a call under way brings its outcome"
    await settle(process, DeliveryResult(row(2), OutboxState.SENT, NOW, message_id=7))
    assert await of(process, [Outcome.SENT]) == [2]


async def test_a_crash_makes_claimed_messages_unknown_and_nothing_repeats_them(
    process: StorageProcess,
) -> None:
    await begun(process)
    await hand_over(process, *(row(n) for n in range(1, 4)))
    await process.outbox.claim([2])
    assert await process.outbox.recover_claimed() == 1
    assert await of(process, [Outcome.UNKNOWN]) == [2]
    assert await of(process, [Outcome.CLAIMED]) == [1, 3]
    async with process.db.write() as tx:
        assert await ledger.plan_refused(tx, 1) == 0
        await ledger.take_back(tx, 1)
    assert await of(process, [Outcome.UNKNOWN]) == [2]


async def test_failed_ones_are_tried_again_and_the_rest_is_cancelled(
    process: StorageProcess,
) -> None:
    await begun(process)
    await hand_over(process, row(1), row(2))
    await settle(
        process,
        DeliveryResult(row(1), OutboxState.FAILED, NOW, error="400"),
        DeliveryResult(row(2), OutboxState.SENT, NOW, message_id=7),
    )
    async with process.db.write() as tx:
        assert await ledger.plan_refused(tx, 1) == 1
    assert await of(process, [Outcome.PLANNED]) == [1, 3, 4, 5, 6]
    async with process.db.write() as tx:
        assert await ledger.cancel_planned(tx, 1, NOW) == 5
        assert await ledger.cancel_planned(tx, 1, NOW) == 0
    found = await counts(process)
    assert found.open == 0
    assert found[Outcome.CANCELLED] == 5


async def test_somebody_with_an_application_of_an_earlier_year_is_one_recipient(
    process: StorageProcess,
) -> None:
    await begun(process)
    filed = [
        replace(FILLED, id=ApplicationId(number), person_id=PersonId(1), exam=exam)
        for number, exam in ((901, "health-2025"), (902, EXAM.key))
    ]
    await file_in(process.db, *filed)
    await hand_over(process, row(1))
    await settle(process, DeliveryResult(row(1), OutboxState.UNKNOWN, NOW))
    async with process.db.read() as connection:
        found = await ledger.outcomes(connection, 1, [Outcome.UNKNOWN], 0, 100)
    assert [one[:2] for one in found] == [(1, 902)], "named once, with this year's application"
    assert (await counts(process)).total == PEOPLE


async def test_the_broadcasts_that_send_meanwhile_are_counted(process: StorageProcess) -> None:
    await begun(process)
    mine = replace(BROADCAST, id=2)
    async with process.db.read() as connection:
        assert await ledger.others_open(connection, mine, NOW) == [PEOPLE]
        assert await ledger.others_open(connection, BROADCAST, NOW) == []
        assert await ledger.others_open(connection, replace(mine, is_paid=True), NOW) == []
    states, later = [BroadcastState.RUNNING], NOW + timedelta(hours=1)
    async with process.db.write() as tx:
        await broadcasts.move(tx, 1, states, BroadcastState.SCHEDULED, starts_at=later)
        assert await ledger.others_open(tx, mine, NOW) == []
        assert await ledger.others_open(tx, mine, later) == [PEOPLE]
        await broadcasts.move(tx, 1, [BroadcastState.SCHEDULED], BroadcastState.PAUSED)
        assert await ledger.others_open(tx, mine, later) == []
