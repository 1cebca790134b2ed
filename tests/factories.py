"""Valid answers, people, applications and staff, derived from the form and the shipped exam.

``answered`` walks a questionnaire of ``states/form`` and gives each open field its first valid
answer. A new question therefore needs no edit here, unless it has a ``check`` of its own that
refuses every text of ``EXAMPLES``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.core import exam_files
from states.exam import Exam
from states.exam.sampling import SpotCheckRules
from states.form.education import RECORD
from states.form.fields import SKIPPED, AnswerContext, Field, FieldKind
from states.form.pages import FORM
from states.form.questionnaire import Questionnaire
from states.identity import IdType
from states.records import (
    CONSENT_VERSION,
    Answers,
    Application,
    ApplicationId,
    Identity,
    MaterialFile,
    Person,
    PersonId,
)
from states.staff_roles import Role, RoleAssignment, Scope
from states.texts import Problem

BOT = 4242
LING, CHEN = 1001, 1002
ADMINISTRATOR = 1000
EXAM = exam_files.load("health-2026").model_copy(update={"spot_checks": SpotCheckRules()})
"""The shipped exam; nothing is drawn for a second reading by chance."""
OPEN = datetime(2025, 12, 5, 2, 0, tzinfo=UTC)
"""A moment in the middle of the registration."""
BORN = date(1990, 3, 7)
IDENTITY = Identity("刘玲", IdType.RESIDENT_ID, "99999919900307104X", "female", BORN.isoformat())
"""The area 999999 is assigned to nobody."""
EXAMPLES = (
    "示例市第一人民医院",
    "13800138000",
    "0971-1234567",
    "ling@example.com",
    "810000",
)
"""Texts of which each text field takes at least one."""


def first_valid(field: Field, answers: Answers, context: AnswerContext) -> str:
    """Return the first value that the field takes from a person with these answers."""
    options = [one.code for one in field.options(answers, context)]
    typed: Iterable[str]
    match field.kind:
        case FieldKind.MULTI:
            typed = [" ".join(options)]
        case FieldKind.MONTH:
            typed = ["2014-07"]
        case FieldKind.NUMBER:
            typed = [str(max(field.minimum, 5))]
        case FieldKind.TEXT:
            typed = EXAMPLES
        case _:
            typed = options
    for one in typed:
        value = field.parse(one, answers, context)
        if not isinstance(value, Problem):
            return value
    raise LookupError(f"no example fits the field {field.key!r}; add one to EXAMPLES")


def answered(
    questionnaire: Questionnaire,
    context: AnswerContext,
    wanted: Answers | None = None,
    *,
    optional: bool = False,
) -> Answers:
    """Answer every question that a person in this context is asked.

    ``wanted`` are kept values by field key. An optional field that is not among them is skipped,
    or answered where ``optional`` is set.

    Raises:
        AssertionError: a wanted value does not hold, or its question is not asked.
    """
    wanted = wanted or {}
    answers = questionnaire.normalize({}, context)
    while (field := questionnaire.first_unanswered(answers, context)) is not None:
        value = wanted.get(field.key)
        if value is None:
            leave = not field.required and not optional
            value = SKIPPED if leave else first_valid(field, answers, context)
        assert field.is_valid(value, answers, context), f"{field.key}={value!r} is no answer"
        answers = questionnaire.normalize({**answers, field.key: value}, context)
    lost = {key: value for key, value in wanted.items() if answers.get(key) != value}
    assert not lost, f"not asked, or answered otherwise: {lost}"
    return dict(answers)


def education(*, optional: bool = False, **wanted: str) -> Answers:
    """Return a whole education record: a bachelor's, unless ``wanted`` says otherwise."""
    usual = {
        "degree": "bachelor",
        "school": "示例医科大学",
        "major": "护理学",
        "graduated": "2012-07",
        "certificate": "示证字第0042号",
    }
    return answered(RECORD, around(), {**usual, **wanted}, optional=optional)


def around(
    exam: Exam = EXAM, area: str = "", *records: Answers, now: datetime = OPEN
) -> AnswerContext:
    """Return the context of a person born on ``BORN`` in this area, with these records."""
    return AnswerContext(exam, exam.today(now), exam.area(area), BORN, records)


def answers(
    area: str,
    wanted: Answers | None = None,
    /,
    *,
    exam: Exam = EXAM,
    optional: bool = False,
    **more: str,
) -> Answers:
    """Return a whole form of somebody with one education record; see ``answered``."""
    context = around(exam, area, education())
    return answered(FORM, context, {**(wanted or {}), **more}, optional=optional)


def person(locale: str = "zh-CN", **known: Any) -> Person:
    """Return Ling, who has agreed and confirmed her identity, unless ``known`` says otherwise."""
    whole = Person(
        id=PersonId(65),
        bot_id=BOT,
        telegram_id=LING,
        locale=locale,
        consent=CONSENT_VERSION,
        consented_at=OPEN,
        identity=IDENTITY,
        number_hash="f" * 64,
    )
    return replace(whole, **known)


def application(area: str, definition: Exam = EXAM, /, **known: Any) -> Application:
    """Return Ling's draft for this exam and area; it has no answers unless ``known`` has some."""
    draft = Application(
        id=ApplicationId(66),
        person_id=PersonId(65),
        exam=definition.key,
        area=area,
        agreed=definition.terms.version,
        agreed_at=OPEN,
    )
    return replace(draft, **known)


def material_files(count: int, kind: str, first: int = 1) -> tuple[MaterialFile, ...]:
    """Return so many files of 90,000 bytes, each with another blob name."""
    return tuple(
        MaterialFile(f"{n:08x}{0:056x}", kind, 90_000) for n in range(first, first + count)
    )


def staff_member(
    number: int, role: Role, scope: Scope, account: int | None = None
) -> RoleAssignment:
    """Return the role assignment of an invented colleague, with the account 5000 + number."""
    who = 5000 + number if account is None else account
    given_at = datetime(2025, 11, 1, tzinfo=UTC)
    return RoleAssignment(number, BOT, who, role, scope, f"同事{number}", ADMINISTRATOR, given_at)
