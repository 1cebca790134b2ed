"""The attachment fetcher with its fakes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from states.fsm_states import Materials
from storage.engine import schema
from storage.engine.database import Database
from tests.fakes.attachments import AttachmentHarness


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[AttachmentHarness]:
    """An attachment fetcher; Ling has an account and is asked for a material."""
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'bot.sqlite3'}")
    await schema.migrate(db)
    made = AttachmentHarness(db, tmp_path / "blobs")
    await made.has_account()
    await made.is_in_state(Materials.adding)
    yield made
    await db.close()
