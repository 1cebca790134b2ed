"""How the log tells where an error came from, and how operators are told of a file's trouble."""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

from states.texts import Text

_OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})


def file_trouble(error: OSError) -> Text:
    """Return which file cannot be used, and why; a write that fails does not name its file."""
    code = errno.errorcode.get(error.errno or 0, "")
    why = {"code": code, "reason": f"{error.strerror}"}
    if error.filename is None:
        return Text("disk-trouble", why)
    return Text("file-trouble", {"file": f"{error.filename}", **why})


def is_for_operators(error: OSError) -> bool:
    """Return whether an operator can mend it: it names a file, or the disk takes no writes."""
    return error.filename is not None or error.errno in _OF_THE_DISK


def raised_at(error: Exception) -> str:
    """Return the files and lines that raised; the error's message may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
