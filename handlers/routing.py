"""Routes: a PTB handler, its step, and the requirements that the update worker reads first.

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
from handlers.rendering import RenderReadingScreen, RenderScreen, RenderStaffScreen
from handlers.update_context import Context, Envelope, UpdateKind
from states.fsm_states import State
from states.step_result import StepResult

Step = Callable[[Update, Context], Coroutine[Any, Any, StepResult]]


class EnvelopeHandler(BaseHandler[Any, Any, StepResult]):
    """A PTB handler that receives the envelope instead of the bare update."""


class CallbackHandler(EnvelopeHandler):
    """Matches buttons of the open question, tapped or typed."""

    def __init__(self, action: Action, step: Step, value: str | None = None) -> None:
        super().__init__(step)
        self.action = action
        self.value = value

    def check_update(self, update: object) -> CallbackData | None:
        callback = update.callback if isinstance(update, Envelope) else None
        if callback is None or callback.action is not self.action:
            return None
        return callback if self.value in (None, callback.value) else None


STAFF_LINKS = frozenset({"staff", "queue"})
"""Payloads of deep links for the staff; the links stand in staff groups."""
SHARED = frozenset({"start", "help", "cancel", "back", "language", "export"})
"""Commands of both the staff and the candidates."""


class TextHandler(EnvelopeHandler):
    """Matches text in a private chat, except commands."""

    def check_update(self, update: object) -> bool:
        return isinstance(update, Envelope) and update.kind is UpdateKind.TEXT


class ExpectedFile(Enum):
    """The purpose of a file that a step expects: a SCAN of a material, a PAPER of a request.

    Of a CODE only the texts of QR codes are read, and nothing is stored.
    """

    PHOTO = auto()
    SCAN = auto()
    PAPER = auto()
    CODE = auto()


@dataclass(frozen=True, slots=True)
class Route:
    """A handler with its step.

    Args:
        exclusive: the step touches shared rows, and runs in a transaction of its own.
        expects_file: the bot fetches, measures and stores the message's file before the step runs.
    """

    handler: BaseHandler[Any, Any, StepResult]
    exclusive: bool = False
    expects_file: ExpectedFile | None = None

    def match(self, envelope: Envelope) -> object | None:
        """Return PTB's check result; None where the route does not match."""
        check = self.handler.check_update(self._offered(envelope))
        return None if check is False else check

    async def run(self, envelope: Envelope, matched: object, context: Context) -> StepResult:
        """Run the step through PTB's handler."""
        return await self.handler.handle_update(
            self._offered(envelope), context.application, matched, context
        )

    def _offered(self, envelope: Envelope) -> Any:
        return envelope if isinstance(self.handler, EnvelopeHandler) else envelope.update

    def concerns(self, kind: UpdateKind, action: Action | None) -> bool:
        """Return whether the route can match an update of this kind and action."""
        match self.handler:
            case CallbackHandler():
                return self.handler.action is action
            case TextHandler():
                return kind is UpdateKind.TEXT
            case TypeHandler():
                return True
        return kind is UpdateKind.OTHER


class Question:
    """A question of a candidate: its screen, and the routes of its state.

    ``stays``: its text stays in the chat once it is answered, such as a text that was agreed to.
    ``asks_back``: its own screen asks typed words back (``handlers.questions.doubts``).
    """

    def __init__(
        self,
        render: RenderScreen,
        *routes: Route,
        stays: bool = False,
        asks_back: bool = False,
    ) -> None:
        self.render = render
        self.routes = routes
        self.stays = stays
        self.asks_back = asks_back


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """The routes, screens and buttons of one feature; ``handlers.registry`` collects all features.

    Args:
        everyone: routes in each state of a candidate, and for strangers.
        anywhere: routes in each state of a candidate.
        questions: questions by state.
        strangers: routes for accounts without records.
        buttons: buttons whose labels can be typed in each state of a candidate.
        screens: screens by their names; they ask nothing.
        reading_screens: screens of candidates that read the database when they are sent.
        desk_screens: lists, cards and questions of the staff, by the state that asks or a name of
            their own. One message of a chat has their buttons (decision 0047).
        staff_screens: other screens of the staff, such as results: their messages keep theirs.
    """

    everyone: Sequence[Route] = ()
    anywhere: Sequence[Route] = ()
    questions: Mapping[State, Question] = field(default_factory=dict)
    strangers: Sequence[Route] = ()
    buttons: Sequence[Button] = ()
    screens: Mapping[str, RenderScreen] = field(default_factory=dict)
    reading_screens: Mapping[str, RenderReadingScreen] = field(default_factory=dict)
    staff_anywhere: Sequence[Route] = ()
    staff_routes: Mapping[State, Sequence[Route]] = field(default_factory=dict)
    desk_screens: Mapping[State | str, RenderStaffScreen] = field(default_factory=dict)
    staff_screens: Mapping[str, RenderStaffScreen] = field(default_factory=dict)


def text(step: Step) -> Route:
    """Route typed text, except commands."""
    return Route(TextHandler(step))


def command(name: str, step: Step, *, exclusive: bool = False) -> Route:
    """Route a command such as ``/start``."""
    return Route(CommandHandler(name, step), exclusive=exclusive)


def pressed(
    action: Action, step: Step, value: str | None = None, *, exclusive: bool = False
) -> Route:
    """Route a button of the open question, tapped or typed."""
    return Route(CallbackHandler(action, step, value), exclusive=exclusive)


def file(step: Step, expects_file: ExpectedFile | None) -> Route:
    """Route a photo or a document; without ``expects_file`` the bot does not fetch it."""
    return Route(
        MessageHandler(filters.PHOTO | filters.Document.ALL, step), expects_file=expects_file
    )


def contact(step: Step) -> Route:
    """Route a contact from the phone's address book."""
    return Route(MessageHandler(filters.CONTACT, step))
