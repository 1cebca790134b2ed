"""A short storm on each database; ``tests.crash.storm`` runs for an hour."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.storm import storm
from tests.e2e.process_pool import ProcessPool

SECONDS = 12


@pytest.mark.row("B13", "B28")
async def test_a_short_storm_loses_and_doubles_nothing(
    process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    done, faults = await storm(SECONDS, tmp_path / "data", database, process_pool, seed_number=7)
    assert faults == []
    assert done["kill"] >= 2
    assert done["flood"] > 0
    assert sum(done[kind] for kind in ("press", "text", "forge")) > 50
