"""The mending of a photo: turned, cropped to the rule, an almost white background whitened.

Nothing is drawn that was not there: hair, face and clothes keep their pixels, and no picture is
enlarged.
"""

from __future__ import annotations

from math import ceil, cos, radians, sin
from typing import Final

import numpy as np
from PIL import Image, ImageFilter

from bot.media.decoding.fitting import Box
from bot.media.decoding.judging import colours
from bot.media.decoding.judging.colours import Floats, Mask
from bot.media.decoding.judging.faces import Face
from bot.media.decoding.judging.measuring import tilt_of
from bot.media.decoding.judging.regions import reached_from
from states.photo import PhotoRule
from states.photo.checks import HEAD_ROOM, HeadPlace

_ABOVE: Final = 0.35
"""The part of the room around a head that lies above it."""
_HEIGHT: Final = 400
"""px of the height in which the background is found."""
_NEAR: Final = 9.0
"""ΔE from the background's colour that still counts as background."""
_EDGE: Final = 4.0
"""ΔE between neighbours at which hair or clothes begin."""


def straightened(image: Image.Image, face: Face, fill: tuple[int, int, int]) -> Image.Image:
    """Return the picture turned so that the eye line is level; new corners get the fill."""
    return image.rotate(
        tilt_of(face), Image.Resampling.BICUBIC, center=face.between_eyes, fillcolor=fill
    )


def straightened_face(face: Face) -> Face:
    """Return the face as it lies in the straightened picture."""
    x, y = face.between_eyes
    angle = radians(tilt_of(face))

    def point(at: tuple[float, float]) -> tuple[float, float]:
        across, down = at[0] - x, at[1] - y
        return (
            x + cos(angle) * across + sin(angle) * down,
            y - sin(angle) * across + cos(angle) * down,
        )

    return face.mapped(point)


def crop_box(size: tuple[int, int], head: HeadPlace, rule: PhotoRule) -> Box | None:
    """Return the crop in which the head has the rule's size and lies in the middle.

    None if the rule names no size, or the picture is too small or too narrow for it.
    """
    share = rule.head_share
    if share is None:
        return None
    width, height = size
    high = (head.chin - head.crown) * height
    ratio = rule.min_width / rule.min_height
    middle = head.middle * width
    widest = 2 * min(middle, width - middle)
    tall = min(high / share, height, widest / ratio)
    if tall < rule.least_height or high / tall * 100 > share * 100 + HEAD_ROOM - 2:
        return None
    wide = tall * ratio
    top = min(max(0.0, head.crown * height - _ABOVE * (tall - high)), height - tall)
    left = min(max(0.0, middle - wide / 2), width - wide)
    across, down = ceil(wide), ceil(tall)
    left, top = min(round(left), width - across), min(round(top), height - down)
    return (left, top, left + across, top + down) if across >= rule.least_width else None


def turned_crop(
    size: tuple[int, int], head: HeadPlace, rule: PhotoRule, face: Face, box: Box
) -> Box | None:
    """Return a crop of a straightened picture whose lower corners show clothes and no fill.

    ``box`` is the crop of the picture before it was turned about ``face``; the crop found is as
    large as fits. None if the head would then be too large, or px too few.
    """
    width, height = size
    high = (head.chin - head.crown) * height
    ratio = rule.min_width / rule.min_height
    largest = (rule.head_share or 1) * 100 + HEAD_ROOM
    for step in range(60):
        tall = (box[3] - box[1]) * (1 - step / 100)
        wide = tall * ratio
        if tall < rule.least_height or wide < rule.least_width or high / tall * 100 > largest:
            return None
        left = head.middle * width - wide / 2
        top = head.crown * height - _ABOVE * (tall - high)
        found = (round(left), round(top), round(left) + ceil(wide), round(top) + ceil(tall))
        corners = ((found[0], found[3]), (found[2], found[3]))
        inside = found[0] >= 0 and found[1] >= 0 and found[2] <= width and found[3] <= height
        if inside and all(_was_inside(corner, size, face) for corner in corners):
            return found
    return None


def _was_inside(at: tuple[float, float], size: tuple[int, int], face: Face) -> bool:
    """Return whether a place of the straightened picture lay in the picture before."""
    (x, y), angle = face.between_eyes, radians(tilt_of(face))
    across, down = at[0] - x, at[1] - y
    was = x + cos(angle) * across - sin(angle) * down, y + sin(angle) * across + cos(angle) * down
    return 0 <= was[0] <= size[0] and 0 <= was[1] <= size[1]


def whitened(image: Image.Image, ground: Floats) -> Image.Image:
    """Return the picture with its background lifted to white, where it is almost white.

    ``ground`` is the background's colour in Lab. The lift fades towards the edges of hair and
    clothes, which keep their pixels.
    """
    scale = min(1.0, _HEIGHT / image.height)
    size = (max(2, round(image.width * scale)), max(2, round(image.height * scale)))
    small = image.resize(size, Image.Resampling.BOX)
    found = _background(colours.lab(small), ground)
    lift = 255 - np.asarray(small, np.float32)
    lift[~found] = 0
    alpha = Image.fromarray((found * 255).astype(np.uint8)).filter(ImageFilter.MinFilter(3))
    steps = [
        Image.fromarray(_spread(lift[..., band], found).astype(np.uint8))
        .filter(ImageFilter.BoxBlur(4))
        .resize(image.size, Image.Resampling.BILINEAR)
        for band in range(3)
    ]
    shown = alpha.resize(image.size, Image.Resampling.BILINEAR)
    lifted = [_lifted(band, step, shown) for band, step in zip(image.split(), steps, strict=True)]
    return Image.merge("RGB", lifted)


def _lifted(band: Image.Image, step: Image.Image, shown: Image.Image) -> Image.Image:
    """Return a band with the step added where ``shown`` says."""
    added = np.asarray(step, np.uint16) * np.asarray(shown, np.uint16) // 255
    grain = 2 * (np.asarray(shown) > 0)  # the lift is a mean: grain around it stays below white
    total = np.asarray(band, np.uint16) + added + grain
    return Image.fromarray(np.minimum(total, 255).astype(np.uint8))


def _spread(values: Floats, found: Mask) -> Floats:
    """Return the values with the mean of the found ones elsewhere, so that a blur keeps edges."""
    spread: Floats = np.where(found, values, values[found].mean() if found.any() else 0)
    return spread


def _background(lab: Floats, ground: Floats) -> Mask:
    """Return the pixels like the background that the top and the sides reach without an edge."""
    step = np.zeros(lab.shape[:2], np.float32)
    across = colours.distance(lab[:, 1:], lab[:, :-1])
    down = colours.distance(lab[1:], lab[:-1])
    step[:, 1:] = across
    step[1:] = np.maximum(step[1:], down)
    open_to = (colours.distance(lab, ground) < _NEAR) & (step < _EDGE)
    reached = np.zeros_like(open_to)
    reached[0] = open_to[0]
    high = 3 * len(lab) // 4
    reached[:high, 0], reached[:high, -1] = open_to[:high, 0], open_to[:high, -1]
    return reached_from(open_to, reached)
