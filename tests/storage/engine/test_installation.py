"""Small facts about the installation, and the keys that it is bound to."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage.engine import installation, tables
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.installation import Fact, WrongKeys
from tests.storage.process import kept, keyring

OTHER_LOOKUP = Keyring(b"L" * 32, {"k1": b"k1" * 16})


async def test_a_fact_is_unknown_until_written_and_then_the_latest(db: Database) -> None:
    assert await installation.read(db, Fact.CLOCK_OFFSET) is None
    for value in ("60", "120"):
        async with db.write() as connection:
            await installation.write(connection, Fact.CLOCK_OFFSET, value)
        assert await installation.read(db, Fact.CLOCK_OFFSET) == value
    assert await installation.read(db, Fact.SYNCED_UNTIL) is None


async def test_the_first_keys_bind_the_database(db: Database, database: str) -> None:
    await installation.bind_keys(db, keyring())
    assert await kept(database, select(tables.facts)) == [("keys", keyring().fingerprint)]


async def test_other_keys_are_refused_and_change_nothing(db: Database) -> None:
    await installation.bind_keys(db, keyring())
    with pytest.raises(WrongKeys):
        await installation.bind_keys(db, OTHER_LOOKUP)
    await installation.bind_keys(db, keyring())


async def test_a_sealing_key_more_is_the_same_installation(db: Database) -> None:
    await installation.bind_keys(db, keyring("k1"))
    await installation.bind_keys(db, keyring("k1", "k2"))


async def test_a_check_binds_nothing(db: Database) -> None:
    await installation.check_keys(db, OTHER_LOOKUP)
    await installation.bind_keys(db, keyring())
    with pytest.raises(WrongKeys):
        await installation.check_keys(db, OTHER_LOOKUP)


async def test_a_sealing_key_that_something_needs_must_be_there(db: Database) -> None:
    await installation.bind_keys(db, keyring("k1", "k2"))
    await installation.check_keys(db, keyring("k2", "k1"))
    for wrong in (keyring("k1"), keyring("k2"), Keyring(b"l" * 32, {"k1": b"x" * 32})):
        with pytest.raises(WrongKeys):
            await installation.check_keys(db, wrong)
    async with db.write() as connection:
        await installation.need_newest_key(connection, keyring("k1", "k2"), alone=True)
    await installation.check_keys(db, keyring("k2"))
