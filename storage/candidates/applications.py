"""Applications: one row a person and exam; the answers lie sealed in one document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import RowMapping, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import CodesInUse
from states.records import (
    Answers,
    Application,
    ApplicationId,
    Fault,
    MaterialFile,
    Part,
    PersonId,
    Refusal,
    Stage,
)
from storage.engine.encryption import Keyring
from storage.engine.tables import applications

CODES = tuple(applications.c[name] for name in ("area", "site", "point", "specialty"))
"""The columns that hold codes of the exam, in the order of ``CodesInUse``."""
MOVED = ("stage", "revision", "submitted_at", "since", "refusal", "expired_from")
"""What only a move changes (``states.lifecycle``): the staff's and the clock's, and the candidate's
where the step runs alone. Everything else is the candidate's own."""


async def load(
    connection: AsyncConnection, keyring: Keyring, exam: str, person_ids: Iterable[PersonId]
) -> dict[PersonId, Application]:
    """The applications of these people for one exam, in one query."""
    wanted = {"of": exam, "people": list(person_ids)}
    rows = (await connection.execute(_OF_PEOPLE, wanted)).mappings()
    return {PersonId(row["person_id"]): _application(keyring, row) for row in rows}


_OF_PEOPLE = select(applications).where(
    applications.c.exam == bindparam("of"),
    applications.c.person_id.in_(bindparam("people", expanding=True)),
)


async def by_ids(
    connection: AsyncConnection, keyring: Keyring, ids: Iterable[ApplicationId]
) -> dict[ApplicationId, Application]:
    """These applications, for those who may see them all (``storage.staff.scopes``), in one query."""
    query = select(applications).where(applications.c.id.in_(list(ids)))
    rows = (await connection.execute(query)).mappings()
    return {ApplicationId(row["id"]): _application(keyring, row) for row in rows}


async def of_person(
    connection: AsyncConnection, keyring: Keyring, person_id: PersonId
) -> list[Application]:
    """All applications of a person, for whatever exam, oldest first."""
    query = (
        select(applications)
        .where(applications.c.person_id == person_id)
        .order_by(applications.c.id)
    )
    rows = (await connection.execute(query)).mappings()
    return [_application(keyring, row) for row in rows]


