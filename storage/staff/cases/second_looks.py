"""Second looks: a staff member asks to refuse an application for good, and somebody else decides.

Until then the application waits at its desk, for everyone but the person who asked. The second
person agrees, which is the decision, or declines. Each row stays, so that the history names both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import Application, ApplicationId
from states.staff.departures import Departure
from states.staff.refusals import RefusalDraft
from states.staff_roles import DESK_BY_STAGE, Desk, RoleAssignment, Scope
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import part_of, record_of
from storage.engine.tables import role_assignments as assignments_table
from storage.engine.tables import second_looks
from storage.staff.access import role_assignments
from storage.staff.access.scopes import StaffAccess, active_ids


class SecondLookEnd(StrEnum):
    """How a second look ended; as its case leaves the desk, a ``Departure`` says so instead.

    TAKEN_BACK: by the person who asked. OVERTAKEN: the case left, in rows of earlier versions.
    """

    AGREED = "agreed"
    DECLINED = "declined"
    TAKEN_BACK = "taken-back"
    OVERTAKEN = "overtaken"


_OUTCOMES = {one.value: one for one in (*SecondLookEnd, *Departure)}


@dataclass(frozen=True, slots=True)
class SecondLook:
    """A request to refuse the submission ``revision`` for good, with its reasons.

    ``account`` is the Telegram id of the person who asked, ``name`` the one that colleagues read.
    """

    id: int
    application_id: ApplicationId
    revision: int
    desk: Desk
    assignment_id: int
    account: int
    name: str
    asked_at: datetime
    draft: RefusalDraft
    outcome: SecondLookEnd | Departure | None = None
    ended_at: datetime | None = None

    def waits(self, application: Application) -> bool:
        """Return whether somebody can still answer: the case waits at this desk as it was."""
        is_same = self.revision == application.revision
        return (
            self.outcome is None and is_same and DESK_BY_STAGE.get(application.stage) is self.desk
        )


async def ask(
    connection: AsyncConnection,
    keyring: Keyring,
    application: Application,
    assignment: RoleAssignment,
    draft: RefusalDraft,
    look_id: int,
    now: datetime,
) -> None:
    """Store a request of a role with its reasons. The caller ends the claim."""
    row = {
        "id": look_id,
        "application_id": application.id,
        "revision": application.revision,
        "desk": DESK_BY_STAGE[application.stage],
        "assignment_id": assignment.id,
        "asked_at": now,
        "draft": keyring.encrypt(orjson.dumps(asdict(draft)), _place(look_id)),
        "outcome": None,
        "ended_by": None,
        "ended_at": None,
    }
    await connection.execute(insert(second_looks), row_macs.bind(keyring, second_looks, row))


async def open_one(
    connection: AsyncConnection, keyring: Keyring, application: Application
) -> SecondLook | None:
    """Return the open request about the present submission at its present desk."""
    desk = DESK_BY_STAGE.get(application.stage)
    if desk is None:
        return None
    found = await _looks(connection, keyring, is_open(application.id, application.revision, desk))
    return found[-1] if found else None


async def of_applications(
    connection: AsyncConnection, keyring: Keyring, ids: Iterable[ApplicationId]
) -> list[SecondLook]:
    """Return all requests about these applications, oldest first. The caller checks the scope."""
    return await _looks(connection, keyring, second_looks.c.application_id.in_(list(ids)))


async def end(
    connection: AsyncConnection,
    keyring: Keyring,
    look: SecondLook,
    outcome: SecondLookEnd | None,
    by: RoleAssignment,
    now: datetime,
) -> bool:
    """End an open request, or open it again (None) after an undone agreement.

    Returns:
        Whether this call changed it.

    Raises:
        RowChanged: the request was changed without the keys.
    """
    row = await _row(connection, look)
    if row is None or (row.outcome is None) is (outcome is None):
        return False
    ended_by, ended_at = (None, None) if outcome is None else (by.id, now)
    await _end(connection, keyring, row, outcome, ended_by, ended_at)
    return True


async def overtake(
    connection: AsyncConnection,
    keyring: Keyring,
    application: Application,
    why: Departure,
    now: datetime,
    *,
    is_agreed: bool,
) -> SecondLook | None:
    """End the request about a case that leaves its desk; return it.

    Args:
        application: the application as it waits at the desk.
        is_agreed: somebody agreed, and the decision has not taken effect.
    """
    if is_agreed:
        look = await agreed(connection, keyring, application.id)
    else:
        look = await open_one(connection, keyring, application)
    if look is not None:
        await _end(connection, keyring, await _row(connection, look), why, None, now)
    return look


async def own_open(staff: StaffAccess, application: Application) -> SecondLook | None:
    """Return the open request of one of these roles about the case as it waits."""
    look = await open_one(staff.connection, staff.keyring, application)
    is_own = look is not None and look.assignment_id in active_ids(staff.assignments)
    return look if is_own else None


async def agreed(
    connection: AsyncConnection, keyring: Keyring, application_id: ApplicationId
) -> SecondLook | None:
    """Return the newest request about an application that somebody agreed to."""
    about = and_(
        second_looks.c.application_id == application_id,
        second_looks.c.outcome == SecondLookEnd.AGREED,
    )
    found = await _looks(connection, keyring, about)
    return found[-1] if found else None


async def others(
    staff: StaffAccess, application: Application, decided: Collection[int]
) -> list[RoleAssignment]:
    """Return the roles of other people that can have the second look, one an account.

    Args:
        decided: accounts that decided at the other review, and so cannot decide at this one.
    """
    first = next(one for one in staff.assignments if one.may_decide(application))
    area = Scope(application.area)
    active = await role_assignments.within(staff.connection, staff.keyring, first.bot_id, area)
    out = {first.telegram_id, *decided}
    found: dict[int, RoleAssignment] = {}
    for one in active:
        if one.telegram_id not in out and one.may_decide(application):
            found.setdefault(one.telegram_id, one)
    return list(found.values())


def is_open(application_id: Any, revision: Any, desk: Any) -> ColumnElement[bool]:
    """Match open requests about a submission at a desk; the arguments may be columns."""
    return and_(
        second_looks.c.application_id == application_id,
        second_looks.c.revision == revision,
        second_looks.c.desk == desk,
        second_looks.c.outcome.is_(None),
    )


async def _looks(
    connection: AsyncConnection, keyring: Keyring, which: ColumnElement[bool]
) -> list[SecondLook]:
    query = (
        select(second_looks, assignments_table)
        .join(assignments_table, assignments_table.c.id == second_looks.c.assignment_id)
        .where(which)
        .order_by(second_looks.c.id)
    )
    return [_of_row(keyring, joined) for joined in await connection.execute(query)]


async def _row(connection: AsyncConnection, look: SecondLook) -> Any:
    query = select(second_looks).where(second_looks.c.id == look.id)
    return (await connection.execute(query)).first()


async def _end(
    connection: AsyncConnection,
    keyring: Keyring,
    row: Any,
    outcome: SecondLookEnd | Departure | None,
    by: int | None,
    at: datetime | None,
) -> None:
    changed = {"outcome": outcome, "ended_by": by, "ended_at": at}
    bound = row_macs.rebound(keyring, second_looks, row, changed)
    await connection.execute(update(second_looks).where(second_looks.c.id == row.id).values(bound))


_DRAFT = TypeAdapter(RefusalDraft)


def _of_row(keyring: Keyring, joined: Any) -> SecondLook:
    row = part_of(joined, second_looks)
    row_macs.check(keyring, second_looks, row)
    by = role_assignments.of_row(
        keyring, part_of(joined, assignments_table, len(second_looks.columns))
    )
    return record_of(
        SecondLook,
        row,
        desk=Desk(row.desk),
        account=by.telegram_id,
        name=by.name,
        draft=_DRAFT.validate_json(keyring.decrypt(row.draft, _place(row.id))),
        outcome=_OUTCOMES[row.outcome] if row.outcome else None,
    )


def _place(look_id: int) -> str:
    return f"second_looks/{look_id}"
