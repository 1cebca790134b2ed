"""A backup: one snapshot of every table, and the files that it names, in one encrypted stream.

The stream is a head and parts. Each part is a document of the newest key, bound to the backup's
number, its own number and whether it is the last: parts cannot be changed, moved, left out or cut
off. Rows are JSON, so a backup of SQLite is restored into PostgreSQL and the other way round.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final

import orjson
from sqlalchemy import DateTime, LargeBinary, Table, func, select

from states.texts import Explained, Text
from storage.candidates import blobs as stored_files
from storage.candidates.blobs import BlobMissing, Blobs
from storage.engine import installation, row_macs, schema, tables
from storage.engine.column_types import UtcDateTime
from storage.engine.database import Connection, Database
from storage.engine.encryption import Keyring, MissingKey, WrongKey
from storage.engine.installation import Fact

MAGIC: Final = b"baoming-backup-1\n"
_NUMBER_BYTES: Final = 16
_LENGTH_BYTES: Final = 4
ROWS_AT_ONCE: Final = 500
FILES_AT_ONCE: Final = 100
APPLICATIONS_APART: Final = 10_000
"""After a restoration new application ids begin so far above: those of the lost hours stay unused,
since people may have written down or printed their codes.
"""


class BrokenBackup(Explained):
    """The file is no backup of these keys and this version, or it is damaged; ``text`` says why."""


class NotEmpty(Exception):
    """The database to restore into has rows already."""


@dataclass(slots=True)
class Contents:
    """The contents of a backup: its moment, and the numbers of its rows and files.

    ``missing`` files are named by rows, but were not in the store.
    """

    made_at: str = ""
    rows: int = 0
    files: int = 0
    missing: int = 0


async def write(
    file: IO[bytes], db: Database, keyring: Keyring, blobs: Blobs, now: datetime
) -> Contents:
    """Write a backup beside a running bot; the rows are those of one moment.

    Raises:
        Unavailable: the database or the store is gone.
    """
    contents, parts = Contents(now.isoformat()), _Writer(file, keyring)
    parts.add({"schema": schema.WANTED, "made_at": contents.made_at})
    async with db.read() as snapshot:
        for table in tables.metadata.sorted_tables:
            page: list[list[Any]] = []
            async for row in row_macs.rows_of(snapshot, table):
                page.append([_plain(value) for value in row])
                contents.rows += 1
                if len(page) == ROWS_AT_ONCE:
                    parts.add({"table": table.name, "rows": page})
                    page = []
            parts.add({"table": table.name, "rows": page})
        async for name in _names(snapshot):
            try:
                sealed = await blobs.sealed(name)
            except BlobMissing:
                contents.missing += 1
                continue
            parts.add({"file": name}, sealed)
            contents.files += 1
    parts.add({"rows": contents.rows, "files": contents.files}, is_last=True)
    return contents


async def restore(file: IO[bytes], db: Database, keyring: Keyring, blobs: Blobs) -> Contents:
    """Restore a backup into an empty database of this version, in one transaction.

    Raises:
        NotEmpty: the database has rows.
        BrokenBackup: the file is damaged or of another version or other keys; no row is restored.
        Unavailable: the database or the store is gone.
    """
    parts = _parts(file, keyring)
    contents = _head(next(parts)[0])
    by_name = {table.name: table for table in tables.metadata.sorted_tables}
    async with db.write() as connection:
        await _check_empty(connection)
        for part, content in parts:
            match part:
                case {"table": str(name), "rows": list(rows)}:
                    table = by_name[name]
                    if rows:
                        values = [_row(table, row) for row in rows]
                        await connection.execute(table.insert(), values)
                    contents.rows += len(rows)
                case {"file": str(name)}:
                    await _put(blobs, name, content)
                    contents.files += 1
                case {"rows": rows, "files": files}:
                    if (rows, files) != (contents.rows, contents.files):
                        raise BrokenBackup(Text("backup-incomplete"))
        known = await installation.read_within(connection, Fact.KEYS)
        if known not in (None, keyring.fingerprint):
            raise BrokenBackup(Text("backup-lookup-key"))
        await _skip_application_ids(connection)
    return contents


async def _put(blobs: Blobs, name: str, sealed: bytes) -> None:
    try:
        await blobs.put_sealed(name, sealed)
    except WrongKey as error:
        raise _sealed_otherwise(error, f"{name[:8]}…") from error


async def _check_empty(connection: Connection) -> None:
    for table in tables.metadata.sorted_tables:
        if await connection.scalar(select(func.count()).select_from(table)):
            raise NotEmpty(table.name)


async def _skip_application_ids(connection: Connection) -> None:
    newest = await connection.scalar(select(func.max(tables.applications.c.id))) or 0
    known = await installation.read_within(connection, Fact.LAST_APPLICATION)
    above = max(newest, int(known or 0)) + APPLICATIONS_APART
    await installation.write(connection, Fact.LAST_APPLICATION, str(above))


async def _names(snapshot: Connection) -> AsyncIterator[str]:
    after = ""
    while names := await stored_files.names(snapshot, after, FILES_AT_ONCE):
        for name in names:
            yield name
        after = names[-1]


class _Writer:
    """Writes the parts: length, then a document with a line of JSON and the bytes of a file."""

    def __init__(self, file: IO[bytes], keyring: Keyring) -> None:
        self._file = file
        self._keyring = keyring
        self._number = secrets.token_bytes(_NUMBER_BYTES)
        self._count = 0
        file.write(MAGIC + self._number)

    def add(self, part: dict[str, Any], content: bytes = b"", *, is_last: bool = False) -> None:
        place = _place(self._number, self._count, is_last)
        sealed = self._keyring.encrypt(orjson.dumps(part) + b"\n" + content, place)
        self._file.write(len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed)
        self._count += 1


def _parts(file: IO[bytes], keyring: Keyring) -> Iterator[tuple[dict[str, Any], bytes]]:
    if file.read(len(MAGIC)) != MAGIC:
        raise BrokenBackup(Text("backup-foreign"))
    number, count = file.read(_NUMBER_BYTES), 0
    length = file.read(_LENGTH_BYTES)
    while length:
        size = int.from_bytes(length, "big")
        sealed, length = file.read(size), file.read(_LENGTH_BYTES)
        try:
            plain = keyring.decrypt(sealed, _place(number, count, not length))
        except WrongKey as error:
            raise _sealed_otherwise(error, f"{count + 1}") from None
        line, _, content = plain.partition(b"\n")
        yield orjson.loads(line), content
        count += 1
    if not count:
        raise BrokenBackup(Text("backup-foreign"))


def _sealed_otherwise(error: WrongKey, part: str) -> BrokenBackup:
    if isinstance(error, MissingKey):
        return BrokenBackup(Text("backup-key", {"part": part, "key": error.key_id}))
    # Later parts show that these are the keys.
    key = "backup-first-part" if part == "1" else "backup-changed"
    return BrokenBackup(Text(key, {"part": part}))


def _head(part: dict[str, Any]) -> Contents:
    if part.get("schema") != schema.WANTED:
        raise BrokenBackup(
            Text("backup-version", {"version": f"{part.get('schema')}", "wanted": schema.WANTED})
        )
    return Contents(part["made_at"])


def _place(number: bytes, count: int, is_last: bool) -> str:
    return f"backup/{number.hex()}/{count}/{is_last:d}"


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def _row(table: Table, values: list[Any]) -> dict[str, Any]:
    return {
        column.key: _value(column.type, value)
        for column, value in zip(table.columns, values, strict=True)
    }


def _value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    is_moment = isinstance(kind, UtcDateTime | DateTime)
    return datetime.fromisoformat(value) if is_moment else value
