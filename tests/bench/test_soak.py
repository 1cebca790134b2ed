"""The soak: that it samples a bot that runs, and tells what grew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.bulk import chats
from tests.bench.rehearsal import Rehearsal
from tests.bench.soak import (
    DEARER,
    GROWTH_MB,
    ROWS,
    WAL_MB,
    Sample,
    faults,
    soaked,
)

pytestmark = pytest.mark.bench

CALM = Sample(
    10_000,
    500.0,
    cpu=0.5,
    memory=300.0,
    inbox=2_000,
    outbox=2_000,
    bulk=5_000,
    wal=4.0,
    database=10.0,
)


async def test_a_small_soak_samples_a_bot(rehearsal: Rehearsal, tmp_path: Path) -> None:
    script = rehearsal.script
    samples, counts = await soaked(tmp_path, script, updates=216, every=100, at_once=8, bulk=2_000)
    assert [sample.updates for sample in samples] == [100, 200]
    assert len(counts) == 2
    assert all(sample.memory > 50 for sample in samples)
    assert 0 < samples[0].inbox <= 108 + len(chats())
    assert 0 < samples[0].bulk < 2_000
    assert all(sample.cpu > 0 for sample in samples)
    assert [fault for fault in faults(samples) if "CPU" not in fault] == []


@pytest.mark.parametrize(
    ("grown", "what"),
    [
        (replace(CALM, cpu=CALM.cpu * DEARER + 0.1), "CPU"),
        (replace(CALM, memory=CALM.memory + GROWTH_MB + 1), "memory"),
        (replace(CALM, inbox=ROWS + 1), "inbox"),
        (replace(CALM, outbox=ROWS + 1), "outbox"),
        (replace(CALM, wal=WAL_MB + 1), "write-ahead log"),
    ],
)
def test_what_grew_is_told(grown: Sample, what: str) -> None:
    (fault,) = faults([CALM, CALM, CALM, grown])
    assert fault.startswith(f"✗ {what}")


def test_memory_may_grow_while_caches_fill() -> None:
    cold = replace(CALM, memory=100.0)
    assert faults([cold, CALM, CALM, CALM]) == []
