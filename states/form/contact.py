"""How a candidate can be reached: the rules of e-mail address, post code and landline."""

from __future__ import annotations

import re

from states.identity import normalise
from states.texts import Problem

_EMAIL = re.compile(
    r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
_POSTCODE = re.compile(r"\d{6}")
_LANDLINE = re.compile(r"(0\d{2,3})-?(\d{7,8})(?:-?(\d{1,6}))?")


def check_email(typed: str) -> str | Problem:
    """An address such as ``ling@example.com``, in small letters behind the @."""
    text = normalise(typed).replace("。", ".").replace(" ", "")
    if not _EMAIL.fullmatch(text) or len(text) > 100:
        return Problem("problem-email")
    name, _, host = text.partition("@")
    return f"{name}@{host.lower()}"


def check_postcode(typed: str) -> str | Problem:
    """A post code: six digits."""
    text = normalise(typed).replace(" ", "")
    return text if _POSTCODE.fullmatch(text) else Problem("problem-postcode")


def check_landline(typed: str) -> str | Problem:
    """A landline with its area code: ``0971-1234567``, perhaps with an extension."""
    text = re.sub("[ ()—–−－]", "", normalise(typed).replace("转", "-"))
    found = _LANDLINE.fullmatch(text)
    if found is None:
        return Problem("problem-landline")
    return "-".join(part for part in found.groups() if part)
