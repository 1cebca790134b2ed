"""What the tests of this room are made of: the shipped exam, and somebody who registers for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

from bot.core import exam_files
from bot.delivery.i18n import Translations
from states import consent
from states.exam import Exam
from states.identity import IdType
from states.records import (
    IMAGE,
    PDF,
    Answers,
    Application,
    ApplicationId,
    Identity,
    MaterialFile,
    Person,
    PersonId,
)
from storage.engine.encryption import Keyring

BOT = 4242
LING, CHEN = 1001, 1002
LOCALES = ("zh-CN", "en")
KEYRING = Keyring(b"l" * 32, {"k1": b"s" * 32})
EXAM: Exam = exam_files.load("health-2026").model_copy(update={"id_types": tuple(IdType)})
"""The shipped exam, taking every document."""
TRANSLATIONS = Translations.load(EXAM.tz)
OPEN = EXAM.windows.registration.opens + timedelta(hours=9)
CLOSED = EXAM.windows.registration.opens - timedelta(days=1)

IDENTITY = Identity(
    name="刘玲",
    id_type=IdType.RESIDENT_ID,
    id_number="99999919900307104X",
    sex="female",
    born="1990-03-07",
)
SCHOOL: Answers = {
    "degree": "bachelor",
    "school": "示例医科大学",
    "major": "护理学",
    "study": "full-time",
    "graduated": "2012-07",
    "certificate": "示证字第0042号",
    "verification": "passed",
    "enrolled": "",
}
ANSWERS: Answers = {
    "site": "heping",
    "point": "heping-1",
    "ethnicity": EXAM.ethnicities[0].code,
    "mobile": "+8613800138000",
    "landline": "",
    "email": "",
    "address": "示例市示例路 9 号",
    "postcode": "",
    "category": "nursing",
    "level": "junior",
    "specialty": EXAM.specialties("nursing", "junior")[0].code,
    "practice": "none",
    "residency": "no",
    "subjects": "basic skills",
    "title": "none",
    "file_number": "",
    "education": "1",
    "employer": "other",
    "employer_name": "示例市第一人民医院",
    "employer_kind": "hospital",
    "department": "内科",
    "ownership": "",
    "grade": "",
    "field_years": "",
    "began_work": "",
}


def person(locale: str, **known: object) -> Person:
    """Ling, who has agreed and confirmed who she is, unless ``known`` says otherwise."""
    whole = Person(
        id=PersonId(65),
        bot_id=BOT,
        telegram_id=LING,
        locale=locale,
        consent=consent.VERSION,
        consented_at=OPEN.astimezone(UTC),
        identity=IDENTITY,
        number_hash="f" * 64,
    )
    return replace(whole, **known)  # type: ignore[arg-type]


def application(**known: object) -> Application:
    """Ling's application, with every question answered and every paper there, unless ``known``
    says otherwise."""
    whole = Application(
        id=ApplicationId(66),
        person_id=PersonId(65),
        exam=EXAM.key,
        area="tianjin",
        agreed=EXAM.terms.version,
        agreed_at=OPEN.astimezone(UTC),
        answers=ANSWERS,
        materials={
            "identity": (MaterialFile("b" * 64, IMAGE, 70_000),),
            "degree": (MaterialFile("c" * 64, PDF, 90_000), MaterialFile("d" * 64, IMAGE, 80_000)),
        },
        uploaded_at=OPEN.astimezone(UTC),
    )
    return replace(whole, **known)  # type: ignore[arg-type]
