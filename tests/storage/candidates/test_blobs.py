"""Files of people: sealed, named by owner and content, and found again."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from obstore.exceptions import GenericError
from obstore.store import MemoryStore

from storage.candidates import people
from storage.candidates.blobs import BlobMissing, Blobs, StoredFile, of_person, weight
from storage.engine import tables
from storage.engine.database import Database, Unavailable
from storage.engine.encryption import Keyring, WrongKey
from tests.storage.process import NOW, PERSON, keyring

LING, MING = 64, 128
PICTURE = b"\xff\xd8 a portrait of \xe5\x88\x98\xe7\x8e\xb2 " * 50


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def blobs(folder: Path) -> Blobs:
    return Blobs.at(folder, keyring())


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("content", [PICTURE, b"", bytes(range(256)) * 4096])
async def test_a_file_is_found_by_its_name(blobs: Blobs, folder: Path, content: bytes) -> None:
    name = await blobs.put(LING, content)
    assert await blobs.get(name) == content
    assert await Blobs.at(folder, keyring()).get(name) == content


async def test_the_same_file_twice_is_one(blobs: Blobs, folder: Path) -> None:
    first, second = await blobs.put(LING, PICTURE), await blobs.put(LING, PICTURE)
    assert first == second
    assert len(files(folder)) == 1
    assert await blobs.get(first) == PICTURE


async def test_another_owner_or_another_file_has_another_name(blobs: Blobs, folder: Path) -> None:
    names = {
        await blobs.put(LING, PICTURE),
        await blobs.put(MING, PICTURE),
        await blobs.put(LING, PICTURE + b"."),
    }
    assert len(names) == len(files(folder)) == 3


async def test_the_same_file_for_another_use_is_another(blobs: Blobs, folder: Path) -> None:
    first = await blobs.put(LING, PICTURE, "health-2026")
    second = await blobs.put(LING, PICTURE, "health-2027")
    (folder / second).unlink()
    assert await blobs.get(first) == PICTURE
    assert first == await blobs.put(LING, PICTURE, "health-2026")


async def test_nothing_of_it_can_be_read_on_the_disk(blobs: Blobs, folder: Path) -> None:
    await blobs.put(LING, PICTURE)
    (path,) = files(folder)
    assert PICTURE[:16] not in path.read_bytes()
    assert "刘玲".encode() not in path.read_bytes()


async def test_a_file_that_is_not_there_is_missing(blobs: Blobs) -> None:
    with pytest.raises(BlobMissing):
        await blobs.get("0" * 64)


async def test_a_file_in_anothers_place_or_changed_is_not_taken(blobs: Blobs, folder: Path) -> None:
    mine, theirs = await blobs.put(LING, PICTURE), await blobs.put(MING, b"another")
    (folder / mine).replace(folder / theirs)
    with pytest.raises(WrongKey):
        await blobs.get(theirs)
    with pytest.raises(BlobMissing):
        await blobs.get(mine)


async def test_files_sealed_before_a_rotation_are_opened_after_it(folder: Path) -> None:
    name = await Blobs.at(folder, keyring("k1")).put(LING, PICTURE)
    after = Blobs.at(folder, keyring("k1", "k2"))
    assert await after.get(name) == PICTURE
    assert await after.put(LING, PICTURE) == name


async def test_a_store_in_memory_does_the_same() -> None:
    blobs = Blobs.at("memory://", keyring())
    assert await blobs.get(await blobs.put(LING, PICTURE)) == PICTURE
    with pytest.raises(BlobMissing):
        await Blobs(MemoryStore(), keyring()).get("0" * 64)


# --- rows ----------------------------------------------------------------------------------------


async def test_a_row_is_read_as_it_was_written_and_its_bytes_weigh(
    second_db: Database, db: Database
) -> None:
    portrait = StoredFile("a" * 64, PERSON.id, "portrait", 60_000, NOW, 413, 626)
    paper = StoredFile("b" * 64, PERSON.id, "scan-pdf", 900_000, NOW + timedelta(seconds=1))
    async with second_db.read() as connection:
        assert await weight(connection, PERSON.id) == 0
    async with db.write() as connection:
        await connection.execute(tables.people.insert(), people.as_row(keyring(), PERSON))
        await connection.execute(tables.blobs.insert(), [asdict(portrait), asdict(paper)])
    async with second_db.read() as connection:
        assert await of_person(connection, PERSON.id) == [portrait, paper]
        assert await weight(connection, PERSON.id) == 960_000
        assert await weight(connection, PERSON.id + 1) == 0


# --- sweeping ------------------------------------------------------------------------------------

BEFORE = NOW - timedelta(hours=1)


async def left(blobs: Blobs, folder: Path, content: bytes, age: timedelta) -> str:
    """A file that was written so long ago."""
    name = await blobs.put(PERSON.id, content)
    os.utime(folder / name, ((NOW - age).timestamp(),) * 2)
    return name


async def test_old_files_without_a_row_are_swept_and_no_others(
    blobs: Blobs, folder: Path, db: Database
) -> None:
    orphan = await left(blobs, folder, b"orphan", timedelta(hours=2))
    young = await left(blobs, folder, b"young", timedelta(minutes=59))
    owned = await left(blobs, folder, b"owned", timedelta(days=900))
    kept = StoredFile(owned, PERSON.id, "portrait", 5, NOW)
    async with db.write() as connection:
        await connection.execute(tables.people.insert(), people.as_row(keyring(), PERSON))
        await connection.execute(tables.blobs.insert(), asdict(kept))
        assert await of_person(connection, PERSON.id) == [kept]
        assert await of_person(connection, PERSON.id + 1) == []
    assert await blobs.sweep(db, BEFORE) == 1
    assert {path.name for path in files(folder)} == {young, owned}
    assert orphan not in (young, owned)
    assert await blobs.sweep(db, BEFORE) == 0


async def test_what_is_not_ours_is_never_swept(blobs: Blobs, folder: Path, db: Database) -> None:
    """A store may be shared with another bot, or hold what an operator put there."""
    theirs = Blobs.at(folder, Keyring(b"o" * 32, {"k1": b"p" * 32}))
    await left(theirs, folder, b"of another bot", timedelta(days=1))
    for name in ("README.txt", "0" * 64):
        (folder / name).write_bytes(b"by hand")
        os.utime(folder / name, ((NOW - timedelta(days=1)).timestamp(),) * 2)
    assert await blobs.sweep(db, BEFORE) == 0
    assert len(files(folder)) == 3


async def test_more_files_than_one_query_takes_are_swept(
    blobs: Blobs, folder: Path, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.candidates.blobs.NAMES_AT_ONCE", 2)
    for number in range(5):
        await left(blobs, folder, bytes([number]), timedelta(days=1))
    assert await blobs.sweep(db, BEFORE) == 5
    assert files(folder) == []


class Gone(MemoryStore):
    """A store that does not answer."""

    def list(self, *_: object, **__: object) -> NoReturn:
        raise GenericError("timed out")


async def test_a_store_that_is_gone_is_unavailable(db: Database) -> None:
    with pytest.raises(Unavailable):
        await Blobs(Gone(), keyring()).sweep(db, BEFORE)
