"""The lifecycle of an application as one transition table (guide, parts 2 to 6).

Every change of stage goes through ``apply_event``. A transition that is not in the table, or not
allowed now, raises ``TransitionNotAllowed``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from states.exam import Exam
from states.process.time_rules import DenialReason, Guard, denial_reason
from states.records import Application, LateChangeState, Refusal, Stage
from states.staff_roles import Desk, Role
from states.texts import Text


class Event(StrEnum):
    """The events that change the stage of an application."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    REFUSE_CONFIRMATION = "refuse-confirmation"
    APPROVE_SITE = "approve-site"
    REFUSE_SITE = "refuse-site"
    APPROVE_AREA = "approve-area"
    REFUSE_AREA = "refuse-area"
    REJECT = "reject"
    RESUBMIT = "resubmit"
    CLEAR = "clear"
    PAY = "pay"
    MARK_PAID = "mark-paid"
    UNMARK_PAID = "unmark-paid"
    UNDO_APPROVAL = "undo-approval"
    EXPIRE = "lapse"
    REINSTATE = "reinstate"
    REOPEN = "reopen"
    RELEASE = "release"
    OPEN_CHANGE = "open-change"
    CLOSE_CHANGE = "close-change"
    DROP_CHANGE = "drop-change"


class NonStaffActor(StrEnum):
    """The actors without a staff role."""

    CANDIDATE = "candidate"
    SCHEDULER = "clock"


Actor: TypeAlias = Role | NonStaffActor


