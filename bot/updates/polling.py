"""Polling: the bot commits updates before its next offset confirms them to Telegram.

The poller requests an answer that it cannot decode again, update by update. It steps over the
update that it cannot decode alone.

https://core.telegram.org/bots/api#getupdates
"""

from __future__ import annotations

from typing import Any

import structlog

from bot.api.client import ApiError, BotApi, Unreachable, Unreadable
from bot.api.decoding import find_update_id
from bot.core.runtime import Backoff, MonotonicClock
from bot.updates.conflict import ConflictWatch
from bot.updates.intake import ALLOWED, Intake, unreadable, update_id_of
from storage.engine.database import Unavailable

LONG_POLL = 30
"""Seconds that Telegram holds a request open."""
SLACK = 10.0
"""Seconds beyond that until the request counts as lost."""
SHORTEST = 0.3
"""The least seconds between two empty answers: some servers do not hold a request open."""
LIMIT = 100
FIRST_RETRY = 0.5
LAST_RETRY = 30.0
NOT_FOUND = 404
CONFLICT = 409
"""Another bot polls with this token, or has set a webhook."""

log = structlog.get_logger("polling")


class Poller:
    """Requests updates from Telegram, one request at a time."""

    routes = ()

    def __init__(self, api: BotApi, intake: Intake, monotonic: MonotonicClock) -> None:
        self._api = api
        self._intake = intake
        self._monotonic = monotonic
        self._offset: int | None = None
        self._singly = 0  # requests that still ask for one update each
        self.conflict = ConflictWatch(monotonic)

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
                if isinstance(error, ApiError) and error.code == CONFLICT:
                    self.conflict.note()
                await self._monotonic.sleep(backoff.next(retry_after or 0.0))
            else:
                backoff.reset()

    async def _poll(self) -> None:
        params: dict[str, Any] = {
            "timeout": LONG_POLL,
            "limit": 1 if self._singly else LIMIT,
            "allowed_updates": ALLOWED,
        }
        if self._offset is not None:
            params["offset"] = self._offset
        asked_at = self._monotonic.now()
        try:
            updates = await self._api.call("getUpdates", params, time_limit=LONG_POLL + SLACK)
        except Unreadable as error:
            await self._narrow(error)
            return
        if not isinstance(updates, list):
            raise Unreachable("getUpdates returned no list")
        answered_at = self._intake.now()
        self._singly = max(0, self._singly - 1) if updates else 0
        if updates:
            await self._take(updates)
        # Behind a full answer, or one of a single update, Telegram may hold more.
        if not self._singly and len(updates) < LIMIT:
            await self._intake.mark_synced(answered_at)
        waited = self._monotonic.now() - asked_at
        if not updates and waited < SHORTEST:
            await self._monotonic.sleep(SHORTEST - waited)

    async def _take(self, updates: list[object]) -> None:
        await self._intake.take(updates)
        numbers = [one for one in map(update_id_of, updates) if one is not None]
        if not numbers:
            self._skip()
            raise Unreachable("getUpdates returned no update_id")
        # The next request confirms the updates up to this offset.
        self._offset = max(numbers) + 1

    async def _narrow(self, error: Unreadable) -> None:
        """Request the updates one by one; step over one that cannot be decoded by itself."""
        if not self._singly:
            log.warning("an answer cannot be decoded; one by one")
            self._singly = LIMIT
            return
        number = find_update_id(error.content)
        known = number is not None and number >= (self._offset or 0)
        await self._intake.take([unreadable(number if known else None)])
        self._singly = 0
        if number is not None and known:
            self._offset = number + 1
        else:
            self._skip()
            raise error

    def _skip(self) -> None:
        """Step over an update whose id nobody can tell; the caller then waits, since it guessed."""
        if self._offset is not None:
            self._offset += 1
