"""The sandbox of ``make run`` has a token of its own: no other program is taken for the bot."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from bot.core.settings import SANDBOX_TOKEN
from tests.browser.started import started

pytestmark = pytest.mark.row("B22")


def test_the_well_known_token_opens_nothing(tmp_path: Path) -> None:
    with started(tmp_path, 8117) as address:
        answer = httpx.get(f"{address}/bot{SANDBOX_TOKEN}/getUpdates")
        assert answer.status_code == 401
        (people,) = [httpx.get(f"{address}/sandbox/people").json()]
        assert people, "the page and its people are there"