class TransitionNotAllowed(Exception):
    """The event is not allowed at this stage, for this actor or at this time."""

    def __init__(self, stage: Stage, event: Event, reason: DenialReason) -> None:
        super().__init__(f"{event} at {stage}: {reason}")
        self.stage = stage
        self.event = event
        self.reason = reason

    @property
    def text(self) -> Text:
        """The reason as a message for the actor."""
        return Text(f"illegal-{self.reason}")


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the transition table.

    Of several ``targets`` the application selects one: by ``returns_to`` of its refusal, by its
    ``expired_from``, or by its late change. ``guard`` is the condition and ``actors`` are allowed.
    ``notice`` is the screen that notifies the candidate; empty for their own events.
    """

    targets: tuple[Stage, ...]
    guard: Guard
    actors: tuple[Actor, ...]
    notice: str = ""


_CANDIDATE = (NonStaffActor.CANDIDATE,)
_CONFIRMING = (Role.POINT_CLERK, Role.SITE_REVIEWER)
_SITE = (Role.SITE_REVIEWER,)
_AREA = (Role.AREA_REVIEWER,)
_PAYMENT_STAFF = (*_SITE, *_AREA)
_SCHEDULER = (NonStaffActor.SCHEDULER,)
_EXPIRE = Transition(
    (Stage.EXPIRED,), Guard.OVERDUE, (*_SCHEDULER, Role.ADMINISTRATOR), "told-abandoned"
)
_RELEASE = Transition((Stage.DRAFT,), Guard.ALWAYS, _PAYMENT_STAFF, "told-number-released")
# Nothing can be corrected any more: the exam lets the desk refuse for good, with a second look.
_REJECTED = (Stage.REJECTED,)
_CHANGEABLE = (Stage.CONFIRMED, Stage.SITE_APPROVED, Stage.APPROVED, Stage.REGISTERED)
"""The stages from which a late change opens, and to which it returns without one."""
_OPEN_CHANGE = Transition((Stage.CHANGING,), Guard.CHANGEABLE, _PAYMENT_STAFF, "told-change-opened")
# The area finds out later that it should have refused; a fee that was paid is owed back.
_UNDO_APPROVAL = Transition((Stage.REVIEW_REFUSED,), Guard.ALWAYS, _AREA, "told-approval-undone")

TRANSITIONS: Final[Mapping[tuple[Stage, Event], Transition]] = {
    (Stage.DRAFT, Event.SUBMIT): Transition((Stage.SUBMITTED,), Guard.FILLING, _CANDIDATE),
    (Stage.SUBMITTED, Event.WITHDRAW): Transition((Stage.DRAFT,), Guard.WITHDRAWING, _CANDIDATE),
    (Stage.SUBMITTED, Event.CONFIRM): Transition(
        (Stage.CONFIRMED,), Guard.CONFIRMING, _CONFIRMING, "told-confirmed"
    ),
    (Stage.SUBMITTED, Event.REFUSE_CONFIRMATION): Transition(
        (Stage.CONFIRM_REFUSED,), Guard.CONFIRMING, _CONFIRMING, "told-confirm-refused"
    ),
    (Stage.SUBMITTED, Event.REJECT): Transition(
        _REJECTED, Guard.CONFIRMING, _CONFIRMING, "told-rejected"
    ),
    (Stage.SUBMITTED, Event.EXPIRE): _EXPIRE,
    (Stage.CONFIRM_REFUSED, Event.RESUBMIT): Transition(
        (Stage.SUBMITTED,), Guard.CORRECTING, _CANDIDATE
    ),
    (Stage.CONFIRM_REFUSED, Event.EXPIRE): _EXPIRE,
    (Stage.CONFIRMED, Event.APPROVE_SITE): Transition(
        (Stage.SITE_APPROVED,), Guard.REVIEWING, _SITE, "told-site-approved"
    ),
    (Stage.CONFIRMED, Event.REFUSE_SITE): Transition(
        (Stage.REVIEW_REFUSED,), Guard.REVIEWING, _SITE, "told-review-refused"
    ),
    (Stage.CONFIRMED, Event.REJECT): Transition(_REJECTED, Guard.REVIEWING, _SITE, "told-rejected"),
    (Stage.SITE_APPROVED, Event.APPROVE_AREA): Transition(
        (Stage.APPROVED,), Guard.REVIEWING, _AREA, "told-approved"
    ),
    (Stage.SITE_APPROVED, Event.REFUSE_AREA): Transition(
        (Stage.REVIEW_REFUSED,), Guard.REVIEWING, _AREA, "told-review-refused"
    ),
    (Stage.SITE_APPROVED, Event.REJECT): Transition(
        _REJECTED, Guard.REVIEWING, _AREA, "told-rejected"
    ),
    (Stage.REVIEW_REFUSED, Event.RESUBMIT): Transition(
        (Stage.SUBMITTED, Stage.CONFIRMED, Stage.SITE_APPROVED), Guard.CORRECTING, _CANDIDATE
    ),
    (Stage.REVIEW_REFUSED, Event.EXPIRE): _EXPIRE,
    (Stage.APPROVED, Event.CLEAR): Transition(
        (Stage.REGISTERED,), Guard.NO_ONLINE_PAYMENT, _SCHEDULER, "told-registered"
    ),
    (Stage.APPROVED, Event.PAY): Transition(
        (Stage.REGISTERED,), Guard.PAYING, _CANDIDATE, "told-registered"
    ),
    # The candidate paid in the area's own way, perhaps after the window.
    (Stage.APPROVED, Event.MARK_PAID): Transition(
        (Stage.REGISTERED,), Guard.ALWAYS, _PAYMENT_STAFF, "told-registered"
    ),
    (Stage.REGISTERED, Event.UNMARK_PAID): Transition(
        (Stage.APPROVED,), Guard.ONLINE_PAYMENT, _PAYMENT_STAFF, "told-payment-unmarked"
    ),
    (Stage.APPROVED, Event.UNDO_APPROVAL): _UNDO_APPROVAL,
    (Stage.REGISTERED, Event.UNDO_APPROVAL): _UNDO_APPROVAL,
    (Stage.APPROVED, Event.EXPIRE): _EXPIRE,
    # The ID number is another person's: the candidate registers with their own.
    (Stage.SUBMITTED, Event.RELEASE): _RELEASE,
    (Stage.CONFIRM_REFUSED, Event.RELEASE): _RELEASE,
    # A wrong decision, found after its undo window, goes back to the desk that made it.
    (Stage.CONFIRMED, Event.REOPEN): Transition(
        (Stage.SUBMITTED,), Guard.CONFIRMING, _CONFIRMING, "told-reopened"
    ),
    (Stage.CONFIRM_REFUSED, Event.REOPEN): Transition(
        (Stage.SUBMITTED,), Guard.CONFIRMING, _CONFIRMING, "told-reopened"
    ),
    (Stage.SITE_APPROVED, Event.REOPEN): Transition(
        (Stage.CONFIRMED,), Guard.REVIEWING, _SITE, "told-reopened"
    ),
    (Stage.REVIEW_REFUSED, Event.REOPEN): Transition(
        (Stage.CONFIRMED, Stage.SITE_APPROVED), Guard.REVIEWING, (*_SITE, *_AREA), "told-reopened"
    ),
    (Stage.REJECTED, Event.REOPEN): Transition(
        (Stage.SUBMITTED, Stage.CONFIRMED, Stage.SITE_APPROVED),
        Guard.REOPENING,
        (*_CONFIRMING, *_AREA),
        "told-reopened",
    ),
    (Stage.APPROVED, Event.REOPEN): Transition(
        (Stage.SITE_APPROVED,), Guard.REVIEWING, _AREA, "told-reopened"
    ),
    # A late change: the staff open the named answers, and the candidate hands them in again.
    **{(stage, Event.OPEN_CHANGE): _OPEN_CHANGE for stage in _CHANGEABLE},
    (Stage.CHANGING, Event.RESUBMIT): Transition(
        (Stage.SUBMITTED, Stage.CONFIRMED, Stage.SITE_APPROVED), Guard.CHANGING, _CANDIDATE
    ),
    (Stage.CHANGING, Event.CLOSE_CHANGE): Transition(
        _CHANGEABLE, Guard.CHANGE_OVER, _SCHEDULER, "told-change-over"
    ),
    (Stage.CHANGING, Event.DROP_CHANGE): Transition(_CHANGEABLE, Guard.ALWAYS, _CANDIDATE),
    (Stage.EXPIRED, Event.REINSTATE): Transition(
        (Stage.SUBMITTED, Stage.CONFIRM_REFUSED, Stage.REVIEW_REFUSED, Stage.APPROVED),
        Guard.ALWAYS,
        (Role.ADMINISTRATOR,),
        "told-reinstated",
    ),
}
"""All transitions by stage and event."""


def allows_role(event: Event, role: Role) -> bool:
    """Return whether a role is among the actors of an event, at some stage."""
    return any(role in row.actors for (_, of), row in TRANSITIONS.items() if of is event)


DECISION_EVENTS: Final[Mapping[tuple[Desk, bool], Event]] = {
    (Desk.CONFIRMATION, True): Event.CONFIRM,
    (Desk.CONFIRMATION, False): Event.REFUSE_CONFIRMATION,
    (Desk.SITE_REVIEW, True): Event.APPROVE_SITE,
    (Desk.SITE_REVIEW, False): Event.REFUSE_SITE,
    (Desk.AREA_REVIEW, True): Event.APPROVE_AREA,
    (Desk.AREA_REVIEW, False): Event.REFUSE_AREA,
}
"""The event of a desk's decision: approved (True) or refused."""
REFUSAL_EVENTS: Final = frozenset(
    event for (_, approving), event in DECISION_EVENTS.items() if not approving
) | {Event.UNDO_APPROVAL, Event.REJECT}
REFUSED_STAGES: Final = frozenset({Stage.CONFIRM_REFUSED, Stage.REVIEW_REFUSED})
"""The stages of refused applications."""
CORRECTED_STAGES: Final = REFUSED_STAGES | {Stage.CHANGING}
"""The stages at which the candidate changes some things of a submitted application."""


