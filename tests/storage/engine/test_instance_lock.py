"""One bot a database, and a SQLite file that is watched while the bot writes into it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.core.database import KNOWN, open_database
from bot.core.open_storage import open_storage
from bot.core.runtime import BackgroundTasks
from bot.core.settings import Refused, Settings
from bot.ops import doctor
from storage.engine import instance_lock
from storage.engine.instance_lock import (
    AlreadyRunning,
    DatabaseMoved,
    InstanceLock,
    lock_database,
    lock_folder,
    locks_beside,
)
from tests.databases import opened, url_of
from tests.e2e import bot_settings
from tests.factories import EXAM

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


async def test_a_file_that_is_gone_explains_whatever_else_ends_the_bot(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    file.write_bytes(b"")
    lock, tasks = InstanceLock(url_of(file), file), BackgroundTasks()

    async def reads_a_new_empty_file() -> None:
        await asyncio.sleep(0.05)
        file.unlink()
        raise LookupError("no such table")

    with pytest.raises(DatabaseMoved, match="database-gone"):
        await tasks.run([lock.keep, reads_a_new_empty_file])
    await lock.close()


async def test_no_empty_database_takes_the_place_of_one_that_is_gone(tmp_path: Path) -> None:
    settings = bot_settings.at(tmp_path, "")
    async with open_storage(settings, EXAM):
        pass
    file = settings.database_file
    assert file is not None
    file.unlink()
    with pytest.raises(Refused, match="database-lost"):
        async with open_storage(settings, EXAM):
            pytest.fail("started")
    with pytest.raises(Refused, match="database-lost"):
        async with open_database(settings):
            pytest.fail("opened")
    assert "database-lost" in [one.text.key for one in await doctor.examine(settings)]
    assert not file.exists()
    lock, of_folder = locks_beside(file)
    lock.unlink()  # gone with ``rm bot.sqlite3*``
    with pytest.raises(Refused, match="database-lost"):
        async with open_storage(settings, EXAM):
            pytest.fail("started")
    of_folder.unlink()  # the operator wants to begin anew
    async with open_storage(settings, EXAM):
        assert file.exists()


async def test_an_empty_file_in_the_place_of_a_lost_one_is_not_begun_anew(tmp_path: Path) -> None:
    """A reader that connects before the bot has stopped makes such a file."""
    settings = bot_settings.at(tmp_path, "")
    async with open_storage(settings, EXAM):
        file = settings.database_file
        assert file is not None
        for ending in ("", "-wal", "-shm"):
            file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)
        async with opened(settings.database) as db, db.read() as connection:
            await connection.execute(text("SELECT 1"))
    assert file.exists()
    await _begins_only_once_the_note_is_gone(settings)


async def test_a_database_that_lost_its_data_is_not_begun_anew(
    tmp_path: Path, postgresql_bare: str
) -> None:
    """The server was set up anew, and its administrator has made the database again."""
    settings = bot_settings.at(tmp_path, postgresql_bare)
    async with open_storage(settings, EXAM):
        pass
    async with opened(postgresql_bare) as db, db.write() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await _begins_only_once_the_note_is_gone(settings)


async def _begins_only_once_the_note_is_gone(settings: Settings) -> None:
    for _ in range(2):  # the refused start has made the tables
        assert "database-emptied" in [one.text.key for one in await doctor.examine(settings)]
        with pytest.raises(Refused, match="database-emptied"):
            async with open_storage(settings, EXAM):
                pytest.fail("started")
    (settings.folder / KNOWN).unlink()  # the operator wants to begin anew
    for _ in range(2):
        async with open_storage(settings, EXAM):
            pass


def test_the_second_bot_learns_which_process_is_the_first(tmp_path: Path) -> None:
    with lock_folder(tmp_path), pytest.raises(AlreadyRunning) as refused, lock_folder(tmp_path):
        pytest.fail("two bots on one folder")
    assert refused.value.text.args["pid"] == str(os.getpid())


def test_two_data_folders_with_one_file_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "shared" / "bot.sqlite3"
    with lock_database(file), pytest.raises(AlreadyRunning), lock_database(file):
        pytest.fail("two bots on one file")
