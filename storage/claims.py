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

from states.desks import Pace
from states.drafts import Draft
from states.exam import Exam
from states.records import Application, ApplicationId, Fault, Part, Person, PersonId, Stage
from states.staff import DESKS, Desk, Seat
from storage import applications, people
from storage.queue import next_one
from storage.scopes import decidable, undecided
from storage.secrets import Keyring
from storage.tables import applications as filed
from storage.tables import claims, seats


class Lost(StrEnum):
    """Why somebody does not hold an application; said by the words ``lost-KEY``.

    GONE tells nothing of why, since it is also said of what never was in their scope.
    """

    RETURNED = "returned"
    TAKEN = "taken"
    DECIDED = "decided"
    GONE = "gone"


class NotHeld(LookupError):
    """Whoever asked does not hold this application (any more)."""

    def __init__(self, why: Lost) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Held:
    """An application in somebody's hands: whose it is, by which seat it is held, since when."""

    application: Application
    person: Person
    seat: Seat
    desk: Desk
    taken_at: datetime
    draft: Draft = field(default_factory=Draft)


async def take_next(
    connection: AsyncConnection, exam: Exam, by: Sequence[Seat], now: datetime, pace: Pace
) -> ApplicationId | None:
    """Take what is next; who holds something already is led back to it. None: nothing waits."""
    mine = await in_hands(connection, by, now, pace)
    if mine:
        return mine[0]
    found = await next_one(connection, exam, by, now, pace)
    if found is not None:
        await take(connection, by, found, now, pace)
    return found


async def in_hands(
    connection: AsyncConnection, by: Sequence[Seat], now: datetime, pace: Pace
) -> list[ApplicationId]:
    """What these seats hold, the first that was taken first."""
    query = (
        select(claims.c.application_id)
        .join(filed, filed.c.id == claims.c.application_id)
        .where(
            claims.c.seat_id.in_(_ids(by)),
            claims.c.touched_at > now - pace.idle,
            or_(*(and_(decidable(by, desk), undecided(desk)) for desk in Desk)),
        )
        .order_by(claims.c.taken_at, claims.c.application_id)
    )
    return [ApplicationId(found) for found in await connection.scalars(query)]


async def take(
    connection: AsyncConnection,
    by: Sequence[Seat],
    application_id: ApplicationId,
    now: datetime,
    pace: Pace,
    draft: bytes | None = None,
) -> None:
    """Take this application.

    Raises:
        NotHeld: it is in other hands, decided, or nothing that these seats decide.
    """
    _, seat = await _decider(connection, by, application_id)
    claim = await _claim(connection, application_id)
    if claim is not None and await _is_held(connection, claim, now, pace):
        if claim.seat_id not in _ids(by):
            raise NotHeld(Lost.TAKEN)
        await touch(connection, by, application_id, now)
        return  # and what was begun stays
    await connection.execute(delete(claims).where(claims.c.application_id == application_id))
    row = {"application_id": application_id, "seat_id": seat.id, "draft": draft}
    await connection.execute(insert(claims), {**row, "taken_at": now, "touched_at": now})


async def release(
    connection: AsyncConnection, by: Sequence[Seat], application_id: ApplicationId
) -> bool:
    """Put it back into the queue, where it stood; False where it was not theirs any more."""
    mine = (claims.c.application_id == application_id, claims.c.seat_id.in_(_ids(by)))
    return bool((await connection.execute(delete(claims).where(*mine))).rowcount)


async def touch(
    connection: AsyncConnection, by: Sequence[Seat], application_id: ApplicationId, now: datetime
) -> None:
    """Somebody works on it, so it does not go idle."""
    mine = (claims.c.application_id == application_id, claims.c.seat_id.in_(_ids(by)))
    await connection.execute(update(claims).where(*mine).values(touched_at=now))


async def write(
    connection: AsyncConnection, keyring: Keyring, held: Held, draft: Draft, now: datetime
) -> None:
    """Keep what is being written about it."""
    changed = {"draft": seal_draft(keyring, held.application.id, draft), "touched_at": now}
    mine = claims.c.application_id == held.application.id
    await connection.execute(update(claims).where(mine).values(changed))


