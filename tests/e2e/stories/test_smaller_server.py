"""Somebody's own small server of the Bot API, which knows five methods only."""

from __future__ import annotations

from pathlib import Path

from storage.engine.tables import OutboxState
from tests.e2e import scenes
from tests.e2e.bot import open_harness
from tests.e2e.db_asserts import database_summary

FIVE = frozenset({"getMe", "getUpdates", "sendMessage", "editMessageText", "answerCallbackQuery"})


async def test_a_person_is_served_by_five_methods(tmp_path: Path, database: str) -> None:
    async with open_harness(tmp_path, database, methods=FIVE) as harness:
        await harness.starts()
        ling = harness.person("ling")
        await scenes.meets_the_bot(ling)
        await scenes.gives_the_account(ling)
        await scenes.locks_the_account(ling)
        await scenes.chooses(ling)
        await ling.says("/help")
        await ling.sees("怎么用")
        await harness.settles()
        # What it cannot do (take messages out of the chat) ends as refused and blocks nothing.
        assert (await database_summary(harness.settings)).outbox[OutboxState.FAILED] == 2
