"""OutboxPuller fills the sender's memory from the outbox: a few rows at a time, by priority.

It holds a bounded number of rows, whatever waits, and at most ``PER_CHAT`` pulled rows of a chat:
a chat with a pile keeps no other from its turn.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Final

import structlog

from bot.core.runtime import BackgroundTasks, Clocks
from bot.delivery.pacing import Turns
from states.step_result import Priority
from storage.engine.database import Unavailable
from storage.updates.folding import fold_chat
from storage.updates.outbox import Outbox, OutgoingMessage

MOST_HELD: Final = 500
"""Rows in memory; beyond it, a committed row of an update stays in the table for a while."""
ROOM: Final = {Priority.REPLY: 200, Priority.NOTICE: 100, Priority.BULK: 60, Priority.PAID: 400}
"""Pulled rows in memory."""
PER_CHAT: Final = 2
"""Rows of a chat in memory, from which on no more are pulled."""
READINGS: Final = 10
"""The most statements of one look for rows of a priority; the next look goes on."""
RETRY_SECONDS: Final = 1.0
FOLD_EVERY: Final = 1.0
"""Seconds between two foldings of a chat."""

log = structlog.get_logger("puller")


class OutboxPuller:
    """Decides which committed rows are in memory. One reading runs at a time.

    Args:
        take: queues pulled rows.
    """

    def __init__(
        self,
        outbox: Outbox,
        turns: Turns,
        clocks: Clocks,
        tasks: BackgroundTasks,
        take: Callable[[Sequence[OutgoingMessage]], None],
    ) -> None:
        self._outbox = outbox
        self._turns = turns
        self._clocks = clocks
        self._tasks = tasks
        self._take = take
        self._held: dict[int, OutgoingMessage] = {}
        self._of_chat: Counter[int] = Counter()
        self._counts: Counter[Priority] = Counter()
        self._queues = {priority: _TableQueue() for priority in Priority}
        self._released: set[int] = set()
        self._is_wanted = False
        self._reading: asyncio.Task[None] | None = None
        self._next_due: datetime | None = None
        self._has_later = True
        self._folded_at: dict[int, float] = {}

    @property
    def held(self) -> int:
        """The number of rows in memory."""
        return len(self._held)

    # --- rows of the sender ----------------------------------------------------------------------

    def hand_over(self, row: OutgoingMessage) -> bool:
        """Return whether a row that was just committed goes from memory; else it is pulled.

        It is pulled if its time has not come, if older rows of its chat may wait, or if memory is
        full. Bulk rows are pulled: they come in batches.
        """
        if row.id in self._held:
            return False
        if row.not_before is not None and row.not_before > self._clocks.wall.now():
            self._has_later = True
        elif row.is_bulk or len(self._held) >= MOST_HELD:
            self._queues[row.priority].behind.add(row.chat_id)
        elif self._queues[row.priority].goes_first(row.chat_id):
            self._hold(row)
            return True
        self.pull()
        return False

    def release(self, row: OutgoingMessage) -> None:
        """Forget a row whose result is committed, and pull the rows that it kept waiting."""
        if self._held.pop(row.id, None) is None:
            return
        if self._reading is not None:
            self._released.add(row.id)
        self._counts[row.priority] -= 1
        self._of_chat[row.chat_id] -= 1
        if not self._of_chat[row.chat_id]:
            del self._of_chat[row.chat_id]
        for priority, queue in self._queues.items():
            has_room = self._counts[priority] <= ROOM[priority] // 2
            if (queue.is_unread and has_room) or row.chat_id in queue.behind:
                self.pull()

    def _hold(self, row: OutgoingMessage) -> None:
        self._held[row.id] = row
        self._counts[row.priority] += 1
        self._of_chat[row.chat_id] += 1

    # --- pulling ---------------------------------------------------------------------------------

    def pull(self) -> None:
        """Look into the outbox soon; a reading that runs is followed by another one."""
        self._is_wanted = True
        if self._reading is None:
            self._reading = self._tasks.start(self._read_while_wanted())

    async def _read_while_wanted(self) -> None:
        try:
            while self._is_wanted:
                self._is_wanted = False
                try:
                    for priority, queue in self._queues.items():
                        await self._read(priority, queue)
                    await self._set_timer()
                except Unavailable as error:
                    log.warning("outbox not read; again soon", error=str(error))
                    self._is_wanted = True
                    await self._clocks.monotonic.sleep(RETRY_SECONDS)
        finally:
            self._reading = None

    async def _read(self, priority: Priority, queue: _TableQueue) -> None:
        """Read until there is no more or no room; each further time without the full chats."""
        if self._counts[priority] > ROOM[priority] // 2:
            queue.is_unread = True
            return
        full = {chat for chat in self._of_chat if self._is_full(chat)}
        queue.begin()
        is_all, goes_on, times = False, True, 0
        try:
            while goes_on and times < READINGS:
                is_all, skipped = await self._read_once(priority, full)
                full |= skipped
                goes_on = not is_all and bool(skipped) and self._room(priority) > 0
                times += 1
        finally:
            queue.behind |= full
            queue.end(is_all=is_all)
        if priority is Priority.REPLY:
            await self._fold(queue.behind)

    async def _read_once(self, priority: Priority, full: set[int]) -> tuple[bool, set[int]]:
        """Take rows; return whether these were all, and the chats whose further rows stay."""
        self._released.clear()
        now, limit = self._clocks.wall.now(), ROOM[priority]
        rows, is_all = await self._outbox.due(now, priority, limit, full, self._held)
        # A row that was sent during the reading was still waiting when it began.
        known = self._held.keys() | self._released
        new = [row for row in rows if row.id not in known]
        accepted, skipped = self._accept(new, self._room(priority))
        self._take(accepted)
        return is_all, skipped

    async def _fold(self, chats: Collection[int]) -> None:
        """Fold the replies of chats that have a pile waiting, each once in a while."""
        now = self._clocks.monotonic.now()
        self._folded_at = {c: at for c, at in self._folded_at.items() if now - at < FOLD_EVERY}
        for chat_id in [one for one in chats if one > 0 and one not in self._folded_at]:
            self._folded_at[chat_id] = now
            held = self._held.keys()
            count = await fold_chat(self._outbox, chat_id, self._clocks.wall.now(), held)
            if count:
                log.info("replies folded", count=count)

    def _room(self, priority: Priority) -> int:
        return ROOM[priority] - self._counts[priority]

    def _is_full(self, chat_id: int) -> bool:
        most = 1 if self._turns.is_held(chat_id) else PER_CHAT
        return self._of_chat[chat_id] >= most

    def _accept(
        self, rows: Sequence[OutgoingMessage], room: int
    ) -> tuple[list[OutgoingMessage], set[int]]:
        """Hold rows; return them, and the chats whose further rows stay in the table."""
        accepted: list[OutgoingMessage] = []
        skipped: set[int] = set()
        for row in rows:
            if len(accepted) >= room or row.chat_id in skipped or self._is_full(row.chat_id):
                skipped.add(row.chat_id)
            else:
                self._hold(row)
                accepted.append(row)
        return accepted, skipped

    async def _set_timer(self) -> None:
        """Pull again at the moment of the next row whose time has not come."""
        if not self._has_later:
            return
        now = self._clocks.wall.now()
        due = await self._outbox.next_due(now)
        self._has_later = due is not None
        if due is not None and (self._next_due is None or due < self._next_due):
            self._next_due = due
            self._tasks.start(self._pull_at(due, (due - now).total_seconds()))

    async def _pull_at(self, due: datetime, seconds: float) -> None:
        await self._clocks.monotonic.sleep(seconds)
        if self._next_due == due:
            self._next_due = None
        self.pull()


class _TableQueue:
    """Whether rows of one priority wait in the table only, and of which chats.

    ``is_long``: the last reading found more than it had room for, or there was none.
    ``is_unread``: a reading is due as soon as there is room. ``behind``: chats with older rows in
    the table.
    """

    def __init__(self) -> None:
        self.is_long = self.is_unread = True
        self.behind: set[int] = set()
        self._before: set[int] | None = None

    def goes_first(self, chat_id: int) -> bool:
        """Return whether no older row of the chat may wait in the table; else note the chat."""
        is_reading = self._before is not None
        if not self.is_long and chat_id not in self.behind and chat_id not in (self._before or ()):
            return True
        if is_reading or not self.is_long:  # else the next reading finds the row
            self.behind.add(chat_id)
        return False

    def begin(self) -> None:
        """Begin a reading."""
        self._before, self.behind = self.behind, set()

    def end(self, *, is_all: bool) -> None:
        """End a reading; ``behind`` has the chats that were left out or added meanwhile."""
        if not is_all:
            self.behind |= self._before or set()
        self._before = None
        self.is_long = self.is_unread = not is_all
