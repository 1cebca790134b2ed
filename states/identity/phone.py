"""The rule of a mobile number."""

from __future__ import annotations

import re
from typing import Final

import phonenumbers

from states.identity.normalization import mask_all_but, normalize_text, visible_name
from states.texts import Problem

_HOME: Final = "CN"
_REGIONS: Final = frozenset({"CN", "HK", "MO", "TW"})
_HOME_CODE: Final = 86
_MOBILE_DIGITS: Final = 11
# The library lacks the newest mobile ranges; their numbers are valid too.
_HOME_MOBILE: Final = re.compile("1[3-9][0-9]{9}")


def check_phone(text: str) -> str | Problem:
    """Return a mobile number in E.164, such as ``+8613800138000``.

    Numbers of Hong Kong, Macao and Taiwan need their prefix. Landlines are invalid.
    """
    typed = normalize_text(text)
    odd = re.search(r"[^0-9+() ./‐-―−-]", typed)
    if odd:
        return Problem("problem-phone-character", {"char": visible_name(odd[0])})
    try:
        phone = phonenumbers.parse(typed, _HOME)
    except phonenumbers.NumberParseException:
        return Problem("problem-phone-wrong")
    national = str(phone.national_number)
    is_home = phone.country_code == _HOME_CODE
    if not (is_home and _HOME_MOBILE.fullmatch(national)):
        problem = _unusable(phone, len(national))
        if problem:
            return problem
    return phonenumbers.format_number(phone, phonenumbers.PhoneNumberFormat.E164)


def readable_phone(phone: str) -> str:
    """Return an E.164 number in the usual format of the mainland.

    >>> readable_phone("+8613800138000")
    '138 0013 8000'
    """
    parsed = phonenumbers.parse(phone)
    form = phonenumbers.PhoneNumberFormat
    is_home = parsed.country_code == _HOME_CODE
    return phonenumbers.format_number(parsed, form.NATIONAL if is_home else form.INTERNATIONAL)


def mask_phone(phone: str) -> str:
    """Return the number with all but its last four digits hidden."""
    return mask_all_but(phone, 4)


def _unusable(phone: phonenumbers.PhoneNumber, digits: int) -> Problem | None:
    is_home = phone.country_code == _HOME_CODE
    if not phonenumbers.is_valid_number(phone):
        if is_home and digits != _MOBILE_DIGITS:
            return Problem("problem-phone-length", {"count": digits, "limit": _MOBILE_DIGITS})
        return Problem("problem-phone-wrong")
    if phonenumbers.region_code_for_number(phone) not in _REGIONS:
        return Problem("problem-phone-region")
    if phonenumbers.number_type(phone) == phonenumbers.PhoneNumberType.FIXED_LINE:
        return Problem("problem-phone-landline")
    return None
