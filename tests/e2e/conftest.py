"""A bot and a sandbox for each story, and Ling, who is registering."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.databases import KINDS, SQLITE
from tests.e2e.bot import FAST, Harness, open_harness
from tests.e2e.person import Person
from tests.fakes.skipping_clock import SkippingClock


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A story that depends on the database is told once on each."""
    if metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("kind", KINDS)


@pytest.fixture
def kind() -> str:
    """All other stories are told on SQLite; ``tests/conftest.py`` says which are which."""
    return SQLITE


@pytest.fixture
async def harness(tmp_path: Path, database: str) -> AsyncIterator[Harness]:
    """A sandbox with a bot that runs."""
    async with open_harness(tmp_path, database) as harness:
        await harness.starts()
        yield harness


@pytest.fixture
def fast_clock() -> SkippingClock:
    """A machine that does not make a story wait."""
    return SkippingClock()


@pytest.fixture
async def fast_harness(
    tmp_path: Path, database: str, fast_clock: SkippingClock
) -> AsyncIterator[Harness]:
    """A sandbox with a bot whose retries take no time."""
    async with open_harness(tmp_path, database) as harness:
        await harness.starts(options=replace(FAST, monotonic=fast_clock))
        yield harness


@pytest.fixture
def ling(harness: Harness) -> Person:
    """A candidate."""
    return harness.person("ling")


@pytest.fixture
def chen(harness: Harness) -> Person:
    """Another candidate."""
    return harness.person("chen")


@pytest.fixture
def admin(harness: Harness) -> Person:
    """The sandbox's administrator."""
    return harness.person("admin")
