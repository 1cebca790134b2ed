"""The context of a step: the update, its envelope and its unit of work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Any

from telegram import Bot, Message, Update
from telegram.ext import CallbackContext, ExtBot

from handlers.callback_data import CallbackData
from handlers.rendering import View
from handlers.services import Services
from states.characters import plain_lines
from states.exam import Exam
from states.form.fields import AnswerContext
from states.fsm_states import Staff
from states.materials import ScanFacts
from states.papers.checks import PageLook
from states.photo import PhotoFacts
from states.photo.checks import NOT_MEASURED, PhotoMeasures
from states.progress import next_step
from states.progress.next_step import Position
from states.records import Application, Identity, Person, Records
from states.staff_roles import RoleAssignment
from states.step_result import StepResult
from states.texts import DEFAULT_LOCALE, Problem
from states.values import dataclass
from storage.audit.audit_log import AuditAction
from storage.candidates import people
from storage.candidates.blobs import StoredFile
from storage.payments.settling import Ledger
from storage.staff.access import role_assignments
from storage.staff.access.scopes import StaffAccess
from storage.updates.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from telegram.ext import Application as Runtime


ALBUM = "album"
"""The key of position data for the album answered last; also the slot of that answer."""


@dataclass(frozen=True, slots=True)
class JudgedPortrait:
    """A stored portrait with its measures and its fingerprint."""

    kept: StoredFile
    measures: PhotoMeasures
    fingerprint: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo that the bot fetched and stored before the step runs.

    ``compressed``: Telegram compressed it. ``measures`` and ``fingerprint`` are the portrait's;
    ``mended`` is a portrait with fewer faults.
    """

    original: StoredFile
    portrait: StoredFile | None
    facts: PhotoFacts
    compressed: bool
    measures: PhotoMeasures = NOT_MEASURED
    fingerprint: int = 0
    mended: JudgedPortrait | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that the bot fetched, measured and stored before the step runs.

    ``facts`` describe the file as received; ``kept`` is the stored file. ``pages`` are the looks of
    its pages, ``turned`` copies of one that lies or leans, ``untaken`` earlier copies that nobody
    chose, and ``alike`` the person's other files that show the same page.
    """

    kept: StoredFile
    facts: ScanFacts
    pages: tuple[PageLook, ...] = ()
    turned: tuple[StoredFile, ...] = ()
    untaken: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadCodes:
    """The texts of the QR codes in a file, which the bot has not stored."""

    texts: tuple[str, ...] = ()


Fetched = Picture | Scan | ReadCodes | Problem
"""The result of fetching a file for a step."""


class UpdateKind(Enum):
    """The kind of an update; it narrows the routes before PTB parses the update.

    CALLBACK is a tapped button and TEXT typed text, both in a private chat; all else is OTHER.
    """

    CALLBACK = auto()
    TEXT = auto()
    OTHER = auto()


def update_kind_of(raw_update: Mapping[str, Any]) -> UpdateKind:
    """Return the kind of a raw update; commands are OTHER.

    >>> update_kind_of({"message": {"chat": {"type": "private"}, "text": "刘玲"}})
    <UpdateKind.TEXT: 2>
    """
    match raw_update:
        case {"callback_query": {"message": {"chat": {"type": "private"}}}}:
            return UpdateKind.CALLBACK
        case {"message": {"chat": {"type": "private"}, "text": str()} as message}:
            return UpdateKind.OTHER if _is_command(message) else UpdateKind.TEXT
    return UpdateKind.OTHER


def _is_command(message: Mapping[str, Any]) -> bool:
    """Return whether the message begins with a command.

    https://core.telegram.org/bots/api#messageentity
    """
    match message.get("entities"):
        case [{"type": "bot_command", "offset": 0}, *_]:
            return True
    return False


@dataclass(frozen=True, slots=True)
class SourceMessage:
    """The message whose button was tapped. ``sent_at`` is None for an inaccessible message.

    ``has_text``: it is a text message, which another text can replace.
    """

    message_id: int
    sent_at: datetime | None
    has_text: bool = False


@dataclass(kw_only=True)
class Envelope:
    """One update on its way through the handlers, and its result.

    Args:
        raw_update: the update as received, without the message whose button was tapped.
        position: where the person is; of the staff conversation if ``as_staff``.
        callback: the button of the open question, tapped or typed.
        source_message: the message whose button was tapped.
        is_double_tap: the person tapped the button that led here again.
        is_outdated: the button belongs to an earlier question.
        is_early: the words were sent before the open question was shown.
        file: the file that the step expects, or the problem with it.
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
    is_double_tap: bool = False
    is_outdated: bool = False
    is_early: bool = False
    file: Fetched | None = None
    needs_exclusive: bool = False
    result: StepResult | None = None
    error: Exception | None = None

    @cached_property
    def update(self) -> Update:
        """The update as PTB parses it; most callbacks never need it."""
        return Update.de_json(dict(self.raw_update), self.bot)

    @property
    def was_tapped(self) -> bool:
        """Whether the person tapped a button."""
        return "callback_query" in self.raw_update

    @property
    def tapped_text(self) -> int | None:
        """The id of the tapped message, if another text can replace its text."""
        source = self.source_message
        return source.message_id if source is not None and source.has_text else None

    @property
    def view(self) -> View:
        """The view for the screens of this position."""
        return View(self.unit.records, self.services.exam, self.unit.now, self.position.data)


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """PTB's context of one update, with its envelope."""

    envelope: Envelope
    _answer_context: tuple[Records, AnswerContext] | None = None

    @classmethod
    def from_update(cls, update: object, application: Runtime[Any, Any, Any, Any, Any, Any]) -> Any:
        """Return the context of an envelope.

        Raises:
            TypeError: the update is no envelope.
        """
        if not isinstance(update, Envelope):
            raise TypeError(f"not an envelope: {type(update).__name__}")
        context = cls(application)
        context.envelope = update
        return context

    def hash_number(self, identity: Identity) -> str:
        """Hash the ID number of this identity, to look it up."""
        return people.hash_number(self.services.keyring, identity.id_type, identity.id_number)

    @property
    def unit(self) -> UnitOfWork:
        """The unit of work: records to read and replace."""
        return self.envelope.unit

    @property
    def services(self) -> Services:
        """The services that all steps share."""
        return self.envelope.services

    @property
    def exam(self) -> Exam:
        """The exam that people register for."""
        return self.services.exam

    @property
    def now(self) -> datetime:
        """The time when the person acted; all windows compare with it."""
        return self.unit.now

    @property
    def position(self) -> Position:
        """The person's position."""
        return self.envelope.position

    @property
    def due(self) -> Position:
        """The position of the next missing item, after the changes of this step."""
        return next_step.due(self.unit.records, self.exam, self.now)

    @property
    def view(self) -> View:
        """The records as a screen sees them, after the changes of this step."""
        return self.envelope.view

    @property
    def callback(self) -> CallbackData:
        """The button of this step.

        Raises:
            LookupError: the step has no button.
        """
        if self.envelope.callback is None:
            raise LookupError("no button was pressed")
        return self.envelope.callback

    @property
    def message(self) -> Message:
        """The message that the person sent.

        Raises:
            LookupError: there is none, or Telegram no longer gives access to it.
        """
        message = self.envelope.update.effective_message
        if message is None or not message.is_accessible:
            raise LookupError("no message")
        return message

    @property
    def text(self) -> str:
        """The typed text; empty for anything else."""
        message = self.envelope.raw_update.get("message")
        return message.get("text", "") if message else ""

    @property
    def words(self) -> str:
        """The typed text as others may read it: no invisible characters, and none that turn it."""
        return plain_lines(self.text)

    def words_within(self, limit: int) -> str:
        """Return ``words``; empty if they have no letter and no digit, or too many characters."""
        words = self.words
        return words if len(words) <= limit and any(map(str.isalnum, words)) else ""

    @property
    def person(self) -> Person:
        """The person.

        Raises:
            LookupError: the account is a stranger's.
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
        """The person's language, or the default before the choice."""
        return (self.unit.person.locale if self.unit.person else "") or DEFAULT_LOCALE

    def audit_as_staff(self, action: AuditAction, detail: str = "") -> None:
        """Add an audit entry of a staff member that is about no candidate."""
        self.unit.audit(action, detail, about=Records())

    def audit_application(
        self, action: AuditAction, application: Application, detail: str = ""
    ) -> None:
        """Add an audit entry of a staff member about a candidate's application."""
        self.unit.audit(action, detail, about=Records(application=application))

    @property
    def is_asked(self) -> bool:
        """Whether a question is open in the staff conversation."""
        return self.envelope.as_staff and self.position.state is not Staff.idle

    async def own_assignments(self) -> tuple[RoleAssignment, ...]:
        """Return the role assignments of the acting account, read from the database.

        Raises:
            Shared: the route of this step is not exclusive.
        """
        unit = self.unit
        return await role_assignments.held_by(
            unit.tx,
            self.services.keyring,
            unit.row.bot_id,
            unit.row.queue_key,
            administrators=self.services.administrators,
            now=self.now,
        )

    async def staff_access(self) -> StaffAccess:
        """Return the access that these assignments give in the unit's transaction."""
        services = self.services
        own = await self.own_assignments()
        return StaffAccess(
            self.unit.tx, services.keyring, services.exam, self.now, own, services.timings
        )

    @property
    def answer_context(self) -> AnswerContext:
        """The context that the rules judge the answers in, after the changes of this step."""
        records = self.unit.records
        if self._answer_context is None or self._answer_context[0] is not records:
            self._answer_context = records, AnswerContext.of(records, self.exam, self.now)
        return self._answer_context[1]

    @property
    def is_of_the_same_album(self) -> bool:
        """Whether the message belongs to the album answered last."""
        return self.album is not None and self.album == self.position.data.get(ALBUM)

    @property
    def album(self) -> str | None:
        """The id of the message's album; None outside of one."""
        message = self.envelope.raw_update.get("message")
        return message.get("media_group_id") if message else None


def ledger_of(context: Context) -> Ledger:
    """Return the ledger of payments in the transaction of an exclusive step."""
    unit, keyring = context.unit, context.services.keyring
    return Ledger(unit.tx, keyring, context.exam, context.now, unit.new_id)
