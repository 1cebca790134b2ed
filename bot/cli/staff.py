"""``baoming staff``: the first invitation of all, and a role taken back at once.

The commands work beside a bot that runs; it learns of them with the next tick of its clock.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from cyclopts import App

from bot.cli import console
from bot.core.clocks import WallClock
from bot.core.database import has_database, open_database
from bot.core.settings import Refused, Settings
from states.exam import Exam
from states.staff import CLI_ACCOUNT, SCOPE_LEVELS, Invite, Role, RoleAssignment, Scope
from states.texts import Text
from storage.audit import cli_entries
from storage.audit.audit_log import AuditAction
from storage.engine import installation
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.installation import Fact
from storage.staff import invites, role_assignments

app = App(name="staff")


@app.command
def invite(role: Role, *, area: str = "", site: str = "", point: str = "") -> int:
    """邀请工作人员，打印一次性链接 · invite somebody to the staff; prints a link that works once.

    Parameters
    ----------
    role
        角色 · the role.
    area
        考区代码 · the code of the area.
    site
        考点代码 · the code of the site.
    point
        报名点代码 · the code of the point.
    """
    return _tell(make_invite(console.settings(), role, Scope(area, site, point)))


@app.command(name="list")
def everybody() -> int:
    """列出工作人员和待处理的邀请 · list the staff and the invitations that are open."""
    return _tell(list_staff(console.settings()))


@app.command
def revoke(assignment: int) -> int:
    """收回一个角色 · take a role back.

    Parameters
    ----------
    seat
        名单里的编号 · its number in the list.
    """
    return _tell(revoke_role(console.settings(), assignment))


@app.command
def withdraw(invite: int) -> int:
    """收回一条邀请 · end an invitation.

    Parameters
    ----------
    invite
        名单里邀请的编号 · its number in the list.
    """
    return _tell(withdraw_invite(console.settings(), invite))


def _tell(told: Coroutine[None, None, list[Text]]) -> int:
    for text in asyncio.run(told):
        print(console.worded(text))
    return 0


# --- what the commands do ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Books:
    """What the command line writes into: the database, its keys, and what time it is for rules."""

    db: Database
    keyring: Keyring
    exam: Exam
    bot_id: int
    now: datetime


async def make_invite(settings: Settings, role: Role, scope: Scope) -> list[Text]:
    """A link for somebody of the staff; the administrators of the settings are asked who opens it.

    Raises:
        Refused: the role is for other places than these, or nothing can be written.
    """
    async with _books(settings) as books:
        _check(books.exam, role, scope)
        name = await installation.read(books.db, Fact.USERNAME)
        if name is None:
            raise Refused(Text("cli-staff-never-started"))
        payload, lasts = invites.new_payload(), timedelta(hours=settings.invite_hours)
        async with books.db.write() as connection:
            made = Invite(
                id=await cli_entries.invite_id(connection),
                bot_id=books.bot_id,
                role=role,
                scope=scope,
                made_by=CLI_ACCOUNT,
                made_at=books.now,
                expires_at=books.now + lasts,
            )
            await invites.make(connection, books.keyring, made, payload)
            await cli_entries.record(
                connection, books.now, AuditAction.INVITED, invites.detail(role, scope)
            )
    link = f"https://t.me/{name}?start={payload}"
    return [Text("cli-staff-link", {"link": link, "until": made.expires_at})]


async def list_staff(settings: Settings) -> list[Text]:
    """All active seats and all invitations that are open, one a line.

    Raises:
        Refused: nothing can be read.
    """
    async with _books(settings) as books, books.db.read() as connection:
        found = await role_assignments.within(connection, books.keyring, books.bot_id, Scope())
        offered = await invites.unended(connection, books.keyring, books.bot_id)
    going = [_offer(one) for one in offered if one.is_open(books.now)]
    return [_line(assignment) for assignment in found] + going or [Text("cli-staff-none")]


async def revoke_role(settings: Settings, assignment_id: int) -> list[Text]:
    """Take a role back.

    Raises:
        Refused: there is no such active seat, or nothing can be written.
    """
    async with _books(settings) as books, books.db.write() as connection:
        assignment = await role_assignments.of_id(connection, books.keyring, assignment_id)
        if (
            assignment is None
            or assignment.bot_id != books.bot_id
            or assignment.revoked_at is not None
        ):
            raise Refused(Text("cli-staff-no-seat", {"seat": str(assignment_id)}))
        await role_assignments.revoke(connection, assignment_id, books.now)
        await cli_entries.record(
            connection, books.now, AuditAction.ROLE_REVOKED, str(assignment_id)
        )
    return [Text("cli-staff-revoked", {"seat": str(assignment_id)})]


async def withdraw_invite(settings: Settings, invite_id: int) -> list[Text]:
    """End an invitation, whoever made it.

    Raises:
        Refused: there is no such open invitation, or nothing can be written.
    """
    async with _books(settings) as books, books.db.write() as connection:
        offer = await invites.of_id(connection, books.keyring, invite_id)
        known = {"invite": str(invite_id)}
        is_ours = offer is not None and offer.bot_id == books.bot_id and offer.is_open(books.now)
        if not is_ours or not await invites.end(connection, invite_id, books.now):
            raise Refused(Text("cli-staff-no-invite", known))
        await cli_entries.record(connection, books.now, AuditAction.INVITE_REFUSED, str(invite_id))
    return [Text("cli-staff-withdrawn", known)]


def _line(assignment: RoleAssignment) -> Text:
    known = {
        "seat": str(assignment.id),
        "name": assignment.name,
        "account": str(assignment.telegram_id),
    }
    return Text(
        "cli-staff-line", {**known, "role": assignment.role, "scope": _places(assignment.scope)}
    )


def _offer(offer: Invite) -> Text:
    known = {"invite": str(offer.id), "role": offer.role, "scope": _places(offer.scope)}
    if offer.opened_by is None:
        return Text("cli-staff-offer", {**known, "until": offer.ends_at})
    who = {"account": str(offer.opened_by), "name": offer.opened_name}
    return Text("cli-staff-offer-opened", {**known, **who, "until": offer.ends_at})


def _places(scope: Scope) -> str:
    return "/".join(code for code in (scope.area, scope.site, scope.point) if code) or "*"


def _check(exam: Exam, role: Role, scope: Scope) -> None:
    """Whether the role is for just these places, and the exam has them."""
    area = exam.area(scope.area)
    site = area.site(scope.site) if area else None
    point = site.point(scope.point) if site else None
    given = {"area": (scope.area, area), "site": (scope.site, site), "point": (scope.point, point)}
    named = tuple(level for level, (code, _) in given.items() if code)
    wanted = SCOPE_LEVELS.get(role, tuple(given)[: len(named)])
    if named != wanted:
        options = " ".join(f"--{level}" for level in wanted)
        raise Refused(Text("cli-staff-scope", {"role": role, "options": options or "–"}))
    for code, place in given.values():
        if code and place is None:
            raise Refused(Text("cli-staff-place", {"code": code}))


@asynccontextmanager
async def _books(settings: Settings) -> AsyncIterator[Books]:
    if not has_database(settings):
        raise Refused(Text("cli-staff-never-started"))
    exam, bot_id = console.exam(settings), settings.bot_id
    async with open_database(settings) as opened:
        moved = (
            await installation.read(opened.db, Fact.CLOCK_OFFSET) if settings.in_sandbox else None
        )
        now = WallClock(timedelta(seconds=int(moved or 0))).now()
        try:
            yield Books(opened.db, opened.keyring, exam, bot_id, now)
        except cli_entries.NoRoom:
            raise Refused(Text("cli-staff-later")) from None
