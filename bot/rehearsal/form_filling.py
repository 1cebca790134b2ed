"""Invented candidates fill in the form: each question gets an answer that its rules take.

Nothing here knows an exam's codes: choices come from the options that the form offers. The texts
are samples.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from bot.rehearsal.samples import load_samples
from states.eligibility import Outcome, Target, assess, clauses_for, facts_of
from states.exam import Area, Exam
from states.form.education import RECORD, find_contradiction, is_usable
from states.form.fields import HAS_OPTIONS, SKIPPED, AnswerContext, Field, FieldKind
from states.form.pages import FORM
from states.form.questionnaire import Questionnaire
from states.records import Answers, Identity
from states.texts import Problem

TRIES: Final = 400
"""Invented people who are asked before a target counts as one that nobody fits."""
RECORD_TRIES: Final = 40


class NoAnswer(LookupError):
    """No answer that the rules take was found for the question ``field``."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Profile:
    """An invented person and their form; ``trouble`` names the question without an answer.

    ``questions`` counts those of form, education record and account.
    """

    area: str
    identity: Identity
    record: Answers
    answers: Answers = field(default_factory=dict)
    questions: int = 0
    trouble: str = ""
    outcome: Outcome = Outcome.UNLISTED


class FormFiller:
    """Fills in forms by chance, and remembers every option that a form has ``offered``, by field.

    A field's options are remembered as ``PARENT/CODE``, where the parent is the area or category.
    """

    def __init__(self, exam: Exam, chance: random.Random) -> None:
        self._exam = exam
        self._chance = chance
        self._today = exam.today(exam.windows.registration.opens)
        self._places = [(area, site) for area in exam.areas for site in area.sites]
        self.offered: defaultdict[str, set[str]] = defaultdict(set)

    def profile(self, number: int, wanted: Answers | None = None) -> Profile:
        """Return one person of a site that is drawn by chance; each site has as many people."""
        area, site = self._chance.choice(self._places)
        born = self._born()
        record, asked = self._record(born)
        identity = Identity(
            f"{load_samples().candidate}{number + 1}",
            self._exam.id_types[0],
            f"999999{born:%Y%m%d}{number % 1000:03}X",
            self._chance.choice(("female", "male")),
            born.isoformat(),
        )
        profile = Profile(area.code, identity, record, questions=asked + _OF_THE_ACCOUNT)
        context = AnswerContext(self._exam, self._today, area, born, (record,))
        try:
            answers, count = self._filled(FORM, context, {"site": site.code, **(wanted or {})})
        except NoAnswer as stuck:
            return replace(profile, trouble=stuck.field)
        outcome = self._outcome(answers, record, area)
        questions = profile.questions + count
        return replace(profile, answers=answers, questions=questions, outcome=outcome)

    def unfit_targets(self) -> list[tuple[str, str]]:
        """Return the categories and levels whose conditions no invented person fits."""
        rules = self._exam.eligibility
        if rules is None:
            return []
        return [
            (category.code, level.code)
            for category in self._exam.categories
            for level in self._exam.levels
            if self._exam.specialties(category.code, level.code)
            and clauses_for(rules, Target(category.code, level.code))
            and not self._fits_somebody(category.code, level.code)
        ]

    def _fits_somebody(self, category: str, level: str) -> bool:
        wanted = {"category": category, "level": level}
        return any(
            one.trouble or one.outcome is Outcome.YES
            for one in (self.profile(n, wanted) for n in range(TRIES))
        )

    def _outcome(self, answers: Answers, record: Answers, area: Area) -> Outcome:
        rules = self._exam.eligibility
        if rules is None:
            return Outcome.UNLISTED
        target = Target(
            answers.get("category", ""),
            answers.get("level", ""),
            answers.get("specialty", ""),
            area.code,
        )
        return assess(rules, target, facts_of(answers, record)).outcome

    # --- one questionnaire ----------------------------------------------------------------------

    def _record(self, born: date) -> tuple[Answers, int]:
        """Return an education record that can be used, and the number of its questions."""
        context = AnswerContext(self._exam, self._today, None, born)
        for _ in range(RECORD_TRIES):
            record, count = self._filled(RECORD, context, {})
            if find_contradiction(record) is None and is_usable(record):
                return record, count
        raise NoAnswer("education")

    def _filled(
        self, questionnaire: Questionnaire, context: AnswerContext, wanted: Answers
    ) -> tuple[dict[str, str], int]:
        answers, count = questionnaire.normalize({}, context), 0
        while (field := questionnaire.first_unanswered(answers, context)) is not None:
            value = self._value(field, answers, context, wanted)
            answers = questionnaire.normalize({**answers, field.key: value}, context)
            count += 1
            if field.key not in answers:
                raise NoAnswer(field.key)
        return dict(answers), count

    def _value(
        self, field: Field, answers: Answers, context: AnswerContext, wanted: Answers
    ) -> str:
        codes = [one.code for one in field.options(answers, context)]
        if field.kind in HAS_OPTIONS:
            self.offered[field.key].update(f"{_parent(field, answers, context)}/{c}" for c in codes)
        if not field.required and self._chance.random() < _SKIPS:
            return SKIPPED
        for typed in self._typed(field, answers, context, codes, wanted):
            value = field.parse(typed, answers, context)
            if not isinstance(value, Problem):
                return value
        raise NoAnswer(field.key)

    def _typed(
        self,
        field: Field,
        answers: Answers,
        context: AnswerContext,
        codes: list[str],
        wanted: Answers,
    ) -> list[str]:
        """Return what somebody would type or choose, the likeliest first."""
        chance = self._chance
        if field.key in wanted and (not codes or wanted[field.key] in codes):
            return [wanted[field.key]]
        born = context.born or self._today
        adult = self._today.year - born.year - _ADULT
        match field.kind:
            case FieldKind.MULTI:
                return [" ".join(chance.sample(codes, chance.randint(1, len(codes))))]
            case FieldKind.MONTH:
                return [self._month(field, answers, context), f"{self._today.year - 1}-07"]
            case FieldKind.NUMBER:
                most = max(field.minimum, min(field.maximum, adult))
                return [str(chance.randint(field.minimum, most)), str(field.minimum)]
            case FieldKind.TEXT:
                return list(load_samples().texts)
        return [chance.choice(codes)] if codes else []

    def _month(self, field: Field, answers: Answers, context: AnswerContext) -> str:
        """Return a month: graduation at a usual age, study before it, and work after it."""
        born = context.born or self._today
        graduated = answers.get("graduated") or (
            context.education[0].get("graduated", "") if context.education else ""
        )
        if field.key == "graduated" or not graduated:
            year = born.year + self._chance.randint(*_GRADUATION)
            return f"{min(year, self._today.year - 1)}-07"
        if field.key == "enrolled":
            return f"{int(graduated[:4]) - 4}-09"
        year = self._chance.randint(int(graduated[:4]), max(int(graduated[:4]), self._today.year))
        return f"{min(year, self._today.year - 1)}-09"

    def _born(self) -> date:
        year = self._today.year - self._chance.randint(*_AGES)
        return date(year, self._chance.randint(1, 12), self._chance.randint(1, 28))


_OF_THE_ACCOUNT: Final = 8
"""Language, consent, five items of the identity and their confirmation."""
_SKIPS: Final = 0.4
"""The share of optional questions that somebody skips."""
_ADULT: Final = 18
_AGES: Final = (23, 55)
_GRADUATION: Final = (19, 27)


def _parent(field: Field, answers: Answers, context: AnswerContext) -> str:
    """Return the code of the list that a field's options are a part of."""
    if field.key in ("site", "employer"):
        return context.area.code if context.area else ""
    if field.key == "point":
        return f"{context.area.code if context.area else ''}/{answers.get('site', '')}"
    return answers.get("category", "") if field.key in ("title", "practice") else ""
