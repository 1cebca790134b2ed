"""Digests of the review queue for the staff: when a new message notifies, when an edit suffices.

An edited message does not notify (https://core.telegram.org/bots/api#editmessagetext). A message
per application would notify all day. The rules are the project's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum, auto
from typing import Final

from states.exam import Exam
from states.records import Application
from states.staff.timings import days_left, desks_by_urgency
from states.staff_roles import DESK_BY_STAGE

REMIND_AFTER: Final = timedelta(days=1)
"""Waiting time after which the staff gets a reminder, once a day."""
REMINDER_HOURS: Final = (time(9), time(18))
"""Hours of reminders (from, until) in the exam's time zone."""


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Applications that wait at one place and stage, since ``oldest`` and ``newest``.

    ``example`` has their place and stage, and no personal data.
    """

    example: Application
    oldest: datetime
    newest: datetime


class DigestKind(Enum):
    """The kinds of digest: FIRST and REMINDER are new messages, UPDATE is a silent edit."""

    FIRST = auto()
    REMINDER = auto()
    UPDATE = auto()


def digest_kinds(
    places: Sequence[QueuePlace],
    since: datetime,
    exam: Exam,
    now: datetime,
    *,
    invite_ends: bool = False,
    cases_since: datetime | None = None,
) -> tuple[DigestKind, ...]:
    """Return the kinds of digest on these places for one chat, in order of preference.

    ``since`` is the time of the last digest; ``invite_ends``: an invitation of the reader ends
    within a day; ``cases_since``: the oldest case of the reader's cases desk was opened then. The
    caller sends one REMINDER a day at most.
    """
    came = any(place.newest > since for place in places)
    if came and all(place.oldest > since for place in places):
        return (DigestKind.FIRST,)
    is_late = any(_ages(place, exam, now) or _ends_soon(place, exam, now) for place in places)
    is_late = is_late or (cases_since is not None and _case_waits(cases_since, exam, now))
    ages = (is_late or invite_ends) and _is_by_day(exam, now)
    return (*((DigestKind.REMINDER,) if ages else ()), *((DigestKind.UPDATE,) if came else ()))


def _ages(place: QueuePlace, exam: Exam, now: datetime) -> bool:
    """Return whether the oldest application has waited for long at an open desk."""
    is_open = DESK_BY_STAGE[place.example.stage] in desks_by_urgency(exam, now)
    return is_open and place.oldest <= now - REMIND_AFTER


def _ends_soon(place: QueuePlace, exam: Exam, now: datetime) -> bool:
    """Return whether the window of an open desk ends today or tomorrow."""
    desk = DESK_BY_STAGE[place.example.stage]
    return desk in desks_by_urgency(exam, now) and days_left(desk, exam, now) in (0, 1)


def _case_waits(opened_at: datetime, exam: Exam, now: datetime) -> bool:
    """Return whether a case waits for long, or blocks somebody when registration ends tomorrow."""
    registration = exam.windows.registration
    left = (exam.today(registration.last_minute) - exam.today(now)).days
    return opened_at <= now - REMIND_AFTER or (registration.holds(now) and left in (0, 1))


def _is_by_day(exam: Exam, now: datetime) -> bool:
    return REMINDER_HOURS[0] <= now.astimezone(exam.tz).time() < REMINDER_HOURS[1]
