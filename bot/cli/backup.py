"""``baoming backup FILE`` and ``restore FILE``: everything but the keys, encrypted, in one file."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from bot.core.database import check_schema, connect, open_database, read_keys
from bot.core.runtime import WallClock
from bot.core.settings import Refused, Settings
from states.texts import Argument, Text
from storage import backup
from storage.audit import replay
from storage.audit.chain_verification import verify_chain
from storage.backup import BrokenBackup, Contents, NotEmpty
from storage.candidates.blobs import Blobs
from storage.engine import schema
from storage.engine.database import Database
from storage.engine.encryption import Keyring


async def write(settings: Settings, file: Path) -> list[Text]:
    """Write a backup beside a bot that runs or not; a file that exists is kept.

    Raises:
        Refused: the file exists, or the database cannot be read.
    """
    async with open_database(settings) as (db, keyring):
        blobs = Blobs.at(settings.blobs, keyring)
        with _new_file(file) as target:
            made = await backup.write(target, db, keyring, blobs, WallClock().now())
    texts = [Text("cli-backup-made", {**_numbers(made), "file": str(file)})]
    missing = Text("cli-backup-missing", {"count": str(made.missing)})
    return [*texts, missing] if made.missing else texts


async def restore(settings: Settings, file: Path) -> list[Text]:
    """Restore a backup into an empty database and store, with the keys of the settings.

    Raises:
        Refused: the database is not empty, or the backup cannot be used.
    """
    settings.folder.mkdir(parents=True, exist_ok=True)
    keyring = read_keys(settings)
    async with _filled(file, settings.database, settings.blobs, keyring) as (_, made):
        return [Text("cli-restore-done", _numbers(made))]


async def verify(settings: Settings, file: Path) -> tuple[list[Text], bool]:
    """Restore a backup into a temporary folder, and check the audit, every row and every file.

    Raises:
        Refused: the backup cannot be used.
    """
    keyring = read_keys(settings)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite+aiosqlite:///{folder / 'bot.sqlite3'}"
        store = folder / "blobs"
        async with _filled(file, url, store, keyring) as (db, made), db.read() as connection:
            found = await verify_chain(connection, keyring)
            is_sound = not found.broken and not await replay.differences(connection, keyring)
    if is_sound:
        return [Text("cli-restore-verified", _numbers(made))], True
    return [Text("cli-restore-audit")], False


@asynccontextmanager
async def _filled(
    file: Path, url: str, store: str | Path, keyring: Keyring
) -> AsyncIterator[tuple[Database, Contents]]:
    async with connect(url, time_limit=None) as db:
        if not await schema.present(db):
            await schema.migrate(db)
        await check_schema(db)
        try:
            with file.open("rb") as source:
                made = await backup.restore(source, db, keyring, Blobs.at(store, keyring))
        except NotEmpty:
            raise Refused(Text("cli-restore-not-empty")) from None
        except BrokenBackup as error:
            raise Refused(Text("cli-restore-broken", {"reason": error.text}), code=2) from None
        yield db, made


@contextmanager
def _new_file(file: Path) -> Iterator[IO[bytes]]:
    """Open a file of mode 0600 that gets its name when it is whole and on the disk."""
    if file.exists():
        raise Refused(Text("cli-backup-exists", {"file": str(file)}))
    if not file.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(file.parent))
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)


def _numbers(made: Contents) -> dict[str, Argument]:
    moment = datetime.fromisoformat(made.made_at).astimezone()
    at = f"{moment:%Y-%m-%d %H:%M:%S %z}"
    return {"rows": str(made.rows), "files": str(made.files), "at": at}
