"""Screenshots for README and guides from the browser tests: ``make pictures``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image

from bot.documents.typesetting import pdf
from tests.bot.documents import paper, printed_people

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
MAX_BYTES = 150 * 1024
"""The largest picture in bytes."""
FORM_DPI = 100
"""dpi of the picture of the printed form."""
PICTURES: Final[Mapping[str, str]] = {
    "specialties": "specialties",
    "materials": "materials",
    "todo": "todo",
    "staff-invite": "invite",
    "staff-queue": "queue",
    "staff-card": "card-online",
    "staff-refusal": "look-over",
    "staff-decided": "decided",
    "staff-history": "history",
    "candidate-refused": "refused",
    "candidate-registered": "registered",
    "candidate-withdraw": "withdraw",
    "staff-verified": "verified",
    "staff-late-change": "late-change",
    "paper-blurred": "paper-blurred",
    "paper-lying": "paper-lying",
    "paper-which": "paper-which",
    "paper-beside": "paper-beside",
}
"""Picture names in the documents, with the screenshot names of the tests."""


_PLAYED: Final = ("registration", "review", "changes", "papers")


def keep(shots: Path) -> None:
    """Save the pictures of the documents with 256 colours, and a printed form.

    Raises:
        SystemExit: one of them exceeds ``MAX_BYTES``.
    """
    for name, shot in PICTURES.items():
        kept = IMAGES / f"{name}.png"
        with Image.open(shots / f"{shot}.png") as image:
            _save(image, kept)
    form = pdf(printed_people.form_of(printed_people.content()), printed_people.portrait(600, 800))
    _save(paper.page_of(form, FORM_DPI), IMAGES / "printed-form.png")


def _save(image: Image.Image, kept: Path) -> None:
    image.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE).save(kept, optimize=True)
    if kept.stat().st_size > MAX_BYTES:
        raise SystemExit(f"{kept} has {kept.stat().st_size} bytes, more than {MAX_BYTES}")


def main() -> int:
    """Run the tests and save their pictures; return the exit code of pytest."""
    with TemporaryDirectory() as folder:
        played = [f"tests/browser/test_{name}.py" for name in _PLAYED]
        command = [sys.executable, "-m", "pytest", "-q", *played]
        environment = {**os.environ, "SCREENSHOTS": folder}
        ended = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if not ended:
            keep(Path(folder))
        return ended


if __name__ == "__main__":
    sys.exit(main())
