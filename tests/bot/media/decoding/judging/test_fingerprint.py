"""The fingerprint of a photo: copies of it are near, and other photos are far."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.media.decoding.judging.fingerprint import fingerprint
from states.photo.fingerprints import SAME, differing_bits
from tests import photos

pytestmark = pytest.mark.row("B5")

FACE = photos.person()


def again(image: Image.Image, quality: int) -> Image.Image:
    return Image.open(BytesIO(photos.encoded(image, quality=quality))).convert("RGB")


@pytest.mark.parametrize(
    "copy",
    [
        FACE.resize((420, 600)),
        FACE.resize((700, 1000)),
        again(FACE, 60),
        again(FACE.resize((420, 600)), 75),
        FACE.point(lambda v: min(255, round(v * 1.05))),
    ],
    ids=["small", "smaller", "compressed", "both", "brighter"],
)
def test_a_copy_is_near(copy: Image.Image) -> None:
    assert differing_bits(fingerprint(FACE), fingerprint(copy)) <= SAME


@pytest.mark.parametrize(
    "other",
    [
        photos.person(tilt=8),
        photos.person(share=0.58),
        photos.person(shift=0.06),
        photos.face(),
    ],
    ids=["a retake that leans", "a retake from afar", "a retake aside", "somebody else"],
)
def test_another_photo_is_far(other: Image.Image) -> None:
    assert differing_bits(fingerprint(FACE), fingerprint(other)) > SAME
