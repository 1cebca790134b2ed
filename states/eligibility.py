"""Whether a candidate may sit the exam, by its published conditions (domain §5).

An assessment warns and never decides: the authority examines who may sit the exam.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from types import MappingProxyType
from typing import Final

from pydantic import TypeAdapter

from states.exam import Clause, Eligibility, Exam
from states.exam.parsing import duplicates, unknown_codes
from states.exam.rules import (
    NEVER,
    Change,
    Condition,
    Facts,
    comes_by_waiting,
    conditions_of,
    least_change,
    open_facts,
)
from states.form.education import RECORD, chosen_record
from states.form.fields import AnswerContext
from states.form.pages import FORM, NONE
from states.records import Answers, Application
from states.texts import Mistake, none_of

FACTS: Final = frozenset(
    {
        *("degree", "graduated", "practice", "registered", "residency_month"),
        *("title", "titled", "years", "field_years", "employer_kind"),
    }
)
"""The facts by key; each is an answer of the form or of its education record."""

_NEVER_IF: Final = MappingProxyType(
    {"residency_month": ("residency", "no"), "titled": ("title", NONE)}
)
"""The months of what never happened, if another answer says so."""


def facts_of(answers: Answers, record: Answers) -> Facts:
    """Return the facts that a form and its education record give; open and skipped ones lack.

    Of a degree without a diploma (``bachelor-degree``) the rules make no difference.
    """
    given = {**record, **answers}
    facts = {key: given[key] for key in FACTS if given.get(key)}
    if "degree" in facts:
        facts["degree"] = facts["degree"].removesuffix("-degree")
    for month, (key, code) in _NEVER_IF.items():
        if given.get(key) == code:
            facts[month] = NEVER
    return facts


@dataclass(frozen=True, slots=True)
class Target:
    """The specialty that a candidate registers for: codes of the form; ``""`` before the choice."""

    category: str
    level: str
    specialty: str = ""
    area: str = ""


def target_of(application: Application) -> Target:
    """Return what an application is for."""
    answers = application.answers
    return Target(
        answers.get("category", ""),
        answers.get("level", ""),
        application.specialty,
        application.area,
    )


class Outcome(StrEnum):
    """The rules' answer. ``OPEN``: an unknown fact decides. ``UNLISTED``: no clause is known."""

    YES = "yes"
    NO = "no"
    OPEN = "open"
    UNLISTED = "unlisted"


@dataclass(frozen=True, slots=True)
class Assessment:
    """The rules' answer about a candidate, with its reasons.

    Attributes:
        version: the version of the rules.
        facts: what it rests on.
        clause: the clause that holds, or the nearest one.
        lacking: for *no*, the fewest conditions whose change would end it.
        unknown: for *open*, the facts that decide it.
        earliest: for *no*, the year of the first exam for which waiting suffices, if any. None
            where a month is unknown, and years were counted instead.
    """

    outcome: Outcome
    version: str
    facts: Facts
    clause: Clause | None = None
    lacking: tuple[Condition, ...] = ()
    unknown: tuple[str, ...] = ()
    earliest: int | None = None


def assess(eligibility: Eligibility, target: Target, facts: Facts) -> Assessment:
    """Return what the clauses say of a candidate with these facts."""
    clauses = clauses_for(eligibility, target)
    if not clauses:
        return Assessment(Outcome.UNLISTED, eligibility.version, facts)
    held = {one.code: one.rule.holds(facts, eligibility.reference) for one in clauses}
    changes = {one.code: least_change(one.rule, facts, eligibility.reference) for one in clauses}
    nearest = min(clauses, key=lambda one: changes[one.code].effort)
    for clause in clauses:
        if held[clause.code]:
            return Assessment(Outcome.YES, eligibility.version, facts, clause)
    if None in held.values():
        unknown = (open_facts(one.rule, facts, eligibility.reference) for one in clauses)
        asked = tuple(dict.fromkeys(chain.from_iterable(unknown)))
        return Assessment(Outcome.OPEN, eligibility.version, facts, nearest, unknown=asked)
    is_exact = all(one.fact in facts for each in changes.values() for one in each.conditions)
    waited = (_waited_for(one, facts, eligibility) for one in changes.values() if is_exact)
    years = [year for year in waited if year]
    return Assessment(
        Outcome.NO,
        eligibility.version,
        facts,
        nearest,
        changes[nearest.code].conditions,
        earliest=min(years, default=None),
    )


def clauses_for(eligibility: Eligibility, target: Target) -> tuple[Clause, ...]:
    """Return the ways to be eligible for a target."""
    return tuple(one for one in eligibility.clauses if _is_about(one, target))


def _is_about(clause: Clause, target: Target) -> bool:
    return (
        target.category in clause.categories
        and target.level in clause.levels
        and (not clause.specialties or target.specialty in clause.specialties)
        and (not clause.areas or target.area in clause.areas)
    )


