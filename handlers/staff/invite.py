"""An administrator invites somebody to the staff by a link that works once.

Whoever opens it is nothing yet: the seat begins when the inviter has read who opened it and says
yes. So a link that was forwarded, or read over a shoulder, gives nobody anything.
"""

from __future__ import annotations

from urllib.parse import urlencode

from telegram import Update
from telegram.ext import CommandHandler, filters

from handlers.buttons import DESK, Button, Press, Verb, desk, go
from handlers.context import Context
from handlers.route import Feature, Route, command, pressed
from handlers.screens import Screen, rows
from handlers.staff import menu, places
from states.flow import Place
from states.groups import Staff
from states.outcome import Edit, Outcome, Priority, Say
from states.staff import COMMAND_LINE, Invite, Role, Scope, Seat
from states.texts import Argument, Text
from storage import invites, seats
from storage.audit import Deed
from storage.look import Look

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


async def begin(_update: Update, context: Context) -> Outcome:
    """Which role is to be given?"""
    if not any(seat.role is Role.ADMINISTRATOR for seat in await context.own_seats()):
        return menu.refuse(context, "invite")
    return context.ask(Place(Staff.role))


async def make(context: Context, role: Role, scope: Scope) -> Outcome:
    """The link, for the inviter to send on; of its token only the hash is kept."""
    unit, payload = context.unit, invites.new_payload()
    invite = Invite(
        id=unit.new_id(),
        bot_id=unit.row.bot_id,
        role=role,
        scope=scope,
        made_by=unit.row.lane,
        made_at=context.now,
        expires_at=context.now + context.envelope.office.invites_last,
    )
    await invites.make(unit.tx, context.envelope.office.keyring, invite, payload)
    context.did_at_work(Deed.INVITED, invites.detail(role, scope))
    shown = Say(MADE, {"invite": str(invite.id), "payload": payload})
    return Outcome(menu.IDLE, (shown,))


async def open_link(update: Update, context: Context) -> Outcome:
    """Somebody follows a link: they wait, and the inviter is asked about them."""
    unit, keyring = context.unit, context.envelope.office.keyring
    payload, by = (context.args or [""])[0], update.effective_user
    found = await invites.of_payload(unit.tx, keyring, unit.row.bot_id, payload, context.now)
    if found is None or by is None:
        context.did_at_work(Deed.DENIED, "invite")
        return Outcome(acts=(Say(FAILED),))
    if found.made_by == unit.row.lane:
        return Outcome(acts=(Say(FAILED, leads=(Text("invite-own"),)),))
    name = _shown(by.full_name, by.username)
    if not await invites.opened(unit.tx, keyring, found.id, unit.row.lane, name, context.now):
        context.did_at_work(Deed.DENIED, "invite")
        return Outcome(acts=(Say(FAILED),))
    context.did_at_work(Deed.INVITE_OPENED, str(found.id))
    asked = Say(OPENED, {"invite": str(found.id)}, priority=Priority.NOTICE)
    for account in _judges(context, found):
        context.tell(account, asked)
    return Outcome(acts=(Say(WAITING, {"role": found.role, **places.codes_of(found.scope)}),))


def _judges(context: Context, invite: Invite) -> list[int]:
    """Who says whether the one who opened it is the one who was meant."""
    if invite.made_by == COMMAND_LINE:
        return sorted(context.envelope.office.administrators)
    return [invite.made_by]


async def admit(_update: Update, context: Context) -> Outcome:
    """It is who was meant: the seat begins."""
    invite = await _to_be_judged(context)
    if invite is None or invite.opened_by is None:
        return _over(context)
    unit, keyring = context.unit, context.envelope.office.keyring
    if not await invites.end(unit.tx, invite.id, context.now):
        return _over(context)
    begun = Say(SEATED, {"role": invite.role, **places.codes_of(invite.scope)})
    context.tell(invite.opened_by, begun)
    held = await seats.of_account(unit.tx, keyring, unit.row.bot_id, invite.opened_by)
    if not any((seat.role, seat.scope) == (invite.role, invite.scope) for seat in held):
        await _give(context, invite, invite.opened_by)
    return _over(context, Text("invite-admitted"))


async def _give(context: Context, invite: Invite, account: int) -> None:
    unit = context.unit
    seat = Seat(
        id=unit.new_id(),
        bot_id=unit.row.bot_id,
        telegram_id=account,
        role=invite.role,
        scope=invite.scope,
        name=invite.opened_name,
        granted_by=unit.row.lane,
        granted_at=context.now,
    )
    await seats.grant(unit.tx, context.envelope.office.keyring, seat)
    unit.seated.append(seat.telegram_id)
    context.did_at_work(Deed.SEATED, f"{seat.id} {invites.detail(invite.role, invite.scope)}")


async def turn_down(_update: Update, context: Context) -> Outcome:
    """It is somebody else, or the link is to end before anybody opens it."""
    invite = await _own(context)
    if invite is None or not await invites.end(context.unit.tx, invite.id, context.now):
        return _over(context)
    context.did_at_work(Deed.INVITE_REFUSED, str(invite.id))
    if invite.opened_by is not None:
        context.tell(invite.opened_by, Say(FAILED))
    return _over(context, Text("invite-turned-down"))


