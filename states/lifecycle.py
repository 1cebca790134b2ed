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
from states.time_rules import DenialReason, Guard, denial_reason


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


class NonStaffActor(StrEnum):
    """Who moves an application without a seat among the staff."""

    CANDIDATE = "candidate"
    SCHEDULER = "clock"


Actor: TypeAlias = Role | NonStaffActor


class TransitionNotAllowed(Exception):
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
class Transition:
    """One line of the table.

    ``to`` is where the move leads. Of several, the application itself names one: a refusal its
    ``returns_to``, one that was given up its ``given_up_at``. ``who`` may make it, and ``when``.
    ``notice`` is the screen that tells the candidate of it; empty where they made it themselves.
    """

    targets: tuple[Stage, ...]
    guard: Guard
    actors: tuple[Actor, ...]
    notice: str = ""


_CANDIDATE = (NonStaffActor.CANDIDATE,)
_CONFIRMING = (Role.POINT_CLERK, Role.SITE_REVIEWER)
_SITE = (Role.SITE_REVIEWER,)
_AREA = (Role.AREA_REVIEWER,)
_CLOCK = (NonStaffActor.SCHEDULER,)
_EXPIRE = Transition(
    (Stage.EXPIRED,), Guard.OVERDUE, (*_CLOCK, Role.ADMINISTRATOR), "told-abandoned"
)

TRANSITIONS: Final[Mapping[tuple[Stage, Event], Transition]] = {
    (Stage.DRAFT, Event.SUBMIT): Transition((Stage.SUBMITTED,), Guard.FILLING, _CANDIDATE),
    (Stage.SUBMITTED, Event.WITHDRAW): Transition((Stage.DRAFT,), Guard.WITHDRAWING, _CANDIDATE),
    (Stage.SUBMITTED, Event.CONFIRM): Transition(
        (Stage.CONFIRMED,), Guard.CONFIRMING, _CONFIRMING, "told-confirmed"
    ),
    (Stage.SUBMITTED, Event.REFUSE_CONFIRMATION): Transition(
        (Stage.CONFIRM_REFUSED,), Guard.CONFIRMING, _CONFIRMING, "told-confirm-refused"
    ),
    (Stage.SUBMITTED, Event.EXPIRE): _EXPIRE,
    (Stage.CONFIRM_REFUSED, Event.RESUBMIT): Transition(
        (Stage.SUBMITTED,), Guard.MENDING, _CANDIDATE
    ),
    (Stage.CONFIRM_REFUSED, Event.EXPIRE): _EXPIRE,
    (Stage.CONFIRMED, Event.APPROVE_SITE): Transition(
        (Stage.SITE_APPROVED,), Guard.REVIEWING, _SITE, "told-site-approved"
    ),
    (Stage.CONFIRMED, Event.REFUSE_SITE): Transition(
        (Stage.REVIEW_REFUSED,), Guard.REVIEWING, _SITE, "told-review-refused"
    ),
    (Stage.SITE_APPROVED, Event.APPROVE_AREA): Transition(
        (Stage.APPROVED,), Guard.REVIEWING, _AREA, "told-approved"
    ),
    (Stage.SITE_APPROVED, Event.REFUSE_AREA): Transition(
        (Stage.REVIEW_REFUSED,), Guard.REVIEWING, _AREA, "told-review-refused"
    ),
    (Stage.REVIEW_REFUSED, Event.RESUBMIT): Transition(
        (Stage.SUBMITTED, Stage.CONFIRMED, Stage.SITE_APPROVED), Guard.MENDING, _CANDIDATE
    ),
    (Stage.REVIEW_REFUSED, Event.EXPIRE): _EXPIRE,
    (Stage.APPROVED, Event.CLEAR): Transition(
        (Stage.REGISTERED,), Guard.NO_ONLINE_PAYMENT, _CLOCK, "told-registered"
    ),
    (Stage.APPROVED, Event.PAY): Transition(
        (Stage.REGISTERED,), Guard.PAYING, _CANDIDATE, "told-registered"
    ),
    (Stage.APPROVED, Event.EXPIRE): _EXPIRE,
    (Stage.EXPIRED, Event.REINSTATE): Transition(
        (Stage.SUBMITTED, Stage.CONFIRM_REFUSED, Stage.REVIEW_REFUSED, Stage.APPROVED),
        Guard.ALWAYS,
        (Role.ADMINISTRATOR,),
        "told-reinstated",
    ),
}
"""Every move there is."""

DECISION_EVENTS: Final[Mapping[tuple[Desk, bool], Event]] = {
    (Desk.CONFIRMATION, True): Event.CONFIRM,
    (Desk.CONFIRMATION, False): Event.REFUSE_CONFIRMATION,
    (Desk.SITE_REVIEW, True): Event.APPROVE_SITE,
    (Desk.SITE_REVIEW, False): Event.REFUSE_SITE,
    (Desk.AREA_REVIEW, True): Event.APPROVE_AREA,
    (Desk.AREA_REVIEW, False): Event.REFUSE_AREA,
}
"""What a decision at a desk is, approving or not."""
REFUSAL_EVENTS: Final = frozenset(
    event for (_, approving), event in DECISION_EVENTS.items() if not approving
)
REFUSED_STAGES: Final = frozenset({Stage.CONFIRM_REFUSED, Stage.REVIEW_REFUSED})
"""The stages at which an application is its candidate's to mend."""


def find_transition(
    application: Application, event: Event, exam: Exam, now: datetime, by: Actor | None = None
) -> Transition:
    """The line of the table for a move that may be made at ``now``, by this party if one is named.

    Raises:
        Illegal: it may not be made.
    """
    stage = application.stage
    line = TRANSITIONS.get((stage, event))
    if line is None:
        raise TransitionNotAllowed(stage, event, DenialReason.NO_SUCH_MOVE)
    if by is not None and by not in line.actors:
        raise TransitionNotAllowed(stage, event, DenialReason.NOT_YOURS)
    why = denial_reason(line.guard, application, exam, now)
    if why is not None:
        raise TransitionNotAllowed(stage, event, why)
    return line


def is_allowed(
    application: Application, event: Event, exam: Exam, now: datetime, by: Actor | None = None
) -> bool:
    """Whether the move may be made."""
    try:
        find_transition(application, event, exam, now, by)
    except TransitionNotAllowed:
        return False
    return True


def apply_event(
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
    line = find_transition(application, event, exam, now, by)
    if (refusal is not None) is not (event in REFUSAL_EVENTS):
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


def _target(application: Application, event: Event, line: Transition) -> Stage:
    """Where the move leads; an application that names no stage of the line has nothing to move."""
    if len(line.targets) == 1:
        return line.targets[0]
    refusal, expired_from = application.refusal, application.expired_from
    named = expired_from if event is Event.REINSTATE else refusal and refusal.returns_to
    if named not in line.targets:
        raise TransitionNotAllowed(application.stage, event, DenialReason.NO_SUCH_MOVE)
    return named


def apply_decision(
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
    event = DECISION_EVENTS[desk, refusal is None]
    moved = apply_event(application, event, exam, now, by=by, refusal=refusal)
    if is_allowed(moved, Event.CLEAR, exam, now):
        event, application = Event.CLEAR, moved
        moved = apply_event(moved, event, exam, now)
    return moved, TRANSITIONS[application.stage, event].notice
