"""Everything that is kept of one person, read together for the person themselves."""

from __future__ import annotations

from dataclasses import dataclass

from states.records import Application, Person
from states.staff import Seat
from storage import applications, audit, blobs, cases, notes, people, seats, verdicts
from storage.audit import Entry
from storage.blobs import Kept
from storage.cases import Case
from storage.db import Database
from storage.notes import Note
from storage.secrets import Keyring
from storage.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Dossier:
    """The person, their applications for all exams, their files' rows, what sites were asked to
    settle, what was decided of them and noted on them, the audit of them, and the seats that they
    hold or held among the staff."""

    person: Person
    applications: tuple[Application, ...] = ()
    files: tuple[Kept, ...] = ()
    cases: tuple[Case, ...] = ()
    deeds: tuple[Entry, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    notes: tuple[Note, ...] = ()
    seats: tuple[Seat, ...] = ()


async def read(db: Database, keyring: Keyring, bot_id: int, telegram_id: int) -> Dossier:
    """The dossier of the person behind this messenger account.

    Raises:
        LookupError: nobody is known there.
        Unavailable: the database is gone.
    """
    async with db.read() as connection:
        known = await people.load(connection, keyring, bot_id, [telegram_id])
        if telegram_id not in known:
            raise LookupError("nobody is known there")
        person = known[telegram_id]
        filed = tuple(await applications.of_person(connection, keyring, person.id))
        ids = [one.id for one in filed]
        return Dossier(
            person,
            filed,
            tuple(await blobs.of_person(connection, person.id)),
            tuple(await cases.of_person(connection, person.id)),
            tuple(await audit.of_person(connection, person.id)),
            tuple(await verdicts.of_applications(connection, keyring, ids)),
            tuple(await notes.of_applications(connection, keyring, ids)),
            await seats.ever_of_account(connection, keyring, bot_id, telegram_id),
        )
