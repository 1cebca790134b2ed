"""ExamWatch ends the bot's loops when a changed exam waits; the next start takes it up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from bot.core.open_storage import Storage
from bot.core.runtime import RestartWanted
from bot.scheduler.scheduler import JobRun
from handlers.everyone import notices
from states.exam import Exam
from states.step_result import Priority, ShowScreen
from storage.engine import exam_versions
from storage.engine.exam_versions import ExamVersion, VersionState
from storage.engine.jobs import JobKind
from storage.updates.outbox import OutgoingMessage

TOLD_FOR: Final = timedelta(days=7)
"""The time in which administrators are told of a change; later it is no news."""


class ExamWatch:
    """Looks for a version that waits, and tells the ``administrators`` once what became of one."""

    kind = JobKind.EXAM

    def __init__(self, storage: Storage, exam: Exam, administrators: Iterable[int]) -> None:
        self._storage = storage
        self._exam = exam
        self._administrators = tuple(administrators)
        self._waits = asyncio.Event()
        self._is_told = False

    async def run(self, run: JobRun) -> None:
        """Wake ``restart`` if a version waits."""
        storage = self._storage
        async with storage.db.read() as connection:
            is_waiting = await exam_versions.is_waiting(connection, self._exam.key)
            settled = await exam_versions.last_settled(connection, storage.keyring, self._exam.key)
        run.again(run.next_tick)
        if is_waiting:
            self._waits.set()
        elif not self._is_told and settled is not None:
            async with run.write() as tx:
                await storage.outbox.add(tx, self._messages(settled, run))
        self._is_told = True

    async def restart(self) -> None:
        """Wait for a version.

        Raises:
            RestartWanted: one waits.
        """
        await self._waits.wait()
        raise RestartWanted(self._exam.key)

    def _messages(self, settled: ExamVersion, run: JobRun) -> list[OutgoingMessage]:
        """Return the news; the first version is the files' own, and no change."""
        is_news = settled.taken_at is not None and run.now - settled.taken_at < TOLD_FOR
        is_first = settled.replaces is None and settled.takes_back is None
        if is_first or not is_news:
            return []
        is_refused = settled.state is VersionState.REFUSED
        screen = notices.EXAM_CHANGE_REFUSED if is_refused else notices.EXAM_CHANGED
        data = {"number": str(settled.number), "why": settled.why}
        notice = ShowScreen(screen, data, priority=Priority.NOTICE)
        dedup = f"exam:{self._exam.key}:{settled.number}"
        return self._storage.outgoing_to_each(self._administrators, notice, run.now, dedup)
