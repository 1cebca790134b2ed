"""The dispatcher without network, once a module."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.fakes.router import OfflineRouter, offline_router


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def router(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OfflineRouter]:
    """The real dispatcher over units in memory."""
    async with offline_router(tmp_path_factory.mktemp("offline")) as made:
        yield made
