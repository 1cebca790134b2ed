"""Nobody grows the audit without bound: so many rows an hour, then one row that says how many."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.audit.audit_log import AuditAction, AuditEntry
from storage.audit.chain import Chain
from storage.engine import tables
from storage.engine.ids import RowIds
from storage.updates import audit_quota
from storage.updates.audit_quota import BOUNDED, ROWS_AN_HOUR, AuditQuota
from tests.storage.process import LING, NOW, StorageProcess, kept, keyring

pytestmark = pytest.mark.row("B13", "C2")


async def acts(process: StorageProcess, action: AuditAction, times: int) -> None:
    """Somebody does one thing again and again, each time in an update of its own."""
    for number in range(times):
        unit = await process.unit(number + 1)
        unit.audit(action)
        await process.flush(unit)


async def rows(database: str, action: AuditAction) -> list[str]:
    """The details of the rows of an action."""
    query = select(tables.audit.c.detail).where(tables.audit.c.action == action)
    return [detail for (detail,) in await kept(database, query.order_by(tables.audit.c.id))]


async def test_forged_buttons_leave_some_rows_and_then_their_number(
    process: StorageProcess, database: str
) -> None:
    await acts(process, AuditAction.DENIED, 3 * ROWS_AN_HOUR)
    assert await rows(database, AuditAction.DENIED) == [""] * ROWS_AN_HOUR
    later = NOW + timedelta(hours=2)
    async with process.db.write() as connection:
        assert await audit_quota.summarize(connection, keyring(), RowIds(), NOW) == 0, "not over"
        assert await audit_quota.summarize(connection, keyring(), RowIds(), later) == 1
        assert await audit_quota.summarize(connection, keyring(), RowIds(), later) == 0
    last = f"+{2 * ROWS_AN_HOUR}"
    assert await rows(database, AuditAction.DENIED) == [*[""] * ROWS_AN_HOUR, last]
    assert await Chain(process.db, keyring()).seal(later + timedelta(days=1)) is not None


async def test_what_the_replay_needs_is_never_left_out(
    process: StorageProcess, database: str
) -> None:
    needed = {
        *(AuditAction.SUBMITTED, AuditAction.WITHDRAWN, AuditAction.DECIDED, AuditAction.ERASED),
        *(AuditAction.ROLE_GRANTED, AuditAction.ROLE_REVOKED, AuditAction.TAKEN_BACK),
        *(AuditAction.GROUP_BOUND, AuditAction.GROUP_RELEASED, AuditAction.DECISION_APPLIED),
        *(AuditAction.PAID, AuditAction.MARKED_PAID, AuditAction.REFUNDED, AuditAction.SEARCHED),
    }
    assert not BOUNDED & needed
    await acts(process, AuditAction.SEARCHED, ROWS_AN_HOUR + 5)
    assert len(await rows(database, AuditAction.SEARCHED)) == ROWS_AN_HOUR + 5


async def test_erasures_of_people_who_filed_nothing_are_bounded(
    process: StorageProcess, database: str
) -> None:
    """Nobody erases an application that was submitted, so the replay asks for no such entry."""
    await acts(process, AuditAction.ERASED, ROWS_AN_HOUR + 5)
    assert len(await rows(database, AuditAction.ERASED)) == ROWS_AN_HOUR
    quota = AuditQuota()
    filed = [
        AuditEntry(number, NOW, LING, AuditAction.ERASED, 64, 65)
        for number in range(ROWS_AN_HOUR + 5)
    ]
    assert len(quota.admit(filed)[0]) == len(filed)


async def test_each_account_has_its_own_hour(process: StorageProcess) -> None:
    await acts(process, AuditAction.EXPORTED, 3)
    quota = process.work.quota
    assert quota.count(LING, AuditAction.EXPORTED, NOW) == 3
    assert quota.count(LING, AuditAction.EXPORTED, NOW + timedelta(hours=1)) == 0
    assert quota.count(LING + 1, AuditAction.EXPORTED, NOW) == 0


def test_many_accounts_of_one_hour_cost_no_more_than_few() -> None:
    """Only a new hour looks at all counts; it forgets those of the hour before the last."""
    quota, counted = AuditQuota(), 5_000
    for number in range(3 * counted):
        quota.admit([AuditEntry(number, NOW, number, AuditAction.DENIED)])
    began = time.perf_counter()
    for number in range(counted):
        quota.admit([AuditEntry(number, NOW, 10**6 + number, AuditAction.DENIED)])
    assert (time.perf_counter() - began) / counted < 0.001, "seconds an entry"
    quota.admit([AuditEntry(1, NOW + timedelta(hours=1), 1, AuditAction.DENIED)])
    assert quota.count(7, AuditAction.DENIED, NOW) == 1
    quota.admit([AuditEntry(1, NOW + timedelta(hours=2), 1, AuditAction.DENIED)])
    assert quota.count(7, AuditAction.DENIED, NOW) == 0
