"""Seats: who is what and where, read as it stands at that moment; names sealed; both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from states.groups import Staff
from states.staff import Role, Scope, Seat
from storage import seats, tables
from storage.db import Database
from storage.fsm import SqlStorage
from storage.unit import candidate_key, staff_key
from tests.storage.made import BOT, LING, MING, NAME, NOW, Office, kept, keyring, message

QINGHAI = Scope("qinghai")
XINING = Scope("qinghai", "xining")
SEAT = Seat(128, BOT, LING, Role.SITE_REVIEWER, XINING, NAME, MING, NOW)
OTHERS = (
    replace(SEAT, id=129, telegram_id=MING, role=Role.AREA_REVIEWER, scope=QINGHAI),
    replace(SEAT, id=130, telegram_id=MING, scope=Scope("shanxi", "xian")),
)


async def grants(db: Database, *given: Seat) -> None:
    """These seats are given."""
    async with db.write() as connection:
        for seat in given:
            await seats.grant(connection, keyring(), seat)


async def test_a_seat_is_read_as_it_was_given_and_its_name_lies_sealed(
    db: Database, database: str
) -> None:
    await grants(db, SEAT, *OTHERS)
    async with db.read() as connection:
        assert await seats.of_account(connection, keyring(), BOT, LING) == (SEAT,)
        assert await seats.of_account(connection, keyring(), BOT, MING) == OTHERS
        assert await seats.of_account(connection, keyring(), BOT + 1, LING) == ()
        assert await seats.of_id(connection, keyring(), SEAT.id) == SEAT
        assert await seats.of_id(connection, keyring(), 4444) is None
    for (name,) in await kept(database, select(tables.seats.c.name)):
        assert NAME.encode() not in name


async def test_a_revoked_seat_is_kept_and_is_nothing_any_more(db: Database) -> None:
    await grants(db, SEAT)
    later = NOW + timedelta(hours=1)
    async with db.write() as connection:
        assert await seats.revoke(connection, SEAT.id, later)
        assert not await seats.revoke(connection, SEAT.id, later + timedelta(hours=1))
        assert not await seats.revoke(connection, 4444, later)
    async with db.read() as connection:
        assert await seats.of_account(connection, keyring(), BOT, LING) == ()
        assert await seats.within(connection, keyring(), BOT, Scope()) == []
        ended = await seats.of_id(connection, keyring(), SEAT.id)
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
        within = await seats.within(connection, keyring(), BOT, scope)
    assert [seat.id for seat in within] == found
    assert all(scope.contains(seat.scope) for seat in within)


async def test_an_administrator_of_the_settings_has_a_seat_over_everything(db: Database) -> None:
    await grants(db, SEAT)
    held = {}
    async with db.read() as connection:
        for account in (LING, MING):
            held[account] = await seats.held_by(
                connection, keyring(), BOT, account, administrators={LING}, now=NOW
            )
    everywhere, own = held[LING]
    assert own == SEAT
    assert everywhere.administers(Scope())
    assert everywhere.administers(XINING)
    assert held[MING] == ()


async def test_the_second_state_is_loaded_for_the_roster_in_the_same_query(office: Office) -> None:
    await grants(office.db, SEAT)
    await office.work.learn_roster()
    one, other = await office.units([message(1, LING), message(2, MING)])
    assert len(one.fsm.records) == 2
    assert len(other.fsm.records) == 1
    storage = SqlStorage(one.fsm)
    await storage.set_state(staff_key(BOT, LING), Staff.role)
    await office.flush(one, other)
    (again,) = await office.units([message(3, LING)])
    storage = SqlStorage(again.fsm)
    assert await storage.get_state(staff_key(BOT, LING)) == Staff.role.state
    assert await storage.get_state(candidate_key(BOT, LING)) is None


async def test_erasing_a_candidate_leaves_what_they_are_asked_as_one_of_the_staff(
    office: Office,
) -> None:
    office.work.roster.always = frozenset({LING})
    (unit,) = await office.units([message(1, LING)])
    unit.new_person(LING)
    await SqlStorage(unit.fsm).set_state(candidate_key(BOT, LING), "Home:menu")
    await SqlStorage(unit.fsm).set_state(staff_key(BOT, LING), Staff.role)
    await office.flush(unit)
    (received,) = await office.inbox.keep(office.inbox.number(BOT, [message(2, LING)], NOW))
    async with office.db.write() as connection:
        (unit,) = await office.work.load(connection, [(received, NOW)], alone=True)
        unit.erase()
        await office.work.flush(connection, [unit])
    (after,) = await office.units([message(3, LING)])
    assert after.person is None
    storage = SqlStorage(after.fsm)
    assert await storage.get_state(candidate_key(BOT, LING)) is None
    assert await storage.get_state(staff_key(BOT, LING)) == Staff.role.state
