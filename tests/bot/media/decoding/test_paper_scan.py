"""Scans that people send: measured without trust, made fit to be kept. All are invented."""

from __future__ import annotations

import warnings
import zlib
from contextlib import aclosing, suppress
from io import BytesIO
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.media.decoding import pdf, photo
from bot.media.decoding.paper_scan import MAX_SIDE, prepare
from bot.media.media_worker import MediaWorker
from bot.media.unreadable import UnreadablePicture
from states.exam.places import FileFormat
from states.materials import ScanFacts
from states.texts import Problem
from tests import photos, scans

JPG, PNG, PDF, HEIC = FileFormat
FACE = photos.face(150, 200)


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


def measure(content: bytes) -> ScanFacts:
    return prepare(content).facts


def kept(content: bytes) -> bytes:
    return prepare(content).content


def reason(content: bytes) -> Problem:
    with pytest.raises(UnreadablePicture) as caught:
        measure(content)
    return caught.value.reason


def stored(content: bytes) -> Image.Image:
    return opened(kept(content))


def apng() -> bytes:
    more = Image.new("RGB", FACE.size, "red")
    return photos.encoded(FACE, "PNG", save_all=True, append_images=[more])


def camera(held: int) -> bytes:
    """Return the metadata that a phone writes into its pictures."""
    exif = Image.Exif()
    exif[photos.ORIENTATION] = held
    exif[0x010F] = "Invented Camera"
    return exif.tobytes()


# --- measured ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (photos.encoded(FACE), JPG),
        (photos.encoded(FACE, progressive=True), JPG),
        (photos.encoded(FACE, "MPO", save_all=True, append_images=[FACE]), JPG),
        (photos.encoded(FACE, "PNG"), PNG),
        (scans.small_heic(), HEIC),
    ],
)
def test_the_format_is_told_by_content(content: bytes, kind: FileFormat) -> None:
    assert measure(content) == ScanFacts(kind, 1, 150, 200, len(content))


@pytest.mark.parametrize("pages", [1, 2, 30])
def test_the_pages_of_a_pdf_are_counted(pages: int) -> None:
    content = scans.pdf(pages)
    assert measure(content) == ScanFacts(PDF, pages, 0, 0, len(content))


def test_pdfs_of_other_makers_are_read() -> None:
    assert measure(scans.pdfium_pdf()).pages == 1
    assert measure(photos.encoded(FACE, "PDF", save_all=True, append_images=[FACE])).pages == 2


def test_a_pdf_may_have_junk_around_it() -> None:
    assert measure(b"\r\n" * 9 + scans.pdf() + bytes(3000)).pages == 1


def test_a_pdf_that_opens_without_its_password_is_taken() -> None:
    assert measure(scans.locked_pdf(b"")).pages == 1


# --- refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "empty"),
        ("我的证件".encode(), "unknown"),
        (b"\xff\xd8\xff\xe0 not a picture", "unknown"),
        (photos.truncated_jpeg(), "broken"),
        (photos.encoded(FACE, "PNG")[:-900], "broken"),
        (scans.small_heic()[:-900], "broken"),
        (photos.heic_header(), "broken"),
        (apng(), "several"),
        (scans.heic(FACE, FACE), "several"),
        (scans.small_heic().replace(b"heic", b"hevc", 1), "several"),
        (b"%PDF-1.7\n", "pdf-broken"),
        (b"%PDF-1.7\nnot a document\n%%EOF", "pdf-broken"),
        (scans.pdf(3)[:-40], "pdf-broken"),
        (scans.pdf(0), "pdf-broken"),
        (scans.pdf(2).replace(b"/Count 2", b"/Count 9"), "pdf-broken"),
        (scans.locked_pdf(), "pdf-locked"),
    ],
)
def test_what_cannot_be_opened_is_refused(content: bytes, key: str) -> None:
    assert reason(content) == Problem(f"problem-scan-{key}")


@pytest.mark.parametrize(
    ("kind", "name"), [("WEBP", "WebP"), ("TIFF", "TIFF"), ("GIF", "GIF"), ("BMP", "BMP")]
)
def test_a_format_that_we_do_not_read_is_named(kind: str, name: str) -> None:
    content = photos.encoded(FACE, kind)
    assert reason(content) == Problem("problem-scan-foreign", {"format": name})


@pytest.mark.parametrize("pages", [31, 500])
def test_a_pdf_of_too_many_pages_is_refused_with_their_number(pages: int) -> None:
    expected = Problem("problem-scan-pdf-pages", {"pages": pages, "limit": 30})
    assert reason(scans.pdf(pages)) == expected


