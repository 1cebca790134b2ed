"""Invitations: a link opens once, for one account, in time; its token lies nowhere."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from states.staff_roles import Invite, Role, Scope
from storage.engine import tables
from storage.engine.database import Database
from storage.staff.access import invites
from tests.storage.process import (
    BOT,
    LING,
    MING,
    NAME,
    NOW,
    kept,
    keyring,
)

LATER = NOW + timedelta(hours=48)
INVITE = Invite(320, BOT, Role.AREA_REVIEWER, Scope("qinghai"), 1000, NOW, LATER)


async def makes(db: Database, invite: Invite = INVITE) -> str:
    """An invitation is made; the payload of its link."""
    payload = invites.new_payload()
    async with db.write() as connection:
        await invites.make(connection, keyring(), invite, payload)
    return payload


async def opens(db: Database, account: int = LING) -> bool:
    """Somebody opens it; whether they were the first."""
    async with db.write() as connection:
        return await invites.opened(connection, keyring(), INVITE.id, account, NAME, NOW)


async def found(db: Database, payload: str, bot_id: int = BOT) -> Invite | None:
    """Return the invitation that a payload opens now."""
    async with db.read() as connection:
        return await invites.of_payload(connection, keyring(), bot_id, payload, NOW)


def test_a_payload_fits_a_link_and_no_two_are_the_same() -> None:
    made = {invites.new_payload() for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(re.fullmatch(r"inv_[A-Za-z0-9_-]{32,60}", payload) for payload in made)


async def test_neither_token_nor_name_lies_in_the_table(db: Database, database: str) -> None:
    payload = await makes(db)
    assert await opens(db)
    ((row,),) = [await kept(database, select(tables.invites))]
    lying = repr(tuple(row))
    assert payload not in lying
    assert payload.removeprefix(invites.PREFIX) not in lying
    assert NAME not in lying
    assert repr(NAME.encode())[2:-1] not in lying


async def test_it_is_found_by_its_payload_only_and_by_its_own_bot(db: Database) -> None:
    payload = await makes(db)
    assert await found(db, payload) == INVITE
    assert await found(db, payload[:-1]) is None
    assert await found(db, payload, BOT + 1) is None
    async with db.read() as connection:
        late = await invites.of_payload(connection, keyring(), BOT, payload, LATER)
    assert late is None


async def test_of_two_who_open_it_at_once_one_is_the_first(db: Database) -> None:
    payload = await makes(db)
    assert sorted(await asyncio.gather(opens(db, LING), opens(db, MING))) == [False, True]
    assert await found(db, payload) is None


async def test_it_ends_once_and_forgets_the_name(db: Database, second_db: Database) -> None:
    await makes(db)
    assert await opens(db)
    async with db.write() as connection:
        assert await invites.end(connection, keyring(), INVITE.id, NOW)
        assert not await invites.end(connection, keyring(), INVITE.id, LATER)
    async with second_db.read() as connection:
        ended = await invites.of_id(connection, keyring(), INVITE.id)
    assert ended == replace(INVITE, opened_by=LING, opened_at=NOW, ended_at=NOW)
    assert not await opens(db, MING)


@pytest.mark.parametrize(
    ("hours", "opened", "ended", "awaited"),
    [
        (0, True, False, True),
        (47, True, False, True),
        (48, True, False, False),
        (1, False, False, False),
        (1, True, True, False),
    ],
)
def test_the_inviter_has_as_long_to_say_as_there_was_to_open_it(
    hours: int, opened: bool, ended: bool, awaited: bool
) -> None:
    invite = replace(INVITE, opened_at=NOW if opened else None, ended_at=NOW if ended else None)
    assert invite.awaits_admission(NOW + timedelta(hours=hours)) is awaited


async def test_what_is_open_is_listed_to_its_maker_only(db: Database) -> None:
    await makes(db)
    await makes(db, replace(INVITE, id=640, made_by=2000))
    await makes(db, replace(INVITE, id=960, bot_id=BOT + 1))
    await opens(db)
    async with db.write() as connection:
        everybodys = await invites.unended(connection, keyring(), BOT)
        assert [one.id for one in everybodys] == [320, 640]
        (own,) = await invites.unended(connection, keyring(), BOT, [1000])
        assert (own.id, own.opened_by, own.opened_name) == (320, LING, NAME)
        assert await invites.unended(connection, keyring(), BOT, [3000]) == []
        assert await invites.end(connection, keyring(), 320, NOW)
        assert await invites.unended(connection, keyring(), BOT, [1000]) == []


def test_how_long_an_invitation_is_open() -> None:
    assert INVITE.is_open(LATER - timedelta(seconds=1))
    assert not INVITE.is_open(LATER)
    opened = replace(INVITE, opened_by=LING, opened_at=NOW + timedelta(hours=40))
    assert opened.is_open(LATER)
    assert opened.ends_at == NOW + timedelta(hours=88)
    assert not replace(opened, ended_at=NOW).is_open(NOW)
