"""The roles that the sandbox's staff have from the first start, so that all parts can be tried."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog

from bot.settings import Settings
from bot.stores import Stores
from states.exam import Exam
from states.staff import COMMAND_LINE, Role, Scope, Seat
from storage import aside, invites, seats
from storage.audit import Deed

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


async def seat(settings: Settings, exam: Exam, stores: Stores, now: datetime) -> None:
    """Give the sandbox's staff their roles if nobody ever had one; never on Telegram.

    A place that the exam does not have is left out. The roster must be known; it is known anew
    afterwards.
    """
    roster = stores.work.roster
    if not (settings.in_sandbox and settings.sandbox_staff) or roster.seated or roster.former:
        return
    try:
        async with stores.db.write() as connection:
            for account, name, role, scope in STAFF:
                if not _has(exam, scope):
                    continue
                number = await aside.seat_id(connection)
                given = Seat(number, stores.bot_id, account, role, scope, name, COMMAND_LINE, now)
                await seats.grant(connection, stores.keyring, given)
                detail = f"{number} {invites.detail(role, scope)}"
                await aside.note(connection, now, Deed.SEATED, detail)
    except aside.NoRoom:
        log.warning("the staff of the sandbox get their roles at the next start")
        return
    await stores.work.learn_roster()


def _has(exam: Exam, scope: Scope) -> bool:
    area = exam.area(scope.area)
    site = area.site(scope.site) if area and scope.site else None
    has_site = site is not None or not scope.site
    has_point = not scope.point or (site is not None and site.point(scope.point) is not None)
    return area is not None and has_site and has_point
