"""The judgement of a photo: its portrait, the measures, and a mended portrait."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from PIL import Image

from bot.media.decoding.fitting import Box, fitted
from bot.media.decoding.judging import copies, mending
from bot.media.decoding.judging.colours import Floats
from bot.media.decoding.judging.faces import Face, finder
from bot.media.decoding.judging.measuring import faces_in, look, moved
from bot.media.decoding.pictures import in_srgb
from states.photo import PhotoRule, portrait_box
from states.photo.checks import Check, PhotoFinding, PhotoMeasures, Remedy, faults, judge

_SEARCHED: Final = 640
"""px of the longest side in which faces and copies are looked for."""
_LEAST: Final = 64
"""px of a side below which nothing can be measured."""
_GROUND: Final = frozenset({Check.BACKGROUND, Check.EVENNESS})
_CROP: Final = frozenset({Check.HEAD, Check.PLACE, Check.TILT})


@dataclass(frozen=True, slots=True)
class Judged:
    """A portrait with its measures; ``whole`` is the upright picture that it was made of."""

    portrait: Image.Image
    measures: PhotoMeasures
    whole: Image.Image
    profile: bytes | None
    faces: list[Face] | None
    ground: Floats | None

    def findings(self, rule: PhotoRule) -> tuple[PhotoFinding, ...]:
        """Return the verdicts by a rule."""
        return judge(self.measures, rule)


def judged(whole: Image.Image, profile: bytes | None, rule: PhotoRule) -> Judged:
    """Fit an upright picture to the rule, and measure the portrait."""
    small = _searched(whole, profile)
    found = _judged(whole, profile, _faces(whole, small), portrait_box(*whole.size, rule), rule)
    if min(found.portrait.size) < _LEAST:
        return found
    bars, edge = copies.measure(small)
    return replace(found, measures=replace(found.measures, screenshot=bars, print=edge))


def mended(first: Judged, rule: PhotoRule) -> Judged | None:
    """Return a better portrait: straight, cropped to the head, on white; None if none is better.

    A crop is made from the whole picture, of which the first portrait shows the middle.
    """
    told = faults(first.findings(rule))
    checks = {one.check for one in told if one.remedy is Remedy.BOT}
    is_one_person = (first.measures.faces or 0) <= 1
    if not checks or not is_one_person or first.ground is None:
        return None
    whole = in_srgb(first.whole, first.profile)
    # A ground that is too dark to be whitened stays a fault, so no part of it is whitened.
    is_light = all(one.remedy is Remedy.BOT for one in told if one.check in _GROUND)
    found = _recut(replace(first, whole=whole, profile=None), checks, rule)
    if is_light and checks & _GROUND:
        cleaned = mending.whitened(found.portrait, first.ground)
        found = _looked(found, cleaned)
    # A turn softens fine detail, and is no enlargement. A crop does not undo a screenshot.
    kept = replace(found.measures, **_of_whole(first.measures))
    found = replace(found, measures=kept)
    left = faults(found.findings(rule))
    return found if _weight(left) < _weight(told) else None


def _of_whole(measures: PhotoMeasures) -> dict[str, Any]:
    """Return the measures that mending does not change."""
    return {name: getattr(measures, name) for name in ("enlarged", "screenshot", "print")}


def _weight(found: Collection[PhotoFinding]) -> tuple[int, int]:
    """Return how many faults there are, those first that the bot cannot mend."""
    return sum(one.remedy is not Remedy.BOT for one in found), len(found)


def _recut(first: Judged, checks: Collection[Check], rule: PhotoRule) -> Judged:
    """Return the portrait straightened and cropped anew, where this is asked for and possible."""
    if not first.faces or not _CROP.intersection(checks):
        return first
    whole, face = first.whole, max(first.faces, key=lambda one: one.score)
    if Check.TILT not in checks:
        head = look(whole, [face]).measures.place_of_head
        box = mending.crop_box(whole.size, head, rule) if head else None
        return first if box is None else _judged(whole, None, [face], box, rule)
    before = portrait_box(*whole.size, rule)
    whole = mending.straightened(whole, face, _fill(first.portrait))
    level = mending.straightened_face(face)
    head = look(whole, [level]).measures.place_of_head
    box = mending.turned_crop(whole.size, head, rule, face, before) if head else None
    return first if box is None else _judged(whole, None, [level], box, rule)


def _fill(portrait: Image.Image) -> tuple[int, int, int]:
    """Return the colour of the upper corners, for the corners of a turned picture."""
    side = max(2, portrait.width // 16)
    corners = [
        portrait.crop((left, 0, left + side, side)).resize((1, 1), Image.Resampling.BOX)
        for left in (0, portrait.width - side)
    ]
    found = [np.asarray(corner.convert("RGB")).reshape(3) for corner in corners]
    red, green, blue = (int(one) for one in max(found, key=lambda one: int(one.sum())))
    return red, green, blue


def _judged(
    whole: Image.Image, profile: bytes | None, faces: list[Face] | None, box: Box, rule: PhotoRule
) -> Judged:
    made = in_srgb(fitted(whole, rule, box), profile)
    found = Judged(made, PhotoMeasures(), whole, profile, faces, None)
    if min(made.size) < _LEAST:
        return found
    scale = made.width / (box[2] - box[0])
    inside = None if faces is None else [moved(one, box[0], box[1], scale) for one in faces]
    looked = look(made, inside)
    return replace(found, measures=looked.measures, ground=looked.ground, faces=faces)


def _looked(found: Judged, portrait: Image.Image) -> Judged:
    """Return a judgement with another portrait in which the faces lie where they lay."""
    before = found.measures
    kept = {name: getattr(before, name) for name in ("faces", "head", "place", "tilt", "turn")}
    looked = look(portrait, None)
    measures = replace(looked.measures, place_of_head=before.place_of_head, **kept)
    return replace(found, portrait=portrait, measures=measures)


def _searched(whole: Image.Image, profile: bytes | None) -> Image.Image:
    """Return an upright picture in sRGB, as small as faces and copies are looked for."""
    scale = min(1.0, _SEARCHED / max(whole.size))
    small = whole
    if scale < 1:
        size = (max(1, round(whole.width * scale)), max(1, round(whole.height * scale)))
        small = whole.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    return in_srgb(small, profile)


def _faces(whole: Image.Image, small: Image.Image) -> list[Face] | None:
    """Return the faces of an upright picture in its px, as they are in a reduced one."""
    if finder() is None:
        return None
    back = whole.width / small.width
    return [moved(one, 0, 0, back) for one in faces_in(small, finder()) or []]
