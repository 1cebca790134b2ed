"""The lifecycle of an application, as one table: what moves it, from where to where, who and when.

Guide, parts 2 to 6. Whatever moves an application asks ``move``: there is no other way from one
stage to the next, and a move that the table does not have raises and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from states.exam import Exam
from states.records import Application, Refusal, Stage
from states.staff import Desk, Role
from states.texts import Text
from states.time_rules import DenialReason, Guard, denial


class Event(StrEnum):
    """What moves an application."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    REFUSE_CONFIRMATION = "refuse-confirmation"
    APPROVE_SITE = "approve-site"
    REFUSE_SITE = "refuse-site"
    APPROVE_AREA = "approve-area"
    REFUSE_AREA = "refuse-area"
    RESUBMIT = "resubmit"
    CLEAR = "clear"
    PAY = "pay"
    EXPIRE = "lapse"
    REINSTATE = "reinstate"


class NonStaff(StrEnum):
    """Who moves an application without a seat among the staff."""

    CANDIDATE = "candidate"
    CLOCK = "clock"


Actor: TypeAlias = Role | NonStaff


class IllegalMove(Exception):
    """A move that may not be made. ``reason`` says why; ``text`` says it to whoever tried."""

    def __init__(self, stage: Stage, event: Event, reason: DenialReason) -> None:
        super().__init__(f"{event} at {stage}: {reason}")
        self.stage = stage
        self.event = event
        self.reason = reason

    @property
    def text(self) -> Text:
        """The refusal aloud."""
        return Text(f"illegal-{self.reason}")


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table.

    ``to`` is where the move leads. Of several, the application itself names one: a refusal its
    ``returns_to``, one that was given up its ``given_up_at``. ``who`` may make it, and ``when``.
    ``notice`` is the screen that tells the candidate of it; empty where they made it themselves.
    """

    to: tuple[Stage, ...]
    guard: Guard
    who: tuple[Actor, ...]
    notice: str = ""


_CANDIDATE = (NonStaff.CANDIDATE,)
_CONFIRMING = (Role.POINT_CLERK, Role.SITE_REVIEWER)
_SITE = (Role.SITE_REVIEWER,)
_AREA = (Role.AREA_REVIEWER,)
_CLOCK = (NonStaff.CLOCK,)
_EXPIRE = Move((Stage.EXPIRED,), Guard.OVERDUE, (*_CLOCK, Role.ADMINISTRATOR), "told-abandoned")

TABLE: Final[Mapping[tuple[Stage, Event], Move]] = {
    (Stage.DRAFT, Event.SUBMIT): Move((Stage.SUBMITTED,), Guard.FILLING, _CANDIDATE),
    (Stage.SUBMITTED, Event.WITHDRAW): Move((Stage.DRAFT,), Guard.WITHDRAWING, _CANDIDATE),
    (Stage.SUBMITTED, Event.CONFIRM): Move(
        (Stage.CONFIRMED,), Guard.CONFIRMING, _CONFIRMING, "told-confirmed"
    ),
    (Stage.SUBMITTED, Event.REFUSE_CONFIRMATION): Move(
        (Stage.CONFIRM_REFUSED,), Guard.CONFIRMING, _CONFIRMING, "told-confirm-refused"
    ),
    (Stage.SUBMITTED, Event.EXPIRE): _EXPIRE,
    (Stage.CONFIRM_REFUSED, Event.RESUBMIT): Move((Stage.SUBMITTED,), Guard.MENDING, _CANDIDATE),
    (Stage.CONFIRM_REFUSED, Event.EXPIRE): _EXPIRE,
    (Stage.CONFIRMED, Event.APPROVE_SITE): Move(
        (Stage.SITE_APPROVED,), Guard.REVIEWING, _SITE, "told-site-approved"
    ),
    (Stage.CONFIRMED, Event.REFUSE_SITE): Move(
        (Stage.REVIEW_REFUSED,), Guard.REVIEWING, _SITE, "told-review-refused"
    ),
    (Stage.SITE_APPROVED, Event.APPROVE_AREA): Move(
        (Stage.APPROVED,), Guard.REVIEWING, _AREA, "told-approved"
    ),
    (Stage.SITE_APPROVED, Event.REFUSE_AREA): Move(
        (Stage.REVIEW_REFUSED,), Guard.REVIEWING, _AREA, "told-review-refused"
    ),
    (Stage.REVIEW_REFUSED, Event.RESUBMIT): Move(
        (Stage.SUBMITTED, Stage.CONFIRMED, Stage.SITE_APPROVED), Guard.MENDING, _CANDIDATE
    ),
    (Stage.REVIEW_REFUSED, Event.EXPIRE): _EXPIRE,
    (Stage.APPROVED, Event.CLEAR): Move(
        (Stage.REGISTERED,), Guard.NOTHING_IS_PAID_ONLINE, _CLOCK, "told-registered"
    ),
    (Stage.APPROVED, Event.PAY): Move(
        (Stage.REGISTERED,), Guard.PAYING, _CANDIDATE, "told-registered"
    ),
    (Stage.APPROVED, Event.EXPIRE): _EXPIRE,
    (Stage.EXPIRED, Event.REINSTATE): Move(
        (Stage.SUBMITTED, Stage.CONFIRM_REFUSED, Stage.REVIEW_REFUSED, Stage.APPROVED),
        Guard.EVER,
        (Role.ADMINISTRATOR,),
        "told-reinstated",
    ),
}
"""Every move there is."""

DECISIONS: Final[Mapping[tuple[Desk, bool], Event]] = {
    (Desk.CONFIRMATION, True): Event.CONFIRM,
    (Desk.CONFIRMATION, False): Event.REFUSE_CONFIRMATION,
    (Desk.SITE_REVIEW, True): Event.APPROVE_SITE,
    (Desk.SITE_REVIEW, False): Event.REFUSE_SITE,
    (Desk.AREA_REVIEW, True): Event.APPROVE_AREA,
    (Desk.AREA_REVIEW, False): Event.REFUSE_AREA,
}
"""What a decision at a desk is, approving or not."""
REFUSALS: Final = frozenset(event for (_, approving), event in DECISIONS.items() if not approving)
REFUSED: Final = frozenset({Stage.CONFIRM_REFUSED, Stage.REVIEW_REFUSED})
"""The stages at which an application is its candidate's to mend."""


