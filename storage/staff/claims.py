"""Claims: one of the staff works on an application, and drafts the reasons of a rejection.

Each function checks the reader's role assignments. An idle claim, or a claim
of a revoked role, is invalid. Each use checks that, so no function depends on the scheduler.

The claim's row holds the draft encrypted, since it is personal data. The draft survives a restart
and ends with the claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import Application, ApplicationId, Person, PersonId, Stage
from states.refusals import RefusalDraft
from states.staff import DESK_BY_STAGE, Desk, RoleAssignment
from states.staff_timings import StaffTimings
from storage.candidates import applications, people
from storage.engine.encryption import Keyring
from storage.engine.tables import applications as filed
from storage.engine.tables import claims, role_assignments
from storage.staff.review_queue import next_one
from storage.staff.scopes import StaffAccess, active_ids, decidable, to_decide, undecided


class ClaimLost(StrEnum):
    """The reasons why an account holds no claim; the message is ``lost-KEY``.

    GONE also stands for an application outside the scope, and so gives no reason.
    """

    RETURNED = "returned"
    TAKEN = "taken"
    DECIDED = "decided"
    GONE = "gone"


class NotClaimed(LookupError):
    """The account holds no (valid) claim on this application."""

    def __init__(self, why: ClaimLost) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class ClaimedCase:
    """An application with its owner, and the role and desk of the claim."""

    application: Application
    person: Person
    assignment: RoleAssignment
    desk: Desk
    taken_at: datetime
    draft: RefusalDraft = field(default_factory=RefusalDraft)


async def take_next(staff: StaffAccess) -> ApplicationId | None:
    """Return the application that these roles hold, else claim the next one; None if none waits."""
    mine = await claimed_by(staff)
    if mine:
        return mine[0]
    found = await next_one(staff)
    if found is not None:
        await take(staff, found)
    return found


async def claimed_by(staff: StaffAccess) -> list[ApplicationId]:
    """Return the applications that these roles hold, the oldest claim first."""
    query = (
        select(claims.c.application_id)
        .join(filed, filed.c.id == claims.c.application_id)
        .where(
            claims.c.assignment_id.in_(active_ids(staff.assignments)),
            claims.c.touched_at > staff.now - staff.timings.idle,
            to_decide(staff.assignments),
        )
        .order_by(claims.c.taken_at, claims.c.application_id)
    )
    return [ApplicationId(found) for found in await staff.connection.scalars(query)]


async def of_account(
    connection: AsyncConnection, bot_id: int, telegram_id: int
) -> set[ApplicationId]:
    """Return the applications whose claim an account has, valid or not."""
    query = (
        select(claims.c.application_id)
        .join(role_assignments, role_assignments.c.id == claims.c.assignment_id)
        .where(role_assignments.c.bot_id == bot_id, role_assignments.c.telegram_id == telegram_id)
    )
    return {ApplicationId(one) for one in await connection.scalars(query)}


async def take(
    staff: StaffAccess, application_id: ApplicationId, draft: bytes | None = None
) -> None:
    """Claim an application; renew a claim that is theirs.

    Raises:
        NotClaimed: a colleague holds it, it is decided, or none of these roles decides on it.
    """
    connection, now = staff.connection, staff.now
    _, assignment = await _decider(staff, application_id)
    claim = await _claim(staff, application_id)
    if claim is not None:
        if claim.assignment_id not in active_ids(staff.assignments):
            raise NotClaimed(ClaimLost.TAKEN)
        await touch(staff, application_id)
        return  # with the draft that is in the row
    await connection.execute(delete(claims).where(claims.c.application_id == application_id))
    row = {"application_id": application_id, "assignment_id": assignment.id, "draft": draft}
    await connection.execute(insert(claims), {**row, "taken_at": now, "touched_at": now})


async def release(
    connection: AsyncConnection,
    assignments: Sequence[RoleAssignment],
    application_id: ApplicationId,
) -> bool:
    """End a claim; the application keeps its place in the queue. False if it was not theirs."""
    ended = delete(claims).where(_own(assignments, application_id))
    return (await connection.execute(ended)).rowcount == 1


async def touch(staff: StaffAccess, application_id: ApplicationId) -> None:
    """Renew a claim, so that it does not become idle."""
    renewed = update(claims).where(_own(staff.assignments, application_id))
    await staff.connection.execute(renewed.values(touched_at=staff.now))


async def write(
    connection: AsyncConnection,
    keyring: Keyring,
    claimed: ClaimedCase,
    draft: RefusalDraft,
    now: datetime,
) -> None:
    """Store the draft of a rejection and renew the claim."""
    changed = {"draft": encrypt_draft(keyring, claimed.application.id, draft), "touched_at": now}
    mine = claims.c.application_id == claimed.application.id
    await connection.execute(update(claims).where(mine).values(changed))


async def read(staff: StaffAccess, application_id: ApplicationId) -> ClaimedCase:
    """Return a claimed case.

    Raises:
        NotClaimed: these roles hold no valid claim on it, or may not decide on it.
    """
    connection, keyring = staff.connection, staff.keyring
    desk, _ = await _decider(staff, application_id)
    claim = await _claim(staff, application_id)
    if claim is None:
        raise NotClaimed(ClaimLost.RETURNED)
    assignment = next((one for one in staff.assignments if one.id == claim.assignment_id), None)
    if assignment is None:
        raise NotClaimed(ClaimLost.TAKEN)
    application = (await applications.by_ids(connection, keyring, [application_id]))[application_id]
    owner = application.person_id
    person = (await people.by_ids(connection, keyring, [owner]))[owner]
    draft = decrypt_draft(keyring, application_id, claim.draft)
    return ClaimedCase(application, person, assignment, desk, claim.taken_at, draft)


async def idle(
    connection: AsyncConnection, now: datetime, timings: StaffTimings
) -> list[ApplicationId]:
    """Return the applications with an invalid claim: idle, its role revoked, or withdrawn."""
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
    """End the invalid claims; return their applications, whose cards are to be closed."""
    found = await idle(connection, now, timings)
    if found:
        await connection.execute(delete(claims).where(claims.c.application_id.in_(found)))
    return found


_DRAFT = TypeAdapter(RefusalDraft)


def encrypt_draft(keyring: Keyring, application_id: ApplicationId, draft: RefusalDraft) -> bytes:
    """Encrypt a draft for the row of its claim."""
    return keyring.encrypt(orjson.dumps(asdict(draft)), _place(application_id))


def decrypt_draft(
    keyring: Keyring, application_id: ApplicationId, sealed: bytes | None
) -> RefusalDraft:
    """Decrypt the draft of a claim; None gives an empty draft."""
    if sealed is None:
        return RefusalDraft()
    return _DRAFT.validate_json(keyring.decrypt(sealed, _place(application_id)))


def _place(application_id: int) -> str:
    return f"claims/{application_id}/draft"


def _own(
    assignments: Sequence[RoleAssignment], application_id: ApplicationId
) -> ColumnElement[bool]:
    by = claims.c.assignment_id.in_(active_ids(assignments))
    return and_(claims.c.application_id == application_id, by)


async def _decider(
    staff: StaffAccess, application_id: ApplicationId
) -> tuple[Desk, RoleAssignment]:
    """Return the desk where an application waits, and the role that decides there.

    Raises:
        NotClaimed: none of these roles decides there, or the desk has decided.
    """
    mine = or_(*(decidable(staff.assignments, desk) for desk in Desk))
    columns = (filed.c[name] for name in ("person_id", "exam", "area", "site", "point", "stage"))
    query = select(*columns).where(filed.c.id == application_id, mine)
    row = (await staff.connection.execute(query)).first()
    if row is None:
        raise NotClaimed(ClaimLost.GONE)
    codes, stage = {"site": row.site, "point": row.point}, Stage(row.stage)
    outline = Application(
        application_id, PersonId(row.person_id), row.exam, row.area, stage, answers=codes
    )
    desk = DESK_BY_STAGE[stage]
    waits = select(filed.c.id).where(filed.c.id == application_id, undecided(desk))
    if await staff.connection.scalar(waits) is None:
        raise NotClaimed(ClaimLost.DECIDED)
    return desk, next(one for one in staff.assignments if one.may_decide(outline))


async def _claim(staff: StaffAccess, application_id: ApplicationId) -> Row[Any] | None:
    """Return the valid claim of an application: not idle, and its role not revoked."""
    query = select(claims).where(claims.c.application_id == application_id)
    claim = (await staff.connection.execute(query)).first()
    if claim is None or claim.touched_at <= staff.now - staff.timings.idle:
        return None
    holder = select(role_assignments.c.id).where(
        role_assignments.c.id == claim.assignment_id, role_assignments.c.revoked_at.is_(None)
    )
    return None if await staff.connection.scalar(holder) is None else claim
