"""The sandbox is an extra: the bot runs without its libraries, and says so when it is asked for."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.cli.app import SANDBOX_LIBRARIES
from tests.bot.cli.test_app import ROOT, python

PAGE = ("fastapi", "nicegui")
BLOCK = "import sys; sys.modules.update(dict.fromkeys({}))\n"
"""An import of these then fails as if they were not installed."""
COMMAND = BLOCK.format(SANDBOX_LIBRARIES) + "from bot.cli.app import main; main()"
IMPORT_ALL = (
    BLOCK.format(PAGE)
    + f"""
import importlib, pkgutil
SKIPPED = ("bot.sandbox", "bot.__main__", "storage.migrations")
def walk(name):
    module = importlib.import_module(name)
    children = pkgutil.iter_modules(getattr(module, "__path__", ()), name + ".")
    return 1 + sum(walk(child.name) for child in children if child.name not in SKIPPED)
print(sum(map(walk, ("bot", "handlers", "storage", "states"))))
imported = {{name.split(".")[0] for name, module in sys.modules.items() if module is not None}}
print(*sorted(imported & set({PAGE})), *({{"bot.sandbox"}} & set(sys.modules)))
"""
)


def test_the_bot_imports_neither_nicegui_nor_fastapi(tmp_path: Path) -> None:
    """Import all modules but the sandbox's. aiogram needs aiohttp itself, so that one stays."""
    ended = python(tmp_path, "-c", IMPORT_ALL)
    assert ended.stderr == ""
    count, found = ended.stdout.split("\n")[:2]
    assert int(count) > 150
    assert found == ""


@pytest.mark.parametrize("command", ["run", "sandbox"])
@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en_US.UTF-8", "The sandbox is not installed."), ("zh_CN.UTF-8", "没有安装沙盒。")],
)
def test_the_sandbox_is_refused_where_it_is_not_installed(
    tmp_path: Path, command: str, language: str, sentence: str
) -> None:
    ended = python(tmp_path, "-c", COMMAND, command, LANG=language)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith(sentence)
    assert "pip install '.[sandbox]'" in ended.stderr
    assert "BOT_TOKEN" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_extra_names_these_libraries_and_production_none_of_them() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extra = {one.split(">")[0] for one in project["optional-dependencies"]["sandbox"]}
    assert extra == set(SANDBOX_LIBRARIES)
    assert not extra & {one.split(">")[0] for one in project["dependencies"]}


def test_each_lock_holds_the_smaller_one_in_the_same_versions() -> None:
    production, sandbox, developers = (
        pinned(f"requirements{suffix}.txt") for suffix in ("", "-sandbox", "-dev")
    )
    assert production < sandbox < developers
    assert not {"fastapi", "nicegui"} & {pin.split("==")[0] for pin in production}


def pinned(lock: str) -> set[str]:
    """The pins of a lock, such as ``orjson==3.11.4``."""
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    return {
        line.rstrip(" \\") for line in lines if "==" in line and not line.startswith((" ", "#"))
    }
