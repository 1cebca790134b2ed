"""The shipped exam and people at every step of it, for the tests of the rules."""

from __future__ import annotations

from dataclasses import replace

from states.exam import OTHER_EMPLOYER
from states.form.fields import AnswerContext
from states.records import (
    CONSENT_VERSION,
    IMAGE,
    Answers,
    Application,
    ApplicationId,
    MaterialFile,
    Person,
    PersonId,
    Records,
    Stage,
)
from tests import factories
from tests.factories import BORN, BOT, EXAM, IDENTITY, LING, OPEN

__all__ = ["BORN", "EXAM", "IDENTITY", "OPEN"]

PORTRAIT = "a" * 64
RECORD: Answers = factories.education(
    degree="college",
    school="示例卫生职业学院",
    major="护理",
    certificate="SAMPLE2012",
    verification="pending",
)
STRANGER = Person(PersonId(1), BOT, LING)
KNOWN = replace(
    STRANGER,
    locale="zh-CN",
    consent=CONSENT_VERSION,
    consented_at=OPEN,
    identity=IDENTITY,
    number_hash="f" * 64,
    education=(RECORD,),
)
EMPTY = Application(ApplicationId(2), KNOWN.id, EXAM.key)
NURSE = {
    "email": "ling@example.com",
    "category": "nursing",
    "level": "junior",
    "specialty": "203",
    "department": "内科",
    "field_years": "3",
}
ANSWERS: Answers = factories.answers("qinghai", NURSE)
"""A nurse's whole form, where the area confirms on site."""
ONLINE_ANSWERS: Answers = factories.answers("shanghai", NURSE, site="huangpu")
DOCTORS_ANSWERS: Answers = factories.answers(
    "qinghai",
    {key: NURSE[key] for key in ("email", "department", "field_years")},
    category="medicine",
    level="intermediate",
    specialty="303",
    practice="clinical",
    registered="2014-07",
    residency_month="2017-08",
    title="physician",
    titled="2014-07",
    employer=OTHER_EMPLOYER,
    employer_name="示例镇卫生院",
    employer_kind="primary",
)
"""A doctor's, who is asked everything that not everybody is."""
WHOLE = replace(EMPTY, area="qinghai", agreed=EXAM.terms.version, agreed_at=OPEN, answers=ANSWERS)
"""All that is asked, but the photo."""
PICTURED = replace(KNOWN, photo=PORTRAIT)
READY = Records(PICTURED, replace(WHOLE, photo=PORTRAIT))
ONLINE = replace(WHOLE, area="shanghai", answers=ONLINE_ANSWERS, photo=PORTRAIT)
"""The same where the area confirms online: nothing is uploaded yet."""
PAPERS = {
    material.code: (MaterialFile("c" * 64, IMAGE, 90_000),)
    for area in EXAM.areas
    for material in area.materials
    if material.required
}
"""A file of every material that any area requires."""
UPLOADED = replace(ONLINE, materials=PAPERS, uploaded_at=OPEN)
SUBMITTED = Records(PICTURED, replace(WHOLE, stage=Stage.SUBMITTED, submitted_at=OPEN))


def make_context(area: str = "qinghai", *records: Answers) -> AnswerContext:
    """Return the context of the known person's answers in this area, with these records."""
    return AnswerContext(EXAM, EXAM.today(OPEN), EXAM.area(area), BORN, records)
