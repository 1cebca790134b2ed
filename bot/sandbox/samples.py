"""Sample documents of the invented people: an ID number, portraits and scans.

The area code 999999 belongs to no place, and each picture bears the mark `MARK`. The page gives the
titles in its own language.
"""

import io
from dataclasses import dataclass
from functools import cache

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

from bot.sandbox import portraits
from bot.sandbox.portraits import Looks, Shot
from bot.sandbox.world.files import Upload
from bot.sandbox.world.people import Person

MARK = "样本 SAMPLE"
PORTRAIT = "portrait"
SHOTS = {
    PORTRAIT: Shot(),
    "portrait-blue": Shot(ground="#1e6fd9"),
    "portrait-small": Shot(size=0.78),
}
"""The photos that a person can send: one that passes, and two with the fault of their names."""
PAPERS = {
    "identity": "JPEG",
    "degree": "PDF",
    "qualification": "PDF",
    "practice": "JPEG",
    "employer": "PDF",
}
"""The scans that a person can send, with the format of each file."""
KINDS = (*SHOTS, *PAPERS)

_PAGE = (827, 1169)
"""px: A4 at 100 dpi."""
_DPI = 100.0
_MEDIA = {"JPEG": ("jpg", "image/jpeg"), "PDF": ("pdf", "application/pdf")}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
"""GB 11643-1999: the check character by the weighted sum of 17 digits modulo 11."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """A birth date, a serial number (odd for men), and looks."""

    born: str
    serial: int
    looks: Looks


_SAMPLES = {
    "ling": _Sample("19900307", 104, Looks("#2b4a7a", long=0.86)),
    "chen": _Sample("19880615", 215, Looks("#c3ced6", skin="#d9ac86", wide=0.47)),
    "clerk": _Sample(
        "19860421", 326, Looks("#5d4037", "#2a1d17", long=0.66, wide=0.3, collar=0.22)
    ),
    "site": _Sample("19791109", 437, Looks("#263238", "#b9b5b0", wide=0.38, collar=0.2)),
    "area": _Sample(
        "19830228", 548, Looks("#8a3f62", "#6b4630", long=0.78, wide=0.36, collar=0.16)
    ),
    "admin": _Sample("19760903", 660, Looks("#9fc4bf", "#c9c4bd", long=0.8, wide=0.34)),
}
_DEFAULT = _Sample("19900101", 780, Looks("#2b4a7a"))


def id_number(person: Person) -> str:
    """Return an invented ID number with a valid check character."""
    sample = _SAMPLES.get(person.slug, _DEFAULT)
    body = f"999999{sample.born}{sample.serial:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CHECKS[total % 11]


def ending(kind: str) -> str:
    """Return the file format of one of `KINDS` for display: JPG or PDF."""
    return _MEDIA[PAPERS.get(kind, "JPEG")][0].upper()


def draw(person: Person, kind: str, title: str) -> Upload:
    """Return a portrait or one of the papers as a file; drawing takes tenths of a second.

    Args:
        kind: one of `KINDS`.
        title: the paper's title and file name.
    """
    if kind in SHOTS:
        file_format, image = "JPEG", _portrait(person, SHOTS[kind])
    else:
        file_format, image = PAPERS[kind], _paper(person, kind, title)
    buffer = io.BytesIO()
    if file_format == "PDF":
        image.save(buffer, "PDF", resolution=_DPI)
    else:
        image.save(buffer, "JPEG", quality=92)
    ending, media_type = _MEDIA[file_format]
    return Upload(f"{title}.{ending}", buffer.getvalue(), media_type)


def _portrait(person: Person, shot: Shot) -> Image.Image:
    """Draw a portrait, with the mark on the clothes."""
    image = portraits.draw(_SAMPLES.get(person.slug, _DEFAULT).looks, shot)
    mark = (image.width / 2, 0.95 * image.height)
    ImageDraw.Draw(image).text(
        mark, MARK, "white", _font(64), "mm", stroke_width=4, stroke_fill="#1c1714"
    )
    return image


def _paper(person: Person, kind: str, title: str) -> Image.Image:
    """Draw a page with a title, the holder and a large mark across it.

    Each kind has its own place and slant: two kinds must not look like one page to the bot.
    """
    width, height = _PAGE
    number_of_kind = list(PAPERS).index(kind)
    slant, down = 60 - 30 * number_of_kind, 90 * number_of_kind
    page = Image.new("RGB", _PAGE, "#fdfcf8")
    mark = Image.new("L", _PAGE)
    ImageDraw.Draw(mark).text((width / 2, height / 2), MARK, fill=110, font=_font(110), anchor="mm")
    page.paste("#e57373", mask=mark.rotate(slant, Image.Resampling.BICUBIC))
    pen = ImageDraw.Draw(page)
    pen.rectangle((40, 40, width - 40, height - 40), outline="#607080", width=3)
    size = 52 if len(title) < 14 else 34
    pen.text((width / 2, 170 + down), title, fill="#1c262e", font=_font(size), anchor="mm")
    lines = (person.first_name, id_number(person), MARK)
    for number, line in enumerate(lines):
        pen.text((120 + down, 330 + down + 80 * number), line, fill="#1c262e", font=_font(36))
    return page


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(
        pylopdf_fonts_zh_cn.sans_path(), size, layout_engine=ImageFont.Layout.BASIC
    )
