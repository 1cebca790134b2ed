"""Late changes: who may ask, what opens and until when, where it goes, and what comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from states.changes import corrections, late_changes
from states.changes.late_changes import AskDenial, ask_denial
from states.exam import Exam, LateChangeRules
from states.form.fields import AnswerContext
from states.process import lifecycle
from states.process.lifecycle import Event, TransitionNotAllowed
from states.progress.next_step import due
from states.progress.outlook import Matter, outlook
from states.records import (
    Application,
    Bill,
    BillState,
    Fault,
    LateChangeState,
    Part,
    Records,
    Refusal,
    Stage,
)
from states.staff_roles import Role
from states.texts import Mistake
from tests.states.people import EXAM, KNOWN, WHOLE

pytestmark = pytest.mark.row("B24")

WINDOWS = EXAM.windows
REVIEW = WINDOWS.review.opens.astimezone(UTC) + timedelta(days=1)
RULES = EXAM.late_changes
SUBMITTED = replace(WHOLE, stage=Stage.SUBMITTED, revision=1, submitted_at=REVIEW, since=REVIEW)
CONFIRMED = replace(SUBMITTED, stage=Stage.CONFIRMED)
REFUSED = Refusal(REVIEW, (Fault(Part.PHOTO, "", "face"),), "", WINDOWS.review.closes)


def bill(state: BillState) -> Bill:
    return Bill(state, "telegram", "B1", 26_000, REVIEW)


def asked(application: Application, *fields: str) -> Application:
    return late_changes.ask(application, 7, fields or ("employer",), REVIEW)


def opened(application: Application = CONFIRMED, exam: Exam = EXAM) -> Application:
    return late_changes.approve(asked(application), exam, REVIEW, Role.SITE_REVIEWER)


def under(rules: LateChangeRules) -> Exam:
    return EXAM.model_copy(update={"late_changes": rules})


@pytest.mark.parametrize(
    ("application", "now", "denial"),
    [
        (None, REVIEW, AskDenial.NOTHING),
        (WHOLE, REVIEW, AskDenial.DRAFT),
        (SUBMITTED, WINDOWS.confirmation.opens, AskDenial.WITHDRAW),
        (SUBMITTED, WINDOWS.confirmation.closes, AskDenial.CONFIRMATION),
        (CONFIRMED, WINDOWS.confirmation.opens, None),
        (CONFIRMED, REVIEW, None),
        (replace(SUBMITTED, stage=Stage.SITE_APPROVED), REVIEW, None),
        (replace(SUBMITTED, stage=Stage.APPROVED), REVIEW, None),
        (
            replace(SUBMITTED, stage=Stage.REVIEW_REFUSED, refusal=REFUSED),
            REVIEW,
            AskDenial.CORRECTION,
        ),
        (replace(SUBMITTED, stage=Stage.EXPIRED), REVIEW, AskDenial.EXPIRED),
        (asked(CONFIRMED), REVIEW, AskDenial.ASKED),
        (opened(), REVIEW, AskDenial.OPEN),
        (CONFIRMED, WINDOWS.review.closes, AskDenial.OVER),
        (
            replace(SUBMITTED, stage=Stage.APPROVED, bill=bill(BillState.CHECKING)),
            REVIEW,
            AskDenial.MONEY,
        ),
        (replace(SUBMITTED, stage=Stage.REGISTERED), REVIEW, AskDenial.MONEY),
    ],
)
def test_who_may_ask(
    application: Application | None, now: datetime, denial: AskDenial | None
) -> None:
    assert ask_denial(application, EXAM, now) is denial


def test_a_person_asks_so_often_and_an_area_may_take_none() -> None:
    once = late_changes.end(asked(CONFIRMED), LateChangeState.DECLINED, REVIEW, "不清楚")
    assert ask_denial(once, EXAM, REVIEW) is None
    twice = late_changes.end(asked(once), LateChangeState.DROPPED, REVIEW)
    assert twice.change is not None
    assert twice.change.number == RULES.most == 2
    assert ask_denial(twice, EXAM, REVIEW) is AskDenial.USED_UP
    assert ask_denial(CONFIRMED, under(LateChangeRules()), REVIEW) is AskDenial.NOT_HERE


@pytest.mark.parametrize(
    ("before", "rule", "after"),
    [
        (Stage.CONFIRMED, Stage.SITE_APPROVED, Stage.CONFIRMED),
        (Stage.SITE_APPROVED, Stage.SITE_APPROVED, Stage.SITE_APPROVED),
        (Stage.APPROVED, Stage.SITE_APPROVED, Stage.SITE_APPROVED),
        (Stage.APPROVED, Stage.CONFIRMED, Stage.CONFIRMED),
        (Stage.SITE_APPROVED, Stage.SUBMITTED, Stage.SUBMITTED),
    ],
)
def test_it_is_handed_in_where_the_area_says_and_never_further(
    before: Stage, rule: Stage, after: Stage
) -> None:
    exam = under(RULES.model_copy(update={"returns_to": rule}))
    changing = opened(replace(SUBMITTED, stage=before), exam)
    assert changing.stage is Stage.CHANGING
    again = lifecycle.apply_event(changing, Event.RESUBMIT, exam, REVIEW + timedelta(hours=1))
    assert (again.stage, again.revision) == (after, 2)
    assert again.change is not None
    assert again.change.state is LateChangeState.DONE


def test_only_the_named_answers_open_and_those_that_depend_on_them() -> None:
    changing = opened()
    context = AnswerContext.of(Records(KNOWN, changing), EXAM, REVIEW)
    assert corrections.may_answer(changing, "employer", context)
    assert not corrections.may_answer(changing, "mobile", context)
    elsewhere = {**changing.answers, "employer": "other"}
    moved = corrections.apply_answers(changing, elsewhere, context)
    follows = {one.code for one in corrections.faults_of(moved)} - {"employer"}
    assert follows == {"employer_name", "employer_kind"}
    assert moved.refusal is None


def test_its_time_is_whole_days_in_the_zone_of_the_exam() -> None:
    until = late_changes.open_until(CONFIRMED, EXAM, REVIEW)
    local = until.astimezone(EXAM.tz)
    assert (local.hour, local.minute) == (0, 0)
    assert (local.date() - EXAM.today(REVIEW)).days == RULES.days + 1


def test_it_takes_no_time_to_pay_and_gives_some_for_a_late_approval() -> None:
    late = WINDOWS.payment.closes - timedelta(days=1)
    exam = under(RULES.model_copy(update={"closes": WINDOWS.payment.closes}))
    approved = replace(SUBMITTED, stage=Stage.APPROVED)
    change = late_changes.approve(asked(approved), exam, late, Role.SITE_REVIEWER).change
    assert change is not None
    assert change.until == WINDOWS.payment.closes
    done = lifecycle.apply_event(opened(approved), Event.RESUBMIT, EXAM, REVIEW)
    passed = lifecycle.apply_event(
        done, Event.APPROVE_AREA, EXAM, WINDOWS.review.closes - timedelta(hours=1)
    )
    at_the_end = replace(passed, since=late)
    assert lifecycle.is_allowed(at_the_end, Event.PAY, EXAM, late + timedelta(days=2))


def test_what_is_not_handed_in_comes_back_as_it_was_submitted() -> None:
    changing = replace(opened(), answers={**CONFIRMED.answers, "employer": "other"})
    change = changing.change
    assert change is not None
    assert change.until is not None
    with pytest.raises(TransitionNotAllowed):
        late_changes.close(changing, CONFIRMED.answers, Event.CLOSE_CHANGE, EXAM, REVIEW)
    over = late_changes.close(changing, CONFIRMED.answers, Event.CLOSE_CHANGE, EXAM, change.until)
    dropped = late_changes.close(changing, CONFIRMED.answers, Event.DROP_CHANGE, EXAM, REVIEW)
    for back, state in ((over, LateChangeState.EXPIRED), (dropped, LateChangeState.DROPPED)):
        assert back.stage is Stage.CONFIRMED
        assert back.answers == CONFIRMED.answers
        assert back.revision == 1
        assert back.change is not None
        assert back.change.state is state


def test_the_outlook_leads_there() -> None:
    seen = outlook(Records(KNOWN, opened()), EXAM, REVIEW)
    assert seen.matter is Matter.CHANGE
    assert seen.resumes
    assert due(Records(KNOWN, opened()), EXAM, REVIEW).state.state == "Mend:listing"


@pytest.mark.parametrize("by", [Role.POINT_CLERK, Role.ADMINISTRATOR])
def test_no_other_role_opens_one(by: Role) -> None:
    with pytest.raises(TransitionNotAllowed):
        late_changes.approve(asked(CONFIRMED), EXAM, REVIEW, by)


def test_an_exam_names_fields_of_the_form() -> None:
    bad = under(RULES.model_copy(update={"fields": ("mobile", "shoe", "mobile")}))
    found = list(late_changes.find_late_change_mistakes(bad))
    assert found == [
        Mistake.of("late_changes.fields[1]", "no-such-question", given="shoe"),
        Mistake.of(
            "late_changes.fields[2]", "duplicate", other="late_changes.fields[0]", code="mobile"
        ),
    ]
    with pytest.raises(ValueError, match="returns_to"):
        LateChangeRules(returns_to=Stage.APPROVED)
