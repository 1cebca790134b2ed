"""What several files of this room's tests begin with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from states.state_groups import Materials
from storage.engine import schema
from storage.engine.database import Database
from tests.bot.desk import Desk
from tests.bot.post_office import Office, opened


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Office]:
    """A sender with everything around it."""
    async with opened(tmp_path) as made:
        yield made


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A preparer, and Ling who is about to send a paper."""
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'bot.sqlite3'}")
    await schema.migrate(db)
    made = Desk(db, tmp_path / "blobs")
    await made.knows()
    await made.stands(Materials.adding)
    yield made
    await db.close()
