"""Results of a rehearsal: its figures, and the findings for which it fails."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Final

from bot.rehearsal import reminder_judge as judge
from bot.rehearsal.candidate import DUTIES, Candidate, Diligence
from bot.rehearsal.dialogue.walks import Walk
from bot.rehearsal.messages import MAX_A_SECOND
from bot.rehearsal.people import People
from bot.rehearsal.play import Play
from states.exam import Exam
from states.form.pages import FORM
from states.records import Stage
from states.staff_roles import STAGE_BY_DESK, Desk
from states.texts import Argument, Text

HOUR = timedelta(hours=1)
BUSY_HOURS: Final = 8
"""The hours into which the messages of a day crowd."""
FAIR_HOURS: Final = 24.0
"""Hours that a correction needs at least; with fewer it cannot be asked of anybody."""


RULES: Final[Mapping[str, tuple[str, ...]]] = {
    "dialogue": ("path", "question"),
    "stuck": ("question", "count"),
    "unfit": ("category", "level"),
    "unreachable": ("field", "count", "first"),
    "unfinished": ("desk", "count", "share"),
    "short-correction": ("desk", "count", "hours"),
    "lost": ("duty", "count", "share"),
    "long-message": ("screen", "length"),
    "too-many-messages": ("percent",),
    "reminders": ("kind", "count"),
}
"""The rules of findings, and the arguments of their texts."""


@dataclass(frozen=True, slots=True)
class RehearsalFinding:
    """Something that went wrong, with the text ``rehearsal-RULE``; a rehearsal with one fails."""

    rule: str
    args: Mapping[str, Argument]

    @property
    def text(self) -> Text:
        """The fault, and the remedy."""
        return Text(f"rehearsal-{self.rule}", self.args)


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle and the highest of some figures."""

    middle: float
    most: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Spread:
        """Return the spread of figures; of none, zero."""
        return cls(median(figures), max(figures)) if figures else cls(0, 0)


@dataclass(frozen=True, slots=True)
class Results:
    """The people and figures of a rehearsal; ``weight`` real candidates stand behind each one."""

    exam: Exam
    play: Play
    people: People
    seed: int
    findings: tuple[RehearsalFinding, ...]
    faults: tuple[str, ...]
    walks: tuple[Walk, ...] = ()

    @property
    def weight(self) -> float:
        """The real candidates for whom each rehearsed one stands."""
        return self.people.desks.weight

    @property
    def candidates(self) -> Sequence[Candidate]:
        """Everybody who was rehearsed."""
        return self.people.candidates

    @property
    def registered(self) -> int:
        """The candidates who are registered at the end."""
        return sum(one.stage is Stage.REGISTERED for one in self.candidates)

    @property
    def forfeited(self) -> Counter[tuple[str, str]]:
        """Those who missed a deadline, by duty and by their diligence."""
        return Counter(
            (one.ended, _habit_of(one))
            for one in self.candidates
            if one.ended and one.stage is not Stage.REGISTERED
        )

    @property
    def acts(self) -> Spread:
        """The acts of those who are registered."""
        return Spread.of([one.acts for one in self.candidates if one.registered_at])

    @property
    def days(self) -> Spread:
        """The days from the submission to the registration."""
        return Spread.of(
            [
                (one.registered_at - one.submitted_at) / (24 * HOUR)
                for one in self.candidates
                if one.registered_at and one.submitted_at
            ]
        )

    def wait_days(self, desk: Desk) -> Spread:
        """Return the days from the arrival at a desk to its decision."""
        waits = self.people.happenings.waits[desk]
        return Spread.of([wait / (24 * HOUR) for wait in waits])


HABITS: Final = (*Diligence, "withdrawn", "muted")
"""The habits of people in the report; the two last ones are their own choice."""


def _habit_of(one: Candidate) -> str:
    if one.has_withdrawn:
        return "withdrawn"
    return "muted" if one.muted else one.diligence


def judged(
    exam: Exam, play: Play, people: People, seed: int, walks: Sequence[Walk] = ()
) -> Results:
    """Judge everybody, and the ``walks`` of those who went through the router."""
    found = (
        *_dialogue(walks),
        *_stuck(people),
        *_unfit(exam, people),
        *_unreachable(exam, people),
        *_unfinished(exam, people),
        *_short_corrections(people),
        *_lost(people),
        *_messages(play, people),
        *_reminders(play, people),
    )
    return Results(exam, play, people, seed, found, tuple(_faults(play, people)), tuple(walks))


def _finding(rule: str, **args: Argument) -> RehearsalFinding:
    return RehearsalFinding(rule, args)


def _name_of(exam: Exam, key: str, code: str) -> str:
    lists = {"category": exam.categories, "level": exam.levels}
    known = next(one for one in lists[key] if one.code == code)
    return f"{known.name} ({known.name_en})" if known.name_en else known.name


def _dialogue(walks: Sequence[Walk]) -> Iterator[RehearsalFinding]:
    """Yield the questions at which the dialogue did not take what the form's rules take."""
    for one in walks:
        if one.stuck:
            path = Text(f"rehearsal-path-{one.path}")
            yield _finding("dialogue", path=path, question=question_name(one.stuck))


def question_name(question: str) -> Argument:
    """Return the name of a field, or of the state at which somebody stands."""
    return Text(FORM.fields[question].name.key) if question in FORM.fields else question


def _stuck(people: People) -> Iterator[RehearsalFinding]:
    """Yield the questions and positions at which nobody could go on."""
    for question, count in sorted(people.happenings.stuck.items()):
        yield _finding("stuck", question=question_name(question), count=count)


