"""The migration to submissions: what stood, and what decisions remember, become rows and back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import astuple, replace
from typing import Any

import orjson
import pytest
import pytest_asyncio
from sqlalchemy import Table, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from states.form.fields import AnswerContext
from states.records import Application, ApplicationId, PersonId, Records, Stage
from states.submissions.content import SubmittedContent
from storage.candidates import applications, people, submissions
from storage.engine import schema, tables
from storage.engine.database import Database
from storage.staff.access import role_assignments
from tests.databases import opened
from tests.factories import EXAM
from tests.storage.people import FILLED, WHOLE
from tests.storage.process import NOW, keyring
from tests.storage.schemas import differences
from tests.storage.staff_members import CLERK, candidate

KEYS = keyring()
RESUBMITTED = replace(FILLED, id=ApplicationId(129), person_id=PersonId(128), revision=2)
CORRECTING = replace(
    FILLED, id=ApplicationId(193), person_id=PersonId(192), revision=1, stage=Stage.CONFIRM_REFUSED
)
DRAFT = replace(FILLED, id=ApplicationId(257), person_id=PersonId(256), revision=0)
EARLIER = {**FILLED.answers, "employer": "示例市第二人民医院"}
SEEN = {"files": {"degree": ["b" * 64]}, "photo": "9" * 64}
DECISIONS = {11: (RESUBMITTED, 1, EARLIER), 12: (CORRECTING, 1, EARLIER)}


@pytest_asyncio.fixture
async def old(bare: str) -> AsyncIterator[Database]:
    """A database of version 5 with three applications that were submitted, and a draft."""
    async with opened(bare) as db:
        await schema.migrate(db, "0005")
        async with db.write() as connection:
            for filed in (FILLED, RESUBMITTED, CORRECTING, DRAFT):
                owner = candidate(int(filed.person_id) // 64)
                await insert_then(connection, tables.people, people.as_row(KEYS, owner))
                row = applications.as_row(KEYS, filed)
                await insert_then(connection, tables.applications, row)
            row = role_assignments.as_row(KEYS, CLERK)
            await insert_then(connection, tables.role_assignments, row)
            for number, (filed, revision, answers) in DECISIONS.items():
                seen = orjson.dumps({**SEEN, "answers": answers})
                values = {
                    "id": number,
                    "of": filed.id,
                    "revision": revision,
                    "seat": CLERK.id,
                    "seen": KEYS.encrypt(seen, f"verdicts/{number}/seen"),
                    "at": NOW if connection.dialect.name == "postgresql" else NOW.isoformat(" "),
                }
                await connection.execute(text(_DECISION), values)
        yield db


async def insert_then(connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert a row into the columns that the table has at this version."""
    names = await connection.run_sync(
        lambda sync: {column["name"] for column in inspect(sync).get_columns(table.name)}
    )
    known = {column.key: row[column.key] for column in table.columns if column.name in names}
    await connection.execute(table.insert(), known)


_DECISION = """
INSERT INTO verdicts
(id, application_id, revision, desk, approving, seat_id, decided_at, effective_at, applied_at, seen)
VALUES (:id, :of, :revision, 'confirmation', false, :seat, :at, :at, :at, :seen)
"""


async def rows(db: Database) -> dict[tuple[int, int], Any]:
    """The submissions by application and number."""
    ids = [one.id for one in (FILLED, RESUBMITTED, CORRECTING, DRAFT)]
    async with db.read() as connection:
        found = await submissions.of_applications(connection, KEYS, ids)
    return {(one.application_id, one.submission.number): one for one in found}


async def seen(db: Database) -> dict[int, Any]:
    """What each decision remembers, as version 5 kept it."""
    async with db.read() as connection:
        found = await connection.execute(text("SELECT id, seen FROM verdicts"))
        return {
            number: orjson.loads(KEYS.decrypt(sealed, f"verdicts/{number}/seen"))
            for number, sealed in found
        }


def content_of(filed: Application) -> SubmittedContent:
    """What this application says, as the rules make it."""
    owner = candidate(int(filed.person_id) // 64)
    context = AnswerContext.of(Records(owner, filed), EXAM, NOW)
    made = SubmittedContent.of(owner, filed, context)
    return replace(made, answers=dict(filed.answers))  # of one that was never normalized


async def test_each_submitted_application_has_its_submission(old: Database) -> None:
    await schema.migrate(old, keyring=KEYS)
    assert await differences(old) == []
    found = await rows(old)
    assert found.keys() == {(65, 3), (129, 1), (129, 2), (193, 1)}
    only = found[65, 3]
    assert only.content == content_of(FILLED)
    assert only.submission.content_hash == only.content.hash(KEYS.hash)
    assert (only.submission.changes, only.submission.at) == (1, FILLED.submitted_at)
    assert only.withdrawn_at is None


async def test_what_a_decision_was_made_on_is_a_submission_too(old: Database) -> None:
    await schema.migrate(old, keyring=KEYS)
    found = await rows(old)
    first, second = found[129, 1], found[129, 2]
    assert (first.submission.changes, second.submission.changes) == (1, 2)
    assert first.content.answers == EARLIER
    assert first.content.photo == "9" * 64
    assert astuple(first.content.materials["degree"][0]) == ("b" * 64, "scan-pdf", 90_000)
    assert second.content == content_of(RESUBMITTED)
    assert found[193, 1].content.answers == EARLIER, "not what is being corrected"


async def test_down_the_decisions_remember_it_again_and_up_nothing_is_lost(old: Database) -> None:
    before = await seen(old)
    await schema.migrate(old, keyring=KEYS)
    stood = await rows(old)
    await schema.migrate(old, "0005", keyring=KEYS)
    assert await seen(old) == before
    await schema.migrate(old, keyring=KEYS)
    assert await rows(old) == stood


async def test_without_the_keys_nothing_is_migrated(old: Database) -> None:
    with pytest.raises(LookupError, match="keys of the database"):
        await schema.migrate(old)
    assert await schema.present(old) == "0005"


def test_the_sample_has_all_that_a_submission_has() -> None:
    assert FILLED.materials
    assert FILLED.photo
    assert WHOLE.education
