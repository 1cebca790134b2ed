"""How the log tells where an error came from."""

from __future__ import annotations

import traceback
from pathlib import Path


def raised_at(error: Exception) -> str:
    """Return the files and lines that raised; the error's message may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
