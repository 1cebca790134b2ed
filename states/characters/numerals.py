"""Chinese numerals and the letter O as digits: 二〇一九, 二O一九, 十二, 三十一."""

from __future__ import annotations

import re
from typing import Final

_VALUES: Final = {sign: str(n) for n, sign in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "两": "2",
}
_DIGITS: Final = str.maketrans(_VALUES)
_RUN: Final = re.compile(f"[{''.join(_VALUES)}十]+")
_TENS: Final = re.compile("([二三四五六七八九])?十([一二三四五六七八九])?")
_AMONG_DIGITS: Final = re.compile(f"(?<![A-Za-z])[0-9Oo{''.join(_VALUES)}]+(?![A-Za-z])")


def digits_for_letters(text: str) -> str:
    """Return the text with 0 for each letter O that stands among digits or numerals.

    >>> digits_for_letters("2O19-o7, October")
    '2019-07, October'
    """

    def zeros(run: re.Match[str]) -> str:
        has_digit = run[0].strip("Oo") != ""
        return re.sub("[Oo]", "0", run[0]) if has_digit else run[0]

    return _AMONG_DIGITS.sub(zeros, text)


def digits_for_numerals(text: str) -> str:
    """Return the text with digits for Chinese numerals: digit by digit, or up to 99 with 十.

    >>> digits_for_numerals("二〇一九年十二月三十一日"), digits_for_numerals("二O一九")
    ('2019年12月31日', '2019')
    """
    return _RUN.sub(lambda run: _in_digits(run[0]), digits_for_letters(text))


def _in_digits(run: str) -> str:
    if "十" not in run:
        return run.translate(_DIGITS)
    written = _TENS.fullmatch(run)
    if written is None:
        return run
    tens, ones = (part or "" for part in written.groups())
    return (_VALUES[tens] if tens else "1") + (_VALUES[ones] if ones else "0")
