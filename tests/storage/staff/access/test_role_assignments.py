"""Seats: who is what and where, read as it stands at that moment; names sealed; both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from states.fsm_states import Staff
from states.staff_roles import Role, RoleAssignment, Scope
from storage.engine import tables
from storage.engine.database import Database
from storage.staff.access import role_assignments
from storage.updates.fsm import SqlStorage, candidate_key, staff_key
from tests.storage.process import (
    BOT,
    LING,
    MING,
    NAME,
    NOW,
    StorageProcess,
    kept,
    keyring,
    message,
)

QINGHAI = Scope("qinghai")
XINING = Scope("qinghai", "xining")
SEAT = RoleAssignment(128, BOT, LING, Role.SITE_REVIEWER, XINING, NAME, MING, NOW)
OTHERS = (
    replace(SEAT, id=129, telegram_id=MING, role=Role.AREA_REVIEWER, scope=QINGHAI),
    replace(SEAT, id=130, telegram_id=MING, scope=Scope("shanxi", "xian")),
)


async def grants(db: Database, *given: RoleAssignment) -> None:
    """These seats are given."""
    async with db.write() as connection:
        for assignment in given:
            await role_assignments.grant(connection, keyring(), assignment)


async def test_a_seat_is_read_as_it_was_given_and_its_name_lies_sealed(
    db: Database, database: str
) -> None:
    await grants(db, SEAT, *OTHERS)
    async with db.read() as connection:
        assert await role_assignments.of_account(connection, keyring(), BOT, LING) == (SEAT,)
        assert await role_assignments.of_account(connection, keyring(), BOT, MING) == OTHERS
        assert await role_assignments.of_account(connection, keyring(), BOT + 1, LING) == ()
        assert await role_assignments.of_id(connection, keyring(), SEAT.id) == SEAT
        assert await role_assignments.of_id(connection, keyring(), 4444) is None
    for (name,) in await kept(database, select(tables.role_assignments.c.name)):
        assert NAME.encode() not in name


async def test_a_revoked_seat_is_kept_and_is_nothing_any_more(db: Database) -> None:
    await grants(db, SEAT)
    later = NOW + timedelta(hours=1)
    async with db.write() as connection:
        assert await role_assignments.revoke(connection, keyring(), SEAT.id, later)
        assert not await role_assignments.revoke(
            connection, keyring(), SEAT.id, later + timedelta(hours=1)
        )
        assert not await role_assignments.revoke(connection, keyring(), 4444, later)
    async with db.read() as connection:
        assert await role_assignments.of_account(connection, keyring(), BOT, LING) == ()
        assert await role_assignments.within(connection, keyring(), BOT, Scope()) == []
        ended = await role_assignments.of_id(connection, keyring(), SEAT.id)
    assert ended == replace(SEAT, revoked_at=later)


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        (Scope(), [128, 129, 130]),
        (QINGHAI, [128, 129]),
        (XINING, [128]),
        (Scope("qinghai", "haidong"), []),
    ],
)
async def test_the_seats_within_a_scope_are_those_that_lie_in_it_wholly(
    db: Database, scope: Scope, found: list[int]
) -> None:
    await grants(db, SEAT, *OTHERS)
    async with db.read() as connection:
        within = await role_assignments.within(connection, keyring(), BOT, scope)
    assert [assignment.id for assignment in within] == found
    assert all(scope.contains(assignment.scope) for assignment in within)


async def test_an_administrator_of_the_settings_has_a_seat_over_everything(db: Database) -> None:
    await grants(db, SEAT)
    held = {}
    async with db.read() as connection:
        for account in (LING, MING):
            held[account] = await role_assignments.held_by(
                connection, keyring(), BOT, account, administrators={LING}, now=NOW
            )
    everywhere, own = held[LING]
    assert own == SEAT
    assert everywhere.administers(Scope())
    assert everywhere.administers(XINING)
    assert held[MING] == ()


async def test_the_second_state_is_loaded_for_the_roster_in_the_same_query(
    process: StorageProcess,
) -> None:
    await grants(process.db, SEAT)
    await process.work.refresh_staff()
    one, other = await process.units([message(1, LING), message(2, MING)])
    assert len(one.fsm.records) == 2
    assert len(other.fsm.records) == 1
    storage = SqlStorage(one.fsm)
    await storage.set_state(staff_key(BOT, LING), Staff.role)
    await process.flush(one, other)
    (again,) = await process.units([message(3, LING)])
    storage = SqlStorage(again.fsm)
    assert await storage.get_state(staff_key(BOT, LING)) == Staff.role.state
    assert await storage.get_state(candidate_key(BOT, LING)) is None


async def test_erasing_a_candidate_leaves_what_they_are_asked_as_one_of_the_staff(
    process: StorageProcess,
) -> None:
    process.work.staff.administrators = frozenset({LING})
    (unit,) = await process.units([message(1, LING)])
    unit.new_person(LING)
    await SqlStorage(unit.fsm).set_state(candidate_key(BOT, LING), "Home:menu")
    await SqlStorage(unit.fsm).set_state(staff_key(BOT, LING), Staff.role)
    await process.flush(unit)
    (received,) = await process.inbox.keep(process.inbox.number(BOT, [message(2, LING)], NOW))
    async with process.db.write() as connection:
        (unit,) = await process.work.load(connection, [(received, NOW)], exclusive=True)
        unit.erase()
        await process.work.flush(connection, [unit])
    (after,) = await process.units([message(3, LING)])
    assert after.person is None
    storage = SqlStorage(after.fsm)
    assert await storage.get_state(candidate_key(BOT, LING)) is None
    assert await storage.get_state(staff_key(BOT, LING)) == Staff.role.state
