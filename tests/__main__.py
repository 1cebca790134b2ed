"""``python -m tests [ARGS]``: run pytest side by side, then the measured tests alone.

``make test`` calls it. ``ARGS`` go to both runs: paths, ``-k``, ``-m``, ``-q``, ``--durations`` and
so on. Tests with the marker ``measured`` judge by the clock, so nothing else runs beside them.

The folders of the first run lie in memory: its tests kill processes but never the machine, so a
wait for the disk proves nothing.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.postgres import in_memory

TESTS = Path(__file__).parent
DONE = {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
BESIDE = ("-n", "auto", "--dist", "worksteal", "--measured", "none")
ALONE = ("--measured", "only")


def main(arguments: Sequence[str]) -> int:
    """Return the exit code of the run that failed, else 0; 5 if there was no test at all."""
    with tempfile.TemporaryDirectory(prefix="baoming-tests-", dir=in_memory()) as folder:
        beside = _pytest(*BESIDE, "--basetemp", f"{folder}/pytest", *arguments)
    if beside not in DONE:
        return beside
    alone = _pytest(*ALONE, *_measured_files(arguments), *arguments)
    if alone not in DONE:
        return alone
    return max(beside, alone) if beside == alone else 0


def _pytest(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode


def _measured_files(arguments: Sequence[str]) -> list[str]:
    """Return the files with measured tests, unless the arguments name a path themselves."""
    if any(Path(one.partition("::")[0]).exists() for one in arguments):
        return []
    files = sorted(TESTS.rglob("test_*.py"))
    return [str(file) for file in files if "mark.measured" in file.read_text("utf-8")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
