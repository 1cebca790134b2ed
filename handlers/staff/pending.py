"""An administrator looks which of their invitations are still open, and takes one back."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Update

from handlers.buttons import DESK, Button, Press, Verb, desk
from handlers.context import Context
from handlers.route import Feature, pressed
from handlers.screens import Screen, rows
from handlers.staff import menu
from handlers.staff.invite import makers, worded
from handlers.staff.places import administers
from states.outcome import Outcome, Say
from states.staff import Invite, Role
from states.texts import Text
from storage import invites
from storage.look import Look

SCREEN = "invites"
SHOWN = 10
"""Invitations that one message lists, those that end first."""


async def show(_update: Update, context: Context) -> Outcome:
    """The list, leaving them where they are."""
    if not any(seat.role is Role.ADMINISTRATOR for seat in await context.own_seats()):
        return menu.refuse(context, SCREEN)
    return Outcome(acts=(Say(SCREEN),))


async def draw(look: Look) -> Screen:
    """Each with its role, its places, and until when; who has opened it, where somebody did."""
    if not any(seat.role is Role.ADMINISTRATOR for seat in look.seats):
        return await menu.draw_refused(look)
    found = await _open(look)
    if not found:
        return Screen((Text("invites-none"),), rows(desk("invite"), desk("staff"), across=2))
    shown = found[:SHOWN]
    lines = tuple(_said(look, invite, n) for n, invite in enumerate(shown, 1))
    judged = (each for n, invite in enumerate(shown, 1) for each in _ways(invite, n))
    return Screen(
        (Text("invites-head", {"count": len(found)}), *lines),
        (*judged, *rows(desk("invite"), desk("staff"), across=2)),
    )


async def _open(look: Look) -> Sequence[Invite]:
    found = await invites.unended(look.connection, look.keyring, look.bot_id, makers(look))
    going = (one for one in found if administers(look.seats, one.scope) and one.is_open(look.now))
    return sorted(going, key=lambda one: one.ends_at)


def _said(look: Look, invite: Invite, number: int) -> Text:
    offered = worded(look, invite.role, invite.scope)
    known = {**offered, "number": str(number), "until": invite.ends_at}
    if invite.opened_by is None:
        return Text("invites-line", known)
    return Text("invites-line-opened", {**known, "name": invite.opened_name})


def _ways(invite: Invite, number: int) -> tuple[tuple[Button, ...], ...]:
    end = Press(Verb.TURN_DOWN, str(invite.id), DESK)
    if invite.opened_by is None:
        return ((Button(Text("button-withdraw-one", {"number": str(number)}), end),),)
    yes = Press(Verb.ADMIT, str(invite.id), DESK)
    return (
        (
            Button(Text("button-admit-one", {"number": str(number)}), yes),
            Button(Text("button-turn-down-one", {"number": str(number)}), end),
        ),
    )


FEATURE = Feature(
    staff_anywhere=(pressed(Verb.GO, show, SCREEN, alone=True),),
    staff_screens={SCREEN: draw},
)
