"""A process and a second one on the test's database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from storage.engine.database import Database
from tests.databases import opened
from tests.storage.process import StorageProcess, started_process


@pytest_asyncio.fixture
async def second_db(database: str) -> AsyncIterator[Database]:
    """The same database, opened a second time."""
    async with opened(database) as db:
        yield db


@pytest_asyncio.fixture
async def process(database: str) -> AsyncIterator[StorageProcess]:
    """A process that has just started on the database."""
    async with started_process(database) as process:
        yield process
