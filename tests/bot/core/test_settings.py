"""Settings: a wrong one stops the start and is named; docs/operating.md lists every one."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core import settings
from bot.core.settings import Refused, Settings
from states.texts import Text

ROOT = Path(__file__).parents[3]
OPERATING = ROOT / "docs" / "operating.md"
EXAMPLE = ROOT / ".env.example"
NAMES = {name.upper() for name in Settings.model_fields}


@pytest.fixture(autouse=True)
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the developer's environment nor their ``.env``."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_nothing_set_is_the_sandbox() -> None:
    known = settings.load_settings()
    assert known.in_sandbox
    assert known.folder == Path("data/sandbox")
    assert known.database == "sqlite+aiosqlite:///data/sandbox/bot.sqlite3"


WRONG = [
    ("BOT_TOKEN", "not a token"),
    ("BOT_TOKEN", "4242:with space"),
    ("BOT_API_URL", "api.telegram.org"),
    ("TELEGRAM_PROXY", "127.0.0.1:1080"),
    ("TELEGRAM_PROXY", "ftp://127.0.0.1"),
    ("TELEGRAM_PROXY", "socks5://127.0.0.1"),
    ("TELEGRAM_PROXY", "socks5://user:1080@127.0.0.1"),
    ("TELEGRAM_PROXY", "socks6://127.0.0.1:1080"),
    ("HTTP_CLIENT", "httpx"),
    ("WEBHOOK_URL", "bot.example.org/telegram"),
    ("WEBHOOK_URL", "https://bot.example.org/telegram?x=1"),
    ("WEBHOOK_URL", "https://user:password@bot.example.org/telegram"),
    ("WEBHOOK_URL", "https://bot.example.org/{token}"),
    ("WEBHOOK_URL", "https://bot.example.org/metrics"),
    ("LISTEN", "8080"),
    ("LISTEN", "127.0.0.1:0"),
    ("LISTEN", "127.0.0.1:70000"),
    ("LISTEN", "http://127.0.0.1:8080"),
    ("DATABASE_URL", "mysql://localhost/baoming"),
    ("DATABASE_URL", "postgresql+psycopg://baoming:secret@localhost/baoming"),
    ("DATABASE_URL", "sqlite:///data.sqlite3"),
    ("ADMINISTRATORS", "ling, chen"),
    ("SANDBOX_PORT", "0"),
    ("SANDBOX_PORT", "70000"),
    ("SANDBOX_PORT", "http"),
    ("LOG_LEVEL", "LOUD"),
]


def text_of(name: str) -> Text:
    """The line of a refusal that names a setting."""
    return Text(f"setting-{name.lower().replace('_', '-')}")


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Refused) as caught:
        settings.load_settings()
    assert caught.value.more == (text_of(name),)
    assert value not in str((caught.value.text, caught.value.more))
    assert value not in str(caught.value)
    assert value not in repr(caught.value)


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in dict(WRONG).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Refused) as caught:
        settings.load_settings()
    assert len(caught.value.more) == len(dict(WRONG))
    assert all(text_of(name) in caught.value.more for name in dict(WRONG))


RIGHT = [
    ("BOT_TOKEN", "123456:ABC-DEF_g"),
    ("BOT_API_URL", "http://127.0.0.1:8081"),
    ("HTTP_CLIENT", "aiohttp"),
    ("TELEGRAM_PROXY", "socks5://user:secret@127.0.0.1:1080"),
    ("TELEGRAM_PROXY", "http://proxy:3128"),
    ("TELEGRAM_PROXY", "https://user:secret@proxy"),
    ("TELEGRAM_PROXY", "socks5h://127.0.0.1:1080"),
    ("TELEGRAM_PROXY", "socks4://127.0.0.1:1080"),
    ("TELEGRAM_PROXY", "socks4a://127.0.0.1:1080"),
    ("WEBHOOK_URL", "https://bot.example.org/telegram/hook-1"),
    ("WEBHOOK_URL", "https://bot.example.org:8443"),
    ("LISTEN", "0.0.0.0:8080"),
    ("LISTEN", "[::1]:8080"),
    ("LISTEN", "localhost:8080"),
    ("DATABASE_URL", "sqlite+aiosqlite:////var/lib/baoming/bot.sqlite3"),
    ("DATABASE_URL", "postgresql+asyncpg://baoming:secret@localhost:5432/baoming"),
    ("DATABASE_URL", "postgresql://baoming:secret@db.example/baoming?sslmode=require"),
    ("DATABASE_URL", "postgres://baoming:secret@db.example/baoming"),
    ("SANDBOX_PORT", "1"),
    ("LOG_LEVEL", "DEBUG"),
]


@pytest.mark.parametrize(("name", "value"), RIGHT)
def test_a_right_setting_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert str(getattr(settings.load_settings(), name.lower())) == value


@pytest.mark.parametrize(
    ("webhook", "listen", "address"),
    [
        ("", "", ""),
        ("", "0.0.0.0:9000", "0.0.0.0:9000"),
        ("https://bot.example.org/hook", "", settings.LISTEN),
        ("https://bot.example.org/hook", "[::1]:9000", "[::1]:9000"),
    ],
)
def test_nothing_listens_unless_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, webhook: str, listen: str, address: str
) -> None:
    monkeypatch.setenv("WEBHOOK_URL", webhook)
    monkeypatch.setenv("LISTEN", listen)
    assert settings.load_settings().listens_at == address


@pytest.mark.parametrize(
    ("typed", "ids"),
    [("", set()), ("1001", {1001}), ("1001,1002", {1001, 1002}), (" 1001 , 1002 ", {1001, 1002})],
)
def test_administrators_are_ids_with_commas_or_blanks_between(
    monkeypatch: pytest.MonkeyPatch, typed: str, ids: set[int]
) -> None:
    monkeypatch.setenv("ADMINISTRATORS", typed)
    assert settings.load_settings().administrators == ids


def test_a_file_of_settings_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=DEBUG\nEXAM=mine\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("EXAM", "theirs")
    known = settings.load_settings()
    assert (known.log_level, known.exam) == ("DEBUG", "theirs")


def test_the_sandbox_never_touches_what_is_real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite+aiosqlite:////var/lib/real.sqlite3")
    monkeypatch.setenv("BLOB_STORE", "s3://real/blobs")
    sandbox = settings.load_settings()
    assert "real" not in sandbox.database
    assert "real" not in str(sandbox.blobs)
    monkeypatch.setenv("BOT_TOKEN", "1:real")
    real = settings.load_settings()
    assert real.database == "sqlite+aiosqlite:////var/lib/real.sqlite3"
    assert real.blobs == "s3://real/blobs"
    assert real.folder != sandbox.folder
    assert real.keys_file != sandbox.keys_file


def test_the_example_file_knows_only_real_settings() -> None:
    named = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE.read_text("utf-8"), re.MULTILINE))
    assert {"BOT_TOKEN", "SECRET_KEYS"} <= named <= NAMES


def test_the_operators_page_lists_every_setting_with_its_default() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \|", OPERATING.read_text("utf-8"), re.MULTILINE)
    listed = {name: default.strip() for name, default in rows}
    assert set(listed) == NAMES
    for name, field in Settings.model_fields.items():
        told = listed[name.upper()]
        if told.startswith("`"):
            assert told == f"`{field.default}`"
        else:
            assert field.default in ("", frozenset()), f"{name.upper()} has a default to tell"


def test_the_undo_window_is_set_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDO_SECONDS", "5")
    assert settings.load_settings().timings.undo == timedelta(seconds=5)


@pytest.mark.parametrize(
    ("token", "level", "least"),
    [("", "", "WARNING"), ("123456:ABC-DEF_g", "", "INFO"), ("", "DEBUG", "DEBUG")],
)
def test_the_sandbox_logs_only_what_somebody_has_to_look_at(
    monkeypatch: pytest.MonkeyPatch, token: str, level: str, least: str
) -> None:
    monkeypatch.setenv("BOT_TOKEN", token)
    monkeypatch.setenv("LOG_LEVEL", level)
    assert settings.load_settings().least_logged == least
