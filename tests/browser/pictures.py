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

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
MAX_BYTES = 150 * 1024
"""The largest picture in bytes."""
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
"""Picture names in the documents, with the screenshot names of the tests."""


def keep(shots: Path) -> None:
    """Save the pictures of the documents with 256 colours.

    Raises:
        SystemExit: one of them exceeds ``MAX_BYTES``.
    """
    for name, shot in PICTURES.items():
        kept = IMAGES / f"{name}.png"
        with Image.open(shots / f"{shot}.png") as image:
            image.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE).save(kept, optimize=True)
        if kept.stat().st_size > MAX_BYTES:
            raise SystemExit(f"{kept} has {kept.stat().st_size} bytes, more than {MAX_BYTES}")


def main() -> int:
    """Run the tests and save their pictures; return the exit code of pytest."""
    with TemporaryDirectory() as folder:
        played = ["tests/browser/test_registration.py", "tests/browser/test_review.py"]
        command = [sys.executable, "-m", "pytest", "-q", *played]
        environment = {**os.environ, "SCREENSHOTS": folder}
        ended = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if not ended:
            keep(Path(folder))
        return ended


if __name__ == "__main__":
    sys.exit(main())
