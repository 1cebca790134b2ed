"""Judgements of the files of materials: what was measured, what was read, what the candidate said.

All of it is personal data and encrypted. It goes with its file and with its person. A row that was
changed without the keys is refused with ``RowChanged``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.papers.checks import PageLook
from states.papers.values import PaperField, PaperReading
from states.records import PersonId
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.tables import paper_judgements


class Said(StrEnum):
    """The candidate's word on a difference: the paper is right, or the form."""

    PAPER = "paper"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class PaperJudgement:
    """The judgement of the file ``blob``: its pages, and its reading once there is one.

    ``count`` is the number of its pages, of which the first are judged; 0 of old judgements, which
    do not tell. ``said`` is the candidate's word by field; ``read_at`` is None before the reading.
    ``offered`` are the turned copies that its upload offered.
    """

    blob: str
    person_id: PersonId
    at: datetime
    pages: tuple[PageLook, ...] = ()
    read_at: datetime | None = None
    reading: PaperReading = field(default_factory=PaperReading)
    said: Mapping[PaperField, Said] = field(default_factory=dict)
    count: int = 0
    offered: tuple[str, ...] = ()

    @property
    def is_read(self) -> bool:
        """Whether the reader has seen the file."""
        return self.read_at is not None


@dataclass(frozen=True, slots=True)
class _Read:
    """The encrypted reading."""

    reading: PaperReading
    said: Mapping[PaperField, Said]


@dataclass(frozen=True, slots=True)
class _Judged:
    """The encrypted measures of the first pages, the number of pages, and the offered copies."""

    pages: tuple[PageLook, ...]
    count: int = 0
    offered: tuple[str, ...] = ()


_LOOK: Final[TypeAdapter[_Judged | tuple[PageLook, ...]]] = TypeAdapter(
    _Judged | tuple[PageLook, ...]
)
"""Judgements of the first release have the pages alone."""
_READ: Final = TypeAdapter(_Read)


def as_row(keyring: Keyring, judgement: PaperJudgement) -> dict[str, Any]:
    """Return the row of a new judgement."""
    row = {
        "blob": judgement.blob,
        "person_id": judgement.person_id,
        "at": judgement.at,
        "look": keyring.encrypt(
            _LOOK.dump_json(_Judged(judgement.pages, judgement.count, judgement.offered)),
            _place(judgement.blob),
        ),
        "read_at": judgement.read_at,
        "reading": _sealed(keyring, judgement.blob, _Read(judgement.reading, judgement.said))
        if judgement.is_read
        else None,
    }
    return row_macs.bind(keyring, paper_judgements, row)


async def of_person(
    connection: AsyncConnection, keyring: Keyring, person_id: PersonId
) -> dict[str, PaperJudgement]:
    """Return the judgements of a person's papers by blob, oldest first."""
    query = select(paper_judgements).where(paper_judgements.c.person_id == person_id)
    rows = await connection.execute(query.order_by(paper_judgements.c.at))
    return {row.blob: _of_row(keyring, row) for row in rows}


async def turns(
    connection: AsyncConnection, keyring: Keyring, blobs: Sequence[str]
) -> dict[str, tuple[int, ...]]:
    """Return the quarter turns that put the first pages of these files upright, where known."""
    if not blobs:
        return {}
    wanted = paper_judgements.c.blob.in_(blobs) & paper_judgements.c.reading.is_not(None)
    query = select(paper_judgements.c.blob, paper_judgements.c.reading).where(wanted)
    found = (await connection.execute(query)).all()
    return {row.blob: _opened(keyring, row.blob, row.reading).reading.turns for row in found}


async def keep_reading(
    connection: AsyncConnection, keyring: Keyring, blob: str, reading: PaperReading, now: datetime
) -> bool:
    """Store what was read in a file; False if the file was dropped meanwhile."""
    return await _write(connection, keyring, blob, _Read(reading, {}), read_at=now)


async def say(
    connection: AsyncConnection,
    keyring: Keyring,
    judgement: PaperJudgement,
    about: PaperField,
    said: Said,
) -> PaperJudgement:
    """Store the candidate's word on a difference; return the judgement with it."""
    all_said = {**judgement.said, about: said}
    await _write(connection, keyring, judgement.blob, _Read(judgement.reading, all_said))
    return replace(judgement, said=all_said)


async def drop(connection: AsyncConnection, blobs: Sequence[str]) -> None:
    """Delete the judgements of dropped files."""
    await connection.execute(delete(paper_judgements).where(paper_judgements.c.blob.in_(blobs)))


async def erase(connection: AsyncConnection, people: Iterable[PersonId]) -> None:
    """Delete all judgements of these people."""
    theirs = paper_judgements.c.person_id.in_(list(people))
    await connection.execute(delete(paper_judgements).where(theirs))


async def _write(
    connection: AsyncConnection, keyring: Keyring, blob: str, read: _Read, **values: datetime
) -> bool:
    which = paper_judgements.c.blob == blob
    row = (await connection.execute(select(paper_judgements).where(which))).first()
    if row is None:
        return False
    changed = {"reading": _sealed(keyring, blob, read), **values}
    bound = row_macs.rebound(keyring, paper_judgements, row, changed)
    written = update(paper_judgements).where(which).values(**changed, mac=bound["mac"])
    return bool((await connection.execute(written)).rowcount)


def _sealed(keyring: Keyring, blob: str, read: _Read) -> bytes:
    return keyring.encrypt(_READ.dump_json(read), f"{_place(blob)}/reading")


def _opened(keyring: Keyring, blob: str, sealed: bytes) -> _Read:
    return _READ.validate_json(keyring.decrypt(sealed, f"{_place(blob)}/reading"))


def _of_row(keyring: Keyring, row: Any) -> PaperJudgement:
    row_macs.check(keyring, paper_judgements, row)
    look = _LOOK.validate_json(keyring.decrypt(row.look, _place(row.blob)))
    judged = look if isinstance(look, _Judged) else _Judged(look)
    judgement = PaperJudgement(
        row.blob,
        PersonId(row.person_id),
        row.at,
        judged.pages,
        row.read_at,
        count=judged.count,
        offered=judged.offered,
    )
    if row.reading is None:
        return judgement
    read = _opened(keyring, row.blob, row.reading)
    return replace(judgement, reading=read.reading, said=read.said)


def _place(blob: str) -> str:
    return f"paper_judgements/{blob}"
