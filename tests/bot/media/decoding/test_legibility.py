"""Print that an edge of the picture cuts, told from a desk beside a sheet."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from bot.core.exam_files import load
from bot.media.decoding.papers import judging
from states.papers.checks import PaperCheck, findings

pytestmark = pytest.mark.row("B7")

RULE = load("health-2026").papers


def sheet() -> Image.Image:
    """A sheet with rows of signs as wide as letters, and without a frame."""
    image = Image.new("RGB", (1500, 1050), "#f6f5f0")
    pen = ImageDraw.Draw(image)
    for row in range(14):
        for column in range(40):
            left, top = 150 + 30 * column, 130 + 58 * row
            pen.rectangle((left, top, left + 5, top + 26), fill="#1c1c1e")
            pen.rectangle((left + 5, top + 10, left + 16, top + 15), fill="#1c1c1e")
    return image


def on_a_desk(desk: str, degrees: float) -> Image.Image:
    """The sheet a little askew on a desk with a grain, of which a narrow strip is seen."""
    size = (1530, 1080)
    grain = Image.effect_noise((size[0] // 8, size[1] // 2), 28).resize(size).convert("RGB")
    image = Image.blend(Image.new("RGB", size, desk), grain, 0.15)
    image.paste(sheet(), (15, 15))
    return image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=desk)


def is_cut(image: Image.Image) -> bool:
    found = findings((judging.look(image, min(image.size)),), RULE)
    return any(one.check is PaperCheck.CUT for one in found)


@pytest.mark.parametrize("desk", ["#7a583c", "#464a50", "#cec6b8", "#283442"])
@pytest.mark.parametrize("degrees", [-1.2, -0.6, 0.0, 0.9])
def test_a_desk_beside_a_whole_sheet_is_no_print(desk: str, degrees: float) -> None:
    assert not is_cut(on_a_desk(desk, degrees))


@pytest.mark.parametrize("box", [(0, 0, 1010, 1050), (400, 0, 1500, 1050), (0, 600, 1500, 1050)])
def test_print_that_ends_at_an_edge_is_cut(box: tuple[int, int, int, int]) -> None:
    assert is_cut(sheet().crop(box))
    assert not is_cut(sheet())


def test_print_is_cut_on_a_desk_too() -> None:
    whole = on_a_desk("#7a583c", 0.8)
    assert is_cut(whole.crop((0, 0, 1000, whole.height)))


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 2), (7, 7)])
def test_a_page_of_a_few_px_has_no_print_at_its_edges(size: tuple[int, int]) -> None:
    assert not is_cut(Image.new("RGB", size, "#f6f5f0"))
