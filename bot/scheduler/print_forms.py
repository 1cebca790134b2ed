"""PrintForms makes the forms that candidates ask for, in the media worker, one at a time.

The PDF becomes a file of its person, and a message with it. A submitted form comes from its
submission alone, so the same submission gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.core.open_storage import Storage
from bot.documents.printed_form import PrintedForm, PrintStamp, printed_form
from bot.media.job_wire import PrintedPdf
from bot.media.unreadable import UnreadablePicture
from bot.scheduler.scheduler import JobRun
from handlers.candidate import print_form
from states.exam import Exam
from states.form.fields import AnswerContext
from states.process.time_rules import Guard, TimeSpan, time_span
from states.records import Application, Person, PersonId, Records, Stage
from states.step_result import ShowScreen
from states.submissions import print_verification
from states.submissions.content import SubmissionHistory, SubmittedContent
from states.submissions.print_verification import PrintReference
from states.texts import Text
from storage.candidates import blobs, people, submissions
from storage.candidates.blobs import StoredFile
from storage.engine.jobs import JobKind

KIND: Final = "printed-form"
"""The kind of the file, and its use in the file's name."""
SetForm = Callable[[PrintedForm, bytes | None], Awaitable[PrintedPdf]]


class PrintForms:
    """Makes one form, and enqueues the message with it.

    Args:
        set_form: makes the PDF (``MediaWorker.form``).
        label: formats a text as plain text in a language.
        username: the bot's, for the address in the QR code.
    """

    kind = JobKind.PRINT

    def __init__(
        self,
        storage: Storage,
        exam: Exam,
        set_form: SetForm,
        label: Callable[[Text | str, str], str],
        username: str,
    ) -> None:
        self._storage = storage
        self._exam = exam
        self._set_form = set_form
        self._label = label
        self._username = username

    async def run(self, run: JobRun) -> None:
        """Make the form as it stands now; nothing for a person who was erased or began anew.

        A form whose content was changed meanwhile is made anew: a job that runs takes no second
        request, and nobody should carry a print that is void to the site.
        """
        person_id = PersonId(int(run.job.key))
        order = await self._read(person_id, run.now)
        if order is None:
            return
        person, form, photo = order.person, self._form(order, run.now), order.content.photo
        portrait = await self._storage.blobs.get(photo) if photo else None
        try:
            made = await self._set_form(form, portrait)
        except UnreadablePicture:
            shown, files = ShowScreen(print_form.FAILED), []
        else:
            name = await self._storage.blobs.put(person.id, made.content, KIND)
            files = [StoredFile(name, person.id, KIND, len(made.content), run.now)]
            data = {
                print_form.BLOB: name,
                print_form.NUMBER: str(form.stamp.number),
                print_form.VOID: str(order.last_void),
                print_form.BOXES: " ".join(made.boxes),
            }
            shown = ShowScreen(print_form.PRINTED, data)
        message = self._storage.outgoing(person.telegram_id, shown, run.now, bot_id=person.bot_id)
        async with run.write() as tx:
            present = await self._read(person_id, run.now)  # nobody else writes meanwhile
            if present is None or present.shown != order.shown:
                run.again(run.now)
                return
            for file in files:
                await blobs.replace_kind(tx, file)
            await self._storage.outbox.add(tx, [message])

    async def _read(self, person_id: PersonId, now: datetime) -> _Order | None:
        storage = self._storage
        async with storage.db.read_autocommit() as connection:
            owner = (await people.by_ids(connection, storage.keyring, [person_id])).get(person_id)
        records = await storage.records(owner.telegram_id) if owner else Records()
        person, application = records.person, records.application
        if person is None or application is None or not application.area:
            return None
        if application.stage is Stage.DRAFT:
            context = AnswerContext.of(records, self._exam, now)
            return _Order(person, application, SubmittedContent.of(person, application, context))
        async with storage.db.read() as connection:
            history = await submissions.history(connection, storage.keyring, application.id)
            number = application.revision
            found = await submissions.contents(
                connection, storage.keyring, application.id, [number]
            )
        return _Order(person, application, found[number], history)

    def _form(self, order: _Order, now: datetime) -> PrintedForm:
        application, submission = order.application, order.history.current
        locale = order.person.locale
        confirmation, stamp = self._exam.windows.confirmation, PrintStamp(now)
        span: TimeSpan | None = None
        if submission is not None:
            reference = PrintReference(application.id, submission.number)
            stamp = PrintStamp(
                submission.at,
                submission.number,
                submission.code(application.id),
                f"https://t.me/{self._username}?start={self._signed(reference)}",
            )
            waiting = replace(application, stage=Stage.SUBMITTED, since=submission.at)
            span = time_span(Guard.CONFIRMING, replace(waiting, expired_from=None), self._exam)
        return printed_form(
            order.content,
            self._exam,
            span or TimeSpan(confirmation.opens, confirmation.closes),
            stamp,
            lambda text: self._label(text, locale),
            locale,
        )

    def _signed(self, reference: PrintReference) -> str:
        newest = self._storage.keyring.signing_keys(print_verification.PURPOSE)[0]
        return print_verification.start_parameter(reference, newest)


@dataclass(frozen=True, slots=True)
class _Order:
    """A form to be made; a draft has no history."""

    person: Person
    application: Application
    content: SubmittedContent
    history: SubmissionHistory = field(default_factory=SubmissionHistory)

    @property
    def shown(self) -> tuple[SubmittedContent, SubmissionHistory]:
        """The content and history that the form shows."""
        return self.content, self.history

    @property
    def last_void(self) -> int:
        """The last submission whose print is void; 0 for none."""
        current, earlier = self.history.current, self.history.submissions
        if current is None:
            return 0
        return max((one.number for one in earlier if one.changes < current.changes), default=0)
