"""An administrator invites a person to the staff by a link that works once, or withdraws a link.

Opening the link gives no role: the role begins when the inviter admits the named person. Therefore
a forwarded link gives its reader nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from telegram import Update
from telegram.ext import CommandHandler, filters

from handlers.callback_data import Action, Button, number_of, staff_button, staff_go
from handlers.rendering import Screen, rows
from handlers.replies import edit_source, send_to, show_screen, step_showing, step_to
from handlers.routing import Feature, Route, command, pressed
from handlers.staff import list_parts, menu, scopes
from handlers.update_context import Context
from states.fsm_states import Staff
from states.progress.next_step import Position
from states.staff_roles import CLI_ACCOUNT, Invite, Role, RoleAssignment, Scope
from states.step_result import Priority, ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.staff.access import invites, role_assignments
from storage.staff.access.staff_view import StaffView

MADE, WAITING, OPENED, OVER, FAILED, ADMITTED = (
    "invite-made",
    "invite-waiting",
    "invite-opened",
    "invite-over",
    "invite-failed",
    "invite-seated",
)
LIST = "invites"
SHOWN = 10
"""The most invitations in one message; those that end first come first."""
NAME_MOST = 80
"""The most characters of a name that the bot shows and stores; Telegram allows 129."""

begin = menu.for_administrators("invite", step_to(Position(Staff.role)))
"""Asks for the role to give."""
show = menu.for_administrators(LIST, step_showing(LIST))
"""Shows the open invitations."""


async def make(context: Context, role: Role, scope: Scope) -> StepResult:
    """Create the link for the inviter to send; the database stores only the hash of its token."""
    unit, payload = context.unit, invites.new_payload()
    invite = Invite(
        id=unit.new_id(),
        bot_id=unit.row.bot_id,
        role=role,
        scope=scope,
        made_by=unit.row.queue_key,
        made_at=context.now,
        expires_at=context.now + context.services.invites_last,
    )
    await invites.make(unit.tx, context.services.keyring, invite, payload)
    context.audit_as_staff(AuditAction.INVITED, invites.detail(role, scope))
    shown = ShowScreen(MADE, {"invite": str(invite.id), "payload": payload})
    return StepResult(menu.IDLE, (shown,))


async def open_link(update: Update, context: Context) -> StepResult:
    """Record who opened the link, and ask the inviter about them."""
    unit, keyring = context.unit, context.services.keyring
    payload, by = (context.args or [""])[0], update.effective_user
    found = await invites.of_payload(unit.tx, keyring, unit.row.bot_id, payload, context.now)
    if found is None or by is None:
        context.audit_as_staff(AuditAction.DENIED, "invite")
        return show_screen(FAILED)
    if found.made_by == unit.row.queue_key:
        return show_screen(FAILED, Text("invite-own"))
    name = _printable_name(by.full_name, by.username)
    if not await invites.opened(unit.tx, keyring, found.id, unit.row.queue_key, name, context.now):
        context.audit_as_staff(AuditAction.DENIED, "invite")
        return show_screen(FAILED)
    context.audit_as_staff(AuditAction.INVITE_OPENED, str(found.id))
    asked = ShowScreen(OPENED, {"invite": str(found.id)}, priority=Priority.NOTICE)
    for account in _inviters(context, found):
        send_to(context, account, asked)
    return show_screen(WAITING, data=scopes.role_data(found))


def _inviters(context: Context, invite: Invite) -> list[int]:
    """Return the accounts that admit the person who opened the link."""
    if invite.made_by == CLI_ACCOUNT:
        return sorted(context.services.administrators)
    return [invite.made_by]


async def admit(_update: Update, context: Context) -> StepResult:
    """Admit the person, so that the role begins."""
    invite = await _own(context)
    if invite is None:
        return _over(context)
    if invite.opened_by is None or not invite.awaits_admission(context.now):
        return _over(context, about=invite)
    unit, keyring = context.unit, context.services.keyring
    if not await invites.end(unit.tx, context.services.keyring, invite.id, context.now):
        return _over(context, about=invite)
    admitted = ShowScreen(ADMITTED, scopes.role_data(invite))
    send_to(context, invite.opened_by, admitted)
    known = await role_assignments.of_account(unit.tx, keyring, unit.row.bot_id, invite.opened_by)
    if not any(
        (assignment.role, assignment.scope) == (invite.role, invite.scope) for assignment in known
    ):
        await _give(context, invite, invite.opened_by)
    return _over(context, Text("invite-admitted"), about=invite)


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
    await role_assignments.grant(unit.tx, context.services.keyring, assignment)
    unit.new_staff.append(assignment.telegram_id)
    context.audit_as_staff(
        AuditAction.ROLE_GRANTED, f"{assignment.id} {invites.detail(invite.role, invite.scope)}"
    )


async def turn_down(_update: Update, context: Context) -> StepResult:
    """Turn the person down, or end the link before anyone opens it."""
    invite = await _own(context)
    if invite is None:
        return _over(context)
    if not await invites.end(context.unit.tx, context.services.keyring, invite.id, context.now):
        return _over(context, about=invite)
    context.audit_as_staff(AuditAction.INVITE_REFUSED, str(invite.id))
    if invite.opened_by is not None:
        send_to(context, invite.opened_by, ShowScreen(FAILED))
    return _over(context, Text("invite-turned-down"), about=invite)


async def _own(context: Context) -> Invite | None:
    """Return the button's invitation if the presser may decide about it; else audit the denial."""
    unit, number = context.unit, number_of(context.callback.value)
    invite = await invites.of_id(unit.tx, context.services.keyring, number)
    if (
        invite is not None
        and invite.bot_id == unit.row.bot_id
        and unit.row.queue_key in _inviters(context, invite)
        and scopes.administers(await context.own_assignments(), invite.scope)
    ):
        return invite
    context.audit_as_staff(AuditAction.DENIED, "invite")
    return None


