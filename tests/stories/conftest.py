"""A bot and a sandbox for each story, and Ling, who is registering."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.databases import KINDS, SQLITE
from tests.stage.machines import Hasty
from tests.stage.person import Person
from tests.stage.play import FAST, Stage, playing


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A story that depends on the database is told once on each."""
    if metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("kind", KINDS)


@pytest.fixture
def kind() -> str:
    """All other stories are told on SQLite; ``tests/conftest.py`` says which are which."""
    return SQLITE


@pytest.fixture
async def stage(tmp_path: Path, database: str) -> AsyncIterator[Stage]:
    """A sandbox with a bot that runs."""
    async with playing(tmp_path, database) as stage:
        await stage.starts()
        yield stage


@pytest.fixture
def hasty() -> Hasty:
    """A machine that does not make a story wait."""
    return Hasty()


@pytest.fixture
async def quick(tmp_path: Path, database: str, hasty: Hasty) -> AsyncIterator[Stage]:
    """A sandbox with a bot whose retries take no time."""
    async with playing(tmp_path, database) as stage:
        await stage.starts(options=replace(FAST, monotonic=hasty))
        yield stage


@pytest.fixture
def ling(stage: Stage) -> Person:
    """A candidate."""
    return stage.person("ling")


@pytest.fixture
def chen(stage: Stage) -> Person:
    """Another candidate."""
    return stage.person("chen")


@pytest.fixture
def admin(stage: Stage) -> Person:
    """The sandbox's administrator."""
    return stage.person("admin")
