"""The page shows every sign of the bot's texts, also where no emoji font is installed."""

from __future__ import annotations

import re
from pathlib import Path

import pylopdf_fonts_zh_cn
from PIL import ImageFont

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "bot/sandbox/view/assets"
SIGN = re.compile("[\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]")
TERMINAL = {"cli.ftl", "rehearsal.ftl"}
MISSING = "\uffff"


def signs() -> set[str]:
    """The signs in the texts of both languages, without those of the terminal."""
    texts = (ROOT / "bot/locales").rglob("*.ftl")
    shown = [text for text in texts if text.name not in TERMINAL]
    return {sign for text in shown for sign in SIGN.findall(text.read_text("utf-8"))}


def draws(file: str | Path, sign: str) -> bool:
    """Whether a font has a picture of the sign."""
    font = ImageFont.truetype(str(file), 40)
    return bytes(font.getmask(sign)) != bytes(font.getmask(MISSING))


def within(ranges: str, sign: str) -> bool:
    """Whether a ``unicode-range`` of CSS covers a sign."""
    for one in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", ranges):
        first, last = int(one[0], 16), int(one[1] or one[0], 16)
        if first <= ord(sign) <= last:
            return True
    return False


def test_each_sign_is_drawn_by_a_font_that_the_page_brings() -> None:
    css = (ASSETS / "page.css").read_text("utf-8")
    rule = css[css.index('"Sandbox Signs"') : css.index(":root")]
    ranges = rule[rule.index("unicode-range") :]
    sans = pylopdf_fonts_zh_cn.sans_path()
    for sign in sorted(signs()):
        own = within(ranges, sign)
        assert draws(ASSETS / "signs.woff2" if own else sans, sign), sign
