"""``baoming verify`` tells whether a printed form is genuine and current; it needs the keys.

It works without network. A file is decoded in a media worker, as the bot's files are.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import Final

from bot.cli.console import say
from bot.core.database import OpenDatabase, has_database, open_database, read_keys
from bot.core.settings import Refused, load_settings
from bot.media.media_worker import MediaWorker, WorkerUnavailable
from bot.media.unreadable import UnreadablePicture
from states.records import ApplicationId
from states.submissions import print_verification
from states.submissions.application_codes import code_of
from states.submissions.content import SubmissionHistory, parse_code
from states.submissions.print_verification import KeyMissing, PrintReference, Verdict, VerdictKind
from states.texts import Text
from storage.candidates import submissions
from storage.engine.encryption import Keyring

LIMIT: Final = 20 * 1024 * 1024
"""Bytes of a file, as of those that people send."""


def verify(given: str) -> int:
    """核对报名表：文件、二维码的链接，或验证码 · verify a form by file, link or code.

    返回 1：不是现行的 · 1: not current. 返回 2：查不了 · 2: cannot be told.
    返回 3：没有数据库，只查了签名 · 3: genuine by its signature; there is no database.

    Parameters
    ----------
    given
        报名表的照片、扫描件或 PDF，二维码里的链接，或者验证码（例如 2222-454-03） ·
        a photo, scan or PDF of the form, the link of its QR code, or its code.
    """
    settings = load_settings()
    content = _read(Path(given))

    async def look() -> Verdict | PrintReference:
        link = given if content is None else await link_in(content)
        is_code = parse_code(link.strip()) is not None
        if not is_code and not has_database(settings):
            return _by_signature(read_keys(settings), link)
        async with open_database(settings) as opened:
            return await verdict_on(opened, link)

    found = asyncio.run(look())
    if isinstance(found, PrintReference):
        say("cli-verify-genuine", code=code_of(found.application_id), number=str(found.number))
        return 3
    if content is None and found.kind is VerdictKind.UNREADABLE:
        raise Refused(Text("cli-verify-what", {"given": given}), code=2)
    say(found.text.key, **found.text.args)
    return 0 if found.kind is VerdictKind.CURRENT else 1


def _read(file: Path) -> bytes | None:
    """Return the content of a file; None for what is no file's name.

    Raises:
        Refused: the file is too large or cannot be read.
    """
    try:
        if not file.is_file():
            return None
        if file.stat().st_size > LIMIT:
            raise Refused(Text("cli-verify-large", {"limit": LIMIT // 1024 // 1024}), code=2)
        return file.read_bytes()
    except OSError:
        raise Refused(Text("cli-verify-unreadable"), code=2) from None


async def link_in(content: bytes) -> str:
    """Return the link in the QR code of a picture or a PDF; another code's text if none is ours.

    Raises:
        Refused: it cannot be read, or has no QR code.
    """
    try:
        async with aclosing(MediaWorker()) as media:
            texts = await media.codes(content)
    except (UnreadablePicture, WorkerUnavailable):
        raise Refused(Text("cli-verify-unreadable"), code=2) from None
    if not texts:
        raise Refused(Text("cli-verify-no-code"), code=2)
    return next((text for text in texts if "?start=" in text), texts[0])


async def verdict_on(opened: OpenDatabase, given: str) -> Verdict:
    """Return the verdict on a link or a typed code.

    Raises:
        Refused: the key that signed the form is missing here, or the form is forged.
    """
    if (code := parse_code(given.strip())) is not None:
        application_id, changes = code
        return print_verification.judge_code(changes, await _history(opened, application_id))
    found = _by_signature(opened.keyring, given)
    if not isinstance(found, PrintReference):
        return found
    return print_verification.judge_print(
        found.number, await _history(opened, found.application_id)
    )


def _by_signature(keyring: Keyring, link: str) -> PrintReference | Verdict:
    """Return what a link names, if one of our keys signed it.

    Raises:
        Refused: the key that signed the form is missing here, or the form is forged.
    """
    try:
        keys = keyring.signing_keys(print_verification.PURPOSE)
        return print_verification.read_parameter(link.rpartition("?start=")[2].strip(), keys)
    except KeyMissing:
        raise Refused(Text("cli-verify-no-key"), code=2) from None


async def _history(opened: OpenDatabase, application_id: ApplicationId) -> SubmissionHistory:
    async with opened.db.read() as connection:
        return await submissions.history(connection, opened.keyring, application_id)
