"""The command line in this process, for tests in which the process itself is not the point."""

from __future__ import annotations

import io
import os
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

from bot.cli import console
from bot.cli.app import app

LOCALE = ("LANG", "LC_ALL", "LC_MESSAGES")


def command_line(folder: Path, *words: str, **environment: str) -> CompletedProcess[str]:
    """Run ``baoming`` with these words in this folder, in English unless said otherwise.

    The environment holds PATH and HOME, and what the test gives.
    """
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    out, err = io.StringIO(), io.StringIO()
    with (
        chdir(folder),
        patch.dict(os.environ, {**known, "LANG": "en_US.UTF-8", **environment}, clear=True),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            code = console.finish(lambda: app(words, result_action="return_value"))
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    return CompletedProcess(words, code or 0, out.getvalue(), err.getvalue())
