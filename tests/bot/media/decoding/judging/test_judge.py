"""The judge of photos on drawn people: each verdict has a number, and mending changes no face."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from bot.core.exam_files import load
from bot.media.decoding import photo
from bot.media.decoding.judging import judge
from bot.media.decoding.judging.faces import finder
from bot.media.decoding.judging.judge import Judged
from bot.media.decoding.judging.measuring import moved
from states.photo.checks import Check, Ground, PhotoFinding, PhotoVerdict, Remedy, faults
from tests import photos
from tests.fakes.faces import face_of, finds, has_no_model

pytestmark = pytest.mark.row("B5", "C3")

RULE = load("health-2026").photo
FACE_CHECKS = {Check.FACES, Check.HEAD, Check.PLACE, Check.TILT, Check.TURN}


def looked_at(image: Image.Image) -> Judged:
    return judge.judged(image, None, RULE)


def told(image: Image.Image) -> dict[Check, PhotoFinding]:
    """The faults of a photo."""
    return {one.check: one for one in faults(looked_at(image).findings(RULE))}


def test_a_good_photo_has_no_fault_and_a_number_for_each_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finds(monkeypatch, 1500, face_of(1500))
    found = looked_at(photos.person()).findings(RULE)
    assert {one.verdict for one in found} == {PhotoVerdict.PASSES}
    assert all(one.value is not None and one.limit is not None for one in found)
    assert [one.check for one in found] == list(Check)


@pytest.mark.parametrize(
    ("ground", "name"),
    [
        ("#0078ff", Ground.BLUE),
        ("#438edb", Ground.BLUE),
        ("#c8141e", Ground.RED),
        ("#bebebe", Ground.GREY),
        ("#101010", Ground.BLACK),
        ("#78aa82", Ground.GREEN),
        ("#e0d060", Ground.YELLOW),
        ("#8040a0", Ground.PURPLE),
    ],
)
def test_a_background_that_is_not_white_is_named(
    monkeypatch: pytest.MonkeyPatch, ground: str, name: Ground
) -> None:
    finds(monkeypatch, 1500, face_of(1500))
    image = photos.person(ground=ground)
    fault = told(image)[Check.BACKGROUND]
    assert (fault.verdict, fault.limit) == (PhotoVerdict.MEND, 11)
    assert fault.value is not None
    assert fault.value > 20
    assert fault.remedy is Remedy.ANEW
    assert looked_at(image).measures.ground is name


def test_without_a_model_the_face_is_not_judged_and_the_rest_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    has_no_model(monkeypatch)
    found = looked_at(photos.person(ground="#0078ff")).findings(RULE)
    left = {one.check for one in found if one.verdict is PhotoVerdict.NOT_JUDGED}
    assert left == FACE_CHECKS
    assert {one.check for one in faults(found)} == {Check.BACKGROUND}


def framed(image: Image.Image) -> Image.Image:
    made = image.copy()
    ImageDraw.Draw(made).rectangle((0, 0, *made.size), outline="#203060", width=30)
    return made


def shadowed(image: Image.Image) -> Image.Image:
    shade = np.linspace(1.0, 0.6, image.width)[None, :, None]
    return Image.fromarray((np.asarray(image) * shade).astype(np.uint8))


def stamped(image: Image.Image) -> Image.Image:
    made = image.copy()
    for row in range(6):
        ImageDraw.Draw(made).rectangle((40, 60 + 50 * row, 110, 90 + 50 * row), fill="#203060")
    return made


def screen(image: Image.Image) -> Image.Image:
    x, y = np.meshgrid(np.arange(image.width), np.arange(image.height))
    stripes = 1 - 0.2 * (1 + np.cos(2 * np.pi * (x + 0.1 * y) / 3.1))[..., None]
    return Image.fromarray((np.asarray(image) * stripes).astype(np.uint8))


def on_a_phone(image: Image.Image) -> Image.Image:
    """The picture in a phone's gallery: white above and below, with a clock and buttons."""
    width, height = image.size
    made = Image.new("RGB", (width, height + width // 2), "white")
    made.paste(image, (0, width // 4))
    pen = ImageDraw.Draw(made)
    pen.rectangle((40, 20, 160, 50), "#303030")
    for number in range(4):
        left = (number + 0.45) * width / 4
        pen.ellipse((left, made.height - 140, left + width / 16, made.height - 90), "#303030")
    return made


def on_a_table(image: Image.Image) -> Image.Image:
    """The picture as a print, a little askew on a table that is seen at the left and below."""
    grain = Image.effect_noise(image.size, 30).convert("RGB")
    table = Image.blend(Image.new("RGB", image.size, "#8a6038"), grain, 0.2)
    sheet = Image.new("L", image.size, 255).rotate(2.5, translate=(60, -70))
    table.paste(image.rotate(2.5, translate=(60, -70)), mask=sheet)
    return table


PLANTED = {
    "frame": (framed, Check.BORDER),
    "shadow": (shadowed, Check.EVENNESS),
    "stamp": (stamped, Check.MARKS),
    "screen": (screen, Check.SCREEN),
    "blur": (lambda one: one.filter(ImageFilter.GaussianBlur(14)), Check.SHARPNESS),
    "grey": (lambda one: one.convert("L").convert("RGB"), Check.COLOUR),
    "bright": (lambda one: one.point(lambda v: min(255, 2 * v)), Check.HIGHLIGHTS),
    "dark": (lambda one: one.point(lambda v: v // 6), Check.EXPOSURE),
    "enlarged": (
        lambda one: one.resize((420, 600)).resize(one.size, Image.Resampling.BICUBIC),
        Check.ENLARGED,
    ),
    "screenshot": (on_a_phone, Check.SCREENSHOT),
    "print": (on_a_table, Check.PRINT),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    finds(monkeypatch, 1500, face_of(1500))
    plant, check = PLANTED[name]
    good, bad = told(photos.person()), told(plant(photos.person()))
    assert check not in good
    assert bad[check].value is not None


def test_a_screenshot_is_told_once_and_stays_one_when_its_head_is_cropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The crop of the rule's proportion shows no bar."""
    whole = on_a_phone(photos.person(2000, share=0.5))
    monkeypatch.setattr(
        judge, "_faces", lambda *_: [moved(face_of(2000, share=0.5), 0, -whole.width // 4)]
    )
    first = looked_at(whole)
    found = {one.check for one in faults(first.findings(RULE))}
    assert found == {Check.HEAD, Check.SCREENSHOT}
    better = judge.mended(first, RULE)
    assert better is not None
    assert {one.check for one in faults(better.findings(RULE))} == {Check.SCREENSHOT}


def test_a_frame_is_no_screenshot_and_no_print(monkeypatch: pytest.MonkeyPatch) -> None:
    finds(monkeypatch, 1500, face_of(1500))
    found = told(framed(photos.person())).keys()
    assert Check.BORDER in found
    assert not found & {Check.SCREENSHOT, Check.PRINT}


@pytest.mark.parametrize("high", [0.06, 0.3])
def test_wall_above_a_head_and_dark_clothes_below_it_are_no_bars(
    monkeypatch: pytest.MonkeyPatch, high: float
) -> None:
    finds(monkeypatch, 1500, face_of(1500))
    image = photos.person().copy()
    top = round((1 - high) * image.height)
    ImageDraw.Draw(image).ellipse((-200, top, image.width + 200, 2 * image.height), "#101014")
    found = looked_at(image).measures
    assert found.screenshot == 0
    assert found.print is not None
    assert found.print < 80


@pytest.mark.parametrize(
    ("faces", "verdict"),
    [
        ((), PhotoVerdict.STAFF),
        (
            (face_of(1500, share=0.4, shift=-0.2), face_of(1500, share=0.4, shift=0.2)),
            PhotoVerdict.MEND,
        ),
    ],
    ids=["none", "two"],
)
def test_there_is_one_face(
    monkeypatch: pytest.MonkeyPatch, faces: tuple[object, ...], verdict: PhotoVerdict
) -> None:
    finds(monkeypatch, 1500, *faces)  # type: ignore[arg-type]
    image = photos.person()
    assert told(image)[Check.FACES].verdict is verdict
    assert judge.mended(looked_at(image), RULE) is None  # of two people none is cut out


def test_a_face_that_looks_aside_is_for_the_staff(monkeypatch: pytest.MonkeyPatch) -> None:
    finds(monkeypatch, 1500, face_of(1500, turn=0.08))
    fault = told(photos.person())[Check.TURN]
    assert fault.verdict is PhotoVerdict.STAFF


@pytest.mark.parametrize("tilt", [-16, 10, 16])
def test_a_head_that_leans_is_straightened(monkeypatch: pytest.MonkeyPatch, tilt: float) -> None:
    finds(monkeypatch, 2000, face_of(2000, tilt=tilt, share=0.5))
    first = looked_at(photos.person(2000, tilt=tilt, share=0.5))
    assert first.measures.tilt == pytest.approx(abs(tilt), abs=1)
    better = judge.mended(first, RULE)
    assert better is not None
    assert better.measures.tilt == pytest.approx(0, abs=1)
    assert Check.TILT not in {one.check for one in faults(better.findings(RULE))}
    corners = np.asarray(better.portrait)[-8:, [*range(8), *range(-8, 0)]]
    assert corners.max() < 180  # clothes and no fill


def test_a_leaning_head_without_room_around_it_has_to_be_taken_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Turned, its corners would lie outside of the photo; clothes are not painted."""
    finds(monkeypatch, 2000, face_of(2000, tilt=16))
    first = looked_at(photos.person(2000, tilt=16))
    assert Check.TILT in {one.check for one in faults(first.findings(RULE))}
    assert judge.mended(first, RULE) is None


@pytest.mark.parametrize(("share", "shift"), [(0.45, 0.0), (0.5, 0.1)])
def test_a_small_head_beside_the_middle_is_cropped(
    monkeypatch: pytest.MonkeyPatch, share: float, shift: float
) -> None:
    finds(monkeypatch, 2000, face_of(2000, share=share, shift=shift))
    first = looked_at(photos.person(2000, share=share, shift=shift))
    better = judge.mended(first, RULE)
    assert better is not None
    assert faults(better.findings(RULE)) == ()
    assert better.portrait.width * 10 == pytest.approx(better.portrait.height * 7, abs=12)
    assert better.portrait.height < first.portrait.height  # cut out, never enlarged


def test_a_small_photo_of_a_small_head_is_not_enlarged(monkeypatch: pytest.MonkeyPatch) -> None:
    finds(monkeypatch, 620, face_of(620, share=0.4))
    first = looked_at(photos.person(620, share=0.4))
    assert Check.HEAD in {one.check for one in faults(first.findings(RULE))}
    assert judge.mended(first, RULE) is None


def test_an_almost_white_background_is_whitened_and_hair_and_clothes_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finds(monkeypatch, 1500, face_of(1500))
    first = looked_at(photos.person(ground="#d6dade"))
    before = faults(first.findings(RULE))
    assert [(one.check, one.remedy) for one in before] == [(Check.BACKGROUND, Remedy.BOT)]
    better = judge.mended(first, RULE)
    assert better is not None
    assert better.measures.background == pytest.approx(0, abs=4)
    one, other = (np.asarray(each.portrait, np.int16) for each in (first, better))
    changed = np.abs(one - other).max(axis=-1)
    height, width = changed.shape
    hair = changed[height * 14 // 100 : height * 22 // 100, width * 4 // 10 : width * 6 // 10]
    face = changed[height * 3 // 10 : height * 7 // 10, width * 35 // 100 : width * 65 // 100]
    clothes = changed[height * 95 // 100 :, width * 2 // 10 : width * 8 // 10]
    assert (hair.max(), face.max(), clothes.max()) == (0, 0, 0)


def test_a_blue_background_is_not_painted_over(monkeypatch: pytest.MonkeyPatch) -> None:
    finds(monkeypatch, 1500, face_of(1500))
    assert judge.mended(looked_at(photos.person(ground="#438edb")), RULE) is None


def test_a_photo_comes_with_its_portrait_and_a_mended_one(monkeypatch: pytest.MonkeyPatch) -> None:
    finds(monkeypatch, 2000, face_of(2000, tilt=12, share=0.5))
    content = photos.encoded(photos.person(2000, tilt=12, share=0.5), quality=92)
    made = photo.prepare(content, RULE)
    assert made.mended is not None
    assert photo.measure(made.portrait_content) == made.portrait
    assert photo.measure(made.mended_content) == made.mended.facts
    assert made.mended.facts.size >= RULE.least_size


def test_a_photo_that_breaks_the_rule_is_measured_too(monkeypatch: pytest.MonkeyPatch) -> None:
    finds(monkeypatch, 300, face_of(300))
    made = photo.prepare(photos.encoded(photos.person(300, ground="#0078ff")), RULE)
    assert (made.portrait, made.content) == (None, b"")
    assert made.measures.ground is Ground.BLUE


def test_the_real_finder_finds_nobody_on_an_empty_page() -> None:
    found = finder()
    assert found is not None  # the extra `photo` is installed for tests
    assert found.find(Image.new("RGB", (420, 600), "white")) == []
