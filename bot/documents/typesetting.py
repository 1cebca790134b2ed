"""Sets a printed form as a PDF by Typst: A4, PDF/UA-1, the same bytes for the same form.

The template holds no text of people: Typst reads all data as JSON, so nothing in it becomes markup.
Nothing is fetched, and no font of the machine is used.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from importlib import resources
from io import BytesIO
from itertools import groupby
from typing import Final, TypeAlias

import segno
import typst
from PIL import Image, ImageOps

from bot.documents import print_fonts
from bot.documents.printed_form import PrintedForm, Section

Json: TypeAlias = "str | bool | int | list[Json] | dict[str, Json] | None"

_PORTRAIT_PX: Final = (295, 413)
"""The portrait's 25 × 35 mm (一寸) at 300 dpi."""
_PORTRAIT_QUALITY: Final = 85
_QR_BORDER: Final = 2
"""Modules of white around the code; the page's own white makes up the 4 of ISO/IEC 18004."""


def pdf(form: PrintedForm, portrait: bytes | None = None) -> bytes:
    """Return the PDF of a form with the portrait, the picture of the confirmed blob.

    A character that no font has is printed as its code point in a box (``unprintable``).

    Raises:
        PIL.UnidentifiedImageError: the portrait is no picture.
        typst.TypstError: the template is at fault.
    """
    data = {
        **_data(form),
        "qr": None if form.is_draft else _qr_code(form.stamp.link),
        "portrait": None if portrait is None else list(_for_print(portrait)),
    }
    made = _compiler().compile(
        input=_template(),
        format="pdf",
        sys_inputs={"form": json.dumps(data)},
        pdf_standards="ua-1",
        timestamp=int(form.stamp.at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("Typst made no single file")
    return made


def unprintable(form: PrintedForm) -> tuple[str, ...]:
    """Return the characters that no font has, each once, to be named to the candidate."""
    lacking = (char for text in form.data() for char in text if not print_fonts.is_printable(char))
    return tuple(dict.fromkeys(lacking))


def _data(form: PrintedForm) -> dict[str, Json]:
    """Return what the template reads, in its names."""
    lang, _dash, region = form.locale.partition("-")
    return {
        "lang": lang,
        "region": region.lower() or None,
        "title": f"{form.words.heading} {form.stamp.code}".strip(),
        "draft": form.is_draft,
        "code": form.stamp.code,
        "exam": _shown(form.exam),
        "name": _shown(form.name),
        "state": form.state,
        "words": dict(asdict(form.words)),
        "sections": [_section(one) for one in form.sections],
        "visit": _section(form.visit),
        "bring": list(form.bring),
    }


def _section(section: Section) -> Json:
    rows: list[Json] = [[[label, _shown(value)] for label, value in row] for row in section.rows]
    return {"title": section.title, "rows": rows}


def _shown(text: str) -> Json:
    """Return the text, or its pieces if Noto Sans CJK does not do for all of it."""
    latin = any(print_fonts.is_latin(char) for char in text)
    if not latin and all(map(print_fonts.is_printable, text)):
        return text
    pieces: list[Json] = []
    for printable, chars in groupby(text, print_fonts.is_printable):
        if printable:
            pieces.append("".join(chars))
        else:
            pieces.extend({"box": f"U+{ord(char):04X}"} for char in chars)
    return {"latin": latin, "pieces": pieces}


def _qr_code(link: str) -> str:
    """Return the QR code as SVG; its size on paper is the template's.

    The error correction is M, or better where the version stays the same: a photocopied code is
    lost by small modules rather than by few check words.
    """
    code = segno.make_qr(link, error="m", boost_error=True)
    return code.svg_inline(border=_QR_BORDER, light="white", omitsize=True)


def _for_print(portrait: bytes) -> bytes:
    """Return the portrait as a JPEG of at most 300 dpi, without metadata."""
    with Image.open(BytesIO(portrait)) as image:
        image.draft("RGB", _PORTRAIT_PX)  # decodes a large JPEG reduced, but never smaller
        small = ImageOps.contain(image.convert("RGB"), _PORTRAIT_PX)
    out = BytesIO()
    small.save(out, "JPEG", quality=_PORTRAIT_QUALITY)
    return out.getvalue()


@cache
def _template() -> bytes:
    return (resources.files("bot.documents") / "printed_form.typ").read_bytes()


@cache
def _compiler() -> typst.Compiler:
    """Return one compiler for all forms, used by one thread at a time: it keeps the fonts."""
    return typst.Compiler(font_paths=print_fonts.fonts(), ignore_system_fonts=True)