async def _to_be_judged(context: Context) -> Invite | None:
    invite = await _own(context)
    return invite if invite is not None and invite.awaits_word(context.now) else None


async def _own(context: Context) -> Invite | None:
    """The invitation of the button, if it is still for whoever presses to say; else it is noted."""
    unit, value = context.unit, context.press.value
    number = int(value) if value.isascii() and value.removeprefix("-").isdecimal() else 0
    keyring = context.envelope.office.keyring
    invite = await invites.of_id(unit.tx, keyring, number) if abs(number) < 2**63 else None
    if invite is None or invite.bot_id != unit.row.bot_id or not _is_judge(context, invite):
        context.did_at_work(Deed.DENIED, "invite")
        return None
    if not places.administers(await context.own_seats(), invite.scope):
        context.did_at_work(Deed.DENIED, "invite")
        return None
    return invite


def _is_judge(context: Context, invite: Invite) -> bool:
    return context.unit.row.lane in _judges(context, invite)


def _over(context: Context, *leads: Text) -> Outcome:
    """In place of the question: what became of it."""
    tapped = context.envelope.tapped
    leads = leads or (Text("invite-is-over"),)
    if tapped is None:
        return Outcome(acts=(Say(OVER, leads=leads),))
    return Outcome(acts=(Edit(OVER, leads=leads, message_id=tapped.message_id),))


def _shown(name: str, username: str | None) -> str:
    """A name that somebody gave themselves, without what could disguise it."""
    plain = "".join(sign for sign in name if sign.isprintable())[:NAME_MOST]
    return f"{plain} (@{username})" if username else plain


def _button(key: str, verb: Verb, invite: Invite) -> Button:
    return Button(Text(key), Press(verb, str(invite.id), DESK))


async def _asked(look: Look) -> Invite | None:
    """The invitation that a screen is about, for its inviter only."""
    found = await invites.of_id(look.connection, look.keyring, int(look.at["invite"]))
    if found is None or not places.administers(look.seats, found.scope):
        return None
    return found if found.made_by in makers(look) else None


def makers(look: Look) -> set[int]:
    """The accounts whose invitations are the reader's to judge: their own, and for administrators
    of the settings the command line's.
    """
    by_settings = any(seat.id == 0 for seat in look.seats)
    return {look.reader, COMMAND_LINE} if by_settings else {look.reader}


async def draw_made(look: Look) -> Screen:
    """The link, what it gives, until when, and how to take it back."""
    invite = await _asked(look)
    if invite is None or invite.ended_at is not None:
        return await draw_over(look)
    link = f"https://t.me/{look.bot}?{urlencode({'start': look.at['payload']})}"
    told = Text("invite-link", {**worded(look, invite.role, invite.scope), "link": link})
    until = Text("invite-until", {"until": invite.expires_at})
    return Screen(
        (told, until), rows(_button("button-withdraw", Verb.TURN_DOWN, invite), desk("staff"))
    )


async def draw_opened(look: Look) -> Screen:
    """Who has opened it, for the inviter to say yes or no."""
    invite = await _asked(look)
    if invite is None or not invite.awaits_word(look.now):
        return await draw_over(look)
    named = worded(look, invite.role, invite.scope)
    who = {"name": invite.opened_name, "account": str(invite.opened_by)}
    judged = rows(
        _button("button-admit", Verb.ADMIT, invite),
        _button("button-turn-down", Verb.TURN_DOWN, invite),
        across=2,
    )
    return Screen((Text("invite-who", {**named, **who}),), judged)


async def draw_waiting(look: Look) -> Screen:
    """For whoever has opened a link: what it is for, and that somebody looks at it."""
    named = worded(look, Role(look.at["role"]), places.scope_of(look.at))
    return Screen((Text("invite-wait", named),))


async def draw_seated(look: Look) -> Screen:
    """The seat has begun: what it is, and where to start."""
    named = worded(look, Role(look.at["role"]), places.scope_of(look.at))
    ways = rows(desk("staff"), desk(menu.HELP, Text("button-staff-help")), across=2)
    return Screen((Text("invite-seat", named),), ways)


async def draw_over(_look: Look) -> Screen:
    """Nothing is left to say about an invitation."""
    ways = rows(desk("staff"), desk("invite"), desk("invites"), across=2)
    return Screen((Text("invite-ended"),), ways)


async def draw_failed(_look: Look) -> Screen:
    """A link that opens nothing; never why, so that nobody can try links out."""
    return Screen((Text("invite-bad"),), rows(go("resume"), go("help"), across=2))


def worded(look: Look, role: Role, scope: Scope) -> dict[str, Argument]:
    """A role and its places in words."""
    return {
        "role": Text(f"role-{role}"),
        "scope": places.called(look.exam, scope, look.locale),
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
        pressed(Verb.GO, begin, "invite", alone=True),
        pressed(Verb.ADMIT, admit, alone=True),
        pressed(Verb.TURN_DOWN, turn_down, alone=True),
    ),
    staff_screens={
        MADE: draw_made,
        OPENED: draw_opened,
        WAITING: draw_waiting,
        SEATED: draw_seated,
        OVER: draw_over,
        FAILED: draw_failed,
    },
)
