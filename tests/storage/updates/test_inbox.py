"""Updates: kept once, done once, read by nobody else, and never under an id that was given away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import tables
from storage.engine.database import InDoubt, Unavailable
from storage.engine.encryption import WrongKey
from storage.engine.ids import RowIds
from storage.engine.tables import InboxState
from storage.updates import inbox
from storage.updates.inbox import AlreadyDone, Inbox, ReceivedUpdate, queue_key_of
from tests.databases import lying, opened
from tests.storage.process import (
    BOT,
    EXAM,
    LING,
    MING,
    NAME,
    NOW,
    StorageProcess,
    kept,
    keyring,
    message,
    started_process,
)

ROWS = select(tables.inbox.c.update_id, tables.inbox.c.state).order_by(tables.inbox.c.id)


async def done(process: StorageProcess, *ids: int, state: InboxState = InboxState.DONE) -> None:
    async with process.db.write() as connection:
        await inbox.finish(connection, ids, state)


# --- keeping -------------------------------------------------------------------------------------


async def test_updates_of_a_batch_are_kept_in_the_order_of_their_numbers(
    process: StorageProcess, database: str
) -> None:
    received = await process.inbox.keep(
        process.inbox.number(BOT, [message(8, MING), message(7)], NOW)
    )
    assert [(row.update_id, row.queue_key, row.attempts) for row in received] == [
        (7, LING, 0),
        (8, MING, 0),
    ]
    assert received[0].id < received[1].id
    assert received[0].raw == message(7)
    assert await kept(database, ROWS) == [(7, InboxState.WAITING), (8, InboxState.WAITING)]


async def test_an_update_that_comes_late_is_kept_behind_the_others(
    process: StorageProcess, database: str
) -> None:
    await process.inbox.keep(process.inbox.number(BOT, [message(8)], NOW))
    await process.inbox.keep(process.inbox.number(BOT, [message(7)], NOW))
    assert await kept(database, ROWS) == [(8, InboxState.WAITING), (7, InboxState.WAITING)]


async def test_an_update_is_kept_once_whatever_it_says_the_second_time(
    process: StorageProcess, database: str
) -> None:
    await process.inbox.keep(process.inbox.number(BOT, [message(7)], NOW))
    again = await process.inbox.keep(
        process.inbox.number(BOT, [message(7, text="other"), message(8)], NOW)
    )
    assert [row.update_id for row in again] == [8]
    assert await process.inbox.keep(process.inbox.number(BOT, [message(7), message(8)], NOW)) == []
    assert await kept(database, ROWS) == [(7, InboxState.WAITING), (8, InboxState.WAITING)]


async def test_an_update_that_is_in_one_batch_twice_is_kept_once(
    process: StorageProcess, database: str
) -> None:
    received = await process.inbox.keep(
        process.inbox.number(BOT, [message(7), message(7), message(8)], NOW)
    )
    assert [row.update_id for row in received] == [7, 8]
    assert await kept(database, select(tables.inbox.c.id).order_by(tables.inbox.c.id)) == [
        (row.id,) for row in received
    ]


async def test_an_update_that_is_done_stays_known_over_a_restart(database: str) -> None:
    async with started_process(database) as before:
        (row,) = await before.inbox.keep(before.inbox.number(BOT, [message(7)], NOW))
        await done(before, row.id)
    async with started_process(database) as after:
        assert await after.inbox.keep(after.inbox.number(BOT, [message(7)], NOW)) == []
        assert len(await after.inbox.keep(after.inbox.number(BOT, [message(8)], NOW))) == 1


async def test_the_same_number_of_another_bot_is_another_update(process: StorageProcess) -> None:
    await process.inbox.keep(process.inbox.number(BOT, [message(7)], NOW))
    (other,) = await process.inbox.keep(process.inbox.number(BOT + 1, [message(7)], NOW))
    assert other.bot_id == BOT + 1


async def test_many_may_keep_at_once_and_nothing_is_lost(
    process: StorageProcess, database: str
) -> None:
    async with asyncio.TaskGroup() as group:
        keeping = [
            group.create_task(
                process.inbox.keep(
                    process.inbox.number(
                        BOT, [message(number), message(number + 1), message(5)], NOW
                    )
                )
            )
            for number in range(10, 50, 2)
        ]
    received = [row for task in keeping for row in task.result()]
    assert sorted(row.update_id for row in received) == [5, *range(10, 50)]
    ids = [row.id for row in received]
    assert len(set(ids)) == len(ids)
    stored = await kept(database, select(tables.inbox.c.id, tables.inbox.c.update_id))
    assert sorted(stored) == sorted((row.id, row.update_id) for row in received)


async def test_nothing_to_keep_is_no_fault(process: StorageProcess, database: str) -> None:
    assert await process.inbox.keep(process.inbox.number(BOT, [], NOW)) == []
    assert await kept(database, ROWS) == []


async def test_what_cannot_be_kept_is_said_and_can_be_kept_later(
    process: StorageProcess, database: str
) -> None:
    async with opened(database, busy_ms=10) as impatient:
        waiting = Inbox(impatient, keyring(), RowIds())
        await waiting.recover()
        async with process.db.write() as connection:
            # The same update, as a process that was mistaken for dead would keep it.
            row = inbox.as_row(keyring(), ReceivedUpdate(50, BOT, 7, LING, NOW, message(7)))
            await connection.execute(insert(tables.inbox), row)
            with pytest.raises(Unavailable):
                await waiting.keep(waiting.number(BOT, [message(7)], NOW))
            await connection.rollback()
        assert await kept(database, ROWS) == []
        assert [
            row.update_id for row in await waiting.keep(waiting.number(BOT, [message(7)], NOW))
        ] == [7]


async def test_one_that_is_no_update_keeps_the_others_out_too(
    process: StorageProcess, database: str
) -> None:
    with pytest.raises(KeyError):
        await process.inbox.keep(process.inbox.number(BOT, [message(7), {"message": {}}], NOW))
    assert await kept(database, ROWS) == []


async def test_what_was_kept_unheard_is_run_when_it_comes_again(
    process: StorageProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit took effect, and its answer was lost on the way."""
    writes = process.db.write

    @asynccontextmanager
    async def loses_the_answer() -> AsyncIterator[AsyncConnection]:
        async with writes() as connection:
            yield connection
        raise InDoubt("lost")

    with monkeypatch.context() as trouble:
        trouble.setattr(process.db, "write", loses_the_answer)
        with pytest.raises(InDoubt):
            await process.inbox.keep(process.inbox.number(BOT, [message(7)], NOW))
    received = await process.inbox.keep(process.inbox.number(BOT, [message(7), message(8)], NOW))
    assert [row.update_id for row in received] == [7, 8]
    assert await process.inbox.keep(process.inbox.number(BOT, [message(7), message(8)], NOW)) == []
    assert await Inbox(process.db, keyring(), RowIds()).recover() == received


