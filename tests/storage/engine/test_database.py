"""The promises of the database: what is durable, who waits for whom, and what trouble is called."""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import insert, make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import tables
from storage.engine.database import Database, Unavailable
from tests.databases import opened, url_of
from tests.storage.process import NOW, kept

pytestmark = pytest.mark.row("C2")

Opening = Callable[[Database], AbstractAsyncContextManager[AsyncConnection]]
BOTH = pytest.mark.parametrize("begin", [Database.write, Database.read], ids=["write", "read"])


async def note(connection: AsyncConnection, key: str, value: str) -> None:
    await connection.execute(insert(tables.facts).values(key=key, value=value))


async def write(db: Database, *keys: str, failing: Exception | None = None) -> None:
    """One transaction that notes these keys, and then may fail."""
    async with db.write() as connection:
        for key in keys:
            await note(connection, key, "1")
        if failing:
            raise failing


async def value_of(connection: AsyncConnection, key: str) -> str | None:
    found: str | None = await connection.scalar(
        select(tables.facts.c.value).where(tables.facts.c.key == key)
    )
    return found


# --- what is in force ----------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 1234)],
)
async def test_the_promises_are_in_force_on_both_engines(
    file: Path, begin: Opening, pragma: str, value: object
) -> None:
    async with opened(url_of(file), busy_ms=1234) as db, begin(db) as connection:
        assert await connection.scalar(text(f"PRAGMA {pragma}")) == value


async def test_they_hold_on_every_connection_of_the_pool(file: Path) -> None:
    async with opened(url_of(file)) as db, db.read() as one, db.read() as other:
        assert one is not other
        for connection in (one, other):
            assert await connection.scalar(text("PRAGMA foreign_keys")) == 1


@pytest.mark.parametrize(
    ("begin", "name", "value"),
    [
        (Database.write, "synchronous_commit", "on"),
        (Database.write, "transaction_isolation", "serializable"),
        (Database.write, "transaction_read_only", "off"),
        (Database.write, "lock_timeout", "1234ms"),
        (Database.read, "transaction_isolation", "repeatable read"),
        (Database.read, "transaction_read_only", "on"),
    ],
)
async def test_the_promises_are_in_force_whatever_the_servers_own_are(
    postgresql_database: str, begin: Opening, name: str, value: str
) -> None:
    async with opened(postgresql_database) as db, db.write() as connection:
        here = make_url(postgresql_database).database
        await connection.execute(text(f"ALTER DATABASE {here} SET synchronous_commit = off"))
    async with opened(postgresql_database, busy_ms=1234) as db, begin(db) as connection:
        assert await connection.scalar(text(f"SHOW {name}")) == value


async def test_a_row_cannot_refer_to_nobody(db: Database) -> None:
    row = {"name": "x", "person_id": 1, "kind": "photo", "size": 1, "kept_at": NOW}
    with pytest.raises(IntegrityError):
        async with db.write() as connection:
            await connection.execute(insert(tables.blobs).values(row))


# --- moments -------------------------------------------------------------------------------------


async def test_a_naive_moment_is_refused(db: Database) -> None:
    naive = {"began_at": NOW.replace(tzinfo=None), "ended_at": NOW}
    with pytest.raises(StatementError, match="naive"):
        async with db.write() as connection:
            await connection.execute(insert(tables.intake_gaps).values(naive))


