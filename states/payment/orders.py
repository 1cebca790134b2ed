"""Orders: one offer to pay the fee of an application in one way, and the money that came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from states.exam import Exam, PaymentWay
from states.payment.verdicts import Verdict
from states.records import CURRENCY, Application, ApplicationId, PersonId
from states.texts import Text

OrderId = NewType("OrderId", int)
ChargeId = NewType("ChargeId", int)

LONGEST: Final[Mapping[PaymentWay, timedelta]] = {
    PaymentWay.TELEGRAM: timedelta(days=30),
    PaymentWay.WECHAT: timedelta(hours=2),
    PaymentWay.ALIPAY: timedelta(hours=2),
}
"""The longest life of an order. A code of WeChat Pay to scan lives for two hours."""
REPEATS: Final[Mapping[PaymentWay, timedelta]] = {
    PaymentWay.TELEGRAM: timedelta(hours=24),
    PaymentWay.WECHAT: timedelta(hours=24, minutes=4),
    PaymentWay.ALIPAY: timedelta(hours=25),
}
"""The time in which a provider repeats a notification: https://core.telegram.org/bots/api#update,
https://pay.weixin.qq.com/doc/v3/merchant/4012791861, https://opendocs.alipay.com/open/270/105902.
"""
ANSWERS_QUERIES: Final = frozenset({PaymentWay.WECHAT, PaymentWay.ALIPAY})
"""The ways whose provider can be asked about an order; Telegram has no such method."""


class OrderState(StrEnum):
    """CREATED: the provider does not know it. ASKED: payable. CLOSED: payable no more."""

    CREATED = "created"
    ASKED = "asked"
    CLOSED = "closed"
    PAID = "paid"


OPEN: Final = (OrderState.CREATED, OrderState.ASKED)
"""The states in which money may come in for an order."""


@dataclass(frozen=True, slots=True)
class Order:
    """An offer to pay. ``number`` is our order number at the provider; nobody uses one twice.

    It is payable until ``closes_at``. At ``ended_at`` it was paid, or its end became certain.
    ``link`` is the address of the payment; ``payer`` the only account that may pay, if it matters.
    """

    id: OrderId
    number: str
    application_id: ApplicationId
    person_id: PersonId
    revision: int
    way: PaymentWay
    amount: int
    made_at: datetime
    closes_at: datetime
    state: OrderState = OrderState.CREATED
    currency: str = CURRENCY
    payer: str = ""
    link: str = ""
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether money may come in for it."""
        return self.state in OPEN


class Source(StrEnum):
    """How the bot heard of money."""

    UPDATE = "update"
    NOTIFICATION = "notification"
    QUERY = "query"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Money:
    """Money that a provider reports. ``charge`` is its number there, ``at`` its time of success.

    ``is_merchant`` says that it came to our own account and app. ``payer`` is who paid.
    """

    way: PaymentWay
    charge: str
    order: str
    amount: int
    currency: str
    at: datetime
    source: Source
    payer: str = ""
    is_merchant: bool = True


class Bucket(StrEnum):
    """The place of every fen that came in."""

    FEE = "fee"
    OWED = "owed"
    SENT_BACK = "sent-back"


@dataclass(frozen=True, slots=True)
class Charge:
    """Money that came in, with its bucket and the verdict that put it there.

    ``expected`` is the amount of its order in fen; None where no order is known.
    """

    id: ChargeId
    way: PaymentWay
    number: str
    order: str
    application_id: ApplicationId | None
    area: str
    site: str
    amount: int
    currency: str
    paid_at: datetime
    heard_at: datetime
    source: Source
    verdict: Verdict
    bucket: Bucket
    expected: int | None = None


def yuan(fen: int) -> str:
    """Return an amount in yuan, with fen only where there are some.

    >>> yuan(13000), yuan(6550)
    ('130', '65.50')
    """
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)


def amount_text(amount: int, currency: str) -> Text:
    """Return money that came in, in words; of other currencies in their smallest units."""
    if currency == CURRENCY:
        return Text("money-amount", {"yuan": yuan(amount)})
    return Text("money-foreign", {"units": str(amount), "currency": currency})


def subjects_of(application: Application) -> tuple[str, ...]:
    """Return the codes of the chosen subjects."""
    return tuple(application.answers.get("subjects", "").split())


def amount_due(application: Application, exam: Exam) -> int:
    """Return the fee in fen: that of a subject, for each chosen subject; 0 in an unknown area."""
    area = exam.area(application.area)
    return area.fee.per_subject * len(subjects_of(application)) if area else 0
