"""Delivery pulls: whatever waits, little is held, the pace is kept, and the urgent goes first."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from bot.core.runtime import BackgroundTasks, Clocks
from bot.delivery.pacing import AT_MOST, SECOND, RateLimits, Turns
from bot.delivery.puller import MOST_HELD, ROOM, OutboxPuller
from handlers.rendering import Overtaken, Screen, View
from states.step_result import EditScreen, Priority, ShowScreen
from storage.engine import row_macs, tables
from storage.engine.connection_roles import ConnectionRole
from storage.engine.database import Database
from storage.engine.tables import OutboxState
from storage.updates.outbox import Outbox, OutgoingMessage, effect_to_json
from tests.bot.people import CHEN, KEYRING, LING
from tests.fakes.clocks import START, FakeMonotonicClock, FakeWallClock, settle
from tests.fakes.sender import SenderHarness, row

GROUP = -5
REPLY, NOTICE, BULK = Priority.REPLY, Priority.NOTICE, Priority.BULK

# --- the pace ------------------------------------------------------------------------------------

ASKS = st.lists(
    st.tuples(
        st.floats(0, 0.5),
        st.sampled_from([1, 2, 3, 7, 8, 9, -1, -2]),
        st.sampled_from([REPLY, NOTICE, BULK]),
    ),
    min_size=1,
    max_size=150,
)


@given(ASKS, st.booleans())
@settings(max_examples=60, deadline=None)
async def test_no_second_no_chat_and_no_group_gets_more_than_telegram_allows(
    asks: list[tuple[float, int, Priority]], many_chats: bool
) -> None:
    monotonic, tasks, sent = FakeMonotonicClock(), BackgroundTasks(), list[tuple[float, int, int]]()
    turns = Turns(RateLimits(), monotonic, tasks)
    async with asyncio.TaskGroup() as group:

        async def one(number: int, chat: int, priority: Priority) -> None:
            await turns.turn(chat, priority, number)
            sent.append((monotonic.now(), chat, priority))

        for number, (gap, chat, priority) in enumerate(asks):
            # A chat has one turn at a time, as in the sender.
            own = (1000 + number) * (1 if chat > 0 else -1) if many_chats else chat
            if own not in turns._asked:
                group.create_task(one(number, own, priority))
                await asyncio.sleep(0)  # it asks
            if gap > 0.4:
                await monotonic.forward(gap)
        await monotonic.forward(600)
    await tasks.close()
    moments = [at for at, _, _ in sent]
    assert moments == sorted(moments)
    for first, last in zip(moments, moments[AT_MOST:], strict=False):
        assert last - first > 1.0
    for chat in {chat for _, chat, _ in sent}:
        rate, burst = (1, 5) if chat > 0 else (1 / 3, 3)
        own_moments = [at for at, who, _ in sent if who == chat]
        for first, start in enumerate(own_moments):
            for last in range(first, len(own_moments)):
                assert last - first + 1 <= burst + (own_moments[last] - start) * rate + 1e-6


@given(st.lists(st.sampled_from([REPLY, NOTICE, BULK]), min_size=40, max_size=120))
@settings(max_examples=30, deadline=None)
async def test_of_all_that_waits_replies_go_first_then_notices_then_bulk(
    priorities: list[Priority],
) -> None:
    monotonic, tasks, sent = FakeMonotonicClock(), BackgroundTasks(), list[Priority]()
    turns = Turns(RateLimits(), monotonic, tasks)

    def granted(priority: Priority) -> bool:
        sent.append(priority)
        return True

    for number in range(AT_MOST):
        turns.limits.take(-1 - number, monotonic.now())
    for number, priority in enumerate(priorities):
        turns.ask(number + 1, priority, number, lambda priority=priority: granted(priority))  # type: ignore[misc]
    assert sent == []
    await monotonic.forward(60)
    await tasks.close()
    assert sent == sorted(priorities)


async def test_paid_messages_have_a_window_of_their_own_and_leave_the_others_theirs() -> None:
    monotonic, tasks, sent = FakeMonotonicClock(), BackgroundTasks(), Counter[Priority]()
    turns = Turns(RateLimits(), monotonic, tasks)

    def granted(priority: Priority) -> bool:
        sent[priority] += 1
        return True

    for number in range(3_000):
        turns.ask(number + 1, Priority.PAID, number, partial(granted, Priority.PAID))
    for number in range(AT_MOST):
        turns.ask(9_000 + number, REPLY, number, partial(granted, REPLY))
    assert sent == {Priority.PAID: 1_000, REPLY: AT_MOST}
    await monotonic.forward(1.1)
    assert sent[Priority.PAID] == 2_000
    await tasks.close()


async def test_a_chat_that_is_held_for_long_costs_one_timer_whatever_is_sent_meanwhile() -> None:
    monotonic, tasks = FakeMonotonicClock(), BackgroundTasks()
    turns = Turns(RateLimits(), monotonic, tasks)
    turns.hold(LING, 3600)
    turns.ask(LING, REPLY, 0, lambda: True)
    turns.count(CHEN, 5)  # from now on one a second
    for number in range(1, 200):
        turn = asyncio.create_task(turns.turn(CHEN, REPLY, number))
        await monotonic.forward(1)
        assert turn.done()
    assert len(tasks._running) == 1
    await tasks.close()


@given(st.lists(st.floats(0.05, 2), min_size=1, max_size=10))
@settings(max_examples=20, deadline=None)
async def test_beside_a_pile_of_bulk_a_reply_waits_for_one_slot_and_bulk_keeps_its_pace(
    gaps: list[float],
) -> None:
    monotonic, tasks = FakeMonotonicClock(), BackgroundTasks()
    turns, waits, bulk = Turns(RateLimits(), monotonic, tasks), list[float](), 0
    began = monotonic.now()

    def count() -> bool:
        nonlocal bulk
        bulk += 1
        return True

    seconds = 2 + sum(gaps)
    for number in range(int(seconds * AT_MOST) + AT_MOST):
        turns.ask(number + 1, BULK, number, count)
    await monotonic.forward(2)
    for number, gap in enumerate(gaps):
        asked_at = monotonic.now()

        def answered(asked_at: float = asked_at) -> bool:
            waits.append(monotonic.now() - asked_at)
            return True

        turns.ask(1_000_000 + number, REPLY, number, answered)
        await monotonic.forward(gap)
    await tasks.close()
    assert len(waits) == len(gaps)
    assert max(waits) <= SECOND / AT_MOST + 1e-6
    assert bulk + len(gaps) >= 0.97 * AT_MOST * (monotonic.now() - began)


# --- what waits ----------------------------------------------------------------------------------


def pile(count: int, priority: Priority, *, first: int = 1, chat: int = 0) -> list[OutgoingMessage]:
    """Rows of as many chats, or of one."""
    return [row(n, chat or 100_000 + n, priority=priority) for n in range(first, first + count)]


async def test_a_notice_and_a_reply_pass_twenty_thousand_bulk_messages(
    harness: SenderHarness,
) -> None:
    harness.outbox.rows = pile(20_000, BULK)
    harness.sender.pull()
    for _ in range(50):
        await harness.until_sent(0.1)
    assert 130 <= len(harness.api.sent) <= 180
    harness.outbox.rows.append(row(30_000, CHEN, priority=NOTICE))
    harness.sender.pull()
    harness.sender.submit([row(30_001, LING)])
    before = len(harness.api.sent)
    for _ in range(11):
        await harness.until_sent(0.1)
    assert {"30000", "30001"} <= set(harness.api.texts[before : before + 2])
    assert harness.sender.held <= MOST_HELD


@pytest.mark.parametrize("priority", [REPLY, NOTICE])
async def test_a_chat_with_a_pile_keeps_no_other_waiting(
    harness: SenderHarness, priority: Priority
) -> None:
    harness.outbox.rows = pile(5_000, priority, chat=LING)
    harness.outbox.rows.append(row(9_000, CHEN, priority=priority))
    harness.sender.pull()
    await harness.until_sent(0.1)
    assert "9000" in harness.api.texts
    assert harness.sender.held < 10
    for _ in range(20):
        await harness.until_sent(1.0)
    own = [int(text) for _, chat, text in harness.api.sent if chat == LING]
    assert own == list(range(1, len(own) + 1))
    assert len(own) >= 20


async def test_a_held_chat_keeps_no_other_waiting(harness: SenderHarness) -> None:
    harness.outbox.held = {LING: START + timedelta(seconds=60)}
    harness.outbox.rows = pile(500, REPLY, chat=LING) + pile(3, REPLY, first=900)
    await harness.sender.recover()
    await harness.until_sent(1)
    assert sorted(harness.api.texts) == ["900", "901", "902"]
    await harness.until_sent(60)
    assert harness.api.texts[3] == "1"


async def test_rows_beyond_the_memory_stay_in_the_table_and_in_order(
    harness: SenderHarness,
) -> None:
    harness.api.gate = asyncio.Event()
    rows = [row(n, 1_000 + n % 700) for n in range(1, 2_101)]
    for one in rows:
        harness.sender.submit([one])
    await settle()
    assert harness.sender.held <= MOST_HELD
    harness.api.gate.set()
    for _ in range(900):
        await harness.until_sent(0.1)
    assert sorted(int(text) for text in harness.api.texts) == list(range(1, 2_101))
    for chat in range(1_000, 1_700):
        own = [int(text) for _, who, text in harness.api.sent if who == chat]
        assert own == sorted(own)


async def test_two_readings_at_once_send_nothing_twice(harness: SenderHarness) -> None:
    harness.outbox.rows = pile(50, NOTICE)
    for _ in range(5):
        harness.sender.pull()
        await asyncio.sleep(0)
    for _ in range(30):
        harness.sender.pull()
        await harness.until_sent(0.1)
    assert len(harness.api.texts) == len(set(harness.api.texts)) == 50


async def test_bulk_is_claimed_as_its_turn_comes_and_not_before(harness: SenderHarness) -> None:
    harness.api.gate = asyncio.Event()
    harness.outbox.rows = pile(300, BULK)
    harness.sender.pull()
    await harness.monotonic.forward(0.1)
    assert sorted(harness.outbox.claimed) == [1, 2, 3]  # one every 33.5 ms
    assert harness.sender.held == ROOM[BULK]


async def test_bulk_that_was_taken_back_is_not_sent(harness: SenderHarness) -> None:
    harness.outbox.rows = pile(300, BULK)
    harness.sender.pull()
    await harness.until_sent(0.1)
    before = len(harness.api.texts)
    harness.outbox.rows.clear()
    await harness.until_sent(5)
    assert len(harness.api.texts) - before <= 1
    assert OutboxState.OVERTAKEN in harness.became().values()


async def test_an_edit_that_waited_in_the_table_is_replaced_by_a_newer_one(
    harness: SenderHarness,
) -> None:
    edits = [row(n, effect=EditScreen("plain", "status", {"n": str(n)})) for n in (1, 2)]
    harness.outbox.rows = list(edits)
    harness.sender.pull()
    await harness.until_sent(1)
    assert harness.became() == {1: OutboxState.REPLACED, 2: OutboxState.SENT}


async def test_a_row_that_expires_while_it_waits_for_its_turn_is_not_sent(
    harness: SenderHarness,
) -> None:
    late = START + timedelta(seconds=1)
    harness.sender.submit(
        [row(n, 1_000 + n, priority=NOTICE, expires_at=late) for n in range(1, 41)]
    )
    for _ in range(10):
        await harness.until_sent(0.5)
    assert len(harness.api.sent) == AT_MOST
    assert list(harness.became().values()).count(OutboxState.EXPIRED) == 10


async def test_a_screen_without_anything_to_say_is_overtaken(harness: SenderHarness) -> None:
    def over(_view: View) -> Screen:
        raise Overtaken

    harness.screens["over"] = over
    harness.sender.submit([row(1, effect=ShowScreen("over")), row(2)])
    await harness.until_sent()
    assert harness.api.texts == ["2"]
    assert harness.became() == {1: OutboxState.OVERTAKEN, 2: OutboxState.SENT}


# --- an orderly stop -----------------------------------------------------------------------------


async def test_a_stop_lets_calls_end_and_begins_no_more(harness: SenderHarness) -> None:
    harness.api.gate = asyncio.Event()
    harness.sender.submit([row(1), row(2, CHEN)])
    harness.outbox.rows += pile(100, BULK, first=10)
    harness.sender.pull()
    await settle()
    stopping = asyncio.create_task(harness.sender.stop())
    await settle()
    harness.sender.submit([row(3)])
    harness.api.gate.set()
    await stopping
    results = harness.sender.take_results()
    sent = {int(text) for text in harness.api.texts}
    assert {result.row.id for result in results} == sent
    assert {1, 2} <= sent
    assert 3 not in sent
    assert set(harness.outbox.claimed) <= sent


# --- the cost ------------------------------------------------------------------------------------


@asynccontextmanager
async def puller_over(db: Database) -> AsyncIterator[tuple[OutboxPuller, list[OutgoingMessage]]]:
    monotonic, tasks = FakeMonotonicClock(), BackgroundTasks()
    taken: list[OutgoingMessage] = []
    turns = Turns(RateLimits(), monotonic, tasks)
    clocks = Clocks(FakeWallClock(monotonic), monotonic)
    outbox = Outbox(db, KEYRING)
    yield OutboxPuller(outbox, turns, clocks, tasks, taken.extend), taken
    await tasks.close()


async def fill(db: Database, count: int, priority: Priority) -> None:
    """Insert so many waiting rows of as many chats, each with its MAC."""
    effect = ShowScreen("plain", {"n": "1"}, priority=priority)
    common = {
        "bot_id": 4242,
        "priority": priority,
        "effect": KEYRING.encrypt(effect_to_json(effect), "outbox"),
        "state": OutboxState.WAITING,
        "attempts": 0,
        "not_before": START,
        "made_at": START,
    }
    rows = [
        row_macs.bind(
            KEYRING, tables.outbox, {"id": n, "dedup": f"b{n}", "chat_id": 100_000 + n, **common}
        )
        for n in range(1, count + 1)
    ]
    async with db.write() as connection:
        await connection.execute(tables.outbox.insert(), rows)


@contextmanager
def reading(db: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that read the outbox, and their parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "outbox" in statement:
            seen.append((statement, parameters))

    engine = db._engines[ConnectionRole.AUTOCOMMIT].sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


async def tick(pulling: OutboxPuller) -> None:
    pulling.pull()
    if pulling._reading is not None:
        await pulling._reading


@pytest.mark.parametrize("priority", [NOTICE, BULK])
async def test_a_tick_costs_the_same_whether_ten_or_a_hundred_thousand_rows_wait(
    db: Database, priority: Priority
) -> None:
    costs = []
    for waiting in (10, 1_000, 100_000):
        async with db.write() as connection:
            await connection.execute(tables.outbox.delete())
        await fill(db, waiting, priority)
        async with puller_over(db) as (pulling, taken):
            await tick(pulling)
            with reading(db) as seen:
                await tick(pulling)
            held = pulling.held
            assert held == len(taken) == min(waiting, ROOM[priority])
            costs.append(len(seen))
        print(f"{waiting} rows wait: {held} held, a tick has {costs[-1]} statements")
    assert max(costs) <= 4


async def test_a_pull_is_a_range_of_the_index(db: Database) -> None:
    await fill(db, 20_000, BULK)
    async with db.write() as connection:
        await connection.execute(text("ANALYZE"))
    outbox = Outbox(db, KEYRING)
    with reading(db) as queries:
        await outbox.due(START + timedelta(days=1), BULK, 60, [5, 6, 7])
    ((statement, parameters),) = queries
    prefix = "EXPLAIN QUERY PLAN " if db.is_sqlite else "EXPLAIN "
    async with db.read() as connection:
        found = await connection.exec_driver_sql(prefix + statement, parameters)
        plan = "\n".join(str(line) for line in found)
    print(plan)
    assert "ix_outbox_due" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan
