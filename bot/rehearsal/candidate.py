"""One invented candidate of a rehearsal, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.rehearsal import reminder_judge as judge
from bot.rehearsal.form_filling import Profile
from states.exam import Confirmation, Exam
from states.records import Application, Records, Stage
from states.reminders.planning import own_sessions
from states.staff_roles import Desk

FIRST_CHAT: Final = 10_000


class Diligence(StrEnum):
    """When somebody does what they have to.

    PROMPT: soon. LATE: on the last day. REMINDED: perhaps after a reminder. NEVER: not at all.
    """

    PROMPT = "prompt"
    LATE = "late"
    REMINDED = "reminded"
    NEVER = "never"


IN_TIME: Final = frozenset({Diligence.PROMPT, Diligence.LATE})
"""The kinds of people who do everything in time."""


@dataclass(slots=True)
class Candidate:
    """A candidate: their answers, when they act, and what the judges look at.

    ``refused_at`` are the desks that refuse them, each once. ``trouble`` is the question at which
    they could not go on; ``has_withdrawn``: they chose to lose time. ``arrived`` says since when
    they wait at the present desk, ``ended`` the duty that they missed, and ``missed`` its deadline.
    """

    number: int
    diligence: Diligence
    profile: Profile
    judged: judge.Person
    refused_at: set[Desk] = field(default_factory=set)
    records: Records = field(default_factory=Records)
    acts: int = 0
    messages: int = 0
    muted: bool = False
    has_withdrawn: bool = False
    risk: judge.Risk | None = None
    ended: str = ""
    missed: datetime | None = None
    trouble: str = ""
    submitted_at: datetime | None = None
    registered_at: datetime | None = None
    arrived: dict[Desk, datetime] = field(default_factory=dict)

    @property
    def chat(self) -> int:
        """The account."""
        return FIRST_CHAT + self.number

    @property
    def application(self) -> Application:
        """The application; there is one from the first act on."""
        assert self.records.application is not None
        return self.records.application

    @property
    def stage(self) -> Stage:
        """The stage of the application; a draft before it is begun."""
        return self.records.application.stage if self.records.application else Stage.DRAFT

    @property
    def is_refused_for_good(self) -> bool:
        """Whether a desk refused them and nothing can be corrected."""
        application = self.records.application
        refusal = application.refusal if application else None
        refused = (Stage.CONFIRM_REFUSED, Stage.REVIEW_REFUSED, Stage.REJECTED)
        return self.stage in refused and refusal is not None and refusal.until is None

    @property
    def is_in_time(self) -> bool:
        """Whether they do everything in time if the exam lets them."""
        return self.diligence in IN_TIME and not self.has_withdrawn

    def is_given_up_in_time(self, stage: Stage) -> bool:
        """Return whether the application ended at this stage although they were in time."""
        application = self.records.application
        ended_at = application.expired_from if application else None
        return self.stage is Stage.EXPIRED and self.is_in_time and ended_at is stage


def duty_of(
    application: Application, exam: Exam, now: datetime
) -> tuple[str, datetime, datetime] | None:
    """Return a duty's name, opening and end, as the announced windows have them."""
    windows = exam.windows
    closes = windows.confirmation.closes
    match application.stage:
        case Stage.DRAFT if application.revision:
            return "withdrawn", windows.registration.opens, closes
        case Stage.DRAFT:
            return "draft", windows.registration.opens, windows.registration.closes
        case Stage.SUBMITTED if is_on_site(application, exam) and application.refusal is None:
            return "visit", windows.confirmation.opens, closes
        case Stage.CONFIRM_REFUSED if _is_correctable(application):
            return "correction", windows.reupload.opens, windows.reupload.closes
        case Stage.REVIEW_REFUSED if _is_correctable(application):
            return "correction", windows.review.opens, windows.review.closes
        case Stage.APPROVED:
            return "payment", windows.payment.opens, windows.payment.closes
        case Stage.REGISTERED:
            return "ticket", windows.tickets.opens, last_exam_day(application, exam)
    return None


def last_exam_day(application: Application, exam: Exam) -> datetime:
    """Return the begin of the last day of somebody's own sessions, or of the exam's first day."""
    days = [one.day for one in own_sessions(application, exam)]
    return exam.midnight(max(days)) if days else exam.first_day


def _is_correctable(application: Application) -> bool:
    return application.refusal is not None and application.refusal.until is not None


def is_on_site(application: Application, exam: Exam) -> bool:
    """Return whether the candidate has to visit the site."""
    area = exam.area(application.area)
    return area is not None and area.confirmation is Confirmation.ON_SITE


DUTIES: Final[Mapping[Stage, str]] = {
    Stage.DRAFT: "draft",
    Stage.SUBMITTED: "visit",
    Stage.CONFIRM_REFUSED: "correction",
    Stage.REVIEW_REFUSED: "correction",
    Stage.APPROVED: "payment",
}
"""The duty of a stage, for the report."""
