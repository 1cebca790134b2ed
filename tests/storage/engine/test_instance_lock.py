"""One bot a database, and a SQLite file that is watched while the bot writes into it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from storage.engine import instance_lock
from storage.engine.instance_lock import (
    AlreadyRunning,
    DatabaseMoved,
    InstanceLock,
    lock_database,
)
from tests.databases import url_of

pytestmark = pytest.mark.row("C2")


@pytest.mark.parametrize("change", ["deleted", "moved", "replaced"])
async def test_a_file_that_is_no_longer_there_ends_the_bot(
    tmp_path: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance_lock, "_EVERY", 0.01)
    file = tmp_path / "bot.sqlite3"
    file.write_bytes(b"")
    lock = InstanceLock(url_of(file), file)
    keeping = asyncio.create_task(lock.keep())
    await asyncio.sleep(0.05)
    assert not keeping.done()
    if change == "deleted":
        file.unlink()
    else:
        file.rename(tmp_path / "elsewhere")
    if change == "replaced":
        file.write_bytes(b"")
    with pytest.raises(DatabaseMoved):
        await asyncio.wait_for(keeping, 5)
    await lock.close()


def test_two_data_folders_with_one_file_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "shared" / "bot.sqlite3"
    with lock_database(file), pytest.raises(AlreadyRunning), lock_database(file):
        pytest.fail("two bots on one file")
