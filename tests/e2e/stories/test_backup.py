"""A backup is made beside a running bot, and a story goes on from it in an empty folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import backup, keys
from bot.core import database
from bot.core.settings import Refused, Settings
from states.texts import Text
from storage.engine import installation, resealing
from storage.engine.encryption import Keyring
from tests.databases import opened
from tests.e2e import bot_settings, scenes
from tests.e2e.bot import Harness
from tests.e2e.person import Person
from tests.e2e.wait import until

pytestmark = pytest.mark.row("B28")


@dataclass(slots=True)
class Elsewhere:
    """An empty folder with the keys, and the backup of the running bot."""

    settings: Settings
    file: Path


@pytest.fixture
async def elsewhere(harness: Harness, ling: Person, chen: Person, tmp_path: Path) -> Elsewhere:
    """Ling has handed in, Chen is in the middle of the account; then a backup is made."""
    await scenes.registers(ling)
    await scenes.meets_the_bot(chen)
    settings = bot_settings.at(tmp_path / "elsewhere", "")
    settings.folder.mkdir(parents=True)
    shutil.copy(harness.settings.keys_file, settings.keys_file)
    file = tmp_path / "copy.baoming"
    await backup.write(harness.settings, file)
    return Elsewhere(settings, file)


@pytest.mark.both_databases
async def test_a_story_goes_on_from_a_backup(
    harness: Harness, ling: Person, chen: Person, elsewhere: Elsewhere
) -> None:
    await harness.stops()
    database.remember(elsewhere.settings)  # a bot has used it, before its data were lost
    await backup.restore(elsewhere.settings, elsewhere.file)
    harness.settings = elsewhere.settings
    await harness.starts()
    await chen.says("陈明")
    await chen.sees("用哪种证件报名")
    await ling.says("/status")
    await ling.sees("现场确认")
    await harness.settles()


@pytest.mark.both_databases
async def test_a_backup_is_whole_and_shows_nothing(elsewhere: Elsewhere) -> None:
    texts, is_sound = await backup.verify(elsewhere.settings, elsewhere.file)
    assert is_sound
    assert [text.key for text in texts] == ["cli-restore-verified"]
    assert int(str(texts[0].args["files"])) >= 2, "the photo and its portrait"
    content = elsewhere.file.read_bytes()
    assert scenes.NAME.encode() not in content
    assert scenes.NUMBER.encode() not in content
    assert elsewhere.file.stat().st_mode & 0o077 == 0


async def test_a_damaged_backup_restores_nothing_and_says_why(elsewhere: Elsewhere) -> None:
    whole = elsewhere.file.read_bytes()
    for place in (len(whole) // 2, len(whole) - 1, 40):
        changed = bytearray(whole)
        changed[place] ^= 1
        elsewhere.file.write_bytes(changed)
        with pytest.raises(Refused) as refused:
            await backup.restore(elsewhere.settings, elsewhere.file)
        assert refused.value.text.key == "cli-restore-broken"
    for cut in (len(whole) - 50, len(whole) // 3, 0):
        elsewhere.file.write_bytes(whole[:cut])
        with pytest.raises(Refused):
            await backup.restore(elsewhere.settings, elsewhere.file)
    elsewhere.file.write_bytes(whole)
    await backup.restore(elsewhere.settings, elsewhere.file)


async def test_nothing_is_restored_over_data_or_without_the_keys(
    harness: Harness, elsewhere: Elsewhere
) -> None:
    await harness.stops()
    with pytest.raises(Refused) as refused:
        await backup.restore(harness.settings, elsewhere.file)
    assert refused.value.text.key == "cli-restore-not-empty"
    elsewhere.settings.keys_file.unlink()
    Keyring.of_file(elsewhere.settings.keys_file, create=True)
    with pytest.raises(Refused) as refused:
        await backup.restore(elsewhere.settings, elsewhere.file)
    assert refused.value.text.key == "cli-restore-broken"
    reason = refused.value.text.args["reason"]
    assert isinstance(reason, Text)
    assert reason.key == "backup-first-part", "the keys may be wrong, and not the file"


@pytest.mark.both_databases
async def test_a_rotation_reseals_everything_while_people_go_on(
    harness: Harness, ling: Person, chen: Person
) -> None:
    await scenes.registers(ling)
    await scenes.meets_the_bot(chen)
    await keys.rotate_keys(harness.settings)
    await chen.says("陈明")
    await chen.sees("用哪种证件报名")

    async def is_through() -> bool:
        await harness.bot.scheduler.tick()
        keyring = Keyring.of_file(harness.settings.keys_file, create=False)
        async with opened(harness.settings.database) as db, db.read() as connection:
            known = await installation.known_keys(connection)
            return known == {"k2"} and await resealing.left(connection, keyring) == 0

    await until(is_through)
    lines = harness.settings.keys_file.read_text().splitlines()
    newest_alone = "\n".join(line for line in lines if not line.startswith("k1:"))
    harness.settings.keys_file.write_text(newest_alone)
    await harness.stops()
    await harness.starts()
    await chen.presses("居民身份证")
    await chen.sees("证件号码是多少")
    await ling.says("/profile")
    await ling.sees("刘玲")
