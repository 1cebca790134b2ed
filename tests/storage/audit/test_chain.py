"""The clock seals the audit: all of it, once, in an order that stays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit import chain
from storage.audit.chain import AGE, BEGINNING, FULL_SCAN_EVERY, Chain, ChainHead
from storage.audit.chain_verification import Break, Flaw
from storage.engine.database import Database, Unavailable
from storage.engine.encryption import Keyring
from tests.storage.audit_entries import (
    LATER,
    SECOND,
    action,
    broken,
    digests,
    forget,
    head,
    inspected,
    links,
    note,
    sealed,
)
from tests.storage.process import NOW, keyring

pytestmark = pytest.mark.row("B13")


async def test_deeds_are_sealed_in_the_order_of_their_ids(
    db: Database, second_db: Database
) -> None:
    await note(db, map(action, (192, 64, 128)))
    assert await Chain(db, keyring()).seal(LATER) == await head(second_db)
    assert await links(second_db) == [(1, 64), (2, 128), (3, 192)]
    found = await inspected(second_db)
    assert (found.head.seq, found.unsealed, found.broken) == (3, 0, None)


async def test_an_audit_without_deeds_has_no_head(db: Database) -> None:
    assert await Chain(db, keyring()).seal(LATER) is None
    assert (await inspected(db)).head == BEGINNING


async def test_a_deed_is_sealed_when_it_is_old_enough(db: Database) -> None:
    await note(db, [action(64)])
    made = Chain(db, keyring())
    assert await made.seal(NOW + AGE - SECOND) is None
    assert (await inspected(db)).unsealed == 1
    assert await made.seal(NOW + AGE) is not None
    assert (await inspected(db)).unsealed == 0


async def test_the_chain_goes_on_where_it_ended_also_after_a_restart(db: Database) -> None:
    await sealed(db, 3)
    before = await digests(db)
    await note(db, map(action, (256, 320)))
    await Chain(db, keyring()).seal(LATER)
    assert await links(db) == [(n, 64 * n) for n in range(1, 6)]
    assert (await digests(db))[:3] == before
    assert (await inspected(db)).broken is None


async def test_a_second_tick_does_nothing(db: Database) -> None:
    made = await sealed(db, 3)
    before = await head(db)
    for clock in (made, Chain(db, keyring())):
        assert await clock.seal(LATER) is None
    assert await head(db) == before


async def test_nobody_makes_a_seal_without_the_keys(db: Database) -> None:
    forger = Keyring(b"f" * 32, {"k1": b"s" * 32})
    await note(db, [action(64)], forger)
    assert await Chain(db, forger).seal(LATER) is not None
    assert await broken(db) == Break(Flaw.EDITED, 1, 64)


# --- what comes late -----------------------------------------------------------------------------


async def test_a_row_that_comes_late_is_sealed_after_the_others(db: Database) -> None:
    made = await sealed(db, 3)
    await note(db, [action(65)])
    assert await made.seal(LATER) is not None, "this look was an hour after the last, over all"
    assert await links(db) == [(1, 64), (2, 128), (3, 192), (4, 65)]
    assert (await inspected(db)).broken is None


async def test_between_two_looks_over_everything_only_new_ids_are_looked_at(db: Database) -> None:
    made = await sealed(db, 3)
    await note(db, [action(64 * 4)])
    await made.seal(LATER)
    await note(db, [action(65), action(64 * 5)])
    await made.seal(LATER + SECOND)
    assert (await inspected(db)).unsealed == 1
    await made.seal(LATER + FULL_SCAN_EVERY)
    assert await links(db) == [(1, 64), (2, 128), (3, 192), (4, 256), (5, 320), (6, 65)]


async def test_a_restart_finds_at_once_what_came_late(db: Database) -> None:
    made = await sealed(db, 3)
    await made.seal(LATER)
    await note(db, [action(65)])
    assert await made.seal(LATER + SECOND) is None
    assert await Chain(db, keyring()).seal(LATER + SECOND) is not None
    assert (await inspected(db)).unsealed == 0


async def test_rows_too_young_at_a_look_over_everything_are_not_passed_over(db: Database) -> None:
    """The act of the higher id may be the older one."""
    await note(db, [action(64, LATER), action(128)])
    made = Chain(db, keyring())
    await made.seal(LATER)
    assert await links(db) == [(1, 128)]
    await made.seal(LATER + AGE)
    assert await links(db) == [(1, 128), (2, 64)]


async def test_what_is_too_much_for_one_run_is_sealed_by_the_next_ones(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "AT_ONCE", 4)
    monkeypatch.setattr(chain, "_UNSEALED", chain._UNSEALED.limit(4))
    await note(db, (action(n) for n in range(1, 11)))
    made = Chain(db, keyring())
    sizes = []
    for run in range(4):
        await made.seal(LATER + run * SECOND)
        sizes.append(len(await links(db)))
    assert sizes == [4, 8, 10, 10]
    assert await links(db) == [(n, n) for n in range(1, 11)]


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    commits=st.lists(
        st.lists(st.integers(1, 500), unique=True, max_size=6), min_size=1, max_size=8
    ),
    restarts=st.sets(st.integers(0, 8)),
)
async def test_in_whatever_order_rows_are_committed_each_is_sealed_once(
    db: Database, commits: list[list[int]], restarts: set[int]
) -> None:
    await forget(db)
    made, known = Chain(db, keyring()), set[int]()
    for tick, ids in enumerate(commits):
        await note(db, [action(n) for n in ids if n not in known])
        known |= set(ids)
        if tick in restarts:
            made = Chain(db, keyring())
        await made.seal(LATER + tick * timedelta(minutes=20))
    await made.seal(LATER + timedelta(days=1))
    assert sorted(audit_id for _, audit_id in await links(db)) == sorted(known)
    found = await inspected(db)
    assert (found.head.seq, found.unsealed, found.broken) == (len(known), 0, None)


# --- several at once, and what it costs ----------------------------------------------------------


async def test_two_clocks_at_once_make_one_chain(db: Database, second_db: Database) -> None:
    """Two bots never run on one database; should they, the slower one leaves it or tries again."""
    clocks = [Chain(db, keyring()), Chain(second_db, keyring())]
    for round_ in range(10):
        await note(db, (action(1000 * round_ + n) for n in range(1, 21)))
        done = await asyncio.gather(*(one.seal(LATER) for one in clocks), return_exceptions=True)
        unexpected = [one for one in done if not isinstance(one, ChainHead | Unavailable | None)]
        assert unexpected == []
        assert any(isinstance(one, ChainHead) for one in done)
        assert len(await links(db)) == 20 * (round_ + 1)
    assert (await inspected(db)).broken is None


class Overtaken(Database):
    """A database on which somebody else is quicker with every transaction that writes."""

    def __init__(self, url: str, quicker: Chain) -> None:
        super().__init__(url)
        self._quicker = quicker

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        await self._quicker.seal(LATER)
        async with super().write() as connection:
            yield connection


async def test_a_clock_that_was_overtaken_leaves_it_at_that(db: Database, database: str) -> None:
    await note(db, [action(64)])
    slow = Overtaken(database, Chain(db, keyring()))
    try:
        assert await Chain(slow, keyring()).seal(LATER) is None
    finally:
        await slow.close()
    assert await links(db) == [(1, 64)]


@pytest.mark.parametrize("count", [0, 1, 300])
async def test_a_run_takes_few_statements_however_much_is_sealed(db: Database, count: int) -> None:
    made = await sealed(db, 3)
    if count:
        await note(db, (action(1000 + n) for n in range(count)))
    writes: list[str] = []

    def see(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        writes.append(statement.partition(" ")[0])

    event.listen(db.writer.sync_engine, "before_cursor_execute", see)
    try:
        await made.seal(LATER)
    finally:
        event.remove(db.writer.sync_engine, "before_cursor_execute", see)
    told = [verb for verb in writes if verb in ("SELECT", "INSERT", "UPDATE", "DELETE")]
    assert told == (["SELECT", "INSERT"] if count else [])