def _over(context: Context, *header_lines: Text, about: Invite | None = None) -> StepResult:
    """Replace the question by its result; the message keeps what the presser may know of it."""
    data = {"invite": str(about.id)} if about else {}
    return edit_source(context, OVER, *(header_lines or (Text("invite-is-over"),)), data=data)


def _printable_name(name: str, username: str | None) -> str:
    """Return a name that its owner chose, without characters that could disguise it."""
    # An @ in the name itself would look like the account of somebody else.
    plain = "".join(sign for sign in name if sign.isprintable() and sign not in "@＠﹫")[:NAME_MOST]
    return f"{plain} (@{username})" if username else plain


async def _asked(view: StaffView) -> Invite | None:
    """Return the invitation of a screen, for its inviter only."""
    found = await invites.of_id(view.connection, view.keyring, int(view.data["invite"]))
    if found is None or not scopes.administers(view.assignments, found.scope):
        return None
    return found if found.made_by in makers(view) else None


def makers(view: StaffView) -> set[int]:
    """Return the accounts whose invitations the reader decides about.

    These are the reader's own, and for an administrator of the settings those of the command line.
    """
    by_settings = any(assignment.id == 0 for assignment in view.assignments)
    return {view.reader, CLI_ACCOUNT} if by_settings else {view.reader}


async def render_made(view: StaffView) -> Screen:
    """Show the link, its role, its expiry, and how to withdraw it."""
    invite = await _asked(view)
    if invite is None or invite.ended_at is not None:
        return await render_over(view)
    link = f"https://t.me/{view.bot}?{urlencode({'start': view.data['payload']})}"
    role = scopes.role_args(view, invite)
    text = (
        Text("invite-link", {**role, "link": link}),
        Text("invite-until", {"until": invite.expires_at}),
    )
    withdraw = staff_button(Text("button-withdraw-link"), Action.TURN_DOWN, invite.id)
    return Screen(text, rows(withdraw, staff_go("staff")))


async def render_opened(view: StaffView) -> Screen:
    """Ask the inviter whether to admit the person who opened the link."""
    invite = await _asked(view)
    if invite is None or not invite.awaits_admission(view.now):
        return await render_over(view)
    role = scopes.role_args(view, invite)
    person = {"name": invite.opened_name, "account": str(invite.opened_by)}
    buttons = rows(
        staff_button(Text("button-admit"), Action.ADMIT, invite.id),
        staff_button(Text("button-turn-down"), Action.TURN_DOWN, invite.id),
        across=2,
    )
    return Screen((Text("invite-who", {**role, **person}),), buttons)


