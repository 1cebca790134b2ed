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
from states.staff import DESKS
from states.staff_timings import by_urgency

AGEING: Final = timedelta(days=1)
"""What has waited for so long is said once more, each day."""
BY_DAY: Final = (time(9), time(18))
"""Between these, in the exam's zone, somebody is reminded of what they know already."""


@dataclass(frozen=True, slots=True)
class WaitingPlace:
    """A place of the exam and a stage where something waits: since when the ``oldest`` of it, and
    the ``newest``. ``like`` is one of them as far as its desk goes, with nothing of whose it is.
    """

    like: Application
    oldest: datetime
    newest: datetime


class Tone(Enum):
    """How news are told. FIRST and AGEING are messages of their own, which ring; MORE is silent."""

    FIRST = auto()
    AGEING = auto()
    MORE = auto()


def tones(
    spots: Sequence[WaitingPlace], since: datetime, exam: Exam, now: datetime
) -> tuple[Tone, ...]:
    """How somebody to whom these are the spots can be told what came after ``since``: the first of
    them that was not used up. AGEING is used up by being told on the same day.
    """
    came = any(spot.newest > since for spot in spots)
    if came and all(spot.oldest > since for spot in spots):
        return (Tone.FIRST,)
    ages = any(_ages(spot, exam, now) for spot in spots) and _is_by_day(exam, now)
    return (*((Tone.AGEING,) if ages else ()), *((Tone.MORE,) if came else ()))


def _ages(place: WaitingPlace, exam: Exam, now: datetime) -> bool:
    """Whether it waits for long at a desk that could have decided."""
    is_open = DESKS[place.like.stage] in by_urgency(exam, now)
    return is_open and place.oldest <= now - AGEING


def _is_by_day(exam: Exam, now: datetime) -> bool:
    return BY_DAY[0] <= now.astimezone(exam.tz).time() < BY_DAY[1]