def _unfit(exam: Exam, people: People) -> Iterator[RehearsalFinding]:
    for category, level in people.filler.unfit_targets():
        names = {
            "category": _name_of(exam, "category", category),
            "level": _name_of(exam, "level", level),
        }
        yield _finding("unfit", **names)


def _unreachable(exam: Exam, people: People) -> Iterator[RehearsalFinding]:
    """Yield the rows of the exam's lists that no form offered to anybody."""
    offered = people.filler.offered
    areas = {one.profile.area for one in people.candidates}
    rows: dict[str, list[tuple[str, str]]] = {
        "category": [(f"/{one.code}", one.name) for one in exam.categories],
        "level": [(f"/{one.code}", one.name) for one in exam.levels],
        "specialty": [
            (f"/{one.code}", f"{one.code} {one.name}")
            for one in exam.catalogue
            if not one.discontinued
        ],
        "subjects": [(f"/{one.code}", one.name) for one in exam.subjects],
        "ethnicity": [(f"/{one.code}", one.name) for one in exam.ethnicities],
        "employer": [
            (f"{one.area}/{one.code}", one.name) for one in exam.employers if one.area in areas
        ],
        "site": [
            (f"{area.code}/{site.code}", site.name)
            for area in exam.areas
            for site in area.sites
            if area.code in areas and len(area.sites) > 1
        ],
    }
    for key, known in rows.items():
        if len(known) < 2:
            continue  # the only one is never asked for
        missing = [name for code, name in known if code not in offered[key]]
        if missing:
            field = Text(f"field-{key}")
            yield _finding("unreachable", field=field, count=len(missing), first=missing[0])


def _unfinished(exam: Exam, people: People) -> Iterator[RehearsalFinding]:
    """Yield the desks that did not decide everybody in their time."""
    late = {desk: set(numbers) for desk, numbers in people.happenings.unfinished.items()}
    for decision in people.desks.left():
        one = decision.candidate
        stage = STAGE_BY_DESK[decision.desk]
        if one.stage is stage or one.is_given_up_in_time(stage):
            late.setdefault(decision.desk, set()).add(one.number)
    for desk, numbers in late.items():
        if numbers:
            share = _percent(len(numbers), len(people.candidates))
            yield _finding("unfinished", desk=Text(f"desk-{desk}"), count=len(numbers), share=share)


def _short_corrections(people: People) -> Iterator[RehearsalFinding]:
    for desk, hours in people.happenings.refused_hours.items():
        short = [one for one in hours if one < FAIR_HOURS]
        if short:
            args = {"count": len(short), "hours": round(min(short))}
            yield _finding("short-correction", desk=Text(f"desk-{desk}"), **args)


def _lost(people: People) -> Iterator[RehearsalFinding]:
    """Yield the duties at which people who did everything in time were given up, or are stuck."""
    lost: Counter[str] = Counter()
    for one in people.candidates:
        if not one.is_in_time or one.stage is Stage.REGISTERED:
            continue
        if one.is_refused_for_good or one.trouble:
            continue
        application = one.records.application
        stage = (application.expired_from if application else None) or one.stage
        lost[DUTIES.get(stage, "waiting")] += 1
    for duty, count in sorted(lost.items()):
        share = _percent(count, len(people.candidates))
        yield _finding("lost", duty=Text(f"rehearsal-duty-{duty}"), count=count, share=share)


def _messages(play: Play, people: People) -> Iterator[RehearsalFinding]:
    for screen, length in sorted(play.messages.count.too_long.items()):
        yield _finding("long-message", screen=screen, length=length)
    busiest = max(play.messages.count.on_day.values(), default=0)
    most = MAX_A_SECOND * BUSY_HOURS * HOUR.total_seconds()
    share = busiest * people.desks.weight / most
    if share > 1:
        yield _finding("too-many-messages", percent=round(share * 100))


def _reminders(play: Play, people: People) -> Iterator[RehearsalFinding]:
    kinds = Counter(_kind_of(fault) for fault in _faults(play, people))
    for kind, count in kinds.items():
        yield _finding("reminders", count=count, kind=Text(f"rehearsal-fault-{kind}"))


FAULTS: Final = {
    "in the night": "night",
    "within two hours": "beside-act",
    "about what is finished": "finished",
    "muted": "muted",
    "never reminded": "never",
    "promised": "promise",
}
"""The judge's words for broken promises, and the keys of their texts."""


def _kind_of(fault: str) -> str:
    """Return the key of a fault; all others are about too many reminders."""
    return next((key for words, key in FAULTS.items() if words in fault), "many")


def _faults(play: Play, people: People) -> Iterator[str]:
    """Yield the broken promises of reminders, by account."""
    looks = play.looks_with_telegram()
    for one in people.candidates:
        yield from (f"{one.chat}: {fault}" for fault in judge.faults(one.judged, play.looks))
        yield from (
            f"{one.chat}: {fault}" for fault in judge.broken_promises(one.judged, looks, play.step)
        )
    for (chat, day), count in play.told_staff.items():
        if count > 1:
            yield f"staff {chat} was reminded {count} times on {day}"


def reminded(results: Results) -> Counter[tuple[str, str]]:
    """Count the reminders by duty and kind."""
    return Counter((t.duty, t.kind) for one in results.candidates for t in one.judged.told)


def reminders_at_risk(results: Results) -> dict[str, Counter[int]]:
    """Count the people at risk by how often they were reminded of each duty."""
    times: dict[str, Counter[int]] = defaultdict(Counter)
    for one in results.candidates:
        for risk in one.judged.risks:
            told = [t for t in one.judged.told if risk.begins <= t.at <= risk.ends]
            times[risk.duty][sum(t.kind == "scheduled" for t in told)] += 1
    return dict(times)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}"
