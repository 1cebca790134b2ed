"""From an update to what was decided: aiogram's state picks the routes, PTB's handlers match.

``StateRouter`` is the one class where the two meet. It never raises and writes nothing: all it
does goes into the envelope, and the pump commits.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from typing import Any

from telegram.ext import Application, BaseHandler

from bot.delivery.i18n import Translations
from bot.updates import conversations
from bot.updates.conversations import LAST_ACTION, Conversation
from handlers.callback_data import ANYWHERE, DESK, Action, Button, CallbackData, question_hash_of
from handlers.everyone import unknown
from handlers.rendering import RenderScreen, StaffScreens
from handlers.routing import Route
from handlers.services import Services
from handlers.staff import menu
from handlers.update_context import (
    Context,
    Envelope,
    Fetched,
    SourceMessage,
    UpdateKind,
    update_kind_of,
)
from states import flow
from states.flow import MENU
from states.lifecycle import REFUSED
from states.state_groups import State
from states.step_result import LeaveChat, StepResult
from states.texts import bare
from storage.staff.staff_view import StaffViews
from storage.updates.unit_of_work import UnitOfWork

BACK_COMMAND = "/back"

Runtime = Application[Any, Context, Any, Any, Any, Any]
"""PTB's application, as it matches for us."""


class StateRouter(BaseHandler[Envelope, Context, None]):
    """Offers an envelope to the routes of the person's state, or of strangers, in order.

    The states of the staff are in ``routes`` like those of candidates.
    """

    def __init__(self, routes: Mapping[State, Sequence[Route]], strangers: Sequence[Route]) -> None:
        super().__init__(self._never)
        self._routes = routes
        self._strangers = strangers
        self._narrowed = cache(self._narrow)

    async def _never(self, _update: Envelope, _context: Context) -> None:
        """PTB wants a callback; each route brings its own."""

    def check_update(self, update: object) -> bool:
        """Every envelope is ours."""
        return isinstance(update, Envelope)

    async def handle_update(
        self,
        update: Envelope,
        _application: Runtime,
        _check_result: object,
        context: Context,
    ) -> None:
        """Find the route, run its step, and keep what it decided or why it failed."""
        try:
            route, matched = self._find(update)
            if (route.exclusive or _has_open_refusal(update.unit)) and not update.unit.exclusive:
                update.needs_exclusive = True
                return
            update.result = await route.run(update, matched, context)
        except Exception as error:  # the pump retries it, and sets it aside
            update.error = error

    def _find(self, envelope: Envelope) -> tuple[Route, object]:
        for route in self._offered(envelope):
            matched = route.match(envelope)
            if matched is not None:
                return route, matched
        raise LookupError("no route took the update")

    def _offered(self, envelope: Envelope) -> Sequence[Route]:
        if envelope.unit.person is None and not envelope.as_staff:
            return self._strangers
        if envelope.is_duplicate:
            return (unknown.DUPLICATE,)
        if envelope.is_outdated:
            return (menu.OUTDATED if envelope.as_staff else unknown.OUTDATED,)
        press = envelope.callback
        return self._narrowed(
            envelope.position.state, envelope.kind, press.action if press else None
        )

    def _narrow(self, state: State, sort: UpdateKind, action: Action | None) -> Sequence[Route]:
        """All states, sorts and verbs together are too many to be worked out at the start."""
        return tuple(route for route in self._routes[state] if route.concerns(sort, action))


