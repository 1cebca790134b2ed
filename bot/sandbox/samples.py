"""Trial papers of the residents: an ID number, a portrait and scans, drawn at the time.

All of it is invented and says so: the area code 999999 belongs to no place, and each picture is
marked as a sample. The page gives the titles in its own language.
"""

import io
from dataclasses import dataclass
from functools import cache

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

from bot.sandbox.files import Upload
from bot.sandbox.people import Resident

MARK = "样本 SAMPLE"
PORTRAIT = "portrait"
PAPERS = {
    "identity": "JPEG",
    "degree": "PDF",
    "qualification": "PDF",
    "practice": "JPEG",
    "employer": "PDF",
}
"""The scans that a resident can send, and the format of each file."""
KINDS = (PORTRAIT, *PAPERS)

_PORTRAIT_SIZE = (1050, 1500)
"""px; the photo rule of the shipped exam wants at least 420 x 600 and 50 KB."""
_PAGE = (827, 1169)
"""px: A4 at 100 dpi."""
_DPI = 100.0
_MEDIA = {"JPEG": ("jpg", "image/jpeg"), "PDF": ("pdf", "application/pdf")}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
"""GB 11643-1999: the last sign by the weighted sum of the first 17, modulo 11."""


@dataclass(frozen=True, slots=True)
class _Looks:
    """Birth date, serial (odd for men) and colours of clothes and hair."""

    born: str
    serial: int
    clothes: str
    hair: str = "#1c1714"


_LOOKS = {
    "ling": _Looks("19900307", 104, "#2b4a7a"),
    "chen": _Looks("19880615", 215, "#37474f"),
    "clerk": _Looks("19860421", 326, "#5d4037", "#2a1d17"),
    "site": _Looks("19791109", 437, "#263238", "#3a3734"),
    "area": _Looks("19830228", 548, "#6a2e4d"),
    "admin": _Looks("19760903", 660, "#1b5e57", "#2f2b28"),
}
_ANYBODY = _Looks("19900101", 780, "#2b4a7a")


def id_number(person: Resident) -> str:
    """A resident ID number of nobody; its check sign is right."""
    looks = _LOOKS.get(person.slug, _ANYBODY)
    body = f"999999{looks.born}{looks.serial:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CHECKS[total % 11]


def ending(kind: str) -> str:
    """The format of a file of `KINDS` as people write it: JPG or PDF."""
    return _MEDIA[PAPERS.get(kind, "JPEG")][0].upper()


def draw(person: Resident, kind: str, title: str) -> Upload:
    """The portrait or one of the papers as a file; takes tens of milliseconds.

    Args:
        kind: one of `KINDS`.
        title: what the paper is called; names the file too.
    """
    if kind == PORTRAIT:
        file_format, image = "JPEG", _portrait(_LOOKS.get(person.slug, _ANYBODY))
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
    """Head and shoulders on white, with a grain so that it weighs what a photo weighs."""
    width, height = _PORTRAIT_SIZE
    image = Image.new("RGB", _PORTRAIT_SIZE, "white")
    pen = ImageDraw.Draw(image)

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
        return (left * width, top * height, right * width, bottom * height)

    pen.ellipse(box(0.1, 0.74, 0.9, 1.4), fill=looks.clothes)
    pen.rectangle(box(0.42, 0.6, 0.58, 0.8), fill="#e0b896")
    pen.ellipse(box(0.25, 0.12, 0.75, 0.6), fill=looks.hair)
    pen.ellipse(box(0.29, 0.2, 0.71, 0.7), fill="#edc9a8")
    for left in (0.39, 0.56):
        pen.ellipse(box(left, 0.42, left + 0.05, 0.45), fill=looks.hair)
    pen.arc(box(0.43, 0.5, 0.57, 0.6), 20, 160, fill="#a04a44", width=8)
    pen.text((width / 2, 0.93 * height), MARK, fill="white", font=_font(64), anchor="mm")
    grain = Image.effect_noise(_PORTRAIT_SIZE, 14).convert("RGB")
    return Image.blend(image, grain, 0.08)


def _paper(person: Resident, title: str) -> Image.Image:
    """A page with a title, the holder and a large mark across it."""
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
