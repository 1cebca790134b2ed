"""Files of people: sealed, and named by a keyed hash of person, use and content."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database, Unavailable
from storage.engine.encryption import Keyring, WrongKey
from storage.engine.tables import blobs

NAMES_AT_ONCE = 500
"""Names in one query, below what SQLite binds."""
_NAME = re.compile("[0-9a-f]{64}")


class BlobMissing(Exception):
    """No file of this name is kept."""


class BlobStoreUnavailable(Unavailable):
    """The store of the files failed, for example because its disk is full or S3 is away."""

    def __init__(self, error: Exception) -> None:
        super().__init__(f"blobs: {type(error).__name__}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that a unit of work refers to; its row is written with that unit.

    ``size`` is in bytes, ``width`` and ``height`` of a picture in px.
    """

    name: str
    person_id: int
    kind: str
    size: int
    kept_at: datetime
    width: int | None = None
    height: int | None = None


class Blobs:
    """A folder (or any store that obstore knows) of sealed files.

    Writing the same file again is harmless: a crash between file and row leaves nothing wrong.
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
        """Keep a file of the person; returns its name.

        For another ``use`` the same file is another one, so that either can be dropped alone.

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
        """The content of a file.

        Raises:
            Missing: there is none of this name.
            BlobStoreUnavailable: the store failed; try again later.
        """
        try:
            result = await self._store.get_async(name)
            sealed = bytes(await result.bytes_async())
        except (NotFoundError, FileNotFoundError):
            raise BlobMissing(name) from None
        except (BaseError, OSError) as error:
            raise BlobStoreUnavailable(error) from error
        return await asyncio.to_thread(self._keyring.decrypt, sealed, _place(name))

    async def sweep(self, db: Database, before: datetime) -> int:
        """Drop files older than ``before`` (real time) that no row names; returns how many.

        They are left by an erasure, or by a crash between file and row. A file that our keys do
        not open is somebody else's, and stays.

        Raises:
            Unavailable: the store or the database is gone; the next sweep goes on.
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
        """Delete one file, unless it was written anew meanwhile or is not ours."""
        try:
            await self.get(name)
            if (await self._store.head_async(name))["last_modified"] >= before:
                return False
            await self._store.delete_async(name)
        except (BlobMissing, WrongKey, NotFoundError, FileNotFoundError):
            return False
        return True


async def of_person(connection: AsyncConnection, person_id: int) -> list[StoredFile]:
    """The files of a person, oldest first."""
    query = select(blobs).where(blobs.c.person_id == person_id).order_by(blobs.c.kept_at)
    return [
        StoredFile(row.name, row.person_id, row.kind, row.size, row.kept_at, row.width, row.height)
        for row in await connection.execute(query)
    ]


async def weight(connection: AsyncConnection, person_id: int) -> int:
    """Bytes of all files that are kept of a person."""
    query = select(func.sum(blobs.c.size)).where(blobs.c.person_id == person_id)
    return await connection.scalar(query) or 0


async def _unnamed(db: Database, names: Sequence[str]) -> Iterable[str]:
    async with db.read() as connection:
        named = set(await connection.scalars(select(blobs.c.name).where(blobs.c.name.in_(names))))
    return [name for name in names if name not in named]


def as_row(kept: StoredFile) -> dict[str, Any]:
    """A file's row as the table keeps it."""
    return {
        "name": kept.name,
        "person_id": kept.person_id,
        "kind": kept.kind,
        "size": kept.size,
        "width": kept.width,
        "height": kept.height,
        "kept_at": kept.kept_at,
    }


def _place(name: str) -> str:
    return f"blobs/{name}"
