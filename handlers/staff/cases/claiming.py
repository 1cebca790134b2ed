"""What every step about an application in somebody's hands begins with: do they hold it (still)?

The database is asked at each act; a button, a state or a typed word by itself proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from telegram import Update

from handlers.callback_data import staff_go
from handlers.rendering import Screen, rows
from handlers.routing import Feature, Step
from handlers.staff import menu
from handlers.update_context import Context
from states.codes import code_of
from states.flow import Position
from states.records import ApplicationId
from states.state_groups import Staff, State
from states.step_result import DeleteMessage, EditScreen, Effect, ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.staff import cards, claims
from storage.staff.cards import ShownMessage, card_slot
from storage.staff.claims import ClaimedCase, ClaimLost, NotClaimed
from storage.staff.staff_view import StaffView

LOST = "card-lost"
CLOSED = "card-closed"
APPLICATION = "application"
"""In a place: the application that it is about."""

ClaimStep = Callable[[Context, ClaimedCase], Coroutine[Any, Any, StepResult]]


def application_of(at: str) -> ApplicationId:
    """The application that a place or a button names; 0, which is none, for anything else."""
    return ApplicationId(int(at) if at.isdecimal() and len(at) < 19 else 0)


def requires_claim(step: ClaimStep) -> Step:
    """A step for whoever holds the application of the present place, and touches it by this."""

    @wraps(step)
    async def checked(_update: Update, context: Context) -> StepResult:
        by = await context.own_assignments()
        if not by:
            return menu.refuse(context, "card")
        application_id = application_of(context.position.data.get(APPLICATION, ""))
        services, tx = context.envelope.services, context.unit.tx
        try:
            held = await claims.read(
                tx, services.keyring, by, application_id, context.now, services.timings
            )
        except NotClaimed as refused:
            return claim_lost(context, application_id, refused.why)
        await claims.touch(tx, by, application_id, context.now)
        return await step(context, held)

    return checked


def claim_lost(context: Context, application_id: ApplicationId, why: ClaimLost) -> StepResult:
    """They do not hold it (any more): the card is closed, and it is noted."""
    context.audit_as_staff(AuditAction.DENIED, f"card {why}")
    at = {APPLICATION: str(application_id), "why": why}
    shown = EditScreen(LOST, card_slot(application_id), at)
    return StepResult(menu.IDLE, (shown,), toast=Text("toast-lost"))


async def show(
    context: Context, claimed: ClaimedCase, state: State, *header_lines: Text, **at: str
) -> StepResult:
    """A place about what they hold, in its card; below everything else where they typed."""
    place = Position(state, {APPLICATION: str(claimed.application.id), **at})
    slot, screen = card_slot(claimed.application.id), state.state or ""
    if context.envelope.source_message is not None:
        return StepResult(place, (EditScreen(screen, slot, place.data, header_lines),))
    return StepResult(
        place, (*await _old(context, claimed), ShowScreen(screen, place.data, header_lines, slot))
    )


async def below(context: Context, claimed: ClaimedCase, *effects: Effect) -> StepResult:
    """The same card once more, below these messages; there is one of it in a chat."""
    place = Position(Staff.card, {APPLICATION: str(claimed.application.id)})
    anew = ShowScreen(Staff.card.state or "", place.data, slot=card_slot(claimed.application.id))
    return StepResult(place, (*await _old(context, claimed), *effects, anew))


async def _old(context: Context, claimed: ClaimedCase) -> tuple[DeleteMessage, ...]:
    shown = await cards.shown(context.unit.tx, claimed.application.id)
    here = [one for one in shown if one.chat_id == context.unit.row.queue_key and one.is_card]
    return tuple(DeleteMessage(one.message_id) for one in here)


def closing(shown: ShownMessage, application_id: ApplicationId, why: str = "") -> Effect:
    """A card says how it ended and has no buttons any more; a paper goes."""
    if not shown.is_card:
        return DeleteMessage(shown.message_id)
    at = {APPLICATION: str(application_id), **({"why": why} if why else {})}
    return EditScreen(CLOSED, data=at, message_id=shown.message_id)


async def render_lost(view: StaffView) -> Screen:
    """Why there is nothing to be seen here any more, and where to go on."""
    code = code_of(application_of(view.data[APPLICATION]))
    return Screen((Text(f"lost-{view.data['why']}", {"code": code}),), rows(staff_go("queue")))


FEATURE = Feature(
    staff_screens={LOST: render_lost},
)
