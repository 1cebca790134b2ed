"""The crop around a head: of the rule's proportion, and within the picture wherever the head is."""

from __future__ import annotations

import pytest

from bot.core.exam_files import load
from bot.media.decoding.judging.mending import crop_box
from states.photo.checks import HeadPlace

pytestmark = pytest.mark.row("B5")

RULE = load("health-2026").photo
SIZES = ((1050, 1500), (1051, 1499), (900, 1201))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("chin", [0.45, 0.9, 0.97])
@pytest.mark.parametrize("middle", [0.4, 0.5, 0.6])
def test_a_small_head_anywhere_gets_a_crop_within_the_picture(
    size: tuple[int, int], chin: float, middle: float
) -> None:
    width, height = size
    for step in range(40):  # parts of a px decide how the crop is rounded
        high = 0.4 + step / 1000
        eyes = (middle - 0.05, chin - high / 2), (middle + 0.05, chin - high / 2)
        head = HeadPlace(chin - high, chin, middle, 0.1, *eyes)
        box = crop_box(size, head, RULE)
        assert box is not None, (size, high)
        left, top, right, bottom = box
        assert min(left, top) >= 0
        assert right <= width
        assert bottom <= height
        assert abs((right - left) * RULE.min_height - (bottom - top) * RULE.min_width) <= 600
        assert right - left >= RULE.least_width
        assert bottom - top >= RULE.least_height
