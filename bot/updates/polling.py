"""Intake by polling: updates are committed before the offset tells Telegram that we have them."""

from __future__ import annotations

from typing import Any

import structlog

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.backoff import Backoff
from bot.core.clocks import MonotonicClock
from bot.updates.intake import ALLOWED, Intake
from storage.engine.database import Unavailable

LONG_POLL = 30
SLACK = 10.0
LIMIT = 100
FIRST_RETRY = 0.5
LAST_RETRY = 30.0
NOT_FOUND = 404

log = structlog.get_logger("polling")


class Poller:
    """Asks Telegram for updates, one request at a time."""

    routes = ()

    def __init__(self, api: BotApi, intake: Intake, monotonic: MonotonicClock) -> None:
        self._api = api
        self._intake = intake
        self._monotonic = monotonic
        self._offset: int | None = None

    async def begin(self) -> None:
        """Take a webhook away, since nobody is answered while there is one; what waits stays."""
        try:
            await self._api.call("deleteWebhook", {"drop_pending_updates": False})
        except ApiError as error:
            if error.code != NOT_FOUND:  # a smaller server that knows no webhooks has none
                raise

    async def run(self) -> None:
        """Poll until cancelled. Trouble is waited out; nothing is acknowledged meanwhile."""
        backoff = Backoff(FIRST_RETRY, LAST_RETRY)
        while True:
            try:
                await self._poll()
            except (ApiError, Unreachable, Unavailable) as error:
                log.warning("intake failed", error=type(error).__name__, reason=str(error))
                asked = error.retry_after if isinstance(error, ApiError) else None
                await self._monotonic.sleep(backoff.next(asked or 0.0))
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
        answered = self._intake.now()
        if updates:
            await self._intake.take(updates)
            # Only from here on may Telegram forget them.
            self._offset = max(update["update_id"] for update in updates) + 1
        await self._intake.mark_synced(answered)
