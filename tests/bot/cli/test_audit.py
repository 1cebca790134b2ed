"""The audit at the command line: sound, tampered with, and the history of one application."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.cli import audit, console
from bot.core.settings import Settings
from states.records import ApplicationId
from states.staff_roles import Role, Scope
from states.submissions.application_codes import code_of
from states.texts import Text
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.audit.chain import Chain, ChainHead
from storage.audit.replay import Kind
from storage.engine import schema, tables
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.installation import bind_keys
from tests.bot.cli.in_process import command_line
from tests.databases import opened
from tests.e2e import bot_settings
from tests.fakes.router import TRANSLATIONS
from tests.storage.audit_entries import note

pytestmark = pytest.mark.row("B13")

NOW = datetime(2025, 12, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
APPLICATION, LING, CLERK = 65, 1001, 2001
DEEDS = (
    AuditEntry(64, NOW, LING, AuditAction.CONSENTED, 64, None, "v1"),
    AuditEntry(128, NOW + MINUTE, LING, AuditAction.TERMS_AGREED, 64, APPLICATION, "2026-sample-1"),
    AuditEntry(192, NOW + 2 * MINUTE, LING, AuditAction.SUBMITTED, 64, APPLICATION, "1"),
    AuditEntry(256, NOW + 3 * MINUTE, CLERK, AuditAction.EXPORTED, 64, APPLICATION),
    AuditEntry(320, NOW + 9 * MINUTE, CLERK, AuditAction.EXPORTED, 64, APPLICATION),
    AuditEntry(384, NOW + 9 * MINUTE, 0, AuditAction.ERASED, 64, APPLICATION),
)


@pytest.mark.parametrize("locale", TRANSLATIONS.locales)
def test_each_kind_of_a_difference_has_a_sentence_of_its_own(locale: str) -> None:
    texts = {
        TRANSLATIONS.html(
            Text("cli-audit-difference", {"kind": kind, "table": "t", "row": row}), locale
        )
        for kind in Kind
        for row in ("7", "0")
    }
    sevens = {one for one in texts if "7" in one or "released" in one or "放行" in one}
    assert len(sevens) == len(Kind)


class Operator:
    """Somebody at the terminal of an installation."""

    def __init__(self, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
        self.settings = settings
        self._capsys = capsys
        self.head = ChainHead(0, "")

    async def installs(self) -> None:
        """Data as a bot leaves them: a clerk of one minute, deeds, and all of them sealed."""
        self.settings.folder.mkdir(parents=True)
        keyring = Keyring.of_file(self.settings.keys_file, create=True)
        async with opened(self.settings.database) as db:
            if not await schema.present(db):
                await schema.migrate(db)
            await bind_keys(db, keyring)
            await note(db, DEEDS, keyring)
            self.head = await Chain(db, keyring).seal(NOW + timedelta(hours=1)) or self.head

    async def tampers(self, statement: str) -> None:
        """Change something with the database's own tools."""
        async with opened(self.settings.database) as db, db.write() as connection:
            await connection.execute(text(statement))

    async def verifies(self, head: str = "") -> tuple[int, str]:
        """``audit verify``: how it ends, and what it says."""
        return await self._runs(partial(audit.verify, head=head))

    async def shows(self, application: int | str) -> tuple[int, str]:
        """``audit show``."""
        return await self._runs(partial(audit.show, str(application)))

    async def _runs(self, command: Callable[[], int]) -> tuple[int, str]:
        ended = await asyncio.to_thread(
            console.finish, command
        )  # each command has a loop of its own
        out, err = self._capsys.readouterr()
        return ended, out + err


async def assignment(db: Database, keyring: Keyring) -> None:
    """The clerk was a site's reviewer from the third minute to the fifth."""
    row = {
        "id": 1,
        "bot_id": 4242,
        "telegram_id": CLERK,
        "role": Role.SITE_REVIEWER,
        "area": Scope("tianjin").area,
        "site": "heping",
        "point": "",
        "name": keyring.encrypt(b"-", "seats/1"),
        "granted_by": 1000,
        "granted_at": NOW + 3 * MINUTE,
        "revoked_at": NOW + 5 * MINUTE,
    }
    async with db.write() as connection:
        await connection.execute(tables.role_assignments.insert(), [row])


