"""The bot and the sandbox of ``make run``, for browser tests."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ROOT = Path(__file__).parents[2]


@contextmanager
def started(
    place: Path, port: int, *, told: list[str] | None = None, **settings: str
) -> Iterator[str]:
    """Run the command of ``make run``; yield its address, and stop it by SIGINT.

    ``told`` collects what the terminal says before the address.
    """
    environment = {
        **{name: value for name, value in os.environ.items() if name != "BOT_TOKEN"},
        "DATA_DIR": str(place),
        "SANDBOX_PORT": str(port),
        "SANDBOX_STAFF": "false",
        "LANG": "zh_CN.UTF-8",
        "PYTHONUTF8": "1",
        **settings,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=_ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if said := re.search(r"http://127\.0\.0\.1:\d+", line):
                yield said[0]
                break
            if told is not None:
                told.append(line)
        process.send_signal(signal.SIGINT)
        assert "什么都没有丢" in process.stdout.read()
    assert process.returncode == 0
