"""The records of candidates: each person with their application for one exam, in one query."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import Records
from storage.candidates import applications, people
from storage.engine import tables
from storage.engine.encryption import Keyring


async def load(
    connection: AsyncConnection,
    keyring: Keyring,
    exam: str,
    bot_id: int,
    telegram_ids: Iterable[int],
) -> dict[int, Records]:
    """Return the records of these accounts, empty ones for strangers: 1 query."""
    accounts = list(telegram_ids)
    found = dict.fromkeys(accounts, Records())
    wanted = {"of": exam, "bot": bot_id, "accounts": accounts}
    for row in await connection.execute(_OF_ACCOUNTS, wanted):
        person = people.of_row(keyring, tables.part_of(row, tables.people))
        own = tables.part_of(row, tables.applications, len(tables.people.columns))
        application = None if own.id is None else applications.of_row(keyring, own)
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
