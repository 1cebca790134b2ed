"""Intake: numbers the updates of the poller or the webhook, and records when it missed some.

https://core.telegram.org/bots/api#getting-updates
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from starlette.routing import BaseRoute

from bot.core.loops import Failpoint, FailpointHook, no_failpoint
from bot.core.metrics import Metrics
from storage.updates.inbox import Inbox, ReceivedUpdate

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member", "pre_checkout_query"]
GAP = timedelta(seconds=60)
"""A longer pause is recorded: Telegram may have dropped updates meanwhile."""


class UpdateSource(Protocol):
    """A source of updates: ``getUpdates``, or a webhook at ``routes``."""

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """The routes that the HTTP server has to serve."""

    async def begin(self) -> None:
        """Tell Telegram to use this source.

        Raises:
            ApiError: Telegram refused.
            Unreachable: Telegram did not answer.
        """

    async def run(self) -> None:
        """Receive until cancelled."""


class Intake:
    """Numbers updates and has them committed.

    Args:
        commit: commits updates and runs them; returns how many were new, or raises ``Unavailable``.
        now: returns the real time, which Telegram's updates follow.
        synced_until: the moment until which an earlier run missed no update.
    """

    def __init__(
        self,
        inbox: Inbox,
        bot_id: int,
        commit: Callable[[Sequence[ReceivedUpdate]], Awaitable[int]],
        *,
        now: Callable[[], datetime],
        synced_until: datetime | None = None,
        failpoint: FailpointHook = no_failpoint,
        metrics: Metrics | None = None,
    ) -> None:
        self._inbox = inbox
        self._bot_id = bot_id
        self._commit = commit
        self.now = now
        self._synced_until = synced_until
        self._failpoint = failpoint
        self._metrics = metrics or Metrics()

    @property
    def synced_until(self) -> datetime | None:
        """The moment until which every update of Telegram is committed."""
        return self._synced_until

    async def take(self, updates: Sequence[dict[str, Any]]) -> None:
        """Commit updates; only afterwards may Telegram forget them.

        Raises:
            Unavailable: none was committed.
        """
        self._failpoint(Failpoint.RECEIVED)
        rows = self._inbox.number(self._bot_id, updates, self.now())
        with self._inbox.uncommitted(rows):
            count = await self._commit(rows)
        self._failpoint(Failpoint.COMMITTED_TO_INBOX)
        self._metrics.updates_kept(count)

    async def mark_synced(self, until: datetime) -> None:
        """Record that Telegram holds no older update, and the gap before if it exceeds a minute.

        Raises:
            Unavailable: the gap was not recorded; call again.
        """
        if self._synced_until is not None and until - self._synced_until > GAP:
            await self._inbox.note_gap(self._synced_until, until)
            self._metrics.intake_gap()
        self._synced_until = until
