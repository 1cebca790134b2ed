"""Receiving: money and its messages are stored in one transaction, whoever reported it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import structlog

from bot.core.open_storage import Storage
from states.exam import Exam
from states.payment.orders import Money
from storage.engine.database import Connection
from storage.payments import settling
from storage.payments.settling import Ledger, Settled

log = structlog.get_logger("payments")


class Receiver:
    """Settles money in an open transaction."""

    def __init__(self, storage: Storage, exam: Exam) -> None:
        self.storage = storage
        self.exam = exam

    def ledger(self, connection: Connection, now: datetime) -> Ledger:
        """Return the ledger in this transaction."""
        storage = self.storage
        return Ledger(connection, storage.keyring, self.exam, now, storage.ids.next)

    async def receive(self, connection: Connection, money: Money, now: datetime) -> None:
        """Settle money that a provider reports, and enqueue what its candidate reads."""
        settled = await settling.receive(self.ledger(connection, now), money)
        if settled is not None:
            charge = settled.charge
            log.info("money received", way=charge.way, verdict=charge.verdict, order=charge.order)
            await self.tell(connection, [settled], now)

    async def tell(self, connection: Connection, settled: Iterable[Settled], now: datetime) -> None:
        """Enqueue the notices to the candidates, once a cause."""
        messages = [
            self.storage.outgoing(one.account, one.notice, now, one.dedup)
            for one in settled
            if one.account is not None and one.notice is not None
        ]
        await self.storage.outbox.add(connection, messages)
