"""DecisionApplier applies staff decisions, ends idle claims and sends the staff digest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.core.open_storage import Storage
from bot.core.runtime import Clocks, Failpoint, FailpointHook, no_failpoint
from bot.delivery.sender import Sender
from bot.scheduler.staff_digest import StaffDigest
from handlers.everyone import notices
from handlers.staff.cases.claimed_case import close_messages
from states.exam import Exam
from states.staff_timings import StaffTimings
from states.step_result import Priority, ShowScreen
from storage.engine.database import Connection, Unavailable
from storage.staff import cards, claims, decisions
from storage.staff.cards import ShownMessage
from storage.staff.decisions import AppliedDecision
from storage.updates.outbox import OutgoingMessage

EVERY: Final = 30.0
"""The longest seconds between two runs."""
SHORTEST: Final = 0.25
"""The shortest seconds between two runs: a due decision waits for an earlier update."""
AT_ONCE: Final = 100
"""Decisions of one transaction; the next run applies the rest."""
RETRY_AFTER: Final = timedelta(minutes=10)
"""The delay until DecisionApplier tries a failed decision again."""

log = structlog.get_logger("decisions")


class DecisionApplier:
    """Applies each decision when its undo window ends.

    A decision that fails stops neither the others nor the bot. DecisionApplier retries it later
    and notifies the ``administrators`` once.
    """

    def __init__(
        self,
        storage: Storage,
        sender: Sender,
        digest: StaffDigest,
        exam: Exam,
        clocks: Clocks,
        timings: StaffTimings,
        administrators: Iterable[int],
        failpoint: FailpointHook = no_failpoint,
    ) -> None:
        self._storage = storage
        self._sender = sender
        self._digest = digest
        self._exam = exam
        self._clocks = clocks
        self._timings = timings
        self._administrators = tuple(administrators)
        self._failpoint = failpoint
        self._skipped: dict[int, datetime] = {}  # decision id to the moment of its retry

    async def run(self) -> None:
        """Apply decisions until cancelled: at the end of each undo window, at least each 30 s."""
        while True:
            wait = EVERY
            try:
                wait = await self.apply_due()
            except Unavailable as error:
                log.warning("run of decisions missed; the next one catches up", error=str(error))
            await self._clocks.monotonic.sleep(wait)

    async def apply_due(self) -> float:
        """Apply what is due and return the seconds until the next run."""
        db, now = self._storage.db, self._clocks.wall.now()
        self._skipped = {one: until for one, until in self._skipped.items() if now < until}
        async with db.read() as connection:
            first = await decisions.next_due(connection, self._skipped)
            sent_until = await self._digest.sent_until(connection)
            is_idle = bool(await claims.idle(connection, now, self._timings))
        is_due = first is not None and first <= now
        if is_due or is_idle or self._digest.is_due(sent_until, self._digest_until(now)):
            await self._run_once(now, sent_until)
            async with db.read() as connection:
                first = await decisions.next_due(connection, self._skipped)
        # The undo window of a decision made meanwhile ends no earlier than after ``longest``.
        longest = min(EVERY, max(self._timings.undo.total_seconds(), SHORTEST))
        wait = longest if first is None else (first - self._clocks.wall.now()).total_seconds()
        return min(longest, max(wait, SHORTEST))

    def _digest_until(self, now: datetime) -> datetime:
        """Return up to when a digest knows all cases.

        A decision moves its application to the next queue as of the moment of the decision, but
        only when the undo window has ended.
        """
        return now - self._timings.undo - timedelta(seconds=EVERY)

    async def _run_once(self, now: datetime, sent_until: datetime | None) -> None:
        try:
            has_messages = await self._apply_together(now, sent_until)
        except Unavailable:
            raise
        except Exception:
            if not await self._apply_one_by_one(now):
                raise  # no decision is at fault
            has_messages = True
        if has_messages:
            self._sender.pull()

    async def _apply_together(self, now: datetime, sent_until: datetime | None) -> bool:
        """Do everything due in one transaction; return whether messages wait for the sender."""
        async with self._storage.db.write() as connection:
            applied, messages = await self._apply(connection, await self._due(connection, now), now)
            for application_id in await claims.end_idle(connection, now, self._timings):
                closed = await cards.shown(connection, application_id)
                await cards.forget(connection, closed)
                messages += self._closings(closed, now, "returned")
            until = self._digest_until(now)
            if self._digest.is_due(sent_until, until):
                messages += await self._digest.messages(connection, sent_until, until, now)
            await self._storage.outbox.add(connection, messages)
            if applied:
                self._failpoint(Failpoint.DECISIONS_DUE)
        if applied:
            self._failpoint(Failpoint.DECISIONS_APPLIED)
        return bool(messages)

    async def _apply_one_by_one(self, now: datetime) -> int:
        """Apply each decision in its own transaction; return how many failed."""
        failed = 0
        for _ in range(AT_ONCE):
            due: list[int] = []
            try:
                async with self._storage.db.write() as connection:
                    due = await self._due(connection, now, most=1)
                    if not due:
                        break
                    _, messages = await self._apply(connection, due, now)
                    await self._storage.outbox.add(connection, messages)
            except Unavailable:
                raise
            except Exception as error:
                if not due:
                    raise
                await self._skip(due[0], now, error)
                failed += 1
        return failed

    async def _due(self, connection: Connection, now: datetime, most: int = AT_ONCE) -> list[int]:
        pending = await self._storage.inbox.oldest_pending(connection)
        # An pending update may be the "undo" of a decision, tapped in time.
        until = now if pending is None else min(now, self._clocks.wall.at(pending))
        return await decisions.due(connection, until, most, self._skipped)

    async def _apply(
        self, connection: Connection, due: Sequence[int], now: datetime
    ) -> tuple[list[AppliedDecision], list[OutgoingMessage]]:
        keyring, new_id = self._storage.keyring, self._storage.ids.next
        applied = await decisions.apply_decisions(connection, keyring, self._exam, due, now, new_id)
        return applied, [message for one in applied for message in self._messages(one, now)]

    def _messages(self, applied: AppliedDecision, now: datetime) -> Iterable[OutgoingMessage]:
        """Yield the notice to the candidate, and the edits that close the decision's cards."""
        decision = applied.decision
        if applied.notice:
            notice = ShowScreen(applied.notice, priority=Priority.NOTICE)
            dedup = f"verdict:{decision.id}"
            yield self._storage.outgoing(applied.person.telegram_id, notice, now, dedup)
        yield from self._closings(applied.shown, now)

    def _closings(
        self, closed: Iterable[ShownMessage], now: datetime, why: str = ""
    ) -> Iterable[OutgoingMessage]:
        for chat_id, effect in close_messages(closed, why):
            yield self._storage.outgoing(chat_id, effect, now)

    async def _skip(self, decision_id: int, now: datetime, error: Exception) -> None:
        self._skipped[decision_id] = now + RETRY_AFTER
        log.error("decision not applied", decision=decision_id, error=type(error).__name__)
        notice = ShowScreen(notices.STUCK, {"verdict": str(decision_id)}, priority=Priority.NOTICE)
        messages = self._storage.outgoing_to_each(
            self._administrators, notice, now, f"stuck:{decision_id}"
        )
        async with self._storage.db.write() as connection:
            await self._storage.outbox.add(connection, messages)
