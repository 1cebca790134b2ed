"""The measures of a photo (``PhotoMeasures``), from the upright picture in sRGB."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import asin, atan2, degrees, hypot
from typing import Final

import numpy as np
from PIL import Image

from bot.media.decoding.judging import colours, detail, ground
from bot.media.decoding.judging.colours import Floats
from bot.media.decoding.judging.faces import Face, FaceFinder, middle
from states.photo.checks import HeadPlace, PhotoMeasures

_COLOUR_HEIGHT: Final = 320
"""px of the height in which colours are measured."""
_SHARP_HEIGHT: Final = 600
"""px of the height in which sharpness is measured: of the smallest photo that a rule allows."""
_PATCH: Final = 256
"""px of the side of the patch in which fine detail is measured."""
_CENTRE: Final = (0.3, 0.2, 0.7, 0.6)
"""The part of a portrait where a face is, if none was found."""
_EYES_TO_CHIN: Final = 1.8
_EYES_TO_CROWN: Final = 1.9
_HALF_WIDTH: Final = 1.15
"""A head's measures in distances between eyes and mouth, which is about a quarter of its height."""
_NOSE_DEPTH: Final = 0.6
"""How far a nose stands out, in distances between the eyes."""
_NOSE_ASIDE: Final = -0.018
"""The place of a symmetric face's nose as the finder marks it, beside the middle between the eyes.

Measured by faces and their mirror images, in distances between the eyes.
"""
_HAIR: Final = 15.0
"""ΔE from the background at which hair begins."""
_CLIPPED: Final = 250


@dataclass(frozen=True, slots=True)
class Looked:
    """A portrait that was looked at: its measures, and the mean colour of its background."""

    measures: PhotoMeasures
    ground: Floats


def look(portrait: Image.Image, faces: list[Face] | None) -> Looked:
    """Measure an upright portrait in sRGB; ``faces`` are in its px, None without a model."""
    small = _of_height(portrait, _COLOUR_HEIGHT)
    lab = colours.lab(small)
    face = max(faces, key=lambda one: _width(one) * one.score) if faces else None
    head = _head(face, portrait.size) if face else None
    behind = ground.measure(lab, ground.zone(lab.shape, head), head)
    if face is not None and head is not None:
        head = _with_crown(head, lab, behind.colour)
        behind = ground.measure(lab, ground.zone(lab.shape, head), head)
    inner = _inner(head)
    skin = _part(lab, inner)
    pixels = _part(np.asarray(small), inner)
    grey = portrait.convert("L")
    level = _of_height(grey, _SHARP_HEIGHT)
    measures = PhotoMeasures(
        background=behind.white_distance,
        evenness=behind.evenness,
        marks=behind.marks,
        border=ground.framed_sides(lab),
        sharpness=detail.blur_effect(_part(np.asarray(level, np.float32), _around(head))),
        exposure=float(np.percentile(skin[..., 0], 95)),
        highlights=float((pixels[..., :2].min(axis=-1) >= _CLIPPED).mean() * 100),
        colour=float(np.hypot(skin[..., 1], skin[..., 2]).mean()),
        screen=detail.pattern(_patch(grey, _around(head))),
        enlarged=detail.fine_detail(_patch(grey, _around(head))),
        faces=None if faces is None else len(faces),
        head=(head.chin - head.crown) * 100 if head else None,
        place=abs(head.middle - 0.5) * 100 if head else None,
        tilt=abs(tilt_of(face)) if face else None,
        turn=_turn(face) if face else None,
        ground=behind.name,
        place_of_head=head,
    )
    return Looked(measures, behind.colour)


def faces_in(image: Image.Image, finder: FaceFinder | None) -> list[Face] | None:
    """Return the faces of an RGB picture that are large enough for somebody's portrait.

    None without a model. A face in the background is smaller than a third of the largest.
    """
    if finder is None:
        return None
    found = finder.find(image)
    largest = max((_width(one) for one in found), default=0.0)
    return [one for one in found if _width(one) >= largest / 3]


def moved(face: Face, left: float, top: float, scale: float = 1.0) -> Face:
    """Return the face as it lies in a part of the picture, whose corner and scale these are."""

    def point(at: tuple[float, float]) -> tuple[float, float]:
        return (at[0] - left) * scale, (at[1] - top) * scale

    return replace(face.mapped(point), box=(*point(face.box[:2]), *point(face.box[2:])))


