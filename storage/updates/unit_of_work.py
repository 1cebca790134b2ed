"""The unit of work: the records that one update read, and the rows that its commit writes.

A busy worker flushes many units in one transaction, with one statement a table for all of them.
A batched unit holds the records of its own person. An exclusive unit has the open transaction
to itself, and may read and write shared rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import Executable, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from states.changes.area_change import kept_files
from states.changes.late_changes import ChangeRequest
from states.records import Application, ApplicationId, Person, PersonId, Records
from states.step_result import Effect, in_thread
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.candidates import (
    applications,
    erasure,
    late_changes,
    papers,
    people,
    photo_judgements,
    records,
    submissions,
)
from storage.candidates.blobs import StoredFile
from storage.candidates.papers import PaperJudgement
from storage.candidates.photo_judgements import PhotoJudgement
from storage.candidates.submissions import StoredSubmission
from storage.engine import act_counts, installation, tables
from storage.engine.act_counts import CountedAct
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.ids import RowIds
from storage.engine.installation import Fact
from storage.engine.jobs import Jobs, StoredJob
from storage.engine.tables import InboxState
from storage.updates import fsm, group_results, inbox
from storage.updates.audit_quota import AuditQuota
from storage.updates.fsm import StaffCache, candidate_key, staff_key
from storage.updates.inbox import ReceivedUpdate
from storage.updates.outbox import DeliveryResult, Outbox, OutgoingMessage


class NotExclusive(Exception):
    """A batched step needs shared rows; its route must be declared exclusive."""


@dataclass(slots=True)
class UnitOfWork:
    """The work of one update. Steps replace ``person`` and ``application``; the flush writes them.

    The flush inserts ``jobs``, ``submissions``, ``requests``, ``judgements``, ``papers`` and the
    rows of ``files``, and deletes those of ``dropped_blobs``.
    ``is_staff`` says whether the account has a role; ``new_staff`` are accounts that this update
    gives one. ``counted`` are acts that only count (``storage.engine.act_counts``).
    """

    row: ReceivedUpdate
    now: datetime
    before: Records
    fsm: fsm.LoadedRecords
    ids: RowIds
    person: Person | None = None
    application: Application | None = None
    outgoing: list[OutgoingMessage] = field(default_factory=list)
    audit_entries: list[AuditEntry] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    dropped_blobs: list[str] = field(default_factory=list)
    jobs: list[StoredJob] = field(default_factory=list)
    submissions: list[StoredSubmission] = field(default_factory=list)
    judgements: list[PhotoJudgement] = field(default_factory=list)
    papers: list[PaperJudgement] = field(default_factory=list)
    requests: list[ChangeRequest] = field(default_factory=list)
    deleted_person: PersonId | None = None
    is_staff: bool = False
    new_staff: list[int] = field(default_factory=list)
    counted: list[CountedAct] = field(default_factory=list)
    quota: AuditQuota = field(default_factory=AuditQuota)
    _tx: AsyncConnection | None = None
    _records: Records = field(init=False)

    def __post_init__(self) -> None:
        self._records = self.before
        self.person = self.before.person
        self.application = self.before.application

    @property
    def records(self) -> Records:
        """The unit's records; the same object until a step changes them."""
        last = self._records
        if last.person is not self.person or last.application is not self.application:
            self._records = Records(self.person, self.application)
        return self._records

    @property
    def tx(self) -> AsyncConnection:
        """The transaction of an exclusive unit.

        Raises:
            NotExclusive: the unit is batched.
        """
        if self._tx is None:
            raise NotExclusive("not exclusive")
        return self._tx

    @property
    def exclusive(self) -> bool:
        """Whether the unit has a transaction to itself."""
        return self._tx is not None

    @property
    def files_to_drop(self) -> list[str]:
        """The dropped files, without those that the application's former area needs."""
        if not self.dropped_blobs or self.application is None:
            return self.dropped_blobs
        kept = kept_files(self.application)
        return [name for name in self.dropped_blobs if name not in kept]

    def new_id(self) -> int:
        """Return an unused row id, without a query."""
        return self.ids.next()

    def new_person(self, telegram_id: int) -> Person:
        """Create the record of a person."""
        self.person = Person(PersonId(self.new_id()), self.row.bot_id, telegram_id)
        return self.person

    def new_application(self, person: Person, exam: str) -> Application:
        """Create the person's application for an exam."""
        application_id = ApplicationId(self.ids.next_application())
        self.application = Application(application_id, person.id, exam)
        return self.application

    def erase(self) -> None:
        """Erase the person: the flush deletes their rows and FSM record, except the audit.

        A later sweep deletes the files, never before the commit.

        Raises:
            NotExclusive: the unit is batched.
            LookupError: the person is unknown.
        """
        if not self.exclusive:
            raise NotExclusive("not exclusive")
        if self.before.person is None:
            raise LookupError("nobody to erase")
        self.deleted_person, self.person, self.application = self.before.person.id, None, None
        record = self.fsm.records[fsm.row_key(candidate_key(self.row.bot_id, self.row.queue_key))]
        record.state, record.data, record.changed = None, {}, True

    def audit(self, action: AuditAction, detail: str = "", *, about: Records | None = None) -> None:
        """Add an audit entry of this account, about its own records or those of ``about``.

        An action of the staff passes ``about``, or it would count as one on their own application.
        """
        about = about or self.records
        application = about.application
        own = about.person.id if about.person else None
        self.audit_entries.append(
            AuditEntry(
                id=self.new_id(),
                at=self.now,
                actor=self.row.queue_key,
                action=action,
                person_id=application.person_id if application else own,
                application_id=application.id if application else None,
                detail=detail,
            )
        )

    def count(self, act: str, since: datetime) -> None:
        """Count an act of this account; an erasure of the person keeps the count."""
        self.counted.append(CountedAct(self.row.queue_key, act, since))

    def acted(self, action: AuditAction) -> int:
        """Return how often this account has done something in this hour, since the start."""
        return self.quota.count(self.row.queue_key, action, self.now)

    def enqueue(
        self,
        effect: Effect,
        *,
        chat_id: int,
        not_before: datetime | None = None,
        dedup: str = "",
    ) -> int:
        """Add a Bot API call, to be made after the commit; return the id of its row.

        Its ``dedup`` names the cause: by default the update, and the number of the call. A reply
        in the person's own chat stays in the topic that they wrote in.
        """
        row_id, thread = self.new_id(), inbox.thread_of(self.row.raw)
        if thread is not None and chat_id == self.row.queue_key:
            effect = in_thread(effect, thread)
        self.outgoing.append(
            OutgoingMessage(
                id=row_id,
                dedup=dedup or f"u{self.row.id}.{len(self.outgoing) + 1}",
                bot_id=self.row.bot_id,
                chat_id=chat_id,
                effect=effect,
                made_at=self.now,
                not_before=not_before,
                caused_at=self.row.received_at,
            )
        )
        return row_id