def decision_event(desk: Desk, refusal: Refusal | None) -> Event:
    """Return the event of a desk's decision; a definite refusal is the same event at each desk."""
    is_definite = refusal is not None and refusal.definite
    return Event.REJECT if is_definite else DECISION_EVENTS[desk, refusal is None]


def find_transition(
    application: Application, event: Event, exam: Exam, now: datetime, by: Actor | None = None
) -> Transition:
    """Return the transition of an event at ``now``; with ``by``, only if this actor is allowed.

    Raises:
        TransitionNotAllowed: the table or the guard forbids it.
    """
    stage = application.stage
    transition = TRANSITIONS.get((stage, event))
    if transition is None:
        raise TransitionNotAllowed(stage, event, DenialReason.NO_SUCH_TRANSITION)
    if by is not None and by not in transition.actors:
        raise TransitionNotAllowed(stage, event, DenialReason.NOT_YOURS)
    reason = denial_reason(transition.guard, application, exam, now)
    if reason is not None:
        raise TransitionNotAllowed(stage, event, reason)
    return transition


def is_allowed(
    application: Application, event: Event, exam: Exam, now: datetime, by: Actor | None = None
) -> bool:
    """Return whether ``find_transition`` finds one."""
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
    """Return the application after the event; ``now`` is the time of the act or decision.

    A ``refusal`` goes with ``REFUSAL_EVENTS`` only, and stays until the next decision, also after a
    withdrawal. A reinstated
    application keeps ``expired_from``, since it has extra time (``time_rules.GRACE``).

    Raises:
        TransitionNotAllowed: the table or the guard forbids the event.
        ValueError: the refusal is missing, or the event takes none.
    """
    transition = find_transition(application, event, exam, now, by)
    if (refusal is not None) is not (event in REFUSAL_EVENTS):
        raise ValueError(f"{event}: a refusal comes with the events that refuse")
    changed = replace(application, stage=_target(application, event, transition), since=now)
    match event:
        case Event.SUBMIT | Event.RESUBMIT:
            revision = application.revision + 1
            handed_in = replace(changed, revision=revision, submitted_at=now, expired_from=None)
            return replace(_with_change_done(application, handed_in, now), former=None)
        case Event.EXPIRE:
            return replace(changed, expired_from=application.stage)
        case Event.REOPEN:
            # The refusal stays: the time that it gave the candidate holds for the desk as well.
            return replace(changed, expired_from=None)
        case Event.CLOSE_CHANGE | Event.DROP_CHANGE:
            is_over = event is Event.CLOSE_CHANGE
            ended = LateChangeState.EXPIRED if is_over else LateChangeState.DROPPED
            change = changed.change and replace(changed.change, state=ended, at=now)
            return replace(changed, change=change)
        case Event.OPEN_CHANGE | Event.REINSTATE | Event.RELEASE | Event.WITHDRAW:
            return changed
        case Event.MARK_PAID | Event.UNMARK_PAID:
            return changed
    return replace(changed, refusal=refusal, expired_from=None)


