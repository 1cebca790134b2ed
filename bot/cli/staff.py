"""``baoming staff`` makes the first invitation, and revokes a role at once.

The commands work beside a running bot; its Scheduler reads the change within half a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import partial

from cyclopts import App

from bot.cli import console
from bot.cli.writable_database import writable_database
from bot.core.settings import Refused, Settings, load_settings
from states.exam import Exam
from states.staff_roles import CLI_ACCOUNT, SCOPE_LEVELS, Invite, Role, RoleAssignment, Scope
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.engine import installation
from storage.engine.installation import Fact
from storage.staff.access import invites, role_assignments

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
    return _print(partial(make_invite, load_settings(), role, Scope(area, site, point)))


@app.command(name="list")
def everybody() -> int:
    """列出工作人员和待处理的邀请 · list the staff and the invitations that are open."""
    return _print(partial(list_staff, load_settings()))


@app.command
def revoke(assignment: int) -> int:
    """收回一个角色 · take a role back.

    Parameters
    ----------
    assignment
        名单里的编号 · its number in the list.
    """
    return _print(partial(revoke_role, load_settings(), assignment))


@app.command
def withdraw(invite: int) -> int:
    """收回一条邀请 · end an invitation.

    Parameters
    ----------
    invite
        名单里邀请的编号 · its number in the list.
    """
    return _print(partial(withdraw_invite, load_settings(), invite))


def _print(work: Callable[[], Coroutine[None, None, list[Text]]]) -> int:
    console.say_all(console.run(work))
    return 0


# --- commands ------------------------------------------------------------------------------------


async def make_invite(settings: Settings, role: Role, scope: Scope) -> list[Text]:
    """Make an invitation link; the administrators confirm the person who opens it.

    Raises:
        Refused: the role needs another scope, or the database cannot be written.
    """
    async with writable_database(settings) as opened:
        _check(opened.exam, role, scope)
        name = await installation.read(opened.db, Fact.USERNAME)
        if name is None:
            raise Refused(Text("cli-staff-never-started"))
        payload, lasts = invites.new_payload(), timedelta(hours=settings.invite_hours)
        async with opened.db.write() as connection:
            made = Invite(
                id=opened.ids.next(),
                bot_id=opened.bot_id,
                role=role,
                scope=scope,
                made_by=CLI_ACCOUNT,
                made_at=opened.now,
                expires_at=opened.now + lasts,
            )
            await invites.make(connection, opened.keyring, made, payload)
            await opened.record(connection, AuditAction.INVITED, invites.detail(role, scope))
    link = f"https://t.me/{name}?start={payload}"
    return [Text("cli-staff-link", {"link": link, "until": made.expires_at})]


async def list_staff(settings: Settings) -> list[Text]:
    """List the administrators of the settings, the roles and the open invitations, one a line.

    Raises:
        Refused: the database cannot be read.
    """
    async with writable_database(settings) as opened, opened.db.read() as connection:
        found = await role_assignments.within(connection, opened.keyring, opened.bot_id, Scope())
        offered = await invites.unended(connection, opened.keyring, opened.bot_id)
    going = [_offer(one) for one in offered if one.is_open(opened.now)]
    named = [Text("cli-staff-named", {"account": str(one)}) for one in settings.administrators]
    return [*named, *map(_line, found), *going] or [Text("cli-staff-none")]


async def revoke_role(settings: Settings, assignment_id: int) -> list[Text]:
    """Revoke a role.

    Raises:
        Refused: no active role assignment has this id, or the database cannot be written.
    """
    async with writable_database(settings) as opened, opened.db.write() as connection:
        assignment = await role_assignments.of_id(connection, opened.keyring, assignment_id)
        if (
            assignment is None
            or assignment.bot_id != opened.bot_id
            or assignment.revoked_at is not None
        ):
            raise Refused(Text("cli-staff-no-seat", {"seat": str(assignment_id)}))
        await role_assignments.revoke(connection, opened.keyring, assignment_id, opened.now)
        await opened.record(connection, AuditAction.ROLE_REVOKED, str(assignment_id))
    return [Text("cli-staff-revoked", {"seat": str(assignment_id)})]


async def withdraw_invite(settings: Settings, invite_id: int) -> list[Text]:
    """End an invitation of any author.

    Raises:
        Refused: no open invitation has this id, or the database cannot be written.
    """
    async with writable_database(settings) as opened, opened.db.write() as connection:
        offer = await invites.of_id(connection, opened.keyring, invite_id)
        known = {"invite": str(invite_id)}
        is_ours = offer is not None and offer.bot_id == opened.bot_id and offer.is_open(opened.now)
        if not is_ours or not await invites.end(connection, opened.keyring, invite_id, opened.now):
            raise Refused(Text("cli-staff-no-invite", known))
        await opened.record(connection, AuditAction.INVITE_REFUSED, str(invite_id))
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
    """Refuse a scope that the role cannot have, or a place that the exam lacks."""
    levels, places = ("area", "site", "point"), exam.places_of(scope)
    named = tuple(level for level, (code, _) in zip(levels, places, strict=True) if code)
    wanted = SCOPE_LEVELS.get(role, levels[: len(named)])
    if named != wanted:
        options = " ".join(f"--{level}" for level in wanted)
        raise Refused(Text("cli-staff-scope", {"role": role, "options": options or "–"}))
    for code, place in places:
        if code and place is None:
            raise Refused(Text("cli-staff-place", {"code": code}))
