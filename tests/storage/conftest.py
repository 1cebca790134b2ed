"""A process and a second one on the test's database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from storage.engine.database import Database
from tests.databases import opened
from tests.storage.made import Office, started


@pytest_asyncio.fixture
async def second(database: str) -> AsyncIterator[Database]:
    """The same database, opened a second time."""
    async with opened(database) as db:
        yield db


@pytest_asyncio.fixture
async def services(database: str) -> AsyncIterator[Office]:
    """A process that has just started on the database."""
    async with started(database) as process:
        yield process
