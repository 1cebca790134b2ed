"""Units of work: what a batch costs, who gets which id, and what happens once only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from states.groups import Account
from states.outcome import Edit, Erase, Say
from states.records import Records
from storage import tables
from storage.audit import Deed
from storage.fsm import SqlStorage, row_key
from storage.inbox import IDS_PER_UPDATE, AlreadyDone
from storage.outbox import FORBIDDEN, Sent
from storage.tables import InboxState, OutboxState
from storage.unit import Shared, Unit, candidate_key
from tests.databases import lying
from tests.storage.made import BOT, EXAM, LING, MING, NAME, NOW, Office, kept, message
from tests.storage.units import NUMBERS, batch, busy, counts, statements

# --- what a batch costs --------------------------------------------------------------------------


@pytest.mark.parametrize("count", NUMBERS)
async def test_a_batch_is_loaded_in_three_queries(office: Office, count: int) -> None:
    known = await batch(office, count)
    for unit in known:
        await busy(unit)
    await office.flush(*known)
    received = await office.inbox.keep(
        office.inbox.number(
            BOT, [message(1000 + number, LING + number) for number in range(count)], NOW
        )
    )
    async with statements(office.db) as seen, office.db.write() as connection:
        units = await office.work.load(connection, [(row, NOW) for row in received])
    assert seen == ["SELECT people", "SELECT applications", "SELECT fsm"]
    assert all(unit.person and unit.application for unit in units)


@pytest.mark.parametrize("count", NUMBERS)
async def test_a_batch_is_written_with_one_statement_a_table(
    office: Office, database: str, count: int
) -> None:
    units = await batch(office, count)
    for unit in units:
        await busy(unit)
    async with statements(office.db) as seen:
        await office.flush(*units)
    assert seen == [
        "UPDATE inbox",
        "INSERT people",
        "INSERT applications",
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
async def test_marks_ride_along_for_three_more(office: Office, count: int) -> None:
    units = await batch(office, count)
    for unit in units:
        await busy(unit)
    await office.flush(*units)
    marks = [
        Sent(row, OutboxState.SENT, NOW, message_id=row.id)
        if row.slot
        else Sent(row, OutboxState.FAILED, NOW, error=FORBIDDEN)
        for unit in units
        for row in unit.outgoing
    ]
    async with statements(office.db) as seen, office.db.write() as connection:
        await office.work.flush(connection, [], marks)
    assert seen == ["UPDATE outbox", "INSERT slots", "UPDATE people"]


async def test_a_step_that_changes_nothing_writes_only_that_it_is_done(office: Office) -> None:
    units = await batch(office, 2)
    async with statements(office.db) as seen:
        await office.flush(*units)
    assert seen == ["UPDATE inbox"]


async def test_nothing_to_write_is_no_statement(office: Office) -> None:
    async with statements(office.db) as seen, office.db.write() as connection:
        await office.work.flush(connection, [])
    assert seen == []


# --- whose records -------------------------------------------------------------------------------


async def test_a_stranger_has_no_records(office: Office) -> None:
    unit = await office.unit()
    assert unit.records == Records()
    assert not unit.alone


async def test_everybody_finds_their_own_records_again(office: Office) -> None:
    first = await batch(office, 3)
    for unit in first:
        await busy(unit)
    await office.flush(*first)
    again = await office.units([message(100 + number, LING + number) for number in range(4)])
    assert [unit.records for unit in again] == [*(unit.records for unit in first), Records()]
    for unit in again[:3]:
        key = candidate_key(BOT, unit.row.lane)
        assert await SqlStorage(unit.fsm).get_state(key) == Account.name.state
        assert set(unit.fsm.records) == {row_key(key)}


async def test_another_exams_application_is_not_this_ones(office: Office) -> None:
    unit = await office.unit(1)
    unit.new_application(unit.new_person(LING), "health-2025")
    await office.flush(unit)
    later = await office.unit(2)
    assert later.person is not None
    assert later.application is None


async def test_what_a_step_replaces_is_written_and_the_rest_is_left(
    office: Office, database: str
) -> None:
    first = await office.unit(1)
    await busy(first)
    await office.flush(first)
    unit = await office.unit(2)
    assert unit.person
    assert unit.application
    unit.person = replace(unit.person, locale="en")
    async with statements(office.db) as seen:
        await office.flush(unit)
    assert seen == ["UPDATE inbox", "INSERT people"]
    unit = await office.unit(3)
    assert unit.application
    unit.application = replace(unit.application, answers={"employer": "甲"})
    async with statements(office.db) as seen:
        await office.flush(unit)
    assert seen == ["UPDATE inbox", "INSERT applications"]
    assert (await office.unit(4)).records == unit.records
    assert await kept(database, select(tables.people.c.locale)) == [("en",)]


# --- ids -----------------------------------------------------------------------------------------


async def test_no_two_rows_ever_get_the_same_id(office: Office) -> None:
    units = await batch(office, 64)
    ids = [unit.new_id() for unit in units for _ in range(IDS_PER_UPDATE - 1)]
    ids += [office.inbox.reserve() * IDS_PER_UPDATE for _ in range(64)]
    assert len(set(ids)) == len(ids)


async def test_an_update_that_makes_too_many_rows_is_stopped(office: Office) -> None:
    unit = await office.unit()
    made = [unit.new_id() for _ in range(IDS_PER_UPDATE - 1)]
    assert max(made) < (unit.row.id + 1) * IDS_PER_UPDATE
    with pytest.raises(OverflowError):
        unit.new_id()


# --- alone and in a batch ------------------------------------------------------------------------


async def test_a_batched_step_cannot_ask_the_database(office: Office) -> None:
    unit = await office.unit()
    with pytest.raises(Shared):
        _ = unit.tx


async def test_a_step_alone_has_the_transaction(office: Office) -> None:
    received = await office.inbox.keep(office.inbox.number(BOT, [message(1)], NOW))
    async with office.db.write() as connection:
        (unit,) = await office.work.load(connection, [(received[0], NOW)], alone=True)
        assert unit.alone
        assert unit.tx is connection


# --- once only -----------------------------------------------------------------------------------


async def again(office: Office, units: Sequence[Unit]) -> list[Unit]:
    """The same updates once more, as after a commit of which nothing was heard."""
    repeated = await office.load([unit.row for unit in units])
    for unit in repeated:
        await busy(unit)
    return repeated


async def test_a_second_time_changes_nothing(office: Office, database: str) -> None:
    units = await batch(office, 2)
    for unit in units:
        await busy(unit)
    repeated = await again(office, units)
    await office.flush(*units)
    before = await counts(database)
    with pytest.raises(AlreadyDone):
        await office.flush(*repeated)
    with pytest.raises(AlreadyDone):
        await office.flush(*await again(office, units))
    assert await counts(database) == before


async def test_a_batch_with_one_that_was_done_is_not_written_at_all(
    office: Office, database: str
) -> None:
    first, second = await batch(office, 2)
    await office.flush(first)
    await busy(second)
    with pytest.raises(AlreadyDone):
        await office.flush(first, second)
    assert (await counts(database))["people"] == 0


async def test_an_update_that_is_set_aside_says_so(office: Office, database: str) -> None:
    unit = await office.unit()
    unit.will(Say("trouble"), chat_id=LING)
    async with office.db.write() as connection:
        await office.work.flush(connection, [unit], became=InboxState.DEAD)
    assert await kept(database, select(tables.inbox.c.state)) == [(InboxState.DEAD,)]
    assert [row.act for row in await office.outbox.waiting(NOW)] == [Say("trouble")]


# --- what is noted -------------------------------------------------------------------------------


async def test_a_deed_names_who_and_what_by_ids_and_codes(office: Office, database: str) -> None:
    unit = await office.unit(1)
    unit.did(Deed.CLOCK_MOVED, "60")
    person = unit.new_person(LING)
    application = unit.new_application(person, EXAM)
    unit.did(Deed.SUBMITTED, "1")
    await office.flush(unit)
    t = tables.audit.c
    query = select(t.at, t.actor, t.deed, t.person_id, t.application_id, t.detail).order_by(t.id)
    assert await kept(database, query) == [
        (NOW, LING, "clock-moved", None, None, "60"),
        (NOW, LING, "submitted", person.id, application.id, "1"),
    ]


async def test_calls_are_made_in_the_order_of_the_decisions(office: Office) -> None:
    first, second = await office.units([message(1), message(2, MING)])
    first.will(Erase(5), chat_id=LING)
    first.will(Edit("todo", "status"), chat_id=LING, not_before=NOW)
    second.will(Say("Home:menu"), chat_id=MING)
    await office.flush(second, first)
    waiting = await office.outbox.waiting(NOW)
    assert waiting == [*first.outgoing, *second.outgoing]
    assert [row.act for row in waiting] == [Erase(5), Edit("todo", "status"), Say("Home:menu")]


async def test_what_people_say_of_themselves_cannot_be_read_in_the_file(
    office: Office, database: str
) -> None:
    unit = await office.unit()
    person = unit.new_person(LING)
    unit.person = replace(person, identity=replace(person.identity, name=NAME))
    application = unit.new_application(unit.person, EXAM)
    unit.application = replace(application, answers={"employer": "示例市第一人民医院"})
    await office.flush(unit)
    assert NAME.encode() not in await lying(database)
    assert "示例市".encode() not in await lying(database)
    assert (await office.unit(2)).records == unit.records
