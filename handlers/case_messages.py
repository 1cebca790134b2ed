"""The staff's messages of a case, and how they end: papers are deleted, a card says why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from handlers.update_context import Context
from states.records import Application
from states.staff.departures import Departure, Involvement
from states.step_result import DeleteMessage, EditScreen, Priority, ShowScreen
from storage.staff.cases import departures
from storage.staff.cases.cards import APPLICATION, ShownMessage
from storage.staff.cases.departures import DepartedCase

CLOSED = "card-closed"
"""The screen of a closed card; its position data may name the end (``why``)."""
WHY = "why"
"""The key of a screen's data: the end, and after a dash the reader's part in the case."""


async def leave_desk(context: Context, before: Application, why: Departure) -> None:
    """End all that a desk has about a case that leaves it, and tell those who had a hand in it."""
    unit, keyring = context.unit, context.services.keyring
    left = await departures.depart(unit.tx, keyring, before, why, context.now, unit.new_id)
    for chat_id, effect in departure_messages(left):
        unit.enqueue(effect, chat_id=chat_id)


def departure_messages(
    left: DepartedCase,
) -> Iterator[tuple[int, EditScreen | DeleteMessage | ShowScreen]]:
    """Yield each chat with its effects: cards end, and who had a hand in the case gets a notice."""
    yield from close_messages(left.shown, left.why, deleted_in=left.told)
    for account, hand in left.told.items():
        why = str(left.why) if hand is Involvement.HELD else f"{left.why}-{hand}"
        data = {APPLICATION: str(left.application_id), WHY: why}
        yield account, ShowScreen(CLOSED, data, priority=Priority.NOTICE)


def close_messages(
    shown: Iterable[ShownMessage], why: str = "", deleted_in: Collection[int] = ()
) -> Iterator[tuple[int, EditScreen | DeleteMessage]]:
    """Yield each chat with its effects: papers are deleted, and a card says how it ended.

    Args:
        deleted_in: chats in which the card is deleted as well, since they get a notice.
    """
    for chat_id, in_chat in groupby(shown, lambda one: one.chat_id):
        messages = list(in_chat)
        cards = [] if chat_id in deleted_in else [one for one in messages if one.is_card]
        for deletion in deletions(one for one in messages if one not in cards):
            yield chat_id, deletion
        for one in cards:
            data = {APPLICATION: str(one.application_id), **({WHY: why} if why else {})}
            slot = one.slot if one.message_id is None else None
            yield chat_id, EditScreen(CLOSED, slot, data, message_id=one.message_id)


def deletions(shown: Iterable[ShownMessage]) -> tuple[DeleteMessage, ...]:
    """Return the calls that delete messages of one chat: one for all that were sent."""
    messages = list(shown)
    waiting = tuple(DeleteMessage(slot=one.slot) for one in messages if one.message_id is None)
    sent = [one.message_id for one in messages if one.message_id is not None]
    together = (DeleteMessage(sent[0], others=tuple(sent[1:])),) if sent else ()
    return (*together, *waiting)
