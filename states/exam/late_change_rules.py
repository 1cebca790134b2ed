"""Rules of late changes as exam data: which answers, who decides, how long, to which stage."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime, Field, field_validator

from states.exam.data import Data
from states.records import Stage
from states.staff_roles import DESK_BY_STAGE, Role
from states.texts import none_of


class Decider(StrEnum):
    """The party that decides about late changes: the site, or the area."""

    SITE = "site"
    AREA = "area"


class LateChangeRules(Data):
    """The rules of late changes in an area. Without ``fields`` nobody can ask for one here.

    ``fields`` are keys of the form. An approved change is open for ``days`` whole days, and
    returns to ``returns_to`` or to the earlier stage from which it came. A candidate may ask
    ``most`` times, with up to ``max_papers`` papers, until ``closes``; if it is not set, until the
    review closes.
    """

    fields: tuple[str, ...] = ()
    decides: Decider = Decider.SITE
    returns_to: Stage = Stage.SITE_APPROVED
    days: int = Field(default=3, ge=1, le=30)
    most: int = Field(default=2, ge=1, le=20)
    papers_required: bool = True
    max_papers: int = Field(default=4, ge=1, le=10)
    max_kb: int = Field(default=5120, ge=1, le=20 * 1024)
    closes: AwareDatetime | None = None
    sample: bool = True

    @field_validator("returns_to")
    @classmethod
    def _is_at_a_desk(cls, stage: Stage) -> Stage:
        if stage not in DESK_BY_STAGE:
            raise ValueError(none_of("", stage, DESK_BY_STAGE))
        return stage

    @property
    def role(self) -> Role:
        """The role that decides."""
        return Role.SITE_REVIEWER if self.decides is Decider.SITE else Role.AREA_REVIEWER
