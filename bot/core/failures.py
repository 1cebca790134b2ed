"""How the log tells where an error came from, and how operators are told of a file's trouble."""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

from states.texts import Text


def file_trouble(error: OSError) -> Text:
    """Return which file cannot be used, and why."""
    code = errno.errorcode.get(error.errno or 0, "")
    return Text(
        "file-trouble", {"file": f"{error.filename}", "code": code, "reason": f"{error.strerror}"}
    )


def raised_at(error: Exception) -> str:
    """Return the files and lines that raised; the error's message may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
