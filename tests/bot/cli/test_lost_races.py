"""A command beside a busy bot: a lost race is tried again, and never counts as perhaps done."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cli import console, exam_versions, jobs, payments, staff
from bot.cli import keys as keys_command
from bot.core.database import read_keys
from bot.core.settings import Refused, Settings
from states.exam import PaymentWay
from states.records import Stage
from states.staff_roles import Invite, Role, RoleAssignment, Scope
from states.submissions.application_codes import code_of
from storage.audit.audit_log import AuditAction
from storage.engine import installation, tables
from storage.engine.database import Conflict, Database, InDoubt
from storage.engine.encryption import Keyring
from storage.engine.installation import Fact
from storage.engine.tables import JobState
from storage.staff.access import invites, role_assignments
from tests.databases import opened
from tests.e2e import bot_settings
from tests.factories import BOT, EXAM
from tests.storage.staff_members import CONFIRMING, KEYS, come, waiting

SECRETS = ",".join(
    f"{name}:{b64encode(key).decode()}" for name, key in (("lookup", b"l" * 32), ("k1", b"k1" * 16))
)
"""The keys of the storage's tests, as a setting."""
pytestmark = pytest.mark.row("C2", "B13")
ROLE = RoleAssignment(
    77, BOT, 5001, Role.SITE_REVIEWER, Scope("qinghai", "xining"), "示例", 9, CONFIRMING
)


def test_a_command_tries_again_until_it_wins_and_says_so_if_it_never_does() -> None:
    tries = []

    async def wins_the_third_time() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise Conflict("faster")
        return "done"

    async def never_wins() -> str:
        raise Conflict("faster")

    assert console.run(wins_the_third_time) == "done"
    assert len(tries) == 3
    with pytest.raises(Refused):
        console.run(never_wins)


async def test_a_conflict_at_the_commit_is_not_in_doubt(postgresql_database: str) -> None:
    """Each of two transactions counts, and then adds what the other one has counted."""
    count = select(func.count()).select_from(tables.facts)
    async with opened(postgresql_database) as one, opened(postgresql_database) as other:

        async def crosses() -> None:
            async with one.write() as first:
                await first.scalar(count)
                await first.execute(insert(tables.facts).values(key="a", value="1"))
                async with other.write() as second:
                    await second.scalar(count)
                    await second.execute(insert(tables.facts).values(key="b", value="1"))

        with pytest.raises(Conflict) as raised:
            await crosses()
        assert not isinstance(raised.value, InDoubt)


async def test_a_role_is_revoked_although_the_bot_changes_its_row_meanwhile(
    postgresql_database: str, tmp_path: Path
) -> None:
    settings = bot_settings.at(tmp_path, postgresql_database)
    settings.folder.mkdir(parents=True)
    keys = read_keys(settings, create=True)
    async with opened(postgresql_database) as db:
        await installation.bind_keys(db, keys)
        role = replace(ROLE, bot_id=settings.bot_id)
        async with db.write() as connection:
            await role_assignments.grant(connection, keys, role)
        async with db.write() as connection:
            changed = tables.role_assignments.update().values(granted_at=CONFIRMING)
            await connection.execute(changed)
            command = asyncio.create_task(
                asyncio.to_thread(console.run, partial(staff.revoke_role, settings, ROLE.id))
            )
            await asyncio.sleep(0.5)
        assert [text.key for text in await command] == ["cli-staff-revoked"]


@pytest.mark.row("S24")
async def test_a_file_of_payments_is_imported_although_the_bot_changes_the_application_meanwhile(
    postgresql_database: str, tmp_path: Path
) -> None:
    """Only the batch that lost is settled again: what it reports are new payments."""
    known = bot_settings.at(tmp_path, postgresql_database)
    settings = known.model_copy(update={"secret_keys": SECRETS})
    approved = replace(waiting(1), stage=Stage.APPROVED)
    bill = tmp_path / "bill.csv"
    line = f"{code_of(approved.id)},PJ0001,260.00,2026-02-05 10:00:00"
    bill.write_text(f"报名编号,票据号,金额,支付时间\n{line}\n", "utf-8")
    async with opened(postgresql_database) as db:
        await installation.bind_keys(db, KEYS)
        await come(db, approved)
        async with db.write() as connection:
            applications = tables.applications
            await connection.execute(applications.update().values(stage=applications.c.stage))
            work = partial(payments.import_file, settings, bill, PaymentWay.DESKTOP)
            command = asyncio.create_task(asyncio.to_thread(asyncio.run, work()))
            await asyncio.sleep(1.0)
            assert not command.done()
        (said,) = await command
    assert said.args["lines"] == 1
    assert said.args["known"] == 0


