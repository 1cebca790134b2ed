"""Rates of spot checks as exam data: which part of a desk's decisions is read a second time."""

from __future__ import annotations

from pydantic import Field

from states.exam.data import Data
from states.staff_roles import Desk


class SpotCheckRates(Data):
    """The parts of a desk's approvals and of its refusals that are drawn; 0 for none, 1 for all."""

    approved: float = Field(default=0.0, ge=0, le=1)
    refused: float = Field(default=0.0, ge=0, le=1)


class SpotCheckRules(Data):
    """The rates of each desk. Without any, nothing is drawn."""

    confirmation: SpotCheckRates = SpotCheckRates()
    site_review: SpotCheckRates = SpotCheckRates()
    area_review: SpotCheckRates = SpotCheckRates()
    sample: bool = True

    def at(self, desk: Desk) -> SpotCheckRates:
        """Return the rates of a desk."""
        match desk:
            case Desk.CONFIRMATION:
                return self.confirmation
            case Desk.SITE_REVIEW:
                return self.site_review
            case Desk.AREA_REVIEW:
                return self.area_review

    def rate(self, desk: Desk, *, approving: bool) -> float:
        """Return the part of such decisions that is drawn."""
        rates = self.at(desk)
        return rates.approved if approving else rates.refused

    @property
    def draws(self) -> bool:
        """Whether anything is drawn."""
        return any(self.rate(one, approving=how) for one in Desk for how in (True, False))
