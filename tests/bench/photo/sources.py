"""Portraits of the public domain inside packages, cut out so that any background fits.

All are works of the government of the United States: an astronaut's portrait (NASA, in
``scikit-image``), a rear admiral's (US Navy, in ``matplotlib``), and photographs of a president and
a vice president (White House, in the tests of ``face_recognition``). pip downloads the packages
into ``.bench``; nothing of them is imported but OpenCV, which cuts the heads out.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from io import BytesIO
from math import atan2, degrees
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
from PIL import Image

FOLDER: Final = Path(".bench/photo")
WHEELS: Final = (
    "matplotlib==3.11.2",
    "scikit-image==0.26.0",
    "opencv-python-headless==4.14.0.94",
)
SOURCES: Final = ("face_recognition==1.3.0",)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Source:
    """A portrait in a package: crown and chin in px, and both eyes, as a person marked them.

    ``is_fine``: it has enough px to be a sharp photo of 420×600 px. ``is_frontal``: the face looks
    at the camera. ``sides`` are how far hair and ears reach left and right of the eyes' middle, in
    heights of the head.
    """

    person: str
    archive: str
    path: str
    crown: int
    chin: int
    left_eye: Point
    right_eye: Point
    is_fine: bool = True
    is_frontal: bool = True
    sides: Point = (0.5, 0.5)

    @property
    def tilt(self) -> float:
        """The angle of the eye line in degrees."""
        (left, left_y), (right, right_y) = self.left_eye, self.right_eye
        return degrees(atan2(right_y - left_y, right - left))

    @property
    def middle(self) -> Point:
        """The place between the eyes."""
        return (
            (self.left_eye[0] + self.right_eye[0]) / 2,
            (self.left_eye[1] + self.right_eye[1]) / 2,
        )


_TESTS = "face_recognition-1.3.0/tests/test_images/"
PORTRAITS: Final = (
    Source(
        *("astronaut", "scikit_image", "skimage/data/astronaut.png", 14, 172),
        *((214, 103), (242, 103)),
        is_fine=False,
        sides=(0.58, 0.58),
    ),
    Source(
        *("admiral", "matplotlib", "matplotlib/mpl-data/sample_data/grace_hopper.jpg", 24, 336),
        *((211, 189), (306, 186)),
        is_fine=False,
        sides=(0.37, 0.4),
    ),
    Source("president", "face_recognition", _TESTS + "obama.jpg", 29, 446, (438, 214), (548, 214)),
    Source(
        *("president", "face_recognition", _TESTS + "obama2.jpg", 166, 640),
        *((241, 366), (372, 383)),
        is_frontal=False,
        sides=(0.21, 0.52),
    ),
    Source(
        "president", "face_recognition", _TESTS + "obama3.jpg", 221, 622, (730, 383), (844, 397)
    ),
    Source(
        "vice president", "face_recognition", _TESTS + "biden.jpg", 120, 590, (527, 326), (649, 352)
    ),
)


@dataclass(frozen=True, slots=True)
class Cutout:
    """A levelled portrait without background: its px, and where crown, chin and middle are."""

    source: Source
    picture: Image.Image
    crown: float
    chin: float
    middle: float


def fetch(wheels: Sequence[str] = WHEELS) -> None:
    """Download packages, unless they are there."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    here = {file.name.split("-")[0].lower() for file in FOLDER.iterdir()}
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(FOLDER)]
    for wanted in wheels:
        if wanted.split("==")[0].replace("-", "_") not in here:
            subprocess.run([*pip, wanted], check=True)
    for wanted in SOURCES:
        if wanted.split("==")[0] not in here:
            subprocess.run([*pip, "--no-binary", ":all:", wanted], check=True)


def _archive(name: str) -> Path:
    return next(file for file in FOLDER.iterdir() if file.name.lower().startswith(name))


