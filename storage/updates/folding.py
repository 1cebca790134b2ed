"""Folding: of the replies that one chat has waiting, a repeated one is sent once.

A person who writes 10,000 messages gets the answers that differ, and the last of those that repeat.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeGuard

from states.fsm_states import ALL
from states.step_result import DeleteMessage, EditScreen, Effect, ShowScreen
from storage.updates.outbox import Outbox, OutgoingMessage

FOLDED_FROM: Final = 10
"""Waiting replies of a chat; a chat with no more keeps each of them."""
READ_AT_ONCE: Final = 1_000
"""Rows that one folding reads and decrypts."""
MOST_AT_ONCE: Final = 100
"""Messages of one deletion: https://core.telegram.org/bots/api#deletemessages."""


@dataclass(slots=True)
class Folded:
    """Rows that are sent no more, and rows with another effect."""

    replaced: list[int] = field(default_factory=list)
    changed: list[OutgoingMessage] = field(default_factory=list)


def fold(waiting: Sequence[OutgoingMessage], held: Container[int]) -> Folded:
    """Fold the replies of one chat, in the order of their ids.

    Args:
        held: the rows that are on their way; they stay as they are.
    """
    folded = Folded()
    if len(waiting) <= FOLDED_FROM:
        return folded
    free = [row for row in waiting if row.id not in held]
    same = {row.id: _sameness(row) for row in free}
    last = {key: row_id for row_id, key in same.items()}
    folded.replaced = [
        row.id for row in free if (key := same[row.id]) is not None and last[key] != row.id
    ]
    repeated = set(folded.replaced)
    kept = [row for row in free if row.id not in repeated]
    _close_in_turn(free, kept, folded)
    _delete_together(kept, folded)
    return folded


def is_question(row: OutgoingMessage) -> bool:
    """Return whether a row asks a candidate in a new message."""
    return isinstance(row.effect, ShowScreen) and asks(row.effect)


def asks(effect: Effect) -> TypeGuard[ShowScreen | EditScreen]:
    """Return whether an effect asks a candidate: its screen is that of a state."""
    if not isinstance(effect, ShowScreen | EditScreen):
        return False
    return effect.slot is None and effect.screen in ALL


def _sameness(row: OutgoingMessage) -> Hashable:
    """Return what makes two replies the same to their reader; None for one that is alone."""
    effect = row.effect
    if isinstance(effect, EditScreen) and effect.slot is None and effect.message_id is not None:
        return "edit", effect.message_id
    if isinstance(effect, ShowScreen) and effect.slot is None:
        lines = tuple(line.key for line in effect.header_lines)
        data = () if is_question(row) else tuple(sorted(effect.data.items()))
        return effect.screen, lines, data
    return None


def _close_in_turn(
    free: Sequence[OutgoingMessage], kept: list[OutgoingMessage], folded: Folded
) -> None:
    """Let each kept question take the buttons of the one before it that will stand in the chat."""
    asking = [row for row in free if is_question(row)]
    before = next((_closes(row) for row in asking if _closes(row) is not None), None)
    for place, row in enumerate(kept):
        if not is_question(row) or not isinstance(row.effect, ShowScreen):
            continue
        if row.effect.closes != before:
            kept[place] = replace(row, effect=replace(row.effect, closes=before))
            folded.changed.append(kept[place])
        before = row.id


def _closes(row: OutgoingMessage) -> int | None:
    return row.effect.closes if isinstance(row.effect, ShowScreen) else None


def _delete_together(kept: Sequence[OutgoingMessage], folded: Folded) -> None:
    """Delete up to ``MOST_AT_ONCE`` messages in one call."""
    single = [
        row for row in kept if isinstance(row.effect, DeleteMessage) and _is_single(row.effect)
    ]
    for start in range(0, len(single), MOST_AT_ONCE):
        first, *others = single[start : start + MOST_AT_ONCE]
        if not others or not isinstance(first.effect, DeleteMessage):
            continue
        ids = [one.effect.message_id for one in others if isinstance(one.effect, DeleteMessage)]
        together = replace(first.effect, others=tuple(one for one in ids if one is not None))
        folded.changed.append(replace(first, effect=together))
        folded.replaced += [one.id for one in others]


def _is_single(effect: DeleteMessage) -> bool:
    return effect.slot is None and effect.message_id is not None and not effect.others


async def fold_chat(outbox: Outbox, chat_id: int, now: datetime, held: Container[int]) -> int:
    """Fold what a chat has waiting; return how many rows are sent no more.

    Raises:
        Unavailable: the database is gone.
    """
    done = 0
    while True:
        waiting = await outbox.waiting_of(chat_id, now, READ_AT_ONCE)
        folded = fold(waiting, held)
        if folded.replaced:
            await outbox.replace(folded.replaced, folded.changed, now)
        done += len(folded.replaced)
        if len(waiting) < READ_AT_ONCE or not folded.replaced:
            return done
