"""The public code of an application: short enough to be said at a counter, checked when typed.

It hides nothing and opens nothing: whoever looks something up by it must be allowed to see it.
"""

from __future__ import annotations

from typing import Final

from states.records import ApplicationId

SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, 1, I, L and O, which people mistake for each other. There are 31 of them: a prime, so
that the check sign finds every mistyped sign and every two signs that changed places."""
LARGEST: Final = 2**63
"""Above the ids that a database can hold, so that nothing typed is asked for beyond them."""
SHORTEST: Final = 6
"""Signs before the check sign; smaller numbers are filled up, so that codes look alike."""


def code_of(application_id: ApplicationId) -> str:
    """The code: the number in base 31, the check sign, a dash in the middle.

    >>> code_of(ApplicationId(65))
    '2222-454'
    """
    rest, digits = int(application_id), ""
    while rest:
        rest, digit = divmod(rest, len(SIGNS))
        digits = SIGNS[digit] + digits
    digits = digits.rjust(SHORTEST, SIGNS[0])
    whole = digits + _check(digits)
    return f"{whole[:4]}-{whole[4:]}"


def id_of(typed: str) -> ApplicationId | None:
    """The application that a code names, however it was typed; None where it is no code.

    >>> id_of("2222 454"), id_of("2222-455")
    (65, None)
    """
    signs = [SIGNS.find(sign) for sign in typed.upper() if sign.isalnum()]
    if len(signs) <= SHORTEST or min(signs) < 0:
        return None
    digits, check = signs[:-1], signs[-1]
    if check != _sum(digits):
        return None
    number = 0
    for digit in digits:
        number = number * len(SIGNS) + digit
    return ApplicationId(number) if number < LARGEST else None


def _check(digits: str) -> str:
    return SIGNS[_sum([SIGNS.index(sign) for sign in digits])]


def _sum(digits: list[int]) -> int:
    """Each sign counts by its place, no place as any other."""
    return sum(place * digit for place, digit in enumerate(digits, start=2)) % len(SIGNS)
