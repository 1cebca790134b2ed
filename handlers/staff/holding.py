"""What every step about an application in somebody's hands begins with: do they hold it (still)?

The database is asked at each act; a button, a state or a typed word by itself proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from telegram import Update

from handlers.buttons import desk
from handlers.context import Context
from handlers.route import Feature, Step
from handlers.screens import Screen, rows
from handlers.staff import menu
from states.codes import code_of
from states.flow import Place
from states.groups import Staff, State
from states.outcome import Act, Edit, Erase, Outcome, Say
from states.records import ApplicationId
from states.texts import Text
from storage import cards, claims
from storage.audit import Deed
from storage.cards import Shown, card_slot
from storage.claims import Held, Lost, NotHeld
from storage.look import Look

LOST = "card-lost"
CLOSED = "card-closed"
APPLICATION = "application"
"""In a place: the application that it is about."""

Holding = Callable[[Context, Held], Coroutine[Any, Any, Outcome]]


def application_of(at: str) -> ApplicationId:
    """The application that a place or a button names; 0, which is none, for anything else."""
    return ApplicationId(int(at) if at.isdecimal() and len(at) < 19 else 0)


def holding(step: Holding) -> Step:
    """A step for whoever holds the application of the present place, and touches it by this."""

    @wraps(step)
    async def checked(_update: Update, context: Context) -> Outcome:
        by = await context.own_seats()
        if not by:
            return menu.refuse(context, "card")
        application_id = application_of(context.at.at.get(APPLICATION, ""))
        office, tx = context.envelope.office, context.unit.tx
        try:
            held = await claims.read(
                tx, office.keyring, by, application_id, context.now, office.pace
            )
        except NotHeld as refused:
            return lost(context, application_id, refused.why)
        await claims.touch(tx, by, application_id, context.now)
        return await step(context, held)

    return checked


def lost(context: Context, application_id: ApplicationId, why: Lost) -> Outcome:
    """They do not hold it (any more): the card is closed, and it is noted."""
    context.did_at_work(Deed.DENIED, f"card {why}")
    at = {APPLICATION: str(application_id), "why": why}
    shown = Edit(LOST, card_slot(application_id), at)
    return Outcome(menu.IDLE, (shown,), toast=Text("toast-lost"))


async def show(context: Context, held: Held, state: State, *leads: Text, **at: str) -> Outcome:
    """A place about what they hold, in its card; below everything else where they typed."""
    place = Place(state, {APPLICATION: str(held.application.id), **at})
    slot, screen = card_slot(held.application.id), state.state or ""
    if context.envelope.tapped is not None:
        return Outcome(place, (Edit(screen, slot, place.at, leads),))
    return Outcome(place, (*await _old(context, held), Say(screen, place.at, leads, slot)))


async def below(context: Context, held: Held, *acts: Act) -> Outcome:
    """The same card once more, below these messages; there is one of it in a chat."""
    place = Place(Staff.card, {APPLICATION: str(held.application.id)})
    anew = Say(Staff.card.state or "", place.at, slot=card_slot(held.application.id))
    return Outcome(place, (*await _old(context, held), *acts, anew))


async def _old(context: Context, held: Held) -> tuple[Erase, ...]:
    shown = await cards.shown(context.unit.tx, held.application.id)
    here = [one for one in shown if one.chat_id == context.unit.row.lane and one.is_card]
    return tuple(Erase(one.message_id) for one in here)


def closing(shown: Shown, application_id: ApplicationId, why: str = "") -> Act:
    """A card says how it ended and has no buttons any more; a paper goes."""
    if not shown.is_card:
        return Erase(shown.message_id)
    at = {APPLICATION: str(application_id), **({"why": why} if why else {})}
    return Edit(CLOSED, at=at, message_id=shown.message_id)


async def draw_lost(look: Look) -> Screen:
    """Why there is nothing to be seen here any more, and where to go on."""
    code = code_of(application_of(look.at[APPLICATION]))
    return Screen((Text(f"lost-{look.at['why']}", {"code": code}),), rows(desk("queue")))


FEATURE = Feature(
    staff_screens={LOST: draw_lost},
)
