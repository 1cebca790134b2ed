"""Applications: one row for a person and an exam, with the answers encrypted in one document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, astuple
from typing import Any

import orjson
from pydantic import TypeAdapter
from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import CodesInUse
from states.records import (
    Answers,
    Application,
    ApplicationId,
    Bill,
    FormerArea,
    LateChange,
    MaterialFile,
    Materials,
    PersonId,
    Refusal,
    Stage,
)
from storage.candidates import reminder_dates
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import record_of, row_of
from storage.engine.tables import applications

_CODES = tuple(applications.c[name] for name in ("area", "site", "point", "specialty"))
"""The columns with codes of the exam, in the order of ``CodesInUse``."""
MOVE_COLUMNS = (
    *("stage", "revision", "submitted_at", "since", "refusal", "expired_from", "bill", "change"),
)
"""The columns that only a transition changes (``lifecycle``); ``STAGE_MAC`` binds them.

The scheduler and the staff write them, and a candidate's exclusive steps.
"""
STAGE_MAC = "stage_mac"


async def by_ids(
    connection: AsyncConnection, keyring: Keyring, ids: Iterable[ApplicationId]
) -> dict[ApplicationId, Application]:
    """Return these applications: 1 query. The caller has checked the reader's scope."""
    query = select(applications).where(applications.c.id.in_(list(ids)))
    rows = await connection.execute(query)
    return {ApplicationId(row.id): of_row(keyring, row) for row in rows}


async def of_person(
    connection: AsyncConnection, keyring: Keyring, person_id: PersonId
) -> list[Application]:
    """Return all applications of a person, oldest first."""
    query = select(applications).where(applications.c.person_id == person_id)
    rows = await connection.execute(query.order_by(applications.c.id))
    return [of_row(keyring, row) for row in rows]


