"""The name of an invited person, as the administrator reads it, is no other account's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from states.staff_roles import CLI_ACCOUNT, Invite, Role, Scope
from storage.staff.access import invites
from tests.fakes.committing_router import CommittingRouter, committing_router
from tests.fakes.router import KEYRING, says
from tests.handlers.people import BOT, OPEN

pytestmark = pytest.mark.row("C6")

CHEN = 1002
PAYLOAD = f"{invites.PREFIX}abc"


@pytest_asyncio.fixture
async def router(tmp_path: Path) -> AsyncIterator[CommittingRouter]:
    """An invitation waits for somebody."""
    async with committing_router(tmp_path) as made:
        scope = Scope("qinghai", "xining")
        until = OPEN + timedelta(days=1)
        invite = Invite(77, BOT, Role.SITE_REVIEWER, scope, CLI_ACCOUNT, OPEN, until)
        async with made.db.write() as connection:
            await invites.make(connection, KEYRING, invite, PAYLOAD)
        yield made


@pytest.mark.parametrize(
    ("name", "username", "shown"),
    [
        ("陈航", "chen", "陈航 (@chen)"),
        ("周岚 (@admin)", None, "周岚 (admin)"),
        ("周岚 (＠admin)", "chen", "周岚 (admin) (@chen)"),
        ("\u202e陈航", None, "陈航"),
    ],
)
async def test_only_telegram_says_an_account(
    router: CommittingRouter, name: str, username: str | None, shown: str
) -> None:
    update: dict[str, Any] = says(OPEN, f"/start {PAYLOAD}", CHEN)
    update["message"]["from"] |= {"first_name": name} | ({"username": username} if username else {})
    await router.sends(update)
    async with router.db.read() as connection:
        opened = await invites.of_id(connection, KEYRING, 77)
    assert opened is not None
    assert opened.opened_name == shown