async def newest_other(
    connection: AsyncConnection, keyring: Keyring, person_id: PersonId, exam: str
) -> Application | None:
    """The latest application of the person for another exam: what they said last time."""
    query = (
        select(applications)
        .where(applications.c.person_id == person_id, applications.c.exam != exam)
        .order_by(applications.c.id.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else _application(keyring, row)


async def any_submitted(connection: AsyncConnection, person_id: PersonId) -> bool:
    """Whether the person has handed in an application, for whatever exam."""
    query = select(applications.c.id).where(
        applications.c.person_id == person_id, applications.c.stage != Stage.DRAFT
    )
    return await connection.scalar(query.limit(1)) is not None


async def codes_in_use(connection: AsyncConnection, exam: str) -> list[CodesInUse]:
    """The codes of the exam that applications for it refer to, each combination once."""
    query = select(*CODES).where(applications.c.exam == exam, applications.c.area != "").distinct()
    return [CodesInUse(*row) for row in await connection.execute(query)]


def is_moved(before: Application | None, after: Application | None) -> bool:
    """Whether an application that was there before stands elsewhere afterwards."""
    if before is None or after is None:
        return False
    return any(getattr(before, name) != getattr(after, name) for name in MOVED)


async def save_transition(
    connection: AsyncConnection, keyring: Keyring, before: Application, after: Application
) -> bool:
    """Keep what a move has changed (``states.lifecycle``) and nothing else of the row.

    False where the application does not stand any more where it stood: nothing is written then.
    """
    row = as_row(keyring, after)
    statement = update(applications).where(
        applications.c.id == before.id,
        applications.c.stage == before.stage,
        applications.c.revision == before.revision,
    )
    moved = {name: row[name] for name in ("stage", "since", "refusal", "expired_from")}
    return (await connection.execute(statement.values(moved))).rowcount == 1


def as_row(keyring: Keyring, application: Application) -> dict[str, Any]:
    """An application as the table keeps it."""
    answers = orjson.dumps(dict(application.answers))
    return {
        "id": application.id,
        "person_id": application.person_id,
        "exam": application.exam,
        "area": application.area,
        "site": application.site,
        "point": application.point,
        "specialty": application.specialty,
        "stage": application.stage,
        "agreed": application.agreed,
        "agreed_at": application.agreed_at,
        "answers": keyring.encrypt(answers, _place(application.id)),
        "form_version": application.form_version,
        "revision": application.revision,
        "photo": application.photo,
        "materials": _sealed_materials(keyring, application),
        "uploaded_at": application.uploaded_at,
        "submitted_at": application.submitted_at,
        "since": application.since,
        "refusal": _sealed_refusal(keyring, application),
        "expired_from": application.expired_from,
    }


def _application(keyring: Keyring, row: RowMapping | Mapping[str, Any]) -> Application:
    return Application(
        id=ApplicationId(row["id"]),
        person_id=PersonId(row["person_id"]),
        exam=row["exam"],
        area=row["area"],
        stage=Stage(row["stage"]),
        agreed=row["agreed"],
        agreed_at=row["agreed_at"],
        answers=_answers(keyring, row),
        form_version=row["form_version"],
        revision=row["revision"],
        photo=row["photo"],
        materials=_materials(keyring, row),
        uploaded_at=row["uploaded_at"],
        submitted_at=row["submitted_at"],
        since=row["since"],
        refusal=_refusal(keyring, row),
        expired_from=Stage(row["expired_from"]) if row["expired_from"] else None,
    )


def _answers(keyring: Keyring, row: RowMapping | Mapping[str, Any]) -> Answers:
    answers: dict[str, str] = orjson.loads(keyring.decrypt(row["answers"], _place(row["id"])))
    if row["site"]:  # before the form asked for it, the site stood in its column only
        answers.setdefault("site", row["site"])
    return answers


def _sealed_materials(keyring: Keyring, application: Application) -> bytes | None:
    if not application.materials:
        return None
    files = {code: [astuple(one) for one in kept] for code, kept in application.materials.items()}
    return keyring.encrypt(orjson.dumps(files), _place_of_materials(application.id))


def _materials(
    keyring: Keyring, row: RowMapping | Mapping[str, Any]
) -> dict[str, tuple[MaterialFile, ...]]:
    if row["materials"] is None:
        return {}
    files = orjson.loads(keyring.decrypt(row["materials"], _place_of_materials(row["id"])))
    return {code: tuple(MaterialFile(*one) for one in kept) for code, kept in files.items()}


def _sealed_refusal(keyring: Keyring, application: Application) -> bytes | None:
    if application.refusal is None:
        return None
    return keyring.encrypt(refusal_to_json(application.refusal), _place_of_refusal(application.id))


def _refusal(keyring: Keyring, row: RowMapping | Mapping[str, Any]) -> Refusal | None:
    if row["refusal"] is None:
        return None
    return refusal_of_json(keyring.decrypt(row["refusal"], _place_of_refusal(row["id"])))


def refusal_to_json(refusal: Refusal) -> bytes:
    """A refusal as it is kept; ``refusal_of_json`` reads it again."""
    return orjson.dumps(asdict(refusal))


def refusal_of_json(data: bytes) -> Refusal:
    """The refusal that ``refusal_to_json`` wrote."""
    kept = orjson.loads(data)
    return Refusal(
        at=datetime.fromisoformat(kept["at"]),
        faults=tuple(Fault(**{**one, "part": Part(one["part"])}) for one in kept["faults"]),
        words=kept["words"],
        until=datetime.fromisoformat(kept["until"]) if kept["until"] else None,
        returns_to=Stage(kept["returns_to"]),
        refused_at=Stage(kept["refused_at"]),
    )


def _place_of_refusal(application_id: int) -> str:
    return f"{_place(application_id)}/refusal"


def _place(application_id: int) -> str:
    return f"applications/{application_id}"


def _place_of_materials(application_id: int) -> str:
    return f"{_place(application_id)}/materials"
