"""The picture of the process, as the eye takes it: colours, signs, order, wrapping."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.media.progress_picture import WIDTH, LabelledStep, draw
from states.progress.process_steps import StepStatus

pytestmark = pytest.mark.row("S20", "C3")

CHINESE = ["填写信息", "确认照片", "上传材料", "提交信息"]
CHINESE += ["报名确认", "资格审核", "网上缴费", "报名成功"]
MARKS = [StepStatus.DONE] * 4 + [StepStatus.CURRENT] + [StepStatus.AHEAD] * 3
DARK_BLUE, LIGHT_BLUE, RED = (29, 78, 158), (61, 150, 224), (198, 47, 47)


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    assert image.format == "PNG"
    return image.convert("RGB")


def near(image: Image.Image, colour: tuple[int, int, int]) -> list[tuple[int, int]]:
    """Return the pixels that have about this colour."""
    return [
        (x, y)
        for y in range(image.height)
        for x in range(image.width)
        if all(abs(one - other) < 12 for one, other in zip(at(image, x, y), colour, strict=True))
    ]


def at(image: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    found = image.getpixel((x, y))
    assert isinstance(found, tuple)
    red, green, blue = found
    return red, green, blue


def one(status: StepStatus) -> Image.Image:
    """The picture of a single node."""
    return opened(draw([LabelledStep("资格审核", status)], "报考流程"))


def test_eight_nodes_fit_a_phone_and_weigh_little() -> None:
    nodes = [LabelledStep(label, mark) for label, mark in zip(CHINESE, MARKS, strict=True)]
    content = draw(nodes, "您的报考流程")
    image = opened(content)
    assert image.width == WIDTH == 720
    assert 700 < image.height < 1200
    assert len(content) < 60_000


@pytest.mark.parametrize(
    ("status", "colour"),
    [(StepStatus.DONE, DARK_BLUE), (StepStatus.CURRENT, LIGHT_BLUE), (StepStatus.REFUSED, RED)],
)
def test_each_mark_has_its_colour(status: StepStatus, colour: tuple[int, int, int]) -> None:
    assert len(near(one(status), colour)) > 800
    assert len(near(one(StepStatus.AHEAD), colour)) < 50


def test_each_mark_has_a_sign_of_its_own() -> None:
    """With all colour taken away, no two discs look alike."""
    discs = [one(mark).convert("L").crop((60, 100, 120, 220)) for mark in StepStatus]
    shapes = [disc.point(lambda value: 255 * (value > 225)).tobytes() for disc in discs]
    for number, shape in enumerate(shapes):
        for other in shapes[:number]:
            assert sum(a != b for a, b in zip(shape, other, strict=True)) > 60


def test_nodes_stand_in_their_order() -> None:
    image = opened(
        draw([LabelledStep("甲", StepStatus.DONE), LabelledStep("乙", StepStatus.REFUSED)], "题")
    )
    lowest_blue = max(y for _, y in near(image, DARK_BLUE))
    highest_red = min(y for _, y in near(image, RED))
    assert lowest_blue < highest_red


def test_a_long_label_is_wrapped_and_stays_inside() -> None:
    short = one(StepStatus.AHEAD)
    for label in ("资格审核由考点和考区分两步进行审核" * 3, "Qualification review " * 6, "a" * 60):
        image = opened(draw([LabelledStep(label, StepStatus.AHEAD)], "报考流程"))
        assert image.height > short.height
        edge = image.crop((image.width - 40, 0, image.width, image.height))
        assert edge.getcolors(1) is not None  # paper and nothing else


def test_no_nodes_make_a_picture_of_the_title_alone() -> None:
    assert opened(draw([], "报考流程")).width == WIDTH
