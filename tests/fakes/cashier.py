"""A provider that remembers what it was asked, and misbehaves as a test tells it to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from bot.payments.cashier import (
    BadNotification,
    OrderStatus,
    ProviderRefused,
    ProviderUnavailable,
    Standing,
)
from states.exam import PaymentWay
from states.payment.orders import Charge, Money, Order
from states.payment.refunds import Refund
from tests.bot.payments.notifications import money_of


@dataclass(slots=True)
class FakeCashier:
    """``away`` calls fail, ``refused`` ones get the code ``refuses``; a refund number sends once.

    ``paid`` has the money by order number.
    """

    way: PaymentWay = PaymentWay.WECHAT
    away: int = 0
    refuses: str = ""
    refused: frozenset[str] = frozenset({"create", "refund"})
    paid: dict[str, Money] = field(default_factory=dict)
    standing: dict[str, Standing] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def _called(self, name: str) -> None:
        self.calls[name] += 1
        if self.away:
            self.away -= 1
            raise ProviderUnavailable("HTTP 503")
        if self.refuses and name in self.refused:
            raise ProviderRefused(self.refuses)

    async def create(self, order: Order, subject: str) -> str:
        """Make the order payable."""
        self._called("create")
        self.standing.setdefault(order.number, Standing.OPEN)
        return f"https://pay.example.com/{order.number}"

    async def query(self, order: Order) -> OrderStatus:
        """Ask how an order stands."""
        self._called("query")
        if order.number in self.paid:
            return OrderStatus(Standing.PAID, self.paid[order.number])
        return OrderStatus(self.standing.get(order.number, Standing.UNKNOWN))

    async def close(self, order: Order) -> None:
        """Let nobody pay an order any more."""
        self._called("close")
        if order.number not in self.paid:
            self.standing[order.number] = Standing.CLOSED

    async def refund(self, refund: Refund, charge: Charge) -> str:
        """Send a charge back, once a number."""
        self._called("refund")
        self.sent.setdefault(refund.number, refund.amount)
        return f"receipt-{refund.number}"

    def notification(self, headers: Mapping[str, str], body: bytes) -> Money | None:
        """A notification is signed by the word "good"."""
        if headers.get("signature") != "good":
            raise BadNotification("signature")
        return money_of(orjson.loads(body))

    def acknowledgement(self) -> tuple[bytes, str]:
        """The answer that ends the repetitions."""
        return b"success", "text/plain"
