"""An administrator invites somebody to the staff by a link that works once.

Whoever opens it is nothing yet: the seat begins when the inviter has read who opened it and says
yes. So a link that was forwarded, or read over a shoulder, gives nobody anything.
"""

from __future__ import annotations

from urllib.parse import urlencode

from telegram import Update
from telegram.ext import CommandHandler, filters

from handlers.callback_data import DESK, Action, Button, CallbackData, go, staff_go
from handlers.rendering import Screen, rows
from handlers.routing import Feature, Route, command, pressed
from handlers.staff import menu
from handlers.staff.administration import places
from handlers.update_context import Context
from states.flow import Position
from states.staff import CLI_ACCOUNT, Invite, Role, RoleAssignment, Scope
from states.state_groups import Staff
from states.step_result import EditScreen, Priority, ShowScreen, StepResult
from states.texts import Argument, Text
from storage.audit.audit_log import AuditAction
from storage.staff import invites, role_assignments
from storage.staff.staff_view import StaffView

MADE, WAITING, OPENED, OVER, FAILED, SEATED = (
    "invite-made",
    "invite-waiting",
    "invite-opened",
    "invite-over",
    "invite-failed",
    "invite-seated",
)
NAME_MOST = 80
"""Signs of somebody's name that are shown and kept; Telegram's own limits allow 129."""


async def begin(_update: Update, context: Context) -> StepResult:
    """Which role is to be given?"""
    if not any(
        assignment.role is Role.ADMINISTRATOR for assignment in await context.own_assignments()
    ):
        return menu.refuse(context, "invite")
    return context.ask(Position(Staff.role))


async def make(context: Context, role: Role, scope: Scope) -> StepResult:
    """The link, for the inviter to send on; of its token only the hash is kept."""
    unit, payload = context.unit, invites.new_payload()
    invite = Invite(
        id=unit.new_id(),
        bot_id=unit.row.bot_id,
        role=role,
        scope=scope,
        made_by=unit.row.queue_key,
        made_at=context.now,
        expires_at=context.now + context.envelope.services.invites_last,
    )
    await invites.make(unit.tx, context.envelope.services.keyring, invite, payload)
    context.audit_as_staff(AuditAction.INVITED, invites.detail(role, scope))
    shown = ShowScreen(MADE, {"invite": str(invite.id), "payload": payload})
    return StepResult(menu.IDLE, (shown,))


async def open_link(update: Update, context: Context) -> StepResult:
    """Somebody follows a link: they wait, and the inviter is asked about them."""
    unit, keyring = context.unit, context.envelope.services.keyring
    payload, by = (context.args or [""])[0], update.effective_user
    found = await invites.of_payload(unit.tx, keyring, unit.row.bot_id, payload, context.now)
    if found is None or by is None:
        context.audit_as_staff(AuditAction.DENIED, "invite")
        return StepResult(effects=(ShowScreen(FAILED),))
    if found.made_by == unit.row.queue_key:
        return StepResult(effects=(ShowScreen(FAILED, header_lines=(Text("invite-own"),)),))
    name = _shown(by.full_name, by.username)
    if not await invites.opened(unit.tx, keyring, found.id, unit.row.queue_key, name, context.now):
        context.audit_as_staff(AuditAction.DENIED, "invite")
        return StepResult(effects=(ShowScreen(FAILED),))
    context.audit_as_staff(AuditAction.INVITE_OPENED, str(found.id))
    asked = ShowScreen(OPENED, {"invite": str(found.id)}, priority=Priority.NOTICE)
    for account in _judges(context, found):
        context.tell(account, asked)
    return StepResult(
        effects=(ShowScreen(WAITING, {"role": found.role, **places.codes_of(found.scope)}),)
    )


def _judges(context: Context, invite: Invite) -> list[int]:
    """Who says whether the one who opened it is the one who was meant."""
    if invite.made_by == CLI_ACCOUNT:
        return sorted(context.envelope.services.administrators)
    return [invite.made_by]


