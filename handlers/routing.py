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

from handlers.callback_data import Action, Button, CallbackData
from handlers.rendering import RenderScreen, RenderStaffScreen
from handlers.update_context import Context, Envelope, UpdateKind
from states.state_groups import State
from states.step_result import StepResult

Step = Callable[[Update, Context], Coroutine[Any, Any, StepResult]]


class EnvelopeHandler(BaseHandler[Any, Any, StepResult]):
    """A PTB handler that is offered the envelope, which was read already, not the bare update."""


class CallbackHandler(EnvelopeHandler):
    """For presses that belong to the present question, tapped or typed."""

    def __init__(self, action: Action, step: Step, value: str | None = None) -> None:
        super().__init__(step)
        self.action = action
        self._value = value

    def check_update(self, update: object) -> CallbackData | None:
        press = update.callback if isinstance(update, Envelope) else None
        if press is None or press.action is not self.action:
            return None
        return press if self._value in (None, press.value) else None


STAFF_LINKS = frozenset({"staff", "queue"})
"""Payloads of links to the bot that are meant for the staff; those stand in their groups."""
SHARED = frozenset({"start", "help", "cancel", "back"})
"""Commands that the staff and the candidates have both."""


class TextHandler(EnvelopeHandler):
    """For words that somebody typed in their private chat, but for commands."""

    def check_update(self, update: object) -> bool:
        return isinstance(update, Envelope) and update.kind is UpdateKind.TEXT


class ExpectedFile(Enum):
    """What a step takes a file for."""

    PHOTO = auto()
    SCAN = auto()


@dataclass(frozen=True, slots=True)
class Route:
    """``alone``: the step touches what people share, and gets a transaction of its own.

    ``wants``: as what the file of the message is fetched, kept and measured beforehand.
    """

    handler: BaseHandler[Any, Any, StepResult]
    exclusive: bool = False
    expects_file: ExpectedFile | None = None

    def match(self, envelope: Envelope) -> object | None:
        """PTB's check result, or None where this route is not for the update."""
        check = self.handler.check_update(self._offered(envelope))
        return None if check is False else check

    async def run(self, envelope: Envelope, matched: object, context: Context) -> StepResult:
        """The step's decision, by way of PTB's handler."""
        return await self.handler.handle_update(
            self._offered(envelope), context.application, matched, context
        )

    def _offered(self, envelope: Envelope) -> Any:
        """PTB's own handlers read the update, which is made for them; ours need none."""
        return envelope if isinstance(self.handler, EnvelopeHandler) else envelope.update

    def concerns(self, sort: UpdateKind, action: Action | None) -> bool:
        """Whether an update of this sort, with a press of this verb or with none, can be meant."""
        match self.handler:
            case CallbackHandler():
                return self.handler.action is action
            case TextHandler():
                return sort is UpdateKind.TEXT
            case TypeHandler():
                return True
        return sort is UpdateKind.OTHER


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
    screens: Mapping[State | str, RenderScreen] = field(default_factory=dict)
    staff_anywhere: Sequence[Route] = ()
    staff_routes: Routes = field(default_factory=dict)
    staff_screens: Mapping[State | str, RenderStaffScreen] = field(default_factory=dict)


def text(step: Step, *, alone: bool = False) -> Route:
    """Typed words that are no command."""
    return Route(TextHandler(step), exclusive=alone)


def command(name: str, step: Step, *, alone: bool = False) -> Route:
    """A command such as ``/start``."""
    return Route(CommandHandler(name, step), exclusive=alone)


def pressed(action: Action, step: Step, value: str | None = None, *, alone: bool = False) -> Route:
    """A button of the present question, tapped or typed."""
    return Route(CallbackHandler(action, step, value), exclusive=alone)


def file(step: Step, expects_file: ExpectedFile | None) -> Route:
    """A picture or another file, sent either way; without ``wants`` it is not even fetched."""
    return Route(
        MessageHandler(filters.PHOTO | filters.Document.ALL, step), expects_file=expects_file
    )


def contact(step: Step) -> Route:
    """A contact out of the telephone's address book."""
    return Route(MessageHandler(filters.CONTACT, step))
