"""A start or a command that is refused says the cause and the remedy, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.api.client import ApiError
from bot.app import refusal
from bot.core.database import DatabaseAway
from bot.ops.http_server import CannotListen
from states.texts import Text
from storage.engine import installation, instance_lock
from storage.engine.database import Damaged, Unavailable
from storage.engine.encryption import BadKeys, Keyring
from storage.engine.trouble_causes import Cause
from tests.bot.people import TRANSLATIONS

LOCK = {"pid": "7", "file": "/data/pump.lock"}
FILE = {"file": "/data/bot.sqlite3"}


def missing_keys() -> BadKeys:
    try:
        Keyring.of_file(Path("/nowhere/keys"), create=False)
    except BadKeys as error:
        return error
    raise AssertionError("made keys")


@pytest.mark.parametrize(
    ("error", "zh", "en"),
    [
        (ApiError(401, "Unauthorized"), "@BotFather", "@BotFather"),
        (instance_lock.AlreadyRunning(Text("running-already", LOCK)), "进程 7", "process 7"),
        (instance_lock.AlreadyRunning(Text("running-elsewhere")), "另一台机器", "another machine"),
        (instance_lock.DatabaseMoved(Text("database-gone", FILE)), "restore", "restore"),
        (instance_lock.DatabaseMoved(Text("database-replaced", FILE)), "放回原处", "in its place"),
        (installation.WrongKeys(Text("keys-foreign")), "SECRET_KEYS", "SECRET_KEYS"),
        (installation.WrongKeys(Text("keys-lacking", {"name": "k2"})), "k2", "k2"),
        (missing_keys(), "放回原处", "copy of the keys"),
        (Damaged("malformed"), "restore", "restore"),
        (Unavailable("database: OSError", Cause.UNREACHABLE), "PostgreSQL", "PostgreSQL"),
        (
            CannotListen(Text("cli-cannot-listen", {"address": "::1:80", "code": "EADDRINUSE"})),
            "换一个端口",
            "another port",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_a_refusal_names_the_remedy(error: Exception, zh: str, en: str) -> None:
    text = refusal(error)
    assert zh in TRANSLATIONS.plain(text, "zh-CN")
    assert en in TRANSLATIONS.plain(text, "en")


@pytest.mark.parametrize("locale", TRANSLATIONS.locales)
def test_each_cause_of_a_database_in_trouble_has_words_of_its_own(locale: str) -> None:
    away = [DatabaseAway("reason", cause).text for cause in Cause]
    assert len({TRANSLATIONS.plain(text, locale) for text in away}) == len(Cause)
