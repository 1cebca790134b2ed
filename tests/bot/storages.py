"""A Storage over a test's database."""

from __future__ import annotations

from typing import cast

from bot.core.open_storage import Storage
from storage.candidates.blobs import Blobs
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.ids import RowIds
from storage.engine.instance_lock import InstanceLock
from storage.engine.jobs import Jobs
from storage.updates.inbox import Inbox
from storage.updates.outbox import Outbox
from storage.updates.unit_of_work import UnitOfWorkStore
from tests.bot.people import BOT, EXAM

_IDS = RowIds()
"""Of all storages of a test run: those over one database give no id twice."""


def storage_over(
    db: Database,
    keyring: Keyring,
    inbox: Inbox | None = None,
    outbox: Outbox | None = None,
    blobs: Blobs | None = None,
) -> Storage:
    """Return a Storage without an instance lock; its files are in memory by default."""
    outbox = outbox or Outbox(db, keyring)
    return Storage(
        db,
        cast(InstanceLock, None),
        keyring,
        _IDS,
        inbox or Inbox(db, keyring, _IDS),
        outbox,
        blobs or Blobs.at("memory://", keyring),
        Jobs(db, keyring),
        UnitOfWorkStore(db, keyring, outbox, _IDS, bot_id=BOT, exam=EXAM.key),
        BOT,
    )
