"""The steps of a registration by area, and the status of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from states.exam import Area, Confirmation, Payment
from states.progress.process_steps import (
    ProcessStep,
    StepStatus,
    current_step,
    step_statuses,
    steps_of_area,
)
from states.records import Answers, Records, Stage
from tests.states.people import (
    ANSWERS,
    EMPTY,
    EXAM,
    KNOWN,
    ONLINE,
    ONLINE_ANSWERS,
    OPEN,
    PICTURED,
    PORTRAIT,
    READY,
    STRANGER,
    SUBMITTED,
    UPLOADED,
    WHOLE,
)

pytestmark = pytest.mark.row("S20")

ON_SITE = EXAM.areas[0]
FREE = ON_SITE.model_copy(update={"payment": Payment.NONE})
BY_UPLOAD = ON_SITE.model_copy(
    update={"confirmation": Confirmation.ONLINE, "payment": Payment.DESKTOP}
)
SHARED = ["form", "photo", "submit", "confirmation", "site-review", "area-review", "registered"]


@pytest.mark.parametrize(
    ("area", "nodes"),
    [
        (None, SHARED),
        (FREE, SHARED),
        (ON_SITE, [*SHARED[:-1], "payment", "registered"]),
        (
            BY_UPLOAD,
            [
                "form",
                "photo",
                "materials",
                "submit",
                "confirmation",
                "site-review",
                "area-review",
                "payment",
                "registered",
            ],
        ),
    ],
    ids=["none", "free", "on-site", "online"],
)
def test_the_nodes_follow_from_the_area(area: Area | None, nodes: list[str]) -> None:
    assert list(steps_of_area(area)) == nodes


def lacking(answers: Answers, key: str) -> Answers:
    return {one: value for one, value in answers.items() if one != key}


@pytest.mark.parametrize(
    ("records", "step"),
    [
        (Records(), ProcessStep.FORM),
        (Records(STRANGER), ProcessStep.FORM),
        (Records(KNOWN), ProcessStep.FORM),
        (Records(KNOWN, EMPTY), ProcessStep.FORM),
        (Records(PICTURED, replace(WHOLE, agreed="")), ProcessStep.FORM),
        (Records(PICTURED, replace(WHOLE, answers=lacking(ANSWERS, "site"))), ProcessStep.FORM),
        (Records(PICTURED, replace(WHOLE, answers={})), ProcessStep.FORM),
        (Records(replace(PICTURED, education=()), WHOLE), ProcessStep.FORM),
        (Records(replace(PICTURED, education=(), record={}), WHOLE), ProcessStep.FORM),
        (Records(KNOWN, WHOLE), ProcessStep.PHOTO),
        # The photo of an earlier year waits to be confirmed for this one.
        (Records(PICTURED, WHOLE), ProcessStep.PHOTO),
        (READY, ProcessStep.SUBMIT),
        (SUBMITTED, ProcessStep.CONFIRMATION),
    ],
    ids=[
        "nobody",
        "stranger",
        "no application",
        "empty",
        "not agreed",
        "no site",
        "no answers",
        "no education",
        "education begun",
        "no photo",
        "photo of an earlier year",
        "whole",
        "submitted",
    ],
)
def test_the_current_node_waits_for_somebodys_act(records: Records, step: ProcessStep) -> None:
    assert current_step(records, EXAM, OPEN) is step


@pytest.mark.row("S11")
@pytest.mark.parametrize(
    ("records", "step"),
    [
        (Records(PICTURED, replace(ONLINE, photo=None)), ProcessStep.PHOTO),
        (Records(PICTURED, ONLINE), ProcessStep.MATERIALS),
        (
            Records(PICTURED, replace(ONLINE, answers=lacking(ONLINE_ANSWERS, "point"))),
            ProcessStep.FORM,
        ),
        (Records(PICTURED, UPLOADED), ProcessStep.SUBMIT),
        (Records(PICTURED, replace(UPLOADED, photo=None)), ProcessStep.PHOTO),
        (Records(PICTURED, replace(UPLOADED, stage=Stage.SUBMITTED)), ProcessStep.CONFIRMATION),
    ],
    ids=["no photo", "no papers", "no point", "uploaded", "uploaded, no photo", "submitted"],
)
def test_materials_wait_between_photo_and_submitting(records: Records, step: ProcessStep) -> None:
    assert current_step(records, EXAM, OPEN) is step
    assert dict(step_statuses(records, EXAM, OPEN))[step] is StepStatus.CURRENT


@pytest.mark.row("S12")
def test_where_nothing_is_uploaded_no_node_says_so() -> None:
    uploaded = Records(PICTURED, replace(WHOLE, photo=PORTRAIT, uploaded_at=OPEN))
    for records in (READY, uploaded, Records(KNOWN, EMPTY)):
        assert ProcessStep.MATERIALS not in dict(step_statuses(records, EXAM, OPEN))
        assert current_step(records, EXAM, OPEN) is not ProcessStep.MATERIALS


@pytest.mark.parametrize("area", ["", "atlantis"])
def test_nothing_is_further_than_the_form_before_an_area_is_chosen(area: str) -> None:
    nowhere = Records(PICTURED, replace(WHOLE, area=area, photo=PORTRAIT))
    assert current_step(nowhere, EXAM, OPEN) is ProcessStep.FORM


@pytest.mark.parametrize("area", ["", "qinghai", "shanxi", "shanghai", "bingtuan", "guizhou"])
@pytest.mark.parametrize(
    "records",
    [
        Records(),
        Records(STRANGER),
        Records(KNOWN, EMPTY),
        Records(KNOWN, WHOLE),
        READY,
        Records(PICTURED, ONLINE),
        Records(PICTURED, UPLOADED),
        SUBMITTED,
    ],
    ids=["nobody", "stranger", "empty", "no photo", "whole", "no papers", "uploaded", "submitted"],
)
def test_what_lies_before_is_done_and_what_follows_is_ahead(records: Records, area: str) -> None:
    application = records.application
    if application is not None:
        application = replace(application, area=area)
    moved = Records(records.person, application)
    shown = step_statuses(moved, EXAM, OPEN)
    nodes = steps_of_area(EXAM.area(area), application.site) if application else steps_of_area()
    assert tuple(step for step, _ in shown) == nodes
    statuses = [status for _, status in shown]
    at = statuses.index(StepStatus.CURRENT)
    assert statuses == [StepStatus.DONE] * at + [StepStatus.CURRENT] + [StepStatus.AHEAD] * (
        len(statuses) - at - 1
    )
    assert shown[at][0] is current_step(moved, EXAM, OPEN)
