"""The audit's head, once a day, to whoever looks after the bot; once, and with what it names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.core.open_storage import Storage
from bot.scheduler.audit_seal import AuditSealing
from handlers.everyone.notices import AUDIT_HEAD
from states.step_result import Priority, ShowScreen
from storage.audit import chain
from storage.audit.chain import ChainHead
from storage.engine import tables
from storage.engine.database import Database, Unavailable
from storage.engine.ids import RowIds
from storage.updates.fsm import SqlStorage, TableRecords, candidate_key
from storage.updates.inbox import Inbox
from storage.updates.outbox import Outbox, OutgoingMessage
from tests.bot.people import BOT, EXAM, KEYRING
from tests.bot.storages import storage_over
from tests.databases import opened
from tests.fakes.jobs import run_job
from tests.storage.audit_entries import action, note

pytestmark = pytest.mark.row("B13")

ADMINISTRATORS = (1000, 1999)
MIDNIGHT = EXAM.windows.registration.opens
NINE = MIDNIGHT + timedelta(hours=9)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Keeper:
    """The clock's part in the audit, of a bot that was just started."""

    db: Database
    outbox: Outbox
    storage: Storage
    sealing: AuditSealing

    async def ticks(self, now: datetime) -> None:
        """The sealing runs."""
        await run_job(self.storage, self.sealing, now)

    async def audit_entries(self, *numbers: int, at: datetime) -> None:
        """Something was done."""
        await note(self.db, (action(number, at) for number in numbers), KEYRING)

    async def told(self, now: datetime) -> list[OutgoingMessage]:
        """Return the notices that wait in the outbox."""
        return await self.outbox.waiting(now)

    async def heads(self) -> list[tuple[int, str]]:
        """The heads that were kept."""
        query = select(tables.heads.c.seq, tables.heads.c.digest).order_by(tables.heads.c.seq)
        async with self.db.read() as connection:
            return [(seq, digest) for seq, digest in await connection.execute(query)]

    async def head(self) -> ChainHead:
        """How far the chain goes."""
        async with self.db.read() as connection:
            return await chain.newest(connection)


def made(db: Database) -> tuple[Inbox, Keeper]:
    """A keeper over the database."""
    inbox, outbox = Inbox(db, KEYRING, RowIds()), Outbox(db, KEYRING)
    storage = storage_over(db, KEYRING, inbox, outbox)
    return inbox, Keeper(db, outbox, storage, AuditSealing(storage, EXAM, ADMINISTRATORS))


@asynccontextmanager
async def started(url: str) -> AsyncIterator[Keeper]:
    """A bot that has just started; its administrators have written to it."""
    async with opened(url) as db:
        inbox, keeper = made(db)
        records = TableRecords(db)
        for account in ADMINISTRATORS:
            await SqlStorage(records).set_state(candidate_key(BOT, account), "Menu:idle")
        await inbox.recover()
        yield keeper


@pytest.fixture
async def keeper(database: str) -> AsyncIterator[Keeper]:
    async with started(database) as keeper:
        yield keeper


async def test_in_the_morning_each_administrator_is_told_the_head(keeper: Keeper) -> None:
    await keeper.audit_entries(1, 2, 3, at=MIDNIGHT)
    await keeper.ticks(NINE)
    head = await keeper.head()
    told = await keeper.told(NINE)
    assert [row.chat_id for row in told] == list(ADMINISTRATORS)
    what = {"day": "2025-12-02", "seq": "3", "digest": head.digest, "since": "3"}
    for row in told:
        assert row.effect == ShowScreen(AUDIT_HEAD, what, priority=Priority.NOTICE)
    assert await keeper.heads() == [(head.seq, head.digest)]


async def test_nobody_is_woken_for_it(keeper: Keeper) -> None:
    await keeper.audit_entries(1, at=MIDNIGHT)
    await keeper.ticks(NINE - MINUTE)
    assert await keeper.told(NINE) == []
    assert (await keeper.head()).seq == 1, "it is sealed at night as well"


async def test_it_is_told_once_a_day_whatever_is_started_anew(
    keeper: Keeper, database: str
) -> None:
    await keeper.audit_entries(1, at=MIDNIGHT)
    for _ in range(2):
        await keeper.ticks(NINE)
    await keeper.audit_entries(2, at=NINE)
    async with started(database) as another:
        await another.ticks(NINE + timedelta(hours=14))
        assert len(await another.told(NINE + DAY)) == len(ADMINISTRATORS)
        await another.ticks(NINE + DAY)
        told = await another.told(NINE + DAY)
    since = [
        (row.effect.data["seq"], row.effect.data["since"])
        for row in told
        if isinstance(row.effect, ShowScreen)
    ]
    assert since == [("1", "1")] * 2 + [("2", "1")] * 2
    assert [seq for seq, _ in await keeper.heads()] == [1, 2]


async def test_ticks_at_once_tell_it_once(keeper: Keeper) -> None:
    await keeper.audit_entries(*range(1, 6), at=MIDNIGHT)
    await asyncio.gather(*(keeper.ticks(NINE) for _ in range(5)))
    assert await keeper.heads() == [(5, (await keeper.head()).digest)]
    assert len(await keeper.told(NINE)) == len(ADMINISTRATORS)


async def test_a_day_on_which_nothing_was_done_has_no_head(keeper: Keeper) -> None:
    await keeper.ticks(NINE)
    assert await keeper.told(NINE) == []
    await keeper.audit_entries(1, at=NINE)
    for days in (1, 2, 3):
        await keeper.ticks(NINE + days * DAY)
    assert len(await keeper.told(NINE + 9 * DAY)) == len(ADMINISTRATORS)


async def test_a_morning_that_was_missed_is_caught_up(keeper: Keeper) -> None:
    await keeper.audit_entries(1, at=MIDNIGHT)
    await keeper.ticks(NINE + timedelta(hours=13))
    assert len(await keeper.told(NINE + DAY)) == len(ADMINISTRATORS)
    await keeper.audit_entries(2, at=NINE)
    await keeper.ticks(NINE + DAY)
    assert len(await keeper.told(NINE + DAY)) == 2 * len(ADMINISTRATORS)


async def test_the_head_and_its_messages_are_one_commit(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keeper.audit_entries(1, at=MIDNIGHT)

    async def is_gone(*_any: object) -> None:
        raise Unavailable("locked")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(keeper.outbox, "add", is_gone)
        with pytest.raises(Unavailable):
            await keeper.ticks(NINE)
    assert await keeper.heads() == []
    await keeper.ticks(NINE + MINUTE)
    assert len(await keeper.heads()) == 1
    assert len(await keeper.told(NINE + MINUTE)) == len(ADMINISTRATORS)


async def test_an_administrator_who_never_wrote_is_not_written_to(database: str) -> None:
    async with opened(database) as db:
        _, keeper = made(db)
        await SqlStorage(TableRecords(db)).set_state(
            candidate_key(BOT, ADMINISTRATORS[1]), "Menu:idle"
        )
        await keeper.audit_entries(1, at=MIDNIGHT)
        await keeper.ticks(NINE)
        assert [row.chat_id for row in await keeper.told(NINE)] == [ADMINISTRATORS[1]]
        assert len(await keeper.heads()) == 1
