"""The claim that each step and screen about a case requires.

The database answers at each step; a button, a state or a typed word proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import wraps
from typing import Any

from telegram import Update

from handlers.callback_data import staff_go
from handlers.rendering import RenderStaffScreen, Screen, View, rows
from handlers.routing import Feature, Step
from handlers.staff import menu
from handlers.update_context import Context
from states.codes import code_of
from states.flow import Position
from states.records import ApplicationId, Records
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
"""The key of position data for the application."""

ClaimStep = Callable[[Context, ClaimedCase], Coroutine[Any, Any, StepResult]]
RenderClaimed = Callable[[StaffView, ClaimedCase], Coroutine[Any, Any, Screen]]


def application_of(number: str) -> ApplicationId:
    """Return the application that position data or a button names; 0 for made-up data."""
    return ApplicationId(int(number) if number.isdecimal() and len(number) < 19 else 0)


def requires_claim(step: ClaimStep) -> Step:
    """Wrap a step: it runs only for the holder of the claim, and counts as activity on it."""

    @wraps(step)
    async def checked(_update: Update, context: Context) -> StepResult:
        by = await context.own_assignments()
        if not by:
            return menu.deny(context, "card")
        application_id = application_of(context.position.data.get(APPLICATION, ""))
        services, tx = context.services, context.unit.tx
        try:
            claimed = await claims.read(
                tx, services.keyring, by, application_id, context.now, services.timings
            )
        except NotClaimed as refused:
            return claim_lost(context, application_id, refused.why)
        await claims.touch(tx, by, application_id, context.now)
        return await step(context, claimed)

    return checked


def claim_lost(context: Context, application_id: ApplicationId, why: ClaimLost) -> StepResult:
    """Close the card of an application that the presser does not hold, and audit it."""
    context.audit_as_staff(AuditAction.DENIED, f"card {why}")
    data = {APPLICATION: str(application_id), "why": why}
    shown = EditScreen(LOST, card_slot(application_id), data)
    return StepResult(menu.IDLE, (shown,), toast=Text("toast-lost"))


async def show(
    context: Context, claimed: ClaimedCase, state: State, *header_lines: Text, **data: str
) -> StepResult:
    """Show a position of the claimed case in its card; after typed text, in a new card below."""
    position = Position(state, {APPLICATION: str(claimed.application.id), **data})
    slot, screen = card_slot(claimed.application.id), state.state or ""
    if context.envelope.source_message is not None:
        return StepResult(position, (EditScreen(screen, slot, position.data, header_lines),))
    card = ShowScreen(screen, position.data, header_lines, slot)
    return StepResult(position, (*await _delete_cards(context, claimed), card))


def step_to_claimed(state: State) -> Step:
    """Build a step that shows a position of the claimed case."""

    @requires_claim
    async def step(context: Context, claimed: ClaimedCase) -> StepResult:
        return await show(context, claimed, state)

    return step


async def show_below(context: Context, claimed: ClaimedCase, *effects: Effect) -> StepResult:
    """Send the card again below these effects; a chat has one card of a case."""
    position = Position(Staff.card, {APPLICATION: str(claimed.application.id)})
    slot = card_slot(claimed.application.id)
    card = ShowScreen(Staff.card.state or "", position.data, slot=slot)
    return StepResult(position, (*await _delete_cards(context, claimed), *effects, card))


async def _delete_cards(context: Context, claimed: ClaimedCase) -> tuple[DeleteMessage, ...]:
    shown = await cards.shown(context.unit.tx, claimed.application.id)
    here = [one for one in shown if one.chat_id == context.unit.row.queue_key and one.is_card]
    return tuple(DeleteMessage(one.message_id) for one in here)


def close_message(shown: ShownMessage, application_id: ApplicationId, why: str = "") -> Effect:
    """Edit a card to say how it ended, without buttons; delete a paper."""
    if not shown.is_card:
        return DeleteMessage(shown.message_id)
    data = {APPLICATION: str(application_id), **({"why": why} if why else {})}
    return EditScreen(CLOSED, data=data, message_id=shown.message_id)


def renders_claimed(render: RenderClaimed) -> RenderStaffScreen:
    """Render only for the holder of the claim; everyone else gets the "claim lost" screen."""

    @wraps(render)
    async def render_if_held(view: StaffView) -> Screen:
        application_id = application_of(view.data[APPLICATION])
        try:
            claimed = await claims.read(
                view.connection,
                view.keyring,
                view.assignments,
                application_id,
                view.now,
                view.timings,
            )
        except NotClaimed as refused:
            return await render_lost(replace(view, data={**view.data, "why": refused.why}))
        return await render(view, claimed)

    return render_if_held


def renders_application(render: Callable[[View, ClaimedCase], Screen]) -> RenderStaffScreen:
    """Render a claimed case from the candidate's view alone."""

    @wraps(render)
    async def render_view(view: StaffView, claimed: ClaimedCase) -> Screen:
        return render(candidate_view(view, claimed), claimed)

    return renders_claimed(render_view)


def candidate_view(view: StaffView, claimed: ClaimedCase) -> View:
    """Return the view of the candidate's records, in the reader's language."""
    person = replace(claimed.person, locale=view.locale)
    return View(Records(person, claimed.application), view.exam, view.now, view.data)


async def render_lost(view: StaffView) -> Screen:
    """Say why the reader does not hold the case, and offer the queue."""
    code = code_of(application_of(view.data[APPLICATION]))
    return Screen((Text(f"lost-{view.data['why']}", {"code": code}),), rows(staff_go("queue")))


FEATURE = Feature(staff_screens={LOST: render_lost})
