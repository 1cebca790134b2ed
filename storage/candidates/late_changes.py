"""Late changes: a row for each request, with what is asked and why encrypted.

Only exclusive steps and the scheduler write them. The row's MAC binds what was asked to what was
decided (``storage.engine.row_macs``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from typing import Any

import orjson
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.changes.late_changes import ChangeRequest
from states.records import Application, ApplicationId, LateChangeState, MaterialFile
from storage.candidates import applications
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import row_of
from storage.engine.tables import late_changes


async def add(
    connection: AsyncConnection, keyring: Keyring, requests: Sequence[ChangeRequest]
) -> None:
    """Insert requests, at least one: 1 statement.

    Raises:
        IntegrityError: an application has one of this number.
    """
    await connection.execute(insert(late_changes), [_as_row(keyring, one) for one in requests])


async def save(
    connection: AsyncConnection, keyring: Keyring, before: ChangeRequest, after: ChangeRequest
) -> bool:
    """Update a request; False if its state is not that of ``before``: somebody was faster."""
    row = _as_row(keyring, after)
    as_read = (late_changes.c.id == before.id, late_changes.c.state == before.state)
    return (await connection.execute(update(late_changes).where(*as_read).values(row))).rowcount > 0


async def by_id(
    connection: AsyncConnection, keyring: Keyring, request_id: int
) -> ChangeRequest | None:
    """Return a request with its application; None if it is unknown or was erased."""
    query = select(late_changes).where(late_changes.c.id == request_id)
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    filed = await applications.by_ids(connection, keyring, {row.application_id})
    return of_rows(keyring, [row], filed)[0]


async def papers(
    connection: AsyncConnection, keyring: Keyring, application: Application | None
) -> tuple[MaterialFile, ...]:
    """Return the papers of an application's last request, while it waits or is open."""
    change = application.change if application else None
    if change is None or change.state not in (LateChangeState.ASKED, LateChangeState.OPEN):
        return ()
    request = await by_id(connection, keyring, change.id)
    return request.papers if request else ()


async def of_applications(
    connection: AsyncConnection, keyring: Keyring, filed: Mapping[ApplicationId, Application]
) -> list[ChangeRequest]:
    """Return all requests of these applications, oldest first."""
    query = select(late_changes).where(late_changes.c.application_id.in_(list(filed)))
    rows = await connection.execute(query.order_by(late_changes.c.id))
    return of_rows(keyring, rows, filed)


def of_rows(
    keyring: Keyring, rows: Iterable[Any], filed: Mapping[ApplicationId, Application]
) -> list[ChangeRequest]:
    """Return the requests of rows of their table, whose applications are these."""
    return [_of_row(keyring, row, filed[row.application_id]) for row in rows]


def _as_row(keyring: Keyring, request: ChangeRequest) -> dict[str, Any]:
    place = _place(request.id)
    content = {
        "fields": request.fields,
        "reason": request.reason,
        "papers": [astuple(one) for one in request.papers],
    }
    row = row_of(
        late_changes,
        request,
        application_id=request.application.id,
        content=keyring.encrypt(orjson.dumps(content), place),
        words=keyring.encrypt(request.words.encode(), f"{place}/words") if request.words else None,
        mac=None,
    )
    return row_macs.bind(keyring, late_changes, row)


def _of_row(keyring: Keyring, row: Any, application: Application) -> ChangeRequest:
    row_macs.check(keyring, late_changes, row)
    place = _place(row.id)
    content = orjson.loads(keyring.decrypt(row.content, place))
    words = keyring.decrypt(row.words, f"{place}/words").decode() if row.words else ""
    return ChangeRequest(
        row.id,
        application,
        row.number,
        LateChangeState(row.state),
        tuple(content["fields"]),
        content["reason"],
        tuple(MaterialFile(*one) for one in content["papers"]),
        row.asked_at,
        row.account,
        row.decided_at,
        row.until,
        words,
        row.ended_at,
    )


def _place(request_id: int) -> str:
    return f"late_changes/{request_id}"
