"""Files of people: sealed, named by owner and content, and found again."""

from __future__ import annotations

from pathlib import Path

import pytest
from obstore.store import MemoryStore

from storage.blobs import Blobs, Missing
from storage.secrets import WrongKey
from tests.storage.made import keyring

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


async def test_nothing_of_it_can_be_read_on_the_disk(blobs: Blobs, folder: Path) -> None:
    await blobs.put(LING, PICTURE)
    (path,) = files(folder)
    assert PICTURE[:16] not in path.read_bytes()
    assert "刘玲".encode() not in path.read_bytes()


async def test_a_file_that_is_not_there_is_missing(blobs: Blobs) -> None:
    with pytest.raises(Missing):
        await blobs.get("0" * 64)


async def test_a_file_in_anothers_place_or_changed_is_not_taken(blobs: Blobs, folder: Path) -> None:
    mine, theirs = await blobs.put(LING, PICTURE), await blobs.put(MING, b"another")
    (folder / mine).replace(folder / theirs)
    with pytest.raises(WrongKey):
        await blobs.get(theirs)
    with pytest.raises(Missing):
        await blobs.get(mine)


async def test_files_sealed_before_a_rotation_are_opened_after_it(folder: Path) -> None:
    name = await Blobs.at(folder, keyring("k1")).put(LING, PICTURE)
    after = Blobs.at(folder, keyring("k1", "k2"))
    assert await after.get(name) == PICTURE
    assert await after.put(LING, PICTURE) == name


async def test_a_store_in_memory_does_the_same() -> None:
    blobs = Blobs.at("memory://", keyring())
    assert await blobs.get(await blobs.put(LING, PICTURE)) == PICTURE
    with pytest.raises(Missing):
        await Blobs(MemoryStore(), keyring()).get("0" * 64)
