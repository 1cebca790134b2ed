"""The sandbox's staff get their roles at the first start, so that a newcomer can try every part."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from importlib import resources

from bot.core.open_storage import Storage
from bot.core.settings import Settings
from states.exam import Exam
from states.staff_roles import CLI_ACCOUNT, Role, RoleAssignment, Scope
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.staff.access import invites, role_assignments


def sample_staff() -> Iterator[tuple[int, str, Role, Scope]]:
    """Yield account, name, role and scope from ``sandbox_staff.csv``.

    One area confirms on site, one online. The settings name the administrator.
    """
    file = resources.files("bot.ops") / "sandbox_staff.csv"
    for row in csv.DictReader(file.read_text("utf-8").splitlines()):
        scope = Scope(row["area"], row["site"], row["point"])
        yield int(row["account"]), row["name"], Role(row["role"]), scope


async def assign_roles(settings: Settings, exam: Exam, storage: Storage, now: datetime) -> None:
    """Give the sandbox's staff their roles if nobody ever had a role; never on Telegram.

    A place that the exam lacks is left out. The StaffCache must be fresh; it is refreshed after.
    """
    staff = storage.units.staff
    if not (settings.in_sandbox and settings.sandbox_staff) or staff.active or staff.former:
        return
    async with storage.db.write() as connection:
        for account, name, role, scope in sample_staff():
            if any(code and place is None for code, place in exam.places_of(scope)):
                continue
            number = storage.ids.next()
            given = RoleAssignment(
                number, storage.bot_id, account, role, scope, name, CLI_ACCOUNT, now
            )
            await role_assignments.grant(connection, storage.keyring, given)
            detail = f"{number} {invites.detail(role, scope)}"
            granted = AuditEntry(
                storage.ids.next(), now, CLI_ACCOUNT, AuditAction.ROLE_GRANTED, detail=detail
            )
            await audit_log.add(connection, storage.keyring, [granted])
    await storage.units.refresh_staff()
