"""A notification of the test's own provider."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson

from states.exam import PaymentWay
from states.payment.orders import Money, Source


def body_of(money: Money) -> bytes:
    """Write money down."""
    return orjson.dumps(asdict(money))


def money_of(told: dict[str, Any]) -> Money:
    """Read it again."""
    way, source, at = PaymentWay(told["way"]), Source(told["source"]), told["at"]
    return Money(**{**told, "way": way, "source": source, "at": datetime.fromisoformat(at)})
