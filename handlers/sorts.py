"""What an update is, told from the outside: it narrows the routes before PTB reads any of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Any


class Sort(Enum):
    """Most updates are a TAP on a button or WORDS, both in a private chat; all else is OTHER."""

    TAP = auto()
    WORDS = auto()
    OTHER = auto()


def sort_of(told: Mapping[str, Any]) -> Sort:
    """The sort of an update as Telegram tells it; commands are OTHER.

    >>> sort_of({"message": {"chat": {"type": "private"}, "text": "刘玲"}})
    <Sort.WORDS: 2>
    """
    match told:
        case {"callback_query": {"message": {"chat": {"type": "private"}}}}:
            return Sort.TAP
        case {"message": {"chat": {"type": "private"}, "text": str()} as message}:
            return Sort.OTHER if _is_command(message) else Sort.WORDS
    return Sort.OTHER


def _is_command(message: Mapping[str, Any]) -> bool:
    """https://core.telegram.org/bots/api#messageentity: a command that the message begins with."""
    match message.get("entities"):
        case [{"type": "bot_command", "offset": 0}, *_]:
            return True
    return False
