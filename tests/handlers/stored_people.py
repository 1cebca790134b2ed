"""The database remembers earlier rows: somebody else's account, last year's application."""

from __future__ import annotations

from dataclasses import replace

from states.identity import FORMATS, IdType
from states.records import Application, ApplicationId, Identity, PersonId
from storage.candidates import applications, people
from storage.engine import tables
from tests.fakes.router import KEYRING, OfflineRouter
from tests.handlers.people import IDENTITY, person

TAKEN = FORMATS[IdType.HK_MACAO_PERMIT].example
OF_SOMEBODY_ELSE: Identity = replace(IDENTITY, id_type=IdType.HK_MACAO_PERMIT, id_number=TAKEN)


async def somebody_else_has(router: OfflineRouter) -> None:
    """The number ``TAKEN`` belongs to another account."""
    identity = OF_SOMEBODY_ELSE
    hashed = people.hash_number(KEYRING, identity.id_type, identity.id_number)
    holder = replace(
        person("en", identity=identity, number_hash=hashed), id=PersonId(7), telegram_id=7
    )
    async with router.db.write() as connection:
        row = people.as_row(KEYRING, holder)
        known = router.db.insert(tables.people).on_conflict_do_nothing()
        await connection.execute(known, row)


async def last_year(router: OfflineRouter, earlier: Application) -> None:
    """Ling has an application for another exam."""
    ling = replace(person("en"), number_hash=None, telegram_id=65)
    earlier = replace(earlier, id=ApplicationId(64))
    async with router.db.write() as connection:
        for table, row in (
            (tables.people, people.as_row(KEYRING, ling)),
            (tables.applications, applications.as_row(KEYRING, earlier)),
        ):
            known = router.db.insert(table).on_conflict_do_nothing()
            await connection.execute(known, row)
