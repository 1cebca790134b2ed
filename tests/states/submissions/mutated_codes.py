"""Changes codes of printed forms at random, and lists those that are still accepted.

``python -m tests.states.submissions.mutated_codes`` tries a million; the default tests a tenth.
"""

from __future__ import annotations

import base64
import random
import sys
from collections.abc import Callable

from states.records import ApplicationId
from states.submissions.print_verification import (
    MAX_NUMBER,
    KeyMissing,
    PrintReference,
    SigningKey,
    read_parameter,
    start_parameter,
)

KEYS = (SigningKey(7, b"n" * 32), SigningKey(9, b"o" * 32))
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
CODES = 500
"""Signed codes; each is changed equally often."""


def bits(text: str, chance: random.Random) -> str:
    """Flip one to three bits of the bytes behind the text."""
    content = bytearray(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    for _change in range(chance.randint(1, 3)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def characters(text: str, chance: random.Random) -> str:
    """Replace one to three characters."""
    signs = list(text)
    for _change in range(chance.randint(1, 3)):
        signs[chance.randrange(len(signs))] = chance.choice(ALPHABET)
    return "".join(signs)


def length(text: str, chance: random.Random) -> str:
    """Leave out a character, or add one."""
    at = chance.randrange(len(text))
    added = "" if chance.random() < 0.5 else chance.choice(ALPHABET) + text[at]
    return text[:at] + added + text[at + 1 :]


def swap(text: str, chance: random.Random) -> str:
    """Exchange two characters."""
    signs = list(text)
    one, other = chance.sample(range(len(signs)), 2)
    signs[one], signs[other] = signs[other], signs[one]
    return "".join(signs)


CHANGES: tuple[Callable[[str, random.Random], str], ...] = (bits, characters, length, swap)


def accepted(tries: int, chance: random.Random) -> list[str]:
    """Return the changed codes among ``tries`` that were read as genuine: there should be none."""
    originals = [
        start_parameter(
            PrintReference(
                ApplicationId(chance.randint(1, 2 ** chance.randint(1, 63))),
                chance.randint(1, MAX_NUMBER if chance.random() < 0.1 else 99),
            ),
            chance.choice(KEYS),
        )
        for _ in range(CODES)
    ]
    found = []
    for number in range(tries):
        original = originals[number % CODES]
        changed = "v" + CHANGES[number % len(CHANGES)](original[1:], chance)
        if changed != original and is_accepted(changed):
            found.append(changed)
    return found


def is_accepted(parameter: str) -> bool:
    """Return whether our keys read a reference."""
    try:
        return isinstance(read_parameter(parameter, KEYS), PrintReference)
    except KeyMissing:
        return False


if __name__ == "__main__":
    tries = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    wrong = accepted(tries, random.Random(1))
    print(f"{tries:,} changed codes: {len(wrong)} accepted")
    sys.exit(bool(wrong))
