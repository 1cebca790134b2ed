"""A printed form on its way through the world: a scan, a photocopy, a telephone's photo.

Each step takes a picture of the page in grey and a source of chance, and returns what a reader of
QR codes gets to see.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

import pypdfium2  # type: ignore[import-untyped]  # it has no types
import zxingcpp
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

DPI = 200
POINTS = 72
PHOTO_PX, SMALL_PX = 2560, 1280
"""px of a photo's longer side, as Telegram sends it in high and in usual quality."""
TILE = 512
"""px of a piece of noise, which repeats."""


@contextmanager
def opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF, and close it."""
    document = pypdfium2.PdfDocument(content)
    try:
        yield document
    finally:
        document.close()


def copied_text(content: bytes) -> str:
    """Return the text that somebody copies out of all pages, without blanks and line ends."""
    with opened(content) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return "".join("".join(pages).split())


def page_of(pdf: bytes, dpi: int = DPI) -> Image.Image:
    """Return the first page in grey, as a laser printer puts it on paper."""
    with opened(pdf) as document:
        page: Image.Image = document[0].render(scale=dpi / POINTS, grayscale=True).to_pil()
        return page.convert("L")


def qr_codes(picture: Image.Image) -> list[str]:
    """Return the texts of the QR codes that a reader finds."""
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    for seen in (picture, picture.resize(_scaled(picture, 2), Image.Resampling.BILINEAR)):
        found = zxingcpp.read_barcodes(seen, formats=formats)
        if found:
            return [one.text for one in found]
    return []


# --- ways ----------------------------------------------------------------------------------------


def scan(page: Image.Image, chance: random.Random) -> Image.Image:
    """Lay it on a scanner of 200 dpi: any of four ways up, a little askew, as JPEG."""
    turned = page.rotate(90 * chance.randrange(4), expand=True)
    askew = turned.rotate(chance.uniform(-4, 4), Image.Resampling.BILINEAR, True, fillcolor=255)
    return jpeg(noisy(blurred(askew, 0.4), 10, chance), chance.randint(50, 80))


def photocopy(page: Image.Image, chance: random.Random) -> Image.Image:
    """Copy it once or twice, then scan it."""
    return scan(copied(page, chance), chance)


def photo(page: Image.Image, chance: random.Random) -> Image.Image:
    """Photograph the page, or a copy of it, from the side, out of focus and in uneven light."""
    return _photo(page, PHOTO_PX, chance)


def small_photo(page: Image.Image, chance: random.Random) -> Image.Image:
    """Photograph it the same way at half the size; a module of the code has about 2 px."""
    return _photo(page, SMALL_PX, chance)


def _photo(page: Image.Image, side: int, chance: random.Random) -> Image.Image:
    paper = copied(page, chance) if chance.random() < 0.5 else page
    table = Image.new("L", _scaled(paper, 1.15), 120)
    table.paste(paper, ((table.width - paper.width) // 2, (table.height - paper.height) // 2))
    table.thumbnail((side * 5 // 4, side * 5 // 4), Image.Resampling.BICUBIC)
    seen = turned_in_space(table, chance)
    seen.thumbnail((side, side), Image.Resampling.BICUBIC)
    seen = blurred(seen, chance.uniform(0.3, 1.4) * side / PHOTO_PX)
    return jpeg(noisy(shaded(seen, chance), 14, chance), chance.randint(45, 80))


WAYS: dict[str, Callable[[Image.Image, random.Random], Image.Image]] = {
    "scan": scan,
    "photocopy": photocopy,
    "photo": photo,
}
HARDER = {"photo of 1,280 px": small_photo}
"""A way below the aim: whoever sends such a photo may have to type the code."""


# --- effects -------------------------------------------------------------------------------------


def blurred(picture: Image.Image, radius: float) -> Image.Image:
    """Blur with a radius in px."""
    return picture.filter(ImageFilter.GaussianBlur(radius))


def noisy(picture: Image.Image, sigma: int, chance: random.Random) -> Image.Image:
    """Add grey noise with this standard deviation."""
    grain = Image.frombytes("L", (TILE, TILE), chance.randbytes(TILE * TILE))
    reach = sigma * math.sqrt(12) / 255  # of an even distribution
    grain = grain.point([round(128 + (n - 128) * reach) for n in range(256)])
    noise = Image.new("L", picture.size)
    for left in range(0, picture.width, TILE):
        for top in range(0, picture.height, TILE):
            noise.paste(grain, (left, top))
    return ImageChops.add(picture, noise, offset=-128)


def copied(page: Image.Image, chance: random.Random) -> Image.Image:
    """Copy it once or twice, too dark or too light, a little smaller and with specks."""
    for _copy in range(chance.randint(1, 2)):
        page = blurred(page, chance.uniform(0.5, 1.0))
        page = page.resize(_scaled(page, chance.uniform(0.97, 1.0)), Image.Resampling.BILINEAR)
        page = ImageEnhance.Contrast(page).enhance(chance.uniform(1.5, 4))
        page = ImageEnhance.Brightness(page).enhance(chance.uniform(0.8, 1.25))
        page = specked(page, chance)
    return page


def specked(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Put some dust on the glass."""
    picture = picture.copy()
    for _speck in range(60):
        side = chance.randint(1, 3)
        left, top = chance.randrange(picture.width), chance.randrange(picture.height)
        picture.paste(chance.choice((0, 255)), (left, top, left + side, top + side))
    return picture


def shaded(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Let the light fall off to one side."""
    light = Image.linear_gradient("L").rotate(90 * chance.randrange(4)).resize(picture.size)
    low = chance.uniform(0.45, 0.9)
    light = light.point([round(255 * (low + (1 - low) * n / 255)) for n in range(256)])
    return ImageChops.multiply(picture, light)


def turned_in_space(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Turn by up to 25 degrees, and tilt so that one side is up to 20 % shorter."""
    turned = picture.rotate(chance.uniform(-25, 25), Image.Resampling.BILINEAR, True, fillcolor=120)
    if chance.random() < 0.5:
        turned = turned.rotate(90, expand=True)
    w, h = turned.size
    short = chance.uniform(0, 0.1) * w
    corners = [(0.0, 0.0), (-short, float(h)), (w + short, float(h)), (float(w), 0.0)]
    return turned.transform(
        turned.size,
        Image.Transform.QUAD,
        [part for corner in corners for part in corner],
        Image.Resampling.BILINEAR,
        fillcolor=120,
    )


def jpeg(picture: Image.Image, quality: int) -> Image.Image:
    """Compress as JPEG and decode again."""
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return Image.open(out)


def _scaled(picture: Image.Image, factor: float) -> tuple[int, int]:
    return math.floor(picture.width * factor), math.floor(picture.height * factor)