class Dispatcher:
    """Puts one update of a unit through PTB's application."""

    def __init__(
        self,
        application: Runtime,
        services: Services,
        translations: Translations,
        screens: Mapping[str, RenderScreen],
        anywhere: Sequence[Button],
        staff: StaffScreens,
        staff_commands: Container[str],
        staff_views: StaffViews,
    ) -> None:
        self._application = application
        self._services = services
        self._translations = translations
        self._screens = screens
        self._anywhere = anywhere
        self._staff = staff
        self._staff_commands = staff_commands
        self._staff_views = staff_views

    async def dispatch(self, unit: UnitOfWork, file: Fetched | None) -> Envelope:
        """The envelope with its outcome, its error, or its wish to run alone.

        The unit holds the decision afterwards: the new state and the calls to be made.

        Raises:
            Exception: the update could not even be read.
        """
        told, tapped = _read(unit.row.raw)
        candidate, staff = (
            await conversations.candidate_conversation(unit),
            await conversations.staff_conversation(unit),
        )
        is_staff = conversations.is_for_staff(told, unit, staff, self._staff_commands)
        if not flow.may_stand(candidate.position, unit.records, self._services.exam, unit.now):
            # Handed in, decided or too late: nothing is asked there any more.
            candidate = replace(candidate, position=MENU)
        side = staff if is_staff and staff is not None else candidate
        envelope = Envelope(
            raw_update=told,
            bot=self._application.bot,
            unit=unit,
            services=self._services,
            position=side.position,
            as_staff=is_staff,
            kind=update_kind_of(unit.row.raw),
            source_message=tapped,
            file=file,
        )
        if is_staff and not unit.exclusive and (staff is None or "message" in told):
            envelope.needs_exclusive = (
                True  # only then is their place known, and what they are shown
            )
            return envelope
        await self._read_callback(envelope, side.last_action)
        await self._application.process_update(envelope)
        if envelope.result is not None:
            await _apply(envelope, envelope.result, side)
            is_asked_anew = not is_staff and envelope.result.position is not None
            if is_asked_anew and staff is not None and staff.is_asked:
                await staff.state.clear()
        return envelope

    async def _read_callback(self, envelope: Envelope, was: str) -> None:
        """The button that was tapped, or whose label was typed; and whether it is still asked."""
        query, message = (
            envelope.raw_update.get("callback_query"),
            envelope.raw_update.get("message"),
        )
        if query is not None:
            data = query.get("data")
            press = CallbackData.parse(data)
            here = question_hash_of(envelope.position.state, envelope.position.data)
            anywhere = DESK if envelope.as_staff else ANYWHERE
            if press is not None and press.question_hash in (here, anywhere):
                envelope.callback = press
            elif was and data == was:
                envelope.is_duplicate = True
            else:
                envelope.is_outdated = True
        elif message is not None and message.get("text"):
            envelope.callback = await self._typed(message["text"], envelope)

    async def _typed(self, text: str, envelope: Envelope) -> CallbackData | None:
        if text.strip().casefold() == BACK_COMMAND:
            return CallbackData(Action.BACK)
        typed = bare(text)
        if not typed or text.startswith("/"):
            return None
        for button in await self._buttons(envelope):
            if typed in self._translations.labels(button.label):
                return button.callback
        return None

    async def _buttons(self, envelope: Envelope) -> Iterable[Button]:
        """What can be pressed at this place, and what can anywhere."""
        name = envelope.position.state.state or ""
        if not envelope.as_staff:
            screen = self._screens[name](envelope.view)
            return (*chain.from_iterable(screen.buttons), *self._anywhere)
        unit, view = envelope.unit, envelope.view
        look = await self._staff_views.within(
            unit.tx, unit.row.queue_key, unit.now, view.locale, envelope.position.data
        )
        return chain.from_iterable((await self._staff[name](look)).buttons)


def _read(raw: Mapping[str, Any]) -> tuple[dict[str, Any], SourceMessage | None]:
    """The update as PTB is to read it, and the message whose button was tapped.

    Of that message a step wants to know which one it is; all the rest of it are our own words come
    back, and the dearest part of an update to take in.
    """
    told, query = dict(raw), raw.get("callback_query")
    if not isinstance(query, dict) or not isinstance(query.get("message"), dict):
        return told, None
    message, told["callback_query"] = query["message"], {**query, "message": None}
    # https://core.telegram.org/bots/api#inaccessiblemessage: its date is always 0.
    sent_at = datetime.fromtimestamp(message["date"], UTC) if message["date"] else None
    return told, SourceMessage(message["message_id"], sent_at)


def _has_open_refusal(unit: UnitOfWork) -> bool:
    """Whether somebody mends what was refused: the clock may give that up, so it is no batch's."""
    application = unit.application
    return application is not None and application.stage in REFUSED


async def _apply(envelope: Envelope, result: StepResult, side: Conversation) -> None:
    if result.position is not None:
        there, press, was = result.position, envelope.callback, side.last_action
        if there.state.state not in side.states:
            raise LookupError(f"{there.state.state} is not of this talk")
        here = question_hash_of(envelope.position.state, envelope.position.data)
        if question_hash_of(there.state, there.data) != here:
            was = press.for_question(here).pack() if press is not None else ""
        await side.state.set_state(there.state)
        await side.state.set_data({**there.data, LAST_ACTION: was} if was else dict(there.data))
    unit = envelope.unit
    for effect in result.effects:
        unit.enqueue(
            effect, chat_id=effect.chat_id if isinstance(effect, LeaveChat) else unit.row.queue_key
        )
