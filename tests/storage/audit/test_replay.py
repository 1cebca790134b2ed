"""Whoever writes the database without the keys: each manipulation is refused or named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import text

from states.records import Person, PersonId, Stage
from states.staff_roles import Invite, Role, Scope
from states.step_result import ShowScreen
from storage.audit import audit_log, replay
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.candidates import applications, people
from storage.engine import tables
from storage.engine.database import Connection, Database
from storage.engine.row_macs import RowChanged
from storage.staff.access import invites, role_assignments, staff_groups
from storage.staff.cases import claims, decisions
from storage.updates.outbox import OutgoingMessage
from tests.factories import BOT
from tests.storage.process import LING, StorageProcess, message, started_process
from tests.storage.staff_members import (
    CLERK,
    CONFIRMING,
    KEYS,
    OTHER_CLERK,
    PACE,
    access,
    candidate,
    come,
    grant_all,
    waiting,
)

pytestmark = pytest.mark.row("B13")

GROUP, SCOPE = -100500, Scope("qinghai", "xining")
REVOKED = replace(OTHER_CLERK, revoked_at=CONFIRMING)
INVITE = Invite(77, BOT, Role.POINT_CLERK, CLERK.scope, 9, CONFIRMING, CONFIRMING + timedelta(1))
PLAIN = Person(PersonId(8), BOT, LING, consent="v1")


def entries() -> list[AuditEntry]:
    """What the audit has of all this."""
    one, two = waiting(1), waiting(2)
    told = [
        (AuditAction.ROLE_GRANTED, None, f"{CLERK.id} point-clerk qinghai/xining/east"),
        (AuditAction.ROLE_GRANTED, None, f"{REVOKED.id} point-clerk qinghai/xining/east"),
        (AuditAction.ROLE_REVOKED, None, f"{REVOKED.id}"),
        (AuditAction.GROUP_BOUND, None, f"{GROUP} qinghai/xining"),
        (AuditAction.SUBMITTED, one, f"{one.revision}"),
        (AuditAction.SUBMITTED, two, f"{two.revision}"),
        (AuditAction.DECIDED, one, f"confirm {one.revision}"),
    ]
    return [
        AuditEntry(
            100 + number,
            CONFIRMING,
            CLERK.telegram_id,
            action,
            about.person_id if about else None,
            about.id if about else None,
            detail,
        )
        for number, (action, about, detail) in enumerate(told)
    ]


@pytest_asyncio.fixture
async def process(database: str) -> AsyncIterator[StorageProcess]:
    """Roles, a group, two applications, a decision, and an update and a message that wait."""
    async with started_process(database) as process:
        db = process.db
        await grant_all(db, CLERK, REVOKED)
        await come(db, waiting(1), waiting(2))
        async with db.write() as tx:
            await staff_groups.bind(tx, BOT, GROUP, SCOPE, 9, CONFIRMING)
            await tx.execute(db.upsert(tables.people), [people.as_row(KEYS, PLAIN)])
            await claims.take(access(tx, [CLERK], CONFIRMING), waiting(1).id)
            held = await claims.read(access(tx, [CLERK], CONFIRMING), waiting(1).id)
            await decisions.decide(tx, KEYS, held, 900, None, CONFIRMING, PACE)
            await invites.make(tx, KEYS, INVITE, "inv_x")
            await audit_log.add(tx, KEYS, entries())
            shown = OutgoingMessage(901, "s901", BOT, LING, ShowScreen("status"), CONFIRMING)
            await process.outbox.add(tx, [shown])
        await process.inbox.keep(process.inbox.number(BOT, [message(5)], CONFIRMING))
        yield process


async def named(db: Database) -> set[tuple[str, str, int]]:
    """The differences that the verification names."""
    async with db.read() as connection:
        found = await replay.differences(connection, KEYS)
    return {(one.kind.value, one.table, one.row_id) for one in found}


async def tampers(db: Database, statement: str) -> None:
    """Somebody writes the database with its own tools."""
    async with db.write() as connection:
        for one in statement.split(";"):
            assert (await connection.execute(text(one))).rowcount > 0, one


ONE, TWO = waiting(1).id, waiting(2).id
HOLDER = candidate(1).id
CHANGED = {
    "a seat of another account": (
        f"UPDATE seats SET telegram_id = 31337 WHERE id = {CLERK.id}",
        ("changed", "seats", CLERK.id),
    ),
    "a seat with another role": (
        f"UPDATE seats SET role = 'administrator' WHERE id = {CLERK.id}",
        ("changed", "seats", CLERK.id),
    ),
    "a seat with a wider scope": (
        f"UPDATE seats SET site = '', point = '' WHERE id = {CLERK.id}",
        ("changed", "seats", CLERK.id),
    ),
    "a revoked seat is given again": (
        f"UPDATE seats SET revoked_at = NULL WHERE id = {REVOKED.id}",
        ("changed", "seats", REVOKED.id),
    ),
    "a seat that nobody granted": (
        "INSERT INTO seats SELECT 666, bot_id, 31337, role, area, site, point, name, granted_by, "
        f"granted_at, revoked_at, mac FROM seats WHERE id = {CLERK.id}",
        ("role", "seats", 666),
    ),
    "a messenger account": (
        f"UPDATE people SET telegram_id = 31337 WHERE id = {HOLDER}",
        ("changed", "people", HOLDER),
    ),
    "an identity of somebody else": (
        f"UPDATE people SET identity = (SELECT identity FROM people WHERE id = {PLAIN.id}) "
        f"WHERE id = {HOLDER}",
        ("changed", "people", HOLDER),
    ),
    "another number": (
        f"UPDATE people SET number_hash = '{'f' * 63}0' WHERE id = {HOLDER}",
        ("changed", "people", HOLDER),
    ),
    "another portrait": (
        f"UPDATE people SET photo = '{'9' * 64}' WHERE id = {HOLDER}",
        ("changed", "people", HOLDER),
    ),
    "an application's portrait": (
        f"UPDATE applications SET photo = '{'9' * 64}' WHERE id = {TWO}",
        ("changed", "applications", TWO),
    ),
    "an application of another person": (
        f"UPDATE applications SET person_id = {PLAIN.id} WHERE id = {TWO}",
        ("changed", "applications", TWO),
    ),
    "an application of another site": (
        f"UPDATE applications SET site = 'haidong' WHERE id = {TWO}",
        ("changed", "applications", TWO),
    ),
    "a stage": (
        f"UPDATE applications SET stage = 'registered' WHERE id = {TWO}",
        ("changed", "applications", TWO),
    ),
    "a revision": (
        f"UPDATE applications SET revision = 1 WHERE id = {TWO}",
        ("changed", "applications", TWO),
    ),
    "a decision of somebody else": (
        f"UPDATE verdicts SET seat_id = {REVOKED.id} WHERE id = 900",
        ("changed", "verdicts", 900),
    ),
    "a decision turned round": (
        "UPDATE verdicts SET approving = NOT approving WHERE id = 900",
        ("changed", "verdicts", 900),
    ),
    "an invitation to more": (
        "UPDATE invites SET role = 'administrator', area = '', site = '', point = '' WHERE id = 77",
        ("changed", "invites", 77),
    ),
    "a waiting update of somebody else": (
        "UPDATE inbox SET lane = 31337",
        ("changed", "inbox", 0),
    ),
    "a waiting message to somebody else": (
        "UPDATE outbox SET chat_id = 31337",
        ("changed", "outbox", 901),
    ),
}
GONE = {
    "a seat is taken out": (
        f"DELETE FROM seats WHERE id = {REVOKED.id}",
        ("role-gone", "seats", REVOKED.id),
    ),
    "an application is taken out": (
        f"DELETE FROM submissions WHERE application_id = {TWO};"
        f"DELETE FROM applications WHERE id = {TWO}",
        ("application-gone", "applications", TWO),
    ),
    "a decision is taken out": (
        "DELETE FROM verdicts WHERE id = 900",
        ("decisions", "applications", ONE),
    ),
    "a group with a wider scope": (
        "UPDATE groups SET site = ''",
        ("group", "groups", GROUP),
    ),
    "a group that nobody bound": (
        f"UPDATE groups SET chat_id = {GROUP - 1}",
        ("group", "groups", GROUP - 1),
    ),
    "an entry of the audit": (
        "INSERT INTO audit (id, at, actor, deed, detail) "
        "VALUES (500, '2025-12-02 01:03:00+00:00', 9, 'seated', '666 administrator')",
        ("forged", "audit", 500),
    ),
    "an entry under another name": (
        "UPDATE audit SET actor = 31337 WHERE id = 106",
        ("forged", "audit", 106),
    ),
}


async def test_a_sound_database_has_no_difference(process: StorageProcess) -> None:
    assert await named(process.db) == set()


@pytest.mark.parametrize("what", [*CHANGED, *GONE])
async def test_what_is_written_without_the_keys_is_named(
    process: StorageProcess, what: str
) -> None:
    statement, (kind, table, row_id) = (CHANGED | GONE)[what]
    await tampers(process.db, statement)
    found = await named(process.db)
    if row_id:
        assert (kind, table, row_id) in found
    else:
        assert {(one, where) for one, where, _ in found} == {(kind, table)}


@pytest.mark.parametrize("what", CHANGED)
async def test_a_changed_row_is_refused_where_it_is_read(
    process: StorageProcess, what: str
) -> None:
    statement, (_, table, row_id) = CHANGED[what]
    await tampers(process.db, statement)
    if table == "inbox":
        assert await process.inbox.recover() == []
        return
    if table == "outbox":
        assert await process.outbox.waiting(CONFIRMING) == []
        return
    async with process.db.read() as connection:
        with pytest.raises(RowChanged):
            await reads(connection, table, row_id)


async def reads(connection: Connection, table: str, row_id: int) -> None:
    """The bot reads a row."""
    match table:
        case "seats":
            await role_assignments.of_id(connection, KEYS, row_id)
        case "people":
            await people.by_ids(connection, KEYS, [PersonId(row_id)])
        case "applications":
            await applications.by_ids(connection, KEYS, [TWO])
        case "verdicts":
            await decisions.waiting(connection, KEYS, [row_id])
        case "invites":
            await invites.of_id(connection, KEYS, row_id)


async def test_an_older_version_of_a_row_is_named_by_the_audit(process: StorageProcess) -> None:
    """Its MAC was right once: what happened since is in the audit."""
    old = role_assignments.as_row(KEYS, replace(REVOKED, revoked_at=None))
    earlier = applications.as_row(KEYS, replace(waiting(2), stage=Stage.DRAFT, revision=0))
    async with process.db.write() as tx:
        await tx.execute(process.db.upsert(tables.role_assignments), [old])
        await tx.execute(process.db.upsert(tables.applications), [earlier])
    assert await named(process.db) == {
        ("role", "seats", REVOKED.id),
        ("stage", "applications", TWO),
        ("submissions", "applications", TWO),
    }
