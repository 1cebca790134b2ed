"""Pictures that people send: measured without trust, made into portraits. All are invented."""

from __future__ import annotations

import warnings
from io import BytesIO
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.media.decoding import paper_scan
from bot.media.decoding.photo import measure, portrait, prepare
from bot.media.unreadable import UnreadablePicture
from states.photo import KB, PhotoRule
from states.texts import Problem
from tests import photos

pytestmark = pytest.mark.row("C3")

RULE = PhotoRule(
    formats=("JPEG",),
    min_width=420,
    min_height=600,
    min_kb=50,
    recommended_width=1500,
    recommended_height=2000,
    source="domain §3, the row of December 2025",
)


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def pixel(image: Image.Image, x: float, y: float) -> tuple[int, int, int]:
    """The colour at a part of the width and of the height."""
    found = image.convert("RGB").getpixel((int(x * image.width), int(y * image.height)))
    assert isinstance(found, tuple)
    red, green, blue = found
    return red, green, blue


def is_upright(image: Image.Image) -> bool:
    """Dark hair at the top, blue clothes at the bottom."""
    hair, clothes = pixel(image, 0.5, 0.16), pixel(image, 0.5, 0.95)
    return max(hair) < 90 and clothes[2] > clothes[0] + 30


def reason(content: bytes) -> Problem:
    with pytest.raises(UnreadablePicture) as caught:
        measure(content)
    with pytest.raises(UnreadablePicture):
        portrait(content, RULE)
    return caught.value.reason


def test_a_photo_is_measured() -> None:
    content = photos.jpeg(1500, 2000)
    found = measure(content)
    assert (found.format, found.width, found.height, found.frames) == ("JPEG", 1500, 2000, 1)
    assert found.size == len(content)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF"])
def test_the_format_is_told_by_content(kind: str) -> None:
    assert measure(photos.encoded(photos.face(300, 400), kind)).format == kind


def test_a_photo_with_a_preview_behind_it_is_a_jpeg_of_one_frame() -> None:
    face = photos.face(900, 1200)
    pair = photos.encoded(face, "MPO", save_all=True, append_images=[photos.face(90, 120)])
    assert opened(pair).format == "MPO"
    found = measure(pair)
    assert (found.format, found.frames, found.width) == ("JPEG", 1, 900)
    assert opened(portrait(pair, RULE)).size == (840, 1200)


def test_an_animation_is_counted() -> None:
    assert measure(photos.animated_gif(3)).frames == 3


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_seen_as_the_camera_was_held(orientation: int) -> None:
    content = photos.turned_jpeg(orientation, 900, 1200)
    found = measure(content)
    assert (found.width, found.height) == (900, 1200)
    assert is_upright(opened(portrait(content, RULE)))


def test_a_portrait_has_the_proportion_and_the_recommended_size() -> None:
    made = opened(portrait(photos.jpeg(3024, 4032), RULE))
    assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (1400, 2000))
    assert is_upright(made)


@pytest.mark.parametrize("size", [(420, 600), (700, 1000), (1400, 2000)])
def test_a_portrait_is_never_enlarged(size: tuple[int, int]) -> None:
    assert opened(portrait(photos.encoded(photos.face(*size), quality=95), RULE)).size == size


def test_a_portrait_carries_no_exif_and_no_profile() -> None:
    with_camera = photos.turned_jpeg(6)
    assert opened(with_camera).getexif()
    made = opened(portrait(with_camera, RULE))
    assert not made.getexif()
    assert "icc_profile" not in made.info


def test_a_portrait_carries_no_comment() -> None:
    with_comment = photos.encoded(photos.face(900, 1200), quality=95, comment=b"invented camera")
    assert opened(with_comment).info["comment"]
    assert b"invented camera" not in portrait(with_comment, RULE)


def test_a_portrait_weighs_what_the_rule_asks() -> None:
    content = photos.jpeg(840, 1200)
    light = PhotoRule(("JPEG",), 420, 600, 0, 420, 600, "invented")
    heavy = PhotoRule(("JPEG",), 420, 600, 90, 420, 600, "invented")
    assert len(portrait(content, light)) < 60 * KB
    assert len(portrait(content, heavy)) >= 90 * KB


def test_an_empty_picture_is_refused_rather_than_padded() -> None:
    with pytest.raises(UnreadablePicture) as caught:
        portrait(photos.light_jpeg(420, 600), RULE)
    assert caught.value.reason.key == "problem-photo-empty"
    assert caught.value.reason.args["min_kb"] == 50


def test_what_is_transparent_becomes_white() -> None:
    content = photos.transparent_png()
    assert min(pixel(opened(portrait(content, RULE)), 0.5, 0.02)) > 245


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_colour_modes_become_rgb(mode: str) -> None:
    content = photos.encoded(photos.face(900, 1200).convert(mode), quality=95)
    assert opened(portrait(content, RULE)).mode == "RGB"


def test_deep_grey_is_scaled_and_not_cut_off() -> None:
    grey = Image.new("I;16", (420, 600), 128 * 256)
    light = PhotoRule(("PNG",), 420, 600, 0, 420, 600, "invented")
    made = opened(portrait(photos.encoded(grey, "PNG"), light))
    assert abs(pixel(made, 0.5, 0.5)[0] - 128) <= 1


