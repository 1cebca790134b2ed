"""Candidates who are known already: accounts locked, drafts at the form's first question."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.open_storage import open_storage
from bot.core.settings import Settings
from states.exam import Exam
from states.identity import IdType
from states.progress.next_step import due
from states.records import (
    CONSENT_VERSION,
    Application,
    ApplicationId,
    Identity,
    Person,
    PersonId,
    Records,
)
from storage.candidates import applications, people
from storage.engine import tables
from storage.updates import fsm
from storage.updates.fsm import candidate_key
from tests.e2e.person import BOT
from tests.e2e.scenes import NAME, NUMBER

AREA = "qinghai"
WHO = Identity(NAME, IdType.RESIDENT_ID, NUMBER, "female", "1990-03-07")
"""Everybody is called the same, so that everybody is told the same."""


async def plant(settings: Settings, exam: Exam, ids: Sequence[int]) -> None:
    """Write one candidate for each messenger account, sealed as the bot seals them."""
    known = [_candidate(exam, number) for number in ids]
    keys = [fsm.row_key(candidate_key(BOT, number)) for number in ids]
    places = dict(zip(keys, (_place(exam, records) for records in known), strict=True))
    async with open_storage(settings, exam) as stores, stores.db.write() as connection:
        await connection.execute(
            tables.people.insert(),
            [people.as_row(stores.keyring, r.person) for r in known if r.person],
        )
        await connection.execute(
            tables.applications.insert(),
            [applications.as_row(stores.keyring, r.application) for r in known if r.application],
        )
        await fsm.flush(stores.db, connection, places)


def _candidate(exam: Exam, number: int) -> Records:
    """Somebody whose rows have ids of their own."""
    agreed_at = exam.windows.registration.opens
    person = Person(
        PersonId(number),
        BOT,
        number,
        locale="zh-CN",
        consent=CONSENT_VERSION,
        consented_at=agreed_at,
        identity=WHO,
        number_hash=f"{number:064}",
    )
    draft = Application(
        ApplicationId(number),
        person.id,
        exam.key,
        area=AREA,
        agreed=exam.terms.version,
        agreed_at=agreed_at,
    )
    return Records(person, draft)


def _place(exam: Exam, records: Records) -> fsm.FsmRecord:
    place = due(records, exam, exam.windows.registration.opens)
    return fsm.FsmRecord(place.state.state, dict(place.data), changed=True)
