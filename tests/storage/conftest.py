"""A migrated database for each test, copied from one that was migrated once."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage import schema
from storage.db import Database
from tests.storage.made import Office, opened, started


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of the present schema."""
    file = tmp_path_factory.mktemp("migrated") / "bot.db"
    async with opened(file) as db:
        await schema.migrate(db)
    return file


@pytest.fixture
def file(migrated: Path, tmp_path: Path) -> Path:
    """The test's own database file."""
    return Path(shutil.copy(migrated, tmp_path / "bot.db"))


@pytest_asyncio.fixture
async def db(file: Path) -> AsyncIterator[Database]:
    """The database that is tested."""
    async with opened(file) as database:
        yield database


@pytest_asyncio.fixture
async def second(file: Path) -> AsyncIterator[Database]:
    """The same database, opened a second time."""
    async with opened(file) as database:
        yield database


@pytest_asyncio.fixture
async def office(file: Path) -> AsyncIterator[Office]:
    """A process that has just started on the file."""
    async with started(file) as process:
        yield process
