"""Everything that is kept of one person, read together for the person themselves."""

from __future__ import annotations

from dataclasses import dataclass

from states.records import Application, Person
from storage import applications, audit, blobs, cases, people
from storage.audit import Entry
from storage.blobs import Kept
from storage.cases import Case
from storage.db import Database
from storage.secrets import Keyring


@dataclass(frozen=True, slots=True)
class Dossier:
    """The person, their applications for all exams, their files' rows, what sites were asked to
    settle, and the audit of them."""

    person: Person
    applications: tuple[Application, ...] = ()
    files: tuple[Kept, ...] = ()
    cases: tuple[Case, ...] = ()
    deeds: tuple[Entry, ...] = ()


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
        return Dossier(
            person,
            tuple(await applications.of_person(connection, keyring, person.id)),
            tuple(await blobs.of_person(connection, person.id)),
            tuple(await cases.of_person(connection, person.id)),
            tuple(await audit.of_person(connection, person.id)),
        )
