"""KeyRotation encrypts everything with the key that ``baoming keys rotate`` has made.

Both keys serve meanwhile. The job goes on after a death, since a document that is done is not
looked at again. When nothing needs an older key any more, the database no longer asks for it.
"""

from __future__ import annotations

from typing import Final

import structlog

from bot.core.open_storage import Storage
from bot.scheduler.scheduler import JobRun
from storage.candidates import blobs
from storage.engine import installation, resealing
from storage.engine.jobs import JobKind
from storage.engine.resealing import Resealing

FILES_AT_ONCE: Final = 20

log = structlog.get_logger("reseal")


class KeyRotation:
    """Reseals rows page by page, then files, then looks whether anything is left."""

    kind = JobKind.RESEALING

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._begin()

    def _begin(self) -> None:
        self._rows = Resealing(self._storage.keyring)
        self._file = ""

    async def run(self, run: JobRun) -> None:
        """Reseal some; run again at once while there is more."""
        keyring = self._storage.keyring
        keyring.read_again()
        if keyring.newest != run.job.key:  # a key that this process does not have, or a newer one
            is_over = run.job.key in keyring.names
            log.warning("key not in use", key=run.job.key, newest=keyring.newest)
            if not is_over:
                run.again(run.next_tick)
            return
        async with run.write() as connection:
            run.again(run.now)
            if await self._rows.page(connection):
                return
            names = await blobs.names(connection, self._file, FILES_AT_ONCE)
            for name in names:
                await self._storage.blobs.reseal(name)
            if names:
                self._file = names[-1]
                return
            self._begin()
            if await resealing.left(connection, keyring):
                run.again(run.next_tick)
                return
            await installation.need_newest_key(connection, keyring, alone=True)
            log.info("everything is encrypted with the newest key", key=keyring.newest)
            run.next_at = None
