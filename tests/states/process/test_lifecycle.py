"""The transition table: when, by whom and to which stage; the reasons of a denial."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from states.process.lifecycle import (
    DECISION_EVENTS,
    TRANSITIONS,
    Event,
    NonStaffActor,
    TransitionNotAllowed,
    apply_decision,
    apply_event,
    is_allowed,
)
from states.process.time_rules import GRACE, DenialReason, deadline, is_reinstated
from states.records import Application, Fault, Part, Stage
from states.staff.refusals import REASONS, build_refusal
from states.staff_roles import DESK_BY_STAGE, Desk, Role
from tests.states.people import EXAM, OPEN, UPLOADED, WHOLE

WINDOWS = EXAM.windows
CONFIRMING = WINDOWS.confirmation.opens
REVIEWING = WINDOWS.review.opens
MOMENT = timedelta(seconds=1)
FAULTS = (Fault(Part.FIELD, "employer", "wrong"),)
FREE = replace(WHOLE, area="shanxi", answers={**WHOLE.answers, "site": ""})
"""In an area that takes no fee online."""


def at(stage: Stage, application: Application = WHOLE, **known: object) -> Application:
    """An application that stands at a stage since the registration."""
    return replace(application, stage=stage, since=OPEN, revision=1, **known)  # type: ignore[arg-type]


def refused_at(stage: Stage, now: datetime, area: str = "qinghai") -> Application:
    """One that was refused at a stage."""
    desk = DESK_BY_STAGE[stage]
    waiting = at(stage, replace(WHOLE, area=area))
    refusal = build_refusal(waiting, desk, FAULTS, "", EXAM, now)
    return apply_event(waiting, DECISION_EVENTS[desk, False], EXAM, now, refusal=refusal)


@pytest.mark.row("S13", "S19", "S21", "S25")
def test_the_way_to_registered_leaves_out_no_stage() -> None:
    application = apply_event(WHOLE, Event.SUBMIT, EXAM, OPEN, by=NonStaffActor.CANDIDATE)
    passed = [application.stage]
    for event, now in (
        (Event.CONFIRM, CONFIRMING),
        (Event.APPROVE_SITE, REVIEWING),
        (Event.APPROVE_AREA, REVIEWING),
        (Event.PAY, WINDOWS.payment.opens),
    ):
        application = apply_event(application, event, EXAM, now)
        assert application.since == now
        passed.append(application.stage)
    assert passed == ["submitted", "confirmed", "site-approved", "approved", "registered"]


@pytest.mark.parametrize(
    ("stage", "event", "opens", "closes"),
    [
        (Stage.DRAFT, Event.SUBMIT, "registration", "registration"),
        (Stage.SUBMITTED, Event.WITHDRAW, "registration", "confirmation"),
        (Stage.SUBMITTED, Event.CONFIRM, "confirmation", "confirmation"),
        (Stage.CONFIRMED, Event.APPROVE_SITE, "review", "review"),
        (Stage.SITE_APPROVED, Event.APPROVE_AREA, "review", "review"),
        (Stage.APPROVED, Event.PAY, "payment", "payment"),
    ],
)
def test_a_move_has_its_window_to_the_second(
    stage: Stage, event: Event, opens: str, closes: str
) -> None:
    first, end = getattr(WINDOWS, opens).opens, getattr(WINDOWS, closes).closes
    waiting = replace(at(stage), revision=int(stage is not Stage.DRAFT))
    denied = {}
    for now in (first - MOMENT, first, end - MOMENT, end):
        try:
            apply_event(waiting, event, EXAM, now)
        except TransitionNotAllowed as error:
            denied[now] = error.reason
    assert denied == {first - MOMENT: DenialReason.TOO_EARLY, end: DenialReason.TOO_LATE}


@pytest.mark.row("S15")
def test_what_was_withdrawn_on_the_last_day_is_handed_in_again_until_confirmation_closes() -> None:
    last = WINDOWS.confirmation.closes - MOMENT
    withdrawn = apply_event(at(Stage.SUBMITTED), Event.WITHDRAW, EXAM, last)
    again = apply_event(withdrawn, Event.SUBMIT, EXAM, last)
    assert (again.stage, again.revision) == (Stage.SUBMITTED, 2)


@pytest.mark.row("S15", "S19")
def test_a_withdrawal_keeps_the_earlier_refusal_and_its_time() -> None:
    refused = refused_at(Stage.SUBMITTED, CONFIRMING)
    again = apply_event(refused, Event.RESUBMIT, EXAM, CONFIRMING)
    withdrawn = apply_event(again, Event.WITHDRAW, EXAM, CONFIRMING)
    assert withdrawn.refusal == refused.refusal
    last = WINDOWS.reupload.closes - MOMENT
    assert WINDOWS.confirmation.closes < last, "the correction may take longer"
    third = apply_event(withdrawn, Event.SUBMIT, EXAM, last)
    assert (third.stage, third.revision, third.refusal) == (Stage.SUBMITTED, 3, refused.refusal)
    with pytest.raises(TransitionNotAllowed, match="too-late"):
        apply_event(withdrawn, Event.SUBMIT, EXAM, WINDOWS.reupload.closes)


@pytest.mark.row("S19")
@pytest.mark.parametrize(
    ("stage", "now", "window"),
    [
        (Stage.SUBMITTED, CONFIRMING, "reupload"),
        (Stage.CONFIRMED, REVIEWING, "review"),
        (Stage.SITE_APPROVED, REVIEWING, "review"),
    ],
)
def test_what_was_refused_is_mended_in_time_and_returns_to_where_it_was_refused(
    stage: Stage, now: datetime, window: str
) -> None:
    application = refused_at(stage, now)
    assert application.refusal is not None
    assert application.refusal.faults == FAULTS
    closes = getattr(WINDOWS, window).closes
    assert deadline(application, EXAM) == application.refusal.until == closes
    again = apply_event(application, Event.RESUBMIT, EXAM, closes - MOMENT)
    assert (again.stage, again.revision) == (stage, 2)
    with pytest.raises(TransitionNotAllowed, match="too-late"):
        apply_event(application, Event.RESUBMIT, EXAM, closes)


def test_an_area_may_have_a_refused_review_looked_at_from_further_back() -> None:
    application = refused_at(Stage.SITE_APPROVED, REVIEWING, "tianjin")
    again = apply_event(application, Event.RESUBMIT, EXAM, REVIEWING)
    assert again.stage is Stage.CONFIRMED


def test_what_was_handed_in_again_in_time_is_still_confirmed_after_the_window() -> None:
    last = WINDOWS.reupload.closes - MOMENT
    again = apply_event(refused_at(Stage.SUBMITTED, CONFIRMING), Event.RESUBMIT, EXAM, last)
    assert WINDOWS.confirmation.closes < last
    assert not is_allowed(again, Event.EXPIRE, EXAM, WINDOWS.reupload.closes)
    confirmed = apply_event(again, Event.CONFIRM, EXAM, WINDOWS.reupload.closes)
    assert confirmed.refusal is None


def test_a_final_refusal_is_neither_corrected_nor_expired() -> None:
    waiting = at(Stage.CONFIRMED, replace(WHOLE, area="xizang"))
    refusal = build_refusal(waiting, Desk.SITE_REVIEW, FAULTS, "", EXAM, REVIEWING)
    assert refusal.until is None
    final = apply_event(waiting, Event.REFUSE_SITE, EXAM, REVIEWING, refusal=refusal)
    with pytest.raises(TransitionNotAllowed, match="final"):
        apply_event(final, Event.RESUBMIT, EXAM, REVIEWING)
    assert deadline(final, EXAM) is None
    assert not is_allowed(final, Event.EXPIRE, EXAM, WINDOWS.tickets.closes)


def test_a_refusal_after_the_time_for_mending_is_final() -> None:
    late = build_refusal(
        at(Stage.SUBMITTED), Desk.CONFIRMATION, FAULTS, "", EXAM, WINDOWS.review.opens
    )
    too_late = WINDOWS.reupload.closes
    final = build_refusal(at(Stage.SUBMITTED), Desk.CONFIRMATION, FAULTS, "", EXAM, too_late)
    assert late.until is not None
    assert final.until is None


def test_a_refusal_says_why() -> None:
    with pytest.raises(ValueError, match="why"):
        build_refusal(at(Stage.SUBMITTED), Desk.CONFIRMATION, (), " ", EXAM, CONFIRMING)
    with pytest.raises(ValueError, match="refusal"):
        apply_event(at(Stage.SUBMITTED), Event.REFUSE_CONFIRMATION, EXAM, CONFIRMING)


@pytest.mark.row("S22")
def test_where_nothing_is_paid_online_approved_is_registered_at_once() -> None:
    waiting = at(Stage.SITE_APPROVED, FREE)
    done, told = apply_decision(waiting, Desk.AREA_REVIEW, EXAM, REVIEWING, by=Role.AREA_REVIEWER)
    assert (done.stage, told) == (Stage.REGISTERED, "told-registered")
    payer = at(Stage.SITE_APPROVED)
    done, told = apply_decision(payer, Desk.AREA_REVIEW, EXAM, REVIEWING)
    assert (done.stage, told) == (Stage.APPROVED, "told-approved")
    with pytest.raises(TransitionNotAllowed, match="paid-online"):
        apply_event(done, Event.CLEAR, EXAM, REVIEWING)


@pytest.mark.row("S21")
def test_what_comes_again_in_the_last_minute_is_still_reviewed_by_both() -> None:
    closes = WINDOWS.review.closes
    refusal = refused_at(Stage.CONFIRMED, REVIEWING)
    again = apply_event(refusal, Event.RESUBMIT, EXAM, closes - MOMENT)
    late = closes + GRACE - 2 * MOMENT
    approved = apply_event(again, Event.APPROVE_SITE, EXAM, late)
    assert (
        apply_event(approved, Event.APPROVE_AREA, EXAM, late + GRACE - MOMENT).stage
        is Stage.APPROVED
    )
    for application, over in ((again, closes + GRACE), (approved, late + GRACE)):
        with pytest.raises(TransitionNotAllowed, match="too-late"):
            apply_event(
                application, DECISION_EVENTS[DESK_BY_STAGE[application.stage], True], EXAM, over
            )


@pytest.mark.row("S13", "S23")
@pytest.mark.parametrize(
    ("application", "closes"),
    [
        (at(Stage.SUBMITTED), WINDOWS.confirmation.closes),
        (refused_at(Stage.SUBMITTED, CONFIRMING), WINDOWS.reupload.closes),
        (refused_at(Stage.CONFIRMED, REVIEWING), WINDOWS.review.closes),
        (at(Stage.APPROVED), WINDOWS.payment.closes),
    ],
)
def test_an_expired_application_can_be_reinstated_with_extra_time(
    application: Application, closes: datetime
) -> None:
    with pytest.raises(TransitionNotAllowed, match="too-early"):
        apply_event(application, Event.EXPIRE, EXAM, closes - MOMENT)
    gone = apply_event(application, Event.EXPIRE, EXAM, closes, by=NonStaffActor.SCHEDULER)
    assert (gone.stage, gone.expired_from) == (Stage.EXPIRED, application.stage)
    later = closes + timedelta(days=9)
    with pytest.raises(TransitionNotAllowed, match="not-yours"):
        apply_event(gone, Event.REINSTATE, EXAM, later, by=NonStaffActor.CANDIDATE)
    back = apply_event(gone, Event.REINSTATE, EXAM, later, by=Role.ADMINISTRATOR)
    assert (back.stage, back.refusal) == (application.stage, application.refusal)
    assert deadline(back, EXAM) == later + GRACE
    assert not is_allowed(back, Event.EXPIRE, EXAM, later + GRACE - MOMENT)
    assert is_allowed(back, Event.EXPIRE, EXAM, later + GRACE)


@pytest.mark.parametrize("stage", [Stage.CONFIRMED, Stage.SITE_APPROVED, Stage.REGISTERED])
def test_nobody_gives_up_by_waiting_for_the_staff(stage: Stage) -> None:
    assert deadline(at(stage), EXAM) is None


def test_a_window_that_was_made_longer_is_longer_for_those_refused_before() -> None:
    application = refused_at(Stage.SUBMITTED, CONFIRMING)
    more = WINDOWS.reupload.model_copy(update={"closes": WINDOWS.reupload.closes + GRACE})
    longer = EXAM.model_copy(update={"windows": WINDOWS.model_copy(update={"reupload": more})})
    assert is_allowed(application, Event.RESUBMIT, longer, more.closes - MOMENT)
    less = WINDOWS.reupload.model_copy(update={"closes": WINDOWS.reupload.closes - MOMENT})
    shorter = EXAM.model_copy(update={"windows": WINDOWS.model_copy(update={"reupload": less})})
    assert is_allowed(application, Event.RESUBMIT, shorter, less.closes)


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("event", list(Event))
def test_what_the_table_does_not_have_is_refused_aloud(stage: Stage, event: Event) -> None:
    if (stage, event) in TRANSITIONS:
        return
    with pytest.raises(TransitionNotAllowed) as error:
        apply_event(at(stage), event, EXAM, OPEN)
    assert error.value.text.key == "illegal-no-such-move"


def test_nobody_makes_a_move_that_is_somebody_elses() -> None:
    for (stage, event), line in TRANSITIONS.items():
        for party in {*Role, *NonStaffActor} - set(line.actors):
            with pytest.raises(TransitionNotAllowed, match="not-yours"):
                apply_event(at(stage), event, EXAM, OPEN, by=party)


def test_each_reason_is_of_one_kind_of_thing() -> None:
    codes = [code for codes in REASONS.values() for code in codes]
    assert len(codes) == len(set(codes))
    assert REASONS.keys() == set(Part)


def test_an_online_area_goes_the_same_way() -> None:
    submitted = apply_event(UPLOADED, Event.SUBMIT, EXAM, OPEN)
    assert (submitted.stage, submitted.materials) == (Stage.SUBMITTED, UPLOADED.materials)


def test_a_payment_marked_and_unmarked_leaves_a_reinstatement_as_it_was() -> None:
    back = replace(WHOLE, stage=Stage.APPROVED, since=OPEN, expired_from=Stage.APPROVED, revision=1)
    paid = apply_event(back, Event.MARK_PAID, EXAM, OPEN, by=Role.SITE_REVIEWER)
    undone = apply_event(paid, Event.UNMARK_PAID, EXAM, OPEN, by=Role.SITE_REVIEWER)
    assert is_reinstated(undone)
