"""The clock's part in the audit: its rows are sealed, and once a day its head is told.

The administrators' chats are outside the database: a head that stands there is what somebody who
holds the database cannot change.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

import structlog

from handlers.everyone import notices
from states.exam import Exam
from states.step_result import Priority, ShowScreen
from storage.audit import chain
from storage.audit.chain import Chain, ChainHead, KeptHead
from storage.engine.database import Database
from storage.updates.inbox import Inbox
from storage.updates.outbox import Outbox, OutgoingMessage

MORNING = time(9)
"""From when on, in the exam's zone, a day's head is kept and told: nobody is woken for it."""

log = structlog.get_logger("sealing")


class AuditSealing:
    """Seals at each tick, and tells a head each day on which the chain has grown."""

    def __init__(
        self,
        *,
        db: Database,
        chain: Chain,
        inbox: Inbox,
        outbox: Outbox,
        exam: Exam,
        bot_id: int,
        administrators: Iterable[int],
    ) -> None:
        self._db = db
        self._chain = chain
        self._inbox = inbox
        self._outbox = outbox
        self._exam = exam
        self._bot_id = bot_id
        self._administrators = tuple(administrators)

    async def tick(self, now: datetime) -> None:
        """Seal what is due, and keep the day's head together with the messages that tell it.

        Raises:
            Unavailable: the database is gone or locked; the next tick catches up.
        """
        head = await self._chain.seal(now)
        if head is not None:  # the log often lies elsewhere, where it bears witness too
            log.info("the audit was sealed", seq=head.seq, digest=notices.shortened(head.digest))
        async with self._db.read() as connection:
            head, last = await chain.newest(connection), await chain.last_kept(connection)
        if self._is_due(head, last, now):
            await self._keep(head, last, now)

    async def _keep(self, head: ChainHead, last: KeptHead | None, now: datetime) -> None:
        since = head.seq - (last.head.seq if last else 0)
        rows = [self._told(chat_id, head, since, now) for chat_id in self._administrators]
        async with self._db.write() as connection:
            if await chain.last_kept(connection) != last:  # another tick was quicker
                return
            await chain.keep(connection, head, now)
            await self._outbox.add(connection, rows)

    def _is_due(self, head: ChainHead, last: KeptHead | None, now: datetime) -> bool:
        if now.astimezone(self._exam.tz).time() < MORNING:
            return False
        if last is None:
            return head.seq > 0
        return head.seq > last.head.seq and self._exam.today(last.at) < self._exam.today(now)

    def _told(self, chat_id: int, head: ChainHead, since: int, now: datetime) -> OutgoingMessage:
        at = {
            "day": self._exam.today(now).isoformat(),
            "seq": str(head.seq),
            "digest": head.digest,
            "since": str(since),
        }
        return OutgoingMessage(
            id=self._inbox.new_row_id(),
            dedup=f"audit-head:{head.seq}:{self._bot_id}:{chat_id}",
            bot_id=self._bot_id,
            chat_id=chat_id,
            effect=ShowScreen(notices.AUDIT_HEAD, at, priority=Priority.NOTICE),
            made_at=now,
        )
