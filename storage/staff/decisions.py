"""Verdicts: what a desk decided of an application, when, and what it had before its eyes.

One row a desk and submission, which the table itself guards: of two who decide at once, one does.
A verdict takes effect when its undo window is over (``effective_at``); until then nothing but its
row tells of it, and taking it back deletes that row. The clock applies it in one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import Answers, Application, ApplicationId, Refusal
from states.staff import Desk, RoleAssignment
from states.staff_timings import StaffTimings
from storage.candidates.applications import refusal_of_json, refusal_to_json
from storage.engine.encryption import Keyring
from storage.engine.tables import claims, decisions, role_assignments
from storage.staff.claims import ClaimedCase


@dataclass(frozen=True, slots=True)
class ReviewedContent:
    """What an application was when it was decided: its answers, the names of its files by the
    material's code, and its portrait. By this the next one to decide sees what has changed."""

    answers: Answers = field(default_factory=dict)
    files: Mapping[str, Sequence[str]] = field(default_factory=dict)
    photo: str | None = None

    @classmethod
    def of(cls, application: Application) -> ReviewedContent:
        """What the application is now."""
        files = {
            code: [one.blob for one in kept] for code, kept in application.materials.items() if kept
        }
        return cls(dict(application.answers), files, application.photo)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision. It approves where it has no ``refusal``; ``account`` is the decider's."""

    id: int
    application_id: ApplicationId
    revision: int
    desk: Desk
    assignment_id: int
    account: int
    decided_at: datetime
    effective_at: datetime
    refusal: Refusal | None
    reviewed: ReviewedContent
    applied_at: datetime | None = None


async def decide(
    connection: AsyncConnection,
    keyring: Keyring,
    claimed: ClaimedCase,
    verdict_id: int,
    refusal: Refusal | None,
    now: datetime,
    timings: StaffTimings,
) -> None:
    """Decide of what somebody holds (``claims.read``); the claim ends with it.

    Raises:
        IntegrityError: somebody else has decided in this very moment.
    """
    application = claimed.application
    sealed = refusal and keyring.encrypt(refusal_to_json(refusal), _place(verdict_id, "refusal"))
    seen = ReviewedContent.of(application)
    plain = orjson.dumps({"answers": seen.answers, "files": seen.files, "photo": seen.photo})
    row = {
        "id": verdict_id,
        "application_id": application.id,
        "revision": application.revision,
        "desk": claimed.desk,
        "approving": refusal is None,
        "assignment_id": claimed.assignment.id,
        "decided_at": now,
        "effective_at": now + timings.undo,
        "applied_at": None,
        "refusal": sealed,
        "seen": keyring.encrypt(plain, _place(verdict_id, "seen")),
    }
    await connection.execute(insert(decisions), row)
    await connection.execute(delete(claims).where(claims.c.application_id == application.id))


async def take_back(
    connection: AsyncConnection,
    keyring: Keyring,
    by: Sequence[RoleAssignment],
    application_id: ApplicationId,
    now: datetime,
) -> Decision | None:
    """Take back what one of these seats decided, and return what it was.

    None: they decided nothing of it, or it has taken effect.
    """
    query = _ALL.where(
        decisions.c.application_id == application_id,
        decisions.c.assignment_id.in_(
            [assignment.id for assignment in by if assignment.revoked_at is None]
        ),
        _WAITS,
        decisions.c.effective_at > now,
    )
    row = (await connection.execute(query)).mappings().first()
    if row is None:
        return None
    await drop(connection, [row["id"]])
    return _verdict(keyring, row)


async def due(
    connection: AsyncConnection, until: datetime, most: int, but: Collection[int] = ()
) -> list[int]:
    """The ids of what takes effect by this moment, the oldest decision first; ``but`` those."""
    query = (
        select(decisions.c.id)
        .where(_WAITS, decisions.c.effective_at <= until, decisions.c.id.not_in(but))
        .order_by(decisions.c.effective_at, decisions.c.id)
        .limit(most)
    )
    return list(await connection.scalars(query))


async def waiting(
    connection: AsyncConnection, keyring: Keyring, ids: Iterable[int]
) -> list[Decision]:
    """These of them that have not taken effect, the oldest decision first."""
    query = _ALL.where(decisions.c.id.in_(list(ids)), _WAITS)
    rows = await connection.execute(query.order_by(decisions.c.effective_at, decisions.c.id))
    return [_verdict(keyring, row) for row in rows.mappings()]


async def next_due(connection: AsyncConnection, but: Collection[int] = ()) -> datetime | None:
    """When the next undo window ends; ``but`` those do not count."""
    query = select(func.min(decisions.c.effective_at)).where(_WAITS, decisions.c.id.not_in(but))
    found: datetime | None = await connection.scalar(query)
    return found


async def applied(connection: AsyncConnection, ids: Iterable[int], now: datetime) -> None:
    """They have taken effect."""
    done = update(decisions).where(decisions.c.id.in_(list(ids)), _WAITS)
    await connection.execute(done.values(applied_at=now))


async def drop(connection: AsyncConnection, ids: Iterable[int]) -> None:
    """They never took effect: taken back, or what they decided of was withdrawn meanwhile."""
    await connection.execute(delete(decisions).where(decisions.c.id.in_(list(ids))))


async def of_applications(
    connection: AsyncConnection, keyring: Keyring, ids: Iterable[ApplicationId]
) -> list[Decision]:
    """What was decided of these and took effect, oldest first; for who may see them all."""
    query = _ALL.where(
        decisions.c.application_id.in_(list(ids)), decisions.c.applied_at.is_not(None)
    ).order_by(decisions.c.id)
    rows = (await connection.execute(query)).mappings()
    return [_verdict(keyring, row) for row in rows]


_WAITS = decisions.c.applied_at.is_(None)
"""It has not taken effect."""
_ALL = select(decisions, role_assignments.c.telegram_id.label("account")).join(
    role_assignments, role_assignments.c.id == decisions.c.assignment_id
)


def _verdict(keyring: Keyring, row: RowMapping | Mapping[str, Any]) -> Decision:
    refusal, seen = row["refusal"], keyring.decrypt(row["seen"], _place(row["id"], "seen"))
    return Decision(
        id=row["id"],
        application_id=ApplicationId(row["application_id"]),
        revision=row["revision"],
        desk=Desk(row["desk"]),
        assignment_id=row["assignment_id"],
        account=row["account"],
        decided_at=row["decided_at"],
        effective_at=row["effective_at"],
        refusal=refusal and refusal_of_json(keyring.decrypt(refusal, _place(row["id"], "refusal"))),
        reviewed=ReviewedContent(**orjson.loads(seen)),
        applied_at=row["applied_at"],
    )


def _place(verdict_id: int, what: str) -> str:
    return f"verdicts/{verdict_id}/{what}"
