"""Small facts about the installation: the calendar's offset, the keys' fingerprint."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.tables import facts


class Fact(StrEnum):
    """What is remembered."""

    CLOCK_OFFSET = "clock-offset"  # seconds that the sandbox's calendar is ahead
    KEYS = "keys"  # fingerprint of the look-up key the data was made with
    SYNCED_UNTIL = "heard"  # when intake last worked, ISO 8601
    DIGEST_SENT = "news-told"  # until when the staff were told what came, ISO 8601
    WINDOWS = "windows"  # when each window closes and when one was last moved (bot/forfeiting)
    EXPIRY_HELD = "forfeits"  # how many deadlines wait for an administrator, by why, and as of when
    RELEASED = "released"  # deadlines until then have been let run, ISO 8601
    USERNAME = "username"  # of the bot, for links that the command line makes
    SWEPT = "swept"  # when files without a row were last dropped, ISO 8601


class WrongKeys(Exception):
    """The database was made with other keys; going on would lock everybody out."""


async def read(db: Database, fact: Fact) -> str | None:
    """What is remembered of this, or None."""
    async with db.read() as connection:
        return await read_within(connection, fact)


async def read_within(connection: AsyncConnection, fact: Fact) -> str | None:
    """The same, within what this connection sees."""
    found: str | None = await connection.scalar(select(facts.c.value).where(facts.c.key == fact))
    return found


async def write(connection: AsyncConnection, fact: Fact, value: str) -> None:
    """Remember it in this transaction."""
    known = update(facts).where(facts.c.key == fact).values(value=value)
    if not (await connection.execute(known)).rowcount:
        await connection.execute(insert(facts).values(key=fact, value=value))


async def check_keys(db: Database, keyring: Keyring) -> None:
    """Refuse keys that are not those of the database; one without data has none yet.

    Raises:
        WrongKeys: the fingerprints differ.
    """
    if await read(db, Fact.KEYS) not in (None, keyring.fingerprint):
        raise WrongKeys("this database was made with other keys")


async def bind_keys(db: Database, keyring: Keyring) -> None:
    """Bind an empty database to these keys.

    Raises:
        WrongKeys: it is bound to others.
    """
    await check_keys(db, keyring)
    async with db.write() as connection:
        await write(connection, Fact.KEYS, keyring.fingerprint)
