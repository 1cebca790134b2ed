"""The unit of work: what one update read, and what it will have written when its commit is through.

A busy pump flushes many units in one transaction, with one statement a table whatever their
number. A unit in a batch holds only its own person's records; a unit that runs ``alone`` carries
the open transaction and may ask and write what others share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aiogram.fsm.storage.base import StorageKey
from sqlalchemy import Executable, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import Application, ApplicationId, Person, PersonId, Records
from states.step_result import Effect
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.candidates import applications, blobs, people
from storage.candidates.blobs import StoredFile
from storage.engine import tables
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.ids import IDS_PER_UPDATE
from storage.engine.tables import InboxState
from storage.staff.role_assignments import StaffCache
from storage.updates import fsm, inbox
from storage.updates.inbox import ReceivedUpdate
from storage.updates.outbox import DeliveryResult, Outbox, OutgoingMessage


class NotExclusive(Exception):
    """A batched step reached for what others share; its route must be declared ``alone``."""


@dataclass(slots=True)
class UnitOfWork:
    """One update's work. Steps replace ``person`` and ``application``; the flush sees it.

    ``files`` are kept from now on, ``dropped`` names those that nothing refers to any more;
    ``is_seated`` says whether their account is known to have a seat, ``seated`` are those that this
    update gives one to.
    """

    row: ReceivedUpdate
    now: datetime
    before: Records
    fsm: fsm.LoadedRecords
    person: Person | None = None
    application: Application | None = None
    outgoing: list[OutgoingMessage] = field(default_factory=list)
    audit_entries: list[AuditEntry] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    dropped_blobs: list[str] = field(default_factory=list)
    deleted_person: PersonId | None = None
    is_staff: bool = False
    new_staff: list[int] = field(default_factory=list)
    _tx: AsyncConnection | None = None
    _ids: int = 0
    _records: Records = field(init=False)

    def __post_init__(self) -> None:
        self._records = self.before
        self.person = self.before.person
        self.application = self.before.application

    @property
    def records(self) -> Records:
        """The records as this unit leaves them; the same object until a step changes them."""
        known = self._records
        if known.person is not self.person or known.application is not self.application:
            self._records = Records(self.person, self.application)
        return self._records

    @property
    def tx(self) -> AsyncConnection:
        """The transaction of a unit that runs alone.

        Raises:
            Shared: this unit runs in a batch.
        """
        if self._tx is None:
            raise NotExclusive("not alone")
        return self._tx

    @property
    def exclusive(self) -> bool:
        """Whether this unit has a transaction to itself."""
        return self._tx is not None

    def new_id(self) -> int:
        """An id nobody else gets: made from the update's own, so that no query is needed."""
        self._ids += 1
        if self._ids >= IDS_PER_UPDATE:
            raise OverflowError("one update made too many rows")
        return self.row.id * IDS_PER_UPDATE + self._ids

    def new_person(self, telegram_id: int) -> Person:
        """Begin to know a person."""
        self.person = Person(PersonId(self.new_id()), self.row.bot_id, telegram_id)
        return self.person

    def new_application(self, person: Person, exam: str) -> Application:
        """Begin the person's application for an exam."""
        self.application = Application(ApplicationId(self.new_id()), person.id, exam)
        return self.application

    def erase(self) -> None:
        """Forget the person: their row, applications, files' rows and state go with the flush.

        The files themselves go with a later sweep, never before the commit. The audit stays.

        Raises:
            Shared: this unit runs in a batch.
            LookupError: nobody is known here.
        """
        if not self.exclusive:
            raise NotExclusive("not alone")
        if self.before.person is None:
            raise LookupError("nobody to erase")
        self.deleted_person, self.person, self.application = self.before.person.id, None, None
        record = self.fsm.records[fsm.row_key(candidate_key(self.row.bot_id, self.row.queue_key))]
        record.state, record.data, record.changed = None, {}, True

    def audit(self, action: AuditAction, detail: str = "", *, about: Records | None = None) -> None:
        """Note a deed of this person for the audit.

        It is about themselves unless said otherwise: what somebody of the staff does is not, and
        must not stand among what was done to their own registration.
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

    def enqueue(self, effect: Effect, *, chat_id: int, not_before: datetime | None = None) -> None:
        """Decide on a call; it is made after the commit."""
        row_id = self.new_id()
        self.outgoing.append(
            OutgoingMessage(
                id=row_id,
                dedup=f"u{row_id}",
                bot_id=self.row.bot_id,
                chat_id=chat_id,
                effect=effect,
                made_at=self.now,
                not_before=not_before,
                caused_at=self.row.received_at,
            )
        )


def candidate_key(bot_id: int, telegram_id: int) -> StorageKey:
    """Where aiogram keeps the state of a person as a candidate: their private chat."""
    return StorageKey(bot_id=bot_id, chat_id=telegram_id, user_id=telegram_id)


def staff_key(bot_id: int, telegram_id: int) -> StorageKey:
    """Where aiogram keeps the state of the same person as one of the staff."""
    return StorageKey(bot_id=bot_id, chat_id=telegram_id, user_id=telegram_id, destiny="staff")


class UnitOfWorkStore:
    """Loads and flushes units, many at once, in a constant number of statements."""

    def __init__(
        self, db: Database, keyring: Keyring, outbox: Outbox, *, bot_id: int, exam: str
    ) -> None:
        self._db = db
        self._bot_id = bot_id
        self._keyring = keyring
        self._outbox = outbox
        self._exam = exam
        self.staff = StaffCache()
        self._fresh = inbox.insertion(db)
        self._people = db.upsert(tables.people)
        self._applications = db.upsert(tables.applications)
        self._answers = db.upsert(tables.applications, leaving=applications.MOVE_COLUMNS)
        self._blobs = db.insert(tables.blobs).on_conflict_do_nothing()

    async def load(
        self,
        connection: AsyncConnection,
        rows: Sequence[tuple[ReceivedUpdate, datetime]],
        *,
        exclusive: bool = False,
    ) -> list[UnitOfWork]:
        """A unit for each update and moment of its act, with its person's records: 3 queries.

        The state as one of the staff comes along for whom it may concern.
        """
        keys = {row.id: self._keys(row, exclusive) for row, _ in rows}
        records = await self.records(connection, [row.queue_key for row, _ in rows])
        states = await fsm.load(connection, [key for both in keys.values() for key in both])
        return [
            UnitOfWork(
                row=row,
                now=now,
                before=records[row.queue_key],
                fsm=fsm.LoadedRecords({key: states[key] for key in keys[row.id]}),
                is_staff=row.queue_key in self.staff.active,
                _tx=connection if exclusive else None,
            )
            for row, now in rows
        ]

    async def refresh_staff(self) -> None:
        """Read anew who has a seat.

        Raises:
            Unavailable: the database is gone; what was known stays.
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
        """The records of these messenger accounts; empty ones for strangers: 2 queries."""
        persons = await people.load(connection, self._keyring, self._bot_id, telegram_ids)
        mine = await applications.load(
            connection, self._keyring, self._exam, [person.id for person in persons.values()]
        )
        found = dict.fromkeys(telegram_ids, Records())
        for telegram_id, person in persons.items():
            found[telegram_id] = Records(person, mine.get(person.id))
        return found

    async def flush(
        self,
        connection: AsyncConnection,
        units: Sequence[UnitOfWork],
        results: Sequence[DeliveryResult] = (),
        *,
        fresh: Sequence[ReceivedUpdate] = (),
        became: InboxState = InboxState.DONE,
    ) -> None:
        """Write all units and the marks of sent messages: at most one statement a table.

        ``fresh`` are updates that are not kept yet: with their units they are done at once, and
        without they wait.

        Raises:
            AlreadyDone: one of the updates has taken effect before; nothing may be committed.
            Known: one of the fresh ones is kept already; nothing may be committed either.
        """
        done = {unit.row.id for unit in units}
        # First, so that a second time is seen before any row is in the way.
        if fresh:
            rows = [inbox.as_row(self._keyring, row, done=row.id in done) for row in fresh]
            await inbox.add(connection, self._fresh, rows)
        if known := done - {row.id for row in fresh}:
            await inbox.finish(connection, known, became)
        await self._save_people(connection, units)
        await self._save_applications(connection, units)
        await _delete(
            connection, [unit.deleted_person for unit in units if unit.deleted_person is not None]
        )
        states: dict[str, fsm.FsmRecord] = {}
        for unit in units:
            states |= unit.fsm.records
        await fsm.flush(self._db, connection, states)
        # Before the new rows: what is dropped and kept at once stays.
        await _drop(connection, [name for unit in units for name in unit.dropped_blobs])
        await _insert(connection, self._blobs, [blobs.as_row(f) for u in units for f in u.files])
        audit_entries = [
            audit_log.as_row(action) for unit in units for action in unit.audit_entries
        ]
        await _insert(connection, tables.audit.insert(), audit_entries)
        await self._outbox.add(connection, [row for unit in units for row in unit.outgoing])
        await self._outbox.save_results(connection, results)
        # Before the commit, since a name too many does no harm.
        self.staff.active.update(account for unit in units for account in unit.new_staff)

    async def _save_people(self, connection: AsyncConnection, units: Sequence[UnitOfWork]) -> None:
        changed = [unit.person for unit in units if unit.person is not unit.before.person]
        rows = [people.as_row(self._keyring, person) for person in changed if person]
        await _insert(connection, self._people, rows)

    async def _save_applications(
        self, connection: AsyncConnection, units: Sequence[UnitOfWork]
    ) -> None:
        """What a batch writes of applications leaves out what the clock and the staff write too.

        Raises:
            Shared: a unit of a batch has moved an application; its route must be ``alone``.
        """
        changed = [unit for unit in units if unit.application is not unit.before.application]
        for unit in changed:
            if not unit.exclusive and applications.has_moved(
                unit.before.application, unit.application
            ):
                raise NotExclusive("a batched step has moved an application")
        rows = [applications.as_row(self._keyring, u.application) for u in changed if u.application]
        alone = all(unit.exclusive for unit in changed)
        await _insert(connection, self._applications if alone else self._answers, rows)


async def _delete(connection: AsyncConnection, gone: Sequence[PersonId]) -> None:
    """All rows about these people but the audit's, what refers to them first."""
    if not gone:
        return
    theirs = select(tables.applications.c.id).where(tables.applications.c.person_id.in_(gone))
    for about in (tables.claims, tables.decisions, tables.notes):
        await connection.execute(delete(about).where(about.c.application_id.in_(theirs)))
    for table in (tables.blobs, tables.cases, tables.applications):
        await connection.execute(delete(table).where(table.c.person_id.in_(gone)))
    await connection.execute(delete(tables.people).where(tables.people.c.id.in_(gone)))


async def _drop(connection: AsyncConnection, names: Sequence[str]) -> None:
    """The rows of files that nothing refers to any more; a later sweep takes the files."""
    if names:
        await connection.execute(delete(tables.blobs).where(tables.blobs.c.name.in_(names)))


async def _insert(
    connection: AsyncConnection, statement: Executable, rows: Sequence[Mapping[str, object]]
) -> None:
    if rows:
        await connection.execute(statement, rows)
