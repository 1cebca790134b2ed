"""A candidate's PDF: its number of pages, and whether it is complete."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from bot.media.pictures import UnreadablePicture
from states.texts import Problem

MAX_PAGES: Final = 30
"""A rule of this bot: a reviewer looks at every page."""

_READER: Final = Path(__file__).with_name("pdf_reader.py")
_SECONDS: Final = 60
"""Seconds, for a busy machine; the reader limits its processor time itself."""
_PLACES: Final = BoundedSemaphore(2)
"""At most two readers at a time; each may use its limit of memory."""
_END_WITHIN: Final = 1024
"""The last bytes, in which ``%%EOF`` must stand: ISO 32000-1, annex H.3, note 18."""


def pages(content: bytes) -> int:
    """Return the number of pages, 1 to ``MAX_PAGES``; the reader takes 0.1 s and 30 MB.

    Raises ``UnreadablePicture``: the PDF is truncated, broken, locked, without a page, has too many
    pages, or exceeds a limit of the reader.
    """
    # PDFium repairs a truncated file, so the end is checked here.
    if b"%%EOF" not in content.rstrip(b"\0\r\n\t ")[-_END_WITHIN:]:
        raise UnreadablePicture(Problem("problem-scan-pdf-broken"))
    answer = _read(content)
    if answer == "locked":
        raise UnreadablePicture(Problem("problem-scan-pdf-locked"))
    count = int(answer) if answer.isdecimal() else 0  # PDFium calls a PDF without pages broken
    if count == 0:
        raise UnreadablePicture(Problem("problem-scan-pdf-broken"))
    if count > MAX_PAGES:
        raise UnreadablePicture(
            Problem("problem-scan-pdf-pages", {"pages": count, "limit": MAX_PAGES})
        )
    return count


def _read(content: bytes) -> str:
    """Return the reader's answer; empty if it met a limit or PDFium crashed.

    The reader gets no environment: a hostile file finds no token and no key there.
    """
    command = [sys.executable, "-I", str(_READER), str(MAX_PAGES)]
    try:
        with _PLACES:
            done = subprocess.run(
                command, input=content, capture_output=True, env={}, timeout=_SECONDS, check=False
            )
    except subprocess.TimeoutExpired:
        return ""
    if done.returncode > 0:  # an exception: a bug of the reader or a broken installation
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return done.stdout.decode() if done.returncode == 0 else ""
