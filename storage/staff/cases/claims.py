"""Claims: one of the staff works on an application, and drafts the reasons of a rejection.

Each function checks the reader's role assignments. An idle claim, or a claim of a revoked role, is
invalid. Each use checks that, so no function depends on the scheduler.

The claim's row holds the draft encrypted, since it is personal data. The draft survives a restart
and ends with the claim.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import orjson
from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Table, and_, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import Application, ApplicationId, Person
from states.staff.refusals import RefusalDraft
from states.staff.timings import StaffTimings
from states.staff_roles import DESK_BY_STAGE, Desk, RoleAssignment
from storage.candidates import applications, people
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import part_of
from storage.engine.tables import applications as filed
from storage.engine.tables import claims, decisions, notes, role_assignments
from storage.engine.tables import people as people_table
from storage.engine.tables import second_looks as looks
from storage.staff.access.scopes import (
    StaffAccess,
    active_ids,
    decidable,
    to_decide,
    waiting_anywhere,
)
from storage.staff.cases import second_looks
from storage.staff.cases.review_queue import next_one
from storage.staff.cases.second_looks import SecondLook

NEWS_WAITS: Final = timedelta(hours=1)
"""The longest delay of news for a reader with a case in hand."""


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
    """An application with its owner, and the role and desk of the claim.

    ``has_history``: it has earlier decisions or notes. ``second_look``: a colleague asked to refuse
    it for good, and the holder decides about that.
    """

    application: Application
    person: Person
    assignment: RoleAssignment
    desk: Desk
    taken_at: datetime
    draft: RefusalDraft = field(default_factory=RefusalDraft)
    has_history: bool = True
    second_look: SecondLook | None = None


@dataclass(frozen=True, slots=True)
class TakenCase:
    """An application that an account has claimed.

    ``others`` are the applications whose claim the account had before, valid or not.
    """

    application: Application
    others: frozenset[ApplicationId]


async def take_next(staff: StaffAccess) -> TakenCase | None:
    """Return the application that these roles hold, else claim the next one; None if none waits."""
    others = await _claimed(staff)
    mine = next((one for one, is_valid in others.items() if is_valid), None)
    if mine is not None:
        return await take(staff, mine, others=others)
    found = await next_one(staff)
    if found is None:
        return None
    if found.has_claim:
        await _end(staff.connection, found.application.id)
    await _begin(staff, found.application, None)
    return TakenCase(found.application, frozenset(others))


async def claimed_by(staff: StaffAccess) -> list[ApplicationId]:
    """Return the applications that these roles hold, the oldest claim first."""
    return [one for one, is_valid in (await _claimed(staff)).items() if is_valid]


async def holders(connection: AsyncConnection, bot_id: int, since: datetime) -> set[int]:
    """Return the accounts with a claim that was renewed after ``since``: 1 query."""
    query = (
        select(role_assignments.c.telegram_id)
        .join(claims, claims.c.assignment_id == role_assignments.c.id)
        .where(
            claims.c.touched_at > since,
            role_assignments.c.bot_id == bot_id,
            role_assignments.c.revoked_at.is_(None),
        )
    )
    return {*await connection.scalars(query)}


async def busy(
    connection: AsyncConnection, bot_id: int, since: datetime, now: datetime, idle: timedelta
) -> set[int]:
    """Return the accounts whose news of a moment has to wait: they have a case in hand.

    News waits for ``NEWS_WAITS`` at most, since a clerk may take one case after the other all day.
    """
    return set() if now >= since + NEWS_WAITS else await holders(connection, bot_id, now - idle)


async def take(
    staff: StaffAccess,
    application_id: ApplicationId,
    draft: bytes | None = None,
    *,
    others: Collection[ApplicationId] | None = None,
) -> TakenCase:
    """Claim an application; renew a claim that is theirs.

    Args:
        draft: the sealed draft of a new claim.
        others: the claims of the account, if they are known.

    Raises:
        NotClaimed: a colleague holds it, it is decided, or none of these roles decides on it.
    """
    row = await _waiting(staff, application_id, filed)
    application = applications.of_row(staff.keyring, part_of(row, filed))
    if others is None:
        others = await _claimed(staff)
    if not _is_valid(staff, row):
        if row.assignment_id is not None:
            await _end(staff.connection, application_id)
        await _begin(staff, application, draft)
    elif row.assignment_id in active_ids(staff.assignments):
        await touch(staff, application_id)  # with the draft that is in the row
    else:
        raise NotClaimed(ClaimLost.TAKEN)
    return TakenCase(application, frozenset(others))


async def _claimed(staff: StaffAccess) -> dict[ApplicationId, bool]:
    """Return the claims of an account, the oldest first, and whether each is valid."""
    if not staff.assignments:
        return {}
    account = staff.assignments[0]
    is_valid = and_(
        claims.c.assignment_id.in_(active_ids(staff.assignments)),
        claims.c.touched_at > staff.now - staff.timings.idle,
        to_decide(staff.assignments),
    )
    query = (
        select(claims.c.application_id, is_valid)
        .join(role_assignments, role_assignments.c.id == claims.c.assignment_id)
        .join(filed, filed.c.id == claims.c.application_id)
        .where(
            role_assignments.c.bot_id == account.bot_id,
            role_assignments.c.telegram_id == account.telegram_id,
        )
        .order_by(claims.c.taken_at, claims.c.application_id)
    )
    found = await staff.connection.execute(query)
    return {ApplicationId(one): bool(is_theirs) for one, is_theirs in found}


async def _begin(staff: StaffAccess, application: Application, draft: bytes | None) -> None:
    decider = next(one for one in staff.assignments if one.may_decide(application))
    row = {"application_id": application.id, "assignment_id": decider.id, "draft": draft}
    await staff.connection.execute(
        insert(claims), {**row, "taken_at": staff.now, "touched_at": staff.now}
    )


async def _end(connection: AsyncConnection, application_id: ApplicationId) -> None:
    await connection.execute(delete(claims).where(claims.c.application_id == application_id))


async def release(
    connection: AsyncConnection,
    assignments: Sequence[RoleAssignment],
    application_id: ApplicationId,
) -> bool:
    """End a claim; the application keeps its place in the queue. False if it was not theirs."""
    ended = delete(claims).where(_own(assignments, application_id))
    return (await connection.execute(ended)).rowcount == 1


async def end(connection: AsyncConnection, application_id: ApplicationId) -> int | None:
    """End the claim on an application; return the account of its holder, unless revoked."""
    query = (
        select(role_assignments.c.telegram_id)
        .join(claims, claims.c.assignment_id == role_assignments.c.id)
        .where(claims.c.application_id == application_id, role_assignments.c.revoked_at.is_(None))
    )
    holder: int | None = await connection.scalar(query)
    await _end(connection, application_id)
    return holder


async def touch(staff: StaffAccess, application_id: ApplicationId) -> None:
    """Renew a claim, so that it does not become idle."""
    renewed = update(claims).where(_own(staff.assignments, application_id))
    await staff.connection.execute(renewed.values(touched_at=staff.now))


async def save_draft(
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
    row = await _waiting(staff, application_id, filed, people_table)
    if not _is_valid(staff, row):
        raise NotClaimed(ClaimLost.RETURNED)
    assignment = next((one for one in staff.assignments if one.id == row.assignment_id), None)
    if assignment is None:
        raise NotClaimed(ClaimLost.TAKEN)
    application = applications.of_row(staff.keyring, part_of(row, filed))
    second_look = None
    if row.has_second_look:
        second_look = await second_looks.open_one(staff.connection, staff.keyring, application)
    return ClaimedCase(
        application,
        people.of_row(staff.keyring, part_of(row, people_table, len(filed.columns))),
        assignment,
        DESK_BY_STAGE[application.stage],
        row.taken_at,
        decrypt_draft(staff.keyring, application_id, row.draft),
        row.has_history,
        second_look,
    )


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


_CLAIM = (
    claims.c.assignment_id,
    claims.c.taken_at,
    claims.c.touched_at,
    claims.c.draft,
    role_assignments.c.revoked_at,
    waiting_anywhere().label("waits"),
    or_(
        exists().where(decisions.c.application_id == filed.c.id).correlate(filed),
        exists().where(notes.c.application_id == filed.c.id).correlate(filed),
    ).label("has_history"),
    exists()
    .where(
        looks.c.application_id == filed.c.id,
        looks.c.revision == filed.c.revision,
        looks.c.outcome.is_(None),
    )
    .correlate(filed)
    .label("has_second_look"),
)


async def _waiting(
    staff: StaffAccess,
    application_id: ApplicationId,
    *columns: Table,
) -> Row[Any]:
    """Return these tables' columns of an application that the roles decide on, and its claim.

    Raises:
        NotClaimed: none of these roles decides there, or the desk has decided.
    """
    query = (
        select(*columns, *_CLAIM)
        .join(people_table, people_table.c.id == filed.c.person_id)
        .outerjoin(claims, claims.c.application_id == filed.c.id)
        .outerjoin(role_assignments, role_assignments.c.id == claims.c.assignment_id)
        .where(
            filed.c.id == application_id,
            or_(*(decidable(staff.assignments, desk) for desk in Desk)),
        )
    )
    row = (await staff.connection.execute(query)).first()
    if row is None:
        raise NotClaimed(ClaimLost.GONE)
    if not row.waits:
        raise NotClaimed(ClaimLost.DECIDED)
    return row


def _is_valid(staff: StaffAccess, row: Row[Any]) -> bool:
    """Return whether the row's claim is valid: not idle, and its role not revoked."""
    return (
        row.assignment_id is not None
        and row.touched_at > staff.now - staff.timings.idle
        and row.revoked_at is None
    )
