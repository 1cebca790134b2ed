"""Who decides: seats at desks, each with what it may see.

A seat is a role with a scope, held by one messenger account. A desk is where an application waits
for a decision (guide, parts 4 and 5): its confirmation, the site's review, the area's review.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from states.records import Application, Stage


class Role(StrEnum):
    """What somebody of the staff is."""

    POINT_CLERK = "point-clerk"
    SITE_REVIEWER = "site-reviewer"
    AREA_REVIEWER = "area-reviewer"
    ADMINISTRATOR = "administrator"


class Desk(StrEnum):
    """Where an application waits for a decision of the staff."""

    CONFIRMATION = "confirmation"
    SITE_REVIEW = "site-review"
    AREA_REVIEW = "area-review"


DESK_BY_STAGE = {
    Stage.SUBMITTED: Desk.CONFIRMATION,
    Stage.CONFIRMED: Desk.SITE_REVIEW,
    Stage.SITE_APPROVED: Desk.AREA_REVIEW,
}
"""The desk at which an application of a stage waits; at any other stage it waits at none."""
STAGE_BY_DESK = {desk: stage for stage, desk in DESK_BY_STAGE.items()}
"""The stage of what waits at a desk."""
REVIEW_DESKS: Final = frozenset({Desk.SITE_REVIEW, Desk.AREA_REVIEW})
"""Both looks at one application; nobody has both (guide, part 5: they check each other)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the exam's places, by their codes: an area, a site of it, a point of that.

    An empty code takes in everything; that of an administrator has none.
    """

    area: str = ""
    site: str = ""
    point: str = ""

    def covers(self, application: Application) -> bool:
        """Whether an application belongs to it."""
        own = (self.area, self.site, self.point)
        its = (application.area, application.site, application.point)
        return all(code in ("", theirs) for code, theirs in zip(own, its, strict=True))

    def contains(self, other: Scope) -> bool:
        """Whether all of the other scope lies in this one."""
        own = (self.area, self.site, self.point)
        its = (other.area, other.site, other.point)
        return all(code in ("", theirs) for code, theirs in zip(own, its, strict=True))


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """One role of one messenger account. ``name`` is what colleagues call its holder."""

    id: int
    bot_id: int
    telegram_id: int
    role: Role
    scope: Scope
    name: str
    granted_by: int
    granted_at: datetime
    revoked_at: datetime | None = None

    def administers(self, scope: Scope) -> bool:
        """Whether its holder may give, take and see roles in all of this scope."""
        is_held = self.revoked_at is None and self.role is Role.ADMINISTRATOR
        return is_held and self.scope.contains(scope)

    @classmethod
    def of_settings(cls, bot_id: int, telegram_id: int, now: datetime) -> RoleAssignment:
        """What an administrator of the settings is, without a row: one of everything."""
        everything = Scope()
        return cls(0, bot_id, telegram_id, Role.ADMINISTRATOR, everything, "", telegram_id, now)

    def may_decide(self, application: Application) -> bool:
        """Whether the application waits at a desk that is this seat's.

        The confirmation belongs to the point if the application has one, else to its site.
        """
        if self.revoked_at is not None or not self.scope.covers(application):
            return False
        match DESK_BY_STAGE.get(application.stage):
            case Desk.CONFIRMATION:
                confirms = Role.POINT_CLERK if application.point else Role.SITE_REVIEWER
                return self.role is confirms
            case Desk.SITE_REVIEW:
                return self.role is Role.SITE_REVIEWER
            case Desk.AREA_REVIEW:
                return self.role is Role.AREA_REVIEWER
        return False


SCOPE_LEVELS: Mapping[Role, tuple[str, ...]] = {
    Role.POINT_CLERK: ("area", "site", "point"),
    Role.SITE_REVIEWER: ("area", "site"),
    Role.AREA_REVIEWER: ("area",),
}
"""The places that a role is for, each within the one before. Any other scope may end at an area, a
site or a point, or take in everything."""


@dataclass(frozen=True, slots=True)
class Invite:
    """An offer of a seat, made to whoever opens its link first.

    It can be opened until ``expires_at``; the seat is given when its maker (``made_by``; 0 is the
    command line) says that ``opened_by`` is who was meant. ``ended_at``: given, refused or
    withdrawn.
    """

    id: int
    bot_id: int
    role: Role
    scope: Scope
    made_by: int
    made_at: datetime
    expires_at: datetime
    opened_by: int | None = None
    opened_name: str = ""
    opened_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        """Until when it can be opened; once it was, until when its maker can say yes or no.

        They have as long for that as there was to open it.
        """
        if self.opened_at is None:
            return self.expires_at
        return self.opened_at + (self.expires_at - self.made_at)

    def is_open(self, now: datetime) -> bool:
        """Whether something can still come of it."""
        return self.ended_at is None and now < self.ends_at

    def awaits_admission(self, now: datetime) -> bool:
        """Whether it was opened, and its maker can still say yes or no."""
        return self.opened_at is not None and self.is_open(now)


CLI_ACCOUNT = 0
"""The account that acts where no messenger account does."""
