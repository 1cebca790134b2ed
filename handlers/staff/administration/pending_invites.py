"""An administrator looks which of their invitations are still open, and takes one back."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Update

from handlers.callback_data import DESK, Action, Button, CallbackData, staff_go
from handlers.rendering import Screen, rows
from handlers.routing import Feature, pressed
from handlers.staff import menu
from handlers.staff.administration.invite import makers, worded
from handlers.staff.administration.places import administers
from handlers.update_context import Context
from states.staff import Invite, Role
from states.step_result import ShowScreen, StepResult
from states.texts import Text
from storage.staff import invites
from storage.staff.staff_view import StaffView

SCREEN = "invites"
SHOWN = 10
"""Invitations that one message lists, those that end first."""


async def show(_update: Update, context: Context) -> StepResult:
    """The list, leaving them where they are."""
    if not any(
        assignment.role is Role.ADMINISTRATOR for assignment in await context.own_assignments()
    ):
        return menu.refuse(context, SCREEN)
    return StepResult(effects=(ShowScreen(SCREEN),))


async def render(view: StaffView) -> Screen:
    """Each with its role, its places, and until when; who has opened it, where somebody did."""
    if not any(assignment.role is Role.ADMINISTRATOR for assignment in view.assignments):
        return await menu.render_refused(view)
    found = await _open(view)
    if not found:
        return Screen(
            (Text("invites-none"),), rows(staff_go("invite"), staff_go("staff"), across=2)
        )
    shown = found[:SHOWN]
    lines = tuple(_said(view, invite, n) for n, invite in enumerate(shown, 1))
    judged = (each for n, invite in enumerate(shown, 1) for each in _ways(invite, n))
    return Screen(
        (Text("invites-head", {"count": len(found)}), *lines),
        (*judged, *rows(staff_go("invite"), staff_go("staff"), across=2)),
    )


async def _open(view: StaffView) -> Sequence[Invite]:
    found = await invites.unended(view.connection, view.keyring, view.bot_id, makers(view))
    going = (
        one for one in found if administers(view.assignments, one.scope) and one.is_open(view.now)
    )
    return sorted(going, key=lambda one: one.ends_at)


def _said(view: StaffView, invite: Invite, number: int) -> Text:
    offered = worded(view, invite.role, invite.scope)
    known = {**offered, "number": str(number), "until": invite.ends_at}
    if invite.opened_by is None:
        return Text("invites-line", known)
    return Text("invites-line-opened", {**known, "name": invite.opened_name})


def _ways(invite: Invite, number: int) -> tuple[tuple[Button, ...], ...]:
    end = CallbackData(Action.TURN_DOWN, str(invite.id), DESK)
    if invite.opened_by is None:
        return ((Button(Text("button-withdraw-one", {"number": str(number)}), end),),)
    yes = CallbackData(Action.ADMIT, str(invite.id), DESK)
    return (
        (
            Button(Text("button-admit-one", {"number": str(number)}), yes),
            Button(Text("button-turn-down-one", {"number": str(number)}), end),
        ),
    )


FEATURE = Feature(
    staff_anywhere=(pressed(Action.GO, show, SCREEN, alone=True),),
    staff_screens={SCREEN: render},
)
