"""What a screen of the staff is drawn from: a reader's seats, and a way to ask."""

from __future__ import annotations

from collections.abc import AsyncIterator, Container, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from states.desks import Pace
from states.exam import Exam
from states.staff import Seat
from states.texts import DEFAULT
from storage import seats
from storage.db import Database
from storage.secrets import Keyring


@dataclass(frozen=True, slots=True)
class Look:
    """One look of somebody of the staff (``reader``, a messenger account) at what is kept.

    ``bot`` is the bot's username, for links to it. What is drawn into a group is read by its chat,
    which has no seats.

    Whatever concerns a candidate is asked for with ``seats``, which say what may be seen; so a
    screen that waited while a seat was revoked shows nothing any more.
    """

    connection: AsyncConnection
    keyring: Keyring
    exam: Exam
    now: datetime
    reader: int
    seats: tuple[Seat, ...]
    locale: str
    bot: str
    bot_id: int
    at: Mapping[str, str] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True)
class Looks:
    """Makes looks: each with the seats that its reader has at that very moment.

    ``administrators`` are those of the settings, ``bot`` is the bot's username.
    """

    db: Database
    keyring: Keyring
    exam: Exam
    bot_id: int
    bot: str = ""
    administrators: Container[int] = frozenset()
    pace: Pace = field(default_factory=Pace)

    @asynccontextmanager
    async def of(
        self, reader: int, now: datetime, locale: str, at: Mapping[str, str]
    ) -> AsyncIterator[Look]:
        """A look of this account at what is committed, for as long as the block lasts.

        Raises:
            Unavailable: the database is gone.
        """
        async with self.db.read() as connection:
            yield await self.within(connection, reader, now, locale, at)

    async def within(
        self,
        connection: AsyncConnection,
        reader: int,
        now: datetime,
        locale: str,
        at: Mapping[str, str],
    ) -> Look:
        """A look out of a transaction that is open."""
        held = await seats.held_by(
            connection,
            self.keyring,
            self.bot_id,
            reader,
            administrators=self.administrators,
            now=now,
        )
        return Look(
            connection=connection,
            keyring=self.keyring,
            exam=self.exam,
            now=now,
            reader=reader,
            seats=held,
            locale=locale or DEFAULT,
            bot=self.bot,
            bot_id=self.bot_id,
            at=at,
            pace=self.pace,
        )
