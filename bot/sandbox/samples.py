"""Sample documents of the invented people: an ID number, a portrait and scans.

The area code 999999 belongs to no place, and each picture bears the mark `MARK`. The page gives the
titles in its own language.
"""

import io
from dataclasses import dataclass
from functools import cache

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

from bot.sandbox.world.files import Upload
from bot.sandbox.world.people import Person

MARK = "样本 SAMPLE"
PORTRAIT = "portrait"
PAPERS = {
    "identity": "JPEG",
    "degree": "PDF",
    "qualification": "PDF",
    "practice": "JPEG",
    "employer": "PDF",
}
"""The scans that a person can send, with the format of each file."""
KINDS = (PORTRAIT, *PAPERS)

_PORTRAIT_SIZE = (1050, 1500)
"""px; the shipped exam requires at least 420 x 600 px and 50 KB."""
_PAGE = (827, 1169)
"""px: A4 at 100 dpi."""
_DPI = 100.0
_MEDIA = {"JPEG": ("jpg", "image/jpeg"), "PDF": ("pdf", "application/pdf")}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
"""GB 11643-1999: the check character by the weighted sum of 17 digits modulo 11."""


@dataclass(frozen=True, slots=True)
class _Looks:
    """A birth date, a serial number (odd for men), and what a portrait shows.

    ``face`` is half its width, ``neck`` how far the shoulders are below the usual, both as shares
    of the picture; ``long`` hair ends at this share of its height. No two people look alike: the
    bot tells when two send one photo.
    """

    born: str
    serial: int
    clothes: str
    hair: str = "#1c1714"
    face: float = 0.21
    neck: float = 0.0
    long: float = 0.0


_LOOKS = {
    "ling": _Looks("19900307", 104, "#2b4a7a", long=0.86),
    "chen": _Looks("19880615", 215, "#90a4ae", face=0.23, neck=-0.03),
    "clerk": _Looks("19860421", 326, "#a1887f", "#4a3527", face=0.24, neck=0.06, long=0.74),
    "site": _Looks("19791109", 437, "#263238", "#3a3734", face=0.19, neck=0.03),
    "area": _Looks("19830228", 548, "#6a2e4d", face=0.2, neck=-0.02, long=0.97),
    "admin": _Looks("19760903", 660, "#7fb5ae", "#2f2b28", face=0.23, neck=0.05, long=0.6),
}
_DEFAULT_LOOKS = _Looks("19900101", 780, "#2b4a7a")


def id_number(person: Person) -> str:
    """Return an invented ID number with a valid check character."""
    looks = _LOOKS.get(person.slug, _DEFAULT_LOOKS)
    body = f"999999{looks.born}{looks.serial:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CHECKS[total % 11]


def ending(kind: str) -> str:
    """Return the file format of one of `KINDS` for display: JPG or PDF."""
    return _MEDIA[PAPERS.get(kind, "JPEG")][0].upper()


def draw(person: Person, kind: str, title: str) -> Upload:
    """Return the portrait or one of the papers as a file; drawing takes tens of ms.

    Args:
        kind: one of `KINDS`.
        title: the paper's title and file name.
    """
    if kind == PORTRAIT:
        file_format, image = "JPEG", _portrait(_LOOKS.get(person.slug, _DEFAULT_LOOKS))
    else:
        file_format, image = PAPERS[kind], _paper(person, title)
    buffer = io.BytesIO()
    if file_format == "PDF":
        image.save(buffer, "PDF", resolution=_DPI)
    else:
        image.save(buffer, "JPEG", quality=90)
    ending, media_type = _MEDIA[file_format]
    return Upload(f"{title}.{ending}", buffer.getvalue(), media_type)


def _portrait(looks: _Looks) -> Image.Image:
    """Draw head and shoulders on white; noise gives the file the size of a real photo."""
    width, height = _PORTRAIT_SIZE
    image = Image.new("RGB", _PORTRAIT_SIZE, "white")
    pen = ImageDraw.Draw(image)

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
        return (left * width, top * height, right * width, bottom * height)

    hair = looks.face + 0.04
    pen.ellipse(box(0.1, 0.74 + looks.neck, 0.9, 1.4), fill=looks.clothes)
    pen.rectangle(box(0.42, 0.6, 0.58, 0.8 + looks.neck), fill="#e0b896")
    pen.ellipse(box(0.5 - hair, 0.12, 0.5 + hair, 0.6), fill=looks.hair)
    for side in (0.5 - hair, 0.5 + hair - 0.09) if looks.long else ():
        pen.rectangle(box(side, 0.36, side + 0.09, looks.long), fill=looks.hair)
    pen.ellipse(box(0.5 - looks.face, 0.2, 0.5 + looks.face, 0.7), fill="#edc9a8")
    for left in (0.39, 0.56):
        pen.ellipse(box(left, 0.42, left + 0.05, 0.45), fill=looks.hair)
    pen.arc(box(0.43, 0.5, 0.57, 0.6), 20, 160, fill="#a04a44", width=8)
    pen.text((width / 2, 0.93 * height), MARK, fill="white", font=_font(64), anchor="mm")
    grain = Image.effect_noise(_PORTRAIT_SIZE, 14).convert("RGB")
    return Image.blend(image, grain, 0.08)


def _paper(person: Person, title: str) -> Image.Image:
    """Draw a page with a title, the holder and a large mark across it."""
    width, height = _PAGE
    page = Image.new("RGB", _PAGE, "#fdfcf8")
    mark = Image.new("L", _PAGE)
    ImageDraw.Draw(mark).text((width / 2, height / 2), MARK, fill=110, font=_font(110), anchor="mm")
    page.paste("#e57373", mask=mark.rotate(35, Image.Resampling.BICUBIC))
    pen = ImageDraw.Draw(page)
    pen.rectangle((40, 40, width - 40, height - 40), outline="#607080", width=3)
    size = 52 if len(title) < 14 else 34
    pen.text((width / 2, 170), title, fill="#1c262e", font=_font(size), anchor="mm")
    lines = (person.first_name, id_number(person), MARK)
    for number, line in enumerate(lines):
        pen.text((120, 330 + 80 * number), line, fill="#1c262e", font=_font(36))
    return page


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(
        pylopdf_fonts_zh_cn.sans_path(), size, layout_engine=ImageFont.Layout.BASIC
    )
