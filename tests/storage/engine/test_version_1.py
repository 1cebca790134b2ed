"""The migration reads the rows of version 1; rows that fit survive the downgrade."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from typing import Any

import orjson
import pytest
import pytest_asyncio
from sqlalchemy import Connection, Select, column, inspect, select, table, text

from states.fsm_states import Home, state_of
from states.records import (
    Application,
    ApplicationId,
    Identity,
    MaterialFile,
    Person,
    PersonId,
    Records,
    Stage,
)
from states.step_result import EditScreen, ShowScreen
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.candidates import applications, blobs, people
from storage.candidates.blobs import StoredFile
from storage.engine import installation, schema, tables
from storage.engine.database import Database
from storage.engine.ids import RowIds
from storage.engine.installation import Fact
from storage.updates import fsm
from storage.updates.fsm import candidate_key
from storage.updates.inbox import Inbox
from storage.updates.outbox import Outbox
from storage.updates.unit_of_work import UnitOfWorkStore
from tests.databases import opened
from tests.storage.people import CASE
from tests.storage.process import (
    BOT,
    EXAM,
    LING,
    NAME,
    NOW,
    keyring,
    message,
)
from tests.storage.schemas import differences

pytestmark = pytest.mark.row("C2")

IDENTITY = {
    "name": NAME,
    "id_type": "resident_id",
    "id_number": "99999919900307104X",
    "sex": "female",
    "born": "1990-03-07",
    "phone": "+8613800138000",
}
ANSWERS = {"practice": "clinical", "residency": "", "employer": "示例市第一人民医院"}
EDIT = {"kind": "Edit", "screen": "todo", "slot": "status", "at": {}, "leads": [], "priority": 2}
LING_THEN = Person(
    PersonId(64),
    BOT,
    LING,
    locale="zh-CN",
    consent="v1",
    consented_at=NOW,
    identity=Identity(NAME, "resident_id", "99999919900307104X", "female", "1990-03-07"),
    number_hash="f" * 64,
    photo="a" * 64,
    wants_opening=True,
)
APPLICATION_THEN = Application(
    ApplicationId(65),
    PersonId(64),
    EXAM,
    area="qinghai",
    stage=Stage.SUBMITTED,
    agreed="2026-sample-1",
    agreed_at=NOW,
    answers={**ANSWERS, "site": "xining"},
    revision=1,
    photo="a" * 64,
    submitted_at=NOW,
    since=NOW,
)


def sealed(value: object, place: str) -> bytes:
    """A document as version 1 kept it."""
    return keyring().encrypt(orjson.dumps(value), place)


ROWS: dict[str, dict[str, Any]] = {
    "people": {
        "id": 64,
        "bot_id": BOT,
        "telegram_id": LING,
        "locale": "zh-CN",
        "consent": "v1",
        "consented_at": NOW,
        "identity": sealed(IDENTITY, "people/64"),
        "number_hash": "f" * 64,
        "photo": "a" * 64,
        "wants_opening": True,
        "blocked_at": None,
    },
    "applications": {
        "id": 65,
        "person_id": 64,
        "exam": EXAM,
        "area": "qinghai",
        "site": "xining",
        "stage": "submitted",
        "agreed": "2026-sample-1",
        "agreed_at": NOW,
        "answers": sealed(ANSWERS, "applications/65"),
        "form_version": 1,
        "revision": 1,
        "photo": "a" * 64,
        "submitted_at": NOW,
    },
    "blobs": {
        "name": "a" * 64,
        "person_id": 64,
        "kind": "portrait",
        "size": 60_000,
        "kept_at": NOW,
    },
    "inbox": {
        "id": 3,
        "bot_id": BOT,
        "update_id": 7,
        "lane": LING,
        "received_at": NOW,
        "raw": sealed(message(7), "inbox"),
        "state": 0,
        "attempts": 1,
        "error": "ValueError",
    },
    "outbox": {
        "id": 192,
        "dedup": "u192",
        "bot_id": BOT,
        "chat_id": LING,
        "priority": 2,
        "act": sealed(EDIT, "outbox"),
        "slot": "status",
        "state": "waiting",
        "attempts": 0,
        "not_before": None,
        "expires_at": None,
        "message_id": None,
        "error": None,
        "made_at": NOW,
        "done_at": None,
    },
    "slots": {"bot_id": BOT, "chat_id": LING, "slot": "status", "message_id": 77},
    "holds": {"chat_id": LING, "until": NOW},
    "audit": {
        "id": 70,
        "at": NOW,
        "actor": LING,
        "deed": "submitted",
        "person_id": 64,
        "application_id": 65,
        "detail": "1",
    },
    "fsm": {
        "key": fsm.row_key(candidate_key(BOT, LING)),
        "state": "Choose:site",
        "data": "{}",
    },
    "intake_gaps": {"began_at": NOW, "ended_at": NOW},
    "facts": {"key": "heard", "value": NOW.isoformat()},
}


async def everything(db: Database) -> dict[str, list[dict[str, Any]]]:
    """By table, all rows as they lie in the file."""
    found = {}
    async with db.read() as connection:
        for name in ROWS:
            rows = await connection.execute(text(f"SELECT * FROM {name}"))
            found[name] = [dict(row) for row in rows.mappings()]
    return found


SINCE = {
    "exam_versions",
    "act_counts",
    "paper_judgements",
    "identity_digests",
    "spot_checks",
    "photo_bands",
    "photo_judgements",
    "photo_opinions",
    "group_requests",
    "late_changes",
    "reminders",
    "broadcast_recipients",
    "broadcasts",
    "calls",
    "sealing_keys",
    "submissions",
    "payment_charges",
    "payment_events",
    "payment_orders",
    "payment_refunds",
    "cases",
    "claims",
    "groups",
    "heads",
    "invites",
    "jobs",
    "notes",
    "seals",
    "second_looks",
    "seats",
    "verdicts",
}
"""Tables that version 1 did not have."""


@pytest_asyncio.fixture
async def old(bare: str) -> AsyncIterator[Database]:
    """A database as version 1 left it, a row in every table."""
    async with opened(bare) as db:
        await schema.migrate(db, "0001")
        async with db.write() as connection:
            for name, row in ROWS.items():
                today = tables.metadata.tables[name]
                types = {one.name: one.type for one in today.columns}
                then = table(name, *(column(name, types[name]) for name in row))
                await connection.execute(then.insert(), row)
        assert set(ROWS) | SINCE == set(tables.metadata.tables), "a table is not told"
        yield db


@pytest_asyncio.fixture
async def now(old: Database, bare: str) -> AsyncIterator[Database]:
    """The same database, brought up to date; through a connection of its own."""
    await schema.migrate(old, keyring=keyring())
    async with opened(bare) as db:
        assert await schema.present(db) == schema.WANTED
        assert await differences(db) == []
        yield db


async def test_people_and_applications_are_read(now: Database) -> None:
    work = UnitOfWorkStore(now, keyring(), Outbox(now, keyring()), RowIds(), bot_id=BOT, exam=EXAM)
    async with now.read() as connection:
        found = await work.records(connection, [LING])
        assert found == {LING: Records(LING_THEN, APPLICATION_THEN)}
        assert await applications.of_person(connection, keyring(), PersonId(64)) == [
            APPLICATION_THEN
        ]
        assert await people.owner_of(connection, "f" * 64) == 64


async def test_what_is_read_is_written_again_as_today(now: Database) -> None:
    """The site then stands in the answers too, and can be changed there."""
    moved = replace(APPLICATION_THEN, answers={**APPLICATION_THEN.answers, "site": "haidong"})
    async with now.write() as connection:
        row = people.as_row(keyring(), replace(LING_THEN, education=({"school": "示例大学"},)))
        await connection.execute(now.upsert(tables.people), [row])
        row = applications.as_row(keyring(), moved)
        await connection.execute(now.upsert(tables.applications), [row])
    async with now.read() as connection:
        (person,) = (await people.load(connection, keyring(), BOT, [LING])).values()
        assert person.education == ({"school": "示例大学"},)
        assert await applications.of_person(connection, keyring(), PersonId(64)) == [moved]


async def test_what_waited_goes_on_waiting(now: Database) -> None:
    (received,) = await Inbox(now, keyring(), RowIds()).recover()
    assert (received.raw, received.attempts) == (message(7), 1)
    (outgoing,) = await Outbox(now, keyring()).waiting(NOW)
    assert outgoing.effect == EditScreen("todo", "status", priority=outgoing.priority)
    assert isinstance(outgoing.effect, ShowScreen | EditScreen)
    outbox = Outbox(now, keyring())
    assert await outbox.newest(BOT, LING, "status") == 77
    assert await outbox.holds() == {LING: NOW}


async def test_files_deeds_facts_and_states_are_read(now: Database) -> None:
    async with now.read() as connection:
        assert await blobs.of_person(connection, PersonId(64)) == [
            StoredFile("a" * 64, 64, "portrait", 60_000, NOW)
        ]
        assert await audit_log.of_person(connection, 64) == [
            AuditEntry(70, NOW, LING, AuditAction.SUBMITTED, 64, 65, "1")
        ]
        key = fsm.row_key(candidate_key(BOT, LING))
        record = (await fsm.load(connection, [key]))[key]
        gaps: Select[Any] = select(tables.intake_gaps)
        assert list(await connection.execute(gaps)) == [(NOW, NOW)]
    assert record.state == "Choose:site"
    assert state_of(record.state) is Home.menu
    assert await installation.read(now, Fact.SYNCED_UNTIL) == NOW.isoformat()


async def test_up_and_down_again_leaves_every_row_as_it_was(old: Database) -> None:
    before = await everything(old)
    assert all(len(rows) == 1 for rows in before.values())
    await schema.migrate(old, keyring=keyring())
    await schema.migrate(old, "0001", keyring=keyring())
    assert await everything(old) == before


async def test_down_takes_only_what_version_1_cannot_keep(old: Database) -> None:
    before = await everything(old)
    await schema.migrate(old, keyring=keyring())
    today = replace(
        APPLICATION_THEN,
        answers={**APPLICATION_THEN.answers, "point": "east", "specialty": "368"},
        materials={"degree": (MaterialFile("b" * 64, "scan-pdf", 7),)},
        uploaded_at=NOW,
    )
    async with old.write() as connection:
        row = applications.as_row(keyring(), today)
        await connection.execute(old.upsert(tables.applications), [row])
        kept = StoredFile("b" * 64, 64, "scan-pdf", 7, NOW, 800, 600)
        await connection.execute(tables.blobs.insert(), [asdict(kept)])
        case = asdict(replace(CASE, id=300, person_id=PersonId(64)))
        case |= {"words": None, "answer": None}
        await connection.execute(tables.cases.insert(), [case])
    await schema.migrate(old, "0001", keyring=keyring())
    after = await everything(old)
    changed = {name for name in ROWS if after[name] != before[name]}
    assert changed == {"applications", "blobs"}
    (application,) = after["applications"]
    assert application.keys() == ROWS["applications"].keys()
    assert application["site"] == "xining"
    assert {blob["name"] for blob in after["blobs"]} == {"a" * 64, "b" * 64}


async def test_after_the_way_up_a_row_still_belongs_to_somebody(now: Database) -> None:
    """The tables were made anew: what they promised has to be promised again."""

    def keys(sync: Connection) -> dict[str, list[tuple[list[str], str]]]:
        found = inspect(sync)
        return {
            name: [
                (key["constrained_columns"], key["referred_table"])
                for key in found.get_foreign_keys(name)
            ]
            for name in ("applications", "blobs", "cases")
        }

    async with now.read() as connection:
        for name, found in (await connection.run_sync(keys)).items():
            expected = [(["person_id"], "people")]
            if name == "cases":
                deciders = [([one], "seats") for one in ("asked_by", "decided_by")]
                expected = [*deciders, (["other_id"], "people"), *expected]
            assert sorted(found) == expected, name
        if now.is_sqlite:
            assert list(await connection.execute(text("PRAGMA foreign_key_check"))) == []
