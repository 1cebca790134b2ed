"""The steps of a registration as its candidate sees them, each with a status (guide, 4 to 6).

The area's configuration selects the steps; the stage gives their status. The guide's step 资格审核
is two steps here, site and area, so that nobody takes half of the review for all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from states.exam import Area, Confirmation, Exam, Payment
from states.form.fields import AnswerContext
from states.fsm_states import Form, Materials, Photo, State
from states.process.lifecycle import REFUSED_STAGES
from states.progress import next_step
from states.records import Application, Records, Stage


class StepStatus(StrEnum):
    """How far a step is; the guide shows DONE dark blue and CURRENT light blue."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"
    REFUSED = "refused"


class ProcessStep(StrEnum):
    """A step of the process picture; its text is ``station-KEY``."""

    FORM = "form"
    PHOTO = "photo"
    MATERIALS = "materials"
    SUBMIT = "submit"
    CONFIRMATION = "confirmation"
    SITE_REVIEW = "site-review"
    AREA_REVIEW = "area-review"
    PAYMENT = "payment"
    REGISTERED = "registered"


def steps_of_area(area: Area | None = None, site: str = "") -> tuple[ProcessStep, ...]:
    """Return the steps of an area in order; without an area, the steps of all areas.

    ``site`` is the code of the chosen site, which may take the fee in another way than its area.
    """
    left_out = set()
    if area is None or area.confirmation is not Confirmation.ONLINE:
        left_out.add(ProcessStep.MATERIALS)
    if area is None or area.payment_at(site) is Payment.NONE:
        left_out.add(ProcessStep.PAYMENT)
    return tuple(step for step in ProcessStep if step not in left_out)


_ASKED_AT: Mapping[State, ProcessStep] = {
    Photo.waiting: ProcessStep.PHOTO,
    Photo.confirm: ProcessStep.PHOTO,
    Materials.listing: ProcessStep.MATERIALS,
    Form.summary: ProcessStep.SUBMIT,
}
"""The step of the state that is due; all other states belong to the form."""

_WAITS_AT: Mapping[Stage, ProcessStep] = {
    Stage.SUBMITTED: ProcessStep.CONFIRMATION,
    Stage.CONFIRMED: ProcessStep.SITE_REVIEW,
    Stage.SITE_APPROVED: ProcessStep.AREA_REVIEW,
    Stage.APPROVED: ProcessStep.PAYMENT,
    Stage.REGISTERED: ProcessStep.REGISTERED,
}
"""The step at which an application of a stage waits."""


def current_step(records: Records, exam: Exam, now: datetime) -> ProcessStep:
    """Return the step that somebody has to do next, or at which it was refused or expired."""
    person, application = records.person, records.application
    if person is None or application is None:
        return ProcessStep.FORM
    if application.stage is Stage.DRAFT:
        due = next_step.application_due(
            person, application, exam, AnswerContext.of(records, exam, now)
        )
        return _ASKED_AT.get(due.state, ProcessStep.FORM)
    step = _WAITS_AT[stage_reached(application)]
    area = exam.area(application.area)
    # Without online payment an approved application has no payment step.
    steps = steps_of_area(area, application.site)
    return step if step in steps else ProcessStep.REGISTERED


def stage_reached(application: Application) -> Stage:
    """Return the stage of an application, or the one at which it was refused, opened or expired."""
    stage = application.stage
    if stage is Stage.EXPIRED:
        stage = application.expired_from or Stage.SUBMITTED
    if stage is Stage.CHANGING:
        stage = (application.change and application.change.opened_at) or Stage.CONFIRMED
    if stage in _REFUSED:
        stage = application.refusal.refused_at if application.refusal else Stage.SUBMITTED
    return stage


_REFUSED = REFUSED_STAGES | {Stage.REJECTED}
_STOPPED = _REFUSED | {Stage.EXPIRED}


def step_statuses(
    records: Records, exam: Exam, now: datetime
) -> tuple[tuple[ProcessStep, StepStatus], ...]:
    """Return every step with its status."""
    application = records.application
    area, site = (exam.area(application.area), application.site) if application else (None, "")
    steps = steps_of_area(area, site)
    index, status = steps.index(current_step(records, exam, now)), StepStatus.CURRENT
    if application is not None and application.stage in _STOPPED:
        status = StepStatus.REFUSED
    elif application is not None and application.stage is Stage.REGISTERED:
        status = StepStatus.DONE
    ahead = [StepStatus.AHEAD] * (len(steps) - index - 1)
    return tuple(zip(steps, [StepStatus.DONE] * index + [status] + ahead, strict=True))
