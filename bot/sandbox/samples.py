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
    """A birth date, a serial number (odd for men), colours of clothes and hair, and shapes.

    ``long`` is how far down the hair falls, ``wide`` half the width of the shoulders, ``collar``
    the width of an open collar: parts of the picture's width or height. Two people's portraits
    must not look like one photo to the bot.
    """

    born: str
    serial: int
    clothes: str
    hair: str = "#1c1714"
    long: float = 0.6
    wide: float = 0.4
    collar: float = 0.0


_LOOKS = {
    "ling": _Looks("19900307", 104, "#2b4a7a", long=0.86),
    "chen": _Looks("19880615", 215, "#c3ced6", wide=0.47),
    "clerk": _Looks("19860421", 326, "#5d4037", "#2a1d17", long=0.66, wide=0.3, collar=0.22),
    "site": _Looks("19791109", 437, "#263238", "#8a8784", wide=0.45, collar=0.32),
    "area": _Looks("19830228", 548, "#6a2e4d", "#7a4b2e", long=0.98, wide=0.3),
    "admin": _Looks("19760903", 660, "#9fc4bf", "#c9c4bd", long=0.8, wide=0.34),
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
        file_format, image = PAPERS[kind], _paper(person, kind, title)
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

    pen.rounded_rectangle(box(0.25, 0.3, 0.75, looks.long), radius=width * 0.12, fill=looks.hair)
    pen.ellipse(box(0.5 - looks.wide, 0.74, 0.5 + looks.wide, 1.4), fill=looks.clothes)
    if looks.collar:
        pen.ellipse(box(0.5 - looks.collar, 0.68, 0.5 + looks.collar, 0.92), fill="#f2f2f2")
    pen.rectangle(box(0.42, 0.6, 0.58, 0.8), fill="#e0b896")
    pen.ellipse(box(0.25, 0.12, 0.75, 0.6), fill=looks.hair)
    pen.ellipse(box(0.29, 0.2, 0.71, 0.7), fill="#edc9a8")
    for left in (0.39, 0.56):
        pen.ellipse(box(left, 0.42, left + 0.05, 0.45), fill="#1c1714")
    pen.arc(box(0.43, 0.5, 0.57, 0.6), 20, 160, fill="#a04a44", width=8)
    mark = (width / 2, 0.93 * height)
    pen.text(mark, MARK, "white", _font(64), "mm", stroke_width=4, stroke_fill="#1c1714")
    grain = Image.effect_noise(_PORTRAIT_SIZE, 14).convert("RGB")
    return Image.blend(image, grain, 0.08)


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
