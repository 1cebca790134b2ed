"""The rules of e-mail address, post code and landline."""

from __future__ import annotations

import re

from states.identity import normalize_text
from states.texts import Problem

_EMAIL = re.compile(
    r"(?=[^@]{1,64}@)[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
# [0-9] and not \d, which matches digits of any script: the form prints the stored text.
_POSTCODE = re.compile("[0-9]{6}")
# Large cities have area codes of three digits; mobile numbers have none.
_LANDLINE = re.compile("(010|02[0-9]|0[3-9][0-9]{2})-?([0-9]{7,8})(?:-([0-9]{1,6}))?")


def check_email(typed: str) -> str | Problem:
    """Return the address, such as ``ling@example.com``, in lower case after the @."""
    text = normalize_text(typed).replace("。", ".").replace(" ", "")
    if not _EMAIL.fullmatch(text) or len(text) > 100:
        return Problem("problem-email")
    name, _, host = text.partition("@")
    return f"{name}@{host.lower()}"


def check_postcode(typed: str) -> str | Problem:
    """Return the post code: six digits."""
    text = normalize_text(typed).replace(" ", "")
    return text if _POSTCODE.fullmatch(text) else Problem("problem-postcode")


def check_landline(typed: str) -> str | Problem:
    """Return the landline with area code, and extension if any: ``0971-1234567-8``."""
    text = re.sub("[转‐-―−]", "-", normalize_text(typed))
    found = _LANDLINE.fullmatch(re.sub("[ ()]", "", text))
    if found is None:
        return Problem("problem-landline")
    return "-".join(part for part in found.groups() if part)
