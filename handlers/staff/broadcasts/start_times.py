"""The start of a broadcast: at once, at an offered hour, or at a typed one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData, number_of
from handlers.rendering import button
from handlers.replies import ask_again
from handlers.staff import menu
from handlers.staff.broadcasts.compose import draft_of, save
from handlers.update_context import Context
from states.broadcasts.plan import Plan
from states.exam import Exam
from states.step_result import StepResult
from states.texts import Problem, Text
from storage.broadcasts.broadcasts import Broadcast
from storage.staff.access.staff_view import StaffView

HOURS: Final = (8, 12, 19)
"""The hours of a day at which a broadcast is offered to start."""
OFFERED: Final = 3
FARTHEST: Final = timedelta(days=90)
_LAST: Final = 2**35  # seconds from 1970 that any calendar has
_NOW: Final = "now"
_TYPED: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\s+(\d{1,2})[:：](\d{2})")


def start_of(draft: Broadcast, now: datetime) -> datetime:
    """Return when a draft would start."""
    return max(now, draft.starts_at) if draft.starts_at else now


async def choose(_update: Update, context: Context) -> StepResult:
    """Take the tapped start."""
    draft, value = await draft_of(context), context.callback.value
    if draft is None:
        return menu.deny(context, "broadcast")
    starts_at = None if value == _NOW else _moment_of(value, context.exam)
    if starts_at is not None and not _may_start(starts_at, context.now):
        return ask_again(context, _bad_start(context))
    await save(context, replace(draft, starts_at=starts_at))
    return ask_again(context)


async def take_typed(_update: Update, context: Context) -> StepResult:
    """Take a typed start, such as 2025-12-20 09:00."""
    draft, found = await draft_of(context), _TYPED.fullmatch(context.text.strip())
    if draft is None:
        return menu.deny(context, "broadcast")
    if found is None:
        return ask_again(context, _bad_start(context))
    try:
        starts_at = datetime(*map(int, found.groups()), tzinfo=context.exam.tz)  # type: ignore[arg-type, misc]
    except ValueError:
        return ask_again(context, _bad_start(context))
    if not _may_start(starts_at, context.now):
        return ask_again(context, _bad_start(context))
    await save(context, replace(draft, starts_at=starts_at))
    return ask_again(context)


def _moment_of(value: str, exam: Exam) -> datetime:
    """Return the moment of a button; one long ago if it is made up."""
    return datetime.fromtimestamp(number_of(value) % _LAST, exam.tz)


def _may_start(starts_at: datetime, now: datetime) -> bool:
    return now <= starts_at <= now + FARTHEST


def _bad_start(context: Context) -> Problem:
    return Problem("problem-broadcast-start", {"example": example(context.exam, context.now)})


def example(exam: Exam, now: datetime) -> str:
    """Return how to type a start: nine in the morning of the next day."""
    return (now.astimezone(exam.tz) + timedelta(days=1)).strftime("%Y-%m-%d 09:00")


def buttons(view: StaffView, draft: Broadcast, made: Plan) -> tuple[Button, ...]:
    """Return the buttons of the offered starts, and one back to an immediate start."""
    now = (button("start-now", Action.CHOOSE, _NOW),) if draft.starts_at else ()
    offered = (
        Button(Text("button-start-at", {"at": one}), CallbackData(Action.CHOOSE, _stamp(one)))
        for one in _offered(view, made)
    )
    return (*now, *offered)


def _offered(view: StaffView, made: Plan) -> Sequence[datetime]:
    """Return the next good hours to start, in time for the deadline."""
    local = view.now.astimezone(view.exam.tz)
    hours = (
        local.replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=day)
        for day in range(2)
        for hour in HOURS
    )
    latest = made.latest_start
    fitting = [one for one in hours if one > view.now and (latest is None or one <= latest)]
    return fitting[:OFFERED]


def _stamp(moment: datetime) -> str:
    return str(int(moment.timestamp()))
