"""Submissions: numbered rows with their content, sealed, that go with their person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from states.records import FormerArea
from states.submissions.content import Submission, SubmissionHistory
from storage.candidates import applications, submissions
from storage.candidates.submissions import StoredSubmission
from storage.engine.database import Database
from tests.databases import lying
from tests.storage.people import FILLED, WHOLE, content_of, file_in, keep
from tests.storage.process import LING, NOW, StorageProcess, keyring

KEYS = keyring()
DRAFT = replace(FILLED, revision=0)


def submission(number: int, changes: int) -> StoredSubmission:
    """A submission of Ling's, an hour after the one before."""
    at = NOW + timedelta(hours=number)
    made = Submission(number, changes, f"h{changes}", at)
    return StoredSubmission(FILLED.id, made, replace(content_of(FILLED), photo=f"{changes}"))


async def test_the_history_of_an_application_in_order_and_its_contents(db: Database) -> None:
    first, again = submission(1, 1), submission(2, 2)
    await keep(db, WHOLE)
    await file_in(db, DRAFT)
    async with db.write() as connection:
        assert await submissions.last(connection, KEYS, FILLED.id) is None
        assert await submissions.history(connection, KEYS, FILLED.id) == SubmissionHistory()
        await submissions.add(connection, KEYS, [again, first])
    async with db.read() as connection:
        assert await submissions.last(connection, KEYS, FILLED.id) == again.submission
        history = await submissions.history(connection, KEYS, FILLED.id)
        assert history == SubmissionHistory((first.submission, again.submission))
        found = await submissions.contents(connection, KEYS, FILLED.id, [1, 3])
        assert found == {1: first.content}
        assert await submissions.of_applications(connection, KEYS, [FILLED.id]) == [first, again]


async def test_a_withdrawal_leaves_no_current_submission_and_the_next_one_is_current(
    db: Database,
) -> None:
    await keep(db, WHOLE)
    await file_in(db, DRAFT)
    async with db.write() as connection:
        await submissions.add(connection, KEYS, [submission(1, 1)])
        await submissions.withdraw(connection, KEYS, FILLED.id, 1, NOW)
        history = await submissions.history(connection, KEYS, FILLED.id)
        assert (history.withdrawn_at, history.current) == (NOW, None)
        await submissions.add(connection, KEYS, [submission(2, 1)])
        history = await submissions.history(connection, KEYS, FILLED.id)
        assert history.withdrawn_at is None
        assert history.current == submission(2, 1).submission


async def test_a_number_is_taken_once(db: Database) -> None:
    await keep(db, WHOLE)
    await file_in(db, DRAFT)
    async with db.write() as connection:
        await submissions.add(connection, KEYS, [submission(1, 1)])
    with pytest.raises(IntegrityError):
        async with db.write() as connection:
            await submissions.add(connection, KEYS, [submission(1, 2)])


async def test_nothing_of_it_lies_there_in_plain_and_it_goes_with_its_person(
    process: StorageProcess, database: str
) -> None:
    await keep(process.db, replace(WHOLE, telegram_id=LING))
    await file_in(process.db, DRAFT)
    async with process.db.write() as connection:
        await submissions.add(connection, KEYS, [submission(1, 1)])
    assert FILLED.answers["employer"].encode() not in await lying(database)
    (received,) = await process.inbox.keep(process.inbox.number(WHOLE.bot_id, [UPDATE], NOW))
    async with process.db.write() as connection:
        (unit,) = await process.work.load(connection, [(received, NOW)], exclusive=True)
        unit.erase()
        await process.work.flush(connection, [unit])
        assert await submissions.of_applications(connection, KEYS, [FILLED.id]) == []


UPDATE = {"update_id": 1, "message": {"from": {"id": LING}, "chat": {"id": LING}}}


async def test_the_area_that_was_left_is_kept_with_the_application(
    db: Database, database: str
) -> None:
    left = FormerArea(
        "tianjin",
        agreed="2026-sample-1",
        agreed_at=NOW,
        answers=FILLED.answers,
        photo="a" * 64,
        materials=FILLED.materials,
        uploaded_at=NOW,
    )
    await keep(db, WHOLE)
    await file_in(db, replace(DRAFT, answers={}, former=left))
    assert FILLED.answers["employer"].encode() not in await lying(database)
    async with db.read() as connection:
        (found,) = await applications.of_person(connection, KEYS, WHOLE.id)
    assert found.former == left
