"""The chain over a long audit takes linear time, and memory that does not grow."""

from __future__ import annotations

import tracemalloc
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import perf_counter
from typing import TypeVar

import pytest

from storage.audit.chain import AT_ONCE, Chain
from storage.engine.database import Database
from tests.storage.audit_entries import LATER, action, inspected, note
from tests.storage.process import keyring

pytestmark = [pytest.mark.row("B13"), pytest.mark.measured]

ROWS = 100_000
MEGABYTES = 30
"""The limit for a run of ``AT_ONCE`` rows and their seals, with room."""
T = TypeVar("T")


async def timed(work: Callable[[], Awaitable[T]]) -> tuple[float, T]:
    """The seconds that something takes, and what comes of it."""
    began = perf_counter()
    made = await work()
    return perf_counter() - began, made


async def test_a_long_audit_is_sealed_and_inspected_in_little_memory(db: Database) -> None:
    for first in range(0, ROWS, AT_ONCE):
        await note(db, (action(64 * n) for n in range(first + 1, first + AT_ONCE + 1)))
    made = Chain(db, keyring())
    tracemalloc.start()  # which slows everything down: so for the first runs only
    await made.seal(LATER)
    sealing = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.reset_peak()
    await inspected(db)  # several pieces of it
    inspecting = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    runs = [(await timed(lambda: made.seal(LATER)))[0] for _ in range(ROWS // AT_ONCE - 1)]
    over_all = (await timed(lambda: made.seal(LATER + timedelta(hours=2))))[0]
    ticks = [(await timed(lambda: made.seal(LATER + timedelta(hours=2))))[0] for _ in range(20)]
    took, found = await timed(lambda: inspected(db))
    assert (found.head.seq, found.unsealed, found.broken) == (ROWS, 0, None)
    print(
        f"{ROWS} rows: sealed at {1e6 * sum(runs) / (len(runs) * AT_ONCE):.0f} µs a row"
        f" (longest run {max(runs):.2f} s), inspected in {took:.1f} s;"
        f" a look over everything {1e3 * over_all:.0f} ms, a tick with nothing new"
        f" {1e3 * max(ticks):.1f} ms at most; peak {sealing:.1f} MB sealing,"
        f" {inspecting:.1f} MB inspecting"
    )
    assert sealing < MEGABYTES
    assert inspecting < MEGABYTES