async def admit(_update: Update, context: Context) -> StepResult:
    """It is who was meant: the seat begins."""
    invite = await _to_be_judged(context)
    if invite is None or invite.opened_by is None:
        return _over(context)
    unit, keyring = context.unit, context.envelope.services.keyring
    if not await invites.end(unit.tx, invite.id, context.now):
        return _over(context)
    begun = ShowScreen(SEATED, {"role": invite.role, **places.codes_of(invite.scope)})
    context.tell(invite.opened_by, begun)
    held = await role_assignments.of_account(unit.tx, keyring, unit.row.bot_id, invite.opened_by)
    if not any(
        (assignment.role, assignment.scope) == (invite.role, invite.scope) for assignment in held
    ):
        await _give(context, invite, invite.opened_by)
    return _over(context, Text("invite-admitted"))


async def _give(context: Context, invite: Invite, account: int) -> None:
    unit = context.unit
    assignment = RoleAssignment(
        id=unit.new_id(),
        bot_id=unit.row.bot_id,
        telegram_id=account,
        role=invite.role,
        scope=invite.scope,
        name=invite.opened_name,
        granted_by=unit.row.queue_key,
        granted_at=context.now,
    )
    await role_assignments.grant(unit.tx, context.envelope.services.keyring, assignment)
    unit.new_staff.append(assignment.telegram_id)
    context.audit_as_staff(
        AuditAction.ROLE_GRANTED, f"{assignment.id} {invites.detail(invite.role, invite.scope)}"
    )


async def turn_down(_update: Update, context: Context) -> StepResult:
    """It is somebody else, or the link is to end before anybody opens it."""
    invite = await _own(context)
    if invite is None or not await invites.end(context.unit.tx, invite.id, context.now):
        return _over(context)
    context.audit_as_staff(AuditAction.INVITE_REFUSED, str(invite.id))
    if invite.opened_by is not None:
        context.tell(invite.opened_by, ShowScreen(FAILED))
    return _over(context, Text("invite-turned-down"))


async def _to_be_judged(context: Context) -> Invite | None:
    invite = await _own(context)
    return invite if invite is not None and invite.awaits_admission(context.now) else None


async def _own(context: Context) -> Invite | None:
    """The invitation of the button, if it is still for whoever presses to say; else it is noted."""
    unit, value = context.unit, context.callback.value
    number = int(value) if value.isascii() and value.removeprefix("-").isdecimal() else 0
    keyring = context.envelope.services.keyring
    invite = await invites.of_id(unit.tx, keyring, number) if abs(number) < 2**63 else None
    if invite is None or invite.bot_id != unit.row.bot_id or not _is_judge(context, invite):
        context.audit_as_staff(AuditAction.DENIED, "invite")
        return None
    if not places.administers(await context.own_assignments(), invite.scope):
        context.audit_as_staff(AuditAction.DENIED, "invite")
        return None
    return invite


def _is_judge(context: Context, invite: Invite) -> bool:
    return context.unit.row.queue_key in _judges(context, invite)


def _over(context: Context, *header_lines: Text) -> StepResult:
    """In place of the question: what became of it."""
    tapped = context.envelope.source_message
    header_lines = header_lines or (Text("invite-is-over"),)
    if tapped is None:
        return StepResult(effects=(ShowScreen(OVER, header_lines=header_lines),))
    return StepResult(
        effects=(EditScreen(OVER, header_lines=header_lines, message_id=tapped.message_id),)
    )


def _shown(name: str, username: str | None) -> str:
    """A name that somebody gave themselves, without what could disguise it."""
    plain = "".join(sign for sign in name if sign.isprintable())[:NAME_MOST]
    return f"{plain} (@{username})" if username else plain


def _button(key: str, action: Action, invite: Invite) -> Button:
    return Button(Text(key), CallbackData(action, str(invite.id), DESK))


