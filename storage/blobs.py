"""Files of people: sealed, and named by a keyed hash of person and content."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from storage.secrets import Keyring


class Missing(Exception):
    """No file of this name is kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that a unit of work refers to; its row is written with that unit."""

    name: str
    person_id: int
    kind: str
    size: int
    kept_at: datetime


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

    async def put(self, owner: int, content: bytes) -> str:
        """Keep a file of the person; returns its name."""
        name = self._keyring.hash("blob", str(owner), content)
        sealed = await asyncio.to_thread(self._keyring.seal, content, _place(name))
        await self._store.put_async(name, sealed)
        return name

    async def get(self, name: str) -> bytes:
        """The content of a file.

        Raises:
            Missing: there is none of this name.
        """
        try:
            result = await self._store.get_async(name)
            sealed = bytes(await result.bytes_async())
        except (NotFoundError, FileNotFoundError):
            raise Missing(name) from None
        return await asyncio.to_thread(self._keyring.open, sealed, _place(name))


def as_row(kept: Kept) -> dict[str, Any]:
    """A file's row as the table keeps it."""
    return {
        "name": kept.name,
        "person_id": kept.person_id,
        "kind": kept.kind,
        "size": kept.size,
        "kept_at": kept.kept_at,
    }


def _place(name: str) -> str:
    return f"blobs/{name}"
