"""The chart of the statistics is read on a phone: no label is cut, and Telegram takes it."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.media.bar_chart import LabelledBar, draw
from bot.media.lettering import font, wrapped
from bot.media.progress_picture import WIDTH
from states.records import Stage
from states.texts import LOCALES, Text
from tests.bot.people import TRANSLATIONS

LABEL, MARGIN = 28, 40
"""px of the letters and at each side, at 720 px: a phone shows them as 14 points and more."""


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.row("B11")
def test_each_stage_has_a_bar_with_its_whole_name(locale: str) -> None:
    names = [TRANSLATIONS.label(Text(f"stage-{one}"), locale) for one in Stage]
    for name in names:
        assert len(wrapped(name, font(LABEL), WIDTH - 2 * MARGIN)) == 1, name
    days = [LabelledBar(f"12月{day}日 提交", day * 100, day == 1) for day in range(1, 8)]
    bars = [*(LabelledBar(name, 12_345) for name in names), *days]
    picture = Image.open(BytesIO(draw(bars, TRANSLATIONS.label(Text("stats-title"), locale))))
    width, height = picture.size
    assert (picture.format, width) == ("PNG", WIDTH)
    assert width + height <= 10_000
    assert max(width, height) <= 20 * min(width, height)
    # https://core.telegram.org/bots/api#sendphoto
    colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or ()}
    assert (0x1D, 0x4E, 0x9E) in colours, "bars"


def test_no_application_is_no_bar_and_no_error() -> None:
    assert draw([LabelledBar("空", 0)], "统计").startswith(b"\x89PNG")
