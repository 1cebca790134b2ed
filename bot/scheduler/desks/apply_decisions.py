"""DecisionApplier applies staff decisions when their undo window ends.

A decision that fails stops neither the others nor the bot: it becomes a job of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.core.open_storage import Storage
from bot.core.runtime import Backoff, WallClock
from bot.scheduler.desks.idle_claims import closings
from bot.scheduler.scheduler import EVERY, SHORTEST, JobRun
from handlers.everyone import notices
from states.exam import Exam
from states.step_result import Priority, ShowScreen
from storage.engine.database import Connection, Unavailable
from storage.engine.jobs import JobKind, StoredJob
from storage.staff.cases import decisions
from storage.staff.cases.decisions import AppliedDecision
from storage.updates.outbox import OutgoingMessage

AT_ONCE: Final = 100
"""Decisions of one transaction; the next run applies the rest."""
RETRY_AFTER: Final = timedelta(minutes=10)
"""The delay until the first retry of a failed decision."""
LONGEST: Final = timedelta(hours=1)
"""The delay of a run while no decision waits; each new decision makes it run earlier."""

log = structlog.get_logger("decisions")


class DecisionApplier:
    """Applies what is due in one transaction, and tells the ``administrators`` of a failure."""

    kind = JobKind.DECISIONS

    def __init__(
        self,
        storage: Storage,
        exam: Exam,
        wall_clock: WallClock,
        administrators: Iterable[int],
    ) -> None:
        self._storage = storage
        self._exam = exam
        self._wall_clock = wall_clock
        self._administrators = tuple(administrators)
        self._behind_updates = Backoff(SHORTEST, EVERY)

    async def run(self, run: JobRun) -> None:
        """Apply the due decisions; run again when the next undo window ends.

        A due decision may wait for an earlier update; then the runs become rarer.
        """
        async with run.write() as tx:
            due = await self._due(tx, run.now, await decisions.failed(tx))
            await self._storage.outbox.add(tx, await self._apply(tx, due, run.now))
            first = await decisions.next_due(tx, await decisions.failed(tx))
            if due or first is None or first > run.now:
                self._behind_updates.reset()
            soonest = run.now + timedelta(seconds=self._behind_updates.next())
            run.again(max(first, soonest) if first else run.now + LONGEST)

    async def _due(
        self, connection: Connection, now: datetime, failed: Collection[int]
    ) -> list[int]:
        pending = await self._storage.inbox.oldest_pending(connection)
        # A pending update may be the "undo" of a decision, tapped in time.
        until = now if pending is None else min(now, self._wall_clock.at(pending))
        return await decisions.due(connection, until, AT_ONCE, failed)

    async def _apply(
        self, connection: Connection, due: Sequence[int], now: datetime
    ) -> list[OutgoingMessage]:
        """Apply decisions together, or one by one if that fails."""
        try:
            async with connection.begin_nested():
                return await self.apply(connection, due, now)
        except Unavailable:
            raise
        except Exception as error:
            if len(due) == 1:
                return await self._put_off(connection, due[0], now, error)
            return [m for one in due for m in await self._apply(connection, [one], now)]

    async def apply(
        self, connection: Connection, due: Sequence[int], now: datetime
    ) -> list[OutgoingMessage]:
        """Apply decisions, and return the notices and the edits that close their cards."""
        keyring, new_id = self._storage.keyring, self._storage.ids.next
        applied = await decisions.apply_decisions(connection, keyring, self._exam, due, now, new_id)
        return [message for one in applied for message in self._messages(one, now)]

    def _messages(self, applied: AppliedDecision, now: datetime) -> Iterable[OutgoingMessage]:
        if applied.notice:
            notice = ShowScreen(applied.notice, priority=Priority.NOTICE)
            dedup = f"verdict:{applied.decision.id}"
            yield self._storage.outgoing(applied.person.telegram_id, notice, now, dedup)
        yield from closings(self._storage, applied.shown, now)

    async def _put_off(
        self, connection: Connection, decision_id: int, now: datetime, error: Exception
    ) -> list[OutgoingMessage]:
        """Enqueue a failed decision as a job of its own, and return the alerts."""
        log.error("decision not applied", decision=decision_id, error=type(error).__name__)
        person_id = await decisions.person_of(connection, decision_id)
        job = StoredJob(JobKind.DECISION, str(decision_id), now + RETRY_AFTER, person_id=person_id)
        await self._storage.jobs.enqueue(connection, [job])
        notice = ShowScreen(notices.STUCK, {"verdict": str(decision_id)}, priority=Priority.NOTICE)
        return self._storage.outgoing_to_each(
            self._administrators, notice, now, f"stuck:{decision_id}"
        )


class FailedDecision:
    """Applies the one decision that its key names, after it has failed among others."""

    kind = JobKind.DECISION

    def __init__(self, storage: Storage, applier: DecisionApplier) -> None:
        self._storage = storage
        self._applier = applier

    async def run(self, run: JobRun) -> None:
        """Apply the decision; it may be void or erased by now."""
        async with run.write() as tx:
            messages = await self._applier.apply(tx, [int(run.job.key)], run.now)
            await self._storage.outbox.add(tx, messages)