def picture(source: Source) -> Image.Image:
    """Return the picture of a source in RGB."""
    file = _archive(source.archive)
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as wheel:
            content = wheel.read(source.path)
    else:
        with tarfile.open(file) as packed:
            member = packed.extractfile(source.path)
            if member is None:
                raise LookupError(source.path)
            content = member.read()
    return Image.open(BytesIO(content)).convert("RGB")


@cache
def opencv() -> ModuleType:
    """Return OpenCV, out of its wheel; the baseline's cascades are in it, too."""
    unpack("opencv_python_headless", "opencv")
    return import_module("cv2")


def unpack(name: str, folder: str) -> None:
    """Make what a downloaded wheel holds importable, without what it asks for."""
    place = FOLDER / folder
    if not place.is_dir():
        with zipfile.ZipFile(_archive(name)) as wheel:
            wheel.extractall(place)
    sys.path.insert(0, str(place.resolve()))


@cache
def cutouts() -> tuple[Cutout, ...]:
    """Return the portraits, each levelled and cut out."""
    fetch()
    return tuple(map(_cutout, PORTRAITS))


def _cutout(source: Source) -> Cutout:
    """Level the eyes, and keep what GrabCut takes for the person."""
    level = picture(source).rotate(
        source.tilt, Image.Resampling.BICUBIC, center=source.middle, fillcolor="white"
    )
    high = source.chin - source.crown
    middle = source.middle[0]
    box = (
        max(0, round(middle - 0.95 * high)),
        max(0, round(source.crown - 0.25 * high)),
        min(level.width, round(middle + 0.95 * high)),
        min(level.height, round(source.chin + 0.6 * high)),
    )
    part = level.crop(box)
    eyes = source.middle[1] - box[1]
    alpha = _person(part, source, middle - box[0], eyes)
    part.putalpha(alpha)
    return Cutout(source, part, source.crown - box[1], source.chin - box[1], middle - box[0])


def _person(part: Image.Image, source: Source, middle: float, eyes: float) -> Image.Image:
    """Return the mask of the person, with soft edges."""
    cv2: Any = opencv()
    scale, high = 300 / part.height, source.chin - source.crown
    small = np.asarray(part.resize((round(part.width * scale), 300), Image.Resampling.BOX))
    mask = np.full(small.shape[:2], cv2.GC_PR_BGD, np.uint8)
    rows, columns = np.ogrid[: small.shape[0], : small.shape[1]]
    x, y = middle * scale, (eyes + 0.02 * high) * scale
    across, down = (columns - x) / (0.42 * high * scale), (rows - y) / (0.56 * high * scale)
    mask[across**2 + down**2 < 1] = cv2.GC_PR_FGD
    mask[(columns - x) ** 2 / 0.3**2 + (rows - y) ** 2 / 0.42**2 < (high * scale) ** 2] = cv2.GC_FGD
    body = (rows > y + 0.75 * high * scale) & (abs(columns - x) < 0.8 * high * scale)
    mask[body] = cv2.GC_PR_FGD
    mask[(rows > y + 0.7 * high * scale) & (abs(columns - x) < 0.2 * high * scale)] = cv2.GC_FGD
    mask[: round(small.shape[0] * 0.06)] = cv2.GC_BGD
    left, right = (side * high * scale for side in source.sides)
    beside = (columns < x - left) | (columns > x + right)
    mask[(rows < y + 0.42 * high * scale) & beside] = cv2.GC_BGD
    cv2.setRNGSeed(1)
    state = [np.zeros((1, 65)), np.zeros((1, 65))]
    cv2.grabCut(small, mask, None, *state, 6, cv2.GC_INIT_WITH_MASK)
    kept = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    count, labels, sizes, _ = cv2.connectedComponentsWithStats(kept)
    if count > 1:
        kept = (labels == 1 + int(np.argmax(sizes[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)
    kept = cv2.morphologyEx(kept, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    kept = cv2.morphologyEx(kept, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    soft = cv2.GaussianBlur(kept * 255.0, (0, 0), 1.2).clip(0, 255).astype(np.uint8)
    return Image.fromarray(soft).resize(part.size, Image.Resampling.BICUBIC)
