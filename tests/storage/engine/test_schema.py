"""The migrations: they lead to the tables in the code, back to nothing, and hurt nobody twice."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import inspect, text

from storage.engine import installation, schema, tables
from storage.engine.database import Database
from storage.engine.installation import Fact
from tests.databases import opened
from tests.storage.schemas import differences


@pytest_asyncio.fixture
async def fresh(bare: str) -> AsyncIterator[Database]:
    """A database that was never migrated."""
    async with opened(bare) as database:
        yield database


async def names(db: Database) -> set[str]:
    """The tables that are there, without Alembic's own."""
    async with db.read() as connection:
        found = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    return set(found) - {"alembic_version"}


async def test_a_new_database_has_no_version(fresh: Database) -> None:
    assert await schema.present(fresh) == ""
    assert await names(fresh) == set()


async def test_up_down_and_up_again_leads_to_the_tables_in_the_code(fresh: Database) -> None:
    await schema.migrate(fresh)
    assert await schema.present(fresh) == schema.WANTED != ""
    assert await names(fresh) == set(tables.metadata.tables)
    assert await differences(fresh) == []

    await schema.migrate(fresh, "base")
    assert await schema.present(fresh) == ""
    assert await names(fresh) == set()

    await schema.migrate(fresh)
    assert await schema.present(fresh) == schema.WANTED
    assert await differences(fresh) == []


async def test_one_step_down_and_up_again(fresh: Database) -> None:
    await schema.migrate(fresh)
    counter = {"seats", "invites", "groups", "claims", "verdicts", "notes", "seals", "heads"}
    later = {"paper_judgements"}
    await schema.migrate(fresh, "0018")
    assert await names(fresh) == set(tables.metadata.tables) - later
    later |= {"exam_versions", "identity_digests", "spot_checks"}
    await schema.migrate(fresh, "0015")
    assert await names(fresh) == set(tables.metadata.tables) - later
    later |= {"photo_judgements", "photo_bands", "photo_opinions"}
    await schema.migrate(fresh, "0014")
    assert await names(fresh) == set(tables.metadata.tables) - later
    later |= {"second_looks"}
    await schema.migrate(fresh, "0012")
    assert await names(fresh) == set(tables.metadata.tables) - later
    later |= {"late_changes"}
    await schema.migrate(fresh, "0011")
    assert await names(fresh) == set(tables.metadata.tables) - later
    later |= {"act_counts", "group_requests"}
    await schema.migrate(fresh, "0010")
    assert await names(fresh) == set(tables.metadata.tables) - later
    later |= {"broadcasts", "broadcast_recipients", "calls"}
    await schema.migrate(fresh, "0009")
    assert await names(fresh) == set(tables.metadata.tables) - later
    later |= {"sealing_keys"}
    await schema.migrate(fresh, "0008")
    assert await names(fresh) == set(tables.metadata.tables) - later
    later |= {"reminders"}
    await schema.migrate(fresh, "0007")
    assert await names(fresh) == set(tables.metadata.tables) - later
    later |= {"payment_orders", "payment_charges", "payment_refunds", "payment_events"}
    await schema.migrate(fresh, "0006")
    assert await names(fresh) == set(tables.metadata.tables) - later
    later |= {"submissions"}
    await schema.migrate(fresh, "0005")
    assert await names(fresh) == set(tables.metadata.tables) - later
    later |= {"jobs"}
    await schema.migrate(fresh, "0004")
    assert await names(fresh) == set(tables.metadata.tables) - later
    await schema.migrate(fresh, "0002")
    assert await names(fresh) == set(tables.metadata.tables) - later - counter
    await schema.migrate(fresh, "0001")
    assert await schema.present(fresh) == "0001"
    assert await names(fresh) == set(tables.metadata.tables) - later - counter - {"cases"}
    for version in ("0003", "0004", "0005", schema.WANTED):
        await schema.migrate(fresh, version)
        assert await schema.present(fresh) == version
    assert await differences(fresh) == []


async def test_a_second_migration_changes_nothing(fresh: Database) -> None:
    await schema.migrate(fresh)
    async with fresh.write() as connection:
        await installation.write(connection, Fact.SYNCED_UNTIL, "then")
    await schema.migrate(fresh)
    assert await installation.read(fresh, Fact.SYNCED_UNTIL) == "then"
    assert await schema.present(fresh) == schema.WANTED


async def test_a_difference_is_seen(db: Database) -> None:
    async with db.write() as connection:
        await connection.execute(text("ALTER TABLE people ADD COLUMN shoe_size INTEGER"))
        await connection.execute(text("DROP TABLE holds"))
    assert len(await differences(db)) == 2


async def test_a_migration_that_fails_changes_nothing(fresh: Database) -> None:
    async with fresh.write() as connection:
        await connection.execute(text("CREATE TABLE slots (id INTEGER)"))
    with pytest.raises(Exception, match=r"slots.* already exists"):
        await schema.migrate(fresh)
    assert await names(fresh) == {"slots"}
    assert await schema.present(fresh) == ""
