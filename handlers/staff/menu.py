"""Somebody of the staff wants to know what they are here and what they can do; or is not one.

Nothing of this asks for a candidate's record: who decides need not register.
"""

from telegram import Update
from telegram.ext import TypeHandler

from handlers.buttons import Verb, desk, go
from handlers.context import Context
from handlers.route import Feature, Route, command, pressed
from handlers.screens import Screen, rows
from handlers.staff import places
from states.flow import Place
from states.groups import Staff
from states.outcome import Outcome, Say
from states.staff import Role, Seat
from states.texts import Text
from storage.audit import Deed
from storage.look import Look

HELP = "staff-help"
REFUSED = "staff-refused"
IDLE = Place(Staff.idle)


async def home(_update: Update, context: Context) -> Outcome:
    """What they are, and the ways to what they do; an open question of the staff is over."""
    return context.ask(IDLE) if await context.own_seats() else refuse(context)


async def cancel(_update: Update, context: Context) -> Outcome:
    """Out of the question of the staff; what they are asked as a candidate is untouched."""
    return context.ask(IDLE, Text("staff-cancelled")) if await context.own_seats() else _out()


async def explain(_update: Update, context: Context) -> Outcome:
    """The help for the staff, leaving them where they are."""
    return Outcome(acts=(Say(HELP),)) if await context.own_seats() else refuse(context)


async def unexpected(_update: Update, context: Context) -> Outcome:
    """What the staff's question cannot take, or no question at all: show where they are."""
    if not await context.own_seats():
        return refuse(context)
    return context.stay(Text("staff-unexpected")) if context.is_asked else context.ask(IDLE)


async def stale(_update: Update, context: Context) -> Outcome:
    """A button of an earlier question, or one we never made."""
    if await context.own_seats():
        context.unit.did(Deed.DENIED, "stale")
    shown = await unexpected(_update, context)
    return Outcome(shown.place, shown.acts, toast=Text("toast-stale"))


def refuse(context: Context, what: str = "") -> Outcome:
    """Not of the staff, or no longer; noted, since no button of ours leads here otherwise."""
    context.did_at_work(Deed.DENIED, what)
    return _out() if context.is_asked else Outcome(acts=(Say(REFUSED),))


def _out() -> Outcome:
    return Outcome(IDLE, (Say(REFUSED),))


ANYTHING = Route(TypeHandler(Update, unexpected), alone=True)
STALE = Route(TypeHandler(Update, stale), alone=True)


async def draw_home(look: Look) -> Screen:
    """Roles with their scopes, and what can be done from here."""
    if not look.seats:
        return await draw_refused(look)
    held = tuple(said_of(look, seat) for seat in look.seats)
    administers = any(seat.role is Role.ADMINISTRATOR for seat in look.seats)
    decides = any(seat.role is not Role.ADMINISTRATOR for seat in look.seats)
    ways = (desk("queue"),) if decides else ()
    managing = (desk("invite"), desk("invites"), desk("seats")) if administers else ()
    others = (desk(HELP, Text("button-staff-help")), go("resume", Text("button-as-candidate")))
    return Screen((Text("staff-home"), held), rows(*ways, *managing, *others, across=2))


def said_of(look: Look, seat: Seat) -> Text:
    """A role with its scope."""
    scope = places.called(look.exam, seat.scope, look.locale)
    return Text("staff-seat", {"role": Text(f"role-{seat.role}"), "scope": scope})


async def draw_refused(look: Look) -> Screen:
    """Not theirs, for one of the staff; for others, where candidates find what is for them."""
    if look.seats:
        return Screen((Text("staff-not-yours"),), rows(desk("staff")))
    return Screen((Text("staff-refused"),), rows(go("resume"), go("help"), across=2))


async def draw_help(_look: Look) -> Screen:
    """What the staff can do, and what never to do."""
    return Screen((Text("staff-help"),), rows(desk("staff")))


FEATURE = Feature(
    staff_anywhere=(
        command("staff", home, alone=True),
        command("start", home, alone=True),
        command("cancel", cancel, alone=True),
        command("help", explain, alone=True),
        pressed(Verb.GO, home, "staff", alone=True),
        pressed(Verb.GO, explain, HELP, alone=True),
    ),
    staff_screens={
        Staff.idle: draw_home,
        HELP: draw_help,
        REFUSED: draw_refused,
    },
)
