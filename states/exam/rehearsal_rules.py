"""The expected numbers of an exam, for its rehearsal alone: the running bot reads none of them."""

from __future__ import annotations

from datetime import time

from pydantic import Field, model_validator

from states.exam.data import Data
from states.staff_roles import Desk
from states.texts import Mistake


class DeskStaff(Data):
    """The ``people`` at a desk of one place, and the ``minutes`` that one decision takes."""

    people: int = Field(default=2, ge=1, le=1000)
    minutes: float = Field(default=6.0, gt=0, le=24 * 60)


class RehearsalRules(Data):
    """The expected numbers, and the staff who decide from ``opens`` to ``closes`` on workdays.

    ``candidates`` are those of the whole exam; 0 stands for as many as are rehearsed. Of a hundred
    decisions of a desk, ``refused_percent`` refuse.
    """

    candidates: int = Field(default=0, ge=0, le=10_000_000)
    opens: time = time(9)
    closes: time = time(17)
    confirmation: DeskStaff = DeskStaff()
    site_review: DeskStaff = DeskStaff()
    area_review: DeskStaff = DeskStaff(people=4)
    refused_percent: int = Field(default=6, ge=0, le=90)
    sample: bool = True

    @model_validator(mode="after")
    def _in_order(self) -> RehearsalRules:
        if self.closes <= self.opens:
            raise ValueError(Mistake.of("closes", "closes-before-opens"))
        return self

    def at(self, desk: Desk) -> DeskStaff:
        """Return the staff of a desk."""
        return {
            Desk.CONFIRMATION: self.confirmation,
            Desk.SITE_REVIEW: self.site_review,
            Desk.AREA_REVIEW: self.area_review,
        }[desk]
