"""The doctor finds what would stop a start or endanger data, and says the remedy."""

from __future__ import annotations

import base64
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from aiohttp import web

import bot
from bot.core.settings import Settings
from bot.media import media_worker
from bot.ops import doctor
from storage.engine import installation, schema
from storage.engine.database import Database
from storage.engine.encryption import Keyring, generate
from tests.bot.people import TRANSLATIONS
from tests.databases import opened
from tests.fakes.telegram_server import FakeTelegramServer, refuses, says, serving

TOKEN = "4242:a-token"
ME = {"id": 4242, "is_bot": True, "first_name": "Baoming", "username": "baoming_bot"}


def keys(first: bytes = b"l") -> str:
    encoded = [base64.b64encode(letter * 32).decode() for letter in (first, b"s")]
    return f"lookup:{encoded[0]},k1:{encoded[1]}"


def settings(folder: Path, **known: Any) -> Settings:
    return Settings(_env_file=None, data_dir=folder, **known)  # type: ignore[call-arg]


async def found(known: Settings) -> dict[str, bool]:
    """By key, whether it is fine; every finding has words in both languages."""
    findings = await doctor.examine(known)
    for finding in findings:
        for locale in TRANSLATIONS.locales:
            assert TRANSLATIONS.label(finding.text, locale)
    return {finding.text.key: finding.fine for finding in findings}


@asynccontextmanager
async def telegram(*answers: Any) -> AsyncIterator[FakeTelegramServer]:
    async with serving(*(answers or (says(ME),))) as (_, made):
        yield made


async def migrated(known: Settings) -> None:
    """A database of this version, bound to its keys."""
    known.folder.mkdir(parents=True, exist_ok=True)
    db = Database(known.database)
    try:
        await schema.migrate(db)
        if known.secret_keys:
            await installation.bind_keys(db, Keyring.parse(known.secret_keys))
    finally:
        await db.close()


async def test_a_sound_installation(tmp_path: Path) -> None:
    async with telegram() as line:
        known = settings(tmp_path, bot_token=TOKEN, bot_api_url=line.address, secret_keys=keys())
        await migrated(known)
        assert await found(known) == {
            "doctor-exam-sample": False,
            "doctor-disk": True,
            "doctor-private": True,
            "doctor-media": True,
            "doctor-schema": True,
            "doctor-keys": True,
            "doctor-writable": True,
            "doctor-telegram": True,
            "doctor-waiting": True,
        }


async def test_a_sandbox_asks_nobody_on_the_network(tmp_path: Path) -> None:
    known = settings(tmp_path)
    await migrated(known)
    known.keys_file.write_text(generate())
    known.keys_file.chmod(0o600)
    assert await found(known) == {
        "doctor-exam": True,
        "doctor-disk": True,
        "doctor-private": True,
        "doctor-media": True,
        "doctor-schema": True,
        "doctor-keys": True,
        "doctor-writable": True,
    }


