"""Manipulations of the tables around an application: each is refused where it is read, and named.

``test_replay`` has roles, people, applications and decisions; money is in
``tests/storage/payments/test_manipulations.py``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
import pytest_asyncio
from sqlalchemy import select, text

from states.broadcasts.audience import Audience
from states.broadcasts.ledger import BroadcastState
from states.changes.late_changes import ChangeRequest
from states.records import LateChangeState
from states.reminders.planning import ReminderHistory
from states.staff.cases import CaseKind
from states.staff.refusals import RefusalDraft
from storage.audit import audit_log, replay
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.broadcasts import broadcasts
from storage.broadcasts.broadcasts import Broadcast
from storage.candidates import (
    cases,
    late_changes,
    papers,
    photo_judgements,
    reminders,
    submissions,
)
from storage.candidates.cases import Case
from storage.candidates.papers import PaperJudgement
from storage.engine import exam_versions, installation, schema, tables
from storage.engine.database import Connection, Database
from storage.engine.encryption import WrongKey
from storage.engine.exam_versions import ExamVersion, VersionState
from storage.engine.installation import Fact
from storage.engine.jobs import JobKind, Jobs, StoredJob
from storage.staff.cases import claims, decisions, notes, photo_opinions, second_looks
from tests.factories import BOT, EXAM
from tests.storage.candidates.test_photo_judgements import MINE
from tests.storage.process import StorageProcess, started_process
from tests.storage.staff_members import (
    CLERK,
    CONFIRMING,
    KEYS,
    PACE,
    SITE,
    access,
    candidate,
    come,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("B13")

FILED, OTHER = waiting(1), waiting(2)
HOLDER = candidate(1).id
CASE: Final = Case(31, CaseKind.NUMBER_TAKEN, HOLDER, "a" * 64, "qinghai", "xining", CONFIRMING)
REQUEST: Final = ChangeRequest(
    41, FILED, 1, LateChangeState.ASKED, ("employer",), "单位改名了", (), CONFIRMING
)
JUDGED: Final = replace(MINE, person_id=HOLDER)
BROADCAST: Final = Broadcast(
    51, BOT, EXAM.key, 1000, CONFIRMING, BroadcastState.RUNNING, Audience(scopes=(SITE.scope,))
)
RELEASED_AT: Final = CONFIRMING.isoformat()
NOTE, PAPER, DECIDED, EFFECTIVE = 71, "d" * 64, 81, waiting(3)
VERSIONS: Final = [
    ExamVersion(
        *(90 + number, EXAM.key, number, state, f"{{{number}}}", CONFIRMING), taken_at=CONFIRMING
    )
    for number, state in ((1, VersionState.REPLACED), (2, VersionState.IN_FORCE))
]


def entries() -> list[AuditEntry]:
    """What the audit has of all this."""
    told = [
        (AuditAction.ROLE_GRANTED, None, f"{SITE.id} site-reviewer qinghai/xining"),
        (AuditAction.SUBMITTED, FILED, f"{FILED.revision}"),
        (AuditAction.SUBMITTED, OTHER, f"{OTHER.revision}"),
        (AuditAction.LATE_CHANGE_ASKED, FILED, "employer"),
        (AuditAction.BROADCAST_BEGUN, None, f"{BROADCAST.id}"),
        (AuditAction.EXPIRY_RELEASED, None, f"{Fact.RELEASED} {RELEASED_AT} gap=3"),
        (AuditAction.ROLE_GRANTED, None, f"{CLERK.id} point-clerk qinghai/xining/east"),
        (AuditAction.CASE_NOTED, FILED, ""),
        (AuditAction.SUBMITTED, EFFECTIVE, f"{EFFECTIVE.revision}"),
        (AuditAction.DECIDED, EFFECTIVE, f"confirm {EFFECTIVE.revision}"),
        (AuditAction.EXAM_CHANGE_STORED, None, f"2 {EXAM.key}"),
        (AuditAction.EXAM_CHANGED, None, f"2 {EXAM.key}"),
    ]
    return [
        AuditEntry(
            100 + number,
            CONFIRMING,
            SITE.telegram_id,
            action,
            about.person_id if about else None,
            about.id if about else None,
            detail,
        )
        for number, (action, about, detail) in enumerate(told)
    ]


@pytest_asyncio.fixture
async def process(database: str) -> AsyncIterator[StorageProcess]:
    """Two applications with all that can be about them."""
    async with filled(database) as process:
        yield process


@asynccontextmanager
async def filled(database: str) -> AsyncIterator[StorageProcess]:
    """Open a database with all of that."""
    async with started_process(database) as process:
        db = process.db
        await grant_all(db, SITE, CLERK)
        await come(db, FILED, OTHER, EFFECTIVE)
        async with db.write() as tx:
            await cases.open_case(tx, KEYS, CASE)
            await late_changes.add(tx, KEYS, [REQUEST])
            await second_looks.ask(tx, KEYS, FILED, SITE, RefusalDraft(), 61, CONFIRMING)
            await tx.execute(
                tables.photo_judgements.insert(), photo_judgements.as_row(KEYS, JUDGED)
            )
            about = (JUDGED, FILED.id, SITE.id, CONFIRMING)
            await photo_opinions.say(tx, KEYS, *about, was_fine=False)
            history = ReminderHistory()
            for number in (1, 2):
                await reminders.keep(tx, KEYS, candidate(number).id, history, CONFIRMING)
            await broadcasts.add(tx, KEYS, BROADCAST)
            await installation.write(tx, Fact.RELEASED, RELEASED_AT)
            jobs = [
                StoredJob(JobKind.PRINT, f"{candidate(number).id}", CONFIRMING, payload=b"{}")
                for number in (1, 2)
            ]
            await Jobs(db, KEYS).enqueue(tx, jobs)
            await notes.add(tx, KEYS, FILED.id, SITE, NOTE, "电话里说过", CONFIRMING)
            paper = PaperJudgement(PAPER, HOLDER, CONFIRMING, read_at=CONFIRMING)
            await tx.execute(tables.paper_judgements.insert(), papers.as_row(KEYS, paper))
            await claims.take(access(tx, [CLERK], CONFIRMING), EFFECTIVE.id)
            held = await claims.read(access(tx, [CLERK], CONFIRMING), EFFECTIVE.id)
            await decisions.decide(tx, KEYS, held, DECIDED, None, CONFIRMING, PACE)
            for version in VERSIONS:
                await exam_versions.add(tx, KEYS, version)
            await audit_log.add(tx, KEYS, entries())
        yield process


Read = Callable[[Connection], Awaitable[object]]


async def _reads_reminders(connection: Connection) -> object:
    return await reminders.due(connection, KEYS, CONFIRMING)


async def _reads_submissions(connection: Connection) -> object:
    return await submissions.history(connection, KEYS, FILED.id)


async def _reads_contents(connection: Connection) -> object:
    return await submissions.contents(connection, KEYS, FILED.id, [FILED.revision])


async def _reads_judgement(connection: Connection) -> object:
    return await photo_judgements.of_blob(connection, KEYS, JUDGED.blob)


async def _reads_case(connection: Connection) -> object:
    return await cases.of_id(connection, KEYS, CASE.id)


async def _reads_request(connection: Connection) -> object:
    return await late_changes.by_id(connection, KEYS, REQUEST.id)


async def _reads_look(connection: Connection) -> object:
    return await second_looks.of_applications(connection, KEYS, [FILED.id])


async def _reads_notes(connection: Connection) -> object:
    return await notes.of_applications(connection, KEYS, [FILED.id, OTHER.id])


async def _reads_papers(connection: Connection) -> object:
    mine = await papers.of_person(connection, KEYS, HOLDER)
    return mine or await papers.of_person(connection, KEYS, candidate(2).id)


REFUSED: Final[dict[str, tuple[str, str, int, Read]]] = {
    "a case of somebody else": (
        f"UPDATE cases SET person_id = {candidate(2).id}",
        *("cases", CASE.id, _reads_case),
    ),
    "a case about another number": (
        f"UPDATE cases SET number_hash = '{'b' * 64}'",
        *("cases", CASE.id, _reads_case),
    ),
    "a case of another site": ("UPDATE cases SET site = 'haidong'", "cases", CASE.id, _reads_case),
    "a case that somebody has granted": (
        f"UPDATE cases SET outcome = 'granted', decided_by = {SITE.id}, "
        "decided_at = opened_at, effective_at = opened_at",
        *("cases", CASE.id, _reads_case),
    ),
    "a case without an answer that is closed": (
        "UPDATE cases SET closed_at = opened_at",
        *("cases", CASE.id, _reads_case),
    ),
    "a late change that is approved": (
        "UPDATE late_changes SET state = 'open', until = '2027-01-01 00:00:00+00:00'",
        *("late_changes", REQUEST.id, _reads_request),
    ),
    "a late change of another application": (
        f"UPDATE late_changes SET application_id = {OTHER.id}",
        *("late_changes", REQUEST.id, _reads_request),
    ),
    "a second look that somebody agreed to": (
        f"UPDATE second_looks SET outcome = 'agreed', ended_by = {SITE.id}, ended_at = asked_at",
        *("second_looks", 61, _reads_look),
    ),
    "a submission that was never withdrawn": (
        f"UPDATE submissions SET withdrawn_at = at WHERE application_id = {FILED.id}",
        *("submissions", FILED.id, _reads_submissions),
    ),
    "a submission that counts as unchanged": (
        f"UPDATE submissions SET changes = changes - 1 WHERE application_id = {FILED.id}",
        *("submissions", FILED.id, _reads_submissions),
    ),
    "a submission of an earlier day": (
        "UPDATE submissions SET at = '2025-01-01 00:00:00+00:00' "
        f"WHERE application_id = {FILED.id}",
        *("submissions", FILED.id, _reads_submissions),
    ),
    "a submission with the hash of another": (
        f"UPDATE submissions SET content_hash = '{'c' * 64}' WHERE application_id = {FILED.id}",
        *("submissions", FILED.id, _reads_contents),
    ),
    "a photo whose faults are gone": (
        "UPDATE photo_judgements SET verdicts = '{}'",
        *("photo_judgements", HOLDER, _reads_judgement),
    ),
    "a photo that nobody mended": (
        "UPDATE photo_judgements SET is_mended = NOT is_mended",
        *("photo_judgements", HOLDER, _reads_judgement),
    ),
    "a judgement of somebody else's photo": (
        f"UPDATE photo_judgements SET person_id = {candidate(2).id}",
        *("photo_judgements", candidate(2).id, _reads_judgement),
    ),
    "a note on another application": (
        f"UPDATE notes SET application_id = {OTHER.id}",
        *("notes", NOTE, _reads_notes),
    ),
    "a note under a colleague's name": (
        f"UPDATE notes SET seat_id = {CLERK.id}",
        *("notes", NOTE, _reads_notes),
    ),
    "a note of another day": (
        "UPDATE notes SET at = '2025-01-01 00:00:00+00:00'",
        *("notes", NOTE, _reads_notes),
    ),
    "a paper that somebody else could export": (
        f"UPDATE paper_judgements SET person_id = {candidate(2).id}",
        *("paper_judgements", candidate(2).id, _reads_papers),
    ),
    "a paper that nobody has read": (
        "UPDATE paper_judgements SET reading = NULL, read_at = NULL",
        *("paper_judgements", HOLDER, _reads_papers),
    ),
}
NAMED: Final[dict[str, tuple[str, tuple[str, str, int]]]] = {
    "an opinion turned round": (
        "UPDATE photo_opinions SET was_fine = NOT was_fine",
        ("changed", "photo_opinions", FILED.id),
    ),
    "an opinion that nobody had": (
        f"INSERT INTO photo_opinions SELECT {OTHER.id}, blob, seat_id, at, was_fine, verdicts, mac "
        "FROM photo_opinions",
        ("changed", "photo_opinions", OTHER.id),
    ),
    "a submission is taken out": (
        f"DELETE FROM submissions WHERE application_id = {FILED.id}",
        ("submissions", "applications", FILED.id),
    ),
    "a late change is taken out": (
        "DELETE FROM late_changes",
        ("late-changes", "applications", FILED.id),
    ),
    "a broadcast that goes on": (
        "UPDATE broadcasts SET state = 'paused'",
        ("broadcast", "broadcasts", BROADCAST.id),
    ),
    "a broadcast that nobody began": (
        "INSERT INTO broadcasts SELECT 52, bot_id, exam, state, made_by, made_at, audience, "
        "message, fingerprint, paid, deadline, starts_at, round, went_on_at, done_before, "
        "ended_at, mac FROM broadcasts",
        ("broadcast", "broadcasts", 52),
    ),
    "a broadcast is taken out": (
        "DELETE FROM broadcasts",
        ("broadcast", "broadcasts", BROADCAST.id),
    ),
    "a decision that never takes effect": (
        "UPDATE verdicts SET applied_at = decided_at",
        ("applied", "applications", EFFECTIVE.id),
    ),
    "a changed exam as it was before": (
        "DELETE FROM exam_versions WHERE number = 2",
        ("exam", "exam_versions", 2),
    ),
    "an exam without its changes": (
        "DELETE FROM exam_versions",
        ("exam", "exam_versions", 1),
    ),
    "deadlines that nobody released": (
        "UPDATE facts SET value = '2026-01-02T00:00:00+00:00' WHERE key = 'released'",
        ("released", "facts", 0),
    ),
    "a release that is no moment": (
        "UPDATE facts SET value = 'soon' WHERE key = 'released'",
        ("released", "facts", 0),
    ),
    "fees that nobody released": (
        f"INSERT INTO facts VALUES ('unpaid-released', '{RELEASED_AT}')",
        ("released", "facts", 1),
    ),
}


async def tampers(db: Database, statement: str) -> None:
    """Somebody writes the database with its own tools."""
    async with db.write() as connection:
        assert (await connection.execute(text(statement))).rowcount > 0, statement


async def named(db: Database) -> set[tuple[str, str, int]]:
    """The differences that the verification names."""
    async with db.read() as connection:
        found = await replay.differences(connection, KEYS)
    return {(one.kind.value, one.table, one.row_id) for one in found}


async def test_sound_tables_have_no_difference(process: StorageProcess) -> None:
    assert await named(process.db) == set()
    async with process.db.read() as connection:
        for _, _, _, read in REFUSED.values():
            assert await read(connection)
        assert await photo_opinions.said(connection, KEYS, FILED.id, JUDGED.blob) is False


@pytest.mark.parametrize("what", REFUSED)
async def test_a_changed_row_is_refused_and_named(process: StorageProcess, what: str) -> None:
    statement, table, row_id, read = REFUSED[what]
    await tampers(process.db, statement)
    assert ("changed", table, row_id) in await named(process.db)
    async with process.db.read() as connection:
        with pytest.raises(WrongKey):
            await read(connection)


@pytest.mark.parametrize("what", NAMED)
async def test_what_no_row_shows_is_named(process: StorageProcess, what: str) -> None:
    statement, difference = NAMED[what]
    await tampers(process.db, statement)
    assert difference in await named(process.db)


async def test_a_forged_opinion_counts_for_nothing(process: StorageProcess) -> None:
    async with process.db.read() as connection:
        assert (await photo_opinions.counts(access(connection, [SITE], CONFIRMING)))[0] == 1
    await tampers(process.db, NAMED["an opinion turned round"][0])
    async with process.db.read() as connection:
        assert (await photo_opinions.counts(access(connection, [SITE], CONFIRMING)))[0] == 0
        assert await photo_opinions.said(connection, KEYS, FILED.id, JUDGED.blob) is None


async def _reads_jobs(connection: Connection) -> object:
    rows = await connection.execute(select(tables.jobs.c.key, tables.jobs.c.payload))
    return [KEYS.decrypt(row.payload, f"jobs/{JobKind.PRINT}/{row.key}") for row in rows]


MOVED: Final[Sequence[tuple[str, str, str, str, str, Read]]] = (
    ("reminders", "history", "person_id", f"{HOLDER}", f"{candidate(2).id}", _reads_reminders),
    ("jobs", "payload", "key", f"'{HOLDER}'", f"'{candidate(2).id}'", _reads_jobs),
    ("submissions", "content", "application_id", f"{FILED.id}", f"{OTHER.id}", _reads_contents),
)


@pytest.mark.parametrize(("table", "column", "kept", "one", "two", "read"), MOVED)
async def test_an_encrypted_document_of_another_row_is_refused(
    process: StorageProcess, table: str, column: str, kept: str, one: str, two: str, read: Read
) -> None:
    """It is bound to its place, so it cannot be moved to somebody else."""
    await tampers(
        process.db,
        f"UPDATE {table} SET {column} = (SELECT {column} FROM {table} WHERE {kept} = {two}) "
        f"WHERE {kept} = {one}",
    )
    async with process.db.read() as connection:
        with pytest.raises(WrongKey):
            await read(connection)


async def test_a_release_of_an_older_version_is_no_later_than_its_entry(
    process: StorageProcess,
) -> None:
    """Those entries do not name the moment up to which they released."""
    old = AuditEntry(900, CONFIRMING, 1000, AuditAction.EXPIRY_RELEASED, detail="gap=3")
    for moment, is_known in ((CONFIRMING, True), (CONFIRMING + timedelta(days=1), False)):
        async with process.db.write() as tx:
            await tx.execute(tables.audit.delete().where(tables.audit.c.id == old.id))
            await audit_log.add(tx, KEYS, [old])
            await installation.write(tx, Fact.UNPAID_RELEASED, moment.isoformat())
        assert (("released", "facts", 1) not in await named(process.db)) is is_known


async def test_rows_of_an_older_version_get_their_macs_by_the_migration(
    process: StorageProcess,
) -> None:
    await schema.migrate(process.db, "0019", keyring=KEYS)
    await schema.migrate(process.db, keyring=KEYS)
    assert await named(process.db) == set()
    await schema.migrate(process.db, "0015", keyring=KEYS)
    await schema.migrate(process.db, keyring=KEYS)
    # The table of the versions is younger, so they are gone.
    assert await named(process.db) == {("exam", "exam_versions", number) for number in (1, 2)}
    async with process.db.read() as connection:
        assert (await submissions.history(connection, KEYS, FILED.id)).current
        assert await photo_judgements.of_blob(connection, KEYS, JUDGED.blob)
        assert await photo_opinions.said(connection, KEYS, FILED.id, JUDGED.blob) is False


NO_MOMENTS: Final[dict[str, tuple[str, tuple[str, str, int]]]] = {
    "a word": (
        f"UPDATE people SET consented_at = 'soon' WHERE id = {HOLDER}",
        ("changed", "people", HOLDER),
    ),
    "bytes": (
        f"UPDATE seats SET granted_at = x'ff00' WHERE id = {CLERK.id}",
        ("changed", "seats", CLERK.id),
    ),
    "a number": (
        f"UPDATE seats SET revoked_at = 5 WHERE id = {CLERK.id}",
        ("changed", "seats", CLERK.id),
    ),
    "a moment before the first": (
        f"UPDATE exam_versions SET taken_at = '0001-01-01 00:00:00+23:00' WHERE id = {90 + 2}",
        ("changed", "exam_versions", 92),
    ),
    "of a column without a mac": (
        f"UPDATE verdicts SET applied_at = 'soon' WHERE id = {DECIDED}",
        ("applied", "applications", EFFECTIVE.id),
    ),
    "of the audit": ("UPDATE audit SET at = 'soon' WHERE id = 107", ("forged", "audit", 107)),
}
"""SQLite keeps whatever somebody writes."""


@pytest.mark.parametrize("what", NO_MOMENTS)
async def test_a_moment_that_is_none_ends_no_verification(sqlite_database: str, what: str) -> None:
    statement, difference = NO_MOMENTS[what]
    async with filled(sqlite_database) as process:
        await tampers(process.db, statement)
        assert difference in await named(process.db)
        async with process.db.read() as connection:
            assert await audit_log.history_of(connection, FILED.id)


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        (f"UPDATE people SET consented_at = 'infinity' WHERE id = {HOLDER}", "changed"),
        (f"UPDATE people SET consented_at = '-infinity' WHERE id = {HOLDER}", "changed"),
        ("UPDATE audit SET at = 'infinity' WHERE id = 107", "forged"),
    ],
    ids=["far", "long ago", "of the audit"],
)
async def test_a_moment_that_never_comes_has_an_hour_in_each_zone(
    postgresql_database: str, statement: str, difference: str
) -> None:
    async with filled(postgresql_database) as process:
        await tampers(process.db, statement)
        assert difference in {kind for kind, _, _ in await named(process.db)}
        async with process.db.read() as connection:
            (*_, last) = await audit_log.history_of(connection, FILED.id)
        assert last.entry.at.astimezone(EXAM.tz) >= CONFIRMING
