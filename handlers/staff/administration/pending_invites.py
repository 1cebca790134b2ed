"""An administrator lists their open invitations, and withdraws one."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Update

from handlers.callback_data import DESK, Action, Button, CallbackData, staff_go
from handlers.rendering import Screen, rows
from handlers.replies import show_screen
from handlers.routing import Feature, pressed
from handlers.staff import menu
from handlers.staff.administration.invite import makers
from handlers.staff.administration.scopes import administers, is_administrator, role_args
from handlers.update_context import Context
from states.staff import Invite
from states.step_result import StepResult
from states.texts import Text
from storage.staff import invites
from storage.staff.staff_view import StaffView

SCREEN = "invites"
SHOWN = 10
"""The most invitations in one message; those that end first come first."""


async def show(_update: Update, context: Context) -> StepResult:
    """Show the list."""
    if not is_administrator(await context.own_assignments()):
        return menu.deny(context, SCREEN)
    return show_screen(SCREEN)


async def render(view: StaffView) -> Screen:
    """List each invitation: its role, its scope, its expiry, and who opened it."""
    if not is_administrator(view.assignments):
        return await menu.render_refused(view)
    others = rows(staff_go("invite"), staff_go("staff"), across=2)
    found = await _open(view)
    if not found:
        return Screen((Text("invites-none"),), others)
    lines = [_line(view, invite, n) for n, invite in enumerate(found[:SHOWN], 1)]
    buttons = [_buttons(invite, n) for n, invite in enumerate(found[:SHOWN], 1)]
    return Screen((Text("invites-head", {"count": len(found)}), *lines), (*buttons, *others))


async def _open(view: StaffView) -> Sequence[Invite]:
    found = await invites.unended(view.connection, view.keyring, view.bot_id, makers(view))
    still_open = (
        one for one in found if administers(view.assignments, one.scope) and one.is_open(view.now)
    )
    return sorted(still_open, key=lambda one: one.ends_at)


def _line(view: StaffView, invite: Invite, number: int) -> Text:
    role = role_args(view, invite.role, invite.scope)
    args = {**role, "number": str(number), "until": invite.ends_at}
    if invite.opened_by is None:
        return Text("invites-line", args)
    return Text("invites-line-opened", {**args, "name": invite.opened_name})


def _buttons(invite: Invite, number: int) -> tuple[Button, ...]:
    def numbered(key: str, action: Action) -> Button:
        label = Text(key, {"number": str(number)})
        return Button(label, CallbackData(action, str(invite.id), DESK))

    if invite.opened_by is None:
        return (numbered("button-withdraw-one", Action.TURN_DOWN),)
    return (
        numbered("button-admit-one", Action.ADMIT),
        numbered("button-turn-down-one", Action.TURN_DOWN),
    )


FEATURE = Feature(
    staff_anywhere=(pressed(Action.GO, show, SCREEN),), staff_screens={SCREEN: render}
)
