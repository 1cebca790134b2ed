"""What a screen of the staff is drawn from: a reader's seats, and a way to ask."""

from __future__ import annotations

from collections.abc import AsyncIterator, Container, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam
from states.staff import RoleAssignment
from states.staff_timings import StaffTimings
from states.texts import DEFAULT_LOCALE
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.staff import role_assignments


@dataclass(frozen=True, slots=True)
class StaffView:
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
    assignments: tuple[RoleAssignment, ...]
    locale: str
    bot: str
    bot_id: int
    data: Mapping[str, str] = field(default_factory=dict)
    timings: StaffTimings = field(default_factory=StaffTimings)


@dataclass(frozen=True, slots=True)
class StaffViews:
    """Makes looks: each with the seats that its reader has at that very moment.

    ``administrators`` are those of the settings, ``bot`` is the bot's username.
    """

    db: Database
    keyring: Keyring
    exam: Exam
    bot_id: int
    bot: str = ""
    administrators: Container[int] = frozenset()
    timings: StaffTimings = field(default_factory=StaffTimings)

    @asynccontextmanager
    async def of(
        self, reader: int, now: datetime, locale: str, at: Mapping[str, str]
    ) -> AsyncIterator[StaffView]:
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
    ) -> StaffView:
        """A look out of a transaction that is open."""
        held = await role_assignments.held_by(
            connection,
            self.keyring,
            self.bot_id,
            reader,
            administrators=self.administrators,
            now=now,
        )
        return StaffView(
            connection=connection,
            keyring=self.keyring,
            exam=self.exam,
            now=now,
            reader=reader,
            assignments=held,
            locale=locale or DEFAULT_LOCALE,
            bot=self.bot,
            bot_id=self.bot_id,
            data=at,
            timings=self.timings,
        )