def _waited_for(change: Change, facts: Facts, eligibility: Eligibility) -> int | None:
    """Return the year of the first exam for which waiting brings the change; None for never."""
    last = 0
    for condition in change.conditions:
        if not comes_by_waiting(condition, facts, eligibility.reference):
            return None
        year, month = map(int, facts[condition.fact].split("-"))
        is_later = month > eligibility.reference.month
        last = max(last, year + (condition.years or 0) + is_later + eligibility.year_offset)
    return last or None


# --- as it stood at a submission -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SubmittedAssessment:
    """The assessment of a submission, whole: it can be explained after the rules have changed.

    ``rules`` is the digest of the rules, which changes with each of their words; their years count
    to ``reference``.
    """

    assessment: Assessment
    target: Target
    reference: date
    rules: str

    def pack(self) -> bytes:
        """Return it as bytes, to be encrypted."""
        return _SUBMITTED.dump_json(self, by_alias=True)

    @staticmethod
    def parse(packed: bytes) -> SubmittedAssessment:
        """Return the assessment of ``pack``.

        Raises:
            ValueError: the bytes hold none.
        """
        return _SUBMITTED.validate_json(packed)

    def by_rules_of(self, eligibility: Eligibility) -> Assessment:
        """Return what other rules say of the same facts."""
        return assess(eligibility, self.target, self.assessment.facts)


_SUBMITTED: Final = TypeAdapter(SubmittedAssessment)


def at_submission(
    exam: Exam, application: Application, context: AnswerContext
) -> SubmittedAssessment | None:
    """Return the assessment of an application that is handed in now; None where none is possible.

    The level and the education record have to be known, and the exam needs rules.
    """
    rules, record = exam.eligibility, chosen_record(application.answers, context)
    if rules is None or record is None or not application.answers.get("level"):
        return None
    target = target_of(application)
    found = assess(rules, target, facts_of(application.answers, record))
    return SubmittedAssessment(found, target, rules.reference, rules.digest)


def agree(one: Assessment, other: Assessment) -> bool:
    """Return whether two assessments of the same facts say the same, whatever the rules' version.

    The sentence of a clause may have changed; its code names it.
    """
    return _said(one) == _said(other)


def _said(one: Assessment) -> tuple[object, ...]:
    code = one.clause.code if one.clause else None
    return one.outcome, code, one.lacking, one.unknown, one.earliest


# --- the linter ----------------------------------------------------------------------------------


def find_eligibility_mistakes(exam: Exam) -> Iterator[Mistake]:
    """Yield the clauses whose codes, facts or examples are wrong."""
    if exam.eligibility is None:
        return
    clauses = exam.eligibility.clauses
    yield from duplicates("eligibility.clauses", [clause.code for clause in clauses])
    for number, clause in enumerate(clauses):
        path = f"eligibility.clauses[{number}]"
        yield from _unknown_codes(exam, clause, path)
        yield from _unknown_facts(exam, clause, f"{path}.rule")
        yield from _wrong_examples(exam.eligibility, clause, path)


def _unknown_codes(exam: Exam, clause: Clause, path: str) -> Iterator[Mistake]:
    for name, given, listed, known in (
        ("categories", clause.categories, "categories", exam.categories),
        ("levels", clause.levels, "levels", exam.levels),
        ("specialties", clause.specialties, "catalogue", exam.catalogue),
        ("areas", clause.areas, "areas", exam.areas),
    ):
        yield from unknown_codes(f"{path}.{name}", given, listed, {one.code for one in known})


def _unknown_facts(exam: Exam, clause: Clause, path: str) -> Iterator[Mistake]:
    """Yield the facts that no question gives, and the codes that their questions do not offer."""
    context = AnswerContext(exam, exam.today(exam.windows.registration.opens))
    asked = {**RECORD.fields, **FORM.fields}
    for condition in conditions_of(clause.rule):
        if condition.fact not in FACTS:
            yield none_of(path, condition.fact, FACTS)
        elif condition.among:
            offered = {one.code for one in asked[condition.fact].options({}, context)}
            yield from unknown_codes(path, condition.among, condition.fact, offered)


def _wrong_examples(eligibility: Eligibility, clause: Clause, path: str) -> Iterator[Mistake]:
    for name, facts, expected in (("passes", clause.passes, True), ("fails", clause.fails, False)):
        try:
            held = clause.rule.holds(facts, eligibility.reference)
        except ValueError:
            yield Mistake.of(f"{path}.{name}", "no-month-or-number")
        else:
            if held is not expected:
                yield Mistake.of(f"{path}.{name}", f"rule-says-{_SAID[held]}")


_SAID = {True: "yes", False: "no", None: "unknown"}
