"""Units of work: what a batch costs, who gets which id, and what happens once only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import func, select

from states.fsm_states import Account
from states.records import Records
from states.staff.reach import OutOfReach
from states.step_result import DeleteMessage, EditScreen, ShowScreen
from storage.audit.audit_log import AuditAction
from storage.engine import tables
from storage.engine.tables import InboxState, OutboxState
from storage.updates.fsm import SqlStorage, candidate_key, row_key
from storage.updates.inbox import AlreadyDone
from storage.updates.outbox import DeliveryResult
from storage.updates.unit_of_work import NotExclusive, UnitOfWork
from tests.databases import lying
from tests.storage.batches import (
    NUMBERS,
    batch,
    busy,
    counts,
    statements,
)
from tests.storage.process import (
    BOT,
    EXAM,
    LING,
    MING,
    NAME,
    NOW,
    StorageProcess,
    kept,
    message,
)

# --- what a batch costs --------------------------------------------------------------------------


@pytest.mark.parametrize("count", NUMBERS)
async def test_a_batch_is_loaded_in_two_queries(process: StorageProcess, count: int) -> None:
    known = await batch(process, count)
    for unit in known:
        await busy(unit)
    await process.flush(*known)
    received = await process.inbox.keep(
        process.inbox.number(
            BOT, [message(1000 + number, LING + number) for number in range(count)], NOW
        )
    )
    async with statements(process.db) as seen, process.db.write() as connection:
        units = await process.work.load(connection, [(row, NOW) for row in received])
    assert seen == ["SELECT people", "SELECT fsm"]
    assert all(unit.person and unit.application for unit in units)


@pytest.mark.parametrize("count", NUMBERS)
async def test_a_batch_is_written_with_one_statement_a_table(
    process: StorageProcess, database: str, count: int
) -> None:
    units = await batch(process, count)
    for unit in units:
        await busy(unit)
    async with statements(process.db) as seen:
        await process.flush(*units)
    assert seen == [
        "UPDATE inbox",
        "INSERT people",
        "INSERT applications",
        "INSERT reminders",
        "INSERT fsm",
        "INSERT blobs",
        "INSERT audit",
        "INSERT outbox",
    ]
    found = await counts(database)
    tables_of_a_step = ("inbox", "people", "applications", "fsm", "blobs", "audit")
    assert {name: found[name] for name in tables_of_a_step} == dict.fromkeys(
        tables_of_a_step, count
    )
    assert found["outbox"] == 2 * count


@pytest.mark.parametrize("count", NUMBERS)
async def test_marks_ride_along_for_three_more(process: StorageProcess, count: int) -> None:
    units = await batch(process, count)
    for unit in units:
        await busy(unit)
    await process.flush(*units)
    marks = [
        DeliveryResult(row, OutboxState.SENT, NOW, message_id=row.id)
        if row.slot
        else DeliveryResult(row, OutboxState.FAILED, NOW, error=OutOfReach.BLOCKED)
        for unit in units
        for row in unit.outgoing
    ]
    async with statements(process.db) as seen, process.db.write() as connection:
        await process.work.flush(connection, [], marks)
    assert seen == ["UPDATE outbox", "INSERT slots", "UPDATE people"]


async def test_a_step_that_changes_nothing_writes_only_that_it_is_done(
    process: StorageProcess,
) -> None:
    units = await batch(process, 2)
    async with statements(process.db) as seen:
        await process.flush(*units)
    assert seen == ["UPDATE inbox"]


async def test_nothing_to_write_is_no_statement(process: StorageProcess) -> None:
    async with statements(process.db) as seen, process.db.write() as connection:
        await process.work.flush(connection, [])
    assert seen == []


# --- whose records -------------------------------------------------------------------------------


async def test_a_stranger_has_no_records(process: StorageProcess) -> None:
    unit = await process.unit()
    assert unit.records == Records()
    assert not unit.exclusive


async def test_everybody_finds_their_own_records_again(process: StorageProcess) -> None:
    first = await batch(process, 3)
    for unit in first:
        await busy(unit)
    await process.flush(*first)
    again = await process.units([message(100 + number, LING + number) for number in range(4)])
    assert [unit.records for unit in again] == [*(unit.records for unit in first), Records()]
    for unit in again[:3]:
        key = candidate_key(BOT, unit.row.queue_key)
        assert await SqlStorage(unit.fsm).get_state(key) == Account.name.state
        assert set(unit.fsm.records) == {row_key(key)}


async def test_another_exams_application_is_not_this_ones(process: StorageProcess) -> None:
    unit = await process.unit(1)
    unit.new_application(unit.new_person(LING), "health-2025")
    await process.flush(unit)
    later = await process.unit(2)
    assert later.person is not None
    assert later.application is None


async def test_what_a_step_replaces_is_written_and_the_rest_is_left(
    process: StorageProcess, database: str
) -> None:
    first = await process.unit(1)
    await busy(first)
    await process.flush(first)
    unit = await process.unit(2)
    assert unit.person
    assert unit.application
    unit.person = replace(unit.person, locale="en")
    async with statements(process.db) as seen:
        await process.flush(unit)
    assert seen == ["UPDATE inbox", "INSERT people"]
    unit = await process.unit(3)
    assert unit.application
    unit.application = replace(unit.application, answers={"employer": "甲"})
    async with statements(process.db) as seen:
        await process.flush(unit)
    assert seen == ["UPDATE inbox", "INSERT applications"]
    assert (await process.unit(4)).records == unit.records
    assert await kept(database, select(tables.people.c.locale)) == [("en",)]


# --- ids -----------------------------------------------------------------------------------------


async def test_no_two_rows_ever_get_the_same_id(process: StorageProcess) -> None:
    units = await batch(process, 64)
    ids = [unit.new_id() for unit in units for _ in range(64)]
    assert ids == sorted(set(ids))


async def test_an_update_makes_ten_thousand_rows(process: StorageProcess, database: str) -> None:
    unit = await process.unit()
    for number in range(10_000):
        unit.enqueue(ShowScreen("menu"), chat_id=LING + number)
        unit.audit(AuditAction.SEARCHED)
    await process.flush(unit)
    for table in (tables.outbox, tables.audit):
        count = select(func.count(table.c.id.distinct()), func.min(table.c.id))
        ((made, lowest),) = await kept(database, cast(Any, count))
        assert (made, lowest > unit.row.id) == (10_000, True)


async def test_a_unit_that_is_run_again_names_the_same_causes(process: StorageProcess) -> None:
    (received,) = await process.inbox.keep(process.inbox.number(BOT, [message(7)], NOW))
    dedups = []
    for _ in range(2):
        (unit,) = await process.load([received])
        unit.audit(AuditAction.CONSENTED)
        unit.enqueue(ShowScreen("menu"), chat_id=LING)
        unit.enqueue(ShowScreen("menu"), chat_id=LING)
        dedups.append([row.dedup for row in unit.outgoing])
    assert dedups == [[f"u{received.id}.1", f"u{received.id}.2"]] * 2


# --- alone and in a batch ------------------------------------------------------------------------


async def test_a_batched_step_cannot_ask_the_database(process: StorageProcess) -> None:
    unit = await process.unit()
    with pytest.raises(NotExclusive):
        _ = unit.tx


async def test_a_step_alone_has_the_transaction(process: StorageProcess) -> None:
    received = await process.inbox.keep(process.inbox.number(BOT, [message(1)], NOW))
    async with process.db.write() as connection:
        (unit,) = await process.work.load(connection, [(received[0], NOW)], exclusive=True)
        assert unit.exclusive
        assert unit.tx is connection


# --- once only -----------------------------------------------------------------------------------


async def again(process: StorageProcess, units: Sequence[UnitOfWork]) -> list[UnitOfWork]:
    """The same updates once more, as after a commit of which nothing was heard."""
    repeated = await process.load([unit.row for unit in units])
    for unit in repeated:
        await busy(unit)
    return repeated


async def test_a_second_time_changes_nothing(process: StorageProcess, database: str) -> None:
    units = await batch(process, 2)
    for unit in units:
        await busy(unit)
    repeated = await again(process, units)
    await process.flush(*units)
    before = await counts(database)
    with pytest.raises(AlreadyDone):
        await process.flush(*repeated)
    with pytest.raises(AlreadyDone):
        await process.flush(*await again(process, units))
    assert await counts(database) == before


async def test_a_batch_with_one_that_was_done_is_not_written_at_all(
    process: StorageProcess, database: str
) -> None:
    first, second = await batch(process, 2)
    await process.flush(first)
    await busy(second)
    with pytest.raises(AlreadyDone):
        await process.flush(first, second)
    assert (await counts(database))["people"] == 0


async def test_an_update_that_is_set_aside_says_so(process: StorageProcess, database: str) -> None:
    unit = await process.unit()
    unit.enqueue(ShowScreen("trouble"), chat_id=LING)
    async with process.db.write() as connection:
        await process.work.flush(connection, [unit], final_state=InboxState.DEAD)
    assert await kept(database, select(tables.inbox.c.state)) == [(InboxState.DEAD,)]
    assert [row.effect for row in await process.outbox.waiting(NOW)] == [ShowScreen("trouble")]


# --- what is noted -------------------------------------------------------------------------------


async def test_a_deed_names_who_and_what_by_ids_and_codes(
    process: StorageProcess, database: str
) -> None:
    unit = await process.unit(1)
    unit.audit(AuditAction.CLOCK_MOVED, "60")
    person = unit.new_person(LING)
    application = unit.new_application(person, EXAM)
    unit.audit(AuditAction.SUBMITTED, "1")
    await process.flush(unit)
    t = tables.audit.c
    query = select(t.at, t.actor, t.action, t.person_id, t.application_id, t.detail).order_by(t.id)
    assert await kept(database, query) == [
        (NOW, LING, "clock-moved", None, None, "60"),
        (NOW, LING, "submitted", person.id, application.id, "1"),
    ]


async def test_calls_are_made_in_the_order_of_the_decisions(process: StorageProcess) -> None:
    first, second = await process.units([message(1), message(2, MING)])
    first.enqueue(DeleteMessage(5), chat_id=LING)
    due = NOW - timedelta(seconds=1)
    first.enqueue(EditScreen("todo", "status"), chat_id=LING, not_before=due)
    second.enqueue(ShowScreen("Home:menu"), chat_id=MING)
    await process.flush(second, first)
    waiting = await process.outbox.waiting(NOW)
    assert waiting == [*first.outgoing, *second.outgoing]
    assert [row.effect for row in waiting] == [
        DeleteMessage(5),
        EditScreen("todo", "status"),
        ShowScreen("Home:menu"),
    ]


async def test_a_call_that_is_read_again_knows_when_its_update_came(
    process: StorageProcess,
) -> None:
    before = datetime.now(UTC)
    unit = await process.unit()
    unit.enqueue(DeleteMessage(5), chat_id=LING)
    await process.flush(unit)
    (read,) = await process.outbox.waiting(NOW)
    assert read.caused_at is not None
    assert timedelta(milliseconds=-1) < read.caused_at - before < timedelta(minutes=1)


async def test_what_people_say_of_themselves_cannot_be_read_in_the_file(
    process: StorageProcess, database: str
) -> None:
    unit = await process.unit()
    person = unit.new_person(LING)
    unit.person = replace(person, identity=replace(person.identity, name=NAME))
    application = unit.new_application(unit.person, EXAM)
    unit.application = replace(application, answers={"employer": "示例市第一人民医院"})
    await process.flush(unit)
    assert NAME.encode() not in await lying(database)
    assert "示例市".encode() not in await lying(database)
    assert (await process.unit(2)).records == unit.records


# --- an erasure ----------------------------------------------------------------------------------


async def chats(database: str) -> list[tuple[int, str]]:
    """The chats with something that waits or was shown, and what it is."""
    waits = select(tables.outbox.c.chat_id, tables.outbox.c.slot)
    stands = select(tables.slots.c.chat_id, tables.slots.c.slot)
    found = [*await kept(database, waits), *await kept(database, stands)]
    return [(chat, slot or "–") for chat, slot in found]


async def test_an_erasure_leaves_nothing_that_waits_for_the_chat_or_stands_in_it(
    process: StorageProcess, database: str
) -> None:
    for number, account in ((1, LING), (2, MING)):
        unit = await process.unit(number, account)
        unit.new_person(account)
        unit.enqueue(
            ShowScreen("told-approved", slot="todo"),
            chat_id=account,
            not_before=NOW + timedelta(days=1),
        )
        await process.flush(unit)
        row = {"bot_id": BOT, "chat_id": account, "slot": "status", "message_id": 5}
        async with process.db.write() as connection:
            await connection.execute(tables.slots.insert(), row)
    await process.erase(3, LING)
    assert sorted(await chats(database)) == [(LING, "–"), (MING, "status"), (MING, "todo")]


async def test_whoever_is_staff_too_keeps_the_cards_of_others_in_the_chat(
    process: StorageProcess, database: str
) -> None:
    process.work.staff.former.add(LING)
    unit = await process.unit(1, LING)
    unit.new_person(LING)
    unit.enqueue(EditScreen("closed", "card:7"), chat_id=LING)
    await process.flush(unit)
    await process.erase(2, LING)
    assert (LING, "card:7") in await chats(database)
