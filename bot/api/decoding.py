"""Decoding of what Telegram sends: no bytes that one person types make an answer unreadable.

The Bot API server copies ``callback_data`` into its JSON as it came, even if it is no UTF-8.
"""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any

import orjson

INTEGERS = 2**63
"""Integers below it stay integers; larger ones become floats, as with orjson."""
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_UPDATE_ID = re.compile(rb'"update_id"\s*:\s*(\d{1,19})(?!\d)')
_ANSWER = re.compile(rb'\s*\{\s*"ok"\s*:\s*true\b.*\]\s*\}\s*', re.DOTALL)


class Undecodable(ValueError):
    """Bytes that no decoding turns into JSON, for example since they nest too deeply."""


def decode(content: bytes) -> Any:
    """Return the JSON in some bytes, as orjson writes it again.

    U+FFFD replaces bytes that are no UTF-8 and lone surrogates; None replaces NaN and infinities.

    Raises:
        Undecodable: the bytes are no JSON, or nest too deeply.
    """
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        pass  # the tolerant way takes ten times as long
    try:
        value = _TOLERANT.decode(content.decode(errors="replace"))
        text = _LONE_SURROGATE.sub("\ufffd", json.dumps(value, ensure_ascii=False))
        return orjson.loads(text)
    except (ValueError, RecursionError) as error:
        raise Undecodable(type(error).__name__) from None


def looks_like_list(content: bytes) -> bool:
    """Return whether bytes are a whole answer of Telegram with a list, and no proxy's page."""
    return _ANSWER.fullmatch(content) is not None


def find_update_id(content: bytes) -> int | None:
    """Return the first update_id in bytes that cannot be decoded.

    Text of a person has a backslash before each quote, so it never matches.
    """
    found = _UPDATE_ID.search(content)
    return int(found[1]) if found else None


def _integer(digits: str) -> int | float | None:
    number = _fraction(digits)  # refuses no length, unlike int()
    return int(digits) if number is not None and abs(number) < INTEGERS else number


def _fraction(digits: str) -> float | None:
    number = float(digits)
    return number if isfinite(number) else None


_TOLERANT = json.JSONDecoder(
    parse_int=_integer, parse_float=_fraction, parse_constant=lambda _name: None, strict=False
)
