"""The claim that each step and screen about a case requires.

The database answers at each step; a button, a state or a typed word proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from functools import wraps
from typing import Any

from telegram import Update

from handlers.callback_data import application_of, staff_go
from handlers.case_messages import close_messages, deletions
from handlers.rendering import RenderStaffScreen, Screen, View, rows
from handlers.replies import ask
from handlers.routing import Feature, Step
from handlers.staff import menu
from handlers.staff.cases.albums import show_albums
from handlers.update_context import Context
from states.fsm_states import Staff, State
from states.progress.next_step import Position
from states.records import ApplicationId, Records
from states.step_result import EditScreen, Effect, ShowScreen, StepResult
from states.submissions.application_codes import code_of
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.staff.access.staff_view import StaffView
from storage.staff.cases import cards, claims
from storage.staff.cases.cards import APPLICATION, ShownMessage, card_slot
from storage.staff.cases.claims import ClaimedCase, ClaimLost, NotClaimed, TakenCase

LOST = "card-lost"

ClaimStep = Callable[[Context, ClaimedCase], Coroutine[Any, Any, StepResult]]
RenderClaimed = Callable[[StaffView, ClaimedCase], Coroutine[Any, Any, Screen]]


def requires_claim(step: ClaimStep) -> Step:
    """Wrap a step: it runs only for the holder of the claim, and counts as activity on it."""

    @wraps(step)
    async def checked(_update: Update, context: Context) -> StepResult:
        staff = await context.staff_access()
        if not staff.assignments:
            return menu.deny(context, "card")
        application_id = application_of(context.position.data.get(APPLICATION, ""))
        try:
            claimed = await claims.read(staff, application_id)
        except NotClaimed as refused:
            return await claim_lost(context, application_id, refused.why)
        await claims.touch(staff, application_id)
        return await step(context, claimed)

    return checked


async def claim_lost(context: Context, application_id: ApplicationId, why: ClaimLost) -> StepResult:
    """Close the card of an application that the presser does not hold, and audit it."""
    context.audit_as_staff(AuditAction.DENIED, f"card {why}")
    data = {APPLICATION: str(application_id), "why": why}
    has_card, deleted = await delete_papers(context, application_id)
    slot = card_slot(application_id)
    shown = EditScreen(LOST, slot, data) if has_card else ShowScreen(LOST, data)
    return StepResult(menu.IDLE, (*deleted, shown), toast=Text("toast-lost"))


async def show(
    context: Context, claimed: ClaimedCase, state: State, *header_lines: Text, **data: str
) -> StepResult:
    """Show a position of the claimed case in its card; after typed text, in a new card below."""
    position = Position(state, {APPLICATION: str(claimed.application.id), **data})
    if context.envelope.source_message is None:
        return ask(context, position, *header_lines)
    slot = card_slot(claimed.application.id)
    edited = EditScreen(state.state or "", slot, position.data, header_lines)
    return StepResult(position, (edited,))


async def show_taken(
    context: Context, taken: TakenCase, *header_lines: Text, in_place: bool = False
) -> StepResult:
    """Show the albums and the card of a case that was just taken: the only card of this chat.

    The former case of the chat stays claimed and loses its messages here. All other chats lose
    those of this case.

    Args:
        in_place: edit the chat's card of a case that has no albums.
    """
    unit, here, application_id = context.unit, context.unit.row.queue_key, taken.application.id
    above = show_albums(taken.application)
    in_place = in_place and not above
    shown = await cards.shown(unit.tx, application_id, (unit.row.bot_id, here))

    def is_former(one: ShownMessage) -> bool:
        if one.application_id == application_id:
            return not (one.is_card and in_place)
        return one.application_id in taken.others

    former = [one for one in shown if one.chat_id == here and is_former(one)]
    elsewhere = [one for one in shown if one.chat_id != here]
    _close(context, elsewhere)
    await cards.forget(unit.tx, [*former, *elsewhere])
    position = Position(Staff.card, {APPLICATION: str(application_id)})
    screen, slot = Staff.card.state or "", card_slot(application_id)
    card: Effect = ShowScreen(screen, position.data, header_lines, slot)
    if in_place:
        card = EditScreen(screen, slot, position.data, header_lines)
    return StepResult(position, (*deletions(former), *above, card))


def step_to_claimed(state: State) -> Step:
    """Build a step that shows a position of the claimed case."""

    @requires_claim
    async def step(context: Context, claimed: ClaimedCase) -> StepResult:
        return await show(context, claimed, state)

    return step


async def close_case(context: Context, application_id: ApplicationId) -> None:
    """Close all messages of a case that returns to the queue."""
    closed = await cards.shown(context.unit.tx, application_id)
    await cards.forget(context.unit.tx, closed)
    _close(context, closed)


def _close(context: Context, closed: Iterable[ShownMessage]) -> None:
    for chat_id, effect in close_messages(closed, "returned"):
        context.unit.enqueue(effect, chat_id=chat_id)


async def delete_papers(
    context: Context, application_id: ApplicationId
) -> tuple[bool, tuple[Effect, ...]]:
    """Delete the papers of an application from this chat; return whether its card is there."""
    tx, here = context.unit.tx, context.unit.row.queue_key
    shown = [one for one in await cards.shown(tx, application_id) if one.chat_id == here]
    deleted = [one for one in shown if not one.is_card]
    await cards.forget(tx, deleted)
    return len(deleted) < len(shown), deletions(deleted)


def renders_claimed(render: RenderClaimed) -> RenderStaffScreen:
    """Render only for the holder of the claim; everyone else gets the "claim lost" screen."""

    @wraps(render)
    async def render_if_held(view: StaffView) -> Screen:
        application_id = application_of(view.data[APPLICATION])
        try:
            claimed = await claims.read(view, application_id)
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


def case_head(claimed: ClaimedCase) -> Text:
    """Return the line that names the case in the screens of its refusal and notes."""
    args = {"code": code_of(claimed.application.id), "name": claimed.person.identity.name}
    return Text("case-head", args)


def candidate_view(view: StaffView, claimed: ClaimedCase) -> View:
    """Return the view of the candidate's records, in the reader's language."""
    person = replace(claimed.person, locale=view.locale)
    return View(Records(person, claimed.application), view.exam, view.now, view.data)


async def render_lost(view: StaffView) -> Screen:
    """Say why the reader does not hold the case, and offer the queue."""
    code = code_of(application_of(view.data[APPLICATION]))
    return Screen((Text(f"lost-{view.data['why']}", {"code": code}),), rows(staff_go("queue")))


FEATURE = Feature(staff_screens={LOST: render_lost})
