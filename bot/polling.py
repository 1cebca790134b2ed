"""Intake by polling: updates are committed before the offset tells Telegram that we have them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.arrows import Arrow, Passing, undisturbed
from bot.client import ApiError, BotApi, Unreachable
from bot.times import Machine
from storage.db import Unavailable
from storage.inbox import Inbox, Received

LONG_POLL = 30
SLACK = 10.0
LIMIT = 100
FIRST_RETRY = 0.5
LAST_RETRY = 30.0
GAP = timedelta(seconds=60)
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member", "pre_checkout_query"]

log = structlog.get_logger("polling")


class Poller:
    """Asks Telegram for updates, one request at a time.

    Args:
        put: takes the kept updates over, in memory.
        heard: the moment up to which nothing can have been missed (for gaps of the intake).
    """

    def __init__(
        self,
        api: BotApi,
        inbox: Inbox,
        bot_id: int,
        put: Callable[[Iterable[Received]], None],
        machine: Machine,
        *,
        now: Callable[[], datetime],
        heard: datetime | None = None,
        passing: Passing = undisturbed,
    ) -> None:
        self._api = api
        self._inbox = inbox
        self._bot_id = bot_id
        self._put = put
        self._machine = machine
        self._now = now
        self._heard = heard
        self._passing = passing
        self._offset: int | None = None

    @property
    def heard(self) -> datetime | None:
        """When Telegram last answered and all it said was kept."""
        return self._heard

    async def run(self) -> None:
        """Poll until cancelled. Trouble is waited out; nothing is acknowledged meanwhile."""
        retry = FIRST_RETRY
        while True:
            try:
                await self._poll()
            except (ApiError, Unreachable, Unavailable) as error:
                log.warning("intake failed", error=type(error).__name__, reason=str(error))
                await self._machine.sleep(_patience(error, retry))
                retry = min(retry * 2, LAST_RETRY)
            else:
                retry = FIRST_RETRY

    async def _poll(self) -> None:
        params: dict[str, Any] = {
            "timeout": LONG_POLL,
            "limit": LIMIT,
            "allowed_updates": ALLOWED,
        }
        if self._offset is not None:
            params["offset"] = self._offset
        updates = await self._api.call("getUpdates", params, patience=LONG_POLL + SLACK)
        now = self._now()
        if updates:
            self._passing(Arrow.RECEIVED)
            rows = await self._inbox.keep(self._bot_id, updates, now)
            self._passing(Arrow.KEPT)
            # Only from here on may Telegram forget them.
            self._offset = max(update["update_id"] for update in updates) + 1
            self._put(rows)
        if self._heard is not None and now - self._heard > GAP:
            await self._inbox.note_gap(self._heard, now)
        self._heard = now


def _patience(error: Exception, retry: float) -> float:
    asked = error.retry_after if isinstance(error, ApiError) else None
    return max(asked or 0.0, retry)
