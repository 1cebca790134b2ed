"""Intake: updates are kept, however we hear of them; and until when nothing was missed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from starlette.routing import BaseRoute

from bot.core.failpoints import Failpoint, FailpointHook, no_failpoint
from bot.core.metrics import Metrics
from storage.updates.inbox import Inbox, ReceivedUpdate

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member", "pre_checkout_query"]
GAP = timedelta(seconds=60)


class UpdateSource(Protocol):
    """A way to hear from Telegram: we ask, or we are called (at ``routes``)."""

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What the HTTP listener has to serve for it."""

    async def begin(self) -> None:
        """Tell Telegram that it is to be this way.

        Raises:
            ApiError: it refused.
            Unreachable: it did not answer.
        """

    async def run(self) -> None:
        """Hear until cancelled."""


class Intake:
    """Numbers updates, and hands them over to be kept.

    Args:
        keep: keeps them and goes on with them; says how many were new, or is ``Unavailable``.
        heard: the moment up to which nothing can have been missed (for gaps of the intake).
    """

    def __init__(
        self,
        inbox: Inbox,
        bot_id: int,
        keep: Callable[[Sequence[ReceivedUpdate]], Awaitable[int]],
        *,
        now: Callable[[], datetime],
        synced_until: datetime | None = None,
        failpoint: FailpointHook = no_failpoint,
        metrics: Metrics | None = None,
    ) -> None:
        self._inbox = inbox
        self._bot_id = bot_id
        self._keep = keep
        self.now = now
        self._synced_until = synced_until
        self._failpoint = failpoint
        self._metrics = metrics or Metrics()

    @property
    def synced_until(self) -> datetime | None:
        """Until when we have kept all that Telegram had for us."""
        return self._synced_until

    async def take(self, updates: Sequence[dict[str, Any]]) -> None:
        """Keep updates; only after this may Telegram forget them.

        Raises:
            Unavailable: none was kept.
        """
        self._failpoint(Failpoint.RECEIVED)
        rows = self._inbox.number(self._bot_id, updates, self.now())
        with self._inbox.uncommitted(rows):
            count = await self._keep(rows)
        self._failpoint(Failpoint.COMMITTED_TO_INBOX)
        self._metrics.updates_kept(count)

    async def mark_synced(self, until: datetime) -> None:
        """Telegram has nothing older for us; a silence of over a minute before that is recorded.

        Raises:
            Unavailable: it could not be recorded; say it again.
        """
        if self._synced_until is not None and until - self._synced_until > GAP:
            await self._inbox.note_gap(self._synced_until, until)
            self._metrics.intake_gap()
        self._synced_until = until
