"""The public code of an application: short enough to say aloud, with a check character.

The code is no secret and grants no access: every look-up checks the role of its reader.
"""

from __future__ import annotations

from typing import Final

from states.records import ApplicationId

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Characters without 0, 1, I, L and O, which people confuse. Their number, 31, is a prime: so the
check character detects each wrong character and each swap of two."""
MAX_ID: Final = 2**63
"""Upper bound (excluded) of the ids that a database column can hold."""
MIN_DIGITS: Final = 6
"""Characters before the check character; smaller numbers are padded."""


def code_of(application_id: ApplicationId) -> str:
    """Return the code: the number in base 31, the check character, a dash in the middle.

    >>> code_of(ApplicationId(65))
    '2222-454'
    """
    rest, digits = int(application_id), ""
    while rest:
        rest, digit = divmod(rest, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    digits = digits.rjust(MIN_DIGITS, ALPHABET[0])
    whole = digits + _check(digits)
    return f"{whole[:4]}-{whole[4:]}"


def id_of(typed: str) -> ApplicationId | None:
    """Return the id of a typed code, in any case and spacing; None if the code is invalid.

    >>> id_of("2222 454"), id_of("2222-455")
    (65, None)
    """
    signs = [ALPHABET.find(sign) for sign in typed.upper() if sign.isalnum()]
    if len(signs) <= MIN_DIGITS or min(signs) < 0:
        return None
    digits, check = signs[:-1], signs[-1]
    if check != _sum(digits):
        return None
    number = 0
    for digit in digits:
        number = number * len(ALPHABET) + digit
    return ApplicationId(number) if number < MAX_ID else None


def _check(digits: str) -> str:
    return ALPHABET[_sum([ALPHABET.index(sign) for sign in digits])]


def _sum(digits: list[int]) -> int:
    """Return the checksum: each character is weighted by its place."""
    return sum(place * digit for place, digit in enumerate(digits, start=2)) % len(ALPHABET)
