"""AuditSealing seals the audit log, and sends the head of its chain to administrators once a day.

Administrators' chats lie outside the database: its owner cannot change a head that lies there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Final

import structlog

from bot.core.open_storage import Storage
from handlers.everyone import notices
from states.exam import Exam
from states.step_result import Priority, ShowScreen
from storage.audit import chain
from storage.audit.chain import Chain, ChainHead, KeptHead

MORNING: Final = time(9)
"""The time of day, in the exam's zone, from which AuditSealing sends a head."""

log = structlog.get_logger("audit_seal")


class AuditSealing:
    """Seals at each tick, and sends a head on each day on which the chain has grown."""

    def __init__(self, storage: Storage, exam: Exam, administrators: Iterable[int]) -> None:
        self._storage = storage
        self._chain = Chain(storage.db, storage.keyring)
        self._exam = exam
        self._administrators = tuple(administrators)

    async def tick(self, now: datetime) -> None:
        """Seal what is due, and keep the day's head in one commit with its messages.

        Raises:
            Unavailable: the database is gone or locked; the next tick catches up.
        """
        head = await self._chain.seal(now)
        if head is not None:  # the log often lies elsewhere, as a second witness
            log.info("audit sealed", seq=head.seq, digest=notices.shortened(head.digest))
        async with self._storage.db.read() as connection:
            head, last = await chain.newest(connection), await chain.last_kept(connection)
        if self._is_due(head, last, now):
            await self._keep(head, last, now)

    async def _keep(self, head: ChainHead, last: KeptHead | None, now: datetime) -> None:
        data = {
            "day": self._exam.today(now).isoformat(),
            "seq": str(head.seq),
            "digest": head.digest,
            "since": str(head.seq - (last.head.seq if last else 0)),
        }
        notice = ShowScreen(notices.AUDIT_HEAD, data, priority=Priority.NOTICE)
        dedup = f"audit-head:{head.seq}:{self._storage.bot_id}"
        messages = self._storage.outgoing_to_each(self._administrators, notice, now, dedup)
        async with self._storage.db.write() as connection:
            if await chain.last_kept(connection) != last:  # another tick was quicker
                return
            await chain.keep(connection, head, now)
            await self._storage.outbox.add(connection, messages)

    def _is_due(self, head: ChainHead, last: KeptHead | None, now: datetime) -> bool:
        if now.astimezone(self._exam.tz).time() < MORNING:
            return False
        if last is None:
            return head.seq > 0
        return head.seq > last.head.seq and self._exam.today(last.at) < self._exam.today(now)
