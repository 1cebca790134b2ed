"""A route: a PTB handler, its step, and what the pump has to know about it beforehand.

A feature names its routes and screens once, in the ``FEATURE`` at the end of its file.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler, MessageHandler, TypeHandler, filters

from handlers.buttons import Button, Press, Verb
from handlers.context import Context, Envelope, Sort
from handlers.screens import Drawing, StaffDrawing
from states.groups import State
from states.outcome import Outcome

Step = Callable[[Update, Context], Coroutine[Any, Any, Outcome]]


class EnvelopeHandler(BaseHandler[Any, Any, Outcome]):
    """A PTB handler that is offered the envelope, which was read already, not the bare update."""


class PressHandler(EnvelopeHandler):
    """For presses that belong to the present question, tapped or typed."""

    def __init__(self, verb: Verb, step: Step, value: str | None = None) -> None:
        super().__init__(step)
        self.verb = verb
        self._value = value

    def check_update(self, update: object) -> Press | None:
        press = update.press if isinstance(update, Envelope) else None
        if press is None or press.verb is not self.verb:
            return None
        return press if self._value in (None, press.value) else None


STAFF_LINKS = frozenset({"staff", "queue"})
"""Payloads of links to the bot that are meant for the staff; those stand in their groups."""
SHARED = frozenset({"start", "help", "cancel", "back"})
"""Commands that the staff and the candidates have both."""


class WordsHandler(EnvelopeHandler):
    """For words that somebody typed in their private chat, but for commands."""

    def check_update(self, update: object) -> bool:
        return isinstance(update, Envelope) and update.sort is Sort.WORDS


class Wanted(Enum):
    """What a step takes a file for."""

    PHOTO = auto()
    SCAN = auto()


@dataclass(frozen=True, slots=True)
class Route:
    """``alone``: the step touches what people share, and gets a transaction of its own.

    ``wants``: as what the file of the message is fetched, kept and measured beforehand.
    """

    handler: BaseHandler[Any, Any, Outcome]
    alone: bool = False
    wants: Wanted | None = None

    def match(self, envelope: Envelope) -> object | None:
        """PTB's check result, or None where this route is not for the update."""
        check = self.handler.check_update(self._offered(envelope))
        return None if check is False else check

    async def run(self, envelope: Envelope, matched: object, context: Context) -> Outcome:
        """The step's decision, by way of PTB's handler."""
        return await self.handler.handle_update(
            self._offered(envelope), context.application, matched, context
        )

    def _offered(self, envelope: Envelope) -> Any:
        """PTB's own handlers read the update, which is made for them; ours need none."""
        return envelope if isinstance(self.handler, EnvelopeHandler) else envelope.update

    def concerns(self, sort: Sort, verb: Verb | None) -> bool:
        """Whether an update of this sort, with a press of this verb or with none, can be meant."""
        match self.handler:
            case PressHandler():
                return self.handler.verb is verb
            case WordsHandler():
                return sort is Sort.WORDS
            case TypeHandler():
                return True
        return sort is Sort.OTHER


Routes = Mapping[State, Sequence[Route]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """The routes, screens and buttons of one feature; ``handlers.registry`` folds all of them.

    ``routes`` are offered in their state, ``anywhere`` in each state of a candidate, ``everyone``
    there and to strangers, ``strangers`` only to accounts without records.
    ``screens`` are keyed by the state that asks, or by a name of their own.
    ``buttons`` can be typed in each state of a candidate.
    """

    everyone: Sequence[Route] = ()
    anywhere: Sequence[Route] = ()
    routes: Routes = field(default_factory=dict)
    strangers: Sequence[Route] = ()
    buttons: Sequence[Button] = ()
    screens: Mapping[State | str, Drawing] = field(default_factory=dict)
    staff_anywhere: Sequence[Route] = ()
    staff_routes: Routes = field(default_factory=dict)
    staff_screens: Mapping[State | str, StaffDrawing] = field(default_factory=dict)


def text(step: Step, *, alone: bool = False) -> Route:
    """Typed words that are no command."""
    return Route(WordsHandler(step), alone=alone)


def command(name: str, step: Step, *, alone: bool = False) -> Route:
    """A command such as ``/start``."""
    return Route(CommandHandler(name, step), alone=alone)


def pressed(verb: Verb, step: Step, value: str | None = None, *, alone: bool = False) -> Route:
    """A button of the present question, tapped or typed."""
    return Route(PressHandler(verb, step, value), alone=alone)


def file(step: Step, wants: Wanted | None) -> Route:
    """A picture or another file, sent either way; without ``wants`` it is not even fetched."""
    return Route(MessageHandler(filters.PHOTO | filters.Document.ALL, step), wants=wants)


def contact(step: Step) -> Route:
    """A contact out of the telephone's address book."""
    return Route(MessageHandler(filters.CONTACT, step))
