"""The sender with its fakes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.sender import SenderHarness, sender_harness


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[SenderHarness]:
    """A sender with a fake Telegram and a fake outbox."""
    async with sender_harness(tmp_path) as made:
        yield made
