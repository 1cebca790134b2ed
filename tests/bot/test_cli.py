"""The command line, as an operator runs it: what it says, and how it ends."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "bot/exams/health-2026/exam.toml"
KEYS = ",".join(f"{name}:{'A' * 43}=" for name in ("lookup", "k1"))
PATIENCE = 60
"""Seconds: the first import of a cold machine is slow."""


def bot(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m bot`` in an empty folder, in English unless said otherwise."""
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env={**known, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8", **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_help_names_every_command(tmp_path: Path) -> None:
    ended = bot(tmp_path, "--help")
    assert ended.returncode == 0
    for command in ("run", "sandbox", "reset", "migrate", "doctor", "exam"):
        assert command in ended.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_good_exam(tmp_path: Path) -> None:
    ended = bot(tmp_path, "exam", "check", "health-2026")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("✓")


def test_a_bad_exam_names_each_place(tmp_path: Path) -> None:
    areas = (SHIPPED.parent / "areas.toml").read_text("utf-8")
    areas = areas.replace('code = "dongcheng"', 'code = "DONG CHENG"')
    (tmp_path / "areas.toml").write_text(areas, "utf-8")
    text = SHIPPED.read_text("utf-8")
    (tmp_path / "mine.toml").write_text(text.replace("year = 2026", "year = 1026"), "utf-8")
    ended = bot(tmp_path, "exam", "check", "mine.toml")
    assert ended.returncode == 1
    assert "✗ year:" in ended.stdout
    assert "✗ areas[0].sites[0].code:" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_migrate_makes_the_database(tmp_path: Path) -> None:
    ended = bot(tmp_path, "migrate", LANG="zh_CN.UTF-8")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "数据库" in ended.stdout
    with sqlite3.connect(tmp_path / "data/sandbox/bot.sqlite3") as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    db.close()
    assert {"inbox", "outbox", "people", "applications", "alembic_version"} <= tables


@pytest.mark.parametrize("command", ["run", "migrate", "doctor"])
def test_a_server_that_is_not_there_stops_the_start_and_no_secret_is_told(
    tmp_path: Path, command: str
) -> None:
    url = "postgresql://baoming:a-secret@127.0.0.1:1/baoming"
    nobody = {"BOT_TOKEN": "4242:token", "BOT_API_URL": "http://127.0.0.1:1", "SECRET_KEYS": KEYS}
    ended = bot(tmp_path, command, DATABASE_URL=url, **nobody)
    assert ended.returncode != 0
    told = ended.stdout + ended.stderr
    assert "ConnectionRefused" in told
    assert "a-secret" not in told
    assert "Traceback" not in told


def test_the_doctor_of_an_empty_installation(tmp_path: Path) -> None:
    ended = bot(tmp_path, "doctor")
    assert ended.returncode == 1
    lines = ended.stdout.splitlines()
    assert all(line[0] in "✓✗" for line in lines)
    assert any(line.startswith("✗") and "keys" in line for line in lines)
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_a_wrong_setting_stops_the_start_and_is_named(tmp_path: Path, language: str) -> None:
    ended = bot(tmp_path, "run", LANG=language, SANDBOX_PORT="http", BOT_TOKEN="a secret slip")
    assert ended.returncode == 2
    told = ended.stdout + ended.stderr
    assert "SANDBOX_PORT" in told
    assert "BOT_TOKEN" in told
    assert "a secret slip" not in told
    assert "Traceback" not in told
    assert not (tmp_path / "data").exists()
