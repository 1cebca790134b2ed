"""A finder of faces that knows where the drawn person's face is (``tests.photos.person``)."""

from __future__ import annotations

from math import cos, radians, sin

import pytest
from PIL import Image

from bot.media.decoding.judging import judge
from bot.media.decoding.judging.faces import Face, Point


def face_of(
    height: int, *, tilt: float = 0.0, share: float = 0.66, shift: float = 0.0, turn: float = 0.0
) -> Face:
    """Return the face of a drawn person of this height; ``turn`` moves the nose, in heads."""
    width, high = height * 7 / 10, share * height
    middle, crown = width * (0.5 + shift), (height - high) * 0.35
    angle = radians(tilt)

    def point(across: float, down: float) -> Point:
        x, y = across * high, (down - 0.5) * high
        return (
            middle + cos(angle) * x + sin(angle) * y,
            crown + 0.5 * high - sin(angle) * x + cos(angle) * y,
        )

    box = (middle - 0.34 * high, crown + 0.2 * high, middle + 0.34 * high, crown + high)
    return Face(
        box,
        point(-0.16, 0.485),
        point(0.16, 0.485),
        point(turn, 0.69),
        point(-0.1, 0.815),
        point(0.1, 0.815),
        0.9,
    )


class FakeFinder:
    """Finds these faces, which are given for a picture of this height."""

    def __init__(self, height: int, *faces: Face) -> None:
        self._height = height
        self._faces = faces

    def find(self, image: Image.Image) -> list[Face]:
        """Return the faces in the px of a smaller copy."""
        scale = image.height / self._height
        return [_scaled(face, scale) for face in self._faces]


def _scaled(face: Face, scale: float) -> Face:
    def point(at: Point) -> Point:
        return at[0] * scale, at[1] * scale

    left, top, right, bottom = (side * scale for side in face.box)
    return Face(
        (left, top, right, bottom),
        point(face.left_eye),
        point(face.right_eye),
        point(face.nose),
        point(face.left_mouth),
        point(face.right_mouth),
        face.score,
    )


def finds(monkeypatch: pytest.MonkeyPatch, height: int, *faces: Face) -> None:
    """Let the judge find these faces in a picture of this height."""
    monkeypatch.setattr(judge, "finder", lambda: FakeFinder(height, *faces))


def has_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the judge be without the extra ``photo``."""
    monkeypatch.setattr(judge, "finder", lambda: None)
