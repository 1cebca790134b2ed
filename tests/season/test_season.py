"""A small season in the default run: the promises about reminders hold over a whole calendar."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.rehearsal.results import reminded
from tests.season.season import play


@pytest.mark.row("B2", "S13")
async def test_a_hundred_candidates_are_reminded_as_promised(tmp_path: Path) -> None:
    season = await play(tmp_path, people=100, staff=12, step=timedelta(hours=2))
    assert season.faults == ()
    assert {duty for duty, _ in reminded(season)} >= {"draft", "visit", "payment", "ticket"}
    assert season.registered > 50
    assert sum(season.forfeited.values()) > 5
