"""A PDF that somebody sent: how many pages it has, and whether it is whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from bot.media.pictures import UnreadablePicture
from states.texts import Problem

MAX_PAGES: Final = 30
"""Our own rule: a person looks at every page."""

_READER: Final = Path(__file__).with_name("pdf_reader.py")
_SECONDS: Final = 60
"""For a machine that has much else to do: the reader's own limit is of processor time."""
_PLACES: Final = BoundedSemaphore(2)
"""Readers at a time; each may take up to its limit of memory."""
_END_WITHIN: Final = 1024
"""Bytes before the end in which ``%%EOF`` stands: ISO 32000-1, annex H.3, note 18."""


def pages(content: bytes) -> int:
    """The number of pages, 1 to ``MAX_PAGES``; takes a tenth of a second and 30 MB elsewhere.

    Raises ``Unreadable``: truncated, broken or without a page, asking for a password, with too
    many pages, or costing more than a scan can.
    """
    # PDFium mends what it can, so that half a file would count as whole.
    if b"%%EOF" not in content.rstrip(b"\0\r\n\t ")[-_END_WITHIN:]:
        raise UnreadablePicture(Problem("problem-scan-pdf-broken"))
    said = _read(content)
    if said == "locked":
        raise UnreadablePicture(Problem("problem-scan-pdf-locked"))
    count = int(said) if said.isdecimal() else 0  # of none PDFium says that it is broken
    if count == 0:
        raise UnreadablePicture(Problem("problem-scan-pdf-broken"))
    if count > MAX_PAGES:
        raise UnreadablePicture(
            Problem("problem-scan-pdf-pages", {"pages": count, "limit": MAX_PAGES})
        )
    return count


def _read(content: bytes) -> str:
    """What the reader says; nothing where it met a limit, or a flaw of PDFium's.

    It is given no environment, so that a hostile file finds no token and no key there.
    """
    command = [sys.executable, "-I", str(_READER), str(MAX_PAGES)]
    try:
        with _PLACES:
            done = subprocess.run(
                command, input=content, capture_output=True, env={}, timeout=_SECONDS, check=False
            )
    except subprocess.TimeoutExpired:
        return ""
    if done.returncode > 0:  # an exception: the reader's bug or a broken installation
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return done.stdout.decode() if done.returncode == 0 else ""
