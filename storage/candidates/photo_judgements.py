"""Judgements of portraits, and the search for one photo on two people.

Measures and fingerprints are encrypted. A search compares keyed hashes of parts of fingerprints
first, then the fingerprints themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from pydantic import TypeAdapter
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.photo.checks import Check, PhotoMeasures, PhotoVerdict
from states.photo.fingerprints import SAME, bands, differing_bits
from states.records import PersonId
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.tables import photo_bands, photo_judgements

MOST_MATCHES: Final = 3
"""Other people with the same photo whom the staff are shown."""


@dataclass(frozen=True, slots=True)
class PhotoJudgement:
    """The judgement of the portrait ``blob``.

    ``is_mended``: the bot mended it. ``is_compressed``: it came as a picture, which the messenger
    compresses.
    """

    blob: str
    person_id: PersonId
    at: datetime
    measures: PhotoMeasures
    verdicts: Mapping[Check, PhotoVerdict]
    fingerprint: int
    is_mended: bool = False
    is_compressed: bool = False


@dataclass(frozen=True, slots=True)
class _Content:
    """The encrypted part of a judgement."""

    measures: PhotoMeasures
    fingerprint: int


_CONTENT: Final = TypeAdapter(_Content)


def as_row(keyring: Keyring, judgement: PhotoJudgement) -> dict[str, Any]:
    """Return the row of a judgement."""
    content = _CONTENT.dump_json(_Content(judgement.measures, judgement.fingerprint))
    row = {
        "blob": judgement.blob,
        "person_id": judgement.person_id,
        "at": judgement.at,
        "is_mended": judgement.is_mended,
        "is_compressed": judgement.is_compressed,
        "verdicts": verdicts_as_text(judgement.verdicts),
        "content": keyring.encrypt(content, _place(judgement.blob)),
    }
    return row_macs.bind(keyring, photo_judgements, row)


async def of_blob(
    connection: AsyncConnection, keyring: Keyring, blob: str
) -> PhotoJudgement | None:
    """Return the judgement of a portrait; None of one that came before there was a judge."""
    query = select(photo_judgements).where(photo_judgements.c.blob == blob)
    row = (await connection.execute(query)).first()
    return None if row is None else _of_row(keyring, row)


async def of_person(
    connection: AsyncConnection, keyring: Keyring, person_id: PersonId
) -> list[PhotoJudgement]:
    """Return the judgements of a person's portraits, oldest first."""
    query = select(photo_judgements).where(photo_judgements.c.person_id == person_id)
    rows = await connection.execute(query.order_by(photo_judgements.c.at))
    return [_of_row(keyring, row) for row in rows]


async def confirm(connection: AsyncConnection, keyring: Keyring, blob: str) -> None:
    """Let the search find a portrait, now that its owner has confirmed it."""
    judgement = await of_blob(connection, keyring, blob)
    if judgement is None:
        return
    await connection.execute(delete(photo_bands).where(photo_bands.c.blob == blob))
    rows = [
        {"band": band, "blob": blob, "person_id": judgement.person_id}
        for band in _bands(keyring, judgement.fingerprint)
    ]
    await connection.execute(insert(photo_bands), rows)


async def same_photos(
    connection: AsyncConnection, keyring: Keyring, judgement: PhotoJudgement
) -> list[PhotoJudgement]:
    """Return confirmed portraits of other people that are copies of this one, at most a few."""
    hashes = _bands(keyring, judgement.fingerprint)
    others = select(photo_bands.c.blob).where(
        photo_bands.c.band.in_(hashes), photo_bands.c.person_id != judgement.person_id
    )
    query = select(photo_judgements).where(photo_judgements.c.blob.in_(others))
    near = [_of_row(keyring, row) for row in await connection.execute(query)]
    found = {
        one.person_id: one
        for one in near
        if differing_bits(one.fingerprint, judgement.fingerprint) <= SAME
    }
    return sorted(found.values(), key=lambda one: one.at)[:MOST_MATCHES]


async def drop(connection: AsyncConnection, blobs: Sequence[str]) -> None:
    """Delete the judgements of dropped portraits; what the staff said of them stays counted."""
    for table in (photo_judgements, photo_bands):
        await connection.execute(delete(table).where(table.c.blob.in_(blobs)))


async def erase(connection: AsyncConnection, people: Iterable[PersonId]) -> None:
    """Delete all judgements of these people."""
    theirs = list(people)
    for table in (photo_bands, photo_judgements):
        await connection.execute(delete(table).where(table.c.person_id.in_(theirs)))


def verdicts_as_text(verdicts: Mapping[Check, PhotoVerdict]) -> str:
    """Return verdicts by check as JSON, for a column."""
    return orjson.dumps({str(check): str(one) for check, one in verdicts.items()}).decode()


def verdicts_of(text: str) -> dict[str, str]:
    """Return the verdicts by check of a row."""
    found: dict[str, str] = orjson.loads(text)
    return found


def _bands(keyring: Keyring, fingerprint: int) -> list[str]:
    return [
        keyring.hash("photo-band", str(number), str(value))
        for number, value in enumerate(bands(fingerprint))
    ]


def _of_row(keyring: Keyring, row: Any) -> PhotoJudgement:
    """Return a judgement.

    Raises:
        RowChanged: the row was changed without the keys.
    """
    row_macs.check(keyring, photo_judgements, row)
    content = _CONTENT.validate_json(keyring.decrypt(row.content, _place(row.blob)))
    known = {Check(k): PhotoVerdict(v) for k, v in verdicts_of(row.verdicts).items()}
    return PhotoJudgement(
        row.blob,
        PersonId(row.person_id),
        row.at,
        content.measures,
        known,
        content.fingerprint,
        row.is_mended,
        row.is_compressed,
    )


def _place(blob: str) -> str:
    return f"photo_judgements/{blob}"
