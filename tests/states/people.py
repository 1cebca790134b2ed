"""The shipped exam and people at every step of it, for the tests of the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.core import exam_files
from states import consent
from states.form.answer_context import AnswerContext
from states.records import (
    IMAGE,
    Answers,
    Application,
    ApplicationId,
    Identity,
    MaterialFile,
    Person,
    PersonId,
    Records,
    Stage,
)

EXAM = exam_files.load("health-2026")
OPEN = datetime(2025, 12, 5, 2, 0, tzinfo=UTC)
"""A moment in the middle of the registration."""
BORN = date(1990, 3, 7)
IDENTITY = Identity("刘玲", "resident_id", "99999919900307104X", "female", "1990-03-07")
PORTRAIT = "a" * 64
RECORD: Answers = {
    "degree": "college",
    "school": "示例卫生职业学院",
    "major": "护理",
    "study": "full-time",
    "graduated": "2012-07",
    "certificate": "SAMPLE2012",
    "verification": "pending",
    "enrolled": "",
}
STRANGER = Person(PersonId(1), 4242, 1001)
KNOWN = replace(
    STRANGER,
    locale="zh-CN",
    consent=consent.VERSION,
    consented_at=OPEN,
    identity=IDENTITY,
    number_hash="f" * 64,
    education=(RECORD,),
)
EMPTY = Application(ApplicationId(2), KNOWN.id, EXAM.key)
ANSWERS: Answers = {
    "site": "xining",
    "ethnicity": "01",
    "mobile": "+8613800138000",
    "landline": "",
    "email": "ling@example.com",
    "address": "",
    "postcode": "",
    "category": "nursing",
    "level": "junior",
    "specialty": "203",
    "practice": "none",
    "residency": "no",
    "subjects": "basic related professional skills",
    "title": "none",
    "file_number": "",
    "education": "1",
    "employer": "qh-first",
    "department": "内科",
    "ownership": "",
    "grade": "",
    "field_years": "3",
    "began_work": "",
}
"""A nurse's whole form, where the area confirms on site."""
ONLINE_ANSWERS: Answers = {
    **ANSWERS,
    "site": "huangpu",
    "point": "huangpu-1",
    "employer": "sh-first",
}
DOCTORS_ANSWERS: Answers = {
    **ANSWERS,
    "category": "medicine",
    "level": "intermediate",
    "specialty": "303",
    "practice": "clinical",
    "registered": "2014-07",
    "residency": "yes",
    "residency_month": "2017-08",
    "title": "physician",
    "years": "5",
    "titled": "2014-07",
    "appointed": "",
    "employer": "other",
    "employer_name": "示例镇卫生院",
    "employer_kind": "primary",
}
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


def answer_context(area: str = "qinghai", *records: Answers) -> AnswerContext:
    """What surrounds the answers of the person we know, in this area, with these records."""
    return AnswerContext(EXAM, EXAM.today(OPEN), EXAM.area(area), BORN, records)
