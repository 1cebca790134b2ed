"""Intake: updates are kept, however we hear of them; and until when nothing was missed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from starlette.routing import BaseRoute

from bot.arrows import Arrow, Passing, undisturbed
from bot.metrics import Metrics
from storage.inbox import Inbox, Received

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member", "pre_checkout_query"]
GAP = timedelta(seconds=60)


class Source(Protocol):
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
        keep: Callable[[Sequence[Received]], Awaitable[int]],
        *,
        now: Callable[[], datetime],
        heard: datetime | None = None,
        passing: Passing = undisturbed,
        metrics: Metrics | None = None,
    ) -> None:
        self._inbox = inbox
        self._bot_id = bot_id
        self._keep = keep
        self.now = now
        self._heard = heard
        self._passing = passing
        self._metrics = metrics or Metrics()

    @property
    def heard(self) -> datetime | None:
        """Until when we have kept all that Telegram had for us."""
        return self._heard

    async def take(self, updates: Sequence[dict[str, Any]]) -> None:
        """Keep updates; only after this may Telegram forget them.

        Raises:
            Unavailable: none was kept.
        """
        self._passing(Arrow.RECEIVED)
        rows = self._inbox.number(self._bot_id, updates, self.now())
        with self._inbox.coming(rows):
            count = await self._keep(rows)
        self._passing(Arrow.KEPT)
        self._metrics.updates_kept(count)

    async def missed_nothing(self, until: datetime) -> None:
        """Telegram has nothing older for us; a silence of over a minute before that is recorded.

        Raises:
            Unavailable: it could not be recorded; say it again.
        """
        if self._heard is not None and until - self._heard > GAP:
            await self._inbox.note_gap(self._heard, until)
            self._metrics.intake_gap()
        self._heard = until
