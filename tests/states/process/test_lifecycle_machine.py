"""Any event by any actor at any time keeps the invariants of the lifecycle."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from states.changes import late_changes
from states.exam import Payment
from states.process import time_rules
from states.process.lifecycle import (
    DECISION_EVENTS,
    REFUSED_STAGES,
    TRANSITIONS,
    Actor,
    Event,
    NonStaffActor,
    TransitionNotAllowed,
    apply_decision,
    apply_event,
)
from states.process.time_rules import Guard
from states.records import Application, Fault, Part, Refusal, Stage
from states.staff.refusals import build_refusal
from states.staff_roles import DESK_BY_STAGE, Desk, Role
from tests.states.people import EXAM, UPLOADED, WHOLE

BEGINS = EXAM.windows.registration.opens - timedelta(days=2)
FREE = replace(WHOLE, area="shanxi", answers={**WHOLE.answers, "site": ""})
STRICT = replace(WHOLE, area="xizang", answers={**WHOLE.answers, "site": ""})
BACK = replace(UPLOADED, area="tianjin")
FAULTS = (Fault(Part.PHOTO, "", "face"),)
ORDER = (
    Stage.DRAFT,
    Stage.SUBMITTED,
    Stage.CONFIRMED,
    Stage.SITE_APPROVED,
    Stage.APPROVED,
    Stage.REGISTERED,
)
WITH_THE_CANDIDATE = {Stage.DRAFT, Stage.APPROVED, Stage.CHANGING, *REFUSED_STAGES}
HELD = {Stage.REGISTERED, Stage.EXPIRED, Stage.REJECTED}
WINDOWS = {
    Guard.FILLING: ("registration", "confirmation"),
    Guard.WITHDRAWING: ("registration", "confirmation"),
    Guard.CONFIRMING: ("confirmation", "confirmation"),
    Guard.REVIEWING: ("review", "review"),
    Guard.PAYING: ("payment", "payment"),
}


def identity(application: Application) -> tuple[object, ...]:
    """All that no move may touch."""
    return (
        application.id,
        application.person_id,
        application.exam,
        application.area,
        application.answers,
        application.photo,
        application.materials,
    )


class Lives(RuleBasedStateMachine):
    """One application; time goes on, and everybody tries everything."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = BEGINS
        self.application: Application = WHOLE

    @initialize(
        application=st.sampled_from([WHOLE, UPLOADED, FREE, STRICT, BACK]),
        handed_in=st.booleans(),
    )
    def begins(self, application: Application, handed_in: bool) -> None:
        self.application = application
        if handed_in:
            self.now = EXAM.windows.confirmation.opens
            self.application = apply_event(application, Event.SUBMIT, EXAM, self.now)

    @rule(hours=st.sampled_from([1, 24, 24 * 5]))
    def time_goes_on(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(window=st.sampled_from(["confirmation", "review", "payment"]))
    def a_window_opens(self, window: str) -> None:
        self.now = max(self.now, getattr(EXAM.windows, window).opens)

    @rule(event=st.sampled_from(Event), by=st.sampled_from([None, *Role, *NonStaffActor]))
    def somebody_tries(self, event: Event, by: Actor | None) -> None:
        before, refusal = self.application, self._refusal(event)
        kept = replace(before)
        try:
            after = apply_event(before, event, EXAM, self.now, by=by, refusal=refusal)
        except TransitionNotAllowed:
            assert before == kept
            return
        line = TRANSITIONS[before.stage, event]
        assert by is None or by in line.actors
        assert after.stage in line.targets
        assert identity(after) == identity(before)
        assert after.since == self.now
        self._judge_way(before, after, event)
        self._judge_time(before, line.guard)
        self.application = after

    @rule()
    def the_next_right_thing_is_done(self) -> None:
        """So that the far end is reached, too."""
        legal = [event for stage, event in TRANSITIONS if stage is self.application.stage]
        for event in (one for one in legal if one not in (Event.WITHDRAW, Event.EXPIRE)):
            self.somebody_tries(event, None)
            if self.application.since == self.now:
                return

    @rule()
    def the_desk_refuses(self) -> None:
        desk = DESK_BY_STAGE.get(self.application.stage)
        if desk is not None:
            self.somebody_tries(DECISION_EVENTS[desk, False], None)

    @rule(by=st.sampled_from([Role.SITE_REVIEWER, Role.AREA_REVIEWER]))
    def a_late_change_opens(self, by: Role) -> None:
        before = self.application
        asked = late_changes.ask(before, 1, ["mobile"], self.now)
        try:
            self.application = late_changes.approve(asked, EXAM, self.now, by)
        except TransitionNotAllowed:
            return
        change = self.application.change
        assert change is not None
        assert change.until is not None
        assert self.now < change.until
        assert change.opened_at is before.stage
        assert change.returns_to is not None
        assert ORDER.index(change.returns_to) <= ORDER.index(before.stage)

    @rule()
    def a_late_change_closes(self) -> None:
        change = self.application.change
        if self.application.stage is Stage.CHANGING and change is not None and change.until:
            self.now = max(self.now, change.until)
            self.somebody_tries(Event.CLOSE_CHANGE, NonStaffActor.SCHEDULER)
            assert self.application.stage is change.opened_at

    @rule()
    def time_runs_out(self) -> None:
        ends = time_rules.deadline(self.application, EXAM)
        if ends is not None:
            self.now = max(self.now, ends)
            self.somebody_tries(Event.EXPIRE, NonStaffActor.SCHEDULER)
            assert self.application.stage is Stage.EXPIRED

    @rule(desk=st.sampled_from(Desk), approving=st.booleans())
    def a_desk_decides(self, desk: Desk, approving: bool) -> None:
        before = self.application
        refusal = None if approving else self._refusal(DECISION_EVENTS[desk, False])
        if not approving and refusal is None:
            return
        try:
            after, told = apply_decision(before, desk, EXAM, self.now, refusal=refusal)
        except TransitionNotAllowed:
            return
        assert DESK_BY_STAGE[before.stage] is desk
        assert told.startswith("told-")
        self.application = after

    def _refusal(self, event: Event) -> Refusal | None:
        """A refusal where the event wants one; a definite one of the desk that has it."""
        if event is Event.REJECT:
            if (its := DESK_BY_STAGE.get(self.application.stage)) is None:
                return None
            refusal = build_refusal(self.application, its, FAULTS, "", EXAM, self.now)
            return replace(refusal, definite=True)
        for (desk, approving), one in DECISION_EVENTS.items():
            if one is event and not approving:
                return build_refusal(self.application, desk, FAULTS, "", EXAM, self.now)
        return None

    def _judge_way(self, before: Application, after: Application, event: Event) -> None:
        """No stage is skipped: forward is one step, and only what came so far returns."""
        if before.stage in ORDER and after.stage in ORDER:
            ahead = ORDER.index(after.stage) - ORDER.index(before.stage)
            back = (Event.WITHDRAW, Event.RELEASE, Event.UNMARK_PAID, Event.REOPEN)
            assert ahead == 1 or event in back
        if event is Event.RESUBMIT and before.stage is Stage.CHANGING:
            assert before.change is not None
            assert before.change.opened_at is not None
            assert ORDER.index(after.stage) <= ORDER.index(before.change.opened_at)
        elif event is Event.RESUBMIT:
            assert before.refusal is not None
            reached = ORDER.index(before.refusal.refused_at)
            assert ORDER.index(after.stage) <= reached
        if event is Event.REINSTATE:
            assert after.stage is before.expired_from
        handed_in = event in (Event.SUBMIT, Event.RESUBMIT)
        assert after.revision == before.revision + handed_in

    def _judge_time(self, before: Application, guard: Guard) -> None:
        """Nothing moves outside its window unless a rule says so.

        Again, reinstated or changed late; or at a desk of the review since a little while.
        """
        if guard is Guard.CORRECTING:
            assert before.refusal is not None
            assert before.refusal.until is not None
        if guard not in WINDOWS:
            return
        opens, closes = (getattr(EXAM.windows, name) for name in WINDOWS[guard])
        assert self.now >= opens.opens
        is_extended = time_rules.is_reinstated(before) or time_rules.was_changed_late(before)
        if before.refusal is None and not is_extended:
            ends = closes.closes
            if guard is Guard.REVIEWING and before.since is not None:
                ends = max(ends, before.since + time_rules.GRACE)
            assert self.now < ends

    @invariant()
    def it_is_in_one_place(self) -> None:
        """In exactly one queue, or with its candidate, or decided and held."""
        stage = self.application.stage
        places = (stage in DESK_BY_STAGE, stage in WITH_THE_CANDIDATE, stage in HELD)
        assert sum(places) == 1

    @invariant()
    def nobody_is_stuck(self) -> None:
        """Whatever comes to a desk after its first confirmation can be decided there for days."""
        application = self.application
        if application.stage is Stage.SUBMITTED and application.refusal is None:
            return  # the window binds: guide, part 4
        desk = DESK_BY_STAGE.get(application.stage)
        if desk is not None:
            open_at = time_rules.time_span(
                TRANSITIONS[application.stage, DECISION_EVENTS[desk, True]].guard, application, EXAM
            )
            assert open_at is not None
            assert application.since is not None
            assert open_at.closes >= application.since + time_rules.GRACE

    @invariant()
    def what_it_knows_agrees(self) -> None:
        application = self.application
        assert (application.stage in REFUSED_STAGES) <= (application.refusal is not None)
        if application.stage is Stage.EXPIRED:
            assert application.expired_from is not None
        if application.stage is Stage.REGISTERED and application.area == "shanxi":
            area = EXAM.area("shanxi")
            assert area is not None
            assert area.payment_at(application.site) is Payment.NONE


TestLives = pytest.mark.row("S13", "S19", "S21", "S16")(Lives.TestCase)