# --- every command that writes -------------------------------------------------------------------

Work = Callable[[], Coroutine[Any, Any, object]]


async def invites_somebody(settings: Settings, _db: Database, _keys: Keyring) -> Work:
    """Make an invitation."""
    return partial(staff.make_invite, settings, Role.AREA_REVIEWER, Scope("qinghai"))


async def revokes(settings: Settings, db: Database, keys: Keyring) -> Work:
    """Revoke a role."""
    async with db.write() as connection:
        role = replace(ROLE, bot_id=settings.bot_id)
        await role_assignments.grant(connection, keys, role)
    return partial(staff.revoke_role, settings, ROLE.id)


async def withdraws_an_invitation(settings: Settings, db: Database, keys: Keyring) -> Work:
    """End an invitation."""
    now = datetime.now(UTC)
    made = Invite(5, settings.bot_id, Role.AREA_REVIEWER, ROLE.scope, 0, now, now + timedelta(1))
    async with db.write() as connection:
        await invites.make(connection, keys, made, invites.new_payload())
    return partial(staff.withdraw_invite, settings, 5)


async def retries_a_job(settings: Settings, db: Database, _keys: Keyring) -> Work:
    """Start a failed job again."""
    row = {
        "kind": "broadcast",
        "key": "7",
        "run_at": CONFIRMING,
        "state": JobState.SET_ASIDE,
        "attempts": 6,
    }
    async with db.write() as connection:
        await connection.execute(insert(tables.jobs), row)
    return partial(jobs.retry_jobs, settings, "broadcast", "7")


async def rotates_the_keys(settings: Settings, _db: Database, _keys: Keyring) -> Work:
    """Add a key."""
    return partial(keys_command.rotate_keys, settings)


async def changes_the_exam(settings: Settings, _db: Database, _keys: Keyring) -> Work:
    """Store a changed definition."""
    changed = EXAM.model_copy(update={"name": "示例考试 2026"})
    return partial(exam_versions.store, settings, await exam_versions.plan(settings, changed))


async def drops_a_change(settings: Settings, db: Database, keys: Keyring) -> Work:
    """Drop a change that waits."""
    await (await changes_the_exam(settings, db, keys))()
    return partial(exam_versions.drop_waiting, settings)


COMMANDS: Mapping[Callable[..., Coroutine[Any, Any, Work]], AuditAction] = {
    invites_somebody: AuditAction.INVITED,
    revokes: AuditAction.ROLE_REVOKED,
    withdraws_an_invitation: AuditAction.INVITE_REFUSED,
    retries_a_job: AuditAction.JOB_RETRIED,
    rotates_the_keys: AuditAction.KEY_ROTATED,
    changes_the_exam: AuditAction.EXAM_CHANGE_STORED,
    drops_a_change: AuditAction.EXAM_CHANGE_DROPPED,
}
"""The commands that write, each with its audited act; payments are imported above."""


@pytest.mark.parametrize("prepare", COMMANDS)
async def test_each_command_that_loses_its_race_is_done_once(
    prepare: Callable[[Settings, Database, Keyring], Coroutine[Any, Any, Work]],
    postgresql_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = bot_settings.at(tmp_path, postgresql_database)
    settings.folder.mkdir(parents=True)
    keys = read_keys(settings, create=True)
    async with opened(postgresql_database) as db:
        await installation.bind_keys(db, keys)
        async with db.write() as connection:
            await installation.write(connection, Fact.USERNAME, "baoming_bot")
        work = await prepare(settings, db, keys)
    lost: list[bool] = []
    write = Database.write

    @asynccontextmanager
    async def loses_once(self: Database) -> AsyncIterator[AsyncConnection]:
        async with write(self) as connection:
            yield connection
            if not lost:
                lost.append(True)
                raise Conflict("somebody was faster")

    with monkeypatch.context() as patched:
        patched.setattr(Database, "write", loses_once)
        await asyncio.to_thread(console.run, work)
    assert lost
    async with opened(postgresql_database) as db, db.read() as connection:
        acts = list(await connection.scalars(select(tables.audit.c.action)))
    assert acts.count(COMMANDS[prepare]) == 1
