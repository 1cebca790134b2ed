"""News of the queue: who of the staff hears that something came, and whether it rings.

A message that is changed makes no sound (https://core.telegram.org/bots/api#editmessagetext). So a
clerk would hear once that there is work, and never again; and a message for each case would ring
all day. These are rules of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum, auto
from typing import Final

from states.exam import Exam
from states.records import Application
from states.staff import DESK_BY_STAGE
from states.staff_timings import desks_by_urgency

REMIND_AFTER: Final = timedelta(days=1)
"""What has waited for so long is said once more, each day."""
REMINDER_HOURS: Final = (time(9), time(18))
"""Between these, in the exam's zone, somebody is reminded of what they know already."""


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """A place of the exam and a stage where something waits: since when the ``oldest`` of it, and
    the ``newest``. ``like`` is one of them as far as its desk goes, with nothing of whose it is.
    """

    example: Application
    oldest: datetime
    newest: datetime


class DigestKind(Enum):
    """How news are told. FIRST and AGEING are messages of their own, which ring; MORE is silent."""

    FIRST = auto()
    REMINDER = auto()
    UPDATE = auto()


def digest_kinds(
    spots: Sequence[QueuePlace], since: datetime, exam: Exam, now: datetime
) -> tuple[DigestKind, ...]:
    """How somebody to whom these are the spots can be told what came after ``since``: the first of
    them that was not used up. AGEING is used up by being told on the same day.
    """
    came = any(spot.newest > since for spot in spots)
    if came and all(spot.oldest > since for spot in spots):
        return (DigestKind.FIRST,)
    ages = any(_ages(spot, exam, now) for spot in spots) and _is_by_day(exam, now)
    return (*((DigestKind.REMINDER,) if ages else ()), *((DigestKind.UPDATE,) if came else ()))


def _ages(place: QueuePlace, exam: Exam, now: datetime) -> bool:
    """Whether it waits for long at a desk that could have decided."""
    is_open = DESK_BY_STAGE[place.example.stage] in desks_by_urgency(exam, now)
    return is_open and place.oldest <= now - REMIND_AFTER


def _is_by_day(exam: Exam, now: datetime) -> bool:
    return REMINDER_HOURS[0] <= now.astimezone(exam.tz).time() < REMINDER_HOURS[1]
