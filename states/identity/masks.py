"""Names and numbers as others may see them."""

from __future__ import annotations


def mask_name(name: str) -> str:
    """The first sign, and at most three stars: a long name stays as hidden as a short one."""
    return name[:1] + "*" * min(len(name) - 1, 3) if name else ""


def mask_id_number(number: str) -> str:
    """The last quarter: 4 of 18 signs, 2 of 8 or 9; enough to tell two papers apart."""
    return _tail(number, len(number) // 4)


def mask_phone(phone: str) -> str:
    """The last four digits."""
    return _tail(phone, 4)


def _tail(text: str, shown: int) -> str:
    hidden = max(len(text) - shown, 0)
    return "*" * hidden + text[hidden:]
