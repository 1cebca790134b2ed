"""Refunds: money that goes back to the person who paid it, once.

A refund has a fixed number at the provider, so that a repeated call sends no money twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from states.exam import Exam
from states.payment.orders import ANSWERS_QUERIES, Bucket, Charge, ChargeId


class RefundState(StrEnum):
    """SECOND_LOOK: a second person has to agree. ASKED: the provider is being asked.

    BY_HAND: the area sends it in its own way and notes it here. REFUSED: the provider will not.
    """

    SECOND_LOOK = "second-look"
    ASKED = "asked"
    BY_HAND = "by-hand"
    REFUSED = "refused"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund of a whole charge. ``asked_by`` and ``agreed_by`` are Telegram accounts.

    ``receipt`` is the provider's number of the refund, or the area's.
    """

    id: int
    number: str
    charge_id: ChargeId
    amount: int
    reason: str
    state: RefundState
    asked_by: int
    asked_at: datetime
    agreed_by: int | None = None
    done_at: datetime | None = None
    receipt: str = ""


def number_of(charge: ChargeId) -> str:
    """Return the number of a charge's refund at the provider: up to 32 characters."""
    return f"R{charge}"


def first_state(charge: Charge, exam: Exam) -> RefundState:
    """Return the state of a new refund of this charge."""
    if charge.amount > exam.payment.second_look:
        return RefundState.SECOND_LOOK
    return sending_state(charge)


def sending_state(charge: Charge) -> RefundState:
    """Return the state in which a refund leaves: by the provider, or by the area itself."""
    return RefundState.ASKED if charge.way in ANSWERS_QUERIES else RefundState.BY_HAND


def may_agree(refund: Refund, account: int) -> bool:
    """Return whether this account may give the second look: nobody agrees with themselves."""
    return refund.state is RefundState.SECOND_LOOK and refund.asked_by != account


def may_refund(charge: Charge) -> bool:
    """Return whether a charge can be sent back."""
    return charge.bucket is Bucket.OWED