def tilt_of(face: Face) -> float:
    """Return the angle of the eye line in degrees; positive where the right eye is lower."""
    (left, left_y), (right, right_y) = face.left_eye, face.right_eye
    return degrees(atan2(right_y - left_y, right - left))


def _width(face: Face) -> float:
    return face.box[2] - face.box[0]


def _turn(face: Face) -> float:
    """Return the angle that the nose's place between the eyes tells, in degrees."""
    (left, left_y), (right, right_y) = face.left_eye, face.right_eye
    apart = hypot(right - left, right_y - left_y)
    if not apart:
        return 90.0
    along = (
        (face.nose[0] - left) * (right - left) + (face.nose[1] - left_y) * (right_y - left_y)
    ) / apart
    aside = along / apart - 0.5 - _NOSE_ASIDE
    return degrees(asin(min(1.0, abs(aside) / _NOSE_DEPTH)))


def _head(face: Face, size: tuple[int, int]) -> HeadPlace:
    """Return the head of a face by the proportions of heads."""
    width, height = size
    eyes = face.between_eyes
    mouth = middle(face.left_mouth, face.right_mouth)
    unit = hypot(eyes[0] - mouth[0], eyes[1] - mouth[1])
    return HeadPlace(
        crown=(eyes[1] - _EYES_TO_CROWN * unit) / height,
        chin=(eyes[1] + _EYES_TO_CHIN * unit) / height,
        middle=(eyes[0] + mouth[0]) / 2 / width,
        half_width=_HALF_WIDTH * unit / width,
        left_eye=(face.left_eye[0] / width, face.left_eye[1] / height),
        right_eye=(face.right_eye[0] / width, face.right_eye[1] / height),
    )


def _with_crown(head: HeadPlace, lab: Floats, behind: Floats) -> HeadPlace:
    """Return the head with the crown where the hair begins, near the place that is usual."""
    height, width = lab.shape[:2]
    half = 0.5 * head.half_width
    columns = slice(
        max(0, round((head.middle - half) * width)),
        max(1, min(width, round((head.middle + half) * width))),
    )
    eyes = max(1, round(head.eyes * height))
    differs = colours.distance(lab[:eyes, columns], behind) > _HAIR
    rows = np.flatnonzero(differs.mean(axis=1) > 0.15)
    if not len(rows):
        return head
    found, usual = float(rows[0]) / height, head.crown
    high = head.chin - usual
    if abs(found - usual) > 0.25 * high:
        return head
    return replace(head, crown=found)


def _inner(head: HeadPlace | None) -> tuple[float, float, float, float]:
    """Return the middle of the face, in parts of width and height."""
    if head is None:
        return _CENTRE
    half, low = 0.6 * head.half_width, 0.75 * head.chin + 0.25 * head.eyes
    return head.middle - half, head.eyes - 0.02, head.middle + half, low


def _around(head: HeadPlace | None) -> tuple[float, float, float, float]:
    """Return the face with the edge of the hair, in parts of width and height."""
    if head is None:
        return 0.2, 0.1, 0.8, 0.7
    half = 1.2 * head.half_width
    return head.middle - half, head.crown, head.middle + half, head.chin


def _part(array: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """Return the part of an array in this box; never an empty one."""
    height, width = array.shape[:2]
    left, right = _span(box[0], box[2], width)
    top, bottom = _span(box[1], box[3], height)
    return array[top:bottom, left:right]


def _span(start: float, end: float, length: int) -> tuple[int, int]:
    first = min(max(0, round(start * length)), max(0, length - 2))
    return first, min(length, max(first + 2, round(end * length)))


def _patch(grey: Image.Image, box: tuple[float, float, float, float]) -> Floats:
    """Return the middle of a box at full size, at most 256 px wide and high."""
    x, y = (box[0] + box[2]) / 2 * grey.width, (box[1] + box[3]) / 2 * grey.height
    side = min(_PATCH, *grey.size)
    left = min(max(0, round(x - side / 2)), grey.width - side)
    top = min(max(0, round(y - side / 2)), grey.height - side)
    return np.asarray(grey.crop((left, top, left + side, top + side)), np.float32)


def _of_height(image: Image.Image, height: int) -> Image.Image:
    """Return the picture in at most this height."""
    if image.height <= height:
        return image
    width = max(2, round(image.width * height / image.height))
    return image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
