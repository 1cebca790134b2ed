"""Resealing: each document that an older key encrypts is encrypted anew with the newest one.

A page of rows is one transaction, and a row that is done is not looked at again. So it can be
killed at any point and goes on with the next start.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Column, Table, and_, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import row_macs, tables
from storage.engine.encryption import ID_BYTES, Keyring

PLACES: Final[Mapping[Column[Any], str]] = {
    tables.people.c.identity: "people/{id}",
    tables.applications.c.answers: "applications/{id}",
    tables.applications.c.materials: "applications/{id}/materials",
    tables.applications.c.former: "applications/{id}/former",
    tables.applications.c.refusal: "applications/{id}/refusal",
    tables.applications.c.bill: "applications/{id}/bill",
    tables.photo_judgements.c.content: "photo_judgements/{blob}",
    tables.paper_judgements.c.look: "paper_judgements/{blob}",
    tables.paper_judgements.c.reading: "paper_judgements/{blob}/reading",
    tables.applications.c.change: "applications/{id}/late_change",
    tables.late_changes.c.content: "late_changes/{id}",
    tables.late_changes.c.words: "late_changes/{id}/words",
    tables.cases.c.words: "cases/{id}",
    tables.cases.c.answer: "cases/{id}/answer",
    tables.payment_orders.c.payer: "payment_orders/{id}/payer",
    tables.payment_orders.c.link: "payment_orders/{id}/link",
    tables.payment_refunds.c.reason: "payment_refunds/{id}",
    tables.role_assignments.c.name: "seats/{id}",
    tables.invites.c.opened_name: "invites/{id}",
    tables.claims.c.draft: "claims/{application_id}/draft",
    tables.second_looks.c.draft: "second_looks/{id}",
    tables.decisions.c.refusal: "verdicts/{id}/refusal",
    tables.submissions.c.content: "submissions/{application_id}/{number}",
    tables.submissions.c.assessment: "submissions/{application_id}/{number}/assessment",
    tables.spot_checks.c.second_words: "spot_checks/{id}/second",
    tables.spot_checks.c.third_words: "spot_checks/{id}/third",
    tables.notes.c.words: "notes/{id}",
    tables.broadcasts.c.message: "broadcasts/{id}",
    tables.inbox.c.raw: "inbox",
    tables.outbox.c.effect: "outbox",
    tables.jobs.c.payload: "jobs/{kind}/{key}",
    tables.reminders.c.history: "reminders/{person_id}",
}
"""Each encrypted column with the place that its documents are bound to."""
ROWS_AT_ONCE: Final = 200


class Resealing:
    """One walk over all tables; it keeps its place in memory, and a start walks anew."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._tables = [*dict.fromkeys(_table(column) for column in PLACES)]
        self._after: tuple[Any, ...] | None = None

    async def page(self, connection: AsyncConnection) -> bool:
        """Encrypt some documents anew in this transaction; False if the walk is over.

        A row that was changed without the keys gets no MAC: it stays as it is.

        Raises:
            WrongKey: a document is of a key that is not here.
        """
        while self._tables:
            table = self._tables[0]
            key = [*table.primary_key.columns]
            old = or_(*(_is_old(one, self._keyring) for one in PLACES if _table(one) is table))
            query = select(table).where(old).order_by(*key).limit(ROWS_AT_ONCE)
            if self._after is not None:
                query = query.where(tuple_(*key) > tuple_(*self._after))
            rows = [row_macs.as_mapping(table, row) for row in await connection.execute(query)]
            for row in rows:
                await _reseal(connection, self._keyring, table, row)
            if rows:
                self._after = tuple(rows[-1][column.key] for column in key)
                return True
            self._after = None
            del self._tables[0]
        return False


async def _reseal(
    connection: AsyncConnection, keyring: Keyring, table: Table, row: dict[str, Any]
) -> None:
    is_bound = table in row_macs.BOUND
    if is_bound and not row_macs.is_right(keyring, table, row):
        return
    changed = dict(row)
    for column, place in PLACES.items():
        if _table(column) is table and (sealed := row[column.key]) is not None:
            at = place.format_map(row)
            changed[column.key] = keyring.encrypt(keyring.decrypt(sealed, at), at)
    if is_bound:
        row_macs.bind(keyring, table, changed)
    key = [column == row[column.key] for column in table.primary_key.columns]
    await connection.execute(update(table).where(*key).values(changed))


async def left(connection: AsyncConnection, keyring: Keyring) -> int:
    """Count the rows with a document that the newest key does not decrypt."""
    counts = [
        select(func.count()).select_from(_table(column)).where(_is_old(column, keyring))
        for column in PLACES
    ]
    return sum([await connection.scalar(query) or 0 for query in counts])


def _table(column: Column[Any]) -> Table:
    return column.table


def _is_old(column: Column[Any], keyring: Keyring) -> Any:
    head = func.substr(column, 1, ID_BYTES)
    return and_(column.is_not(None), head != keyring.head)
