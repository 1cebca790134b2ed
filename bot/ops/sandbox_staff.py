"""The roles that the sandbox's staff have from the first start, so that all parts can be tried."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog

from bot.core.open_storage import Storage
from bot.core.settings import Settings
from states.exam import Exam
from states.staff import CLI_ACCOUNT, Role, RoleAssignment, Scope
from storage.audit import cli_entries
from storage.audit.audit_log import AuditAction
from storage.staff import invites, role_assignments

STAFF: Final = (
    (1003, "王敏", Role.POINT_CLERK, Scope("tianjin", "heping", "heping-1")),
    (1004, "赵磊", Role.SITE_REVIEWER, Scope("qinghai", "xining")),
    (1004, "赵磊", Role.SITE_REVIEWER, Scope("tianjin", "heping")),
    (1005, "孙倩", Role.AREA_REVIEWER, Scope("qinghai")),
    (1005, "孙倩", Role.AREA_REVIEWER, Scope("tianjin")),
)
"""Account, name, role, scope: one area that confirms on site, one that confirms online. The
administrator's role comes from the settings."""

log = structlog.get_logger("sandbox_staff")


async def assignment(settings: Settings, exam: Exam, storage: Storage, now: datetime) -> None:
    """Give the sandbox's staff their roles if nobody ever had one; never on Telegram.

    A place that the exam does not have is left out. The roster must be known; it is known anew
    afterwards.
    """
    staff = storage.units.staff
    if not (settings.in_sandbox and settings.sandbox_staff) or staff.active or staff.former:
        return
    try:
        async with storage.db.write() as connection:
            for account, name, role, scope in STAFF:
                if not _has(exam, scope):
                    continue
                number = await cli_entries.assignment_id(connection)
                given = RoleAssignment(
                    number, storage.bot_id, account, role, scope, name, CLI_ACCOUNT, now
                )
                await role_assignments.grant(connection, storage.keyring, given)
                detail = f"{number} {invites.detail(role, scope)}"
                await cli_entries.record(connection, now, AuditAction.ROLE_GRANTED, detail)
    except cli_entries.NoRoom:
        log.warning("the staff of the sandbox get their roles at the next start")
        return
    await storage.units.refresh_staff()


def _has(exam: Exam, scope: Scope) -> bool:
    area = exam.area(scope.area)
    site = area.site(scope.site) if area and scope.site else None
    has_site = site is not None or not scope.site
    has_point = not scope.point or (site is not None and site.point(scope.point) is not None)
    return area is not None and has_site and has_point
