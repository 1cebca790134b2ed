"""``baoming keys rotate`` makes a new key; the bot then encrypts everything with it."""

from __future__ import annotations

import asyncio

from cyclopts import App

from bot.cli import console
from bot.cli.writable_database import WritableDatabase, writable_database
from bot.core.settings import Refused, Settings, load_settings
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.engine import encryption, installation, resealing
from storage.engine.jobs import JobKind, Jobs, StoredJob

app = App(name="keys")


@app.command
def rotate() -> int:
    """换一把新的加密密钥，后台重新加密 · a new key; the bot encrypts everything anew with it."""
    for text in asyncio.run(rotate_keys(load_settings())):
        print(console.localized(text))
    return 0


@app.command
def status() -> int:
    """还有多少内容用旧密钥加密 · how much an older key still encrypts."""
    settings = load_settings()

    async def read() -> tuple[str, int]:
        async with writable_database(settings) as opened, opened.db.read() as connection:
            return opened.keyring.newest, await resealing.left(connection, opened.keyring)

    newest, count = asyncio.run(read())
    text = Text("cli-keys-left" if count else "cli-keys-done", {"key": newest, "count": str(count)})
    print(console.localized(text))
    return 0


async def rotate_keys(settings: Settings) -> list[Text]:
    """Add a new key to the file of the keys, and enqueue the resealing.

    With ``SECRET_KEYS`` the operator puts the new key there, and the next start enqueues it. A
    rotation that was killed in between is taken up: a newest key that is not needed gets its job.

    Raises:
        Refused: the database cannot be used, or an earlier rotation is not through.
    """
    async with writable_database(settings) as opened:
        async with opened.db.read() as connection:
            known = await installation.known_keys(connection)
            count = await resealing.left(connection, opened.keyring)
        if opened.keyring.newest not in known:
            return [await _enqueue(opened, opened.keyring.newest)]
        if count:
            raise Refused(Text("cli-keys-busy", {"count": str(count)}))
        if settings.secret_keys:
            text, name = encryption.with_new_key(settings.secret_keys)
            return [Text("cli-keys-setting", {"key": name, "value": text})]
        text, name = encryption.with_new_key(settings.keys_file.read_text(encoding="ascii"))
        encryption.write_keys(settings.keys_file, text)
        opened.keyring.read_again()
        return [await _enqueue(opened, name)]


async def _enqueue(opened: WritableDatabase, name: str) -> Text:
    job = StoredJob(JobKind.RESEALING, name, opened.now)
    async with opened.db.write() as connection:
        await Jobs(opened.db, opened.keyring).enqueue(connection, [job])
        await installation.need_newest_key(connection, opened.keyring)
        await opened.record(connection, AuditAction.KEY_ROTATED, name)
    return Text("cli-keys-rotated", {"key": name})
