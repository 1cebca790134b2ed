"""Spot checks: a sample of decisions is read a second time, blind, and a third one settles.

A decision is drawn when it takes effect, by a keyed hash of its id: nobody can tell beforehand.
Nothing here changes a decision or a stage. The readers have had no part in the application.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam
from states.records import ApplicationId
from states.staff.agreement import Readings
from states.staff_roles import Desk, Role, RoleAssignment
from storage.audit.audit_log import AuditAction
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import record_of
from storage.engine.tables import (
    applications,
    audit,
    decisions,
    people,
    role_assignments,
    spot_checks,
)
from storage.staff.access.scopes import StaffAccess, active_ids, covered, within

_DIGITS = 12
OWN_ACTS = (
    AuditAction.SPOT_CHECK_TAKEN,
    AuditAction.SPOT_CHECK_ANSWERED,
    AuditAction.SPOT_CHECK_SETTLED,
    AuditAction.SPOT_CHECK_UNDONE,
)
"""The acts on an application that leave a reader blind."""
DESKS: Mapping[Role, tuple[Desk, ...]] = {
    Role.POINT_CLERK: (Desk.CONFIRMATION,),
    Role.SITE_REVIEWER: (Desk.CONFIRMATION, Desk.SITE_REVIEW),
    Role.AREA_REVIEWER: (Desk.CONFIRMATION, Desk.SITE_REVIEW, Desk.AREA_REVIEW),
    Role.ADMINISTRATOR: (),
}
"""The desks whose decisions a role reads again: its own, and those below it."""


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """A decision that was drawn, and what others say of the same submission.

    ``first_id``, ``second_id`` and ``third_id`` are role assignments; ``words`` are the reasons of
    a reader who would refuse.
    """

    id: int
    application_id: ApplicationId
    revision: int
    desk: Desk
    approving: bool
    first_id: int
    drawn_at: datetime
    second_id: int | None = None
    second_approving: bool | None = None
    second_at: datetime | None = None
    second_words: str = ""
    third_id: int | None = None
    third_approving: bool | None = None
    third_at: datetime | None = None
    third_words: str = ""
    taken_by: int | None = None
    taken_at: datetime | None = None

    @property
    def is_disputed(self) -> bool:
        """Whether both readings differ, so that a third one is needed."""
        return self.second_approving is not None and self.second_approving is not self.approving

    @property
    def was_wrong(self) -> bool:
        """Whether the third reading finds the first one wrong."""
        return self.third_approving is not None and self.third_approving is not self.approving


async def draw(
    connection: AsyncConnection,
    keyring: Keyring,
    exam: Exam,
    made: Iterable[tuple[int, ApplicationId, int, Desk, bool, int]],
    now: datetime,
) -> None:
    """Draw from decisions that took effect: id, application, revision, desk, verdict, role."""
    rows = []
    for number, application_id, revision, desk, approving, first in made:
        if _place_of(keyring, number) < exam.spot_checks.rate(desk, approving=approving):
            row: dict[str, Any] = {column.key: None for column in spot_checks.columns}
            row |= {"id": number, "application_id": application_id, "revision": revision}
            row |= {"desk": desk, "approving": approving, "first_id": first, "drawn_at": now}
            rows.append(row_macs.bind(keyring, spot_checks, row))
    if rows:
        await connection.execute(insert(spot_checks), rows)


def _place_of(keyring: Keyring, decision_id: int) -> float:
    """Return a number from 0 to below 1 that nobody can guess without the key."""
    drawn = int(keyring.hash("spot-check", str(decision_id))[:_DIGITS], 16)
    return drawn / float(16**_DIGITS)


async def take_next(staff: StaffAccess) -> SpotCheck | None:
    """Take the oldest one that waits for these roles, or open the one in hand; None without."""
    mine = await _first(staff, spot_checks.c.taken_by.in_(active_ids(staff.assignments)))
    found = mine or await _first(staff, _is_free(staff))
    if found is None:
        return None
    by = next(o for o in staff.assignments if o.revoked_at is None and found.desk in DESKS[o.role])
    held = update(spot_checks).where(spot_checks.c.id == found.id)
    await staff.connection.execute(held.values(taken_by=by.id, taken_at=staff.now))
    return found


async def in_hand(staff: StaffAccess, check_id: int) -> SpotCheck | None:
    """Return a check that these roles hold and may still read."""
    theirs = spot_checks.c.taken_by.in_(active_ids(staff.assignments))
    return await _first(staff, and_(theirs, spot_checks.c.id == check_id))


async def count(staff: StaffAccess) -> int:
    """Count what waits for these roles."""
    theirs = spot_checks.c.taken_by.in_(active_ids(staff.assignments))
    waits = _waiting(staff, or_(theirs, _is_free(staff)))
    return await staff.connection.scalar(select(func.count()).select_from(waits.subquery())) or 0


async def put_back(staff: StaffAccess, check: SpotCheck) -> None:
    """Let somebody else take a check."""
    held = update(spot_checks).where(spot_checks.c.id == check.id)
    await staff.connection.execute(held.values(taken_by=None, taken_at=None))


async def answer(
    staff: StaffAccess, check: SpotCheck, by: RoleAssignment, words: str, *, approving: bool
) -> SpotCheck:
    """Store the second reading, or the third where the second differs; return the check with it."""
    which = "third" if check.is_disputed else "second"
    place = f"{_place(check.id)}/{which}"
    changed = {
        f"{which}_id": by.id,
        f"{which}_approving": approving,
        f"{which}_at": staff.now,
        f"{which}_words": staff.keyring.encrypt(words.encode(), place) if words else None,
    }
    return await _change(staff, check.id, changed | {"taken_by": None, "taken_at": None})


async def undo(staff: StaffAccess, check_id: int) -> SpotCheck | None:
    """Take one's own second reading back within the undo window; None if it is too late."""
    check = await _of_id(staff, check_id)
    own = active_ids(staff.assignments)
    if check is None or check.second_at is None or check.second_id not in own:
        return None
    is_late = check.second_at + staff.timings.undo <= staff.now
    if is_late or check.third_id is not None:
        return None
    empty = dict.fromkeys(("second_id", "second_approving", "second_at", "second_words"))
    held = {"taken_by": check.second_id, "taken_at": staff.now}
    return await _change(staff, check_id, empty | held)


