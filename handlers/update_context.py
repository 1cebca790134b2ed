"""What a step gets: the update, its unit of work, and what all steps share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Any

from telegram import Bot, Message, Update
from telegram.ext import CallbackContext, ExtBot

from handlers.callback_data import CallbackData
from handlers.rendering import WRONG, View
from states import flow
from states.exam import Exam
from states.flow import Position
from states.form.answer_context import AnswerContext
from states.materials import ScanFacts
from states.photo import PhotoFacts
from states.records import Application, Identity, Person, Records
from states.staff import Desk, RoleAssignment
from states.staff_timings import StaffTimings, WaitTimes
from states.state_groups import Staff
from states.step_result import EditScreen, Effect, ShowScreen, StepResult
from states.texts import DEFAULT_LOCALE, Problem, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import people
from storage.candidates.blobs import StoredFile
from storage.engine.encryption import Keyring
from storage.staff import role_assignments
from storage.updates.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from telegram.ext import Application as Runtime


ALBUM = "album"
"""In a place: the album whose last file led there; and the slot of the answer to albums."""


def _nothing_known(_desk: Desk, _area: str) -> WaitTimes | None:
    return None


@dataclass(frozen=True, slots=True)
class Services:
    """What every step may use and none changes.

    ``usual``: how long a desk usually takes in an area, as the clock last looked it up.
    """

    exam: Exam
    keyring: Keyring
    administrators: frozenset[int]
    clock_offset: Callable[[], timedelta]
    clock_moves: bool
    timings: StaffTimings = field(default_factory=StaffTimings)
    wait_times: Callable[[Desk, str], WaitTimes | None] = _nothing_known
    invites_last: timedelta = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was fetched and kept before its step ran. ``compressed``: by the messenger."""

    original: StoredFile
    portrait: StoredFile | None
    facts: PhotoFacts
    compressed: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """A paper that was fetched, measured and kept before its step ran.

    ``facts`` are of the file as it came; ``kept`` is what we made of it.
    """

    kept: StoredFile
    facts: ScanFacts


Fetched = Picture | Scan | Problem
"""What became of a file that a step asked for."""


class UpdateKind(Enum):
    """The sort of an update, by which routes are narrowed before PTB reads any of it.

    Most updates are a TAP on a button or WORDS, both in a private chat; all else is OTHER.
    """

    CALLBACK = auto()
    TEXT = auto()
    OTHER = auto()


def update_kind_of(raw_update: Mapping[str, Any]) -> UpdateKind:
    """The sort of an update as Telegram tells it; commands are OTHER.

    >>> sort_of({"message": {"chat": {"type": "private"}, "text": "刘玲"}})
    <Sort.WORDS: 2>
    """
    match raw_update:
        case {"callback_query": {"message": {"chat": {"type": "private"}}}}:
            return UpdateKind.CALLBACK
        case {"message": {"chat": {"type": "private"}, "text": str()} as message}:
            return UpdateKind.OTHER if _is_command(message) else UpdateKind.TEXT
    return UpdateKind.OTHER


def _is_command(message: Mapping[str, Any]) -> bool:
    """https://core.telegram.org/bots/api#messageentity: a command that the message begins with."""
    match message.get("entities"):
        case [{"type": "bot_command", "offset": 0}, *_]:
            return True
    return False


@dataclass(frozen=True, slots=True)
class SourceMessage:
    """The message whose button was tapped. ``sent_at`` is None where Telegram no longer says it."""

    message_id: int
    sent_at: datetime | None


