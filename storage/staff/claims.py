"""Claims: who of the staff holds an application, and what they are writing about it.

Everything that concerns a candidate is read and changed here with the seats of whoever asks. A
claim that nobody touched for a while, or whose seat was revoked, holds nothing any more: that is
seen when it is used, so that no clock has to be in time.

The draft of a refusal lies sealed in the claim's row. It is personal, so it cannot lie open in
aiogram's data; it survives a restart; and it goes with the claim, so nobody else finds half of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import Row, and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam
from states.records import Application, ApplicationId, Fault, Part, Person, PersonId, Stage
from states.refusals import RefusalDraft
from states.staff import DESK_BY_STAGE, Desk, RoleAssignment
from states.staff_timings import StaffTimings
from storage.candidates import applications, people
from storage.engine.encryption import Keyring
from storage.engine.tables import applications as filed
from storage.engine.tables import claims, role_assignments
from storage.staff.review_queue import next_one
from storage.staff.scopes import decidable, undecided


class ClaimLost(StrEnum):
    """Why somebody does not hold an application; said by the words ``lost-KEY``.

    GONE tells nothing of why, since it is also said of what never was in their scope.
    """

    RETURNED = "returned"
    TAKEN = "taken"
    DECIDED = "decided"
    GONE = "gone"


class NotClaimed(LookupError):
    """Whoever asked does not hold this application (any more)."""

    def __init__(self, why: ClaimLost) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class ClaimedCase:
    """An application in somebody's hands: whose it is, by which seat it is held, since when."""

    application: Application
    person: Person
    assignment: RoleAssignment
    desk: Desk
    taken_at: datetime
    draft: RefusalDraft = field(default_factory=RefusalDraft)


async def take_next(
    connection: AsyncConnection,
    exam: Exam,
    by: Sequence[RoleAssignment],
    now: datetime,
    timings: StaffTimings,
) -> ApplicationId | None:
    """Take what is next; who holds something already is led back to it. None: nothing waits."""
    mine = await claimed_by(connection, by, now, timings)
    if mine:
        return mine[0]
    found = await next_one(connection, exam, by, now, timings)
    if found is not None:
        await take(connection, by, found, now, timings)
    return found


async def claimed_by(
    connection: AsyncConnection, by: Sequence[RoleAssignment], now: datetime, timings: StaffTimings
) -> list[ApplicationId]:
    """What these seats hold, the first that was taken first."""
    query = (
        select(claims.c.application_id)
        .join(filed, filed.c.id == claims.c.application_id)
        .where(
            claims.c.assignment_id.in_(_ids(by)),
            claims.c.touched_at > now - timings.idle,
            or_(*(and_(decidable(by, desk), undecided(desk)) for desk in Desk)),
        )
        .order_by(claims.c.taken_at, claims.c.application_id)
    )
    return [ApplicationId(found) for found in await connection.scalars(query)]


async def take(
    connection: AsyncConnection,
    by: Sequence[RoleAssignment],
    application_id: ApplicationId,
    now: datetime,
    timings: StaffTimings,
    draft: bytes | None = None,
) -> None:
    """Take this application.

    Raises:
        NotHeld: it is in other hands, decided, or nothing that these seats decide.
    """
    _, assignment = await _decider(connection, by, application_id)
    claim = await _claim(connection, application_id)
    if claim is not None and await _is_valid(connection, claim, now, timings):
        if claim.assignment_id not in _ids(by):
            raise NotClaimed(ClaimLost.TAKEN)
        await touch(connection, by, application_id, now)
        return  # and what was begun stays
    await connection.execute(delete(claims).where(claims.c.application_id == application_id))
    row = {"application_id": application_id, "assignment_id": assignment.id, "draft": draft}
    await connection.execute(insert(claims), {**row, "taken_at": now, "touched_at": now})


async def release(
    connection: AsyncConnection, by: Sequence[RoleAssignment], application_id: ApplicationId
) -> bool:
    """Put it back into the queue, where it stood; False where it was not theirs any more."""
    mine = (claims.c.application_id == application_id, claims.c.assignment_id.in_(_ids(by)))
    return bool((await connection.execute(delete(claims).where(*mine))).rowcount)


async def touch(
    connection: AsyncConnection,
    by: Sequence[RoleAssignment],
    application_id: ApplicationId,
    now: datetime,
) -> None:
    """Somebody works on it, so it does not go idle."""
    mine = (claims.c.application_id == application_id, claims.c.assignment_id.in_(_ids(by)))
    await connection.execute(update(claims).where(*mine).values(touched_at=now))


async def write(
    connection: AsyncConnection,
    keyring: Keyring,
    claimed: ClaimedCase,
    draft: RefusalDraft,
    now: datetime,
) -> None:
    """Keep what is being written about it."""
    changed = {"draft": encrypt_draft(keyring, claimed.application.id, draft), "touched_at": now}
    mine = claims.c.application_id == claimed.application.id
    await connection.execute(update(claims).where(mine).values(changed))


