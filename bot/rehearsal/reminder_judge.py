"""A judge of reminders who knows the promises and none of the rules that keep them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NIGHT, MORNING = time(22), time(8)


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder that reached somebody: its kind, its duty, and the deadline that it names."""

    at: datetime
    kind: str
    duty: str
    closes: datetime


@dataclass(frozen=True, slots=True)
class Risk:
    """A time in which somebody had something to do; ``is_missed``: until its end.

    It can be done from ``opens`` on; a moved deadline may be told before.
    """

    begins: datetime
    opens: datetime
    ends: datetime
    duty: str
    closes: datetime
    is_missed: bool


@dataclass(slots=True)
class Person:
    """What one person did, was told, and had to do; ``promises`` are when made, and for when."""

    zone: ZoneInfo
    acts: list[datetime] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    risks: list[Risk] = field(default_factory=list)
    muted: list[tuple[datetime, datetime]] = field(default_factory=list)
    promises: list[tuple[datetime, datetime]] = field(default_factory=list)


def faults(person: Person, looks: Sequence[datetime]) -> Iterator[str]:
    """Yield each broken promise; ``looks`` are the moments at which the bot was up and looked."""
    yield from _in_the_night(person)
    yield from _too_many(person)
    yield from _beside_an_act(person)
    yield from _about_nothing(person)
    yield from _against_the_will(person)
    yield from _never(person, looks)


def _is_night(moment: datetime, zone: ZoneInfo) -> bool:
    return not MORNING <= moment.astimezone(zone).time() < NIGHT


def _in_the_night(person: Person) -> Iterator[str]:
    for one in person.told:
        local = one.at.astimezone(person.zone)
        dawn = local.replace(hour=8, minute=0, second=0, microsecond=0)
        dawn = dawn if dawn > local else dawn + DAY
        if _is_night(one.at, person.zone) and one.closes > dawn:
            yield f"in the night: {one}"


def _too_many(person: Person) -> Iterator[str]:
    scheduled = [one for one in person.told if one.kind == "scheduled"]
    for closes, count in Counter(one.closes for one in scheduled).items():
        if count > 3:
            yield f"{count} reminders of the deadline {closes}"
    for one in scheduled:
        if any(one.at - DAY < other.at < one.at for other in person.told):
            yield f"a second one within a day: {one}"
    for told, count in Counter((one.duty, one.closes, one.at) for one in person.told).items():
        if count > 1:
            yield f"twice: {told}"
    for before, after in pairwise(person.told):
        is_known = (before.duty, before.closes) == (after.duty, after.closes)
        if after.kind == "moved" and is_known:
            yield f"a moved deadline told again: {after}"


def _beside_an_act(person: Person) -> Iterator[str]:
    for one in person.told:
        if one.kind == "scheduled" and any(
            one.at - 2 * HOUR < act <= one.at for act in person.acts
        ):
            yield f"within two hours of an act: {one}"


def _about_nothing(person: Person) -> Iterator[str]:
    for one in person.told:
        if not any(_is_about(one, risk) for risk in person.risks):
            yield f"about what is finished: {one}"


def _is_about(told: Told, risk: Risk) -> bool:
    begins = risk.begins if told.kind == "moved" else max(risk.begins, risk.opens)
    is_before_end = told.at < risk.ends or told.at == risk.ends < risk.closes  # told, then done
    return begins <= told.at and is_before_end and told.duty == risk.duty


def _against_the_will(person: Person) -> Iterator[str]:
    for one in person.told:
        if one.kind == "scheduled" and _any_holds(person.muted, one.at):
            yield f"muted: {one}"


def _any_holds(spans: Iterable[tuple[datetime, datetime]], moment: datetime) -> bool:
    return any(begins <= moment < ends for begins, ends in spans)


def _never(person: Person, looks: Sequence[datetime]) -> Iterator[str]:
    """Name each missed duty of which the person was never reminded though there was a chance."""
    for risk in (one for one in person.risks if one.is_missed):
        in_time = [one.at for one in person.told if risk.begins <= one.at < risk.ends]
        if not in_time and any(_is_chance(person, risk, look) for look in looks):
            yield f"never reminded: {risk}"


def _is_chance(person: Person, risk: Risk, look: datetime) -> bool:
    """Return whether a reminder at this look would have broken no promise."""
    last_day = (risk.closes - timedelta(minutes=1)).astimezone(person.zone).replace(hour=10)
    begins = max(max(risk.begins, risk.opens) + 2 * HOUR, last_day)
    if not begins <= look < risk.ends - 2 * HOUR or _is_night(look, person.zone):
        return False
    of_deadline = [t for t in person.told if t.closes == risk.closes and t.kind == "scheduled"]
    if sum(one.at < look for one in of_deadline) >= 3:
        return False
    is_busy = any(look - 2 * HOUR <= act <= look for act in person.acts)
    is_told = any(look - DAY < one.at <= look for one in person.told)
    return not (is_busy or is_told or _any_holds(person.muted, look))


def broken_promises(person: Person, looks: Sequence[datetime], late: timedelta) -> Iterator[str]:
    """Yield each own reminder that did not come at its time, though its duty was still open.

    A moved deadline stands for one that is due together with it. A later wish replaces it.
    """
    kept = [one.at for one in person.told if one.kind in ("own", "moved")]
    for made_at, at in person.promises:
        later = [*(other for other, _ in person.promises), *(begins for begins, _ in person.muted)]
        is_replaced = any(made_at < other <= at for other in later)
        is_open = any(risk.begins <= made_at and at + late < risk.ends for risk in person.risks)
        is_up = any(at <= look < at + late for look in looks)
        if (
            is_open
            and is_up
            and not is_replaced
            and not any(at <= one <= at + late for one in kept)
        ):
            yield f"promised, and not kept: {at}"
