"""The outlook of a candidate: what comes next, who does it, from when and until when.

Status, to-do and menu show it, so they never disagree. It depends on the stage, the moment, the
way of the area and what is missing. ``docs/status-table.md`` lists all cases (``make statuses``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from states.exam import Confirmation, Exam
from states.form.education import unchecked_record
from states.form.fields import AnswerContext
from states.process import time_rules
from states.process.lifecycle import REFUSED_STAGES
from states.process.time_rules import TimeSpan
from states.progress import next_step, process_steps
from states.progress.next_step import MENU
from states.progress.process_steps import ProcessStep
from states.records import Application, Records, Stage


class Matter(StrEnum):
    """The next thing to do; its messages begin with ``now-KEY``."""

    BEGIN = "begin"
    FORM = "form"
    PHOTO = "photo"
    MATERIALS = "materials"
    CHECK = "check"
    SUBMIT = "submit"
    VISIT = "visit"
    ONLINE = "online"
    AGAIN = "again"
    SITE_REVIEW = "site-review"
    AREA_REVIEW = "area-review"
    PAYMENT = "payment"
    PAYMENT_CLAIMED = "payment-claimed"
    TICKET = "ticket"
    CORRECTION = "correction"
    CHANGE = "change"
    FINAL = "final"
    REJECTED = "rejected"
    EXPIRED = "expired"


class Moment(StrEnum):
    """The present moment, compared with the time of the matter."""

    EARLY = "early"
    OPEN = "open"
    OVER = "over"


class Turn(StrEnum):
    """The party that has to act."""

    YOU = "you"
    STAFF = "staff"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Outlook:
    """The next thing to do, and its time; None without one. ``resumes``: a question is open."""

    matter: Matter
    moment: Moment
    time: TimeSpan | None
    resumes: bool = False

    @property
    def turn(self) -> Turn:
        """The party that acts once the time opens; nobody after it, except late staff."""
        if self.matter in _OF_STAFF:
            return Turn.STAFF
        is_idle = self.matter in _IDLE or self.moment is Moment.OVER
        return Turn.NOBODY if is_idle else Turn.YOU

    @property
    def is_draft(self) -> bool:
        """Whether an application is not submitted."""
        return self.matter in _OF_DRAFT


_OF_STAFF = frozenset(
    {
        *(Matter.ONLINE, Matter.AGAIN, Matter.SITE_REVIEW, Matter.AREA_REVIEW),
        Matter.PAYMENT_CLAIMED,
    }
)
_IDLE = frozenset({Matter.TICKET, Matter.FINAL, Matter.REJECTED, Matter.EXPIRED})
_BY_STEP = {
    ProcessStep.FORM: Matter.FORM,
    ProcessStep.PHOTO: Matter.PHOTO,
    ProcessStep.MATERIALS: Matter.MATERIALS,
    ProcessStep.SUBMIT: Matter.SUBMIT,
}
"""The matter of a draft by the step that is missing."""
_OF_DRAFT = frozenset({*_BY_STEP.values(), Matter.CHECK})
_BY_STAGE = {
    Stage.CONFIRMED: Matter.SITE_REVIEW,
    Stage.SITE_APPROVED: Matter.AREA_REVIEW,
    Stage.REGISTERED: Matter.TICKET,
    Stage.REJECTED: Matter.REJECTED,
    Stage.EXPIRED: Matter.EXPIRED,
    Stage.CHANGING: Matter.CHANGE,
}


def outlook(records: Records, exam: Exam, now: datetime) -> Outlook:
    """Return the outlook of a candidate at ``now``."""
    matter, time = _matter(records, exam, now), _time(records.application, exam)
    moment = Moment.OPEN
    if time is not None and now < time.opens:
        moment = Moment.EARLY
    elif time is not None and now >= time.closes:
        moment = Moment.OVER
    return Outlook(matter, moment, time, next_step.due(records, exam, now) != MENU)


def _matter(records: Records, exam: Exam, now: datetime) -> Matter:
    application = records.application
    if application is None:
        return Matter.BEGIN
    stage = application.stage
    if stage is Stage.DRAFT:
        step = process_steps.current_step(records, exam, now)
        context = AnswerContext.of(records, exam, now)
        waits = unchecked_record(application.answers, context) is not None
        return Matter.CHECK if waits and step is ProcessStep.SUBMIT else _BY_STEP[step]
    if stage is Stage.SUBMITTED:
        return _confirmation(application, exam)
    if stage in REFUSED_STAGES:
        is_final = time_rules.stage_span(application, exam) is None
        return Matter.FINAL if is_final else Matter.CORRECTION
    if stage is Stage.APPROVED:
        unpaid = Matter.PAYMENT if application.claimed_at is None else Matter.PAYMENT_CLAIMED
        return unpaid if time_rules.is_paid_online(application, exam) else Matter.TICKET
    return _BY_STAGE[stage]


def _confirmation(application: Application, exam: Exam) -> Matter:
    """Return who confirms; after a resubmission the candidate has done their part."""
    area = exam.area(application.area)
    if application.refusal is not None or time_rules.was_changed_late(application):
        return Matter.AGAIN
    is_online = area is not None and area.confirmation is Confirmation.ONLINE
    return Matter.ONLINE if is_online else Matter.VISIT


def _time(application: Application | None, exam: Exam) -> TimeSpan | None:
    windows = exam.windows
    if application is None:
        return TimeSpan(windows.registration.opens, windows.registration.closes)
    is_done = application.stage is Stage.REGISTERED or (
        application.stage is Stage.APPROVED and not time_rules.is_paid_online(application, exam)
    )
    if is_done:
        return TimeSpan(windows.tickets.opens, windows.tickets.closes)
    return time_rules.stage_span(application, exam)
