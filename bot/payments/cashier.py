"""The port ``Cashier``: what the bot asks of a provider of payments, and what it hears from one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final, ParamSpec, Protocol, TypeVar

from states.exam import PaymentWay
from states.payment.orders import Charge, Money, Order
from states.payment.refunds import Refund

P = ParamSpec("P")
T = TypeVar("T")
_THREADS: Final = ThreadPoolExecutor(max_workers=16, thread_name_prefix="provider")


async def in_thread(call: Callable[P, T], *args: P.args, **given: P.kwargs) -> T:
    """Run a blocking call of a provider's library in a thread that only providers hold up."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, partial(call, *args, **given))


class ProviderUnavailable(Exception):
    """The provider did not answer, or not in a way that settles anything; ask again later."""


class ProviderRefused(Exception):
    """The provider will not do it, however often it is asked; ``code`` is its own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BadNotification(Exception):
    """A notification that is not the provider's: no signature, a wrong one, another serial."""


class Standing(StrEnum):
    """A provider's word on an order. UNKNOWN: the provider has never heard of it."""

    UNKNOWN = "unknown"
    OPEN = "open"
    CLOSED = "closed"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """The standing of an order, and its money if it is paid."""

    standing: Standing
    money: Money | None = None


class Cashier(Protocol):
    """One way of paying. Each call may be repeated: the numbers of order and refund are fixed.

    All methods but ``notification`` raise ``ProviderUnavailable`` or ``ProviderRefused``.
    """

    @property
    def way(self) -> PaymentWay:
        """The way of paying."""

    async def create(self, order: Order, subject: str) -> str:
        """Make the order payable; return the link that a code shows or a phone opens."""

    async def query(self, order: Order) -> OrderStatus:
        """Ask how an order stands."""

    async def close(self, order: Order) -> None:
        """Let nobody pay an order any more; an unknown or closed one stays as it is."""

    async def refund(self, refund: Refund, charge: Charge) -> str:
        """Send a charge back; return the provider's number of the refund."""

    def notification(self, headers: Mapping[str, str], body: bytes) -> Money | None:
        """Return the money that a notification reports; None if it reports none.

        The signature is checked before anything of the body is parsed.

        Raises:
            BadNotification: it is not the provider's.
        """

    def acknowledgement(self) -> tuple[bytes, str]:
        """Return the body and the media type that make the provider stop repeating itself."""
