"""Somebody of the staff looks for a registration: by its code, a name or an ID number.

Only what their seats cover is found, and of that only where it stands. Every search is noted.
"""

from __future__ import annotations

from telegram import Update

from handlers.buttons import Verb, desk, on
from handlers.context import Context
from handlers.route import Feature, command, pressed, text
from handlers.screens import BACK, Screen, rows
from handlers.staff import history, menu
from handlers.staff.holding import application_of
from states.codes import code_of
from states.flow import Place
from states.groups import Staff
from states.outcome import Erase, Outcome, Say
from states.texts import Text
from storage import finding
from storage.audit import Deed
from storage.finding import Clue
from storage.look import Look

FOUND = "found"


async def ask(_update: Update, context: Context) -> Outcome:
    """Wants to find something; what is sought may follow the command at once."""
    if not await context.own_seats():
        return menu.refuse(context, "find")
    return context.ask(Place(Staff.finding))


async def look_up(_update: Update, context: Context) -> Outcome:
    """What was typed; the message goes where it held an ID number."""
    by = await context.own_seats()
    if not by:
        return menu.refuse(context, "find")
    office, unit = context.envelope.office, context.unit
    clue, found = await finding.find(unit.tx, office.keyring, office.exam.key, by, context.text)
    context.did_at_work(Deed.SEARCHED, f"{clue} {len(found)}")
    is_number = clue is Clue.NUMBER or sum(sign.isdecimal() for sign in context.text) > 8
    erased = (Erase(context.message.message_id),) if is_number else ()
    if not found:
        return context.stay(Text("find-nothing"), acts=erased)
    shown = Say(FOUND, {"ids": " ".join(str(one) for one in found)})
    return Outcome(menu.IDLE, (shown, *erased))


async def out(_update: Update, context: Context) -> Outcome:
    """No longer looks for anything."""
    return context.ask(menu.IDLE)


async def draw_ask(_look: Look) -> Screen:
    """By what one can look, and that it is noted."""
    return Screen((Text("find-ask"),), ((BACK,),))


async def draw_found(look: Look) -> Screen:
    """Where each of them stands now, as far as the reader may see it."""
    ids = [application_of(one) for one in look.at["ids"].split()]
    found = await finding.outlines(look.connection, look.seats, ids)
    lines = tuple(history.outline(one) for one in found) or (Text("find-nothing"),)
    ways = [
        on(Verb.HISTORY, one.id, Text("button-history", {"code": code_of(one.id)})) for one in found
    ]
    others = rows(desk("find"), desk("queue"), across=2)
    return Screen((Text("found-head"), lines), (*rows(*ways), *others))


FEATURE = Feature(
    staff_anywhere=(command("find", ask, alone=True), pressed(Verb.GO, ask, "find", alone=True)),
    staff_routes={Staff.finding: (pressed(Verb.BACK, out, alone=True), text(look_up, alone=True))},
    staff_screens={Staff.finding: draw_ask, FOUND: draw_found},
)
