"""What has become of an application: who decided what of it and when, and what was done about it.

Names are those that colleagues go by; they are told to colleagues only.
"""

from __future__ import annotations

from telegram import Update

from handlers.buttons import Verb, desk, on
from handlers.context import Context
from handlers.route import Feature, pressed
from handlers.screens import Screen, rows
from handlers.staff import menu
from handlers.staff.holding import APPLICATION, CLOSED, application_of
from states.codes import code_of
from states.outcome import Outcome, Say
from states.staff import DESKS
from states.texts import Argument, Text
from storage import finding, seats, verdicts
from storage.audit import Deed
from storage.finding import Found
from storage.look import Look
from storage.notes import Note
from storage.scopes import OutOfScope
from storage.verdicts import Verdict

SCREEN = "history"
SHOWN = 15
"""Deeds that are shown, the newest; the whole of it is the command line's."""


async def see(_update: Update, context: Context) -> Outcome:
    """The history of an application that was found."""
    by, wanted = await context.own_seats(), application_of(context.press.value)
    found = await finding.outlines(context.unit.tx, by, [wanted])
    if not found:
        return menu.refuse(context, "history")
    keyring = context.envelope.office.keyring
    about = await finding.read(context.unit.tx, keyring, by, wanted)
    context.did_about(Deed.HISTORY_SEEN, about)
    return Outcome(acts=(Say(SCREEN, {APPLICATION: str(wanted)}),))


async def said(look: Look, verdict: Verdict) -> Text:
    """A decision in a line: what, by whom, when."""
    seat = await seats.of_id(look.connection, look.keyring, verdict.seat_id)
    args: dict[str, Argument] = {
        "desk": Text(f"desk-{verdict.desk}"),
        "name": seat.name if seat else "",
        "at": verdict.decided_at,
    }
    return Text("verdict-approved" if verdict.refusal is None else "verdict-refused", args)


async def noted(look: Look, note: Note) -> Text:
    """A note in a line."""
    seat = await seats.of_id(look.connection, look.keyring, note.seat_id)
    return Text(
        "note-line", {"name": seat.name if seat else "", "at": note.at, "words": note.words}
    )


def outline(found: Found) -> Text:
    """Where something that was found stands: nothing personal."""
    return Text(
        "found-line",
        {
            "code": code_of(found.id),
            "stage": Text(f"stage-{found.stage}"),
            "held": "yes" if found.is_held else "no",
        },
    )


async def draw(look: Look) -> Screen:
    """The decisions, and the last of what was done about it."""
    wanted = application_of(look.at[APPLICATION])
    found = await finding.outlines(look.connection, look.seats, [wanted])
    if not found:
        return await menu.draw_refused(look)
    decided = await verdicts.of_applications(look.connection, look.keyring, [wanted])
    told = [await said(look, one) for one in decided] or [Text("history-undecided")]
    done = await finding.deeds(look.connection, look.seats, wanted)
    lines = [
        Text("history-line", {"at": one.at, "deed": Text(f"deed-{one.deed}")})
        for one in done[-SHOWN:]
    ]
    taking = (on(Verb.TAKE, wanted, Text("button-take")),) if found[0].stage in DESKS else ()
    ways = (*rows(*taking), *rows(desk("find"), desk("queue"), across=2))
    return Screen((outline(found[0]), tuple(told), tuple(lines)), ways)


async def draw_closed(look: Look) -> Screen:
    """How a card ended: nothing of what stood on it, and no buttons."""
    wanted = application_of(look.at[APPLICATION])
    code = code_of(wanted)
    why = look.at.get("why", "")
    if why:
        return Screen((Text(f"closed-{why}", {"code": code}),))
    try:
        await finding.read(look.connection, look.keyring, look.seats, wanted)
    except OutOfScope:
        return Screen((Text("closed-gone", {"code": code}),))
    decided = await verdicts.of_applications(look.connection, look.keyring, [wanted])
    if not decided:
        return Screen((Text("closed-gone", {"code": code}),))
    return Screen((Text("closed-decided", {"code": code}), await said(look, decided[-1])))


FEATURE = Feature(
    staff_anywhere=(pressed(Verb.HISTORY, see, alone=True),),
    staff_screens={SCREEN: draw, CLOSED: draw_closed},
)
