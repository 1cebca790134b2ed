"""A broadcast that is stopped between its job's look and its transaction stops all the same."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.open_storage import Storage
from bot.scheduler.broadcasts import BroadcastJob
from states.broadcasts.audience import Audience
from states.broadcasts.ledger import ALLOWED, BroadcastAct, BroadcastState, Counts, Outcome
from states.records import PersonId
from states.staff_roles import Scope
from storage.broadcasts import audiences, broadcasts, ledger
from storage.broadcasts.broadcasts import Broadcast
from storage.candidates import people
from storage.engine import tables
from storage.engine.database import Database
from storage.engine.jobs import JobKind, StoredJob
from tests.bot.people import BOT, EXAM, KEYRING, person
from tests.bot.storages import storage_over
from tests.fakes.clocks import START
from tests.fakes.jobs import run_due

pytestmark = pytest.mark.row("C7")

COUNT = 40
BROADCAST = Broadcast(
    1, BOT, EXAM.key, 1000, START, BroadcastState.RUNNING, Audience(scopes=(Scope(),))
)
STOPS = {
    BroadcastAct.PAUSE: BroadcastState.PAUSED,
    BroadcastAct.CANCEL: BroadcastState.CANCELLED,
}


@dataclass(slots=True)
class Office:
    """A broadcast that runs, and its job."""

    storage: Storage
    job: BroadcastJob

    async def stops(self, act: BroadcastAct) -> None:
        """Somebody stops the broadcast, as the step of their tap does."""
        async with self.storage.db.write() as tx:
            assert await broadcasts.move(tx, 1, ALLOWED[act], STOPS[act])
            await ledger.take_back(tx, 1)

    async def counts(self) -> Counts:
        """The recipients by outcome."""
        async with self.storage.db.read() as connection:
            return await ledger.counts(connection, 1)

    async def is_over(self) -> bool:
        """Whether the broadcast has ended."""
        async with self.storage.db.read() as connection:
            found = await broadcasts.of_id(connection, KEYRING, BOT, 1)
        return found is not None and found.ended_at is not None


@pytest_asyncio.fixture
async def office(db: Database) -> Office:
    """All recipients are written down."""
    storage = storage_over(db, KEYRING)
    async with db.write() as tx:
        them = [
            person("en", id=PersonId(n), telegram_id=2000 + n, number_hash=f"{n:064}")
            for n in range(1, COUNT + 1)
        ]
        rows = [people.as_row(KEYRING, one) for one in them]
        await tx.execute(db.upsert(tables.people), rows)
        await broadcasts.add(tx, KEYRING, BROADCAST)
        await audiences.write_down(tx, BROADCAST, EXAM)
        await storage.jobs.enqueue(tx, [StoredJob(JobKind.BROADCAST, "1", START)])
    return Office(storage, BroadcastJob(storage, EXAM))


def stopped_after_the_look(
    office: Office, act: BroadcastAct, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broadcast is stopped right after its job has looked at it."""
    look = ledger.counts

    async def counts(connection: AsyncConnection, broadcast_id: int) -> Counts:
        found = await look(connection, broadcast_id)
        monkeypatch.setattr(ledger, "counts", look)
        await office.stops(act)
        return found

    monkeypatch.setattr(ledger, "counts", counts)


@pytest.mark.parametrize("act", STOPS)
async def test_nobody_is_handed_over_after_a_stop(
    office: Office, act: BroadcastAct, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped_after_the_look(office, act, monkeypatch)
    await run_due(office.storage, office.job, START)
    assert (await office.counts())[Outcome.CLAIMED] == 0
    assert await office.storage.outbox.waiting(START) == []


async def test_a_broadcast_that_is_cancelled_at_its_end_ends_and_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office.storage.db.write() as tx:
        everybody = range(1, COUNT + 1)
        await ledger.close(tx, 1, everybody, Outcome.SENT, START)
    stopped_after_the_look(office, BroadcastAct.CANCEL, monkeypatch)
    for _ in range(2):
        await run_due(office.storage, office.job, START)
    assert await office.is_over()
    assert len(await office.storage.outbox.waiting(START)) == 2, "the progress and the report"