async def test_a_database_that_somebody_locks_is_not_called_well(tmp_path: Path) -> None:
    known = settings(tmp_path, bot_token="", secret_keys=keys())
    await migrated(known)
    assert known.database_file is not None
    with closing(sqlite3.connect(known.database_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        findings = await doctor.examine(known)
    (bad,) = [one.text for one in findings if not one.fine]
    assert (bad.key, bad.args["cause"]) == ("doctor-data-bad", "locked")
    assert "fuser" in TRANSLATIONS.label(bad, "en")


async def test_a_file_that_cannot_be_read_stops_no_other_check(tmp_path: Path) -> None:
    known = settings(tmp_path)
    await migrated(known)
    known.keys_file.mkdir(mode=0o700)  # root reads whatever has only a wrong mode
    seen = await found(known)
    assert seen["file-trouble"] is False
    assert {"doctor-exam", "doctor-disk", "doctor-media"} <= seen.keys()


async def test_before_the_first_start(tmp_path: Path) -> None:
    seen = await found(settings(tmp_path / "not/there/yet"))
    assert seen == {
        "doctor-exam": True,
        "doctor-disk": True,
        "doctor-media": True,
        "doctor-no-database": True,
    }


async def test_keys_that_are_gone_while_there_are_data(tmp_path: Path) -> None:
    known = settings(tmp_path)
    known.folder.mkdir(parents=True)
    async with opened(known.database) as db:
        await schema.migrate(db)
    seen = await found(known)
    assert seen["doctor-keys-bad"] is False
    assert "doctor-no-database" not in seen


@pytest.mark.parametrize("exists", [True, False])
async def test_a_database_that_was_not_made_yet(tmp_path: Path, exists: bool) -> None:
    async with telegram() as line:
        known = settings(tmp_path, bot_token=TOKEN, bot_api_url=line.address, secret_keys=keys())
        if exists:
            known.folder.mkdir(parents=True)
        seen = await found(known)
        assert seen["doctor-no-database"] is True
        assert "doctor-keys" not in seen
        # Looking must not be making.
        assert not known.folder.exists() or not list(known.folder.iterdir())


async def test_an_empty_database_needs_no_keys_yet(tmp_path: Path) -> None:
    known = settings(tmp_path)
    assert known.database_file is not None
    known.folder.mkdir(parents=True)
    known.database_file.touch()  # as createdb leaves one on PostgreSQL
    seen = await found(known)
    assert seen["doctor-empty"] is True
    assert not {"doctor-keys-bad", "doctor-schema"} & seen.keys()


async def test_a_database_of_the_version_before_is_not_looked_into(tmp_path: Path) -> None:
    known = settings(tmp_path)
    await migrated(known)
    known.keys_file.write_text(generate())
    known.keys_file.chmod(0o600)
    db = Database(known.database)
    await schema.migrate(db, "0001")
    await db.close()
    findings = await doctor.examine(known)
    (old,) = [finding for finding in findings if finding.text.key == "doctor-schema"]
    assert not old.fine
    assert (old.text.args["present"], old.text.args["wanted"]) == ("0001", schema.WANTED)
    assert not {"doctor-keys", "doctor-data-bad"} & {one.text.key for one in findings}


async def test_keys_of_another_database_are_found(tmp_path: Path) -> None:
    async with telegram() as line:
        known = settings(tmp_path, bot_token=TOKEN, bot_api_url=line.address, secret_keys=keys())
        await migrated(known)
        other = known.model_copy(update={"secret_keys": keys(b"x")})
        seen = await found(other)
        assert seen["keys-foreign"] is False
        assert (await found(known))["doctor-keys"] is True


async def test_keys_that_lie_beside_the_data_are_a_danger(tmp_path: Path) -> None:
    async with telegram() as line:
        known = settings(tmp_path, bot_token=TOKEN, bot_api_url=line.address)
        await migrated(known)
        known.keys_file.write_text(generate())
        known.keys_file.chmod(0o600)
        assert (await found(known))["doctor-keys-beside"] is False
        known.keys_file.chmod(0o644)
        assert (await found(known))["doctor-keys-bad"] is False


async def test_an_exam_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    findings = await doctor.examine(settings(tmp_path, exam="health-1999"))
    (bad,) = [finding for finding in findings if finding.text.key == "doctor-exam-bad"]
    assert not bad.fine
    assert "health-1999" in TRANSLATIONS.label(bad.text, "en")


async def test_each_mistake_of_an_exam_has_its_line(tmp_path: Path) -> None:
    shutil.copytree(Path(bot.__file__).parent / "exams" / "health-2026", tmp_path / "exam")
    file = tmp_path / "exam" / "exam.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("year = 2026", "year = 1999\ncolour = 1"), "utf-8")
    findings = await doctor.examine(settings(tmp_path, exam=str(tmp_path / "exam")))
    bad = [one.text for one in findings if one.text.key == "doctor-exam-bad"]
    assert [TRANSLATIONS.plain(text, "zh-CN") for text in bad] == [
        "考试定义有误：year：1999 太小，不能小于 2020。",
        "考试定义有误：colour：没有叫这个名字的项。请检查拼写；不需要就删掉。",
    ]


@pytest.mark.parametrize(
    ("code", "words", "remedy"),
    [(401, "Unauthorized", "@BotFather"), (502, "Bad Gateway", "TELEGRAM_PROXY")],
)
async def test_a_telegram_that_refuses_is_said_without_the_token(
    tmp_path: Path, code: int, words: str, remedy: str
) -> None:
    async with telegram(refuses(code, words)) as line:
        known = settings(tmp_path, bot_token=TOKEN, bot_api_url=line.address, secret_keys=keys())
        findings = await doctor.examine(known)
    last = findings[-1]
    assert (last.text.key, last.fine) == ("doctor-telegram-bad", False)
    assert "a-token" not in TRANSLATIONS.label(last.text, "en")
    assert remedy in TRANSLATIONS.label(last.text, "en")


@pytest.mark.parametrize("http_client", ["pool", "aiohttp"])
async def test_a_clock_that_is_not_telegrams_is_said(tmp_path: Path, http_client: str) -> None:
    async def yesterday(request: web.Request) -> web.StreamResponse:
        answer = await says(ME)(request)
        answer.headers["Date"] = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
        return answer

    async with telegram(yesterday) as line:
        known = settings(tmp_path, bot_token=TOKEN, bot_api_url=line.address, secret_keys=keys())
        known = known.model_copy(update={"http_client": http_client})
        findings = await doctor.examine(known)
    (wrong,) = [finding for finding in findings if finding.text.key == "doctor-clock"]
    assert not wrong.fine
    assert wrong.text.args["minutes"] == "+1440"
    assert "timedatectl" in TRANSLATIONS.label(wrong.text, "en")


OURS = "https://bot.example.org/telegram"
FAILED = {"last_error_message": "Connection timed out", "last_error_date": 1764637200}


@pytest.mark.parametrize(
    ("configured", "info", "said"),
    [
        ("", {"url": ""}, {"doctor-waiting": True}),
        ("", {"url": OURS}, {"doctor-webhook-set": False, "doctor-waiting": True}),
        (OURS, {"url": OURS}, {"doctor-waiting": True}),
        (OURS, {"url": ""}, {"doctor-webhook-missing": True, "doctor-waiting": True}),
        (
            OURS,
            {"url": "https://other.example.org/a-secret", "pending_update_count": 101},
            {"doctor-webhook-other": False, "doctor-waiting": False},
        ),
        (OURS, {"url": OURS, **FAILED}, {"doctor-webhook-error": False, "doctor-waiting": True}),
    ],
    ids=["polled", "polled, but set", "called", "called, not set", "another's", "failing"],
)
async def test_how_telegram_brings_the_updates(
    tmp_path: Path, configured: str, info: dict[str, Any], said: dict[str, bool]
) -> None:
    async with telegram(says(ME), says(info)) as line:
        known = settings(
            tmp_path,
            bot_token=TOKEN,
            bot_api_url=line.address,
            secret_keys=keys(),
            webhook_url=configured,
        )
        findings = await doctor.examine(known)
    first = [f.text.key for f in findings].index("doctor-telegram")
    told = {f.text.key: f.fine for f in findings[first + 1 :]}
    assert told == said
    assert not any("a-secret" in TRANSLATIONS.label(f.text, "en") for f in findings)


async def on_postgres(tmp_path: Path, url: str) -> list[doctor.Finding]:
    """Return the findings about an installation on this database, without those about Telegram."""
    async with telegram() as line:
        known = settings(tmp_path, bot_token=TOKEN, bot_api_url=line.address, secret_keys=keys())
        known = known.model_copy(update={"database_url": url})
        return await doctor.examine(known)


async def test_a_server_that_would_lose_data_is_an_alarm(
    tmp_path: Path, postgresql_database: str, careful_database: str
) -> None:
    careless = {f.text.key: f for f in await on_postgres(tmp_path, postgresql_database)}
    assert not careless["doctor-server-unsafe"].fine
    assert "fsync" in TRANSLATIONS.label(careless["doctor-server-unsafe"].text, "en")
    assert careless["doctor-schema"].fine
    assert careless["doctor-keys"].fine
    careful = {f.text.key: f for f in await on_postgres(tmp_path, careful_database)}
    for locale in TRANSLATIONS.locales:
        assert "synchronous_commit=on" in TRANSLATIONS.label(careful["doctor-server"].text, locale)


async def test_a_server_that_is_not_there_is_said_without_the_password(tmp_path: Path) -> None:
    nowhere = "postgresql://baoming:a-secret@127.0.0.1:1/baoming"
    findings = await on_postgres(tmp_path, nowhere)
    (bad,) = [finding for finding in findings if finding.text.key == "doctor-data-bad"]
    assert not bad.fine
    assert "ConnectionRefused" in TRANSLATIONS.label(bad.text, "en")
    assert not any("a-secret" in TRANSLATIONS.label(finding.text, "en") for finding in findings)


async def test_a_disk_that_is_nearly_full_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "LOW_DISK", 10**18)
    assert (await found(settings(tmp_path)))["doctor-disk"] is False
    (low,) = [f for f in await doctor.examine(settings(tmp_path)) if f.text.key == "doctor-disk"]
    assert "Free some space" in TRANSLATIONS.label(low.text, "en")


@pytest.mark.parametrize(
    ("codes", "missed"),
    [
        (("atlantis", "", "", ""), "atlantis"),
        (("qinghai", "nowhere", "", ""), "qinghai/nowhere"),
        (("tianjin", "heping", "gone", ""), "tianjin/heping/gone"),
        (("qinghai", "xining", "", "999"), "catalogue/999"),
        (("qinghai", "xining", "", ""), ""),
        (("tianjin", "heping", "heping-1", "203"), ""),
        (("", "", "", ""), ""),
    ],
)
async def test_codes_that_an_application_still_uses_are_missed(
    tmp_path: Path, codes: tuple[str, ...], missed: str
) -> None:
    known = settings(tmp_path, secret_keys=keys())
    await migrated(known)
    with closing(sqlite3.connect(tmp_path / "sandbox" / "bot.sqlite3")) as db:
        db.execute(
            "INSERT INTO people (id, bot_id, telegram_id, locale, consent, wants_opening)"
            " VALUES (1, 4242, 1001, 'en', '', 0)"
        )
        db.execute(
            "INSERT INTO applications"
            " (id, person_id, exam, area, site, point, specialty, stage, agreed, form_version,"
            " revision) VALUES (2, 1, 'health-2026', ?, ?, ?, ?, 'draft', '', 2, 0)",
            codes,
        )
        db.commit()
    dropped = [f for f in await doctor.examine(known) if f.text.key == "doctor-dropped-codes"]
    told = [(finding.fine, finding.text.args["codes"]) for finding in dropped]
    assert told == ([(False, missed)] if missed else [])
    for finding in dropped:
        for locale, word in (("zh-CN", "报名点或专业"), ("en", "points or specialties")):
            said = TRANSLATIONS.label(finding.text, locale)
            assert missed in said
            assert word in said


async def test_a_media_worker_that_does_not_start_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_worker, "_ROOT", Path("/nowhere"))
    assert (await found(settings(tmp_path)))["doctor-media-bad"] is False


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o700])
async def test_a_folder_that_others_can_read_is_named(mode: int) -> None:
    with TemporaryDirectory() as made:
        os.chmod(made, 0o755)
        known = settings(Path(made))
        await migrated(known)
        os.chmod(known.folder, mode)
        findings = await found(known)
    assert findings.get("doctor-private" if mode == 0o700 else "doctor-exposed") is (mode == 0o700)
