"""The audit from the outside: told to an administrator, checked beside the bot, tampered with."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.cli import audit
from tests.databases import opened
from tests.e2e import scenes
from tests.e2e.bot import FAST, Harness, open_harness
from tests.e2e.person import Person

pytestmark = pytest.mark.row("B13")

OFTEN = replace(FAST, tick_seconds=0.1)
HEAD = re.compile(r"\d+:[0-9a-f]{64}")


@pytest.fixture
async def harness(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Harness]:
    """A bot whose clock ticks often, and a terminal beside it."""
    async with open_harness(tmp_path, database) as harness:
        monkeypatch.setattr("bot.cli.audit.load_settings", lambda: harness.settings)
        await harness.starts(options=OFTEN)
        yield harness


async def verified(head: str = "") -> int:
    """How ``audit verify`` ends, in a process beside the bot's."""
    return await asyncio.to_thread(partial(audit.verify, head=head))


async def seals_anew_after(harness: Harness, statement: str) -> None:
    """Somebody with the database changes the audit and removes the chain; the bot seals again."""
    await harness.stops()
    async with opened(harness.settings.database) as db, db.write() as connection:
        await connection.execute(text("DELETE FROM heads"))
        await connection.execute(text("DELETE FROM seals"))
        await connection.execute(text(statement))
    await harness.starts()
    await harness.bot.scheduler.tick()


@pytest.mark.both_databases
async def test_the_head_that_an_administrator_was_told_witnesses_the_audit(
    ling: Person, admin: Person, harness: Harness
) -> None:
    await scenes.meets_the_bot(ling)
    await scenes.meets_the_bot(admin)
    await admin.says("/clock +1h")
    await admin.sees("2025年12月2日（周二）10:")
    message = await admin.sees("操作记录封存 · 2025年12月2日", "请不要删除这条消息")
    found = HEAD.search(message.text)
    assert found is not None
    assert "刘玲" not in message.text
    assert await verified(found[0]) == 0
    await scenes.gives_the_account(ling)
    await scenes.locks_the_account(ling)
    assert await verified(found[0]) == 0, "what was done since does not matter to it"
    await seals_anew_after(harness, "UPDATE audit SET actor = 1002 WHERE actor = 1001")
    assert await verified() == 1, "an entry that was changed without the keys is named"
    await seals_anew_after(harness, "DELETE FROM audit WHERE actor = 1002")
    assert await verified() == 0, "sealed anew by the bot itself, it looks sound from the inside"
    assert await verified(found[0]) == 1


async def test_who_is_erased_stays_in_the_audit_as_a_number(
    ling: Person, admin: Person, harness: Harness
) -> None:
    await scenes.meets_the_bot(admin)
    await scenes.meets_the_bot(ling)
    await scenes.gives_the_account(ling)
    await scenes.locks_the_account(ling)
    await ling.says("/erase")
    await ling.sees("要删除您的全部信息吗")
    await ling.presses("是，删除我的全部信息")
    await ling.sees("已经删除")
    await admin.says("/clock +1h")
    message = await admin.sees("操作记录封存")
    found = HEAD.search(message.text)
    assert found is not None
    assert await verified(found[0]) == 0
