"""Invented candidates, and the exam that they register for. Where they stand: ``standings.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from states.exam import (
    OTHER_EMPLOYER,
    Area,
    Confirmation,
    Exam,
    Fee,
    FileFormat,
    Material,
    Payment,
    Point,
    Site,
)
from states.form.education import PENDING, RECORD
from states.form.fields import AnswerContext, FieldKind
from states.form.pages import FORM
from states.identity import FORMATS, IdType
from states.progress.next_step import Position
from states.records import (
    IMAGE,
    PDF,
    Answers,
    Application,
    MaterialFile,
    Person,
    Records,
)
from tests import factories
from tests.factories import BOT, IDENTITY, LING

__all__ = ["BOT", "IDENTITY", "LING"]

LOCALES = ("zh-CN", "en")
PORTRAIT = "0" * 64


def _site(code: str, name: str, name_en: str, *points: str) -> Site:
    return Site(
        code=code,
        name=name,
        name_en=name_en,
        address="示例市示例路 9 号",
        contact="0900-0000009",
        points=tuple(
            Point(code=f"{code}-{n}", name=point, address="示例路 8 号", contact=f"0900-{n}")
            for n, point in enumerate(points)
        ),
    )


def _material(code: str, name: str, *formats: FileFormat, files: int, required: bool) -> Material:
    return Material(
        code=code, name=name, required=required, formats=formats, max_kb=5120, max_files=files
    )


ONLINE = Area(
    code="online",
    name="示例线上考区",
    name_en="Example Online",
    confirmation=Confirmation.ONLINE,
    payment=Payment.DESKTOP,
    fee=Fee(per_subject=6500),
    contact="0900-0000000",
    materials=(
        _material("identity", "示例身份证件", FileFormat.JPG, files=2, required=True),
        _material(
            "degree", "示例学历证书", FileFormat.PDF, FileFormat.JPG, files=20, required=True
        ),
        _material("letter", "示例单位证明", FileFormat.PNG, files=1, required=False),
    ),
    sites=(
        _site("river", "示例江滨考点", "Example Riverside", "示例码头报名点", "示例渡口报名点"),
        _site("hill", "示例山麓考点", "Example Hillside", "示例山门报名点", "示例山脚报名点"),
    ),
)

SHIPPED = factories.EXAM
EXAM: Exam = SHIPPED.model_copy(
    update={"id_types": tuple(IdType), "areas": (*SHIPPED.areas, ONLINE)}
)
"""The shipped exam, taking every document, with an area that confirms online."""

OPEN = EXAM.windows.registration.opens + timedelta(hours=9)
CLOSED = EXAM.windows.registration.opens - timedelta(days=1)

PERMIT = replace(
    IDENTITY,
    id_type=IdType.TAIWAN_PERMIT,
    id_number=FORMATS[IdType.TAIWAN_PERMIT].example,
)
"""A document whose number says neither sex nor birth date."""

BACHELOR: Answers = factories.education(
    major="临床医学",
    certificate="100001201205000001",
    enrolled="2007-09",
)
"""An education record, every line of it answered."""
WAITING: Answers = {**BACHELOR, "degree": "master", "certificate": "2", "verification": PENDING}
"""One that no form may refer to yet."""

ANSWERS: Answers = factories.answers(
    "qinghai",
    exam=EXAM,
    optional=True,
    ethnicity="03",
    address="示例市示例路 1 号",
    category="medicine",
    level="intermediate",
    specialty="303",
    practice="clinical",
    registered="2019-07",
    residency_month="2022-08",
    title="physician",
    titled="2018-06",
    appointed="2019-01",
    file_number="21012345",
    employer=OTHER_EMPLOYER,
    employer_name="示例市第一人民医院",
    department="内科",
    ownership="public",
    grade="third",
    field_years="6",
    began_work="2015-08",
)
"""Every question that somebody in an area that confirms on site can be asked."""
ONLINE_ANSWERS: Answers = {**ANSWERS, "site": "river", "point": "river-0"}


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody at a place: what is known of them, and when they act."""

    position: Position
    records: Records = field(default_factory=Records)
    now: datetime = OPEN

    @property
    def person(self) -> Person:
        """The person, who is known."""
        assert self.records.person is not None
        return self.records.person

    @property
    def application(self) -> Application:
        """The application, which there is."""
        assert self.records.application is not None
        return self.records.application

    @property
    def answers(self) -> Answers:
        """The application's answers."""
        return self.application.answers


def person(locale: str, **known: Any) -> Person:
    """Return Ling, who has confirmed who she is and kept a record, unless ``known`` says not."""
    usual = {"consented_at": OPEN.astimezone(UTC), "education": (BACHELOR,)}
    return factories.person(locale, **{**usual, **known})


def application(**known: Any) -> Application:
    """Return Ling's application with every question answered, unless ``known`` says otherwise."""
    usual = {"agreed_at": OPEN.astimezone(UTC), "answers": ANSWERS}
    return factories.application(known.pop("area", "qinghai"), EXAM, **{**usual, **known})


def online(**known: Any) -> Application:
    """The same in an area that confirms online; no materials yet, unless ``known`` says so."""
    return replace(application(area=ONLINE.code, answers=ONLINE_ANSWERS), **known)


def papers(count: int, kind: str = IMAGE, first: int = 1) -> tuple[MaterialFile, ...]:
    """Return so many files of a material, pictures or PDFs, each another one."""
    return factories.material_files(count, kind, first)


COMPLETE: Mapping[str, tuple[MaterialFile, ...]] = {
    "identity": papers(1),
    "degree": papers(2, PDF, first=11),
}


def longest(locale: str, known: Application | None = None) -> Records:
    """The longest that a candidate can enter: every text at its limit, and five records so."""
    identity = replace(IDENTITY, name="阿" * 14 + "·" + "伊" * 15)
    record = {
        **BACHELOR,
        "degree": "master",
        **{
            key: "示" * one.maximum
            for key, one in RECORD.fields.items()
            if one.kind is FieldKind.TEXT
        },
    }
    texts = {
        key: "示" * one.maximum
        for key, one in FORM.fields.items()
        if one.kind is FieldKind.TEXT and one.check is None
    }
    filled = known or application()
    whole = {**filled.answers, **texts, "email": f"{'l' * 64}@{'x' * 31}.com"}
    education = tuple({**record, "certificate": f"{n}" * 40} for n in range(5))
    return Records(
        person(locale, identity=identity, photo=PORTRAIT, education=education),
        replace(filled, answers=whole),
    )


def answer_context(records: Records) -> AnswerContext:
    """Return the context in which the form judges these people's answers."""
    return AnswerContext.of(records, EXAM, OPEN)