@pytest.mark.parametrize("side", [6_400, 30_000, 2**31 - 1])
def test_a_png_bomb_is_refused_by_its_header(side: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = reason(photos.bomb_png(side, side))
    assert found.key == "problem-scan-pixels-many"
    assert found.args["limit"] in (24, 40)  # Pillow may say it before the format is known


def test_a_jpeg_bomb_is_refused_by_its_header() -> None:
    whole = photos.encoded(FACE)
    size = whole.index(b"\xff\xc0") + 5
    huge = whole[:size] + (30_000).to_bytes(2, "big") * 2 + whole[size + 4 :]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert reason(huge) == Problem("problem-scan-pixels-many", {"limit": 40})


def sized_heic(width: int, height: int) -> bytes:
    """A HEIC whose header says this of a picture of 150×200."""
    true = (150).to_bytes(4, "big") + (200).to_bytes(4, "big")
    content = scans.small_heic()
    assert true in content
    return content.replace(true, width.to_bytes(4, "big") + height.to_bytes(4, "big"))


def test_a_heic_bomb_is_refused_by_its_header() -> None:
    found = reason(sized_heic(30_000, 30_000))
    assert found == Problem("problem-scan-pixels-many", {"limit": 25})


@pytest.mark.parametrize("size", [(100, 100), (5712, 4284), (2**31, 2**31)])
def test_a_heic_that_lies_of_its_size_is_refused(size: tuple[int, int]) -> None:
    assert reason(sized_heic(*size)).key in ("problem-scan-broken", "problem-scan-pixels-many")


async def test_a_pdf_bomb_takes_nothing_from_us() -> None:
    async with aclosing(MediaWorker()) as worker:
        with pytest.raises(UnreadablePicture) as caught:
            await worker.scan(scans.bomb_pdf())
    assert caught.value.reason == Problem("problem-scan-pdf-broken")


def test_reading_heic_stays_with_the_scans() -> None:
    """Nobody has taught Pillow: a photo's rule keeps its own words for it."""
    assert measure(scans.small_heic()).format is HEIC
    with pytest.raises(UnreadablePicture) as caught:
        photo.measure(scans.small_heic())
    assert caught.value.reason.key == "problem-photo-heic"
    with pytest.raises(OSError, match="cannot identify"):
        Image.open(BytesIO(scans.small_heic()))


# --- kept ----------------------------------------------------------------------------------------


def test_a_pdf_is_kept_as_it_came() -> None:
    content = scans.pdf()
    assert kept(content) is content


@pytest.mark.parametrize("held", range(1, 9))
def test_a_picture_is_kept_upright(held: int) -> None:
    content = photos.turned_jpeg(held, 150, 200)
    facts = measure(content)
    assert (facts.width, facts.height) == (150, 200)
    image = opened(kept(content))
    assert image.size == (150, 200)
    assert is_upright(image)


@pytest.mark.parametrize("held", [3, 6, 8])
def test_a_heic_is_turned_once(held: int) -> None:
    lying = Image.new("RGB", (150, 200) if held == 3 else (200, 150))
    lying.paste(opened(photos.turned_jpeg(held, 150, 200)))
    content = scans.heic(lying, exif=camera(held))
    assert b"irot" in content
    facts = measure(content)
    assert (facts.width, facts.height) == (150, 200)
    assert is_upright(opened(kept(content)))


@pytest.mark.parametrize(
    "content",
    [
        photos.encoded(FACE, exif=camera(1), comment=b"Invented", xmp=b"Invented"),
        photos.encoded(FACE, "PNG", exif=camera(1)),
        scans.heic(FACE, exif=camera(1), xmp=b"Invented"),
    ],
    ids=["JPG", "PNG", "HEIC"],
)
def test_what_is_kept_says_nothing_of_the_camera(content: bytes) -> None:
    assert b"Invented" in content
    made = kept(content)
    image = opened(made)
    assert b"Invented" not in made
    assert (image.format, image.mode, len(image.getexif())) == ("JPEG", "RGB", 0)
    assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((3000, 400), (3000, 400)),
        ((4000, 1000), (3000, 750)),
        ((1000, 4000), (750, 3000)),
        ((7000, 10), (3000, 5)),
        ((4252, 60), (3000, 43)),  # in floats, 3000 / 4252 * 4252 is more than 3000
        ((9000, 1), (3000, 1)),
    ],
)
def test_the_longest_side_has_a_limit_and_nothing_is_enlarged(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    plain = Image.new("L", size, "white")
    for content in (photos.encoded(plain), photos.encoded(plain, "PNG")):
        assert stored(content).size == expected
    assert max(expected) <= MAX_SIDE


def test_what_is_transparent_becomes_white() -> None:
    image = stored(photos.transparent_png(150, 200))
    assert min(pixel(image, 0.5, 0.02)) > 245
    clear = Image.new("LA", (500, 500), (0, 0))
    assert min(pixel(stored(photos.encoded(clear, "PNG")), 0.5, 0.5)) > 245
    assert min(pixel(stored(scans.heic(clear.convert("RGBA"))), 0.5, 0.5)) > 245


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("L", "JPEG"), ("CMYK", "JPEG"), ("1", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("I;16", "PNG")],
)
def test_other_colour_modes_become_rgb(mode: str, kind: str) -> None:
    grey = FACE.convert("L")
    picture = grey.convert("I;16") if mode == "I;16" else FACE.convert(mode)
    assert stored(photos.encoded(picture, kind)).mode == "RGB"