async def read(
    connection: AsyncConnection,
    keyring: Keyring,
    by: Sequence[Seat],
    application_id: ApplicationId,
    now: datetime,
    pace: Pace,
) -> Held:
    """What somebody holds, with everything about it.

    Raises:
        NotHeld: they do not hold it (any more), or may not decide of it.
    """
    desk, _ = await _decider(connection, by, application_id)
    claim = await _claim(connection, application_id)
    if claim is None or not await _is_held(connection, claim, now, pace):
        raise NotHeld(Lost.RETURNED)
    seat = next((one for one in by if one.id == claim.seat_id), None)
    if seat is None:
        raise NotHeld(Lost.TAKEN)
    application = (await applications.by_ids(connection, keyring, [application_id]))[application_id]
    person = (await people.by_ids(connection, keyring, [application.person_id]))[
        application.person_id
    ]
    draft = open_draft(keyring, application_id, claim.draft)
    return Held(application, person, seat, desk, claim.taken_at, draft)


async def idle(connection: AsyncConnection, now: datetime, pace: Pace) -> list[ApplicationId]:
    """What is in nobody's hands any more, although a claim says so: it was left alone, its holder
    is not of the staff any more, or its candidate has withdrawn it."""
    query = (
        select(claims.c.application_id)
        .join(seats, seats.c.id == claims.c.seat_id)
        .join(filed, filed.c.id == claims.c.application_id)
        .where(
            or_(
                claims.c.touched_at <= now - pace.idle,
                seats.c.revoked_at.is_not(None),
                filed.c.stage.not_in(list(DESKS)),
            )
        )
    )
    return [ApplicationId(one) for one in await connection.scalars(query)]


async def end_idle(connection: AsyncConnection, now: datetime, pace: Pace) -> list[ApplicationId]:
    """End those claims; of what, so that its cards can be closed."""
    found = await idle(connection, now, pace)
    if found:
        await connection.execute(delete(claims).where(claims.c.application_id.in_(found)))
    return found


def seal_draft(keyring: Keyring, application_id: ApplicationId, draft: Draft) -> bytes:
    """A draft as the claim keeps it."""
    return keyring.seal(orjson.dumps(asdict(draft)), _place(application_id))


def open_draft(keyring: Keyring, application_id: ApplicationId, sealed: bytes | None) -> Draft:
    """The draft of a claim; an empty one where none was begun."""
    if sealed is None:
        return Draft()
    kept = orjson.loads(keyring.open(sealed, _place(application_id)))
    faults = tuple(Fault(**{**one, "part": Part(one["part"])}) for one in kept["faults"])
    return Draft(faults, kept["words"])


def _place(application_id: int) -> str:
    return f"claims/{application_id}/draft"


def _ids(by: Sequence[Seat]) -> list[int]:
    return [seat.id for seat in by if seat.revoked_at is None]


async def _decider(
    connection: AsyncConnection, by: Sequence[Seat], application_id: ApplicationId
) -> tuple[Desk, Seat]:
    """The desk at which it waits, and the seat that decides of it there.

    Raises:
        NotHeld: it waits at none of theirs, or was decided there.
    """
    mine = or_(*(decidable(by, desk) for desk in Desk))
    columns = (filed.c[name] for name in ("person_id", "exam", "area", "site", "point", "stage"))
    query = select(*columns).where(filed.c.id == application_id, mine)
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotHeld(Lost.GONE)
    places, stage = {"site": row.site, "point": row.point}, Stage(row.stage)
    outline = Application(
        application_id, PersonId(row.person_id), row.exam, row.area, stage, answers=places
    )
    desk = DESKS[stage]
    waits = select(filed.c.id).where(filed.c.id == application_id, undecided(desk))
    if await connection.scalar(waits) is None:
        raise NotHeld(Lost.DECIDED)
    return desk, next(seat for seat in by if seat.may_decide(outline))


async def _claim(connection: AsyncConnection, application_id: ApplicationId) -> Row[Any] | None:
    """The claim of this application, whether it still holds anything or not."""
    query = select(claims).where(claims.c.application_id == application_id)
    return (await connection.execute(query)).first()


async def _is_held(
    connection: AsyncConnection, claim: Row[Any] | None, now: datetime, pace: Pace
) -> bool:
    """Whether somebody who may still holds by it."""
    if claim is None or claim.touched_at <= now - pace.idle:
        return False
    holder = select(seats.c.id).where(seats.c.id == claim.seat_id, seats.c.revoked_at.is_(None))
    return await connection.scalar(holder) is not None
