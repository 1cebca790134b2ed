"""How far two readings of the same cases agree: Cohen's kappa, and its interval.

The sample is stratified by the first verdict, with a rate of its own for each. So kappa is weighted
by the part of approvals among all decisions; at equal rates it is the usual kappa.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

Z: Final = 1.959964
"""The quantile of the normal distribution for 95 %."""


@dataclass(frozen=True, slots=True)
class Readings:
    """How often two readings said what: the first one before, the second one after ``_``."""

    approved_approved: int = 0
    approved_refused: int = 0
    refused_approved: int = 0
    refused_refused: int = 0

    @property
    def count(self) -> int:
        """The cases with two readings."""
        return self.approved + self.refused

    @property
    def approved(self) -> int:
        """The cases that the first reading approved."""
        return self.approved_approved + self.approved_refused

    @property
    def refused(self) -> int:
        """The cases that the first reading refused."""
        return self.refused_approved + self.refused_refused

    @property
    def agreed(self) -> int:
        """The cases of which both said the same."""
        return self.approved_approved + self.refused_refused


@dataclass(frozen=True, slots=True)
class Agreement:
    """Kappa with the limits of its 95 % interval: 1 is full agreement, 0 that of chance."""

    kappa: float
    low: float
    high: float


def agreement(readings: Readings, approving: float | None = None) -> Agreement | None:
    """Return the agreement; None where it cannot be said: both verdicts have to occur.

    Args:
        readings: the sample.
        approving: the part of approvals among all decisions, from 0 to 1; that of the sample if
            it is not given.
    """
    if not readings.approved or not readings.refused:
        return None
    share = readings.approved / readings.count if approving is None else approving
    if not 0 < share < 1:
        return None
    among_approved = readings.approved_approved / readings.approved
    among_refused = readings.refused_approved / readings.refused
    value = kappa(share, among_approved, among_refused)
    first = _wilson(among_approved, readings.approved)
    second = _wilson(among_refused, readings.refused)
    # The limits by the method of variance estimates recovery (Zou and Donner 2008): each part's
    # own limits carry over, so that full agreement of a few cases has no interval of width 0.
    ways = (
        [kappa(share, one, among_refused) - value for one in first],
        [kappa(share, among_approved, one) - value for one in second],
    )
    down = sqrt(sum(min(0.0, *way) ** 2 for way in ways))
    up = sqrt(sum(max(0.0, *way) ** 2 for way in ways))
    return Agreement(value, max(-1.0, value - down), min(1.0, value + up))


def kappa(share: float, among_approved: float, among_refused: float) -> float:
    """Return Cohen's kappa: the observed agreement beyond chance, as a part of what is possible.

    Args:
        share: the part that the first reading approves, between 0 and 1.
        among_approved: the part of these that the second reading approves.
        among_refused: the part of the others that it approves.

    >>> round(kappa(0.5, 0.8, 0.4), 4)
    0.4
    """
    second = share * among_approved + (1 - share) * among_refused
    observed = share * among_approved + (1 - share) * (1 - among_refused)
    expected = share * second + (1 - share) * (1 - second)
    return (observed - expected) / (1 - expected)


def _wilson(part: float, count: int) -> tuple[float, float]:
    """Return the limits of Wilson's interval of a part (1927)."""
    middle = (part + Z * Z / (2 * count)) / (1 + Z * Z / count)
    half = Z * sqrt(part * (1 - part) / count + Z * Z / (4 * count * count)) / (1 + Z * Z / count)
    return max(0.0, middle - half), min(1.0, middle + half)
