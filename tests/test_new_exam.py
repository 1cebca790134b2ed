"""The page about a new exam works as it stands: its commands are played one after another."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "new-exam.md").read_text("utf-8")
BLOCKS = re.findall(r"```sh( background)?\n(.*?)```", PAGE, re.DOTALL)
PATIENCE = 120
"""Seconds until a bot is ready, or has a change in force, on a busy machine."""


def environment() -> dict[str, str]:
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**known, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8", "SANDBOX_PORT": "18917"}


def clone(folder: Path) -> None:
    """A folder with nothing but the program."""
    program = folder / ".venv" / "bin" / "baoming"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bot "$@"\n', "utf-8")
    program.chmod(0o755)
    (folder / "exams").mkdir()


def run(folder: Path, commands: str) -> str:
    done = subprocess.run(
        ["sh", "-e"],
        input=commands,
        text=True,
        capture_output=True,
        cwd=folder,
        env=environment(),
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def running(folder: Path, command: str) -> Iterator[list[str]]:
    """The block that runs on; its lines as they come."""
    lines: list[str] = []
    with subprocess.Popen(
        ["sh", "-c", f"exec env {command.strip()}"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        output = process.stdout
        reader = threading.Thread(target=lambda: lines.extend(iter(output.readline, "")))
        reader.start()
        try:
            yield lines
        finally:
            process.terminate()
            process.wait(30)
            reader.join(30)


def becomes(lines: list[str], words: str, times: int = 1) -> None:
    """Wait until the bot has said so, so often."""
    until = time.monotonic() + PATIENCE
    while sum(words in line for line in lines) < times:
        assert time.monotonic() < until, lines
        time.sleep(0.2)


@pytest.mark.row("B14")
def test_the_page_works_from_the_first_command_to_the_last(tmp_path: Path) -> None:
    clone(tmp_path)
    new, write, check, rehearse, mend, start, change, versions, revert = BLOCKS
    assert "nurses-2027" in run(tmp_path, new[1])
    run(tmp_path, write[1])
    assert "no mistakes" in run(tmp_path, check[1])
    told = run(tmp_path, rehearse[1])
    assert "did everything in time and still lost the exam" in told
    assert "a problem was found" in told
    assert "The rehearsal is green" in run(tmp_path, mend[1])
    report = (tmp_path / "report" / "rehearsal.en.html").read_text("utf-8")
    assert "<svg" in report
    assert "http" not in report.replace("http://www.w3.org/2000/svg", "")
    assert start[0]
    with running(tmp_path, start[1]) as lines:
        becomes(lines, "http://127.0.0.1")
        said = run(tmp_path, change[1])
        assert "Payment ends" in said
        assert "Stored as version 2" in said
        becomes(lines, "putting it in force")
        becomes(lines, "http://127.0.0.1", 2)
        assert "in force" in run(tmp_path, versions[1]).splitlines()[1]
        assert "Stored as version 3" in run(tmp_path, revert[1])
        becomes(lines, "putting it in force", 2)
