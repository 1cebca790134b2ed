"""FloodGate bounds what one person has waiting, and what is kept of them in an hour.

An update beyond the bound costs no row and no answer. The person is told so, once an hour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from bot.core.open_storage import Storage
from bot.core.runtime import BackgroundTasks, WallClock
from handlers.everyone import notices
from states.step_result import ShowScreen
from storage.engine.database import Unavailable
from storage.updates.inbox import ReceivedUpdate

MOST_WAITING: Final = 300
"""Updates of one person that wait; an album of 100 pages is far from it."""
MOST_AN_HOUR: Final = 3_000
"""Updates of one person and hour: almost one a second."""
HOUR: Final = timedelta(hours=1)

log = structlog.get_logger("flood")


class FloodGate:
    """Counts updates by queue key; a restart forgets the hour.

    Args:
        waiting: returns how many updates of a queue key wait.
        pull: is called when a notice was enqueued.
    """

    def __init__(
        self,
        storage: Storage,
        wall_clock: WallClock,
        tasks: BackgroundTasks,
        waiting: Callable[[int], int],
        pull: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._wall_clock = wall_clock
        self._tasks = tasks
        self._waiting = waiting
        self._pull = pull
        self._began = datetime.min.replace(tzinfo=UTC)
        self._counts: Counter[int] = Counter()
        self._newest: dict[int, int] = {}
        self._told: set[int] = set()

    def admits(self, row: ReceivedUpdate) -> bool:
        """Count an update that just came; return whether it is taken.

        While the database is away, Telegram repeats what was not taken: that counts once.
        """
        self._begin_hour(row.received_at)
        key = row.queue_key
        if row.update_id > self._newest.get(key, -1):
            self._newest[key] = row.update_id
            self._counts[key] += 1
        is_full = self._counts[key] > MOST_AN_HOUR or self._waiting(key) >= MOST_WAITING
        if not is_full or not is_droppable(row.raw):
            return True
        if key not in self._told:
            self._told.add(key)
            log.warning("updates of one sender dropped", sender=key)
            if key > 0:
                self._tasks.start(self._tell(key))
        return False

    def _begin_hour(self, now: datetime) -> None:
        if not timedelta(0) <= now - self._began < HOUR:
            self._began = now
            self._counts.clear()
            self._newest.clear()
            self._told.clear()

    async def _tell(self, chat_id: int) -> None:
        now = self._wall_clock.now()
        notice = self._storage.outgoing(chat_id, ShowScreen(notices.TOO_MANY), now)
        try:
            async with self._storage.db.write() as connection:
                await self._storage.outbox.add(connection, [notice])
        except Unavailable as error:
            log.warning("notice not stored", error=str(error))
            self._told.discard(chat_id)
        else:
            self._pull()


def is_droppable(raw: dict[str, Any]) -> bool:
    """Return whether nothing but words, files and taps is lost: no payment, no group's membership.

    A person who blocks the bot and comes back again and again loses only their own updates: a call
    that Telegram refuses, or their next message, tells how they stand.
    """
    match raw:
        case {"message": {"successful_payment": _}}:
            return False
        case {"message": {"migrate_to_chat_id": _}} | {"message": {"migrate_from_chat_id": _}}:
            return False
        case {"my_chat_member": {"chat": {"type": "private"}}}:
            return True
        case {"message": _} | {"edited_message": _} | {"callback_query": _}:
            return True
    return False
