"""The command line, as an operator runs it: what it says, and how it ends."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import TextIOWrapper
from pathlib import Path

import pytest
import structlog

from bot.cli import app as cli
from bot.cli import console
from bot.cli.app import NOT_NOW
from storage.engine.instance_lock import lock_folder
from tests.bot.cli.in_process import command_line

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "bot/exams/health-2026/exam.toml"
KEYS = ",".join(f"{name}:{'A' * 43}=" for name in ("lookup", "k1"))
PATIENCE = 180
"""Seconds: the first import of a cold machine is slow."""


def python(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the interpreter in this folder, in English unless said otherwise."""
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**known, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8", **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_help_names_every_command(tmp_path: Path) -> None:
    ended = python(tmp_path, "-m", "bot", "--help")
    assert ended.returncode == 0
    for command in ("run", "sandbox", "reset", "migrate", "doctor", "exam"):
        assert command in ended.stdout
    assert list(tmp_path.iterdir()) == []


HEAVY = {"aiogram", "alembic", "nicegui", "sqlalchemy", "telegram"}
IMPORTS = f"""
import sys
from bot.cli.app import main
try:
    main()
finally:
    print("imported:", *sorted({HEAVY} & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ("--help", set()),
        ("run --help", set()),
        ("exam check health-2026", set()),
        ("staff list", {"sqlalchemy"}),
        ("audit verify", {"sqlalchemy"}),
        ("reset", {"sqlalchemy"}),
        ("migrate", {"alembic", "sqlalchemy"}),
    ],
    ids=lambda known: known if isinstance(known, str) else "",
)
def test_a_command_imports_only_what_it_needs(tmp_path: Path, words: str, needed: set[str]) -> None:
    (tmp_path / "data/sandbox").mkdir(parents=True)
    ended = python(tmp_path, "-c", IMPORTS, *words.split())
    assert "Traceback" not in ended.stderr
    imported = ended.stderr.splitlines()[-1].removeprefix("imported:")
    assert set(imported.split()) <= needed


def test_the_command_of_a_clone_works_from_anywhere(tmp_path: Path) -> None:
    """Blanks in the clone's path, a link to the command, and a folder ``bot`` where it runs."""
    command = tmp_path / "my clone" / ".venv" / "bin" / "baoming"
    command.parent.mkdir(parents=True)
    shutil.copy(ROOT / ".ci/baoming", command)
    interpreter = command.with_name("python")
    interpreter.write_text(f"#!/bin/sh\nexec '{sys.executable}' \"$@\"\n", "utf-8")
    interpreter.chmod(0o755)
    for room in ("bot", "handlers", "states", "storage"):
        (tmp_path / "my clone" / room).symlink_to(ROOT / room)
    (tmp_path / "elsewhere" / "bot").mkdir(parents=True)
    (tmp_path / "elsewhere" / "bot" / "__init__.py").write_text("raise SystemExit(9)\n", "utf-8")
    (tmp_path / "linked").symlink_to(command)
    for called in (command, tmp_path / "linked"):
        ended = subprocess.run(
            [called, "exam", "new", "2027", "--to", "a new exam"],
            cwd=tmp_path / "elsewhere",
            env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert (ended.returncode, ended.stderr) == (0, "")
        assert "baoming exam check a new exam" in ended.stdout
        shutil.rmtree(tmp_path / "elsewhere" / "a new exam")


def test_reset_while_the_bot_runs_clears_nothing_and_make_adds_no_error(tmp_path: Path) -> None:
    folder = tmp_path / "data/sandbox"
    folder.mkdir(parents=True)
    with lock_folder(folder):
        ended = command_line(tmp_path, "reset")
    assert ended.returncode == NOT_NOW
    assert "Ctrl-C" in ended.stderr
    assert folder.exists()
    recipe = (ROOT / "Makefile").read_text("utf-8")
    assert f"bot reset || [ $$? -eq {NOT_NOW} ]" in recipe


def test_a_good_exam(tmp_path: Path) -> None:
    ended = command_line(tmp_path, "exam", "check", "health-2026")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("✓")


def test_a_bad_exam_names_each_place(tmp_path: Path) -> None:
    areas = (SHIPPED.parent / "areas.toml").read_text("utf-8")
    areas = areas.replace('code = "dongcheng"', 'code = "DONG CHENG"')
    (tmp_path / "areas.toml").write_text(areas, "utf-8")
    text = SHIPPED.read_text("utf-8")
    (tmp_path / "mine.toml").write_text(text.replace("year = 2026", "year = 1026"), "utf-8")
    ended = command_line(tmp_path, "exam", "check", "mine.toml")
    assert ended.returncode == 1
    assert "✗ year:" in ended.stdout
    assert "✗ areas[0].sites[0].code:" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_migrate_makes_the_database(tmp_path: Path) -> None:
    ended = command_line(tmp_path, "migrate", LANG="zh_CN.UTF-8")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "数据库" in ended.stdout
    with sqlite3.connect(tmp_path / "data/sandbox/bot.sqlite3") as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    db.close()
    assert {"inbox", "outbox", "people", "applications", "alembic_version"} <= tables


@pytest.mark.parametrize("words", [("migrate",), ("doctor",), ("backup", "a"), ("audit", "verify")])
def test_a_database_of_a_newer_version_is_left_alone_and_the_way_back_is_said(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    _is_at_version(tmp_path, "9999")
    ended = python(tmp_path, "-m", "bot", *words)
    told = ended.stdout + ended.stderr
    assert ended.returncode == (1 if words == ("doctor",) else 2), told
    assert "9999, which is newer than this program" in told
    assert "the backup that this program made before the upgrade" in told
    assert "baoming migrate" not in told, "it would not help"
    assert "Traceback" not in told


def test_a_backup_is_not_restored_into_a_database_of_an_older_version(tmp_path: Path) -> None:
    _is_at_version(tmp_path, "0001")
    (tmp_path / "data/sandbox/keys").write_text(KEYS.replace(",", "\n"))
    (tmp_path / "data/sandbox/keys").chmod(0o600)
    (tmp_path / "a.baoming").write_bytes(b"not looked into")
    ended = command_line(tmp_path, "restore", "a.baoming", LANG="en_US.UTF-8")
    assert ended.returncode == 2
    assert "baoming migrate" in ended.stderr


def _is_at_version(folder: Path, version: str) -> None:
    """Make an empty database, and have it say that it is of this version."""
    assert command_line(folder, "migrate").returncode == 0
    with sqlite3.connect(folder / "data/sandbox/bot.sqlite3") as db:
        db.execute("UPDATE alembic_version SET version_num = ?", (version,))
    db.close()


def test_a_bot_outlives_a_log_whose_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def runs(*_: object) -> int:
        print("说", flush=True)
        structlog.WriteLoggerFactory(sys.stderr)().warning("intake failed")
        return 0

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_TOKEN", "4242:token")
    monkeypatch.setattr(cli, "_run_bot", runs)
    with (
        open("/dev/full", "wb", buffering=0) as device,
        TextIOWrapper(device, "utf-8", write_through=True) as full,
        redirect_stdout(full),
        redirect_stderr(full),
    ):
        assert cli.app(("run",), result_action="return_value") == 0


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
def test_a_disk_that_takes_no_file_is_said_without_a_traceback(
    code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def writes() -> int:
        raise OSError(code, os.strerror(code))  # of a write: no file is named

    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert console.finish(writes) == 2
    assert "the disk" in capsys.readouterr().err


NOBODY = {
    "BOT_TOKEN": "4242:token",
    "BOT_API_URL": "http://127.0.0.1:1",
    "SECRET_KEYS": KEYS,
    "DATABASE_URL": "postgresql://baoming:a-secret@127.0.0.1:1/baoming",
}


@pytest.mark.parametrize("command", ["migrate", "doctor"])
def test_a_server_that_is_not_there_stops_a_command_and_no_secret_is_told(
    tmp_path: Path, command: str
) -> None:
    ended = python(tmp_path, "-m", "bot", command, **NOBODY)
    assert ended.returncode != 0
    told = ended.stdout + ended.stderr
    assert "ConnectionRefused" in told
    assert "a-secret" not in told
    assert "Traceback" not in told


def test_a_server_that_is_not_there_is_waited_for_by_the_bot_and_no_secret_is_told(
    tmp_path: Path,
) -> None:
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=tmp_path,
        env={**known, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8", **NOBODY},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        told = [process.stderr.readline() for _ in range(2)]
        process.terminate()
        rest = process.stderr.read()
    assert all("trying again" in line and "ConnectionRefused" in line for line in told)
    assert process.returncode == 0
    assert "a-secret" not in "".join(told) + rest
    assert "Traceback" not in rest


def test_the_doctor_of_an_empty_installation(tmp_path: Path) -> None:
    ended = command_line(tmp_path, "doctor")
    assert ended.returncode == 0
    lines = ended.stdout.splitlines()
    assert all(line.startswith("✓") for line in lines)
    assert "the first start makes it" in lines[-1]
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_a_wrong_setting_stops_the_start_and_is_named(tmp_path: Path, language: str) -> None:
    ended = command_line(
        tmp_path, "run", LANG=language, SANDBOX_PORT="http", BOT_TOKEN="a secret slip"
    )
    assert ended.returncode == 2
    told = ended.stdout + ended.stderr
    assert "SANDBOX_PORT" in told
    assert "BOT_TOKEN" in told
    assert "a secret slip" not in told
    assert "Traceback" not in told
    assert not (tmp_path / "data").exists()


NO_FILE = "there is no such file or folder"


@pytest.mark.parametrize(
    ("words", "named"),
    {
        "backup nowhere/b.baoming": f"nowhere: {NO_FILE}",
        "restore nowhere.baoming": f"nowhere.baoming: {NO_FILE}",
        "restore --verify nowhere.baoming": f"nowhere.baoming: {NO_FILE}",
        "restore --verify .": ".: it is a folder, not a file",
        "payments import nowhere.csv": f"nowhere.csv: {NO_FILE}",
        "jobs retry nonsense": "nonsense",
        "jobs retry decisions x": "decisions x",
    }.items(),
    ids=lambda known: known if known[:3] in ("bac", "res", "pay", "job") else "",
)
def test_a_command_that_cannot_be_done_is_a_sentence(
    tmp_path: Path, words: str, named: str
) -> None:
    assert command_line(tmp_path, "migrate").returncode == 0
    keys = {"SECRET_KEYS": KEYS}
    ended = command_line(tmp_path, *words.split(), **keys)
    assert ended.returncode in (1, 2)
    assert named in ended.stderr
    assert len(ended.stderr.splitlines()) <= 2, "no traceback"
    assert command_line(tmp_path, *words.split(), **keys, LANG="zh").stderr != ended.stderr


def test_a_reader_that_went_away_ends_a_command_quietly(tmp_path: Path) -> None:
    ended = subprocess.run(
        ["/bin/bash", "-c", f"{sys.executable} -u -m bot exam check health-2026 | true"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.stderr == ""