async def newest_other(
    connection: AsyncConnection, keyring: Keyring, person_id: PersonId, exam: str
) -> Application | None:
    """Return the person's latest application for another exam, to reuse its answers."""
    query = (
        select(applications)
        .where(applications.c.person_id == person_id, applications.c.exam != exam)
        .order_by(applications.c.id.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    return None if row is None else of_row(keyring, row)


async def any_submitted(connection: AsyncConnection, person_id: PersonId) -> bool:
    """Return whether the person has ever submitted an application, withdrawn or not."""
    query = select(applications.c.id).where(
        applications.c.person_id == person_id,
        or_(applications.c.stage != Stage.DRAFT, applications.c.revision > 0),
    )
    return await connection.scalar(query.limit(1)) is not None


async def codes_in_use(connection: AsyncConnection, exam: str) -> list[CodesInUse]:
    """Return the distinct codes of the exam that its applications refer to."""
    query = select(*_CODES).where(applications.c.exam == exam, applications.c.area != "").distinct()
    return [CodesInUse(*row) for row in await connection.execute(query)]


async def count_by_codes(connection: AsyncConnection, exam: str) -> Counter[CodesInUse]:
    """Return how many applications of the exam refer to each combination of codes."""
    query = select(*_CODES, func.count()).where(applications.c.exam == exam).group_by(*_CODES)
    return Counter({CodesInUse(*codes): count for *codes, count in await connection.execute(query)})


async def count_by_stage(connection: AsyncConnection, exam: str) -> Counter[Stage]:
    """Return how many applications of the exam are at each stage."""
    stage = applications.c.stage
    query = select(stage, func.count()).where(applications.c.exam == exam).group_by(stage)
    return Counter({Stage(one): count for one, count in await connection.execute(query)})


def has_moved(before: Application | None, after: Application | None) -> bool:
    """Return whether a transition lies between two states of an application."""
    if before is None or after is None:
        return False
    return any(getattr(before, name) != getattr(after, name) for name in MOVE_COLUMNS)


async def save_transition(
    connection: AsyncConnection, keyring: Keyring, before: Application, after: Application
) -> bool:
    """Update the columns of a transition (``lifecycle``), and answers that it restores.

    Returns False and changes nothing if the row's stage or revision is not that of ``before``.
    """
    row = as_row(keyring, after)
    statement = update(applications).where(
        applications.c.id == before.id,
        applications.c.stage == before.stage,
        applications.c.revision == before.revision,
    )
    names = [name for name in MOVE_COLUMNS if name != "submitted_at"]
    names.append(STAGE_MAC)
    if after.answers != before.answers:  # a late change that ends gives the submitted ones back
        names += ["site", "point", "specialty", "answers", "mac"]
    changed = {name: row[name] for name in names}
    if not (await connection.execute(statement.values(changed))).rowcount:
        return False
    await reminder_dates.look_again(connection, [after.person_id], after.since)
    return True


def as_row(keyring: Keyring, application: Application) -> dict[str, Any]:
    """Return an application as a row of its table."""
    place, refusal, former = _place(application.id), application.refusal, application.former
    files, bill, change = application.materials, application.bill, application.change
    files_json = orjson.dumps(_files(files)) if files else None
    row = row_of(
        applications,
        application,
        answers=keyring.encrypt(orjson.dumps(dict(application.answers)), place),
        materials=keyring.encrypt(files_json, f"{place}/materials") if files_json else None,
        refusal=refusal and keyring.encrypt(refusal_to_json(refusal), f"{place}/refusal"),
        former=former and keyring.encrypt(_former_to_json(former), f"{place}/former"),
        bill=bill and keyring.encrypt(orjson.dumps(asdict(bill)), f"{place}/bill"),
        change=change and keyring.encrypt(orjson.dumps(asdict(change)), f"{place}/late_change"),
        mac=None,
        stage_mac=None,
    )
    return row_macs.bind(keyring, applications, row)


def of_row(keyring: Keyring, row: Any) -> Application:
    """Return the application of a row of its table.

    Raises:
        RowChanged: the row was changed without the keys.
    """
    row_macs.check(keyring, applications, row)
    sealed, place = row.refusal, f"{_place(row.id)}/refusal"
    return record_of(
        Application,
        row,
        stage=Stage(row.stage),
        answers=_answers(keyring, row),
        materials=_materials(keyring, row),
        refusal=sealed and refusal_of_json(keyring.decrypt(sealed, place)),
        expired_from=Stage(row.expired_from) if row.expired_from else None,
        former=row.former
        and _FORMER.validate_json(keyring.decrypt(row.former, f"{_place(row.id)}/former")),
        change=row.change
        and _CHANGE.validate_json(keyring.decrypt(row.change, _change_at(row.id))),
        bill=row.bill and _BILL.validate_json(keyring.decrypt(row.bill, f"{_place(row.id)}/bill")),
    )


def _answers(keyring: Keyring, row: Any) -> Answers:
    answers: dict[str, str] = orjson.loads(keyring.decrypt(row.answers, _place(row.id)))
    if row.site:  # before the form asked for it, the site stood in its column only
        answers.setdefault("site", row.site)
    return answers


def _materials(keyring: Keyring, row: Any) -> dict[str, tuple[MaterialFile, ...]]:
    if row.materials is None:
        return {}
    files = orjson.loads(keyring.decrypt(row.materials, f"{_place(row.id)}/materials"))
    return {code: tuple(MaterialFile(*one) for one in kept) for code, kept in files.items()}


def _files(materials: Materials) -> dict[str, list[Any]]:
    return {code: [astuple(one) for one in kept] for code, kept in materials.items()}


_FORMER = TypeAdapter(FormerArea)
_REFUSAL = TypeAdapter(Refusal)
_BILL = TypeAdapter(Bill)
_CHANGE = TypeAdapter(LateChange)


def _change_at(application_id: int) -> str:
    return f"{_place(application_id)}/late_change"


def _former_to_json(former: FormerArea) -> bytes:
    return orjson.dumps(asdict(former))


def refusal_to_json(refusal: Refusal) -> bytes:
    """Serialize a refusal for ``refusal_of_json``."""
    return orjson.dumps(asdict(refusal))


def refusal_of_json(data: bytes) -> Refusal:
    """Parse a refusal of ``refusal_to_json``."""
    return _REFUSAL.validate_json(data)


def _place(application_id: int) -> str:
    return f"applications/{application_id}"
