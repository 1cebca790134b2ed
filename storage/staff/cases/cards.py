"""Messages that show an application to the staff, and that the bot closes with its claim.

Their slots name the application: one card and the albums of its papers in each chat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from sqlalchemy import ColumnElement, Table, and_, delete, null, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import ApplicationId
from storage.engine.tables import OutboxState, album_slots, outbox, slots

APPLICATION: Final = "application"
"""The key of position data for the application."""
MOST_ALBUMS: Final = 6
"""The most albums of one application: no area asks for more than 40 files."""
MOST_OF_A_CHANGE: Final = 10
"""The most papers of a late change (``states.exam.late_change_rules``)."""
SINGLE_PAPERS: Final = 40
"""The papers that earlier versions showed one by one: their slots may still be there."""


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message in a chat: a card, a paper of an album, or one of a late change.

    ``message_id`` is None while the call waits in the outbox.
    The sender finds a waiting message by its slot: the sender keeps the order of a chat.
    """

    bot_id: int
    chat_id: int
    slot: str
    message_id: int | None

    @property
    def is_card(self) -> bool:
        """Whether this is a card."""
        return self.slot.startswith("card:")

    @property
    def is_of_change(self) -> bool:
        """Whether this shows a late change or a paper of it."""
        return self.slot.startswith("change:")

    @property
    def application_id(self) -> ApplicationId:
        """The application that the message shows."""
        return ApplicationId(int(self.slot.split(":")[1]))


def card_slot(application_id: int) -> str:
    """Return the slot of an application's card."""
    return f"card:{application_id}"


def slot_of(data: Mapping[str, str]) -> str | None:
    """Return the slot of the card that position data names; None for another question."""
    return card_slot(int(data[APPLICATION])) if APPLICATION in data else None


def album_slot(application_id: int, number: int) -> str:
    """Return the slot of an application's album by its number."""
    return f"paper:{application_id}:{number}"


def compared_slot(application_id: int, number: int) -> str:
    """Return the slot of two portraits side by side, behind those of the albums."""
    return album_slot(application_id, MOST_ALBUMS + number)


def change_slot(application_id: int, number: int = 0) -> str:
    """Return the slot of the card of an application's late change, or of its paper from 1."""
    return f"change:{application_id}:{number}"


def case_slot(case_id: int) -> str:
    """Return the slot of the card of a matter at the cases desk."""
    return f"case:{case_id}"


def proof_slot(case_id: int) -> str:
    """Return the slot of the scan above the card of a matter at the cases desk."""
    return f"case-proof:{case_id}"


def beside_slot(application_id: int, number: int) -> str:
    """Return the slot of a paper of a late change beside the form, behind those of the papers."""
    return change_slot(application_id, MOST_OF_A_CHANGE + number)


async def shown(
    connection: AsyncConnection,
    application_id: ApplicationId,
    chat: tuple[int, int] | None = None,
) -> list[ShownMessage]:
    """Return the messages that show an application, and all cards and papers of a chat: 1 query.

    Messages that wait in the outbox are among them.

    Args:
        chat: the ids of the bot and of the chat.
    """
    unsent = outbox.c.state.in_([OutboxState.WAITING, OutboxState.CLAIMED])
    query = union_all(
        select(slots).where(_about(slots, application_id, chat)),
        select(outbox.c.bot_id, outbox.c.chat_id, outbox.c.slot, null()).where(
            unsent, _about(outbox, application_id, chat)
        ),
    )
    found: dict[tuple[int, int, str], ShownMessage] = {}
    for bot_id, chat_id, slot, message_id in await connection.execute(query):
        if slot is not None and slot.startswith(("card:", "paper:", "change:")):
            key = (bot_id, chat_id, slot)
            is_waiting = message_id is None or (key in found and found[key].message_id is None)
            found[key] = ShownMessage(bot_id, chat_id, slot, None if is_waiting else message_id)
    return [found[key] for key in sorted(found)]


async def chats_with(connection: AsyncConnection, names: Collection[str]) -> set[int]:
    """Return the chats in which a message of one of these slots stands, or is to be sent: 1 query.

    Slots of other messages than cards and papers are named as a whole, too.
    """
    unsent = outbox.c.state.in_([OutboxState.WAITING, OutboxState.CLAIMED])
    query = union_all(
        select(slots.c.chat_id).where(slots.c.slot.in_(names)),
        select(outbox.c.chat_id).where(unsent, outbox.c.slot.in_(names)),
    )
    return {*await connection.scalars(query)}


async def forget(connection: AsyncConnection, messages: Iterable[ShownMessage]) -> None:
    """Drop the slots of sent messages; the sender needs those of waiting messages."""
    keys = [(one.bot_id, one.chat_id, one.slot) for one in messages if one.message_id is not None]
    if keys:
        key = tuple_(slots.c.bot_id, slots.c.chat_id, slots.c.slot)
        await connection.execute(delete(slots).where(key.in_(keys)))


def _about(table: Table, application_id: int, chat: tuple[int, int] | None) -> ColumnElement[bool]:
    """Match whole slot names: databases sort punctuation differently, so no range is safe."""
    albums = [album_slot(application_id, number) for number in range(SINGLE_PAPERS)]
    papers = {*albums, *chain.from_iterable(map(album_slots, albums[:MOST_ALBUMS]))}
    changes = (change_slot(application_id, number) for number in range(2 * MOST_OF_A_CHANGE + 1))
    about = table.c.slot.in_([card_slot(application_id), *papers, *changes])
    if chat is None:
        return about
    bot_id, chat_id = chat  # both, as the key of ``slots`` begins with the bot
    return or_(about, and_(table.c.bot_id == bot_id, table.c.chat_id == chat_id))
