"""The way of an application as its candidate sees it: nodes in a row, each with how far it is.

Which nodes there are follows from the area's configuration; which of them are done, from the stage.
The guide's node 资格审核 is two here, one for the site and one for the area: whoever sees the first
of them done does not take the review for passed (guide, part 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from states import flow
from states.exam import Area, Confirmation, Exam, Payment
from states.form.answer_context import AnswerContext
from states.lifecycle import REFUSED_STAGES
from states.progress import StepStatus
from states.records import Application, Records, Stage
from states.state_groups import Form, Materials, Photo, State


class ProcessStep(StrEnum):
    """A node of the process picture; its words are ``station-KEY``."""

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
    """The nodes of an area's process, in order; before one is chosen, those that all share.

    ``site`` is the code of the chosen site, which may take the fee in another way than its area.
    """
    left_out = set()
    if area is None or area.confirmation is not Confirmation.ONLINE:
        left_out.add(ProcessStep.MATERIALS)
    if area is None or area.payment_at(site) is Payment.NONE:
        left_out.add(ProcessStep.PAYMENT)
    return tuple(station for station in ProcessStep if station not in left_out)


_ASKED_AT: Mapping[State, ProcessStep] = {
    Photo.waiting: ProcessStep.PHOTO,
    Photo.confirm: ProcessStep.PHOTO,
    Materials.listing: ProcessStep.MATERIALS,
    Form.summary: ProcessStep.SUBMIT,
}
"""The station of what is due next; everything else belongs to the form."""

_STANDS_AT: Mapping[Stage, ProcessStep] = {
    Stage.SUBMITTED: ProcessStep.CONFIRMATION,
    Stage.CONFIRMED: ProcessStep.SITE_REVIEW,
    Stage.SITE_APPROVED: ProcessStep.AREA_REVIEW,
    Stage.APPROVED: ProcessStep.PAYMENT,
    Stage.REGISTERED: ProcessStep.REGISTERED,
}
"""The node of a stage from which the way goes on."""


def current_step(records: Records, exam: Exam, now: datetime) -> ProcessStep:
    """The node that waits for somebody's act, or at which it was refused or given up."""
    person, application = records.person, records.application
    if person is None or application is None:
        return ProcessStep.FORM
    if application.stage is Stage.DRAFT:
        due = flow.application_due(person, application, exam, AnswerContext.of(records, exam, now))
        return _ASKED_AT.get(due.state, ProcessStep.FORM)
    station = _STANDS_AT[stage_reached(application)]
    area = exam.area(application.area)
    # Approved and about to be registered: where nothing is paid online, there is no such node.
    nodes = steps_of_area(area, application.site)
    return station if station in nodes else ProcessStep.REGISTERED


def stage_reached(application: Application) -> Stage:
    """The stage of the way at which it stands, or was refused or given up."""
    stage = application.stage
    if stage is Stage.EXPIRED:
        stage = application.expired_from or Stage.SUBMITTED
    if stage in REFUSED_STAGES:
        stage = application.refusal.refused_at if application.refusal else Stage.SUBMITTED
    return stage


_STOPPED = REFUSED_STAGES | {Stage.EXPIRED}


def step_statuses(
    records: Records, exam: Exam, now: datetime
) -> tuple[tuple[ProcessStep, StepStatus], ...]:
    """Every node with its mark: what lies before the current one is done, what follows is ahead."""
    application = records.application
    nodes = (
        steps_of_area(exam.area(application.area), application.site)
        if application
        else steps_of_area()
    )
    at, here = nodes.index(current_step(records, exam, now)), StepStatus.CURRENT
    if application is not None and application.stage in _STOPPED:
        here = StepStatus.REFUSED
    elif application is not None and application.stage is Stage.REGISTERED:
        here = StepStatus.DONE
    order = [StepStatus.DONE] * at + [here] + [StepStatus.AHEAD] * (len(nodes) - at - 1)
    return tuple(zip(nodes, order, strict=True))
