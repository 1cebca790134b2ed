"""Each different call is judged by the sandbox's models once; a repetition is known to be sound.

Judging costs the server more than the rest of a call, and all candidates are told the same; so the
server is no bottleneck, whichever bot it serves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from bot.sandbox.api.models import read
from bot.sandbox.archive import JsonObject

_OWN = ("chat_id", "message_id", "callback_query_id", "offset")
"""What differs from one candidate or moment to another, and is a plain value."""


class Judged:
    """Reads a call's parameters like ``models.read``, remembering what it has read."""

    def __init__(self) -> None:
        self._known: dict[bytes, JsonObject] = {}

    def __call__(self, method: str, raw: Mapping[str, Any]) -> JsonObject:
        """The parameters as they are meant.

        Raises:
            Refusal: the call is not sound.
        """
        rest = {name: value for name, value in raw.items() if name not in _OWN}
        key = orjson.dumps((method, sorted(raw), rest))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = read(method, raw)
        own = {name: type(known[name])(raw[name]) for name in _OWN if name in known}
        return {**known, **own}
