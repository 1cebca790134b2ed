"""Results of messages to groups: a moved group keeps its binding, and whoever bound it hears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from states.staff.reach import GroupTrouble, OutOfReach
from states.step_result import EditScreen, Priority, ShowScreen, in_thread
from storage.audit import audit_log
from storage.audit.audit_log import CLOCK, AuditAction, AuditEntry
from storage.engine.encryption import Keyring
from storage.engine.ids import RowIds
from storage.engine.tables import OutboxState
from storage.staff.access import staff_groups
from storage.staff.access.staff_groups import BoundGroup
from storage.updates.outbox import DeliveryResult, OutgoingMessage

GREETING: Final = "group-hello"
"""The screen in a group that was just bound."""
BOUND: Final = "group-bound"
"""The screen that tells whoever bound a group that the greeting got through."""
TROUBLE: Final = "group-trouble"
"""The screen that tells them what is wrong, and the remedy."""
_GROUPS: Final = frozenset(GroupTrouble)
_GONE: Final = frozenset(OutOfReach)


async def settle(
    connection: AsyncConnection,
    keyring: Keyring,
    ids: RowIds,
    results: Sequence[DeliveryResult],
) -> list[OutgoingMessage]:
    """Keep what Telegram says about messages to groups; return the messages that follow from it."""
    told = []
    for result in results:
        told += await _settle(connection, keyring, ids, result)
    return told


async def _settle(
    connection: AsyncConnection, keyring: Keyring, ids: RowIds, result: DeliveryResult
) -> list[OutgoingMessage]:
    row = result.row
    if result.moved_to is not None:
        return await _move(connection, keyring, ids, result, result.moved_to)
    group = await staff_groups.of_chat(connection, row.bot_id, row.chat_id)
    if group is None:
        return []
    if result.state is OutboxState.SENT and isinstance(row.effect, ShowScreen | EditScreen):
        await staff_groups.note_trouble(connection, row.bot_id, row.chat_id, None)
        if row.effect.screen == GREETING:
            codes = {key: code for key, code in asdict(group.scope).items() if code}
            return [_told(ids, result, group, ShowScreen(BOUND, codes))]
    trouble = _trouble(result.error) if result.state is OutboxState.FAILED else None
    if trouble is None:
        return []
    is_new = await staff_groups.note_trouble(connection, row.bot_id, row.chat_id, trouble)
    return [_told(ids, result, group, trouble_of(group, trouble))] if is_new else []


def _trouble(error: str | None) -> GroupTrouble | None:
    if error in _GROUPS:
        return GroupTrouble(f"{error}")
    return GroupTrouble.GONE if error in _GONE else None


def trouble_of(group: BoundGroup, trouble: GroupTrouble) -> ShowScreen:
    """Return the screen that names a group by its scope, and its trouble."""
    codes = {key: code for key, code in asdict(group.scope).items() if code}
    return ShowScreen(TROUBLE, {**codes, "why": trouble}, priority=Priority.NOTICE)


async def move_audited(
    connection: AsyncConnection,
    keyring: Keyring,
    ids: RowIds,
    bot_id: int,
    old: int,
    new: int,
    at: AuditEntry,
) -> bool:
    """Move a binding to the supergroup of a group, with the two entries of the audit.

    Args:
        at: an entry with the moment and the actor; its action and detail are replaced.
    """
    moved = await staff_groups.move(connection, bot_id, old, new)
    if moved is None:
        return False
    released = replace(at, id=ids.next(), action=AuditAction.GROUP_RELEASED, detail=f"{old}")
    bound = replace(at, id=ids.next(), action=AuditAction.GROUP_BOUND, detail=moved.audit_detail)
    await audit_log.add(connection, keyring, [released, bound])
    return True


async def _move(
    connection: AsyncConnection,
    keyring: Keyring,
    ids: RowIds,
    result: DeliveryResult,
    new: int,
) -> list[OutgoingMessage]:
    """Follow a group to its supergroup, and send the message there."""
    row = result.row
    at = AuditEntry(0, result.at, CLOCK, AuditAction.GROUP_BOUND)
    await move_audited(connection, keyring, ids, row.bot_id, row.chat_id, new, at)
    if await staff_groups.of_chat(connection, row.bot_id, new) is None:
        return []
    effect = row.effect.as_new() if isinstance(row.effect, EditScreen) else row.effect
    again = replace(
        row,
        id=ids.next(),
        dedup=f"moved{row.id}",
        chat_id=new,
        effect=in_thread(effect, None),
        attempts=0,
        caused_at=None,
    )
    return [again]


def _told(
    ids: RowIds, result: DeliveryResult, group: BoundGroup, screen: ShowScreen
) -> OutgoingMessage:
    row_id = ids.next()
    dedup = f"group{result.row.id}"
    return OutgoingMessage(row_id, dedup, result.row.bot_id, group.bound_by, screen, result.at)
