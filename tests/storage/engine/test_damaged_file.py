"""A file of a database that is damaged: one sentence at the start, and no waiting for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.core.open_storage import open_storage
from bot.core.settings import Refused
from bot.ops import doctor
from storage.engine.database import Damaged, Database
from tests.e2e import bot_settings
from tests.factories import EXAM

pytestmark = pytest.mark.row("C2")

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "another file": lambda content: b"%PDF-1.7 " * 1_000,
    "a file that was cut off": lambda content: content[:8_192],
    "a hole in the middle": lambda content: content[:20_000] + b"\xff" * 20_000 + content[40_000:],
}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_start_on_a_damaged_file_is_refused_with_the_remedy(
    tmp_path: Path, damage: str
) -> None:
    settings = bot_settings.at(tmp_path, "")
    async with open_storage(settings, EXAM):
        pass
    file = settings.database_file
    assert file is not None
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    with pytest.raises(Refused) as refused:
        async with open_storage(settings, EXAM):
            pytest.fail("started")
    assert refused.value.text.key == "doctor-data-damaged"
    found = [one.text.key for one in await doctor.examine(settings) if not one.fine]
    assert "doctor-data-damaged" in found


async def test_a_file_that_is_damaged_under_the_bot_is_no_passing_trouble(tmp_path: Path) -> None:
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'bot.sqlite3'}")
    (tmp_path / "bot.sqlite3").write_bytes(b"garbage " * 1_000)
    with pytest.raises(Damaged):
        async with db.write() as connection:
            await connection.execute(text("SELECT 1"))
    await db.close()


async def test_what_is_deleted_is_overwritten_however_sqlite_was_built(tmp_path: Path) -> None:
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'bot.sqlite3'}")
    for open_one in (db.write, db.read, db.read_autocommit):
        async with open_one() as connection:
            assert (await connection.execute(text("PRAGMA secure_delete"))).scalar_one() == 1
    await db.close()


async def test_all_that_a_start_makes_belongs_to_its_user_alone(tmp_path: Path) -> None:
    settings = bot_settings.at(tmp_path / "data", "")
    settings.folder.mkdir(parents=True, mode=0o755)
    async with open_storage(settings, EXAM):
        assert settings.folder.stat().st_mode & 0o777 == 0o700
