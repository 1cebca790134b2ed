"""Facts about the installation: one short text for each key."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import delete, insert, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.texts import Explained, Text
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.tables import facts, sealing_keys


class Fact(StrEnum):
    """The keys of the facts."""

    CLOCK_OFFSET = "clock-offset"  # seconds that the sandbox's wall clock is ahead
    KEYS = "keys"  # the keyring's fingerprint
    SYNCED_UNTIL = "heard"  # the last moment of working intake, ISO 8601
    DIGEST_SENT = "news-told"  # the end of the last staff digest, ISO 8601
    DIGEST_HELD = "news-held"  # since when a chat's digest waits for the case in its hands, JSON
    WINDOWS = "windows"  # each window's end, and the last change of one (bot.scheduler.expiry)
    EXPIRY_HELD = "forfeits"  # expired deadlines that wait for an administrator, by reason
    RELEASED = "released"  # an administrator released deadlines up to here, ISO 8601
    UNPAID_RELEASED = "unpaid-released"  # the same for applications without a payment
    REMINDER_DATES = "reminder-dates"  # a digest of the dates and rules that reminders follow
    USERNAME = "username"  # the bot's username, for the command line's links
    PROBED = "probed"  # a number that each look at the health changes
    PRUNED_AT = "pruned-at"  # the real time that the last pruning trusted, ISO 8601
    LAST_APPLICATION = "last-application"  # the newest application id at the last erasure


class WrongKeys(Explained):
    """The database belongs to other keys, so that no look-up would succeed."""


async def read(db: Database, fact: Fact) -> str | None:
    """Return a fact, or None."""
    async with db.read() as connection:
        return await read_within(connection, fact)


async def read_within(connection: AsyncConnection, fact: Fact) -> str | None:
    """Return a fact as this connection sees it, or None."""
    found: str | None = await connection.scalar(select(facts.c.value).where(facts.c.key == fact))
    return found


async def write(connection: AsyncConnection, fact: Fact, value: str) -> None:
    """Store a fact in this transaction."""
    known = update(facts).where(facts.c.key == fact).values(value=value)
    if not (await connection.execute(known)).rowcount:
        await connection.execute(insert(facts).values(key=fact, value=value))


async def check_fingerprint(db: Database, keyring: Keyring) -> None:
    """Check the look-up key, also in a database of an older version.

    Raises:
        WrongKeys: the database has another one.
    """
    if await read(db, Fact.KEYS) not in (None, keyring.fingerprint):
        raise WrongKeys(Text("keys-foreign"))


async def check_keys(db: Database, keyring: Keyring) -> None:
    """Check the keys against the fingerprint and the probes in the database, if it has some.

    Raises:
        WrongKeys: another look-up key, or a sealing key is missing or another one.
    """
    await check_fingerprint(db, keyring)
    async with db.read() as connection:
        for name, probe in await connection.execute(select(sealing_keys)):
            if not keyring.opens(name, probe):
                raise WrongKeys(Text("keys-lacking", {"name": name}))


async def bind_keys(db: Database, keyring: Keyring) -> None:
    """Store the fingerprint of the look-up key, and a probe of each sealing key.

    Raises:
        WrongKeys: the database has others.
    """
    await check_keys(db, keyring)
    async with db.write() as connection:
        await write(connection, Fact.KEYS, keyring.fingerprint)
        known = await known_keys(connection)
        if not known:
            await _add_probes(connection, keyring, keyring.names)
        elif keyring.newest not in known:
            await _add_probes(connection, keyring, [keyring.newest])


async def known_keys(connection: AsyncConnection) -> set[str]:
    """Return the ids of the sealing keys that the database needs."""
    return set(await connection.scalars(select(sealing_keys.c.name)))


async def need_newest_key(
    connection: AsyncConnection, keyring: Keyring, *, alone: bool = False
) -> None:
    """Let the database need the newest key from now on; ``alone``: and no other."""
    which = true() if alone else sealing_keys.c.name == keyring.newest
    await connection.execute(delete(sealing_keys).where(which))
    await _add_probes(connection, keyring, [keyring.newest])


async def _add_probes(connection: AsyncConnection, keyring: Keyring, names: Iterable[str]) -> None:
    probes = [{"name": name, "probe": keyring.probe(name)} for name in names]
    await connection.execute(insert(sealing_keys), probes)
