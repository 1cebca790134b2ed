"""Resealing: every encrypted column, page by page, and a changed row that gets no MAC."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import LargeBinary, insert

from states.records import PersonId
from storage.candidates import people
from storage.engine import resealing, row_macs, tables
from storage.engine.database import Database
from storage.engine.resealing import PLACES, Resealing
from tests.storage.people import WHOLE
from tests.storage.process import LING, keyring

pytestmark = pytest.mark.row("B28")

OLD, BOTH, NEW = keyring("k1"), keyring("k1", "k2"), keyring("k2")


def test_every_encrypted_column_has_its_place() -> None:
    encrypted = {
        column
        for table in tables.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert encrypted - {tables.sealing_keys.c.probe} == set(PLACES)


async def test_a_walk_ends_with_the_newest_key_alone_and_can_be_cut_anywhere(db: Database) -> None:
    persons = [
        replace(WHOLE, id=PersonId(n), telegram_id=LING + n, number_hash=f"{n:064}")
        for n in range(1, 451)
    ]
    async with db.write() as connection:
        await connection.execute(
            insert(tables.people), [people.as_row(OLD, one) for one in persons]
        )
        changed = tables.people.update().where(tables.people.c.id == 7)
        await connection.execute(changed.values(telegram_id=31337))
    pages = 0
    while True:
        walk = Resealing(BOTH)  # another process each time: the one before was killed
        async with db.write() as connection:
            if not await walk.page(connection):
                break
        pages += 1
        if pages > 5:
            break
    walk = Resealing(BOTH)
    more = True
    while more:
        async with db.write() as connection:
            more = await walk.page(connection)
    async with db.read() as connection:
        assert await resealing.left(connection, BOTH) == 1, "the one that was changed"
        found = await people.by_ids(connection, NEW, [one.id for one in persons if one.id != 7])
        assert found == {one.id: one for one in persons if one.id != 7}
        with pytest.raises(row_macs.RowChanged):
            await people.by_ids(connection, BOTH, [PersonId(7)])
