"""Waiting: until when money for an order may still be heard of, so that nobody is given up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from states.payment.orders import ANSWERS_QUERIES, REPEATS, Order, OrderState


def is_settled(orders: Iterable[Order], deadline: datetime, now: datetime) -> bool:
    """Return whether no money of these orders can be heard of any more.

    An order that was open at the deadline is waited for as long as its provider repeats a
    notification. Where the provider answers queries, its end must be certain too.
    """
    return all(_is_over(order, deadline, now) for order in orders)


def _is_over(order: Order, deadline: datetime, now: datetime) -> bool:
    ended_at, repeats = order.ended_at, REPEATS[order.way]
    if order.state is OrderState.PAID:
        return True
    if order.way not in ANSWERS_QUERIES:
        return now >= (ended_at or order.closes_at) + repeats
    if order.state is not OrderState.CLOSED or ended_at is None:
        return False
    return ended_at < deadline or now >= max(deadline, order.closes_at) + repeats
