"""Small facts about the installation, and the keys that it is bound to."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage import facts, tables
from storage.db import Database
from storage.facts import Fact, WrongKeys
from storage.secrets import Keyring
from tests.storage.made import kept, keyring

OTHER_LOOKUP = Keyring(b"L" * 32, {"k1": b"k1" * 16})


async def test_a_fact_is_unknown_until_written_and_then_the_latest(db: Database) -> None:
    assert await facts.read(db, Fact.CLOCK_OFFSET) is None
    for value in ("60", "120"):
        async with db.write() as connection:
            await facts.write(connection, Fact.CLOCK_OFFSET, value)
        assert await facts.read(db, Fact.CLOCK_OFFSET) == value
    assert await facts.read(db, Fact.HEARD) is None


async def test_the_first_keys_bind_the_database(db: Database, database: str) -> None:
    await facts.bind_keys(db, keyring())
    assert await kept(database, select(tables.facts)) == [("keys", keyring().fingerprint)]


async def test_other_keys_are_refused_and_change_nothing(db: Database) -> None:
    await facts.bind_keys(db, keyring())
    with pytest.raises(WrongKeys):
        await facts.bind_keys(db, OTHER_LOOKUP)
    await facts.bind_keys(db, keyring())


async def test_a_sealing_key_more_is_the_same_installation(db: Database) -> None:
    await facts.bind_keys(db, keyring("k1"))
    await facts.bind_keys(db, keyring("k1", "k2"))


async def test_a_check_binds_nothing(db: Database) -> None:
    await facts.check_keys(db, OTHER_LOOKUP)
    await facts.bind_keys(db, keyring())
    with pytest.raises(WrongKeys):
        await facts.check_keys(db, OTHER_LOOKUP)