@pytest.fixture
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The terminal's; English unless the test says otherwise."""
    chosen: str = getattr(request, "param", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", chosen)
    return chosen[:2]


@pytest.fixture
async def operator(
    tmp_path: Path,
    database: str,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Operator:
    settings = bot_settings.at(tmp_path / "data", database)
    monkeypatch.setattr("bot.cli.audit.load_settings", lambda: settings)
    operator = Operator(settings, capsys)
    await operator.installs()
    return operator


# --- verify --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"], indirect=True)
async def test_a_sound_audit(operator: Operator) -> None:
    ended, said = await operator.verifies()
    assert ended == 0
    assert said.startswith("✓")
    assert f"{operator.head.seq}:{operator.head.digest}" in said
    assert len(said.splitlines()) == 1


async def test_the_head_that_was_told_is_taken_as_it_stands_in_the_message(
    operator: Operator,
) -> None:
    seq, digest = operator.head.seq, operator.head.digest
    for given in (f"{seq}:{digest}", f"{seq}: {digest[:16].upper()} ", f"4:{'0' * 64}"):
        ended, said = await operator.verifies(given)
        assert ended == (1 if given.startswith("4") else 0)
        assert [line[0] for line in said.splitlines()[:2]].count("✓") == 2 * (ended == 0)


@pytest.mark.parametrize("head", ["5", "5:0123", "five:0123456789abcdef", ":", "5:" + "x" * 64])
async def test_what_is_no_head_is_refused_with_an_example(operator: Operator, head: str) -> None:
    ended, said = await operator.verifies(head)
    assert ended == 2
    assert "1234:0123456789abcdef" in said


TAMPERINGS = {
    "UPDATE audit SET detail = '2' WHERE id = 192": ("2", "3", "192"),
    "DELETE FROM audit WHERE id = 192": ("2", "3", "192"),
    "UPDATE seals SET digest = 'f' WHERE seq = 3": ("2", "3", "192"),
    "DELETE FROM seals WHERE seq IN (3, 4)": ("2", "3", "4"),
    "INSERT INTO heads (seq, digest, at) VALUES (3, 'f', '2025-12-02 09:00')": ("2", "3", "192"),
    "INSERT INTO heads (seq, digest, at) VALUES (9, 'f', '2025-12-02 09:00')": ("6", "7", "9"),
}


@pytest.mark.parametrize(
    "statement",
    TAMPERINGS,
    ids=["row changed", "row gone", "seal changed", "seals gone", "head changed", "head added"],
)
async def test_what_was_tampered_with_is_named(operator: Operator, statement: str) -> None:
    await operator.tampers(statement)
    ended, said = await operator.verifies()
    assert ended == 1
    lines = said.splitlines()
    assert lines[0].startswith("✗")
    sound, *place = TAMPERINGS[statement]
    assert re.findall(r"\d+", lines[0]) == [sound]
    assert re.findall(r"\d+", lines[1]) == place


async def test_what_is_not_sealed_yet_is_counted(operator: Operator) -> None:
    async with opened(operator.settings.database) as db:
        entry = AuditEntry(999, NOW, LING, AuditAction.EXPORTED, 64)
        await note(db, [entry], Keyring.of_file(operator.settings.keys_file, create=False))
    ended, said = await operator.verifies()
    assert ended == 0
    assert [line[0] for line in said.splitlines()] == ["✓", "·"]


async def test_an_audit_that_was_emptied_is_seen_by_the_head_that_was_told(
    operator: Operator,
) -> None:
    await operator.tampers("DELETE FROM seals")
    await operator.tampers("DELETE FROM audit")
    assert (await operator.verifies())[0] == 0
    ended, said = await operator.verifies(f"6:{operator.head.digest}")
    assert ended == 1
    assert re.findall(r"\d+", said.splitlines()[1]) == ["1", "6"]


async def test_other_keys_are_refused_and_do_not_make_the_audit_look_broken(
    operator: Operator,
) -> None:
    operator.settings.keys_file.unlink()
    for there_are_others in (False, True):
        if there_are_others:
            Keyring.of_file(operator.settings.keys_file, create=True)
        ended, said = await operator.verifies()
        assert ended == 2
        assert "✗" not in said


async def test_an_older_database_is_refused(operator: Operator) -> None:
    async with opened(operator.settings.database) as db:
        await schema.migrate(db, "0002")
    for ended, said in (await operator.verifies(), await operator.shows(APPLICATION)):
        assert ended == 2
        assert "baoming migrate" in said


async def test_a_forged_entry_is_named_and_breaks_neither_command(operator: Operator) -> None:
    await operator.tampers(
        "INSERT INTO audit (id, at, actor, deed, person_id, application_id, detail) "
        "VALUES (500, '2025-12-02 01:03:00.000000', 2001, 'crowned', 64, 65, '')"
    )
    async with opened(operator.settings.database) as db:
        keyring = Keyring.of_file(operator.settings.keys_file, create=False)
        assert await Chain(db, keyring).seal(NOW + timedelta(days=1)) is None
    ended, said = await operator.verifies()
    assert ended == 1
    assert "500" in said.splitlines()[-1]
    ended, said = await operator.shows(APPLICATION)
    assert ended == 0
    assert len(said.splitlines()) == 6


async def test_a_forged_entry_draws_nothing_on_the_operators_screen(operator: Operator) -> None:
    """It may hold what moves the cursor, turns the line, or looks like an entry of its own."""
    detail = "\x1b[2J\x1b]0;sound\x07\u202e1\u2066\n2025-12-02 administrator: all is well\r"
    await operator.tampers(
        "INSERT INTO audit (id, at, actor, deed, person_id, application_id, detail) "
        f"VALUES (500, '2025-12-02 01:03:00.000000', 2001, 'exported', 64, 65, '{detail}')"
    )
    ended, said = await operator.shows(APPLICATION)
    assert ended == 0
    assert len(said.splitlines()) == 6
    assert not any(sign in said for sign in "\x1b\x07\r\u202e\u2066")


# --- show ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"], indirect=True)
async def test_the_history_of_an_application(operator: Operator, language: str) -> None:
    async with opened(operator.settings.database) as db:
        await assignment(db, Keyring.of_file(operator.settings.keys_file, create=False))
    ended, said = await operator.shows(APPLICATION)
    assert ended == 0
    lines = said.splitlines()
    assert [line[:25] for line in lines] == [
        f"2025-12-02 09:{minutes:02}:00 +0800" for minutes in (1, 2, 3, 9, 9)
    ]
    assert "2026-sample-1" in lines[0]
    assert all(f"{LING}" in line for line in lines[:2])
    site_reviewer = {"zh": "考点审核员", "en": "site reviewer"}[language]
    assert [site_reviewer in line for line in lines] == [False, False, True, False, False]
    assert {"zh": "提交报名信息", "en": "submitted"}[language] in lines[1]
    assert f"{CLERK}" in lines[3]
    assert {"zh": "机器人", "en": "the bot"}[language] in lines[4]


@pytest.mark.parametrize("given", ["2222-454", "2222 454", "2222454", " 65 "])
async def test_an_application_is_named_by_its_code_or_its_number(
    operator: Operator, given: str
) -> None:
    assert code_of(ApplicationId(APPLICATION)) == "2222-454"
    assert await operator.shows(given) == await operator.shows(APPLICATION)


@pytest.mark.parametrize("given", ["2222-455", "刘玲", "", "-65", "9" * 30, "²"])
async def test_what_is_neither_is_refused_with_an_example(operator: Operator, given: str) -> None:
    ended, said = await operator.shows(given)
    assert ended == 2
    assert "2222-454" in said


async def test_nobodys_application_has_no_history(operator: Operator) -> None:
    ended, said = await operator.shows(66)
    assert ended == 1
    assert "66" in said


# --- as it is typed ------------------------------------------------------------------------------


def test_at_the_terminal_nothing_is_made_where_nothing_is(tmp_path: Path) -> None:
    ended = command_line(tmp_path, "audit", "verify")
    assert ended.returncode == 2
    assert "bot.sqlite3" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_help_names_both(tmp_path: Path) -> None:
    ended = command_line(tmp_path, "audit", "--help")
    assert ended.returncode == 0
    assert {"verify", "show"} <= set(ended.stdout.split())
