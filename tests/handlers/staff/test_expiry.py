"""An administrator lets deadlines run that wait, and puts back what was given up; nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, select

from states.progress.next_step import MENU
from states.records import Application, ApplicationId, PersonId, Records, Stage
from states.step_result import ShowScreen
from states.submissions.application_codes import code_of
from storage.audit.audit_log import AuditAction
from storage.candidates import applications, people
from storage.engine import installation, tables
from storage.engine.installation import Fact
from tests.fakes.router import (
    ADMINISTRATOR,
    KEYRING,
    After,
    OfflineRouter,
    says,
)
from tests.handlers.people import (
    LING,
    OPEN,
    Standing,
    application,
    person,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("S13")]

ADMIN = Standing(MENU, Records(person("zh-CN", id=PersonId(1), telegram_id=ADMINISTRATOR)))
GONE = application(
    id=ApplicationId(9_000),
    person_id=PersonId(90),
    stage=Stage.EXPIRED,
    expired_from=Stage.SUBMITTED,
    revision=1,
)
CODE = code_of(GONE.id)


async def somebody_gave_up(router: OfflineRouter, gone: Application = GONE) -> None:
    """Insert an expired application of the person with the account 77."""
    known = person("zh-CN", id=gone.person_id, telegram_id=77, number_hash=None)
    async with router.db.write() as connection:
        await connection.execute(delete(tables.applications))
        await connection.execute(delete(tables.people))
        await connection.execute(insert(tables.people), people.as_row(KEYRING, known))
        await connection.execute(insert(tables.applications), applications.as_row(KEYRING, gone))


async def stage(router: OfflineRouter) -> str:
    """Return the stage of the application."""
    async with router.db.read() as connection:
        query = select(tables.applications.c.stage).where(tables.applications.c.id == GONE.id)
        kept: str = (await connection.execute(query)).scalar_one()
    return kept


async def admin_says(router: OfflineRouter, text: str, standing: Standing = ADMIN) -> After:
    """The administrator types a command."""
    body = says(OPEN, text, sender=ADMINISTRATOR)
    return await router.sends(standing, body, sender=ADMINISTRATOR)


async def test_what_was_given_up_is_put_back_and_its_candidate_is_told(
    router: OfflineRouter,
) -> None:
    await somebody_gave_up(router)
    after = await admin_says(router, f"/reinstate {CODE.lower()}")
    assert after.header_lines == ["reinstate-done"]
    assert await stage(router) == "submitted"
    unit = after.envelope.unit
    (told,) = [row for row in unit.outgoing if row.chat_id == 77]
    assert isinstance(told.effect, ShowScreen)
    assert told.effect.screen == "told-reinstated"
    assert [(action.action, action.application_id) for action in unit.audit_entries] == [
        (AuditAction.REINSTATED, GONE.id)
    ]
    again = await admin_says(router, f"/reinstate {CODE}")
    assert again.header_lines == ["illegal-no-such-move"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/reinstate", "reinstate-format"),
        ("/reinstate 2222-455", "reinstate-format"),
        (f"/reinstate {code_of(ApplicationId(1))}", "reinstate-unknown"),
    ],
)
async def test_a_wrong_code_changes_nothing(router: OfflineRouter, typed: str, said: str) -> None:
    await somebody_gave_up(router)
    assert (await admin_says(router, typed)).header_lines == [said]
    assert await stage(router) == "abandoned"


async def test_nobody_puts_back_their_own(router: OfflineRouter) -> None:
    await somebody_gave_up(router)
    own = replace(ADMIN, records=replace(ADMIN.records, application=GONE))
    after = await admin_says(router, f"/reinstate {CODE}", own)
    assert after.header_lines == ["reinstate-own"]


@pytest.mark.parametrize("command", [f"/reinstate {CODE}", "/forfeits", "/forfeits release"])
async def test_nobody_else_may(router: OfflineRouter, command: str) -> None:
    await somebody_gave_up(router)
    ling = Standing(MENU, Records(person("zh-CN")))
    after = await router.sends(ling, says(OPEN, command), sender=LING)
    assert after.header_lines == ["administrators-only"]
    assert await stage(router) == "abandoned"


async def test_what_waits_is_told_and_let_run(router: OfflineRouter) -> None:
    nothing = await admin_says(router, "/forfeits")
    assert [(effect.screen, effect.data) for effect in nothing.said] == [("forfeits", {})]
    as_of = OPEN.isoformat()
    async with router.db.write() as connection:
        await installation.write(connection, Fact.EXPIRY_HELD, f"{as_of} gap=1 many=60")
    waiting = await admin_says(router, "/forfeits")
    assert [effect.data for effect in waiting.said] == [{"gap": "1", "many": "60"}]
    released = await admin_says(router, "/forfeits release")
    assert released.header_lines == ["forfeits-released"]
    assert await installation.read(router.db, Fact.RELEASED) == as_of
