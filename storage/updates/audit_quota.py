"""The audit's quota: each account has so many rows an hour of an act that anybody can repeat.

Further acts only count. ``summaries`` turns the counts of past hours into one row each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.engine import act_counts
from storage.engine.act_counts import CountedAct
from storage.engine.encryption import Keyring
from storage.engine.ids import RowIds

ROWS_AN_HOUR: Final = 20
"""Rows of one act of one account and hour; nobody needs more to see what happened."""
BOUNDED: Final = frozenset(
    {
        *(AuditAction.DENIED, AuditAction.EXPORTED, AuditAction.PRINT_VERIFIED),
        *(AuditAction.CONSENTED, AuditAction.IDENTITY_CONFIRMED, AuditAction.TERMS_AGREED),
        *(AuditAction.PAPER_TURNED, AuditAction.PAPER_SAID),
        *(AuditAction.PHOTO_CONFIRMED, AuditAction.RECORD_KEPT, AuditAction.RECORD_VERIFIED),
        *(AuditAction.MATERIALS_DONE, AuditAction.AREA_CHANGED, AuditAction.AREA_RESTORED),
    }
)
"""Acts that anybody can repeat, and that the replay of the audit does not need."""
HOUR: Final = timedelta(hours=1)
SUMMARIES_AT_ONCE: Final = 500
_PREFIX: Final = "audit:"


class AuditQuota:
    """Counts rows by account, act and hour in memory; a restart begins anew."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[int, str, datetime]] = Counter()
        self._newest = datetime.min.replace(tzinfo=UTC)

    def count(self, actor: int, action: AuditAction, now: datetime) -> int:
        """Return how many acts of this kind the account has made in this hour."""
        return self._counts[actor, action, hour_of(now)]

    def admit(self, entries: Sequence[AuditEntry]) -> tuple[list[AuditEntry], Counter[CountedAct]]:
        """Return the entries that get a row, and the counts of the others."""
        kept: list[AuditEntry] = []
        held: Counter[CountedAct] = Counter()
        for entry in entries:
            if not _is_bounded(entry):
                kept.append(entry)
                continue
            since = hour_of(entry.at)
            key = (entry.actor, f"{entry.action}", since)
            self._counts[key] += 1
            if self._counts[key] <= ROWS_AN_HOUR:
                kept.append(entry)
            else:
                held[CountedAct(entry.actor, f"{_PREFIX}{entry.action}", since)] += 1
        if entries:
            self._forget(max(hour_of(entry.at) for entry in entries))
        return kept, held

    def _forget(self, hour: datetime) -> None:
        """Forget older hours once an hour, so that many accounts cost no more than few."""
        if hour > self._newest:
            self._newest = hour
            kept = {key: count for key, count in self._counts.items() if key[2] >= hour - HOUR}
            self._counts = Counter(kept)


def _is_bounded(entry: AuditEntry) -> bool:
    """Return whether an act has so many rows an hour; an erasure, if nothing was filed.

    The replay asks whether the owner of an application was erased.
    """
    is_empty = entry.action is AuditAction.ERASED and entry.application_id is None
    return is_empty or entry.action in BOUNDED


def hour_of(moment: datetime) -> datetime:
    """Return the beginning of a moment's hour."""
    return moment.replace(minute=0, second=0, microsecond=0)


async def summarize(
    connection: AsyncConnection, keyring: Keyring, ids: RowIds, now: datetime
) -> int:
    """Write one row for each account, act and past hour that has further acts; count them."""
    acts = [f"{_PREFIX}{action}" for action in (*BOUNDED, AuditAction.ERASED)]
    counts = await act_counts.take(connection, acts, now - HOUR, SUMMARIES_AT_ONCE)
    await audit_log.add(connection, keyring, _rows(counts.items(), ids))
    return len(counts)


def _rows(counts: Iterable[tuple[CountedAct, int]], ids: RowIds) -> list[AuditEntry]:
    return [
        AuditEntry(
            ids.next(),
            one.since + HOUR,
            one.account,
            AuditAction(one.act.removeprefix(_PREFIX)),
            detail=f"+{count}",
        )
        for one, count in counts
    ]
