"""The media worker dies under a candidate's file, and the candidate notices nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.media.media_worker import JobConnection
from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.person import Person


def strike(monkeypatch: pytest.MonkeyPatch, victim: Callable[[int], int], times: int) -> list[int]:
    """Kill a process at the first jobs, found by the id of the job's child; return the killed."""
    struck: list[int] = []
    send = JobConnection.send

    async def sends(connection: JobConnection, header: Mapping[str, Any], content: bytes) -> None:
        if len(struck) < times:
            assert connection.pid is not None
            struck.append(victim(connection.pid))
            os.kill(struck[-1], signal.SIGKILL)
        await send(connection, header, content)

    monkeypatch.setattr(JobConnection, "send", sends)
    return struck


def parent_of(pid: int) -> int:
    with open(f"/proc/{pid}/stat") as stat:
        return int(stat.read().rpartition(")")[2].split()[1])


@pytest.mark.both_databases
@pytest.mark.parametrize("victim", [lambda pid: pid, parent_of], ids=["child", "worker"])
async def test_a_file_whose_job_is_killed_is_prepared_all_the_same(
    ling: Person,
    harness: Harness,
    monkeypatch: pytest.MonkeyPatch,
    victim: Callable[[int], int],
) -> None:
    await scenes.comes_to_the_photo(ling)
    struck = strike(monkeypatch, victim, 1)
    await scenes.gives_the_photo(ling)
    assert len(struck) == 1
    await scenes.submits(ling)


@pytest.mark.both_databases
async def test_a_file_that_kills_each_job_is_told_and_nothing_else_is_lost(
    ling: Person, harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scenes.comes_to_the_photo(ling)
    struck = strike(monkeypatch, lambda pid: pid, 2)
    await ling.sends_file(scenes.PHOTO)
    await ling.sees("这张照片我们处理不了", "请再发一次")
    assert len(struck) == 2
    await scenes.gives_the_photo(ling)
    await scenes.submits(ling)
