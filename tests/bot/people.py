"""Ling and her whole application for the tests of this room; the exam takes every document."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from bot.delivery.i18n import Translations
from states.exam import Exam
from states.identity import IdType
from states.records import IMAGE, PDF, Answers, Application, MaterialFile, Person
from storage.engine.encryption import Keyring
from tests import factories
from tests.factories import BOT, CHEN, IDENTITY, LING

__all__ = ["BOT", "CHEN", "IDENTITY", "LING"]

LOCALES = ("zh-CN", "en")
KEYRING = Keyring(b"l" * 32, {"k1": b"s" * 32})
EXAM: Exam = factories.EXAM.model_copy(update={"id_types": tuple(IdType)})
TRANSLATIONS = Translations.load(EXAM.tz)
OPEN = EXAM.windows.registration.opens + timedelta(hours=9)
CLOSED = EXAM.windows.registration.opens - timedelta(days=1)

SCHOOL: Answers = factories.education()
ANSWERS: Answers = factories.answers(
    "tianjin",
    exam=EXAM,
    site="heping",
    point="heping-1",
    address="示例市示例路 9 号",
    category="nursing",
    level="junior",
    subjects="basic skills",
    employer="other",
    department="内科",
)


def person(locale: str, **known: Any) -> Person:
    """Return Ling, who agreed when the registration opened, unless ``known`` says otherwise."""
    return factories.person(locale, **{"consented_at": OPEN.astimezone(UTC), **known})


def application(**known: Any) -> Application:
    """Return Ling's application with all answers and materials, unless ``known`` says otherwise."""
    whole = {
        "agreed_at": OPEN.astimezone(UTC),
        "answers": ANSWERS,
        "materials": {
            "identity": (MaterialFile("b" * 64, IMAGE, 70_000),),
            "degree": (MaterialFile("c" * 64, PDF, 90_000), MaterialFile("d" * 64, IMAGE, 80_000)),
        },
        "uploaded_at": OPEN.astimezone(UTC),
    }
    return factories.application(known.pop("area", "tianjin"), EXAM, **{**whole, **known})
