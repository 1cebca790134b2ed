"""Files of candidates, encrypted and named by a keyed hash of person, use and content."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database, Unavailable
from storage.engine.encryption import Keyring, WrongKey
from storage.engine.tables import blobs

NAMES_AT_ONCE = 500
"""The names in one query; SQLite limits bound parameters."""
_NAME = re.compile("[0-9a-f]{64}")


class BlobMissing(Exception):
    """The store has no file of this name."""


class BlobStoreUnavailable(Unavailable):
    """The store of the files failed, for example because its disk is full or S3 is away."""

    def __init__(self, error: Exception) -> None:
        super().__init__(f"blobs: {type(error).__name__}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The row of a file, written with the unit of work that refers to it.

    ``size`` is in bytes; ``width`` and ``height`` of a picture are in px.
    """

    name: str
    person_id: int
    kind: str
    size: int
    kept_at: datetime
    width: int | None = None
    height: int | None = None


class Blobs:
    """Encrypted files in a folder, or in any other store of obstore.

    A repeated write is harmless, so a crash between file and row leaves nothing wrong.
    """

    def __init__(self, store: ObjectStore, keyring: Keyring) -> None:
        self._store = store
        self._keyring = keyring

    @classmethod
    def at(cls, place: str | Path, keyring: Keyring) -> Blobs:
        """Open a store by folder or URL (``s3://…``, ``memory://``)."""
        if isinstance(place, Path):
            return cls(LocalStore(place, mkdir=True), keyring)
        return cls(MemoryStore() if place == "memory://" else from_url(place), keyring)

    async def put(self, owner: int, content: bytes, use: str = "") -> str:
        """Store a file of a person and return its name.

        The ``use`` is part of the name, so a file of two uses is stored and dropped twice.

        Raises:
            BlobStoreUnavailable: the store failed; try again later.
        """
        name = self._keyring.hash("blob", str(owner), use, content)
        sealed = await asyncio.to_thread(self._keyring.encrypt, content, _place(name))
        try:
            await self._store.put_async(name, sealed)
        except (BaseError, OSError) as error:
            raise BlobStoreUnavailable(error) from error
        return name

    async def get(self, name: str) -> bytes:
        """Return the content of a file.

        Raises:
            BlobMissing: no such file.
            BlobStoreUnavailable: the store failed; try again later.
        """
        return await asyncio.to_thread(self._keyring.decrypt, await self.sealed(name), _place(name))

    async def sealed(self, name: str) -> bytes:
        """Return a file as it is stored, encrypted.

        Raises:
            BlobMissing: no such file.
            BlobStoreUnavailable: the store failed; try again later.
        """
        try:
            result = await self._store.get_async(name)
            return bytes(await result.bytes_async())
        except (NotFoundError, FileNotFoundError):
            raise BlobMissing(name) from None
        except (BaseError, OSError) as error:
            raise BlobStoreUnavailable(error) from error

    async def put_sealed(self, name: str, sealed: bytes) -> None:
        """Store a file that is encrypted already.

        Raises:
            WrongKey: it is not the file of this name, or of a key that is not here.
            BlobStoreUnavailable: the store failed; try again later.
        """
        await asyncio.to_thread(self._keyring.decrypt, sealed, _place(name))
        try:
            await self._store.put_async(name, sealed)
        except (BaseError, OSError) as error:
            raise BlobStoreUnavailable(error) from error

    async def reseal(self, name: str) -> bool:
        """Encrypt a file anew with the newest key, unless it is; False if there is no such file.

        Raises:
            BlobStoreUnavailable: the store failed; try again later.
        """
        try:
            sealed = await self.sealed(name)
        except BlobMissing:
            return False
        if not sealed.startswith(self._keyring.head):
            content = await asyncio.to_thread(self._keyring.decrypt, sealed, _place(name))
            sealed = await asyncio.to_thread(self._keyring.encrypt, content, _place(name))
            await self.put_sealed(name, sealed)
        return True

    async def sweep(self, db: Database, before: datetime) -> int:
        """Delete files without a row older than ``before`` (real time); return their number.

        An erasure leaves such files, or a crash between file and row. A file that our keys do not
        decrypt belongs to someone else and stays.

        Raises:
            Unavailable: the store or the database is gone; the next sweep continues.
        """
        try:
            old = await self._older(before)
            swept = 0
            for first in range(0, len(old), NAMES_AT_ONCE):
                for name in await _unnamed(db, old[first : first + NAMES_AT_ONCE]):
                    swept += await self._drop(name, before)
        except (BaseError, OSError) as error:
            raise BlobStoreUnavailable(error) from error
        return swept

    async def _older(self, before: datetime) -> list[str]:
        return [
            found["path"]
            async for chunk in self._store.list()
            for found in chunk
            if found["last_modified"] < before and _NAME.fullmatch(found["path"])
        ]

    async def _drop(self, name: str, before: datetime) -> bool:
        """Delete one file, unless it is newer by now or our keys do not decrypt it."""
        try:
            await self.get(name)
            if (await self._store.head_async(name))["last_modified"] >= before:
                return False
            await self._store.delete_async(name)
        except (BlobMissing, WrongKey, NotFoundError, FileNotFoundError):
            return False
        return True


async def of_person(connection: AsyncConnection, person_id: int) -> list[StoredFile]:
    """Return the files of a person, oldest first."""
    query = select(blobs).where(blobs.c.person_id == person_id).order_by(blobs.c.kept_at)
    return [StoredFile(**row) for row in (await connection.execute(query)).mappings()]


async def known(connection: AsyncConnection, wanted: Collection[str]) -> frozenset[str]:
    """Return those of these files that are stored."""
    query = select(blobs.c.name).where(blobs.c.name.in_(list(wanted)))
    return frozenset(await connection.scalars(query))


async def names(connection: AsyncConnection, after: str, limit: int) -> list[str]:
    """Return the names of the next files after one, in order."""
    query = select(blobs.c.name).where(blobs.c.name > after).order_by(blobs.c.name).limit(limit)
    return list(await connection.scalars(query))


async def add(connection: AsyncConnection, file: StoredFile) -> None:
    """Insert the row of a file, unless it is there: a job may run again."""
    if not await known(connection, [file.name]):
        await connection.execute(insert(blobs), asdict(file))


async def replace_kind(connection: AsyncConnection, file: StoredFile) -> None:
    """Insert the row of a file; a person's other files of its kind lose theirs."""
    same_kind = (blobs.c.person_id == file.person_id, blobs.c.kind == file.kind)
    await connection.execute(delete(blobs).where(*same_kind))
    await connection.execute(insert(blobs), asdict(file))


async def set_kind(connection: AsyncConnection, name: str, kind: str) -> None:
    """Give the row of a file another kind."""
    await connection.execute(update(blobs).where(blobs.c.name == name).values(kind=kind))


async def weight(connection: AsyncConnection, person_id: int) -> int:
    """Return the total size of a person's files in bytes."""
    query = select(func.sum(blobs.c.size)).where(blobs.c.person_id == person_id)
    return await connection.scalar(query) or 0


async def _unnamed(db: Database, names: Sequence[str]) -> Iterable[str]:
    async with db.read() as connection:
        named = set(await connection.scalars(select(blobs.c.name).where(blobs.c.name.in_(names))))
    return [name for name in names if name not in named]


def _place(name: str) -> str:
    return f"blobs/{name}"
