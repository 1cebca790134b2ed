"""IdleClaims returns idle claims to the queue, and closes the cards of a case that has ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.core.open_storage import Storage
from bot.scheduler.scheduler import JobRun
from handlers.case_messages import close_messages
from states.staff.timings import StaffTimings
from storage.engine.jobs import JobKind
from storage.staff.cases import cards, claims
from storage.staff.cases.cards import ShownMessage
from storage.updates.outbox import OutgoingMessage


class IdleClaims:
    """Ends the invalid claims: idle, of a revoked role, or on a withdrawn application."""

    kind = JobKind.CLAIMS

    def __init__(self, storage: Storage, timings: StaffTimings) -> None:
        self._storage = storage
        self._timings = timings

    async def run(self, run: JobRun) -> None:
        """End them; a run without one writes nothing."""
        run.again(run.next_tick)
        async with self._storage.db.read_autocommit() as connection:
            if not await claims.idle(connection, run.now, self._timings):
                return
        async with run.write() as tx:
            for application_id in await claims.end_idle(tx, run.now, self._timings):
                shown = await cards.shown(tx, application_id)
                await cards.forget(tx, shown)
                messages = [*closings(self._storage, shown, run.now, "returned")]
                await self._storage.outbox.add(tx, messages)


def closings(
    storage: Storage, shown: Iterable[ShownMessage], now: datetime, why: str = ""
) -> Iterable[OutgoingMessage]:
    """Yield the edits that close the staff's messages of a case."""
    for chat_id, effect in close_messages(shown, why):
        yield storage.outgoing(chat_id, effect, now)