def _with_change_done(
    application: Application, handed_in: Application, now: datetime
) -> Application:
    """Return the application that was handed in, with its late change done if it had one open."""
    change = application.change
    if application.stage is not Stage.CHANGING or change is None:
        return handed_in
    return replace(handed_in, change=replace(change, state=LateChangeState.DONE, at=now))


def _target(application: Application, event: Event, transition: Transition) -> Stage:
    """Return the target stage; raise if there are several and the application selects none."""
    if len(transition.targets) == 1:
        return transition.targets[0]
    refusal, expired_from = application.refusal, application.expired_from
    named = refusal.returns_to if refusal else None
    if event is Event.REINSTATE:
        named = expired_from
    elif event is Event.REOPEN:
        named = refusal.refused_at if refusal else None
    elif application.stage is Stage.CHANGING:
        is_handed_in = event is Event.RESUBMIT
        if application.change is not None:
            opened_at, returns_to = application.change.opened_at, application.change.returns_to
            named = returns_to if is_handed_in else opened_at
    if named not in transition.targets:
        raise TransitionNotAllowed(application.stage, event, DenialReason.NO_SUCH_TRANSITION)
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
    """Return the application after a desk's decision, and the screen that notifies the candidate.

    Without a ``refusal`` the desk approves. An approved application without online payment is
    registered at once (guide, part 5).

    Raises:
        TransitionNotAllowed: the decision is not allowed.
    """
    event = decision_event(desk, refusal)
    changed = apply_event(application, event, exam, now, by=by, refusal=refusal)
    if is_allowed(changed, Event.CLEAR, exam, now):
        event, application = Event.CLEAR, changed
        changed = apply_event(changed, event, exam, now)
    return changed, TRANSITIONS[application.stage, event].notice
