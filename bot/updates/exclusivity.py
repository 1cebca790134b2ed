"""Which updates run in a transaction of their own, known before anything of theirs is loaded.

The callback data, the command, the chat or the account tells it. A typed label of an exclusive
button does not: its step turns out to be exclusive in a batch, and the worker loads it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from telegram.constants import ChatType

from handlers import registry
from handlers.callback_data import CallbackData
from handlers.routing import STAFF_LINKS
from storage.staff.access.invites import PREFIX


def is_exclusive(raw_update: Mapping[str, Any], *, is_staff: bool) -> bool:
    """Return whether an update needs a transaction of its own.

    No code has validated the update yet: a malformed one needs none, and its step fails.

    Args:
        is_staff: the account has a role; any of its messages may answer a question of the staff.
    """
    match raw_update:
        case {"callback_query": {"data": str(data)}}:
            callback = CallbackData.parse(data)
            return callback is not None and registry.is_exclusive_button(callback)
        case {"message": {"chat": {"type": ChatType.PRIVATE}} as message}:
            is_money = "successful_payment" in message
            return is_staff or is_money or _is_exclusive_command(message.get("text"))
        case {"pre_checkout_query": _}:
            return True
    return _is_of_group(raw_update)


def _is_exclusive_command(text: object) -> bool:
    if not isinstance(text, str):
        return False
    name, payload = command_of(text)
    if name == "start":
        return payload in STAFF_LINKS or payload.startswith(PREFIX)
    return name in registry.EXCLUSIVE_COMMANDS


def _is_of_group(raw_update: Mapping[str, Any]) -> bool:
    match raw_update:
        case (
            {"message": {"chat": {"type": kind}}}
            | {"edited_message": {"chat": {"type": kind}}}
            | {"my_chat_member": {"chat": {"type": kind}}}
        ):
            return bool(kind != ChatType.PRIVATE)
    return False


def command_of(text: str) -> tuple[str, str]:
    """Return the name and payload of a command; two empty strings for other texts.

    >>> command_of("/Start@baoming_bot queue")
    ('start', 'queue')
    """
    name, _, payload = text.partition(" ")
    return (name[1:].partition("@")[0].casefold(), payload) if name.startswith("/") else ("", "")
