"""The rule of a telephone number: where reminders and calls reach the person."""

from __future__ import annotations

import re
from typing import Final

import phonenumbers

from states.identity.normalization import normalize_text, visible_name
from states.texts import Problem

_HOME: Final = "CN"
_REGIONS: Final = frozenset({"CN", "HK", "MO", "TW"})
_HOME_CODE: Final = 86
_MOBILE_DIGITS: Final = 11
# The library's table of mobile ranges lags behind the newest ones, and a person with a new
# number must not be told that it does not exist.
_HOME_MOBILE: Final = re.compile("1[3-9][0-9]{9}")


def check_phone(text: str) -> str | Problem:
    """A mobile number of the mainland, or with its prefix one of Hong Kong, Macao or Taiwan.

    Returns E.164, such as ``+8613800138000``. Reminders are sent and calls made to it, so a
    landline is refused.
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
    """An E.164 number as people at home write it.

    >>> readable_phone("+8613800138000")
    '138 0013 8000'
    """
    parsed = phonenumbers.parse(phone)
    form = phonenumbers.PhoneNumberFormat
    is_home = parsed.country_code == _HOME_CODE
    return phonenumbers.format_number(parsed, form.NATIONAL if is_home else form.INTERNATIONAL)


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
