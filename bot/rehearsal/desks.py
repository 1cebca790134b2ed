"""The desks of a rehearsal: office hours, and queues that the staff work off at their pace."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from bot.core.workdays import is_workday
from bot.rehearsal.candidate import Candidate
from states.exam import Area, Exam
from states.staff.timings import desk_window
from states.staff_roles import Desk

ENOUGH: Final = 40
"""The rehearsed candidates of a place from which on it has a queue of its own."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SATURDAY: Final = 5


class OfficeHours:
    """The hours in which desks decide and sites can be visited, in the exam's time zone."""

    def __init__(self, exam: Exam) -> None:
        self._exam = exam
        self._is_workday: dict[date, bool] = {}

    def is_workday(self, day: date) -> bool:
        """Return whether offices work; without published holidays on Monday to Friday."""
        if day not in self._is_workday:
            known = is_workday(day)
            self._is_workday[day] = day.weekday() < SATURDAY if known is None else known
        return self._is_workday[day]

    def spans(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open hours between two moments."""
        tz, rules = self._exam.tz, self._exam.rehearsal
        day = since.astimezone(tz).date()
        while day <= until.astimezone(tz).date():
            if self.is_workday(day):
                opens = max(datetime.combine(day, rules.opens, tz), since)
                closes = min(datetime.combine(day, rules.closes, tz), until)
                if opens < closes:
                    yield opens, closes
            day += DAY

    def minutes(self, since: datetime, until: datetime) -> float:
        """Return the open minutes between two moments."""
        return sum((closes - opens) / MINUTE for opens, closes in self.spans(since, until))

    def next_open(self, at: datetime, before: datetime) -> datetime | None:
        """Return the first open moment from ``at`` on; None if there is none before the end."""
        return next((opens for opens, _ in self.spans(at, before)), None)

    def last_open(self, since: datetime, before: datetime) -> tuple[datetime, datetime] | None:
        """Return the last open hours between two moments."""
        return max(self.spans(since, before), default=None)


@dataclass(slots=True)
class DayLoad:
    """The work of a kind of desk on one day, in rehearsed candidates."""

    arrived: int = 0
    decided: int = 0
    waiting: int = 0


class Decision(NamedTuple):
    """A decision that a desk comes to make about somebody."""

    desk: Desk
    candidate: Candidate


@dataclass(slots=True)
class _Queue:
    desk: Desk
    a_minute: float
    waiting: deque[Candidate] = field(default_factory=deque)
    budget: float = 0.0


class Desks:
    """All desks: one queue a place, or one for more places if each has too few candidates.

    A rehearsed candidate stands for ``weight`` real ones, so that a decision takes as much longer.
    """

    def __init__(self, exam: Exam, hours: OfficeHours, people: int) -> None:
        self._exam = exam
        self._hours = hours
        self.weight = max(1.0, exam.rehearsal.candidates / people)
        self.load: dict[Desk, defaultdict[date, DayLoad]] = {
            desk: defaultdict(DayLoad) for desk in Desk
        }
        self._level = {desk: _level(exam, desk, people) for desk in Desk}
        self._queues: dict[tuple[Desk, str], _Queue] = {}

    def arrive(self, desk: Desk, one: Candidate, now: datetime) -> None:
        """Let somebody wait at a desk."""
        place = _place(one, self._level[desk])
        queue = self._queues.get((desk, place))
        if queue is None:
            staff = self._exam.rehearsal.at(desk)
            count = _places_within(self._exam, desk, place)
            a_minute = staff.people * count / (staff.minutes * self.weight)
            queue = self._queues.setdefault((desk, place), _Queue(desk, a_minute))
        queue.waiting.append(one)
        one.arrived[desk] = now
        self.load[desk][self._exam.today(now)].arrived += 1

    def serve(self, since: datetime, now: datetime) -> Iterator[Decision]:
        """Yield the decisions that the staff come to make in a step of time."""
        minutes = self._hours.minutes(since, now)
        today = self._exam.today(now)
        for queue in self._queues.values():
            if now < desk_window(queue.desk, self._exam).opens:
                continue
            queue.budget += minutes * queue.a_minute if queue.waiting else 0.0
            while queue.waiting and queue.budget >= 1 and minutes:
                queue.budget -= 1
                self.load[queue.desk][today].decided += 1
                yield Decision(queue.desk, queue.waiting.popleft())
            if not queue.waiting:
                queue.budget = min(queue.budget, 1.0)
        for desk in Desk:
            self.load[desk][today].waiting = sum(
                len(queue.waiting) for queue in self._queues.values() if queue.desk is desk
            )

    def left(self) -> Iterator[Decision]:
        """Yield those who still wait."""
        for queue in self._queues.values():
            yield from (Decision(queue.desk, one) for one in queue.waiting)

    def a_day(self, desk: Desk) -> float:
        """Return how many rehearsed candidates all desks of a kind can decide in a day."""
        rules = self._exam.rehearsal
        staff = rules.at(desk)
        hours = (rules.closes.hour * 60 + rules.closes.minute) - (
            rules.opens.hour * 60 + rules.opens.minute
        )
        count = _places_within(self._exam, desk, "")
        return hours * staff.people * count / (staff.minutes * self.weight)


# --- places --------------------------------------------------------------------------------------


def _places(area: Area, desk: Desk) -> list[str]:
    """Return the paths of an area's places that have a desk of this kind."""
    if desk is Desk.AREA_REVIEW:
        return [area.code]
    if desk is Desk.SITE_REVIEW:
        return [f"{area.code}/{site.code}" for site in area.sites]
    return [
        f"{area.code}/{site.code}/{point}"
        for site in area.sites
        for point in ([one.code for one in site.points] or [""])
    ]


def _places_within(exam: Exam, desk: Desk, place: str) -> int:
    """Return how many places of a kind lie within a place; the empty one is the whole exam."""
    found = [path for area in exam.areas for path in _places(area, desk)]
    return sum(not place or path == place or path.startswith(f"{place}/") for path in found)


def _level(exam: Exam, desk: Desk, people: int) -> int:
    """Return how many codes of a place tell the queues of a kind apart; 0 for one queue."""
    if people >= ENOUGH * _places_within(exam, desk, ""):
        return _DEPTH[desk]
    return 1 if people >= ENOUGH * len(exam.areas) else 0


_DEPTH: Final = {Desk.CONFIRMATION: 3, Desk.SITE_REVIEW: 2, Desk.AREA_REVIEW: 1}
"""The codes of area, site and point that name a place of each desk."""


def _place(one: Candidate, level: int) -> str:
    application = one.application
    return "/".join((application.area, application.site, application.point)[:level])
