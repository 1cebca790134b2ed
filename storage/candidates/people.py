"""People by Telegram account, with their identity encrypted in one document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

import orjson
from pydantic import TypeAdapter
from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import Identity, OpenCase, Person, PersonId
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import record_of, row_of
from storage.engine.tables import people

ID_NUMBER = "id-number"
NAME = "name"


def hash_number(keyring: Keyring, id_type: str, number: str) -> str:
    """Return the keyed hash of an ID number's type and digits, for look-ups."""
    return keyring.hash(ID_NUMBER, id_type, number)


def hash_name(keyring: Keyring, name: str) -> str:
    """Return the keyed hash of a name without blanks, dots and case, for the staff's search."""
    return keyring.hash(NAME, "".join(sign for sign in name.casefold() if sign.isalnum()))


async def load(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, telegram_ids: Iterable[int]
) -> dict[int, Person]:
    """Return people by Telegram account: 1 query."""
    accounts = {"bot": bot_id, "accounts": list(telegram_ids)}
    rows = await connection.execute(_OF_ACCOUNTS, accounts)
    return {row.telegram_id: of_row(keyring, row) for row in rows}


_OF_ACCOUNTS = select(people).where(
    people.c.bot_id == bindparam("bot"),
    people.c.telegram_id.in_(bindparam("accounts", expanding=True)),
)


async def by_ids(
    connection: AsyncConnection, keyring: Keyring, ids: Iterable[PersonId]
) -> dict[PersonId, Person]:
    """Return these people: 1 query. The caller has checked the reader's scope."""
    query = select(people).where(people.c.id.in_(list(ids)))
    rows = await connection.execute(query)
    return {PersonId(row.id): of_row(keyring, row) for row in rows}


async def owner_of(connection: AsyncConnection, number_hash: str) -> PersonId | None:
    """Return the person with the ID number of this hash (``hash_number``)."""
    owner = await connection.scalar(select(people.c.id).where(people.c.number_hash == number_hash))
    return None if owner is None else PersonId(owner)


async def save(connection: AsyncConnection, keyring: Keyring, person: Person) -> None:
    """Update the row of a person who has an open case: their own updates then run alone."""
    row = as_row(keyring, person)
    await connection.execute(update(people).where(people.c.id == person.id).values(row))


async def account_of(connection: AsyncConnection, keyring: Keyring, person_id: PersonId) -> int:
    """Return the Telegram account of a person.

    Raises:
        LookupError: no such person.
    """
    found = await by_ids(connection, keyring, [person_id])
    if person_id not in found:
        raise LookupError("nobody is known by this id")
    return found[person_id].telegram_id


async def wanting_opening(connection: AsyncConnection, keyring: Keyring, most: int) -> list[Person]:
    """Return some of those who asked for a notice of the opening and have not blocked the bot."""
    query = select(people).where(people.c.wants_opening, people.c.blocked_at.is_(None))
    rows = await connection.execute(query.order_by(people.c.id).limit(most))
    return [of_row(keyring, row) for row in rows]


async def clear_wants_opening(connection: AsyncConnection, told: Iterable[PersonId]) -> None:
    """Clear these people's request for that notice."""
    them = update(people).where(people.c.id.in_(list(told)))
    await connection.execute(them.values(wants_opening=False))


def as_row(keyring: Keyring, person: Person) -> dict[str, Any]:
    """Return a person as a row of their table."""
    document = orjson.dumps(
        {
            **asdict(person.identity),
            "education": person.education,
            "record": person.record,
            "correction": person.correction,
            "open_case": person.open_case,
            **({"typed": person.typed} if person.typed else {}),
            **({"shown_photo": person.shown_photo} if person.shown_photo else {}),
        }
    )
    row = row_of(
        people,
        person,
        identity=keyring.encrypt(document, _place(person.id)),
        name_hash=hash_name(keyring, person.identity.name) if person.number_hash else None,
        mac=None,
    )
    return row_macs.bind(keyring, people, row)


def of_row(keyring: Keyring, row: Any) -> Person:
    """Return the person of a row of their table.

    Raises:
        RowChanged: the row was changed without the keys.
    """
    row_macs.check(keyring, people, row)
    document = orjson.loads(keyring.decrypt(row.identity, _place(row.id)))
    return record_of(
        Person,
        row,
        identity=Identity(**{name: document[name] for name in _IDENTITY}),
        education=tuple(document.get("education", ())),
        record=document.get("record"),
        correction=Identity(**found) if (found := document.get("correction")) else None,
        open_case=_OPEN_CASE.validate_python(case) if (case := document.get("open_case")) else None,
        typed=document.get("typed", ""),
        shown_photo=document.get("shown_photo"),
    )


_OPEN_CASE = TypeAdapter(OpenCase)
_IDENTITY = tuple(field.name for field in fields(Identity))


def _place(person_id: int) -> str:
    return f"people/{person_id}"
