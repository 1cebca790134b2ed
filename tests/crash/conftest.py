"""One nursery for all crash tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stage.births import Nursery, nursing


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """A process that forks bots and sandboxes off itself."""
    with nursing(tmp_path_factory.mktemp("nursery") / "log") as nursery:
        yield nursery
