"""One process pool for all crash tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.process_pool import ProcessPool, open_process_pool


@pytest.fixture(scope="session")
def process_pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessPool]:
    """A process that forks bots and sandboxes off itself."""
    with open_process_pool(tmp_path_factory.mktemp("pool") / "log") as process_pool:
        yield process_pool
