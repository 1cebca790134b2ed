"""The dispatcher without network, once a module."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.handlers.offline import Offline, offline


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def dispatching(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Offline]:
    """The real dispatcher over units in memory."""
    async with offline(tmp_path_factory.mktemp("offline")) as made:
        yield made
