"""A process of the storage, for steps of the staff."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.storage.process import StorageProcess, started_process


@pytest_asyncio.fixture
async def process(database: str) -> AsyncIterator[StorageProcess]:
    """A process on the database."""
    async with started_process(database) as process:
        yield process
