"""Why people of a rehearsal are not registered at the end, and what was refused and mended."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from bot.rehearsal.candidate import Candidate
from bot.rehearsal.results import Results, question_name
from states.exam import Exam, last_minute
from states.form.pages import FORM
from states.records import Part, Stage
from states.staff_roles import DESK_BY_STAGE
from states.texts import Argument, Text


class Failure(NamedTuple):
    """The reason of some people: its text ``rehearsal-why-KEY``, what it names, its deadline."""

    key: str
    names: Text | str
    closes: datetime | None = None

    @property
    def text(self) -> Text:
        """The reason in one line."""
        return Text(f"rehearsal-why-{self.key}", {"what": self.names})

    @property
    def until(self) -> Text | str:
        """The last minute of the deadline; empty without one."""
        if self.closes is None:
            return ""
        return Text("rehearsal-until", {"closes": last_minute(self.closes)})


def failures(results: Results) -> list[tuple[Failure, int]]:
    """Count each reason; everybody who is not registered has one, the most frequent first."""
    counts: Counter[str] = Counter()
    known: dict[str, Failure] = {}
    for one in results.candidates:
        if one.stage is not Stage.REGISTERED:
            failure = _failure(one, results.exam)
            counts[repr(failure)] += 1
            known[repr(failure)] = failure
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [(known[name], count) for name, count in ordered]


def _failure(one: Candidate, exam: Exam) -> Failure:
    if one.trouble:
        return Failure("stuck", _plain(question_name(one.trouble)))
    refusal = one.records.application.refusal if one.records.application else None
    if one.is_refused_for_good and refusal is not None:
        fault = refusal.faults[0] if refusal.faults else None
        return Failure("final", item_name(exam, fault.part, fault.code) if fault else "")
    if one.ended == "correction" and refusal is not None and refusal.faults:
        fault = refusal.faults[0]
        return Failure("uncorrected", item_name(exam, fault.part, fault.code), one.missed)
    if one.ended:
        return Failure("missed", Text(f"rehearsal-duty-{one.ended}"), one.missed)
    desk = DESK_BY_STAGE.get(one.stage)
    if desk is not None:
        return Failure("waiting", Text(f"desk-{desk}"))
    return Failure("missed", Text("rehearsal-duty-begin"), exam.windows.registration.closes)


def _plain(name: Argument) -> Text | str:
    return name if isinstance(name, Text) else str(name)


class RefusedItem(NamedTuple):
    """An answer or a paper: how often it was refused, and mended in time."""

    name: Text | str
    refused: int
    mended: int


def refused_items(results: Results) -> list[RefusedItem]:
    """Return all refused items, the most frequent first."""
    by_number = {one.number: one for one in results.candidates}
    items = []
    for (part, code), numbers in results.people.happenings.refused_items.items():
        kept = sum(_has_mended(by_number[number]) for number in numbers)
        items.append(RefusedItem(item_name(results.exam, part, code), len(numbers), kept))
    return sorted(items, key=lambda one: (-one.refused, str(one.name)))


def _has_mended(one: Candidate) -> bool:
    return one.ended != "correction" and not one.is_refused_for_good


def item_name(exam: Exam, part: Part, code: str) -> Text | str:
    """Return the name of an answer or a paper."""
    if part is Part.FIELD and code in FORM.fields:
        return FORM.fields[code].name
    material = exam.material(code)
    return material.name if material else code