async def of_reader(staff: StaffAccess, check_id: int) -> SpotCheck | None:
    """Return a check about an application that these roles cover."""
    query = (
        select(spot_checks)
        .join(applications, applications.c.id == spot_checks.c.application_id)
        .where(spot_checks.c.id == check_id, covered(staff.assignments))
    )
    row = (await staff.connection.execute(query)).first()
    return None if row is None else _of_row(staff.keyring, row)


async def _change(staff: StaffAccess, check_id: int, changed: dict[str, Any]) -> SpotCheck:
    mine = spot_checks.c.id == check_id
    row = (await staff.connection.execute(select(spot_checks).where(mine))).one()
    bound = row_macs.rebound(staff.keyring, spot_checks, row, changed)
    await staff.connection.execute(update(spot_checks).where(mine).values(bound))
    found = await _of_id(staff, check_id)
    if found is None:
        raise LookupError("the check is gone")
    return found


async def _of_id(staff: StaffAccess, check_id: int) -> SpotCheck | None:
    query = select(spot_checks).where(spot_checks.c.id == check_id)
    row = (await staff.connection.execute(query)).first()
    return None if row is None else _of_row(staff.keyring, row)


# --- who reads what ------------------------------------------------------------------------------


async def _first(staff: StaffAccess, which: ColumnElement[bool]) -> SpotCheck | None:
    query = _waiting(staff, which).order_by(spot_checks.c.drawn_at, spot_checks.c.id).limit(1)
    row = (await staff.connection.execute(query)).first()
    return None if row is None else _of_row(staff.keyring, row)


def _is_free(staff: StaffAccess) -> ColumnElement[bool]:
    idle = spot_checks.c.taken_at <= staff.now - staff.timings.idle
    return or_(spot_checks.c.taken_by.is_(None), idle)


def _waiting(staff: StaffAccess, which: ColumnElement[bool]) -> Select[Any]:
    """Return the checks that wait for a second or third reading by this account."""
    checks = spot_checks.c
    needs_second = checks.second_id.is_(None)
    is_disputed = and_(
        checks.second_approving != checks.approving,
        checks.second_at <= staff.now - staff.timings.undo,
        checks.third_id.is_(None),
    )
    return (
        select(spot_checks)
        .join(applications, applications.c.id == checks.application_id)
        .where(
            applications.c.exam == staff.exam.key,
            or_(needs_second, is_disputed),
            _readable(staff.assignments),
            which,
        )
    )


def _readable(assignments: Iterable[RoleAssignment]) -> ColumnElement[bool]:
    """Match the checks of the roles' desks and scopes whose application is new to the account."""
    active = [one for one in assignments if one.revoked_at is None and DESKS[one.role]]
    if not active:
        return false()
    desks = (and_(within(o.scope), spot_checks.c.desk.in_(DESKS[o.role])) for o in active)
    return and_(or_(*desks), ~_is_involved(active[0]))


