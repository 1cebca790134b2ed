"""An administrator lets deadlines run that wait, and puts back what was given up; nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, select

from states.codes import code_of
from states.flow import MENU
from states.outcome import Say
from states.records import Application, ApplicationId, PersonId, Records, Stage
from storage import applications, facts, people, tables
from storage.audit import Deed
from storage.facts import Fact
from tests.handlers.candidates import LING, OPEN, Standing, application, person
from tests.handlers.offline import ADMINISTRATOR, KEYRING, After, Offline, says

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("S13")]

ADMIN = Standing(MENU, Records(person("zh-CN", id=PersonId(1), telegram_id=ADMINISTRATOR)))
GONE = application(
    id=ApplicationId(9_000),
    person_id=PersonId(90),
    stage=Stage.ABANDONED,
    given_up_at=Stage.SUBMITTED,
    revision=1,
)
CODE = code_of(GONE.id)


async def somebody_gave_up(dispatching: Offline, gone: Application = GONE) -> None:
    """Of a person with the account 77."""
    known = person("zh-CN", id=gone.person_id, telegram_id=77, number_hash=None)
    async with dispatching.db.write() as connection:
        await connection.execute(delete(tables.applications))
        await connection.execute(delete(tables.people))
        await connection.execute(insert(tables.people), people.as_row(KEYRING, known))
        await connection.execute(insert(tables.applications), applications.as_row(KEYRING, gone))


async def stage(dispatching: Offline) -> str:
    """Where it stands."""
    async with dispatching.db.read() as connection:
        query = select(tables.applications.c.stage).where(tables.applications.c.id == GONE.id)
        kept: str = (await connection.execute(query)).scalar_one()
    return kept


async def admin_says(dispatching: Offline, text: str, standing: Standing = ADMIN) -> After:
    """The administrator types a command."""
    body = says(OPEN, text, sender=ADMINISTRATOR)
    return await dispatching.sends(standing, body, sender=ADMINISTRATOR)


async def test_what_was_given_up_is_put_back_and_its_candidate_is_told(
    dispatching: Offline,
) -> None:
    await somebody_gave_up(dispatching)
    after = await admin_says(dispatching, f"/reinstate {CODE.lower()}")
    assert after.leads == ["reinstate-done"]
    assert await stage(dispatching) == "submitted"
    unit = after.envelope.unit
    (told,) = [row for row in unit.outgoing if row.chat_id == 77]
    assert isinstance(told.act, Say)
    assert told.act.screen == "told-reinstated"
    assert [(deed.deed, deed.application_id) for deed in unit.deeds] == [(Deed.REINSTATED, GONE.id)]
    again = await admin_says(dispatching, f"/reinstate {CODE}")
    assert again.leads == ["illegal-no-such-move"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/reinstate", "reinstate-format"),
        ("/reinstate 2222-455", "reinstate-format"),
        (f"/reinstate {code_of(ApplicationId(1))}", "reinstate-unknown"),
    ],
)
async def test_a_wrong_code_changes_nothing(dispatching: Offline, typed: str, said: str) -> None:
    await somebody_gave_up(dispatching)
    assert (await admin_says(dispatching, typed)).leads == [said]
    assert await stage(dispatching) == "abandoned"


async def test_nobody_puts_back_their_own(dispatching: Offline) -> None:
    await somebody_gave_up(dispatching)
    own = replace(ADMIN, records=replace(ADMIN.records, application=GONE))
    after = await admin_says(dispatching, f"/reinstate {CODE}", own)
    assert after.leads == ["reinstate-own"]


@pytest.mark.parametrize("command", [f"/reinstate {CODE}", "/forfeits", "/forfeits release"])
async def test_nobody_else_may(dispatching: Offline, command: str) -> None:
    await somebody_gave_up(dispatching)
    ling = Standing(MENU, Records(person("zh-CN")))
    after = await dispatching.sends(ling, says(OPEN, command), sender=LING)
    assert after.leads == ["administrators-only"]
    assert await stage(dispatching) == "abandoned"


async def test_what_waits_is_told_and_let_run(dispatching: Offline) -> None:
    nothing = await admin_says(dispatching, "/forfeits")
    assert [(act.screen, act.at) for act in nothing.said] == [("forfeits", {})]
    as_of = OPEN.isoformat()
    async with dispatching.db.write() as connection:
        await facts.write(connection, Fact.FORFEITS, f"{as_of} gap=1 many=60")
    waiting = await admin_says(dispatching, "/forfeits")
    assert [act.at for act in waiting.said] == [{"gap": "1", "many": "60"}]
    released = await admin_says(dispatching, "/forfeits release")
    assert released.leads == ["forfeits-released"]
    assert await facts.read(dispatching.db, Fact.RELEASED) == as_of
