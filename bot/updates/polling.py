"""Polling: the bot commits updates before its next offset confirms them to Telegram.

https://core.telegram.org/bots/api#getupdates
"""

from __future__ import annotations

from typing import Any

import structlog

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.loops import Backoff, MonotonicClock
from bot.updates.intake import ALLOWED, Intake
from storage.engine.database import Unavailable

LONG_POLL = 30
"""Seconds that Telegram holds a request open."""
SLACK = 10.0
"""Seconds beyond that until the request counts as lost."""
LIMIT = 100
FIRST_RETRY = 0.5
LAST_RETRY = 30.0
NOT_FOUND = 404

log = structlog.get_logger("polling")


class Poller:
    """Requests updates from Telegram, one request at a time."""

    routes = ()

    def __init__(self, api: BotApi, intake: Intake, monotonic: MonotonicClock) -> None:
        self._api = api
        self._intake = intake
        self._monotonic = monotonic
        self._offset: int | None = None

    async def begin(self) -> None:
        """Delete a webhook, since it blocks ``getUpdates``; pending updates stay."""
        try:
            await self._api.call("deleteWebhook", {"drop_pending_updates": False})
        except ApiError as error:
            if error.code != NOT_FOUND:  # a partial Bot API server without webhooks
                raise

    async def run(self) -> None:
        """Poll until cancelled. After an error it waits, and confirms no update meanwhile."""
        backoff = Backoff(FIRST_RETRY, LAST_RETRY)
        while True:
            try:
                await self._poll()
            except (ApiError, Unreachable, Unavailable) as error:
                log.warning("intake failed", error=type(error).__name__, reason=str(error))
                retry_after = error.retry_after if isinstance(error, ApiError) else None
                await self._monotonic.sleep(backoff.next(retry_after or 0.0))
            else:
                backoff.reset()

    async def _poll(self) -> None:
        params: dict[str, Any] = {
            "timeout": LONG_POLL,
            "limit": LIMIT,
            "allowed_updates": ALLOWED,
        }
        if self._offset is not None:
            params["offset"] = self._offset
        updates = await self._api.call("getUpdates", params, time_limit=LONG_POLL + SLACK)
        answered_at = self._intake.now()
        if updates:
            await self._intake.take(updates)
            # The next request confirms the updates up to this offset.
            self._offset = max(update["update_id"] for update in updates) + 1
        await self._intake.mark_synced(answered_at)