def _is_involved(assignment: RoleAssignment) -> ColumnElement[bool]:
    """Match checks about an application of the account's own, or on which it has acted or looked.

    Its decisions and second looks are acts on the audit, too; the readings are told by their rows.
    """
    account = (
        role_assignments.c.bot_id == assignment.bot_id,
        role_assignments.c.telegram_id == assignment.telegram_id,
    )
    checks = spot_checks.c
    readers = (checks.first_id, checks.second_id)
    has_read = exists().where(*account, or_(*(role_assignments.c.id == one for one in readers)))
    has_acted = exists().where(
        audit.c.application_id == checks.application_id,
        audit.c.actor == assignment.telegram_id,
        audit.c.action.not_in(OWN_ACTS),
    )
    is_own = exists().where(
        people.c.id == applications.c.person_id,
        people.c.bot_id == assignment.bot_id,
        people.c.telegram_id == assignment.telegram_id,
    )
    return or_(
        has_read.correlate(spot_checks),
        has_acted.correlate(spot_checks),
        is_own.correlate(applications),
    )


# --- figures -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckedDesk:
    """The readings of a desk; ``approving`` is the part of approvals among all its decisions.

    ``settled`` of the ``disputed`` ones have a third reading; ``wrong`` of these find the first one
    wrong.
    """

    readings: Readings
    approving: float | None
    disputed: int
    settled: int
    wrong: int


async def by_desk(staff: StaffAccess) -> dict[Desk, CheckedDesk]:
    """Return the readings of each desk within the scopes of the reader: 2 queries."""
    checks = spot_checks.c
    mine = (applications.c.exam == staff.exam.key, covered(staff.assignments))
    query = (
        select(checks.desk, checks.approving, checks.second_approving, checks.third_approving)
        .join(applications, applications.c.id == checks.application_id)
        .where(checks.second_id.is_not(None), *mine)
    )
    counts: dict[Desk, Counter[tuple[bool, bool, bool | None]]] = {}
    for desk, *verdicts in await staff.connection.execute(query):
        first, second, third = (None if one is None else bool(one) for one in verdicts)
        counts.setdefault(Desk(desk), Counter())[bool(first), bool(second), third] += 1
    shares = await _shares(staff, mine) if counts else {}
    return {desk: _checked(counts[desk], shares.get(desk)) for desk in Desk if desk in counts}


async def _shares(staff: StaffAccess, mine: tuple[ColumnElement[bool], ...]) -> dict[Desk, float]:
    """Return the part of approvals among the decisions of each desk that took effect."""
    query = (
        select(decisions.c.desk, decisions.c.approving, func.count())
        .join(applications, applications.c.id == decisions.c.application_id)
        .where(decisions.c.applied_at.is_not(None), *mine)
        .group_by(decisions.c.desk, decisions.c.approving)
    )
    found: dict[Desk, Counter[bool]] = {}
    for desk, approving, number in await staff.connection.execute(query):
        found.setdefault(Desk(desk), Counter())[bool(approving)] += number
    return {desk: made[True] / made.total() for desk, made in found.items()}


def _checked(
    counts: Counter[tuple[bool, bool, bool | None]], approving: float | None
) -> CheckedDesk:
    pairs: Counter[tuple[bool, bool]] = Counter()
    for (first, second, _), number in counts.items():
        pairs[first, second] += number
    readings = Readings(
        pairs[True, True], pairs[True, False], pairs[False, True], pairs[False, False]
    )
    disputed = {key: number for key, number in counts.items() if key[0] is not key[1]}
    settled = {key: number for key, number in disputed.items() if key[2] is not None}
    wrong = sum(number for key, number in settled.items() if key[2] is not key[0])
    return CheckedDesk(readings, approving, sum(disputed.values()), sum(settled.values()), wrong)


def _of_row(keyring: Keyring, row: Any) -> SpotCheck:
    row_macs.check(keyring, spot_checks, row)
    words = {
        f"{which}_words": keyring.decrypt(sealed, f"{_place(row.id)}/{which}").decode()
        if (sealed := getattr(row, f"{which}_words"))
        else ""
        for which in ("second", "third")
    }
    verdicts = {
        name: None if (value := getattr(row, name)) is None else bool(value)
        for name in ("second_approving", "third_approving")
    }
    first = {"desk": Desk(row.desk), "approving": bool(row.approving)}
    return record_of(SpotCheck, row, **first, **words, **verdicts)


def _place(check_id: int) -> str:
    return f"spot_checks/{check_id}"
