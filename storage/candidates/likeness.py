"""Accounts that may be one person's: found by keyed hashes, then compared after decryption.

Numbers, birth dates and telephones lie hashed, one row each, from the last submission of a person.
A hash finds candidates; ``states.identity.likeness`` says what two of them have alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam
from states.identity.likeness import MOST_OF_A_PHONE, Likeness, likenesses
from states.records import Application, Person, PersonId
from states.staff.cases import CaseKind
from storage.candidates import applications, cases, people, photo_judgements
from storage.candidates.cases import Case
from storage.engine.encryption import Keyring
from storage.engine.tables import applications as filed
from storage.engine.tables import identity_digests

NUMBER, BORN, PHONE = "number", "born", "phone"
"""The kinds of digests."""
MOBILE: Final = "mobile"
"""The field of the form with the telephone number."""
MOST_OPENED: Final = 10
"""Cases that one submission can open."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Another account with its application, and what it has in common with the first."""

    person: Person
    application: Application
    what: frozenset[Likeness]


async def note(
    connection: AsyncConnection, keyring: Keyring, person: Person, application: Application
) -> None:
    """Replace the digests of a person by those of their present answers."""
    mine = identity_digests.c.person_id == person.id
    await connection.execute(delete(identity_digests).where(mine))
    rows = [
        {"digest": digest, "person_id": person.id, "kind": kind}
        for kind, digest in _digests(keyring, person, application).items()
    ]
    if rows:
        await connection.execute(insert(identity_digests), rows)


def _digests(keyring: Keyring, person: Person, application: Application) -> dict[str, str]:
    values = {
        NUMBER: person.identity.id_number,
        BORN: person.identity.born,
        PHONE: application.answers.get(MOBILE, ""),
    }
    return {kind: keyring.hash(f"alike-{kind}", value) for kind, value in values.items() if value}


async def alike(
    connection: AsyncConnection, keyring: Keyring, person: Person, application: Application
) -> list[Alike]:
    """Return other accounts with an application for the same exam that may be this person's."""
    found = await _candidates(connection, keyring, person, application)
    ids = {one for of_kind in found.values() for one in of_kind}
    known = await people.by_ids(connection, keyring, ids)
    other_applications = await _submitted(connection, keyring, application.exam, ids)
    results = []
    for number, other in known.items():
        theirs = other_applications.get(number)
        if theirs is None or other.is_closed:
            continue
        what = likenesses(
            person.identity,
            other.identity,
            same_phone=number in found[Likeness.PHONE],
            same_photo=number in found[Likeness.PHOTO],
        )
        if what:
            results.append(Alike(other, theirs, what))
    return sorted(results, key=lambda one: one.person.id)


async def _candidates(
    connection: AsyncConnection, keyring: Keyring, person: Person, application: Application
) -> dict[str, set[PersonId]]:
    """Return by kind the people with an equal digest, or with a copy of the same photo."""
    digests = _digests(keyring, person, application)
    query = select(identity_digests.c.kind, identity_digests.c.person_id).where(
        identity_digests.c.digest.in_(digests.values()), identity_digests.c.person_id != person.id
    )
    found: dict[str, set[PersonId]] = defaultdict(set)
    for kind, number in await connection.execute(query):
        found[kind].add(PersonId(number))
    if len(found[PHONE]) >= MOST_OF_A_PHONE:
        found[PHONE].clear()  # an office's telephone
    photo = application.photo
    judged = await photo_judgements.of_blob(connection, keyring, photo) if photo else None
    if judged is not None:
        same = await photo_judgements.same_photos(connection, keyring, judged)
        found[Likeness.PHOTO] = {one.person_id for one in same}
    return found


async def _submitted(
    connection: AsyncConnection, keyring: Keyring, exam: str, ids: set[PersonId]
) -> dict[PersonId, Application]:
    query = select(filed).where(
        filed.c.person_id.in_(ids), filed.c.exam == exam, filed.c.revision > 0
    )
    rows = await connection.execute(query)
    return {PersonId(row.person_id): applications.of_row(keyring, row) for row in rows}


async def open_cases(
    connection: AsyncConnection,
    keyring: Keyring,
    exam: Exam,
    person: Person,
    now: datetime,
    new_id: Callable[[], int],
) -> list[Case]:
    """Note a person's digests, and open a case for each account that may be theirs, too.

    Pairs that have a case already, whatever was decided on it, are left alone.
    """
    own = await applications.of_person(connection, keyring, person.id)
    application = next((one for one in own if one.exam == exam.key), None)
    if application is None or not application.revision or person.is_closed:
        return []
    await note(connection, keyring, person, application)
    known = {
        number
        for one in await cases.duplicates_of(connection, keyring, person.id)
        for number in (one.person_id, one.other_id)
    }
    opened: list[Case] = []
    for other in await alike(connection, keyring, person, application):
        if other.person.id in known or len(opened) == MOST_OPENED:
            continue
        area, site = _place(application, other.application)
        older, newer = sorted((person.id, other.person.id))
        case = Case(
            new_id(),
            CaseKind.DUPLICATE,
            older,
            "",
            area,
            site,
            now,
            words=" ".join(sorted(other.what)),
            other_id=newer,
        )
        await cases.add(connection, keyring, case)
        opened.append(case)
    return opened


def _place(newer: Application, older: Application) -> tuple[str, str]:
    """Return the place that decides: the site of both, else the area of the later submission."""
    is_one_site = (newer.area, newer.site) == (older.area, older.site)
    return newer.area, newer.site if is_one_site else ""
