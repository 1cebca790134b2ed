"""Moments of reminders: the days before a deadline, the night, and the times a person may pick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from states.exam import Duty, Exam, ReminderRules, last_minute

AFTER_ACT: Final = timedelta(hours=2)
"""The time after a person's own act in which nothing reminds them: they are at it."""
APART: Final = timedelta(hours=24)
"""The least time between two reminders of one person, except those that they asked for."""
_EVENING: Final = time(20)
_WEEKEND: Final = 5  # Saturday
_SOONEST: Final = timedelta(minutes=30)
_LATEST: Final = timedelta(hours=1)


class Choice(StrEnum):
    """The answers to "when will you do it?"; the buttons are ``button-when-KEY``."""

    TONIGHT = "tonight"
    TOMORROW = "tomorrow"
    WEEKEND = "weekend"
    DAY_BEFORE = "day-before"
    LAST_DAY = "last-day"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The rules of reminders by the clock of one area."""

    rules: ReminderRules
    zone: ZoneInfo

    @classmethod
    def of(cls, exam: Exam, area: str) -> Calendar:
        """Return the calendar of an area; without an area, the exam's."""
        return cls(exam.reminders, exam.zone_of(area))

    def is_quiet(self, moment: datetime) -> bool:
        """Return whether a moment lies in the night."""
        return self.rules.is_quiet(moment.astimezone(self.zone).time())

    def is_allowed(self, moment: datetime, closes: datetime) -> bool:
        """Return whether a reminder may come then: by day, or in the night of the deadline."""
        return not self.is_quiet(moment) or closes <= self._morning(moment)

    def earliest(self, moment: datetime, closes: datetime) -> datetime:
        """Return the first moment from ``moment`` on at which a reminder may come."""
        return moment if self.is_allowed(moment, closes) else self._morning(moment)

    def expires(self, moment: datetime, closes: datetime) -> datetime:
        """Return until when a reminder of a moment may be sent: that night, or the deadline."""
        if self.is_quiet(moment):
            return closes
        tonight = self._at(moment.astimezone(self.zone).date(), self.rules.quiet_from)
        return closes if self.is_allowed(tonight, closes) else min(tonight, closes)

    def scheduled(self, duty: Duty, closes: datetime) -> list[datetime]:
        """Return the moments at which the rules remind of a duty, in order."""
        last_day = last_minute(closes).astimezone(self.zone)
        days = self.rules.days_before(duty)
        moments = [self._at(_later(last_day, -count), self.rules.hour) for count in days]
        return [moment for moment in moments if moment < closes]

    def last_call(self, closes: datetime) -> datetime:
        """Return when to remind somebody who came after all scheduled moments."""
        last_day = last_minute(closes).astimezone(self.zone)
        on_last_day = self._at(last_day.date(), self.rules.hour)
        is_in_time = on_last_day + 2 * AFTER_ACT <= closes
        return on_last_day if is_in_time else self._at(_later(last_day, -1), self.rules.hour)

    def choices(self, opens: datetime, closes: datetime, now: datetime) -> dict[Choice, datetime]:
        """Return the times that a person may pick: before the deadline, by day, each once."""
        found: dict[Choice, datetime] = {}
        for choice, moment in self._offers(closes, now):
            is_in_time = max(now + _SOONEST, opens) <= moment <= closes - _LATEST
            if is_in_time and not self.is_quiet(moment) and moment not in found.values():
                found[choice] = moment
        return found

    def _offers(self, closes: datetime, now: datetime) -> Iterator[tuple[Choice, datetime]]:
        local, last_day = now.astimezone(self.zone), last_minute(closes).astimezone(self.zone)
        saturday = _later(local, (_WEEKEND - local.weekday()) % 7)
        yield Choice.TONIGHT, self._at(local.date(), _EVENING)
        yield Choice.TOMORROW, self._at(_later(local, 1), _EVENING)
        yield Choice.WEEKEND, self._at(saturday, self.rules.hour)
        yield Choice.DAY_BEFORE, self._at(_later(last_day, -1), self.rules.hour)
        yield Choice.LAST_DAY, self._at(last_day.date(), self.rules.hour)

    def _morning(self, moment: datetime) -> datetime:
        """Return the end of the night in which a moment lies."""
        local = moment.astimezone(self.zone)
        is_evening = local.time() >= self.rules.quiet_from
        return self._at(_later(local, 1 if is_evening else 0), self.rules.quiet_until)

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone)


def _later(local: datetime, days: int) -> date:
    return local.date() + timedelta(days=days)
