"""A PostgreSQL server that restarts, is away or says no; and the lock of its one bot."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from storage.engine import installation, postgres, schema, tables
from storage.engine.database import Database, InDoubt, Unavailable
from storage.engine.installation import Fact
from storage.engine.instance_lock import AT_START, AlreadyRunning, InstanceLock
from tests.databases import opened
from tests.postgres import Server

pytestmark = pytest.mark.row("C2")

ELSEWHERE = "postgresql://baoming:a-secret@127.0.0.1:1/baoming"
"""A URL at which nothing listens."""
END_THE_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def write(db: Database, value: str) -> None:
    async with db.write() as connection:
        await installation.write(connection, Fact.SYNCED_UNTIL, value)


async def write_and_be_ended(db: Database, url: str, *after: str) -> None:
    """A transaction in which the session is ended, before these are written and it is committed."""
    async with db.write() as connection:
        await installation.write(connection, Fact.SYNCED_UNTIL, "perhaps")
        await end_all_others(url)
        for value in after:
            await installation.write(connection, Fact.SYNCED_UNTIL, value)


async def end_all_others(url: str) -> None:
    """As an administrator does it, from a session of their own."""
    async with opened(url) as db, db.write() as connection:
        await connection.execute(END_THE_OTHERS)


async def hear_the_end() -> None:
    """Let the driver read that the server has closed its connections."""
    await asyncio.sleep(0.1)


# --- the server comes and goes -------------------------------------------------------------------


async def test_after_a_restart_the_very_next_try_is_served(
    careful_server: Server, careful_database: str
) -> None:
    async with opened(careful_database) as db:
        await write(db, "before")
        async with db.read(), db.read():
            pass
        careful_server.restart()
        await hear_the_end()
        assert await installation.read(db, Fact.SYNCED_UNTIL) == "before"
        await write(db, "after")
        assert await installation.read(db, Fact.SYNCED_UNTIL) == "after"


async def test_a_restart_in_the_middle_of_a_transaction_undoes_it(
    careful_server: Server, careful_database: str
) -> None:
    async with opened(careful_database) as db:
        await write(db, "before")

        async def is_interrupted() -> None:
            async with db.write() as connection:
                await installation.write(connection, Fact.SYNCED_UNTIL, "never")
                careful_server.restart()
                await installation.write(connection, Fact.SYNCED_UNTIL, "never")

        with pytest.raises(Unavailable):
            await is_interrupted()
        assert await installation.read(db, Fact.SYNCED_UNTIL) == "before"


async def test_a_server_that_is_away_is_unavailable_until_it_is_back(
    careful_server: Server, careful_database: str
) -> None:
    async with opened(careful_database) as db:
        await write(db, "before")
        careful_server.die()
        try:
            for _ in range(2):
                with pytest.raises(Unavailable):
                    await write(db, "never")
                with pytest.raises(Unavailable):
                    await installation.read(db, Fact.SYNCED_UNTIL)
        finally:
            careful_server.start()
        assert await installation.read(db, Fact.SYNCED_UNTIL) == "before"


async def test_a_session_that_is_ended_is_unavailable(postgresql_database: str) -> None:
    async with opened(postgresql_database) as db:
        with pytest.raises(Unavailable):
            await write_and_be_ended(db, postgresql_database, "never")
        await write(db, "after")


async def test_a_commit_of_which_nothing_is_heard_is_in_doubt(postgresql_database: str) -> None:
    async with opened(postgresql_database) as db:
        with pytest.raises(InDoubt):
            await write_and_be_ended(db, postgresql_database)


# --- what trouble is called ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        ELSEWHERE,
        "postgresql://baoming:a-secret@host.invalid/baoming",
        "postgresql://baoming:a-secret@/baoming?host=/nowhere",
    ],
    ids=["refused", "no such host", "no such socket"],
)
async def test_a_server_that_is_not_there_is_unavailable_and_no_secret_is_told(url: str) -> None:
    async with opened(url) as db:
        for begin in (db.write, db.read):
            with pytest.raises(Unavailable) as caught:
                async with begin():
                    pytest.fail("connected to nothing")
            assert "a-secret" not in f"{caught.value!r} {caught.value.__cause__!r} {db.writer!r}"


async def test_a_database_that_is_not_there_is_unavailable(server: Server) -> None:
    async with opened(server.url("nowhere")) as db:
        with pytest.raises(Unavailable, match="InvalidCatalogName"):
            await installation.read(db, Fact.SYNCED_UNTIL)


async def test_a_statement_that_takes_too_long_is_unavailable(postgresql_database: str) -> None:
    db = Database(postgresql_database, time_limit=0.05)
    try:
        with pytest.raises(Unavailable, match="Timeout"):
            async with db.write() as connection:
                await connection.execute(text("SELECT pg_sleep(5)"))
        await write(db, "after")
    finally:
        await db.close()


async def test_a_reader_cannot_write(postgresql_database: str) -> None:
    """As on a standby: nothing is wrong with the statement, but here is not the place."""
    async with opened(postgresql_database) as db:
        with pytest.raises(Unavailable, match="ReadOnly"):
            async with db.read() as connection:
                await connection.execute(tables.facts.delete())


async def test_two_writers_in_a_ring_are_told_apart_from_a_fault(postgresql_database: str) -> None:
    """A deadlock of two processes: one is through, the other is told to try again."""
    async with opened(postgresql_database) as one, opened(postgresql_database) as other:
        async with one.write() as connection:
            for key in "ab":
                await connection.execute(tables.facts.insert().values(key=key, value="0"))

        async def crosses(db: Database, keys: str, both: asyncio.Barrier) -> bool:
            try:
                async with db.write() as connection:
                    for key in keys:
                        row = tables.facts.update().where(tables.facts.c.key == key)
                        await connection.execute(row.values(value="1"))
                        if key == keys[0]:
                            await both.wait()
            except Unavailable:
                return False
            return True

        both = asyncio.Barrier(2)
        done = await asyncio.gather(crosses(one, "ab", both), crosses(other, "ba", both))
        assert sorted(done) == [False, True]


async def test_what_is_too_long_or_cannot_be_written_is_a_fault_of_ours(
    postgresql_database: str,
) -> None:
    async with opened(postgresql_database) as db:
        for value in ("x" * 201, "a\0b"):
            with pytest.raises(DBAPIError):
                await write(db, value)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql://u:p@h:5433/d", "postgresql+asyncpg://u:p@h:5433/d"),
        ("postgresql+asyncpg://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgres://u:p@h/d?sslmode=require", "postgresql+asyncpg://u:p@h/d?ssl=require"),
    ],
)
def test_a_url_is_taken_as_hosters_give_it(given: str, wanted: str) -> None:
    assert postgres.normalized(make_url(given)) == make_url(wanted)


# --- durability ----------------------------------------------------------------------------------


async def test_what_a_server_makes_of_a_commit_is_told(
    postgresql_database: str, careful_database: str
) -> None:
    for url, fsync in ((postgresql_database, "off"), (careful_database, "on")):
        async with opened(url) as db:
            found = await schema.durability(db)
        assert (found["synchronous_commit"], found["fsync"]) == ("on", fsync)


# --- one bot -------------------------------------------------------------------------------------


async def test_a_second_pump_is_refused_until_the_first_lets_go(postgresql_database: str) -> None:
    first, second = InstanceLock(postgresql_database), InstanceLock(postgresql_database)
    try:
        await first.take()
        await first.take()
        with pytest.raises(AlreadyRunning):
            await second.take()
        await first.close()
        await second.take()
    finally:
        await first.close()
        await second.close()


async def test_a_start_waits_until_the_server_frees_the_lock_of_a_killed_bot(
    postgresql_database: str,
) -> None:
    first, second = InstanceLock(postgresql_database), InstanceLock(postgresql_database)
    try:
        await first.take()
        start = asyncio.create_task(second.take(AT_START))
        await asyncio.sleep(0.3)
        assert not start.done()
        await first.close()
        await asyncio.wait_for(start, AT_START)
    finally:
        await first.close()
        await second.close()


async def test_on_sqlite_the_files_lock_says_it_all(sqlite_database: str) -> None:
    lock, other = InstanceLock(sqlite_database), InstanceLock(sqlite_database)
    await lock.take()
    await other.take()
    with pytest.raises(TimeoutError):  # it keeps on looking at the file
        async with asyncio.timeout(0.05):
            await lock.keep()
    await lock.close()
    await other.close()


@pytest.fixture
def watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Locks are looked at all the time."""
    monkeypatch.setattr("storage.engine.instance_lock._EVERY", 0.02)


@pytest.mark.usefixtures("watchful")
async def test_after_a_restart_the_lock_is_taken_again(
    careful_server: Server, careful_database: str
) -> None:
    first, second = InstanceLock(careful_database), InstanceLock(careful_database)
    await first.take()
    keeping = asyncio.create_task(first.keep())
    try:
        careful_server.die()
        await asyncio.sleep(0.2)
        careful_server.start()
        await asyncio.sleep(0.5)
        assert not keeping.done()
        with pytest.raises(AlreadyRunning):
            await second.take()
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await first.close()
        await second.close()


@pytest.mark.usefixtures("watchful")
async def test_who_finds_another_pump_after_a_restart_stops(
    careful_server: Server, careful_database: str
) -> None:
    first, second = InstanceLock(careful_database), InstanceLock(careful_database)
    await first.take()
    try:
        careful_server.restart()
        await second.take()
        with pytest.raises(AlreadyRunning):
            await first.keep()
    finally:
        await first.close()
        await second.close()
