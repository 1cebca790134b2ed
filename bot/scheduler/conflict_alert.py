"""ConflictAlert tells the administrators, once a day, that another bot has the same token."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.core.open_storage import Storage
from bot.core.runtime import WallClock
from handlers.everyone import notices
from states.exam import Exam
from states.step_result import Priority, ShowScreen


class ConflictAlert:
    """Looks at each tick.

    Args:
        is_on: returns whether another bot receives updates with this token.
    """

    def __init__(
        self,
        storage: Storage,
        exam: Exam,
        wall_clock: WallClock,
        administrators: Iterable[int],
        is_on: Callable[[], bool],
    ) -> None:
        self._storage = storage
        self._exam = exam
        self._wall_clock = wall_clock
        self._administrators = tuple(administrators)
        self._is_on = is_on
        self._told = ""

    async def tell(self) -> None:
        """Enqueue the day's alert; the database keeps one a day across restarts.

        Raises:
            Unavailable: the next tick tells it.
        """
        now = self._wall_clock.now()
        day = self._exam.today(now).isoformat()
        if not self._is_on() or self._told == day:
            return
        alert = ShowScreen(notices.CONFLICT, priority=Priority.NOTICE)
        to, dedup = self._administrators, f"conflict:{day}"
        async with self._storage.db.write() as connection:
            messages = self._storage.outgoing_to_each(to, alert, now, dedup)
            await self._storage.outbox.add(connection, messages)
        self._told = day
