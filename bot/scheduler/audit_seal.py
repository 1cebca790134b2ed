"""AuditSealing seals the audit log, and sends the head of its chain to administrators once a day.

Administrators' chats lie outside the database: its owner cannot change a head that lies there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Final

import structlog

from bot.core.open_storage import Storage
from bot.scheduler.scheduler import JobRun
from handlers.everyone import notices
from states.exam import Exam
from states.step_result import Priority, ShowScreen
from storage.audit import chain
from storage.audit.chain import Chain, ChainHead, KeptHead
from storage.engine.jobs import JobKind
from storage.updates import fsm

MORNING: Final = time(9)
"""The time of day, in the exam's zone, from which AuditSealing sends a head."""

log = structlog.get_logger("audit_seal")


class AuditSealing:
    """Seals at each tick, and sends a head on each day on which the chain has grown."""

    kind = JobKind.SEALING

    def __init__(self, storage: Storage, exam: Exam, administrators: Iterable[int]) -> None:
        self._storage = storage
        self._chain = Chain(storage.db, storage.keyring)
        self._exam = exam
        self._administrators = tuple(administrators)

    async def run(self, run: JobRun) -> None:
        """Seal what is due, and keep the day's head in one commit with its messages.

        A repeated sealing finds nothing left, so that it needs no transaction with the job's mark.
        """
        run.again(run.next_tick)
        head = await self._chain.seal(run.now)
        if head is not None:  # the log often lies elsewhere, as a second witness
            log.info("audit sealed", seq=head.seq, digest=notices.shortened(head.digest))
        if run.now.astimezone(self._exam.tz).time() < MORNING:
            return
        async with self._storage.db.read() as connection:
            head, last = await chain.newest(connection), await chain.last_kept(connection)
        if self._is_due(head, last, run.now):
            await self._keep(run, head, last)

    async def _keep(self, run: JobRun, head: ChainHead, last: KeptHead | None) -> None:
        now = run.now
        data = {
            "day": self._exam.today(now).isoformat(),
            "seq": str(head.seq),
            "digest": head.digest,
            "since": str(head.seq - (last.head.seq if last else 0)),
        }
        notice = ShowScreen(notices.AUDIT_HEAD, data, priority=Priority.NOTICE)
        dedup = f"audit-head:{head.seq}:{self._storage.bot_id}"
        async with run.write() as connection:
            if await chain.last_kept(connection) != last:  # another run was quicker
                return
            await chain.keep(connection, head, now)
            bot_id = self._storage.bot_id
            told = await fsm.accounts_with_chat(connection, bot_id, self._administrators)
            messages = self._storage.outgoing_to_each(told, notice, now, dedup)
            await self._storage.outbox.add(connection, messages)

    def _is_due(self, head: ChainHead, last: KeptHead | None, now: datetime) -> bool:
        if last is None:
            return head.seq > 0
        return head.seq > last.head.seq and self._exam.today(last.at) < self._exam.today(now)
