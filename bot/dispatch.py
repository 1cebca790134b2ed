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

from bot import sides
from bot.sides import WAS, Side
from bot.words import Words
from handlers.buttons import ANYWHERE, DESK, Button, Press, Verb, mark_of
from handlers.context import Context, Envelope, Fetched, Office, Sort, Tapped, sort_of
from handlers.everyone import unknown
from handlers.route import Route
from handlers.screens import Drawing, StaffScreens
from handlers.staff import menu
from states import flow
from states.flow import MENU
from states.groups import State
from states.lifecycle import REFUSED
from states.outcome import Leave, Outcome
from states.texts import bare
from storage.look import Looks
from storage.unit import Unit

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
            if (route.alone or _is_mended(update.unit)) and not update.unit.alone:
                update.wants_alone = True
                return
            update.outcome = await route.run(update, matched, context)
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
        if envelope.twice:
            return (unknown.TWICE,)
        if envelope.stale:
            return (menu.STALE if envelope.as_staff else unknown.STALE,)
        press = envelope.press
        return self._narrowed(envelope.place.state, envelope.sort, press.verb if press else None)

    def _narrow(self, state: State, sort: Sort, verb: Verb | None) -> Sequence[Route]:
        """All states, sorts and verbs together are too many to be worked out at the start."""
        return tuple(route for route in self._routes[state] if route.concerns(sort, verb))


class Dispatcher:
    """Puts one update of a unit through PTB's application."""

    def __init__(
        self,
        application: Runtime,
        office: Office,
        words: Words,
        screens: Mapping[str, Drawing],
        anywhere: Sequence[Button],
        staff: StaffScreens,
        staff_commands: Container[str],
        looks: Looks,
    ) -> None:
        self._application = application
        self._office = office
        self._words = words
        self._screens = screens
        self._anywhere = anywhere
        self._staff = staff
        self._staff_commands = staff_commands
        self._looks = looks

    async def dispatch(self, unit: Unit, file: Fetched | None) -> Envelope:
        """The envelope with its outcome, its error, or its wish to run alone.

        The unit holds the decision afterwards: the new state and the calls to be made.

        Raises:
            Exception: the update could not even be read.
        """
        told, tapped = _read(unit.row.raw)
        candidate, staff = await sides.as_candidate(unit), await sides.as_staff(unit)
        is_staff = sides.is_for_staff(told, unit, staff, self._staff_commands)
        if not flow.may_stand(candidate.place, unit.records, self._office.exam, unit.now):
            # Handed in, decided or too late: nothing is asked there any more.
            candidate = replace(candidate, place=MENU)
        side = staff if is_staff and staff is not None else candidate
        envelope = Envelope(
            told=told,
            bot=self._application.bot,
            unit=unit,
            office=self._office,
            place=side.place,
            as_staff=is_staff,
            sort=sort_of(unit.row.raw),
            tapped=tapped,
            file=file,
        )
        if is_staff and not unit.alone and (staff is None or "message" in told):
            envelope.wants_alone = True  # only then is their place known, and what they are shown
            return envelope
        await self._read_press(envelope, side.was)
        await self._application.process_update(envelope)
        if envelope.outcome is not None:
            await _apply(envelope, envelope.outcome, side)
            is_asked_anew = not is_staff and envelope.outcome.place is not None
            if is_asked_anew and staff is not None and staff.is_asked:
                await staff.state.clear()
        return envelope

    async def _read_press(self, envelope: Envelope, was: str) -> None:
        """The button that was tapped, or whose label was typed; and whether it is still asked."""
        query, message = envelope.told.get("callback_query"), envelope.told.get("message")
        if query is not None:
            data = query.get("data")
            press = Press.parse(data)
            here = mark_of(envelope.place.state, envelope.place.at)
            anywhere = DESK if envelope.as_staff else ANYWHERE
            if press is not None and press.mark in (here, anywhere):
                envelope.press = press
            elif was and data == was:
                envelope.twice = True
            else:
                envelope.stale = True
        elif message is not None and message.get("text"):
            envelope.press = await self._typed(message["text"], envelope)

    async def _typed(self, text: str, envelope: Envelope) -> Press | None:
        if text.strip().casefold() == BACK_COMMAND:
            return Press(Verb.BACK)
        typed = bare(text)
        if not typed or text.startswith("/"):
            return None
        for button in await self._buttons(envelope):
            if typed in self._words.labels(button.label):
                return button.press
        return None

    async def _buttons(self, envelope: Envelope) -> Iterable[Button]:
        """What can be pressed at this place, and what can anywhere."""
        name = envelope.place.state.state or ""
        if not envelope.as_staff:
            screen = self._screens[name](envelope.view)
            return (*chain.from_iterable(screen.buttons), *self._anywhere)
        unit, view = envelope.unit, envelope.view
        look = await self._looks.within(
            unit.tx, unit.row.lane, unit.now, view.locale, envelope.place.at
        )
        return chain.from_iterable((await self._staff[name](look)).buttons)


def _read(raw: Mapping[str, Any]) -> tuple[dict[str, Any], Tapped | None]:
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
    return told, Tapped(message["message_id"], sent_at)


def _is_mended(unit: Unit) -> bool:
    """Whether somebody mends what was refused: the clock may give that up, so it is no batch's."""
    application = unit.application
    return application is not None and application.stage in REFUSED


async def _apply(envelope: Envelope, outcome: Outcome, side: Side) -> None:
    if outcome.place is not None:
        there, press, was = outcome.place, envelope.press, side.was
        if there.state.state not in side.states:
            raise LookupError(f"{there.state.state} is not of this talk")
        here = mark_of(envelope.place.state, envelope.place.at)
        if mark_of(there.state, there.at) != here:
            was = press.marked(here).pack() if press is not None else ""
        await side.state.set_state(there.state)
        await side.state.set_data({**there.at, WAS: was} if was else dict(there.at))
    unit = envelope.unit
    for act in outcome.acts:
        unit.will(act, chat_id=act.chat_id if isinstance(act, Leave) else unit.row.lane)
