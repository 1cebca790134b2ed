"""The shipped exam and people at every step of it, for the tests of the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot import exam_files
from states.records import Application, ApplicationId, Identity, Person, PersonId, Records, Stage

EXAM = exam_files.load("health-2026")
OPEN = datetime(2025, 12, 5, 2, 0, tzinfo=UTC)
"""A moment in the middle of the registration."""
IDENTITY = Identity("刘玲", "resident_id", "99999919900307104X", "female", "1990-03-07", "+86139")
STRANGER = Person(PersonId(1), 4242, 1001)
KNOWN = replace(
    STRANGER,
    locale="zh-CN",
    consent="v1",
    consented_at=OPEN,
    identity=IDENTITY,
    number_hash="f" * 64,
)
EMPTY = Application(ApplicationId(2), KNOWN.id, EXAM.key)
ANSWERS = {"practice": "none", "residency": "", "employer": "示例医院", "department": ""}
WHOLE = replace(
    EMPTY,
    area="qinghai",
    agreed=EXAM.terms.version,
    agreed_at=OPEN,
    site="xining",
    answers=ANSWERS,
)
PICTURED = replace(KNOWN, photo="a" * 64)
READY = Records(PICTURED, WHOLE)
SUBMITTED = Records(PICTURED, replace(WHOLE, stage=Stage.SUBMITTED, submitted_at=OPEN))
