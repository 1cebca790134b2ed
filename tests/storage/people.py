"""An invented person of whom everything is known, their application, and how both are written."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import (
    IMAGE,
    PDF,
    Application,
    ApplicationId,
    MaterialFile,
    Person,
    PersonId,
    Stage,
)
from states.staff.cases import CaseKind
from states.submissions.content import Submission, SubmittedContent
from storage.candidates import applications, people, submissions
from storage.candidates.cases import Case
from storage.candidates.submissions import StoredSubmission
from storage.engine import tables
from storage.engine.database import Database
from tests import factories
from tests.storage.process import (
    BOT,
    EXAM,
    LING,
    MING,
    NOW,
    keyring,
)

SCHOOL = factories.education()
"""An education record."""
WHOLE = Person(
    PersonId(64),
    BOT,
    LING,
    locale="zh-CN",
    consent="v1",
    consented_at=NOW,
    identity=factories.IDENTITY,
    number_hash="f" * 64,
    photo="a" * 64,
    education=(SCHOOL, {**SCHOOL, "degree": "master", "school": "示例中医学院"}),
    record={"degree": "doctor", "school": "示例卫生学院"},
    wants_opening=True,
    blocked_at=NOW,
)
FILLED = Application(
    ApplicationId(65),
    WHOLE.id,
    EXAM,
    area="qinghai",
    stage=Stage.SUBMITTED,
    agreed="2026-sample-1",
    agreed_at=NOW,
    answers={
        "site": "xining",
        "point": "east",
        "specialty": "368",
        "practice": "none",
        "residency": "",
        "employer": "示例市第一人民医院",
    },
    form_version=2,
    revision=3,
    photo="a" * 64,
    materials={
        "degree": (MaterialFile("b" * 64, PDF, 90_000), MaterialFile("c" * 64, IMAGE, 70_000)),
        "proof": (MaterialFile("d" * 64, IMAGE, 50_000),),
    },
    uploaded_at=NOW,
    submitted_at=NOW,
)
CASE = Case(
    id=4242,
    kind=CaseKind.NUMBER_TAKEN,
    person_id=WHOLE.id,
    number_hash="e" * 64,
    area="qinghai",
    site="xining",
    opened_at=NOW,
)
OTHER = Person(PersonId(128), BOT, MING)


async def keep(db: Database, *persons: Person) -> None:
    """Write these people, anew or again."""
    async with db.write() as connection:
        rows = [people.as_row(keyring(), person) for person in persons]
        await connection.execute(db.upsert(tables.people), rows)


async def file_in(db: Database, *filed: Application) -> None:
    """Write these applications, anew or again, and a first time their present submissions."""
    async with db.write() as connection:
        rows = [applications.as_row(keyring(), application) for application in filed]
        await connection.execute(db.upsert(tables.applications), rows)
        for one in filed:
            previous = await submissions.last(connection, keyring(), one.id)
            if one.revision > (previous.number if previous else 0):
                await _submitted(connection, one)


async def _submitted(connection: AsyncConnection, one: Application) -> None:
    content, at = content_of(one), one.submitted_at or NOW
    submission = Submission(one.revision, one.revision, content.hash(keyring().hash), at)
    await submissions.add(connection, keyring(), [StoredSubmission(one.id, submission, content)])


def content_of(one: Application) -> SubmittedContent:
    """What this application of the person says."""
    number = int(one.answers.get("education", "0"))
    return SubmittedContent(
        one.exam,
        one.form_version,
        one.area,
        WHOLE.identity,
        dict(one.answers),
        WHOLE.education[number - 1] if number else {},
        photo=one.photo,
        materials=one.materials,
    )
