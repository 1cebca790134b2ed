"""Verdict: whether money counts as the fee, and why not."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Verdict(StrEnum):
    """The verdict on money that came in; all but FEE and ACCEPTED mean that it is owed back.

    ACCEPTED: the area counts late money as the fee. REVIEW_UNDONE: it was the fee until the area
    undid its approval.
    """

    FEE = "fee"
    ACCEPTED = "accepted"
    UNKNOWN_ORDER = "unknown-order"
    MERCHANT = "merchant"
    CURRENCY = "currency"
    AMOUNT = "amount"
    PAYER = "payer"
    DOUBLED = "doubled"
    LATE = "late"
    NOT_APPROVED = "not-approved"
    EXPIRED = "expired"
    REVIEW_UNDONE = "review-undone"


COUNTING: Final = frozenset({Verdict.FEE, Verdict.ACCEPTED})
"""The verdicts of money that is the fee."""
ACCEPTABLE: Final = frozenset({Verdict.LATE, Verdict.EXPIRED, Verdict.NOT_APPROVED})
"""The verdicts of money with the right amount, which the area may count as the fee after all."""
