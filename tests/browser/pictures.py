"""The pictures of README and guides, made anew from the sandbox: ``make pictures``.

The browser tests are played, and what they show is kept; nobody on it exists.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
MOST = 150 * 1024
"""Bytes of one picture."""
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
}
"""What a picture is called in the documents, and what the tests call it."""


def keep(shots: Path) -> None:
    """Take those that the documents show, with few colours.

    Raises:
        SystemExit: one of them is too large.
    """
    for name, shot in PICTURES.items():
        kept = IMAGES / f"{name}.png"
        with Image.open(shots / f"{shot}.png") as image:
            image.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE).save(kept, optimize=True)
        if kept.stat().st_size > MOST:
            raise SystemExit(f"{kept} has {kept.stat().st_size} bytes, more than {MOST}")


def main() -> int:
    """Play and keep; what pytest ended with."""
    with TemporaryDirectory() as folder:
        played = ["tests/browser/test_registration.py", "tests/browser/test_counter.py"]
        command = [sys.executable, "-m", "pytest", "-q", *played]
        environment = {**os.environ, "SCREENSHOTS": folder}
        ended = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if not ended:
            keep(Path(folder))
        return ended


if __name__ == "__main__":
    sys.exit(main())