async def _asked(view: StaffView) -> Invite | None:
    """The invitation that a screen is about, for its inviter only."""
    found = await invites.of_id(view.connection, view.keyring, int(view.data["invite"]))
    if found is None or not places.administers(view.assignments, found.scope):
        return None
    return found if found.made_by in makers(view) else None


def makers(view: StaffView) -> set[int]:
    """The accounts whose invitations are the reader's to judge: their own, and for administrators
    of the settings the command line's.
    """
    by_settings = any(assignment.id == 0 for assignment in view.assignments)
    return {view.reader, CLI_ACCOUNT} if by_settings else {view.reader}


async def render_made(view: StaffView) -> Screen:
    """The link, what it gives, until when, and how to take it back."""
    invite = await _asked(view)
    if invite is None or invite.ended_at is not None:
        return await render_over(view)
    link = f"https://t.me/{view.bot}?{urlencode({'start': view.data['payload']})}"
    told = Text("invite-link", {**worded(view, invite.role, invite.scope), "link": link})
    until = Text("invite-until", {"until": invite.expires_at})
    return Screen(
        (told, until), rows(_button("button-withdraw", Action.TURN_DOWN, invite), staff_go("staff"))
    )


async def render_opened(view: StaffView) -> Screen:
    """Who has opened it, for the inviter to say yes or no."""
    invite = await _asked(view)
    if invite is None or not invite.awaits_admission(view.now):
        return await render_over(view)
    named = worded(view, invite.role, invite.scope)
    who = {"name": invite.opened_name, "account": str(invite.opened_by)}
    judged = rows(
        _button("button-admit", Action.ADMIT, invite),
        _button("button-turn-down", Action.TURN_DOWN, invite),
        across=2,
    )
    return Screen((Text("invite-who", {**named, **who}),), judged)


async def render_waiting(view: StaffView) -> Screen:
    """For whoever has opened a link: what it is for, and that somebody looks at it."""
    named = worded(view, Role(view.data["role"]), places.scope_of(view.data))
    return Screen((Text("invite-wait", named),))


async def render_seated(view: StaffView) -> Screen:
    """The seat has begun: what it is, and where to start."""
    named = worded(view, Role(view.data["role"]), places.scope_of(view.data))
    ways = rows(staff_go("staff"), staff_go(menu.HELP, Text("button-staff-help")), across=2)
    return Screen((Text("invite-seat", named),), ways)


async def render_over(_look: StaffView) -> Screen:
    """Nothing is left to say about an invitation."""
    ways = rows(staff_go("staff"), staff_go("invite"), staff_go("invites"), across=2)
    return Screen((Text("invite-ended"),), ways)


async def render_failed(_look: StaffView) -> Screen:
    """A link that opens nothing; never why, so that nobody can try links out."""
    return Screen((Text("invite-bad"),), rows(go("resume"), go("help"), across=2))


def worded(view: StaffView, role: Role, scope: Scope) -> dict[str, Argument]:
    """A role and its places in words."""
    return {
        "role": Text(f"role-{role}"),
        "scope": places.called(view.exam, scope, view.locale),
    }


FEATURE = Feature(
    # For everybody, known or not: nothing is kept of who opens a link but in the invitation.
    everyone=(
        Route(
            CommandHandler("start", open_link, filters.Regex(rf"^/start {invites.PREFIX}")), True
        ),
    ),
    staff_anywhere=(
        command("invite", begin, alone=True),
        pressed(Action.GO, begin, "invite", alone=True),
        pressed(Action.ADMIT, admit, alone=True),
        pressed(Action.TURN_DOWN, turn_down, alone=True),
    ),
    staff_screens={
        MADE: render_made,
        OPENED: render_opened,
        WAITING: render_waiting,
        SEATED: render_seated,
        OVER: render_over,
        FAILED: render_failed,
    },
)
