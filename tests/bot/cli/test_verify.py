"""``baoming verify`` reads a photo, a scan or a PDF of a printed form, without network."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from states.records import ApplicationId
from states.submissions import print_verification
from states.submissions.content import Submission
from states.submissions.print_verification import PrintReference, start_parameter
from storage.candidates import applications, people, submissions
from storage.candidates.submissions import StoredSubmission
from storage.engine import tables
from storage.engine.encryption import Keyring
from storage.engine.installation import bind_keys
from tests.bot.cli.in_process import command_line
from tests.bot.documents.printed_people import content, form_of, portrait
from tests.databases import opened
from tests.photos import jpeg, with_qr_code
from tests.storage.people import FILLED, WHOLE, content_of
from tests.storage.process import NOW, keyring

pytestmark = pytest.mark.row("B12")

REFERENCE = PrintReference(ApplicationId(65), 2)


def link(keys: Keyring) -> str:
    """The link in the QR code of a form that these keys have signed."""
    newest = keys.signing_keys(print_verification.PURPOSE)[0]
    return f"https://t.me/baoming_bot?start={start_parameter(REFERENCE, newest)}"


def folder_with_keys(folder: Path) -> Keyring:
    """Make a folder with keys and no database."""
    return Keyring.of_file(folder / "data" / "sandbox" / "keys", create=True)


def test_without_a_database_the_signature_alone_is_told(tmp_path: Path) -> None:
    (tmp_path / "data" / "sandbox").mkdir(parents=True)
    own = folder_with_keys(tmp_path)
    (tmp_path / "form.jpg").write_bytes(with_qr_code(link(own)))
    ended = command_line(tmp_path, "verify", "form.jpg")
    assert ended.returncode == 3, ended
    assert "Genuine: application 2222-454, submission 2" in ended.stdout
    (tmp_path / "forged.jpg").write_bytes(with_qr_code(link(keyring("k9"))))
    forged = command_line(tmp_path, "verify", "forged.jpg")
    assert forged.returncode in (1, 2)
    assert "Genuine" not in forged.stdout


def test_a_pdf_is_read_as_well_and_what_has_no_code_is_said(tmp_path: Path) -> None:
    from bot.documents.typesetting import pdf

    (tmp_path / "data" / "sandbox").mkdir(parents=True)
    own = folder_with_keys(tmp_path)
    (tmp_path / "form.pdf").write_bytes(pdf(form_of(content(), address=link(own)), portrait()))
    assert command_line(tmp_path, "verify", "form.pdf").returncode == 3
    (tmp_path / "face.jpg").write_bytes(jpeg())
    face = command_line(tmp_path, "verify", "face.jpg")
    assert (face.returncode, "no QR code" in face.stderr) == (2, True), face
    (tmp_path / "notes.txt").write_text("2222-454-01")
    assert command_line(tmp_path, "verify", "notes.txt").returncode == 2


async def submits(folder: Path, keys: Keyring, *, withdraw: bool = False) -> None:
    """Give the candidate of ``REFERENCE`` another submission, or take the last one back."""
    async with opened(f"sqlite+aiosqlite:///{folder}/data/sandbox/bot.sqlite3") as db:
        await bind_keys(db, keys)
        async with db.write() as tx:
            if withdraw:
                await submissions.withdraw(tx, keys, REFERENCE.application_id, 2, NOW)
                return
            await tx.execute(tables.people.insert(), people.as_row(keys, WHOLE))
            await tx.execute(tables.applications.insert(), applications.as_row(keys, FILLED))
            added = [
                StoredSubmission(FILLED.id, Submission(n, n, f"h{n}", NOW), content_of(FILLED))
                for n in (1, 2)
            ]
            await submissions.add(tx, keys, added)


def test_with_the_database_the_verdict_and_the_exit_code_tell_whether_it_is_current(
    tmp_path: Path,
) -> None:
    assert command_line(tmp_path, "migrate").returncode == 0
    own = folder_with_keys(tmp_path)
    asyncio.run(submits(tmp_path, own))
    (tmp_path / "form.jpg").write_bytes(with_qr_code(link(own)))
    for given in ("form.jpg", link(own), "2222-454-02"):
        current = command_line(tmp_path, "verify", given)
        assert (current.returncode, "Valid" in current.stdout) == (0, True), current
    old = command_line(tmp_path, "verify", "2222-454-01")
    assert (old.returncode, "Void" in old.stdout) == (1, True), old
    asyncio.run(submits(tmp_path, own, withdraw=True))
    withdrawn = command_line(tmp_path, "verify", "form.jpg")
    assert (withdrawn.returncode, "Withdrawn" in withdrawn.stdout) == (1, True), withdrawn


def test_a_typed_code_needs_the_database(tmp_path: Path) -> None:
    (tmp_path / "data" / "sandbox").mkdir(parents=True)
    folder_with_keys(tmp_path)
    ended = command_line(tmp_path, "verify", "2222-454-01")
    assert ended.returncode == 2
    assert "database" in ended.stderr.lower()


@pytest.mark.parametrize("given", ["2222-454", "no.jpg", "https://example.org"])
def test_what_is_neither_file_nor_code_is_told_so(tmp_path: Path, given: str) -> None:
    (tmp_path / "data" / "sandbox").mkdir(parents=True)
    folder_with_keys(tmp_path)
    ended = command_line(tmp_path, "verify", given)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert f"“{given}” is no file" in ended.stderr
    assert "<" not in ended.stderr