async def render_waiting(view: StaffView) -> Screen:
    """Tell the invited person the role, and that the inviter has to admit them."""
    return Screen((Text("invite-wait", scopes.role_args(view)),))


async def render_admitted(view: StaffView) -> Screen:
    """Tell the admitted person the role, and where to begin."""
    buttons = rows(staff_go("staff"), staff_go(menu.HELP, Text("button-staff-help")), across=2)
    return Screen((Text("invite-seat", scopes.role_args(view)),), buttons)


async def render_over(view: StaffView) -> Screen:
    """Say that nothing is left to decide, and keep role, scope, name and time."""
    invite = await _asked(view) if "invite" in view.data else None
    lines = () if invite is None else (await _was(view, invite),)
    buttons = rows(staff_go("staff"), staff_go("invite"), staff_go("invites"), across=2)
    return Screen((Text("invite-ended"), *lines), buttons)


async def _was(view: StaffView, invite: Invite) -> Text:
    """Return role, scope, end, and the name of an admitted person; no refused name is kept."""
    args = {**scopes.role_args(view, invite), "ended": invite.ended_at or invite.ends_at}
    if invite.opened_by is None:
        return Text("invite-was", args)
    known = await role_assignments.of_account(
        view.connection, view.keyring, view.bot_id, invite.opened_by
    )
    given = (one for one in known if (one.role, one.scope) == (invite.role, invite.scope))
    admitted = next(given, None)
    if admitted is None:
        return Text("invite-was", args)
    return Text("invite-was-admitted", {**args, "name": admitted.name})


async def render_failed(view: StaffView) -> Screen:
    """Say that the link does not work; without a reason, so that nobody can try links out."""
    return await menu.as_candidate(view, "invite-bad")


async def render_list(view: StaffView) -> Screen:
    """List each invitation: its role, its scope, its expiry, and who opened it."""
    if not scopes.is_administrator(view.assignments):
        return await menu.render_refused(view)
    others = rows(staff_go("invite"), staff_go("staff"), across=2)
    found = await _still_open(view)
    if not found:
        return Screen((Text("invites-none"),), others)
    first, turns = list_parts.part_of(view, LIST, SHOWN, len(found))
    shown = [*enumerate(found[first : first + SHOWN], first + 1)]
    lines = [_line(view, invite, number) for number, invite in shown]
    buttons = [_buttons(invite, number) for number, invite in shown]
    head = Text("invites-head", {"count": len(found)})
    return Screen((head, *lines), (*buttons, turns, *others))


async def _still_open(view: StaffView) -> Sequence[Invite]:
    found = await invites.unended(view.connection, view.keyring, view.bot_id, makers(view))
    still_open = (
        one
        for one in found
        if scopes.administers(view.assignments, one.scope) and one.is_open(view.now)
    )
    return sorted(still_open, key=lambda one: one.ends_at)


def _line(view: StaffView, invite: Invite, number: int) -> Text:
    role = scopes.role_args(view, invite)
    args = {**role, "number": str(number), "until": invite.ends_at}
    if invite.opened_by is None:
        return Text("invites-line", args)
    return Text("invites-line-opened", {**args, "name": invite.opened_name})


def _buttons(invite: Invite, number: int) -> tuple[Button, ...]:
    named = [("button-admit-one", Action.ADMIT), ("button-turn-down-one", Action.TURN_DOWN)]
    if invite.opened_by is None:
        named = [("button-withdraw-one", Action.TURN_DOWN)]
    return tuple(
        staff_button(Text(key, {"number": str(number)}), action, invite.id) for key, action in named
    )


FEATURE = Feature(
    # For strangers too: only the invitation stores who opens a link.
    everyone=(
        Route(
            CommandHandler("start", open_link, filters.Regex(rf"^/start {invites.PREFIX}")), True
        ),
    ),
    staff_anywhere=(
        command("invite", begin),
        pressed(Action.GO, begin, "invite"),
        pressed(Action.GO, show, LIST),
        pressed(Action.ADMIT, admit),
        pressed(Action.TURN_DOWN, turn_down),
    ),
    desk_screens={LIST: render_list},
    staff_screens={
        MADE: render_made,
        OPENED: render_opened,
        WAITING: render_waiting,
        ADMITTED: render_admitted,
        OVER: render_over,
        FAILED: render_failed,
    },
)
