"""A case leaves its desk without a decision of the desk, and all that the desk had about it ends.

The claim goes, and a decision in its undo window; a request for a second look ends. Colleagues who
had a hand in the case are told, and its messages are closed (``handlers.case_messages``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import Application, ApplicationId
from states.staff.departures import Departure, Involvement
from storage.audit import audit_log
from storage.engine.encryption import Keyring
from storage.engine.tables import claims as claims_table
from storage.engine.tables import second_looks as looks
from storage.staff.cases import cards, claims, decisions, second_looks
from storage.staff.cases.cards import ShownMessage


@dataclass(frozen=True, slots=True)
class DepartedCase:
    """A case that left its desk: who is told, by account, and the staff's messages to close."""

    application_id: ApplicationId
    why: Departure
    told: Mapping[int, Involvement]
    shown: Sequence[ShownMessage]


async def depart(
    connection: AsyncConnection,
    keyring: Keyring,
    before: Application,
    why: Departure,
    now: datetime,
    new_id: Callable[[], int],
) -> DepartedCase:
    """End the claim, the second look and the decision in its undo window of a case.

    Args:
        before: the application as it waited at its desk.
        new_id: makes the id of an audit entry.
    """
    told: dict[int, Involvement] = {}
    undone = await decisions.unapplied(connection, keyring, before.id)
    is_agreed = undone is not None and undone.is_definite
    look = await second_looks.overtake(connection, keyring, before, why, now, is_agreed=is_agreed)
    if look is not None:
        told[look.account] = Involvement.ASKED
    holder = await claims.end(connection, before.id)
    if holder is not None:
        told[holder] = Involvement.HELD
    if undone is not None:
        told[undone.account] = Involvement.DECIDED
        await decisions.drop(connection, [undone.id])
        entry = decisions.audit_entry(undone, before, now, new_id(), is_void=True)
        await audit_log.add(connection, keyring, [entry])
    about = await cards.shown(connection, before.id)
    shown = [one for one in about if not one.is_of_change]  # a late change is another matter
    await cards.forget(connection, shown)
    return DepartedCase(before.id, why, told, shown)


async def in_hand(
    connection: AsyncConnection, ids: Collection[ApplicationId]
) -> set[ApplicationId]:
    """Return those of these applications with a claim or an open second look: 1 query."""
    query = union(
        select(claims_table.c.application_id).where(claims_table.c.application_id.in_(ids)),
        select(looks.c.application_id).where(
            looks.c.application_id.in_(ids), looks.c.outcome.is_(None)
        ),
    )
    return {ApplicationId(one) for one in await connection.scalars(query)}
