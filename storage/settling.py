"""Decisions take effect: the applications move, all in the clock's one transaction.

A decision is judged by when it was made. What was taken back is not there any more; what was
withdrawn, or handed in anew, does not stand where it was decided, and the decision is void.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from states import lifecycle
from states.exam import Exam
from states.lifecycle import Illegal
from states.records import Application, Person
from states.staff import DESKS
from storage import applications, audit, cards, people, verdicts
from storage.audit import Deed, Entry
from storage.cards import Shown
from storage.secrets import Keyring
from storage.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Settled:
    """A decision that took effect, or was void.

    ``application`` is as it was; ``notice`` is the screen that tells its candidate, empty where the
    decision was void; ``shown`` are the messages of the staff that are to be closed.
    """

    verdict: Verdict
    person: Person
    application: Application
    notice: str
    shown: tuple[Shown, ...]


async def settle(
    connection: AsyncConnection,
    keyring: Keyring,
    exam: Exam,
    ids: Sequence[int],
    now: datetime,
    new_id: Callable[[], int],
) -> list[Settled]:
    """Let these decisions take effect."""
    if not ids:
        return []
    due = await verdicts.waiting(connection, keyring, ids)
    about = await applications.by_ids(connection, keyring, [one.application_id for one in due])
    whose = await people.by_ids(connection, keyring, [one.person_id for one in about.values()])
    settled: list[Settled] = []
    for one in due:
        application = about[one.application_id]
        moved = _moved(application, one, exam)
        stands = moved and await applications.keep_move(connection, keyring, application, moved[0])
        notice = moved[1] if moved and stands else ""
        shown = tuple(await cards.shown(connection, application.id))
        await cards.forget(connection, application.id)
        settled.append(Settled(one, whose[application.person_id], application, notice, shown))
    applied = {one.verdict.id for one in settled if one.notice}
    await verdicts.applied(connection, applied, now)
    await verdicts.drop(connection, {one.id for one in due} - applied)
    await audit.add(connection, [_deed(one, now, new_id()) for one in settled])
    return settled


def _moved(
    application: Application, verdict: Verdict, exam: Exam
) -> tuple[Application, str] | None:
    """What the decision makes of its application, and the notice of it; None where it is void."""
    stands = (application.revision, DESKS.get(application.stage))
    if stands != (verdict.revision, verdict.desk):
        return None
    try:
        return lifecycle.decided(
            application, verdict.desk, exam, verdict.decided_at, refusal=verdict.refusal
        )
    except Illegal:
        return None


def _deed(settled: Settled, now: datetime, entry_id: int) -> Entry:
    """The line of the audit; it was the decider's deed, whenever it took effect."""
    verdict, application = settled.verdict, settled.application
    return Entry(
        id=entry_id,
        at=now,
        actor=verdict.account,
        deed=Deed.DECISION_APPLIED if settled.notice else Deed.DECISION_VOID,
        person_id=application.person_id,
        application_id=application.id,
        detail=f"{verdict.desk} {verdict.revision}",
    )