async def test_what_was_in_doubt_and_did_not_happen_is_kept_when_it_comes_again(
    process: StorageProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = process.db.write

    @asynccontextmanager
    async def is_gone_in_between() -> AsyncIterator[AsyncConnection]:
        async with writes() as connection:
            yield connection
            await connection.rollback()
        raise InDoubt("lost")

    with monkeypatch.context() as trouble:
        trouble.setattr(process.db, "write", is_gone_in_between)
        with pytest.raises(InDoubt):
            await process.inbox.keep(process.inbox.number(BOT, [message(7)], NOW))
    received = await process.inbox.keep(process.inbox.number(BOT, [message(7), message(8)], NOW))
    assert [row.update_id for row in received] == [7, 8]
    assert await Inbox(process.db, keyring(), RowIds()).recover() == received


# --- coming back ---------------------------------------------------------------------------------


async def test_a_restart_finds_what_was_not_done_oldest_first(database: str) -> None:
    async with started_process(database) as before:
        received = await before.inbox.keep(
            before.inbox.number(BOT, [message(9), message(7), message(8), message(6)], NOW)
        )
        await done(before, received[1].id)
        await done(before, received[3].id, state=InboxState.DEAD)
        await before.inbox.failed(received[2], "ValueError")
    async with opened(database) as db:
        first, second = await Inbox(db, keyring(), RowIds()).recover()
    assert first == received[0]
    assert (second.id, second.update_id, second.attempts) == (received[2].id, 8, 1)
    assert second.raw == message(8)
    assert second.received_at == NOW


async def test_a_failure_is_noted_beside_the_update(process: StorageProcess, database: str) -> None:
    (row,) = await process.inbox.keep(process.inbox.number(BOT, [message(7)], NOW))
    await process.inbox.failed(row, "ValueError")
    query = select(tables.inbox.c.attempts, tables.inbox.c.error, tables.inbox.c.state)
    assert await kept(database, query) == [(1, "ValueError", InboxState.WAITING)]


async def test_an_update_that_no_key_opens_stops_the_start(
    process: StorageProcess, database: str
) -> None:
    await process.inbox.keep(process.inbox.number(BOT, [message(7)], NOW))
    async with opened(database) as db:
        with pytest.raises(WrongKey):
            await Inbox(db, keyring("k2"), RowIds()).recover()
        assert len(await Inbox(db, keyring("k1", "k2"), RowIds()).recover()) == 1


# --- ids -----------------------------------------------------------------------------------------


async def test_ids_go_on_after_a_restart(database: str) -> None:
    async with started_process(database) as before:
        (first,) = await before.inbox.keep(before.inbox.number(BOT, [message(7)], NOW))
    async with started_process(database) as after:
        (second,) = await after.inbox.keep(after.inbox.number(BOT, [message(8)], NOW))
    assert second.id > first.id > 0


async def test_pruning_drops_only_what_was_done_long_ago(
    process: StorageProcess, database: str
) -> None:
    old, new = NOW - timedelta(days=8), NOW
    received = [
        *await process.inbox.keep(
            process.inbox.number(BOT, [message(1), message(2), message(3)], old)
        ),
        *await process.inbox.keep(process.inbox.number(BOT, [message(4), message(5)], new)),
    ]
    await done(process, received[0].id, received[3].id)
    await done(process, received[1].id, state=InboxState.DEAD)
    await process.inbox.prune(NOW - timedelta(days=7))
    assert [update_id for update_id, _ in await kept(database, ROWS)] == [2, 3, 4, 5]


@pytest.mark.parametrize("sender", [1087968824, 136817688, 777000])
def test_who_writes_in_the_name_of_a_chat_is_that_chat(sender: int) -> None:
    """Telegram gives one sender to all anonymous administrators, and one to all channels."""
    chat, channel = {"id": -5, "type": "supergroup"}, {"id": -7, "type": "channel"}
    body = {"from": {"id": sender}, "chat": chat, "text": "/bind"}
    for name in (chat, channel):
        assert queue_key_of({"update_id": 1, "message": {**body, "sender_chat": name}}) == -5
    assert queue_key_of({"update_id": 1, "message": {**body, "from": {"id": 7}}}) == 7


async def test_updates_that_were_set_aside_go_by_their_own_rule(
    process: StorageProcess, database: str
) -> None:
    received = await process.inbox.keep(
        process.inbox.number(BOT, [message(n) for n in (1, 2, 3)], NOW)
    )
    await done(process, received[0].id, state=InboxState.DEAD)
    await done(process, received[1].id)
    assert await process.inbox.prune_dead(NOW) == 0, "it is not that old"
    assert await process.inbox.prune_dead(NOW + timedelta(seconds=1)) == 1
    assert [update_id for update_id, _ in await kept(database, ROWS)] == [2, 3]


async def test_pruning_looks_at_the_oldest_rows_only(
    process: StorageProcess, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.updates.inbox.PRUNED_AT_ONCE", 2)
    received = await process.inbox.keep(
        process.inbox.number(BOT, [message(n) for n in (1, 2, 3)], NOW)
    )
    await done(process, *(row.id for row in received))
    later = NOW + timedelta(days=1)
    assert await process.inbox.prune(later) == 2
    assert [update_id for update_id, _ in await kept(database, ROWS)] == [3]
    assert await process.inbox.prune(later) == 1
    assert await process.inbox.prune(later) == 0
    assert await kept(database, ROWS) == []


async def test_what_was_pruned_leaves_its_id_to_nobody_who_was_made_by_it(database: str) -> None:
    async with started_process(database) as before:
        unit = await before.unit(7)
        person = unit.new_person(LING)
        application = unit.new_application(person, EXAM)
        await before.flush(unit)
        await before.inbox.prune(NOW + timedelta(days=1))
        async with before.db.write() as connection:
            await connection.execute(delete(tables.outbox))
        assert await kept(database, select(func.count()).select_from(tables.inbox)) == [(0,)]
    async with started_process(database) as after:
        unit = await after.unit(8, MING)
        other = unit.new_person(MING)
        assert {other.id, unit.new_id()}.isdisjoint({person.id, application.id})


# --- done ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [InboxState.DONE, InboxState.DEAD])
async def test_an_update_that_is_over_is_emptied(
    process: StorageProcess, database: str, state: InboxState
) -> None:
    (row,) = await process.inbox.keep(process.inbox.number(BOT, [message(7)], NOW))
    await done(process, row.id, state=state)
    query = select(tables.inbox.c.state, tables.inbox.c.raw)
    assert await kept(database, query) == [(state, None)]


@pytest.mark.parametrize("state", [InboxState.DONE, InboxState.DEAD])
async def test_a_second_time_is_refused_for_the_whole_batch(
    process: StorageProcess, database: str, state: InboxState
) -> None:
    first, second = await process.inbox.keep(
        process.inbox.number(BOT, [message(7), message(8)], NOW)
    )
    await done(process, first.id, state=state)
    with pytest.raises(AlreadyDone, match="1 of 2"):
        await done(process, first.id, second.id)
    assert await kept(database, ROWS) == [(7, state), (8, InboxState.WAITING)]


async def test_an_update_that_was_never_kept_is_not_done(process: StorageProcess) -> None:
    with pytest.raises(AlreadyDone):
        await done(process, 12345)


# --- secrecy -------------------------------------------------------------------------------------


async def test_what_a_person_wrote_cannot_be_read_in_the_file(
    process: StorageProcess, database: str
) -> None:
    secret = "999999199003071048"
    (row,) = await process.inbox.keep(process.inbox.number(BOT, [message(7, text=secret)], NOW))
    assert secret.encode() not in await lying(database)
    assert NAME.encode() not in await lying(database)
    ((raw,),) = await kept(database, select(tables.inbox.c.raw))
    with pytest.raises(WrongKey):
        keyring().decrypt(raw, "outbox")
    assert secret.encode() in keyring().decrypt(raw, "inbox")
    await done(process, row.id)
    assert await kept(database, select(tables.inbox.c.raw)) == [(None,)]


# --- gaps and lanes ------------------------------------------------------------------------------


async def test_a_gap_is_remembered_once(process: StorageProcess, database: str) -> None:
    ended = NOW + timedelta(minutes=5)
    await process.inbox.note_gap(NOW, ended)
    await process.inbox.note_gap(NOW, ended + timedelta(minutes=1))
    await process.inbox.note_gap(ended, ended)
    query = select(tables.intake_gaps).order_by(tables.intake_gaps.c.began_at)
    assert await kept(database, query) == [(NOW, ended), (ended, ended)]


PERSON_AND_GROUP = {"from": {"id": 7}, "chat": {"id": -5}}


@pytest.mark.parametrize(
    ("raw", "queue_key"),
    [
        ({"message": PERSON_AND_GROUP}, 7),
        ({"edited_message": PERSON_AND_GROUP}, 7),
        ({"callback_query": {"id": "1", "from": {"id": 7}, "message": {"chat": {"id": -5}}}}, 7),
        ({"my_chat_member": PERSON_AND_GROUP}, 7),
        ({"pre_checkout_query": {"from": {"id": 7}}}, 7),
        ({"message": {"chat": {"id": -5}}}, -5),
        ({"message": {"from": None, "chat": {"id": -5}}}, -5),
        ({"message": {"from": {"id": "7"}, "chat": {"id": -5}}}, -5),
        ({"message": {"from": [7], "chat": "here"}}, 0),
        ({"message": {}}, 0),
        ({"message": None}, 0),
        ({"message": "text"}, 0),
        ({"poll": {"id": "1"}}, 0),
        ({}, 0),
    ],
)
def test_the_lane_is_the_person_else_the_chat_else_nobody(
    raw: dict[str, Any], queue_key: int
) -> None:
    assert queue_key_of({"update_id": 1, **raw}) == queue_key


@pytest.mark.parametrize("body", [None, "text", [], {"from": None}, {"from": {}, "chat": 5}])
async def test_a_strange_update_is_kept_like_any_other(
    process: StorageProcess, body: object
) -> None:
    strange = {"update_id": 7, "message": body, "nobody": {"knows": ["this", None, 1.5]}}
    received = await process.inbox.keep(process.inbox.number(BOT, [strange, message(8)], NOW))
    assert [row.raw for row in received] == [strange, message(8)]


async def test_updates_that_stay_do_not_stop_the_pruning_of_others(
    process: StorageProcess, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.updates.inbox.PRUNED_AT_ONCE", 2)
    received = await process.inbox.keep(
        process.inbox.number(BOT, [message(n) for n in (1, 2, 3, 4)], NOW)
    )
    await done(process, received[0].id, received[1].id, state=InboxState.DEAD)
    await done(process, received[3].id)
    assert await process.inbox.prune(NOW + timedelta(days=1)) == 1
    assert [update_id for update_id, _ in await kept(database, ROWS)] == [1, 2, 3]
