"""The machine's clock is wrong: quick answers count all the same."""

from __future__ import annotations

from pathlib import Path
from time import time

import pytest

from bot.sandbox.world import World
from tests.e2e import scenes
from tests.e2e.bot import open_harness


@pytest.mark.parametrize("ahead", [90, -90], ids=["ahead", "behind"])
async def test_typed_answers_count_beside_a_wrong_clock(tmp_path: Path, ahead: int) -> None:
    world = World(None, pacing=False, clock=lambda: time() - ahead)
    async with open_harness(tmp_path, "", world) as harness:
        await harness.starts()
        ling = harness.person("ling")
        await scenes.meets_the_bot(ling)
        await scenes.gives_the_account(ling)