@dataclass(kw_only=True)
class Envelope:
    """One update on its way through the handlers, and what comes of it.

    ``told`` is the update as Telegram told it, but for the message whose button was tapped;
    ``place`` is where the person is, ``as_staff`` whether as one of the staff; ``press`` the
    button of that very question, tapped or typed.
    ``twice``: it was the very button that led here, tapped again; ``stale``: of an older one.
    ``tapped`` is the message that the button stood under.
    ``file`` is what the step asked for, or why there is none.
    """

    raw_update: Mapping[str, Any]
    bot: Bot | None = None
    unit: UnitOfWork
    services: Services
    position: Position
    as_staff: bool = False
    kind: UpdateKind = UpdateKind.OTHER
    callback: CallbackData | None = None
    source_message: SourceMessage | None = None
    is_duplicate: bool = False
    is_outdated: bool = False
    file: Fetched | None = None
    needs_exclusive: bool = False
    result: StepResult | None = None
    error: Exception | None = None

    @cached_property
    def update(self) -> Update:
        """The update as PTB reads it; most taps are answered before anybody asks for it."""
        return Update.de_json(dict(self.raw_update), self.bot)

    @property
    def was_tapped(self) -> bool:
        """Whether a button was tapped, rather than something said."""
        return "callback_query" in self.raw_update

    @property
    def view(self) -> View:
        """What a screen of the present place is drawn from."""
        return View(self.unit.records, self.services.exam, self.unit.now, self.position.data)


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """PTB's context of one update, reading the envelope it came in."""

    envelope: Envelope
    _answer_context: tuple[Records, AnswerContext] | None = None

    @classmethod
    def from_update(cls, update: object, application: Runtime[Any, Any, Any, Any, Any, Any]) -> Any:
        """The context of an envelope; nothing else is ever processed."""
        if not isinstance(update, Envelope):
            raise TypeError(f"not an envelope: {type(update).__name__}")
        context = cls(application)
        context.envelope = update
        return context

    def hash_number(self, identity: Identity) -> str:
        """By what the ID number of this identity is looked up."""
        keyring = self.envelope.services.keyring
        return people.hash_number(keyring, identity.id_type, identity.id_number)

    @property
    def unit(self) -> UnitOfWork:
        """The unit of work: records to read and replace."""
        return self.envelope.unit

    @property
    def exam(self) -> Exam:
        """The exam that people register for."""
        return self.envelope.services.exam

    @property
    def now(self) -> datetime:
        """When the person acted; what counts for every window."""
        return self.unit.now

    @property
    def position(self) -> Position:
        """Where the person is."""
        return self.envelope.position

    @property
    def callback(self) -> CallbackData:
        """The button that brought us here.

        Raises:
            LookupError: the step belongs to no button.
        """
        if self.envelope.callback is None:
            raise LookupError("no button was pressed")
        return self.envelope.callback

    @property
    def message(self) -> Message:
        """The message that the person sent.

        Raises:
            LookupError: there is none, or it is no longer accessible.
        """
        message = self.envelope.update.effective_message
        if message is None or not message.is_accessible:
            raise LookupError("no message")
        return message

    @property
    def text(self) -> str:
        """What the person typed; empty for anything else."""
        message = self.envelope.raw_update.get("message")
        return message.get("text", "") if message else ""

    @property
    def person(self) -> Person:
        """The person.

        Raises:
            LookupError: a stranger reached a step for people we know.
        """
        if self.unit.person is None:
            raise LookupError("nobody is known here yet")
        return self.unit.person

    @property
    def own_application(self) -> Application:
        """The person's application for the exam.

        Raises:
            LookupError: there is none yet.
        """
        if self.unit.application is None:
            raise LookupError("no application yet")
        return self.unit.application

    @property
    def locale(self) -> str:
        """The language to speak: the person's, if they have chosen one."""
        return (self.unit.person.locale if self.unit.person else "") or DEFAULT_LOCALE

    def audit_as_staff(self, action: AuditAction, detail: str = "") -> None:
        """Note a deed of somebody of the staff that is about no candidate."""
        self.unit.audit(action, detail, about=Records())

    def audit_application(
        self, action: AuditAction, application: Application, detail: str = ""
    ) -> None:
        """Note a deed of somebody of the staff about a candidate's application."""
        self.unit.audit(action, detail, about=Records(application=application))

    def tell(self, account: int, say: ShowScreen) -> None:
        """Have somebody else be told something, too, in their private chat."""
        self.unit.enqueue(say, chat_id=account)

    @property
    def is_asked(self) -> bool:
        """Whether a question of the staff is open to whoever acts as one of them."""
        return self.envelope.as_staff and self.position.state is not Staff.idle

    async def own_assignments(self) -> tuple[RoleAssignment, ...]:
        """What whoever acts is among the staff, as the database knows at this moment.

        Raises:
            Shared: the step is not declared ``alone``.
        """
        unit, services = self.unit, self.envelope.services
        return await role_assignments.held_by(
            unit.tx,
            services.keyring,
            unit.row.bot_id,
            unit.row.queue_key,
            administrators=services.administrators,
            now=self.now,
        )

    @property
    def answer_context(self) -> AnswerContext:
        """What the person's answers are judged against, as this step has changed it."""
        records = self.unit.records
        if self._answer_context is None or self._answer_context[0] is not records:
            self._answer_context = records, AnswerContext.of(records, self.exam, self.now)
        return self._answer_context[1]

    def ask(
        self, position: Position, *header_lines: Text, effects: tuple[Effect, ...] = ()
    ) -> StepResult:
        """Go to a place and show it, under the ``leads``; other ``acts`` come after that.

        The files of an album come one by one: all of them have one answer, which is changed.
        """
        album = self._album
        if album is None:
            return StepResult(
                position,
                (ShowScreen(position.state.state or "", position.data, header_lines), *effects),
            )
        shown = EditScreen if self.is_of_the_same_album else ShowScreen
        position = Position(position.state, {**position.data, ALBUM: album})
        say = shown(
            position.state.state or "", slot=ALBUM, data=position.data, header_lines=header_lines
        )
        return StepResult(position, (say, *effects))

    @property
    def is_of_the_same_album(self) -> bool:
        """Whether the message belongs to the album that was answered last."""
        return self._album is not None and self._album == self.position.data.get(ALBUM)

    def change(self, position: Position) -> StepResult:
        """Show a place in the very message whose button was tapped; anew where it was typed."""
        tapped = self.envelope.source_message
        if tapped is None:
            return self.ask(position)
        shown = EditScreen(
            position.state.state or "", data=position.data, message_id=tapped.message_id
        )
        return StepResult(position, (shown,))

    @property
    def _album(self) -> str | None:
        message = self.envelope.raw_update.get("message")
        return message.get("media_group_id") if message else None

    def onward(self, *header_lines: Text, effects: tuple[Effect, ...] = ()) -> StepResult:
        """Go to whatever is due after what this step has changed."""
        due = flow.due(self.unit.records, self.exam, self.now)
        return self.ask(due, *header_lines, effects=effects)

    def stay(self, *header_lines: Text, effects: tuple[Effect, ...] = ()) -> StepResult:
        """Show the present question again, under why."""
        return self.ask(self.position, *header_lines, effects=effects)

    def refuse(self, *problems: Problem, effects: tuple[Effect, ...] = ()) -> StepResult:
        """The same for an answer that cannot be taken; how often is counted, and helps more."""
        wrong = str(int(self.position.data.get(WRONG, "0")) + 1)
        return self.ask(
            Position(self.position.state, {**self.position.data, WRONG: wrong}),
            *problems,
            effects=effects,
        )
