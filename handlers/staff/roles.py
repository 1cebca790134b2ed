"""An administrator looks who is of the staff in their part of the exam, and takes a role back."""

from __future__ import annotations

from telegram import Update

from handlers.buttons import DESK, Button, Press, Verb, desk
from handlers.context import Context
from handlers.route import Feature, pressed
from handlers.screens import Screen, rows
from handlers.staff import menu, places
from states.outcome import Edit, Outcome, Priority, Say
from states.staff import Role, Seat
from states.texts import Argument, Text
from storage import seats
from storage.audit import Deed
from storage.look import Look

LIST, ONE, TAKEN = "seats", "seat", "seat-taken"
SHOWN = 10
"""Seats that one message lists."""


async def show(_update: Update, context: Context) -> Outcome:
    """The list, or another part of it."""
    if not any(seat.role is Role.ADMINISTRATOR for seat in await context.own_seats()):
        return menu.refuse(context, "seats")
    return Outcome(acts=(Say(LIST),))


async def turn(_update: Update, context: Context) -> Outcome:
    """Another part of the list (``+10``), or one of it, in the same message."""
    if not any(seat.role is Role.ADMINISTRATOR for seat in await context.own_seats()):
        return menu.refuse(context, "seats")
    value, tapped = context.press.value, context.envelope.tapped
    is_part = value.startswith("+")
    screen, at = (LIST, {"leaf": value[1:]}) if is_part else (ONE, {"seat": value})
    shown = Edit(screen, at=at, message_id=tapped.message_id if tapped else None)
    return Outcome(acts=(shown,))


async def revoke(_update: Update, context: Context) -> Outcome:
    """Take a role back; its holder is told, and can do nothing with it from this commit on."""
    unit, seat = context.unit, await _of_press(context)
    if seat is None or not places.administers(await context.own_seats(), seat.scope):
        return menu.refuse(context, "seats")
    if await seats.revoke(unit.tx, seat.id, context.now):
        context.did_at_work(Deed.SEAT_REVOKED, str(seat.id))
        lost = {"role": str(seat.role), **places.codes_of(seat.scope)}
        context.tell(seat.telegram_id, Say(TAKEN, lost, priority=Priority.NOTICE))
    tapped = context.envelope.tapped
    message_id = tapped.message_id if tapped else None
    return Outcome(acts=(Edit(LIST, leads=(Text("seat-revoked"),), message_id=message_id),))


async def _of_press(context: Context) -> Seat | None:
    keyring = context.envelope.office.keyring
    number = _number(context.press.value)
    seat = await seats.of_id(context.unit.tx, keyring, number)
    return seat if seat is not None and seat.bot_id == context.unit.row.bot_id else None


def _number(value: str) -> int:
    """The number of a seat; 0, which none has, for what was made up."""
    is_number = value.isascii() and value.isdecimal() and len(value) < 19
    return int(value) if is_number else 0


async def administered(look: Look) -> list[Seat]:
    """All seats that the reader may give and take, the oldest first."""
    found = {
        seat.id: seat
        for own in look.seats
        if own.role is Role.ADMINISTRATOR
        for seat in await seats.within(look.connection, look.keyring, own.bot_id, own.scope)
    }
    return [found[number] for number in sorted(found)]


async def draw_list(look: Look) -> Screen:
    """Who is what and where; each leads to taking it back."""
    if not any(seat.role is Role.ADMINISTRATOR for seat in look.seats):
        return await menu.draw_refused(look)
    found = await administered(look)
    first = min(_number(look.at.get("leaf", "0")) // SHOWN * SHOWN, max(0, len(found) - 1))
    shown = found[first : first + SHOWN]
    if not shown:
        return Screen((Text("seats-none"),), rows(desk("invite"), desk("staff"), across=2))
    lines = tuple(said_of(look, seat, n) for n, seat in enumerate(shown, first + 1))
    each = (_button(str(n), str(seat.id)) for n, seat in enumerate(shown, first + 1))
    ways = (
        *((_button("←", f"+{first - SHOWN}"),) if first else ()),
        *((_button("→", f"+{first + SHOWN}"),) if first + SHOWN < len(found) else ()),
    )
    others = rows(desk("invite"), desk("staff"), across=2)
    return Screen(
        (Text("seats-head", {"count": len(found)}), lines),
        (*rows(*each, across=5), ways, *others),
    )


def said_of(look: Look, seat: Seat, number: int) -> Text:
    """A seat in a line of the list."""
    return Text("seats-line", {"number": str(number), **_named(look, seat)})


def _named(look: Look, seat: Seat) -> dict[str, Argument]:
    scope = places.called(look.exam, seat.scope, look.locale)
    return {"name": seat.name, "role": Text(f"role-{seat.role}"), "scope": scope}


def _button(label: str, value: str) -> Button:
    return Button(label, Press(Verb.SEAT, value, DESK))


async def draw_one(look: Look) -> Screen:
    """One of the staff, with their account; and the button that takes the role back."""
    seat = await seats.of_id(look.connection, look.keyring, _number(look.at["seat"]))
    is_ours = seat is not None and seat.bot_id == look.bot_id
    if seat is None or not (is_ours and places.administers(look.seats, seat.scope)):
        return await menu.draw_refused(look)
    if seat.revoked_at is not None:
        return await draw_list(look)
    known = {"account": str(seat.telegram_id), "since": seat.granted_at, **_named(look, seat)}
    taking = Button(Text("button-revoke"), Press(Verb.REVOKE, str(seat.id), DESK))
    return Screen((Text("seat-card", known),), rows(taking, desk(LIST)))


async def draw_taken(look: Look) -> Screen:
    """For whoever has lost a role."""
    role = Text(f"role-{look.at['role']}")
    scope = places.called(look.exam, places.scope_of(look.at), look.locale)
    return Screen((Text("seat-taken-told", {"role": role, "scope": scope}),))


FEATURE = Feature(
    staff_anywhere=(
        pressed(Verb.GO, show, LIST, alone=True),
        pressed(Verb.SEAT, turn, alone=True),
        pressed(Verb.REVOKE, revoke, alone=True),
    ),
    staff_screens={LIST: draw_list, ONE: draw_one, TAKEN: draw_taken},
)