def test_colours_are_those_that_the_profile_means() -> None:
    swapped = photos.swapped_profile()
    for content in (
        photos.encoded(FACE, quality=92, icc_profile=swapped),
        photos.encoded(FACE, "PNG", icc_profile=swapped),
        scans.heic(FACE, icc_profile=swapped),
    ):
        red, _, blue = pixel(stored(content), 0.5, 0.95)
        assert red > blue
    plain = stored(photos.encoded(FACE, quality=92))
    odd = stored(photos.encoded(FACE, quality=92, icc_profile=photos.lab_profile()))
    junk = stored(photos.encoded(FACE, quality=92, icc_profile=b"junk"))
    assert plain == odd == junk


# --- hostile -------------------------------------------------------------------------------------

TINY = photos.face(60, 80)
PICTURES = {
    "JPG": photos.encoded(TINY),
    "progressive": photos.encoded(TINY, progressive=True),
    "PNG": photos.encoded(TINY, "PNG"),
    "HEIC": scans.heic(TINY),
}
some = settings(max_examples=60)


def survives(content: bytes) -> bool:
    """Whether it is taken; nothing but ``Unreadable`` may come out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata; production does not mind
        try:
            facts = measure(content)
            made = kept(content)
        except UnreadablePicture:
            return False
    assert 0 < facts.width * facts.height <= 40_000_000
    assert max(opened(made).size) <= MAX_SIDE
    return True


@some
@given(st.sampled_from(["", *PICTURES]), st.binary(max_size=200))
def test_nonsense_is_refused(start: str, tail: bytes) -> None:
    beginning = PICTURES[start][:40] if start else b""
    assert not survives(beginning + tail.replace(b"%PDF-", b""))


@some
@given(st.sampled_from(sorted(PICTURES)), st.data())
def test_a_cut_off_picture_is_refused(kind: str, data: st.DataObject) -> None:
    whole = PICTURES[kind]
    # What ends a PNG after its last pixel is not missed.
    last = whole.rindex(b"IDAT") if kind == "PNG" else len(whole) - 2
    assert not survives(whole[: data.draw(st.integers(0, last - 1))])


@some
@given(st.sampled_from(sorted(PICTURES)), st.data())
def test_a_damaged_picture_is_taken_or_refused_but_never_breaks(
    kind: str, data: st.DataObject
) -> None:
    content = bytearray(PICTURES[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    survives(bytes(content))


PDFS = [scans.pdf(3), scans.locked_pdf(), photos.encoded(TINY, "PDF")]


@some
@given(st.sampled_from(PDFS), st.data())
def test_the_reader_says_something_of_any_pdf(whole: bytes, data: st.DataObject) -> None:
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.integers(0, len(content)))])
    with suppress(UnreadablePicture):
        assert 1 <= pdf.read(cut)[0] <= pdf.MAX_PAGES


@given(st.integers(0, len(scans.pdf(3)) - len(b"\n%%EOF\n") - 1))
@settings(max_examples=20)
def test_a_cut_off_pdf_is_refused(length: int) -> None:
    assert not survives(scans.pdf(3)[:length])


# --- PDFs that honest programs make --------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        scans.pdf(3).removesuffix(b"%%EOF\n"),
        scans.pdf(3).replace(b"%%EOF", b"%%EO"),
        scans.pdf(3).replace(b"%%EOF", b"") + b"<html>" + b"a page of the portal " * 99,
        b"\r\n\r\n" + scans.pdf(3).removesuffix(b"%%EOF\n"),
        scans.pdf(3) + b"<html>" + b"a page of the portal " * 99,
    ],
    ids=["without the mark", "half a mark", "a page instead", "moved", "a page behind it"],
)
def test_a_pdf_whose_end_is_garbled_is_taken(content: bytes) -> None:
    assert measure(content).pages == 3


def test_a_pdf_for_the_web_that_is_cut_off_is_refused() -> None:
    """It has a table, and the mark of an end, at its beginning."""
    first = scans.pdf(1)
    cut = first + b"7 0 obj\n<</Length 9999>>\nstream\n" + b"x" * 3000
    assert reason(cut) == Problem("problem-scan-pdf-broken")


@pytest.mark.parametrize("name", scans.RUNNING)
def test_what_runs_in_a_pdf_does_not_reach_a_reviewer(name: str) -> None:
    content = scans.running_pdf(name)
    made = prepare(content)
    assert made.facts == ScanFacts(PDF, 1, 0, 0, len(content))
    assert b"%PDF-" in made.content
    for word in (b"JavaScript", b"Launch", b"EmbeddedFile", b"Annot", b"OpenAction", b"calc.exe"):
        assert word not in made.content
    assert scans.looks_of(made.content) == scans.looks_of(content)
    again = prepare(made.content)
    assert again.content is made.content, "nothing in it runs"


def test_a_form_that_only_adobes_programs_show_is_refused() -> None:
    assert reason(scans.xfa_pdf()) == Problem("problem-scan-pdf-form")


# --- structure -----------------------------------------------------------------------------------

SCENE = scans.heic(FACE, Image.new("RGB", FACE.size, "red"))


@pytest.mark.parametrize("group", [b"ster", b"altr"])
def test_of_a_spatial_photo_the_primary_picture_is_kept(group: bytes) -> None:
    content = scans.grouped_heic(SCENE, group)
    made = prepare(content)
    assert (made.facts.width, made.facts.height) == FACE.size
    assert is_upright(opened(made.content))
    assert reason(SCENE).key == "problem-scan-several"
    assert reason(scans.grouped_heic(SCENE, b"albc")).key == "problem-scan-several"


def chunked_png(count: int) -> bytes:
    """A PNG with so many empty chunks."""
    whole = photos.encoded(FACE, "PNG")
    empty = bytes(4) + b"teST" + zlib.crc32(b"teST").to_bytes(4, "big")
    return whole[:33] + empty * count + whole[33:]


HOSTILE = {
    "segments": lambda: photos.parted(photos.encoded(FACE), b"\xff\xe4\0\2" * 5_000_000),
    "filling": lambda: photos.parted(photos.encoded(FACE), b"\xff" * 20_000_000),
    "zeros": lambda: photos.parted(photos.encoded(FACE), b"\xff\xe4\0\2" + bytes(20_000_000)),
    "marks": lambda: photos.parted(photos.encoded(FACE), b"\xff\x01" * 10_000_000),
    "chunks": lambda: chunked_png(1_600_000),
    "boxes": lambda: scans.small_heic() + b"\0\0\0\x08free" * 2_500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_of_millions_of_parts_is_refused_at_once(name: str) -> None:
    content = HOSTILE[name]()
    began = process_time()
    assert reason(content) == Problem("problem-scan-broken")
    assert process_time() - began < 0.5


def test_honest_files_have_many_parts() -> None:
    profile = b"\xff\xe2" + (65_535).to_bytes(2, "big") + bytes(65_533)
    assert measure(photos.parted(photos.encoded(FACE), profile * 150)).format is JPG
    assert measure(chunked_png(2000)).format is PNG


FILM = b"\0\0\0\x18ftypmp42" + b"\xff\xda\0\x08 a film \xff\xd9" * 5000


@pytest.mark.parametrize("progressive", [False, True])
def test_a_film_behind_a_picture_is_not_looked_at(progressive: bool) -> None:
    content = photos.encoded(FACE, progressive=progressive) + FILM
    assert measure(content) == ScanFacts(JPG, 1, 150, 200, len(content))
    assert photo.measure(content).frames == 1


# --- odd metadata --------------------------------------------------------------------------------

EXIFS = {
    "junk": b"Exif\0\0 a studio's own words",
    "empty": b"Exif\0\0",
    "cut off": camera(6)[:17],
    "no place": b"Exif\0\0II*\0\xff\xff\xff\xff",
    "a circle": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\x08",
    "ninth turn": camera(9),
    "no turn": camera(0),
    "a word": photos.exif_of(2, 4, b"left"),
    "a fraction": photos.exif_of(5, 1, b"\x08\0\0\0"),
}


@pytest.mark.parametrize("name", EXIFS)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIC"])
def test_what_exif_does_not_say_is_upright(kind: str, name: str) -> None:
    if kind == "HEIC":
        odd = EXIFS[name]
        plain = b"Exif\0\0".ljust(
            len(odd), b"x"
        )  # the encoder would turn the picture by the odd one
        content = scans.heic(FACE, exif=plain).replace(plain, odd)
        assert odd in content
    else:
        content = photos.encoded(FACE, kind, exif=EXIFS[name])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata; production does not mind
        made = prepare(content)
        measured = photo.measure(content) if kind != "HEIC" else None
    assert (made.facts.width, made.facts.height) == FACE.size
    assert is_upright(opened(made.content))
    assert measured is None or (measured.width, measured.height) == FACE.size