class UnitOfWorkStore:
    """Loads and flushes many units at once, in a constant number of statements."""

    def __init__(
        self,
        db: Database,
        keyring: Keyring,
        outbox: Outbox,
        ids: RowIds,
        *,
        bot_id: int,
        exam: str,
    ) -> None:
        self._db = db
        self._bot_id = bot_id
        self._keyring = keyring
        self._outbox = outbox
        self._ids = ids
        self._exam = exam
        self.staff = StaffCache()
        self.quota = AuditQuota()
        self._jobs = Jobs(db, keyring)
        self._cache = records.RecordCache()
        self._insert_updates = inbox.insert_statement(db)
        self._upsert_people = db.upsert(tables.people)
        self._upsert_applications = db.upsert(tables.applications)
        self._upsert_answers = db.upsert(
            tables.applications, keeping=(*applications.MOVE_COLUMNS, applications.STAGE_MAC)
        )
        self._insert_blobs = db.insert(tables.blobs).on_conflict_do_nothing()
        self._insert_judgements = db.insert(tables.photo_judgements).on_conflict_do_nothing()
        self._insert_papers = db.insert(tables.paper_judgements).on_conflict_do_nothing()
        self._upsert_reminders = db.upsert(tables.reminders, keeping=("history",))

    async def load(
        self,
        connection: AsyncConnection,
        rows: Sequence[tuple[ReceivedUpdate, datetime]],
        *,
        exclusive: bool = False,
    ) -> list[UnitOfWork]:
        """Return a unit for each update and its time, with its person's records: 2 queries.

        Units of the staff, and exclusive units, also load the staff FSM record.
        """
        keys = {row.id: self._keys(row, exclusive) for row, _ in rows}
        known = await self.records(connection, [row.queue_key for row, _ in rows])
        states = await fsm.load(connection, [key for both in keys.values() for key in both])
        return [
            UnitOfWork(
                row=row,
                now=now,
                before=known[row.queue_key],
                fsm=fsm.LoadedRecords({key: states[key] for key in keys[row.id]}),
                ids=self._ids,
                is_staff=row.queue_key in self.staff.active,
                quota=self.quota,
                _tx=connection if exclusive else None,
            )
            for row, now in rows
        ]

    async def refresh_staff(self) -> None:
        """Read the accounts with a role.

        Raises:
            Unavailable: the database is gone; the cache stays as it was.
        """
        async with self._db.read_autocommit() as connection:
            await self.staff.refresh(connection, self._bot_id)

    def _keys(self, row: ReceivedUpdate, exclusive: bool) -> tuple[str, ...]:
        own = fsm.row_key(candidate_key(row.bot_id, row.queue_key))
        if exclusive or row.queue_key in self.staff:
            return own, fsm.row_key(staff_key(row.bot_id, row.queue_key))
        return (own,)

    async def records(
        self, connection: AsyncConnection, telegram_ids: Sequence[int]
    ) -> Mapping[int, Records]:
        """Return the records of these accounts, empty ones for strangers: 1 query."""
        return await records.load(
            connection, self._keyring, self._exam, self._bot_id, telegram_ids, self._cache
        )

    async def flush(
        self,
        connection: AsyncConnection,
        units: Sequence[UnitOfWork],
        results: Sequence[DeliveryResult] = (),
        *,
        uncommitted: Sequence[ReceivedUpdate] = (),
        final_state: InboxState = InboxState.DONE,
    ) -> None:
        """Write units and delivery results: at most one statement a table.

        ``uncommitted`` updates have no row yet. Those with a unit become done, others wait.

        Raises:
            AlreadyDone: an update has had its effect; the transaction must not commit.
            DuplicateUpdate: an uncommitted one is stored already; the transaction must not commit.
        """
        done = {unit.row.id for unit in units}
        # Updates first, so that a duplicate fails before any of its other rows conflicts.
        if uncommitted:
            rows = [inbox.as_row(self._keyring, row, done=row.id in done) for row in uncommitted]
            await inbox.add(connection, self._insert_updates, rows)
        if committed := done - {row.id for row in uncommitted}:
            await inbox.finish(connection, committed, final_state)
        await self._save_people(connection, units)
        await self._save_applications(connection, units)
        await self._look_again(connection, units)
        if submitted := [one for unit in units for one in unit.submissions]:
            await submissions.add(connection, self._keyring, submitted)
        if requests := [one for unit in units for one in unit.requests]:
            await late_changes.add(connection, self._keyring, requests)
        if erased := [one for one in units if one.deleted_person is not None]:
            await self._erase(connection, erased)
        states: dict[str, fsm.FsmRecord] = {}
        for unit in units:
            states |= unit.fsm.records
        await fsm.flush(self._db, connection, states)
        await self._save_files(connection, units)
        await self._audit(connection, units)
        await self._outbox.add(connection, [row for unit in units for row in unit.outgoing])
        await self._outbox.save_results(connection, results)
        if in_groups := [result for result in results if result.row.chat_id < 0]:
            told = await group_results.settle(connection, self._keyring, self._ids, in_groups)
            await self._outbox.add(connection, told)
        if jobs := [job for unit in units for job in unit.jobs]:
            await self._jobs.enqueue(connection, jobs)
        # Before the commit: an extra account does no harm.
        self.staff.active.update(account for unit in units for account in unit.new_staff)

    async def _save_files(self, connection: AsyncConnection, units: Sequence[UnitOfWork]) -> None:
        """Write the rows of files and their judgements, and delete those of dropped files."""
        # Deletions before insertions: a file that is dropped and stored again stays.
        if dropped := [name for unit in units for name in unit.files_to_drop]:
            await connection.execute(delete(tables.blobs).where(tables.blobs.c.name.in_(dropped)))
            await photo_judgements.drop(connection, dropped)
            await papers.drop(connection, dropped)
        files = [asdict(file) for unit in units for file in unit.files]
        await _execute(connection, self._insert_blobs, files)
        judged = [photo_judgements.as_row(self._keyring, j) for u in units for j in u.judgements]
        await _execute(connection, self._insert_judgements, judged)
        seen = [papers.as_row(self._keyring, one) for u in units for one in u.papers]
        await _execute(connection, self._insert_papers, seen)

    async def _erase(self, connection: AsyncConnection, units: Sequence[UnitOfWork]) -> None:
        """Delete the people of these units, and what waits for their chats."""
        gone = [one.deleted_person for one in units if one.deleted_person]
        await erasure.erase(connection, gone)
        await self._empty_chats(connection, [one.row.queue_key for one in units])
        for one in units:
            self._cache.forget(one.before)
        last = str(self._ids.last_application)
        await installation.write(connection, Fact.LAST_APPLICATION, last)

    async def _audit(self, connection: AsyncConnection, units: Sequence[UnitOfWork]) -> None:
        """Write the audit; what an account repeats too often in an hour only counts."""
        held = Counter(one for unit in units for one in unit.counted)
        if entries := [one for unit in units for one in unit.audit_entries]:
            kept, repeated = self.quota.admit(entries)
            await audit_log.add(connection, self._keyring, kept)
            held += repeated
        if held:
            await act_counts.add(connection, held)

    async def _empty_chats(self, connection: AsyncConnection, accounts: Sequence[int]) -> None:
        """Delete what waits for these people's chats, and the slots of the messages there.

        A chat of the staff keeps both: the bot still closes the cards of others in it.
        """
        chats = [one for one in accounts if one not in self.staff and one not in self.staff.former]
        await self._outbox.drop_waiting(connection, self._bot_id, chats)
        theirs = (tables.slots.c.bot_id == self._bot_id, tables.slots.c.chat_id.in_(chats))
        await connection.execute(delete(tables.slots).where(*theirs))

    async def _save_people(self, connection: AsyncConnection, units: Sequence[UnitOfWork]) -> None:
        changed = [unit.person for unit in units if unit.person is not unit.before.person]
        rows = []
        for person in filter(None, changed):
            rows.append(people.as_row(self._keyring, person))
            self._cache.people.note(rows[-1], person)
        await _execute(connection, self._upsert_people, rows)

    async def _save_applications(
        self, connection: AsyncConnection, units: Sequence[UnitOfWork]
    ) -> None:
        """Upsert applications; a batch leaves out ``MOVE_COLUMNS``, which others write too.

        Raises:
            NotExclusive: a batched unit has moved an application.
        """
        changed = [unit for unit in units if unit.application is not unit.before.application]
        for unit in changed:
            if not unit.exclusive and applications.has_moved(
                unit.before.application, unit.application
            ):
                raise NotExclusive("a batched step has moved an application")
        rows = []
        for application in filter(None, (unit.application for unit in changed)):
            rows.append(applications.as_row(self._keyring, application))
            self._cache.applications.note(rows[-1], application)
        exclusive = all(unit.exclusive for unit in changed)
        statement = self._upsert_applications if exclusive else self._upsert_answers
        await _execute(connection, statement, rows)

    async def _look_again(self, connection: AsyncConnection, units: Sequence[UnitOfWork]) -> None:
        """Look again at those who may have something else to do now, to remind them of it."""
        rows = [
            {"person_id": unit.person.id, "due_at": unit.now, "history": None}
            for unit in units
            if unit.person is not None and _has_other_duty(unit.before, unit.records)
        ]
        await _execute(connection, self._upsert_reminders, rows)


def _has_other_duty(before: Records, after: Records) -> bool:
    """Return whether a person has come or come back, or their application has begun or moved."""
    begins = before.application is None and after.application is not None
    if begins or applications.has_moved(before.application, after.application):
        return True
    known, person = before.person, after.person
    return person is not known and _reached(person) != _reached(known)


def _reached(person: Person | None) -> tuple[bool, bool, bool]:
    """Return whether the person has a confirmed account, is reached, and has an open case."""
    if person is None:
        return False, False, False
    return person.number_hash is not None, person.blocked_at is None, person.open_case is not None


async def _execute(
    connection: AsyncConnection, statement: Executable, rows: Sequence[Mapping[str, object]]
) -> None:
    if rows:
        await connection.execute(statement, rows)
