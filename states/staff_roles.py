"""The staff: roles, scopes, and the desks where applications wait for a decision.

A role assignment is a role with a scope, held by one Telegram account. The desks are the
confirmation, the site's review and the area's review (guide, parts 4 and 5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import product, starmap
from typing import Final

from states.records import Application, Stage
from states.values import dataclass


class Role(StrEnum):
    """The roles of the staff."""

    POINT_CLERK = "point-clerk"
    SITE_REVIEWER = "site-reviewer"
    AREA_REVIEWER = "area-reviewer"
    ADMINISTRATOR = "administrator"


class Desk(StrEnum):
    """The desks where the staff decides on applications."""

    CONFIRMATION = "confirmation"
    SITE_REVIEW = "site-review"
    AREA_REVIEW = "area-review"


DESK_BY_STAGE = {
    Stage.SUBMITTED: Desk.CONFIRMATION,
    Stage.CONFIRMED: Desk.SITE_REVIEW,
    Stage.SITE_APPROVED: Desk.AREA_REVIEW,
}
"""The desk at which an application of a stage waits; at other stages it waits at none."""
STAGE_BY_DESK = {desk: stage for stage, desk in DESK_BY_STAGE.items()}
"""The stage of the applications that wait at a desk."""
REVIEW_DESKS: Final = frozenset({Desk.SITE_REVIEW, Desk.AREA_REVIEW})
"""The two reviews of an application; nobody decides both (guide, part 5: mutual control)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of an exam that a role or group is for: codes of an area, a site, a point.

    An empty code includes all.
    """

    area: str = ""
    site: str = ""
    point: str = ""

    @classmethod
    def of(cls, application: Application) -> Scope:
        """Return the place of an application."""
        return cls(application.area, application.site, application.point)

    def covers(self, application: Application) -> bool:
        """Return whether an application lies in the scope."""
        return self.contains(Scope.of(application))

    def contains(self, other: Scope) -> bool:
        """Return whether the other scope lies in this one."""
        own = (self.area, self.site, self.point)
        its = (other.area, other.site, other.point)
        return all(code in ("", theirs) for code, theirs in zip(own, its, strict=True))

    def around(self) -> Iterator[Scope]:
        """Yield each scope that contains this one, the widest first: at most eight."""
        codes = (dict.fromkeys(("", code)) for code in (self.area, self.site, self.point))
        return starmap(Scope, product(*codes))


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """One role of one Telegram account. ``name`` is the holder's name among colleagues."""

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
        """Return whether its holder may grant, revoke and see roles in all of this scope."""
        is_held = self.revoked_at is None and self.role is Role.ADMINISTRATOR
        return is_held and self.scope.contains(scope)

    @classmethod
    def of_settings(cls, bot_id: int, telegram_id: int, now: datetime) -> RoleAssignment:
        """Return the assignment of an administrator of the settings: all scopes, no row."""
        return cls(0, bot_id, telegram_id, Role.ADMINISTRATOR, Scope(), "", telegram_id, now)

    def may_decide(self, application: Application) -> bool:
        """Return whether the application waits at a desk of this role and scope.

        The point of an application confirms it; without a point, its site does.
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
"""The codes that a role's scope must have; other scopes may leave any of them out."""


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation to a role, for the first person who opens its link.

    It can be opened until ``expires_at``. Then its maker ``made_by`` (0: the command line) confirms
    the account ``opened_by``. ``ended_at``: granted, refused or withdrawn.
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
        """The end of the time to open it; once opened, of an equal time to confirm it."""
        if self.opened_at is None:
            return self.expires_at
        return self.opened_at + (self.expires_at - self.made_at)

    def is_open(self, now: datetime) -> bool:
        """Return whether it can still be opened or confirmed."""
        return self.ended_at is None and now < self.ends_at

    def awaits_admission(self, now: datetime) -> bool:
        """Return whether it was opened and its maker can still confirm it."""
        return self.opened_at is not None and self.is_open(now)


CLI_ACCOUNT = 0
"""The account id of the command line, in place of a Telegram account."""
