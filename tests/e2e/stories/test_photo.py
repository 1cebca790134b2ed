"""The photo: what is wrong with it is said with its numbers, and the network may fail."""

from __future__ import annotations

import pytest

from tests import photos
from tests.e2e import scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.db_asserts import database_summary, records
from tests.e2e.person import Person
from tests.fakes.skipping_clock import SkippingClock

pytestmark = pytest.mark.row("S10", "C3")


async def test_every_wrong_photo_is_explained_and_asked_again(ling: Person) -> None:
    await scenes.comes_to_the_photo(ling)
    await ling.sends_file(photos.jpeg(300, 400))
    await ling.sees("300×400", "至少要 420×600", "请发您的报名照片")
    await ling.sends_file(photos.light_jpeg(600, 800))
    await ling.sees("至少要 50 KB", "请发您的报名照片")
    await ling.sends_file(photos.encoded(photos.face(600, 800), "PNG"), "photo.png")
    await ling.sees("照片格式是 PNG", "请发您的报名照片")
    await ling.sends_file(b"")
    await ling.sees("不是照片", "请发您的报名照片")
    await ling.sends_file(photos.truncated_jpeg())
    await ling.sees("不完整", "请发您的报名照片")
    await ling.sends_file(photos.heic_header(), "IMG_0001.HEIC")
    await ling.sees("HEIC", "请发您的报名照片")
    await ling.sends_file(b"%PDF-1.7 " + bytes(100), "photo.jpg")
    await ling.sees("PDF", "请发您的报名照片")
    await ling.says("我没有照片")
    await ling.sees("照相馆给的原始电子照片")
    await scenes.gives_the_photo(ling)


async def test_a_compressed_picture_is_taken_where_it_is_good_enough(ling: Person) -> None:
    await scenes.comes_to_the_photo(ling)
    await ling.sends_picture(photos.jpeg(400, 560))
    await ling.sees("400×560", "作为文件发来")
    await ling.sends_picture(photos.jpeg(1500, 2000))
    shown = await ling.sees("报名表上将使用这张照片")
    assert shown.has_picture


@pytest.mark.row("B5")
async def test_a_blue_background_is_found_and_stops_nobody(ling: Person) -> None:
    await scenes.comes_to_the_photo(ling)
    await ling.sends_file(photos.encoded(photos.person(1500, ground="#1e6fd9"), quality=92))
    shown = await ling.sees("背景像是蓝色", "要白底", "照片审核处理工具")
    assert shown.has_picture
    await ling.presses("就用这张")
    await ling.sees("照片已保存")


@pytest.mark.row("B5")
async def test_an_almost_white_background_is_mended_and_the_candidate_chooses(
    ling: Person,
) -> None:
    await scenes.comes_to_the_photo(ling)
    await ling.sends_file(photos.encoded(photos.person(1500, ground="#d6dade"), quality=92))
    shown = await ling.sees("左边是原来的，右边是修好的", "可以帮您变白")
    assert shown.has_picture
    await ling.presses("用修好的")
    await ling.sees("照片已保存")


@pytest.mark.row("B6")
async def test_a_picture_too_small_is_answered_by_the_steps_to_a_file(ling: Person) -> None:
    await scenes.comes_to_the_photo(ling)
    await ling.sends_picture(photos.jpeg(400, 560))
    await ling.sees("选“文件”，不要选“照片”")
    await ling.sees("400×560", "作为文件发来")


@pytest.mark.row("B6")
async def test_an_enlarged_photo_is_found(ling: Person) -> None:
    await scenes.comes_to_the_photo(ling)
    small = photos.person(500)
    await ling.sends_file(photos.encoded(small.resize((1050, 1500)), quality=92))
    await ling.sees("放大过")


async def test_another_photo_after_looking_at_it(ling: Person, harness: Harness) -> None:
    await scenes.comes_to_the_photo(ling)
    await ling.sends_file(scenes.PHOTO)
    await ling.sees("报名表上将使用这张照片")
    await ling.presses("换一张")
    await ling.sees("请发您的报名照片")
    await ling.sends_file(photos.jpeg(800, 1100))
    await ling.sees("报名表上将使用这张照片")
    await ling.presses("就用这张")
    await ling.sees("照片已保存", "请核对全部信息")
    assert (await database_summary(harness.settings)).audit_entries[1001]["photo-confirmed"] == 1


async def test_a_broken_network_is_tried_again(
    fast_harness: Harness, fast_clock: SkippingClock
) -> None:
    ling = fast_harness.person("ling")
    await scenes.comes_to_the_photo(ling)
    await fast_harness.fault("refuse", method="getFile")
    await fast_harness.fault("500", method="getFile")
    await ling.sends_file(scenes.PHOTO)
    await ling.sees("报名表上将使用这张照片")
    assert fast_clock.slept[-2:] == [1.0, 2.0]


async def test_a_network_that_stays_broken_is_owned_up_to(fast_harness: Harness) -> None:
    ling = fast_harness.person("ling")
    await scenes.comes_to_the_photo(ling)
    await fast_harness.fault("refuse", method="getFile", times=3)
    await ling.sends_file(scenes.PHOTO)
    await ling.sees("照片没有传过来", "请发您的报名照片")
    await scenes.gives_the_photo(ling)


async def test_nobody_waits_for_somebody_elses_slow_photo(
    ling: Person, chen: Person, harness: Harness
) -> None:
    await scenes.comes_to_the_photo(ling)
    await scenes.meets_the_bot(chen)
    await harness.fault("refuse", method="sendChatAction")
    await harness.fault("delay", method="getFile", seconds=1.5)
    await ling.sends_file(scenes.PHOTO)
    await ling.says("/status")
    await chen.says("陈航")
    await chen.sees("用哪种证件报名")
    await chen.presses("居民身份证")
    await chen.sees("证件号码是多少")
    said = [message.text for message in await ling.from_bot()]
    assert "请发您的报名照片" in said[-1]
    await ling.sees("报名表上将使用这张照片")
    await ling.sees("还差照片")


async def test_a_photo_sent_twice_is_kept_once(ling: Person, harness: Harness) -> None:
    await scenes.comes_to_the_photo(ling)
    for _ in range(2):
        await ling.sends_file(scenes.PHOTO)
        await ling.sees("报名表上将使用这张照片")
        await ling.presses("换一张")
        await ling.sees("请发您的报名照片")
    assert (await database_summary(harness.settings)).files == 2


async def test_only_the_photo_that_is_used_stays(ling: Person, harness: Harness) -> None:
    """Tried and replaced ones would pile up, and they are portraits of a person."""
    await scenes.comes_to_the_photo(ling)
    for width in (760, 770):
        await ling.sends_file(photos.jpeg(width, 1000))
        await ling.sees("报名表上将使用这张照片")
        await ling.presses("换一张")
        await ling.sees("请发您的报名照片")
    await scenes.gives_the_photo(ling)
    await ling.presses("换照片")
    await ling.sees("请发您的报名照片")
    await ling.sends_file(photos.jpeg(780, 1000))
    await ling.sees("报名表上将使用这张照片")
    await ling.presses("就用这张")
    await ling.sees("请核对全部信息")
    await harness.settles()
    assert (await database_summary(harness.settings)).files == 2  # the original and its portrait
    known = await records(harness.settings, EXAM.key, 1001)
    assert known.person is not None
    assert known.application is not None
    assert known.application.photo == known.person.photo