def find(
    application: Application, event: Event, exam: Exam, now: datetime, by: Actor | None = None
) -> Move:
    """The line of the table for a move that may be made at ``now``, by this party if one is named.

    Raises:
        Illegal: it may not be made.
    """
    stage = application.stage
    line = TABLE.get((stage, event))
    if line is None:
        raise IllegalMove(stage, event, DenialReason.NO_SUCH_MOVE)
    if by is not None and by not in line.who:
        raise IllegalMove(stage, event, DenialReason.NOT_YOURS)
    why = denial(line.guard, application, exam, now)
    if why is not None:
        raise IllegalMove(stage, event, why)
    return line


def may(
    application: Application, event: Event, exam: Exam, now: datetime, by: Actor | None = None
) -> bool:
    """Whether the move may be made."""
    try:
        find(application, event, exam, now, by)
    except IllegalMove:
        return False
    return True


def move(
    application: Application,
    event: Event,
    exam: Exam,
    now: datetime,
    *,
    by: Actor | None = None,
    refusal: Refusal | None = None,
) -> Application:
    """The application after the move. ``now`` is the time of the act, or of the decision.

    A ``refusal`` comes with the events that refuse, and with no other. What it names stays known
    while it is mended and until the next decision. One that is reinstated keeps ``given_up_at``
    until it moves on, since it has time of its own (``states.time_rules.GRACE``).

    Raises:
        Illegal: the move may not be made; nothing has changed.
        ValueError: a refusal without reasons, or reasons without a refusal.
    """
    line = find(application, event, exam, now, by)
    if (refusal is not None) is not (event in REFUSALS):
        raise ValueError(f"{event}: a refusal comes with the events that refuse")
    to = _target(application, event, line)
    moved = replace(application, stage=to, since=now)
    match event:
        case Event.SUBMIT | Event.RESUBMIT:
            revision = application.revision + 1
            return replace(moved, revision=revision, submitted_at=now, expired_from=None)
        case Event.EXPIRE:
            return replace(moved, expired_from=application.stage)
        case Event.REINSTATE:
            return moved
    return replace(moved, refusal=refusal, expired_from=None)


def _target(application: Application, event: Event, line: Move) -> Stage:
    """Where the move leads; an application that names no stage of the line has nothing to move."""
    if len(line.to) == 1:
        return line.to[0]
    refusal, expired_from = application.refusal, application.expired_from
    named = expired_from if event is Event.REINSTATE else refusal and refusal.returns_to
    if named not in line.to:
        raise IllegalMove(application.stage, event, DenialReason.NO_SUCH_MOVE)
    return named


def decided(
    application: Application,
    desk: Desk,
    exam: Exam,
    now: datetime,
    *,
    by: Actor | None = None,
    refusal: Refusal | None = None,
) -> tuple[Application, str]:
    """What a decision of a desk makes of an application, and the screen that tells its candidate.

    Without a ``refusal`` it approves. Where nothing is paid online, an approved application is
    registered at once (guide, part 5), and that is what is told.

    Raises:
        Illegal: the decision may not be made.
    """
    event = DECISIONS[desk, refusal is None]
    moved = move(application, event, exam, now, by=by, refusal=refusal)
    if may(moved, Event.CLEAR, exam, now):
        event, application = Event.CLEAR, moved
        moved = move(moved, event, exam, now)
    return moved, TABLE[application.stage, event].notice
