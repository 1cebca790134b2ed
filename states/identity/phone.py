"""The rule of a mobile number."""

from __future__ import annotations

import re
from typing import Final

import phonenumbers

from states.identity.normalization import bare_digits, mask_all_but, visible_name
from states.texts import Problem

_HOME: Final = "CN"
_REGIONS: Final = frozenset({"CN", "HK", "MO", "TW"})
_HOME_CODE: Final = 86
_MOBILE_DIGITS: Final = 11
# The library lacks the newest mobile ranges; their numbers are valid too.
_HOME_MOBILE: Final = re.compile("1[3-9][0-9]{9}")
_OFFSHORE: Final = re.compile("(?:852|853|886)[0-9]{8,9}")
"""Numbers with an area code but no plus. No number of the mainland has these first digits."""
_HOME_PREFIX: Final = re.compile(r"^(?:\+|00)\s*86")
_TYPES: Final = phonenumbers.PhoneNumberType
_MOBILE: Final = frozenset({_TYPES.MOBILE, _TYPES.FIXED_LINE_OR_MOBILE})


def check_phone(text: str) -> str | Problem:
    """Return a mobile number in E.164, such as ``+8613800138000``.

    Numbers of Hong Kong, Macao and Taiwan need their area code. Landlines and hotlines are invalid.
    """
    typed = bare_digits(text)
    odd = re.search(r"[^0-9+() ./‐-―−-]", typed)
    if odd:
        return Problem("problem-phone-character", {"char": visible_name(odd[0])})
    phone = _parsed(typed)
    if phone is None:
        return Problem("problem-phone-wrong")
    is_home = phone.country_code == _HOME_CODE
    if not (is_home and _HOME_MOBILE.fullmatch(str(phone.national_number))):
        problem = _unusable(phone, typed)
        if problem:
            return problem
    return phonenumbers.format_number(phone, phonenumbers.PhoneNumberFormat.E164)


def _parsed(typed: str) -> phonenumbers.PhoneNumber | None:
    digits = re.sub("[^0-9]", "", typed)
    whole = f"+{digits}" if _OFFSHORE.fullmatch(digits) else typed
    try:
        return phonenumbers.parse(whole, _HOME)
    except phonenumbers.NumberParseException:
        return None


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


def _unusable(phone: phonenumbers.PhoneNumber, typed: str) -> Problem | None:
    is_home = phone.country_code == _HOME_CODE
    if not phonenumbers.is_valid_number(phone):
        digits = len(re.sub("[^0-9]", "", _HOME_PREFIX.sub("", typed)))
        if is_home and digits != _MOBILE_DIGITS:
            return Problem("problem-phone-length", {"count": digits, "limit": _MOBILE_DIGITS})
        return Problem("problem-phone-wrong")
    if phonenumbers.region_code_for_number(phone) not in _REGIONS:
        return Problem("problem-phone-region")
    kind = phonenumbers.number_type(phone)
    if kind == _TYPES.FIXED_LINE:
        return Problem("problem-phone-landline")
    return None if kind in _MOBILE else Problem("problem-phone-hotline")