async def test_a_moment_comes_back_as_the_same_moment_in_utc(db: Database) -> None:
    beijing = NOW.astimezone(timezone(timedelta(hours=8)))
    exact = datetime(2025, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    async with db.write() as connection:
        gap = {"began_at": beijing, "ended_at": exact}
        await connection.execute(insert(tables.intake_gaps).values(gap))
    async with db.read() as connection:
        began, ended = (await connection.execute(select(tables.intake_gaps))).one()
    assert (began, ended) == (NOW, exact)
    assert began.tzinfo is UTC
    assert ended.tzinfo is UTC


async def test_moments_are_compared_as_moments_whatever_their_zone(db: Database) -> None:
    beijing = NOW.astimezone(timezone(timedelta(hours=8)))
    async with db.write() as connection:
        gap = {"began_at": NOW, "ended_at": NOW}
        await connection.execute(insert(tables.intake_gaps).values(gap))
    async with db.read() as connection:
        for bound, found in ((beijing, 1), (beijing - timedelta(seconds=1), 0)):
            query = select(tables.intake_gaps).where(tables.intake_gaps.c.began_at <= bound)
            assert len((await connection.execute(query)).all()) == found


# --- reading and writing -------------------------------------------------------------------------


async def test_what_is_written_is_there_for_everybody_and_what_failed_is_not(
    db: Database, database: str
) -> None:
    await write(db, "kept")
    with pytest.raises(LookupError):
        await write(db, "dropped", failing=LookupError())
    assert await kept(database, select(tables.facts.c.key)) == [("kept",)]


async def test_a_read_sees_what_was_committed_before_it_and_stays_consistent(db: Database) -> None:
    async with db.read() as before:
        assert await value_of(before, "a") is None
        async with db.write() as connection:
            await note(connection, "a", "1")
            async with db.read() as during:
                assert await value_of(during, "a") is None
        assert await value_of(before, "a") is None
    for _ in range(6):  # more often than there are connections: none keeps an old view
        async with db.read() as after:
            assert await value_of(after, "a") == "1"


async def test_no_writer_undoes_what_another_did(db: Database, second_db: Database) -> None:
    """On SQLite they wait for each other; on PostgreSQL the slower process is told to try again."""
    async with db.write() as connection:
        await note(connection, "count", "0")

    async def count_up(database: Database) -> None:
        try:
            async with database.write() as connection:
                count = int(await value_of(connection, "count") or 0)
                await asyncio.sleep(0)
                await connection.execute(tables.facts.update().values(value=str(count + 1)))
        except Unavailable:
            await count_up(database)

    await asyncio.gather(*(count_up(database) for database in (db, second_db) for _ in range(10)))
    async with db.read() as connection:
        assert await value_of(connection, "count") == "20"


async def test_writers_of_one_process_wait_for_each_other(db: Database) -> None:
    async def count_up() -> None:
        async with db.write() as connection:
            count = int(await value_of(connection, "count") or 0)
            await asyncio.sleep(0)
            await connection.execute(tables.facts.update().values(value=str(count + 1)))

    async with db.write() as connection:
        await note(connection, "count", "0")
    await asyncio.gather(*(count_up() for _ in range(20)))
    async with db.read() as connection:
        assert await value_of(connection, "count") == "20"


async def test_a_write_that_is_cancelled_leaves_nothing_and_nobody_waiting(db: Database) -> None:
    written = asyncio.Event()

    async def write_for_ever() -> None:
        async with db.write() as connection:
            await note(connection, "a", "1")
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_for_ever())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with db.write() as connection:
        assert await value_of(connection, "a") is None


async def test_an_upsert_replaces_the_row_of_its_key(db: Database) -> None:
    upsert = db.upsert(tables.facts)
    async with db.write() as connection:
        await connection.execute(upsert, [{"key": "a", "value": "1"}, {"key": "b", "value": "1"}])
        await connection.execute(upsert, [{"key": "a", "value": "2"}])
        assert await value_of(connection, "a") == "2"
        assert await value_of(connection, "b") == "1"


# --- trouble -------------------------------------------------------------------------------------


@pytest.fixture
async def impatient(database: str) -> AsyncIterator[Database]:
    """A database that waits for a lock no longer than 10 ms."""
    async with opened(database, busy_ms=10) as db:
        yield db


async def test_what_another_writes_is_unavailable_to_writers_until_it_is_through(
    db: Database, impatient: Database
) -> None:
    async with db.write() as connection:
        await note(connection, "a", "1")
        with pytest.raises(Unavailable):
            await write(impatient, "a")
        async with impatient.read() as reading:
            assert await value_of(reading, "a") is None
    await write(impatient, "b")


async def test_a_writer_whose_turn_does_not_come_is_told_the_same(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db.writer.sync_engine.pool, "_timeout", 0.01)
    async with db.write():
        with pytest.raises(Unavailable):
            async with db.write():
                pytest.fail("two writers at once")


@BOTH
async def test_a_file_that_is_gone_is_unavailable(tmp_path: Path, begin: Opening) -> None:
    before = threading.enumerate()
    async with opened(url_of(tmp_path / "gone" / "bot.db")) as db:
        with pytest.raises(Unavailable):
            async with begin(db) as connection:
                await value_of(connection, "a")
    # aiosqlite's thread reports once more to the event loop, which must not be closed by then.
    for thread in set(threading.enumerate()) - set(before):
        await asyncio.to_thread(thread.join)


async def test_a_full_disk_is_unavailable_and_loses_nothing(file: Path) -> None:
    async with opened(url_of(file)) as db:
        async with db.write() as connection:
            await note(connection, "before", "1")
            pages = await connection.scalar(text("PRAGMA page_count"))
        async with db.write() as connection:
            await connection.execute(text(f"PRAGMA max_page_count={pages}"))
        with pytest.raises(Unavailable):
            await write(db, *(f"after {number}" for number in range(1000)))
    assert await kept(url_of(file), select(tables.facts.c.key)) == [("before",)]


@pytest.mark.row("C2")
async def test_an_error_names_no_value_of_a_persons(db: Database) -> None:
    """A traceback in the log must show no more than the statement."""
    name = "".join(("刘", "玲"))  # a traceback shows this line
    with pytest.raises(IntegrityError) as refused:
        await write(db, name, name)
    assert name not in "".join(traceback.format_exception(refused.value))


async def test_a_fault_of_ours_keeps_its_name(db: Database) -> None:
    with pytest.raises(IntegrityError):
        await write(db, "a", "a")
    with pytest.raises(DBAPIError, match="nowhere"):
        async with db.read() as connection:
            await connection.execute(text("SELECT * FROM nowhere"))
