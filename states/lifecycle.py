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
from states.spans import Barred, When, barred
from states.staff import Desk, Role
from states.texts import Text


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
    LAPSE = "lapse"
    REINSTATE = "reinstate"


class Unseated(StrEnum):
    """Who moves an application without a seat among the staff."""

    CANDIDATE = "candidate"
    CLOCK = "clock"


Party: TypeAlias = Role | Unseated


class Illegal(Exception):
    """A move that may not be made. ``reason`` says why; ``text`` says it to whoever tried."""

    def __init__(self, stage: Stage, event: Event, reason: Barred) -> None:
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
    when: When
    who: tuple[Party, ...]
    notice: str = ""


_CANDIDATE = (Unseated.CANDIDATE,)
_CONFIRMING = (Role.POINT_CLERK, Role.SITE_REVIEWER)
_SITE = (Role.SITE_REVIEWER,)
_AREA = (Role.AREA_REVIEWER,)
_CLOCK = (Unseated.CLOCK,)
_LAPSE = Move((Stage.ABANDONED,), When.OVERDUE, (*_CLOCK, Role.ADMINISTRATOR), "told-abandoned")

TABLE: Final[Mapping[tuple[Stage, Event], Move]] = {
    (Stage.DRAFT, Event.SUBMIT): Move((Stage.SUBMITTED,), When.FILLING, _CANDIDATE),
    (Stage.SUBMITTED, Event.WITHDRAW): Move((Stage.DRAFT,), When.WITHDRAWING, _CANDIDATE),
    (Stage.SUBMITTED, Event.CONFIRM): Move(
        (Stage.CONFIRMED,), When.CONFIRMING, _CONFIRMING, "told-confirmed"
    ),
    (Stage.SUBMITTED, Event.REFUSE_CONFIRMATION): Move(
        (Stage.CONFIRM_REFUSED,), When.CONFIRMING, _CONFIRMING, "told-confirm-refused"
    ),
    (Stage.SUBMITTED, Event.LAPSE): _LAPSE,
    (Stage.CONFIRM_REFUSED, Event.RESUBMIT): Move((Stage.SUBMITTED,), When.MENDING, _CANDIDATE),
    (Stage.CONFIRM_REFUSED, Event.LAPSE): _LAPSE,
    (Stage.CONFIRMED, Event.APPROVE_SITE): Move(
        (Stage.SITE_APPROVED,), When.REVIEWING, _SITE, "told-site-approved"
    ),
    (Stage.CONFIRMED, Event.REFUSE_SITE): Move(
        (Stage.REVIEW_REFUSED,), When.REVIEWING, _SITE, "told-review-refused"
    ),
    (Stage.SITE_APPROVED, Event.APPROVE_AREA): Move(
        (Stage.APPROVED,), When.REVIEWING, _AREA, "told-approved"
    ),
    (Stage.SITE_APPROVED, Event.REFUSE_AREA): Move(
        (Stage.REVIEW_REFUSED,), When.REVIEWING, _AREA, "told-review-refused"
    ),
    (Stage.REVIEW_REFUSED, Event.RESUBMIT): Move(
        (Stage.SUBMITTED, Stage.CONFIRMED, Stage.SITE_APPROVED), When.MENDING, _CANDIDATE
    ),
    (Stage.REVIEW_REFUSED, Event.LAPSE): _LAPSE,
    (Stage.APPROVED, Event.CLEAR): Move(
        (Stage.REGISTERED,), When.NOTHING_IS_PAID_ONLINE, _CLOCK, "told-registered"
    ),
    (Stage.APPROVED, Event.PAY): Move(
        (Stage.REGISTERED,), When.PAYING, _CANDIDATE, "told-registered"
    ),
    (Stage.APPROVED, Event.LAPSE): _LAPSE,
    (Stage.ABANDONED, Event.REINSTATE): Move(
        (Stage.SUBMITTED, Stage.CONFIRM_REFUSED, Stage.REVIEW_REFUSED, Stage.APPROVED),
        When.EVER,
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
    application: Application, event: Event, exam: Exam, now: datetime, by: Party | None = None
) -> Move:
    """The line of the table for a move that may be made at ``now``, by this party if one is named.

    Raises:
        Illegal: it may not be made.
    """
    stage = application.stage
    line = TABLE.get((stage, event))
    if line is None:
        raise Illegal(stage, event, Barred.NO_SUCH_MOVE)
    if by is not None and by not in line.who:
        raise Illegal(stage, event, Barred.NOT_YOURS)
    why = barred(line.when, application, exam, now)
    if why is not None:
        raise Illegal(stage, event, why)
    return line


def may(
    application: Application, event: Event, exam: Exam, now: datetime, by: Party | None = None
) -> bool:
    """Whether the move may be made."""
    try:
        find(application, event, exam, now, by)
    except Illegal:
        return False
    return True


def move(
    application: Application,
    event: Event,
    exam: Exam,
    now: datetime,
    *,
    by: Party | None = None,
    refusal: Refusal | None = None,
) -> Application:
    """The application after the move. ``now`` is the time of the act, or of the decision.

    A ``refusal`` comes with the events that refuse, and with no other. What it names stays known
    while it is mended and until the next decision. One that is reinstated keeps ``given_up_at``
    until it moves on, since it has time of its own (``states.spans.GRACE``).

    Raises:
        Illegal: the move may not be made; nothing has changed.
        ValueError: a refusal without reasons, or reasons without a refusal.
    """
    line = find(application, event, exam, now, by)
    if (refusal is not None) is not (event in REFUSALS):
        raise ValueError(f"{event}: a refusal comes with the events that refuse")
    to = _whither(application, event, line)
    moved = replace(application, stage=to, since=now)
    match event:
        case Event.SUBMIT | Event.RESUBMIT:
            revision = application.revision + 1
            return replace(moved, revision=revision, submitted_at=now, given_up_at=None)
        case Event.LAPSE:
            return replace(moved, given_up_at=application.stage)
        case Event.REINSTATE:
            return moved
    return replace(moved, refusal=refusal, given_up_at=None)


def _whither(application: Application, event: Event, line: Move) -> Stage:
    """Where the move leads; an application that names no stage of the line has nothing to move."""
    if len(line.to) == 1:
        return line.to[0]
    refusal, given_up_at = application.refusal, application.given_up_at
    named = given_up_at if event is Event.REINSTATE else refusal and refusal.returns_to
    if named not in line.to:
        raise Illegal(application.stage, event, Barred.NO_SUCH_MOVE)
    return named


def decided(
    application: Application,
    desk: Desk,
    exam: Exam,
    now: datetime,
    *,
    by: Party | None = None,
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
