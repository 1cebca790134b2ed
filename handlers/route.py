"""A route: a PTB handler, its step, and what the pump has to know about it beforehand."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler, MessageHandler, filters

from handlers.buttons import Press, Verb
from handlers.context import Context, Envelope
from states.groups import State
from states.outcome import Outcome

Step = Callable[[Update, Context], Coroutine[Any, Any, Outcome]]


class PressHandler(BaseHandler[Any, Any, Outcome]):
    """A PTB handler for presses that belong to the present question, tapped or typed.

    It is offered the envelope, which has read the press already, rather than the bare update.
    """

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
        subject: object = envelope if isinstance(self.handler, PressHandler) else envelope.update
        check = self.handler.check_update(subject)
        return None if check is False else check

    def concerns(self, verb: Verb | None) -> bool:
        """Whether an update with a press of this verb, or with none, can be meant at all."""
        return not isinstance(self.handler, PressHandler) or self.handler.verb is verb


Routes = Mapping[State, Sequence[Route]]


def text(step: Step, *, alone: bool = False) -> Route:
    """Typed words that are no command."""
    return Route(MessageHandler(filters.TEXT & ~filters.COMMAND, step), alone=alone)


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
