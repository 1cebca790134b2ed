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

from states.outcome import Act
from states.records import Application, ApplicationId, Person, PersonId, Records
from storage import applications, audit, blobs, fsm, inbox, people, tables
from storage.audit import Deed, Entry
from storage.blobs import Kept
from storage.db import Database
from storage.inbox import IDS_PER_UPDATE, Received
from storage.outbox import Outbox, Outgoing, Sent
from storage.seats import Roster
from storage.secrets import Keyring
from storage.tables import InboxState


class Shared(Exception):
    """A batched step reached for what others share; its route must be declared ``alone``."""


@dataclass(slots=True)
class Unit:
    """One update's work. Steps replace ``person`` and ``application``; the flush sees it.

    ``files`` are kept from now on, ``dropped`` names those that nothing refers to any more;
    ``is_seated`` says whether their account is known to have a seat, ``seated`` are those that this
    update gives one to.
    """

    row: Received
    now: datetime
    before: Records
    fsm: fsm.Loaded
    person: Person | None = None
    application: Application | None = None
    outgoing: list[Outgoing] = field(default_factory=list)
    deeds: list[Entry] = field(default_factory=list)
    files: list[Kept] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    gone: PersonId | None = None
    is_seated: bool = False
    seated: list[int] = field(default_factory=list)
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
            raise Shared("not alone")
        return self._tx

    @property
    def alone(self) -> bool:
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
        if not self.alone:
            raise Shared("not alone")
        if self.before.person is None:
            raise LookupError("nobody to erase")
        self.gone, self.person, self.application = self.before.person.id, None, None
        record = self.fsm.records[fsm.row_key(candidate_key(self.row.bot_id, self.row.lane))]
        record.state, record.data, record.changed = None, {}, True

    def did(self, deed: Deed, detail: str = "", *, about: Records | None = None) -> None:
        """Note a deed of this person for the audit.

        It is about themselves unless said otherwise: what somebody of the staff does is not, and
        must not stand among what was done to their own registration.
        """
        about = about or self.records
        application = about.application
        own = about.person.id if about.person else None
        self.deeds.append(
            Entry(
                id=self.new_id(),
                at=self.now,
                actor=self.row.lane,
                deed=deed,
                person_id=application.person_id if application else own,
                application_id=application.id if application else None,
                detail=detail,
            )
        )

    def will(self, act: Act, *, chat_id: int, not_before: datetime | None = None) -> None:
        """Decide on a call; it is made after the commit."""
        row_id = self.new_id()
        self.outgoing.append(
            Outgoing(
                id=row_id,
                dedup=f"u{row_id}",
                bot_id=self.row.bot_id,
                chat_id=chat_id,
                act=act,
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


class Work:
    """Loads and flushes units, many at once, in a constant number of statements."""

    def __init__(
        self, db: Database, keyring: Keyring, outbox: Outbox, *, bot_id: int, exam: str
    ) -> None:
        self._db = db
        self._bot_id = bot_id
        self._keyring = keyring
        self._outbox = outbox
        self._exam = exam
        self.roster = Roster()
        self._fresh = inbox.insertion(db)
        self._people = db.upsert(tables.people)
        self._applications = db.upsert(tables.applications)
        self._answers = db.upsert(tables.applications, leaving=applications.MOVED)
        self._blobs = db.insert(tables.blobs).on_conflict_do_nothing()

    async def load(
        self,
        connection: AsyncConnection,
        rows: Sequence[tuple[Received, datetime]],
        *,
        alone: bool = False,
    ) -> list[Unit]:
        """A unit for each update and moment of its act, with its person's records: 3 queries.

        The state as one of the staff comes along for whom it may concern.
        """
        keys = {row.id: self._keys(row, alone) for row, _ in rows}
        records = await self.records(connection, [row.lane for row, _ in rows])
        states = await fsm.load(connection, [key for both in keys.values() for key in both])
        return [
            Unit(
                row=row,
                now=now,
                before=records[row.lane],
                fsm=fsm.Loaded({key: states[key] for key in keys[row.id]}),
                is_seated=row.lane in self.roster.seated,
                _tx=connection if alone else None,
            )
            for row, now in rows
        ]

    async def learn_roster(self) -> None:
        """Read anew who has a seat.

        Raises:
            Unavailable: the database is gone; what was known stays.
        """
        async with self._db.glance() as connection:
            await self.roster.refresh(connection, self._bot_id)

    def _keys(self, row: Received, alone: bool) -> tuple[str, ...]:
        own = fsm.row_key(candidate_key(row.bot_id, row.lane))
        if alone or row.lane in self.roster:
            return own, fsm.row_key(staff_key(row.bot_id, row.lane))
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
        units: Sequence[Unit],
        marks: Sequence[Sent] = (),
        *,
        fresh: Sequence[Received] = (),
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
        await _delete(connection, [unit.gone for unit in units if unit.gone is not None])
        states: dict[str, fsm.Record] = {}
        for unit in units:
            states |= unit.fsm.records
        await fsm.flush(self._db, connection, states)
        # Before the new rows: what is dropped and kept at once stays.
        await _drop(connection, [name for unit in units for name in unit.dropped])
        await _insert(connection, self._blobs, [blobs.as_row(f) for u in units for f in u.files])
        deeds = [audit.as_row(deed) for unit in units for deed in unit.deeds]
        await _insert(connection, tables.audit.insert(), deeds)
        await self._outbox.add(connection, [row for unit in units for row in unit.outgoing])
        await self._outbox.mark(connection, marks)
        # Before the commit, since a name too many does no harm.
        self.roster.seated.update(account for unit in units for account in unit.seated)

    async def _save_people(self, connection: AsyncConnection, units: Sequence[Unit]) -> None:
        changed = [unit.person for unit in units if unit.person is not unit.before.person]
        rows = [people.as_row(self._keyring, person) for person in changed if person]
        await _insert(connection, self._people, rows)

    async def _save_applications(self, connection: AsyncConnection, units: Sequence[Unit]) -> None:
        """What a batch writes of applications leaves out what the clock and the staff write too.

        Raises:
            Shared: a unit of a batch has moved an application; its route must be ``alone``.
        """
        changed = [unit for unit in units if unit.application is not unit.before.application]
        for unit in changed:
            if not unit.alone and applications.is_moved(unit.before.application, unit.application):
                raise Shared("a batched step has moved an application")
        rows = [applications.as_row(self._keyring, u.application) for u in changed if u.application]
        alone = all(unit.alone for unit in changed)
        await _insert(connection, self._applications if alone else self._answers, rows)


async def _delete(connection: AsyncConnection, gone: Sequence[PersonId]) -> None:
    """All rows about these people but the audit's, what refers to them first."""
    if not gone:
        return
    theirs = select(tables.applications.c.id).where(tables.applications.c.person_id.in_(gone))
    for about in (tables.claims, tables.verdicts, tables.notes):
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
