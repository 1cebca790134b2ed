"""Whom a condition of a broadcast takes: who has to submit, and who has to submit again."""

from __future__ import annotations

import pytest

from states.broadcasts.audience import Audience, Dimension, Missing
from states.records import Records, Stage
from states.staff_roles import Scope
from tests import factories

pytestmark = pytest.mark.row("B3")

BY_STAGE = {
    Stage.DRAFT: {Missing.SUBMISSION},
    Stage.CONFIRM_REFUSED: {Missing.RESUBMISSION},
    Stage.REVIEW_REFUSED: {Missing.RESUBMISSION},
    Stage.CHANGING: {Missing.RESUBMISSION},
    Stage.SUBMITTED: set(),
    Stage.CONFIRMED: set(),
    Stage.REGISTERED: set(),
}


@pytest.mark.parametrize("stage", BY_STAGE)
def test_whoever_has_to_submit_is_found_by_one_of_two_conditions(stage: Stage) -> None:
    records = Records(factories.person("zh-CN"), factories.application("qinghai", stage=stage))
    for missing in (Missing.SUBMISSION, Missing.RESUBMISSION):
        audience = Audience({Dimension.MISSING: (missing,)}, (Scope(),))
        assert audience.includes(records, factories.EXAM) is (missing in BY_STAGE[stage])