async def read(
    connection: AsyncConnection,
    keyring: Keyring,
    by: Sequence[RoleAssignment],
    application_id: ApplicationId,
    now: datetime,
    timings: StaffTimings,
) -> ClaimedCase:
    """What somebody holds, with everything about it.

    Raises:
        NotHeld: they do not hold it (any more), or may not decide of it.
    """
    desk, _ = await _decider(connection, by, application_id)
    claim = await _claim(connection, application_id)
    if claim is None or not await _is_valid(connection, claim, now, timings):
        raise NotClaimed(ClaimLost.RETURNED)
    assignment = next((one for one in by if one.id == claim.assignment_id), None)
    if assignment is None:
        raise NotClaimed(ClaimLost.TAKEN)
    application = (await applications.by_ids(connection, keyring, [application_id]))[application_id]
    person = (await people.by_ids(connection, keyring, [application.person_id]))[
        application.person_id
    ]
    draft = decrypt_draft(keyring, application_id, claim.draft)
    return ClaimedCase(application, person, assignment, desk, claim.taken_at, draft)


async def idle(
    connection: AsyncConnection, now: datetime, timings: StaffTimings
) -> list[ApplicationId]:
    """What is in nobody's hands any more, although a claim says so: it was left alone, its holder
    is not of the staff any more, or its candidate has withdrawn it."""
    query = (
        select(claims.c.application_id)
        .join(role_assignments, role_assignments.c.id == claims.c.assignment_id)
        .join(filed, filed.c.id == claims.c.application_id)
        .where(
            or_(
                claims.c.touched_at <= now - timings.idle,
                role_assignments.c.revoked_at.is_not(None),
                filed.c.stage.not_in(list(DESK_BY_STAGE)),
            )
        )
    )
    return [ApplicationId(one) for one in await connection.scalars(query)]


async def end_idle(
    connection: AsyncConnection, now: datetime, timings: StaffTimings
) -> list[ApplicationId]:
    """End those claims; of what, so that its cards can be closed."""
    found = await idle(connection, now, timings)
    if found:
        await connection.execute(delete(claims).where(claims.c.application_id.in_(found)))
    return found


def encrypt_draft(keyring: Keyring, application_id: ApplicationId, draft: RefusalDraft) -> bytes:
    """A draft as the claim keeps it."""
    return keyring.encrypt(orjson.dumps(asdict(draft)), _place(application_id))


def decrypt_draft(
    keyring: Keyring, application_id: ApplicationId, sealed: bytes | None
) -> RefusalDraft:
    """The draft of a claim; an empty one where none was begun."""
    if sealed is None:
        return RefusalDraft()
    kept = orjson.loads(keyring.decrypt(sealed, _place(application_id)))
    faults = tuple(Fault(**{**one, "part": Part(one["part"])}) for one in kept["faults"])
    return RefusalDraft(faults, kept["words"])


def _place(application_id: int) -> str:
    return f"claims/{application_id}/draft"


def _ids(by: Sequence[RoleAssignment]) -> list[int]:
    return [assignment.id for assignment in by if assignment.revoked_at is None]


async def _decider(
    connection: AsyncConnection, by: Sequence[RoleAssignment], application_id: ApplicationId
) -> tuple[Desk, RoleAssignment]:
    """The desk at which it waits, and the seat that decides of it there.

    Raises:
        NotHeld: it waits at none of theirs, or was decided there.
    """
    mine = or_(*(decidable(by, desk) for desk in Desk))
    columns = (filed.c[name] for name in ("person_id", "exam", "area", "site", "point", "stage"))
    query = select(*columns).where(filed.c.id == application_id, mine)
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotClaimed(ClaimLost.GONE)
    places, stage = {"site": row.site, "point": row.point}, Stage(row.stage)
    outline = Application(
        application_id, PersonId(row.person_id), row.exam, row.area, stage, answers=places
    )
    desk = DESK_BY_STAGE[stage]
    waits = select(filed.c.id).where(filed.c.id == application_id, undecided(desk))
    if await connection.scalar(waits) is None:
        raise NotClaimed(ClaimLost.DECIDED)
    return desk, next(assignment for assignment in by if assignment.may_decide(outline))


async def _claim(connection: AsyncConnection, application_id: ApplicationId) -> Row[Any] | None:
    """The claim of this application, whether it still holds anything or not."""
    query = select(claims).where(claims.c.application_id == application_id)
    return (await connection.execute(query)).first()


async def _is_valid(
    connection: AsyncConnection, claim: Row[Any] | None, now: datetime, timings: StaffTimings
) -> bool:
    """Whether somebody who may still holds by it."""
    if claim is None or claim.touched_at <= now - timings.idle:
        return False
    holder = select(role_assignments.c.id).where(
        role_assignments.c.id == claim.assignment_id, role_assignments.c.revoked_at.is_(None)
    )
    return await connection.scalar(holder) is not None
