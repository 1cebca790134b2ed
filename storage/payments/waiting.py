"""Applications whose deadline waits: money may still be heard of, or the area looks for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam
from states.payment.waiting import is_settled
from states.process import time_rules
from states.records import Application, ApplicationId, Stage
from storage.candidates import cases
from storage.engine.encryption import Keyring
from storage.payments import orders


async def paying(
    connection: AsyncConnection,
    keyring: Keyring,
    exam: Exam,
    overdue: Sequence[Application],
    now: datetime,
) -> frozenset[ApplicationId]:
    """Return those of the overdue applications that must not end yet: two queries, or none."""
    unpaid = [one for one in overdue if one.stage is Stage.APPROVED]
    if not unpaid:
        return frozenset()
    people = [one.person_id for one in unpaid]
    claiming = {case.person_id for case in await cases.open_payments(connection, keyring, people)}
    known = await orders.of_applications(connection, keyring, [one.id for one in unpaid])
    waiting = set()
    for one in unpaid:
        ends = time_rules.deadline(one, exam) or now
        if one.person_id in claiming or not is_settled(known.get(one.id, ()), ends, now):
            waiting.add(one.id)
    return frozenset(waiting)
