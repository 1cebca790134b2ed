"""One rehearsal for all tests of the bench."""

from __future__ import annotations

import asyncio

import pytest

from tests.bench.rehearsal import Rehearsal, rehearse


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """The dialogue as our bot has it, and how durable that was."""
    return asyncio.run(rehearse(tmp_path_factory.mktemp("rehearsal")))
