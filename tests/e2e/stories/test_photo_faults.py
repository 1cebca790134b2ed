"""Each fault of a photo is told with its numbers on the candidate's own picture, or mended.

A detector does not find every drawn face, so these faces are given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest
from PIL import Image

from tests import photos
from tests.bot.media.decoding.judging.test_judge import PLANTED
from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.person import Person
from tests.fakes.faces import face_of, finds
from tests.fakes.media_worker import InProcessMediaWorker

pytestmark = pytest.mark.row("B5", "C3")

HIGH: Final = 2000
MENDABLE: Final[Mapping[str, tuple[dict[str, Any], str]]] = {
    "almost white": ({"ground": "#d6dade"}, "可以帮您变白"),
    "leaning": ({"tilt": 12.0, "share": 0.5}, "可以帮您转正"),
    "too small": ({"share": 0.5}, "头高占照片的"),
    "beside the middle": ({"share": 0.5, "shift": 0.09}, "头偏离中间"),
}
TOLD: Final = {
    "frame": "带边框",
    "shadow": "背景不均匀",
    "stamp": "背景里好像有别的东西",
    "screen": "像屏幕一样的网纹",
    "blur": "糊了",
    "grey": "像是黑白照片",
    "bright": "过",
    "dark": "脸太暗",
    "enlarged": "像是放大过的",
    "screenshot": "像是手机截图",
    "print": "像是翻拍的纸质照片",
}
"""The words of each fault that ``PLANTED`` plants."""


def sent(image: Image.Image) -> bytes:
    return photos.encoded(image, quality=98)  # also a dark photo has 50 KB


async def comes_to_the_photo(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> Person:
    """She comes to the photo; the bot judges in its own process, where faces can be given."""
    await harness.stops()
    monkeypatch.setattr("bot.app.MediaWorker", InProcessMediaWorker)
    await harness.starts()
    ling = harness.person("ling")
    await scenes.comes_to_the_photo(ling)
    return ling


async def test_a_good_photo_has_nothing_to_be_told(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    finds(monkeypatch, HIGH, face_of(HIGH))
    ling = await comes_to_the_photo(harness, monkeypatch)
    await ling.sends_file(sent(photos.person(HIGH)))
    shown = await ling.sees("报名表上将使用这张照片", "看了 17 项，都没有发现问题")
    assert shown.has_picture
    await ling.presses("就用这张")
    await ling.sees("照片已保存")


async def test_what_may_be_mended_is_mended_and_either_one_may_be_used(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    ling = await comes_to_the_photo(harness, monkeypatch)
    for looks, words in MENDABLE.values():
        place = {key: value for key, value in looks.items() if key != "ground"}
        finds(monkeypatch, HIGH, face_of(HIGH, **place))
        await ling.sends_file(sent(photos.person(HIGH, **looks)))
        shown = await ling.sees("左边是原来的，右边是修好的", words)
        assert shown.has_picture
        assert shown.labels[:3] == ("用修好的", "用原来的", "换一张")
    await ling.presses("用修好的")
    await ling.sees("照片已保存")


async def test_what_cannot_be_mended_is_told_and_stops_nobody(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    finds(monkeypatch, 1500, face_of(1500))
    ling = await comes_to_the_photo(harness, monkeypatch)
    for name, (plant, _check) in PLANTED.items():
        await ling.sends_file(sent(plant(photos.person())))
        shown = await ling.sees("报名表上将使用这张照片", TOLD[name])
        assert shown.has_picture
    await ling.presses("就用这张")
    await ling.sees("照片已保存")


async def test_a_photo_of_two_people_or_of_nobody_is_told(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    ling = await comes_to_the_photo(harness, monkeypatch)
    both = [face_of(HIGH, share=0.4, shift=shift) for shift in (-0.2, 0.2)]
    finds(monkeypatch, HIGH, *both)
    await ling.sends_file(sent(photos.person(HIGH)))
    await ling.sees("照片里有 2 张脸，只能有 1 张")
    finds(monkeypatch, HIGH)
    await ling.sends_file(sent(photos.person(HIGH, share=0.6)))
    await ling.sees("没有找到人脸")


@pytest.mark.row("B6")
async def test_both_routes_take_a_good_photo_and_only_the_messengers_copy_gets_the_steps(
    ling: Person,
) -> None:
    await scenes.comes_to_the_photo(ling)
    small = photos.encoded(photos.person(560), quality=92)
    await ling.sends_picture(small)
    await ling.sees("选“文件”，不要选“照片”")
    await ling.sees("请发您的报名照片")
    await ling.sends_file(small)
    answer = await ling.sees("请发您的报名照片")
    assert "选“文件”，不要选“照片”" not in answer.text
    for send in (ling.sends_picture, ling.sends_file):
        await send(sent(photos.person()))
        await ling.sees("报名表上将使用这张照片")
