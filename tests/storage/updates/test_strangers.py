"""Strangers who never consent: after pruning nothing of them is left, whoever else stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from states.records import PersonId
from storage.candidates import people
from storage.engine import ids, tables
from storage.updates import strangers
from storage.updates.fsm import SqlStorage, TableRecords, candidate_key
from tests.storage.process import BOT, LING, MING, NOW, PERSON, StorageProcess, kept, keyring

pytestmark = pytest.mark.row("C2")

THEN = NOW.replace(year=2026)
AGO = timedelta(days=8)


async def test_whoever_never_consented_goes_and_everybody_else_stays(
    process: StorageProcess, database: str
) -> None:
    old, young = ids.first_at(THEN - AGO), ids.first_at(THEN)
    persons = [replace(PERSON, id=PersonId(old + n), telegram_id=50_000 + n) for n in range(2_500)]
    stays = [
        replace(PERSON, id=PersonId(old + 5_000), consent="v1", consented_at=NOW),
        replace(PERSON, id=PersonId(young), telegram_id=MING),
    ]
    async with process.db.write() as connection:
        rows = [people.as_row(keyring(), one) for one in (*persons, *stays)]
        await connection.execute(insert(tables.people), rows)
    records = SqlStorage(TableRecords(process.db))
    for account in (LING, MING, 50_000):
        await records.set_state(candidate_key(BOT, account), "Welcome:language")
    while await strangers.prune(process.db, THEN - timedelta(days=7)):
        pass
    left = await kept(database, select(tables.people.c.telegram_id).order_by("telegram_id"))
    assert [account for (account,) in left] == [LING, MING]
    assert len(await kept(database, select(tables.fsm))) == 2
