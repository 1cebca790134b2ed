"""The data that a staff screen is rendered from: a reader's roles and an open connection."""

from __future__ import annotations

from collections.abc import AsyncIterator, Container, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam
from states.staff.timings import StaffTimings
from states.texts import DEFAULT_LOCALE
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.staff.access import role_assignments
from storage.staff.access.scopes import StaffAccess


@dataclass(frozen=True, slots=True)
class StaffView(StaffAccess):
    """A reader (``reader``, a Telegram id) with the access of that moment.

    ``bot`` is the bot's username for links; ``paid_broadcasts`` may be sent or not. In a group the
    reader is the chat, without roles.
    """

    reader: int
    locale: str
    bot: str
    bot_id: int
    data: Mapping[str, str]
    paid_broadcasts: bool = False


@dataclass(frozen=True, slots=True)
class StaffViews:
    """A factory of views with the reader's present roles.

    ``administrators`` are the settings' accounts, ``bot`` is the bot's username.
    """

    db: Database
    keyring: Keyring
    exam: Exam
    bot_id: int
    bot: str = ""
    administrators: Container[int] = frozenset()
    timings: StaffTimings = field(default_factory=StaffTimings)
    paid_broadcasts: bool = False

    @asynccontextmanager
    async def of(
        self, reader: int, now: datetime, locale: str, data: Mapping[str, str]
    ) -> AsyncIterator[StaffView]:
        """Open a view on committed data for the length of the block.

        Each query is restricted by the roles, so no snapshot has to hold them together.

        Raises:
            Unavailable: the database is gone.
        """
        async with self.db.read_autocommit() as connection:
            yield await self.within(connection, reader, now, locale, data)

    async def within(
        self,
        connection: AsyncConnection,
        reader: int,
        now: datetime,
        locale: str,
        data: Mapping[str, str],
    ) -> StaffView:
        """Return a view inside an open transaction."""
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
            data=data,
            timings=self.timings,
            paid_broadcasts=self.paid_broadcasts,
        )
