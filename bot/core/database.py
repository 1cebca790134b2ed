"""The one way to open the database of the settings and its keys, for the bot and each command."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

from bot.core.settings import Refused, Settings
from states.exam import Exam, missing_codes
from states.texts import Text
from storage.candidates import applications
from storage.engine import installation, schema
from storage.engine.database import (
    TIME_LIMIT,
    Conflict,
    Damaged,
    Database,
    Unavailable,
    name_of_server,
)
from storage.engine.encryption import BadKeys, Keyring
from storage.engine.installation import Fact, WrongKeys
from storage.engine.instance_lock import locks_beside
from storage.engine.trouble_causes import Cause

KNOWN: Final = "database"
"""The file of the data folder that names the database with its data."""


class DroppedCodes(Refused):
    """Applications refer to ``codes`` (as ``missing_codes`` writes them) that the exam lost."""

    def __init__(self, exam: str, codes: tuple[str, ...]) -> None:
        known = {"exam": exam, "codes": ", ".join(codes)}
        super().__init__(Text("cli-dropped-codes", known), code=2)
        self.codes = codes


class DatabaseAway(Refused):
    """The database cannot be reached or stays locked; a bot that starts waits for it."""

    def __init__(self, reason: str, cause: Cause = Cause.OTHER) -> None:
        super().__init__(Text("doctor-data-bad", {"reason": reason, "cause": cause}), code=2)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class OpenDatabase(NamedTuple):
    """An open database of the code's version, and the keys that its data are encrypted with."""

    db: Database
    keyring: Keyring


@asynccontextmanager
async def open_database(
    settings: Settings, *, starting: bool = False
) -> AsyncIterator[OpenDatabase]:
    """Open the database with its keys, and close it when the block ends.

    Args:
        starting: a bot starts: it makes a missing database and its keys, and migrates a sandbox.

    Raises:
        Refused: the database is missing, of another version, out of reach, or has other keys.
    """
    if not starting and not has_database(settings):
        raise Refused(Text("doctor-no-database", {"file": str(settings.database_file)}), code=2)
    async with connect(settings.database) as db:
        present = await schema.present(db) if starting else schema.WANTED
        if present != schema.WANTED and (settings.in_sandbox or not present):
            await migrate(db, settings)
        await check_schema(db)
        yield OpenDatabase(db, await check_keys(db, settings, starting=starting))


async def migrate(db: Database, settings: Settings) -> None:
    """Bring the database to the code's version, with its keys unless it is new.

    Raises:
        Refused: the keys cannot be read, or the database is of a newer version.
        WrongKeys: the database is bound to other keys.
    """
    if (present := await schema.present(db)) > schema.WANTED:
        raise Refused(_version(present), code=2)
    keyring = read_keys(settings) if present else None
    if keyring is not None:
        await installation.check_fingerprint(db, keyring)
    await schema.migrate(db, keyring=keyring)


@asynccontextmanager
async def connect(url: str, *, time_limit: float | None = TIME_LIMIT) -> AsyncIterator[Database]:
    """Connect to a database, of any version or none.

    Raises:
        DatabaseAway: the database cannot be reached, at first or within the block.
        Refused: the database has other keys, or its file is damaged.
    """
    db = Database(url, time_limit=time_limit)
    try:
        yield db
    except Conflict:
        raise
    except Unavailable as error:
        raise DatabaseAway(str(error), error.cause) from error
    except (Damaged, WrongKeys) as error:
        raise Refused(error.text, code=2) from error
    finally:
        await db.close()


def has_database(settings: Settings) -> bool:
    """Return whether the database's file exists; a connection to SQLite would make it.

    Raises:
        Refused: the file is gone.
    """
    check_not_lost(settings)
    return settings.database_file is None or settings.database_file.exists()


def check_not_lost(settings: Settings) -> None:
    """Check that the SQLite file is not gone: a start would begin an empty one in its place.

    Raises:
        Refused: a bot has run on the file, and it is not there any more.
    """
    file = settings.database_file
    if file is None or file.exists():
        return
    if locks := [str(lock) for lock in locks_beside(file) if lock.exists()]:
        lost = Text("database-lost", {"file": str(file), "locks": " ".join(locks)})
        raise Refused(lost, code=2)


def forget_lost(settings: Settings) -> None:
    """Forget a SQLite file that is gone, whose locks the operator has deleted to begin anew."""
    if settings.database_file is not None and not settings.database_file.exists():
        (settings.folder / KNOWN).unlink(missing_ok=True)


def remember(settings: Settings) -> None:
    """Note in the data folder which database has its data, for ``check_not_emptied``."""
    note, name = settings.folder / KNOWN, _name_of(settings)
    if not note.exists() or note.read_text() != name:
        note.write_text(name)


def check_not_emptied(settings: Settings) -> None:
    """Check before data begin anew that no bot of this folder has used this database.

    A server that was set up anew has an empty database of the same name. In place of a SQLite file
    that is gone, a connection of the bot that still runs makes an empty one.

    Raises:
        Refused: the database had data, and has none any more.
    """
    note, name = settings.folder / KNOWN, _name_of(settings)
    if note.exists() and note.read_text() == name:
        raise Refused(Text("database-emptied", {"name": name, "note": str(note)}), code=2)


def _name_of(settings: Settings) -> str:
    """Return the database without its user and password."""
    if settings.database_file is not None:
        return str(settings.database_file.absolute())
    return name_of_server(settings.database)


async def check_schema(db: Database) -> Text:
    """Return the database's version in words.

    Raises:
        Refused: the version is not the code's.
    """
    present = await schema.present(db)
    if present != schema.WANTED:
        raise Refused(_version(present), code=2)
    return _version(present)


def _version(present: str) -> Text:
    age = "older" if present < schema.WANTED else "newer" if present > schema.WANTED else "same"
    known = {"present": present or "–", "wanted": schema.WANTED, "age": age}
    return Text("doctor-schema", known)


async def check_keys(db: Database, settings: Settings, *, starting: bool = False) -> Keyring:
    """Return the keys of the database; a first start makes them and binds the database to them.

    Raises:
        Refused: the keys cannot be read, or the database has lost its data.
        WrongKeys: the database is bound to other keys.
    """
    is_unbound = await installation.read(db, Fact.KEYS) is None
    if is_unbound:
        check_not_emptied(settings)
    keyring = read_keys(settings, create=starting and is_unbound)
    await (installation.bind_keys if starting else installation.check_keys)(db, keyring)
    return keyring


def read_keys(settings: Settings, *, create: bool = False) -> Keyring:
    """Read the keys that the settings name.

    Args:
        create: whether to make the file of the keys if it is missing.

    Raises:
        Refused: the keys are missing or cannot be used.
    """
    try:
        if settings.secret_keys:
            return Keyring.parse(settings.secret_keys)
        return Keyring.of_file(settings.keys_file, create=create)
    except BadKeys as error:
        raise Refused(Text("doctor-keys-bad", {"reason": error.text}), code=2) from None


async def check_codes(db: Database, exam: Exam) -> None:
    """Check that the exam still has every code that an application of it refers to.

    Raises:
        DroppedCodes: the exam lost some.
    """
    async with db.read() as connection:
        used = await applications.codes_in_use(connection, exam.key)
    if dropped := missing_codes(exam, used):
        raise DroppedCodes(exam.key, dropped)