def test_colours_are_those_that_the_profile_means() -> None:
    face = photos.face(900, 1200)
    plain = portrait(photos.encoded(face, quality=92), RULE)
    named = portrait(photos.encoded(face, quality=92, icc_profile=photos.srgb_profile()), RULE)
    odd = portrait(photos.encoded(face, quality=92, icc_profile=photos.lab_profile()), RULE)
    junk = portrait(photos.encoded(face, quality=92, icc_profile=b"junk"), RULE)
    wide = portrait(photos.encoded(face, quality=92, icc_profile=photos.swapped_profile()), RULE)
    assert plain == named == odd == junk
    red, _, blue = pixel(opened(plain), 0.5, 0.95)
    swapped_red, _, swapped_blue = pixel(opened(wide), 0.5, 0.95)
    assert blue > red
    assert swapped_red > swapped_blue


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "problem-photo-unknown"),
        (b"GIF89a", "problem-photo-unknown"),
        (b"\xff\xd8\xff\xe0 not a picture", "problem-photo-unknown"),
        ("请看我的照片".encode(), "problem-photo-unknown"),
        (photos.heic_header(), "problem-photo-heic"),
        (photos.truncated_jpeg(), "problem-photo-broken"),
        (photos.encoded(photos.face(300, 400), "PNG")[:-40_000], "problem-photo-broken"),
    ],
    ids=["empty", "header", "lie", "text", "heic", "truncated-jpeg", "truncated-png"],
)
def test_what_is_no_whole_picture_is_refused(content: bytes, key: str) -> None:
    assert reason(content).key == key


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "AVIF"),
        (b"II*\0\x08\0\0\0", "TIFF"),
    ],
)
def test_a_format_that_we_do_not_read_is_named(content: bytes, name: str) -> None:
    assert reason(content) == Problem("problem-photo-foreign", {"format": name})


@pytest.mark.parametrize("side", [6_400, 10_000, 20_000, 2**31 - 1])
@pytest.mark.parametrize("action", ["error", "ignore"])
def test_a_bomb_is_refused_by_its_header(side: int, action: str) -> None:
    content = photos.bomb_png(side, side)
    with warnings.catch_warnings():
        warnings.simplefilter("error" if action == "error" else "ignore")
        found = reason(content)
    assert found.key == "problem-photo-pixels-many"
    assert found.args["limit"] in (24, 40)  # Pillow may say it before the format is known


def test_a_jpeg_of_a_thousand_scans_is_refused() -> None:
    whole = photos.encoded(photos.face(300, 400), progressive=True)
    start = whole.index(b"\xff\xda")
    assert measure(whole).format == "JPEG"
    assert reason(whole[:start] + whole[start:-2] * 100).key == "problem-photo-broken"


@settings(max_examples=40)
@given(st.integers(420, 1700), st.integers(600, 1700), st.integers(1, 8))
def test_a_sufficient_photo_makes_a_sufficient_portrait(
    width: int, height: int, orientation: int
) -> None:
    exact = PhotoRule(("JPEG",), 420, 600, 0, 420, 600, "invented")
    exif = Image.Exif()
    exif[photos.ORIENTATION] = orientation
    stored = (height, width) if orientation > 4 else (width, height)
    content = photos.encoded(Image.new("RGB", stored, "white"), exif=exif)
    assert opened(portrait(content, exact)).size == (420, 600)


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_file_is_measured_or_refused_but_never_breaks(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["JPEG", "PNG", "GIF", "BMP"]))
    whole = bytearray(photos.encoded(photos.face(60, 80), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, min(len(whole) - 1, 700)))] = data.draw(st.integers(0, 255))
    content = bytes(whole[: data.draw(st.integers(1, len(whole)))])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata; production does not mind
        try:
            found = measure(content)
        except UnreadablePicture:
            return
    assert 0 < found.width * found.height <= 40_000_000


def test_a_portrait_obeys_the_profile_of_a_printers_picture() -> None:
    """The scan and the portrait of one CMYK file have one look."""
    printed = photos.face(900, 1200).convert("CMYK")
    content = photos.encoded(printed, quality=95, icc_profile=photos.cmyk_profile())
    plain = photos.encoded(printed, quality=95)
    told, untold = (opened(portrait(one, RULE)) for one in (content, plain))
    assert pixel(told, 0.5, 0.95) != pixel(untold, 0.5, 0.95)
    kept = opened(paper_scan.prepare(content).content)
    difference = zip(pixel(told, 0.5, 0.95), pixel(kept, 0.5, 0.95), strict=True)
    assert max(abs(one - other) for one, other in difference) < 12


def test_a_light_photo_has_no_portrait_and_is_no_blank_one() -> None:
    made = prepare(photos.light_jpeg(420, 600), RULE)
    assert (made.portrait, made.content) == (None, b"")


def test_a_photo_with_its_portrait() -> None:
    made = prepare(photos.jpeg(), RULE)
    assert made.portrait == measure(made.content)
    assert (made.photo.width, made.photo.height) == (1500, 2000)


@pytest.mark.parametrize("step", [1, 255])
def test_a_gif_of_millions_of_blocks_is_refused_at_once(step: int) -> None:
    whole = photos.encoded(photos.face(60, 80), "GIF")
    block = bytes([step]) + bytes(step)
    comment = b"\x21\xfe" + block * (20_000_000 // len(block)) + b"\0"
    began = process_time()
    with pytest.raises(UnreadablePicture) as caught:
        measure(whole[:-1] + comment * (1 if step == 1 else 2) + b";")
    assert caught.value.reason.key == "problem-photo-broken"
    assert process_time() - began < 0.5
    assert measure(whole).format == "GIF"
