"""Late changes: after the time to change, a candidate asks for named answers to be opened.

The staff approve or decline. An approved change opens just these answers until a date; then the
application is handed in again, or returns as it was. The rules are exam data
(``states.exam.late_change_rules``); so is how often a person may ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from states.exam import Exam, FileFormat, LateChangeRules, Material
from states.exam.parsing import duplicates
from states.form.fields import AnswerContext, Field
from states.form.pages import FORM
from states.process import lifecycle
from states.process.lifecycle import REFUSED_STAGES, TRANSITIONS, Event, NonStaffActor, is_allowed
from states.process.time_rules import has_money
from states.records import (
    Answers,
    Application,
    Fault,
    LateChange,
    LateChangeState,
    MaterialFile,
    Part,
    Stage,
)
from states.staff_roles import DESK_BY_STAGE, Role
from states.texts import Mistake

NAMED: Final = "named"
"""Reason of an answer that the candidate asked to change; ``FOLLOWS`` is that of a dependent."""
PAPER: Final = "late-change"
"""The code of the papers of a request, as a material."""
OPENS_AT: Final = frozenset(stage for stage, event in TRANSITIONS if event is Event.OPEN_CHANGE)
"""The stages at which a request can be approved; elsewhere it waits for its case to come back."""
MAX_REASON: Final = 300
"""Characters of the reason of a request, and of the words of a decision."""


class AskDenial(StrEnum):
    """The reasons why no late change can be asked for; the texts are ``change-not-KEY``."""

    NOTHING = "nothing"
    DRAFT = "draft"
    WITHDRAW = "withdraw"
    CONFIRMATION = "confirmation"
    CORRECTION = "correction"
    ASKED = "asked"
    OPEN = "open"
    NOT_HERE = "not-here"
    OVER = "over"
    USED_UP = "used-up"
    MONEY = "money"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """A request as its table keeps it: what is asked, why, with which papers, and what came of it.

    ``account`` decided; ``words`` are theirs. An approved request is open until ``until``.
    """

    id: int
    application: Application
    number: int
    state: LateChangeState
    fields: tuple[str, ...]
    reason: str
    papers: tuple[MaterialFile, ...]
    asked_at: datetime
    account: int | None = None
    decided_at: datetime | None = None
    until: datetime | None = None
    words: str = ""
    ended_at: datetime | None = None


def ask_denial(application: Application | None, exam: Exam, now: datetime) -> AskDenial | None:
    """Return why the candidate cannot ask for a late change at ``now``; None if they can."""
    if application is None or not application.area:
        return AskDenial.NOTHING
    if application.stage is Stage.EXPIRED:
        return AskDenial.EXPIRED
    if application.stage is Stage.CHANGING:
        return AskDenial.OPEN
    if application.stage is Stage.DRAFT:
        return AskDenial.DRAFT
    if application.stage in REFUSED_STAGES:
        return AskDenial.CORRECTION
    if is_allowed(application, Event.WITHDRAW, exam, now, NonStaffActor.CANDIDATE):
        return AskDenial.WITHDRAW
    if application.stage is Stage.SUBMITTED:  # it would escape the end of the confirmation
        return AskDenial.CONFIRMATION
    change, rules = application.change, exam.late_changes_in(application.area)
    if change is not None and change.state is LateChangeState.ASKED:
        return AskDenial.ASKED
    if not rules.fields:
        return AskDenial.NOT_HERE
    if now >= exam.late_changes_close(application.area):
        return AskDenial.OVER
    if change is not None and change.number >= rules.most:
        return AskDenial.USED_UP
    return AskDenial.MONEY if has_money(application, exam) else None


def changeable_fields(answers: Answers, context: AnswerContext) -> list[Field]:
    """Return the fields that this candidate can ask to change, in the order of the form."""
    keys = context.exam.late_changes_in(context.area.code if context.area else "").fields
    return [field for field in FORM.asked_fields(answers, context) if field.key in keys]


def papers_of(rules: LateChangeRules) -> Material:
    """Return the limits of the papers of a request."""
    return Material(
        code=PAPER,
        name=PAPER,
        required=rules.papers_required,
        formats=tuple(FileFormat),
        max_kb=rules.max_kb,
        max_files=rules.max_papers,
    )


def named_keys(application: Application) -> tuple[str, ...]:
    """Return the keys of the answers that the last request names."""
    change = application.change
    return tuple(one.code for one in change.faults if one.reason == NAMED) if change else ()


def ask(application: Application, number: int, fields: Sequence[str], now: datetime) -> Application:
    """Return the application with a request of this id for these fields."""
    faults = tuple(Fault(Part.FIELD, key, NAMED) for key in fields)
    count = application.change.number + 1 if application.change else 1
    change = LateChange(number, count, LateChangeState.ASKED, now, faults)
    return replace(application, change=change)


def open_until(application: Application, exam: Exam, now: datetime) -> datetime:
    """Return until when a change approved now is open: the end of its last day, in the exam's zone.

    It never takes the time to pay from an approved application.
    """
    days = exam.late_changes_in(application.area).days
    last_day = exam.today(now) + timedelta(days=days + 1)
    until = exam.midnight(last_day)
    if application.stage is Stage.APPROVED and now < exam.windows.payment.closes:
        until = min(until, exam.windows.payment.closes)
    return until.astimezone(now.tzinfo)


def approve(application: Application, exam: Exam, now: datetime, by: Role) -> Application:
    """Return the application with its request approved: just the named answers are open.

    Raises:
        TransitionNotAllowed: it is too late, the role may not, or a fee is under way.
        LookupError: nothing is asked.
    """
    change = _asked(application)
    opened = replace(
        change,
        state=LateChangeState.OPEN,
        at=now,
        until=open_until(application, exam, now),
        opened_at=application.stage,
        returns_to=returns_to(application, exam),
    )
    return lifecycle.apply_event(
        replace(application, change=opened), Event.OPEN_CHANGE, exam, now, by=by
    )


def returns_to(application: Application, exam: Exam) -> Stage:
    """Return the stage to which a changed application is handed in: never a later one."""
    waiting, wanted = tuple(DESK_BY_STAGE), exam.late_changes_in(application.area).returns_to
    if application.stage not in waiting:
        return wanted
    return min(wanted, application.stage, key=waiting.index)


def end(
    application: Application, state: LateChangeState, now: datetime, words: str = ""
) -> Application:
    """Return the application with its request declined, dropped or too old; it was never open.

    Raises:
        LookupError: nothing is asked.
    """
    change = replace(_asked(application), state=state, at=now, words=words)
    return replace(application, change=change)


def close(
    application: Application, submitted: Answers, event: Event, exam: Exam, now: datetime
) -> Application:
    """Return an application whose change was not handed in, with the answers as submitted.

    Raises:
        TransitionNotAllowed: it is not open, or its time is not over yet.
    """
    by = NonStaffActor.SCHEDULER if event is Event.CLOSE_CHANGE else NonStaffActor.CANDIDATE
    return replace(
        lifecycle.apply_event(application, event, exam, now, by=by), answers=dict(submitted)
    )


def _asked(application: Application) -> LateChange:
    change = application.change
    if change is None or change.state is not LateChangeState.ASKED:
        raise LookupError("nothing is asked")
    return change


def find_late_change_mistakes(exam: Exam) -> Iterator[Mistake]:
    """Yield the keys in rules of late changes that name no field of the form, or stand twice."""
    rules = {"late_changes": exam.late_changes}
    rules |= {
        f"areas[{number}].late_changes": area.late_changes
        for number, area in enumerate(exam.areas)
        if area.late_changes is not None
    }
    for path, one in rules.items():
        for number, key in enumerate(one.fields):
            if key not in FORM.fields:
                yield Mistake.of(f"{path}.fields[{number}]", "no-such-question", given=key)
        yield from duplicates(f"{path}.fields", one.fields, "")
