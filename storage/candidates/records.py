"""The records of candidates: each person with their application for one exam, in one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import Application, Person, Records
from storage.candidates import applications, people
from storage.candidates.decoded_rows import DecodedRows
from storage.engine import tables
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import part_of


@dataclass(frozen=True, slots=True)
class RecordCache:
    """The last rows of people and applications with their records."""

    people: DecodedRows[Person] = field(
        default_factory=lambda: DecodedRows(tables.people, people.of_row)
    )
    applications: DecodedRows[Application] = field(
        default_factory=lambda: DecodedRows(tables.applications, applications.of_row)
    )

    def forget(self, records: Records) -> None:
        """Drop the records of a person who is erased."""
        if records.person is not None:
            self.people.forget(records.person.id)
        if records.application is not None:
            self.applications.forget(records.application.id)


async def load(
    connection: AsyncConnection,
    keyring: Keyring,
    exam: str,
    bot_id: int,
    telegram_ids: Iterable[int],
    cache: RecordCache | None = None,
) -> dict[int, Records]:
    """Return the records of these accounts, empty ones for strangers: 1 query."""
    cache = cache or RecordCache()
    accounts = list(telegram_ids)
    found = dict.fromkeys(accounts, Records())
    wanted = {"of": exam, "bot": bot_id, "accounts": accounts}
    for row in await connection.execute(_OF_ACCOUNTS, wanted):
        person = cache.people.decode(keyring, part_of(row, tables.people))
        own = part_of(row, tables.applications, len(tables.people.columns))
        application = None if own.id is None else cache.applications.decode(keyring, own)
        found[person.telegram_id] = Records(person, application)
    return found


_OF_ACCOUNTS = (
    select(tables.people, tables.applications)
    .outerjoin(
        tables.applications,
        and_(
            tables.applications.c.person_id == tables.people.c.id,
            tables.applications.c.exam == bindparam("of"),
        ),
    )
    .where(
        tables.people.c.bot_id == bindparam("bot"),
        tables.people.c.telegram_id.in_(bindparam("accounts", expanding=True)),
    )
)
