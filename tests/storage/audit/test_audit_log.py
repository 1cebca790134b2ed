"""The audit: how often one messenger account did something, whoever they were to us then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.engine import tables
from storage.engine.database import Database
from tests.storage.process import LING, MING, NOW, keyring

pytestmark = pytest.mark.row("S1")

MINUTE = timedelta(minutes=1)


async def note(db: Database, *entries: AuditEntry) -> None:
    """Write these entries."""
    async with db.write() as connection:
        await connection.execute(
            tables.audit.insert(), [audit_log.as_row(keyring(), entry) for entry in entries]
        )


def taken(number: int, at: datetime, actor: int = LING, person: int | None = 64) -> AuditEntry:
    """A number that was taken."""
    return AuditEntry(number, at, actor, AuditAction.NUMBER_TAKEN, person)


async def test_deeds_are_counted_over_every_time_that_somebody_began_anew(
    second_db: Database, db: Database
) -> None:
    """An erasure makes another person of the same account, and none of nobody."""
    await note(
        db,
        taken(1, NOW, person=64),
        AuditEntry(2, NOW, LING, AuditAction.ERASED, 64),
        taken(3, NOW + MINUTE, person=128),
        taken(4, NOW + MINUTE, person=None),
        taken(5, NOW, MING, person=64),
        AuditEntry(6, NOW, LING, AuditAction.CASE_OPENED, 128),
    )
    async with second_db.read() as connection:
        since = NOW - MINUTE
        assert await audit_log.count(connection, LING, AuditAction.NUMBER_TAKEN, since) == 3
        assert await audit_log.count(connection, MING, AuditAction.NUMBER_TAKEN, since) == 1
        assert await audit_log.count(connection, LING, AuditAction.CASE_OPENED, since) == 1
        assert await audit_log.count(connection, LING, AuditAction.SUBMITTED, since) == 0


async def test_only_what_came_after_the_moment_is_counted(db: Database) -> None:
    await note(db, *(taken(n, NOW + n * MINUTE) for n in range(4)))
    async with db.read() as connection:
        for since, count in ((-1, 4), (0, 3), (2, 1), (3, 0)):
            found = await audit_log.count(
                connection, LING, AuditAction.NUMBER_TAKEN, NOW + since * MINUTE
            )
            assert found == count, since


async def test_counting_looks_at_the_deeds_of_one_account_only(db: Database) -> None:
    """The audit is for ever, and this is asked while somebody waits."""
    asked: list[tuple[str, Any]] = []

    async with db.write() as connection:
        engine = db.writer.sync_engine

        def note_it(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
            asked.append((statement, parameters))

        event.listen(engine, "before_cursor_execute", note_it)
        try:
            await audit_log.count(connection, LING, AuditAction.NUMBER_TAKEN, NOW)
        finally:
            event.remove(engine, "before_cursor_execute", note_it)
        ((statement, parameters),) = asked
        explain = "EXPLAIN QUERY PLAN" if db.is_sqlite else "EXPLAIN"
        if not db.is_sqlite:  # which finds a table of no rows quicker to read than any index
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        explained = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
        assert "ix_audit_actor" in str(list(explained))
        # What stands there where the index does not help.
        whole = await connection.execute(
            text(f"{explain} SELECT count(*) FROM audit WHERE deed = 'erased'")
        )
        assert "ix_audit_actor" not in str(list(whole))
