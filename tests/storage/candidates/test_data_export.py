"""Everything of one person, and nothing of another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from states.records import PersonId, Stage
from states.staff.cases import CaseKind, CaseOutcome
from states.staff_roles import Role, RoleAssignment, Scope
from storage import data_export
from storage.audit.audit_log import AuditAction
from storage.candidates import applications
from storage.candidates.blobs import StoredFile
from storage.candidates.cases import open_case, save
from storage.engine import tables
from storage.staff.access import role_assignments
from tests.storage.people import CASE
from tests.storage.process import (
    BOT,
    EXAM,
    LING,
    MING,
    NOW,
    StorageProcess,
    keyring,
)

FILE = StoredFile("a" * 64, 0, "portrait", 7, NOW)


async def comes(process: StorageProcess, update_id: int, telegram_id: int, *exams: str) -> PersonId:
    """Somebody registers for these exams, and one file of theirs is kept."""
    unit = await process.unit(update_id, telegram_id)
    person = unit.new_person(telegram_id)
    unit.audit(AuditAction.CONSENTED, "v1")
    unit.files.append(replace(FILE, name=f"{telegram_id:064}", person_id=person.id))
    await process.flush(unit)
    async with process.db.write() as connection:
        for exam in exams:
            row = applications.as_row(keyring(), unit.new_application(person, exam))
            await connection.execute(tables.applications.insert(), row)
        await open_case(connection, keyring(), replace(CASE, id=unit.new_id(), person_id=person.id))
    return person.id


@pytest.mark.row("B21")
async def test_it_holds_the_applications_for_every_exam_the_files_the_cases_and_the_deeds(
    process: StorageProcess,
) -> None:
    ling = await comes(process, 1, LING, EXAM, "health-2027")
    await comes(process, 2, MING, EXAM)
    found = await data_export.read(process.db, keyring(), BOT, LING)
    assert found.person.id == ling
    assert [one.exam for one in found.applications] == [EXAM, "health-2027"]
    assert {one.person_id for one in found.applications} == {ling}
    assert [kept.name for kept in found.files] == [f"{LING:064}"]
    assert [(case.person_id, case.kind, case.site) for case in found.cases] == [
        (ling, CaseKind.NUMBER_TAKEN, "xining")
    ]
    assert [(action.action, action.detail) for action in found.audit_entries] == [
        (AuditAction.CONSENTED, "v1")
    ]


@pytest.mark.row("B21")
async def test_it_holds_the_seats_of_the_account_revoked_or_not(process: StorageProcess) -> None:
    await comes(process, 1, LING)
    mine = RoleAssignment(
        1, BOT, LING, Role.POINT_CLERK, Scope("qinghai", "xining"), "刘玲", 1000, NOW
    )
    over = replace(mine, id=2, revoked_at=NOW)
    others = [replace(mine, id=3, telegram_id=MING), replace(mine, id=4, bot_id=BOT + 1)]
    async with process.db.write() as connection:
        for assignment in (mine, over, *others):
            await role_assignments.grant(connection, keyring(), assignment)
    assert (await data_export.read(process.db, keyring(), BOT, LING)).assignments == (mine, over)


@pytest.mark.row("B10", "B21", "B27")
async def test_a_decision_on_a_case_is_told_once_nobody_can_undo_it(
    process: StorageProcess,
) -> None:
    await comes(process, 1, LING)
    (case,) = (await data_export.read(process.db, keyring(), BOT, LING)).cases
    clerk = RoleAssignment(9, BOT, 900, Role.SITE_REVIEWER, Scope("qinghai", "xining"), "", 1, NOW)
    ends = NOW + timedelta(seconds=60)
    decided = replace(
        case,
        outcome=CaseOutcome.DECLINED,
        decided_by=9,
        decided_at=NOW,
        effective_at=ends,
        answer="证件看不清",
    )
    async with process.db.write() as connection:
        await role_assignments.grant(connection, keyring(), clerk)
        await save(connection, keyring(), decided)
    assert (await data_export.read(process.db, keyring(), BOT, LING)).cases == (case,)
    closed = replace(decided, closed_at=ends)
    async with process.db.write() as connection:
        await save(connection, keyring(), closed)
    assert (await data_export.read(process.db, keyring(), BOT, LING)).cases == (closed,)


async def test_of_a_stranger_there_is_none(process: StorageProcess) -> None:
    with pytest.raises(LookupError):
        await data_export.read(process.db, keyring(), BOT, LING)


@pytest.mark.parametrize(("stage", "found"), [(Stage.DRAFT, False), (Stage.SUBMITTED, True)])
async def test_what_was_handed_in_for_another_exam_counts_too(
    process: StorageProcess, stage: Stage, found: bool
) -> None:
    ling = await comes(process, 1, LING, EXAM, "health-2027")
    async with process.db.write() as connection:
        table = tables.applications
        change = table.update().where(table.c.exam == "health-2027").values(stage=stage)
        await connection.execute(change)
        assert await applications.any_submitted(connection, ling) is found
        assert not await applications.any_submitted(connection, PersonId(ling + 1))
