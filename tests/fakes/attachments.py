"""An attachment fetcher with a real database, a folder of files and a fake file server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any, cast

from aiogram.fsm.state import State
from sqlalchemy import func, select

from bot.api.client import BotApi
from bot.core.open_storage import Storage
from bot.updates.attachments import AttachmentFetcher
from handlers.update_context import Fetched
from states.records import IMAGE, PersonId
from states.staff_roles import Role, RoleAssignment, Scope
from states.texts import Problem
from storage.candidates import people
from storage.candidates.blobs import Blobs, StoredFile
from storage.engine import tables
from storage.engine.database import Database
from storage.engine.ids import RowIds
from storage.engine.jobs import Jobs
from storage.staff.access import role_assignments
from storage.updates import fsm
from storage.updates.fsm import candidate_key, staff_key
from storage.updates.inbox import Inbox, ReceivedUpdate
from storage.updates.outbox import Outbox
from storage.updates.unit_of_work import UnitOfWorkStore
from tests.bot.people import (
    BOT,
    EXAM,
    KEYRING,
    LING,
    OPEN,
    person,
)
from tests.fakes.clocks import FakeMonotonicClock
from tests.fakes.media_worker import InProcessMediaWorker

NOW = OPEN.astimezone(UTC)
LING_ID = PersonId(65)
MEGABYTE = 1024 * 1024
TOO_LARGE = Problem("problem-file-large", {"limit": 20})


class FakeFileServer(BotApi):
    """Telegram's side: hands out files by their id, and fails as often as is planned."""

    def __init__(self) -> None:
        super().__init__("4242:line", "http://127.0.0.1:9")
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, list[Exception]] = {}
        self.asked: list[str] = []

    async def call(
        self,
        method: str,
        params: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, bytes] | None = None,
        time_limit: float = 30.0,
    ) -> Any:
        self._ask(method)
        return {"file_path": (params or {}).get("file_id", "")}

    async def download(self, file_path: str, limit: int) -> bytes:
        self._ask("download")
        return self.files[file_path]

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.faults.get(what):
            raise self.faults[what].pop(0)


@dataclass(slots=True)
class AttachmentHarness:
    """An attachment fetcher over a real database and a folder of files."""

    db: Database
    folder: Path
    api: FakeFileServer = field(default_factory=FakeFileServer)
    monotonic: FakeMonotonicClock = field(default_factory=FakeMonotonicClock)
    attachments: AttachmentFetcher = field(init=False)
    work: UnitOfWorkStore = field(init=False)
    numbers: int = 0

    def __post_init__(self) -> None:
        self.attachments = self.of(EXAM.key)

    def of(self, exam: str, api: BotApi | None = None) -> AttachmentFetcher:
        """Return the fetcher of an exam."""
        outbox, ids = Outbox(self.db, KEYRING), RowIds()
        self.work = UnitOfWorkStore(self.db, KEYRING, outbox, ids, bot_id=BOT, exam=exam)
        storage = Storage(
            db=self.db,
            lock=cast(Any, None),
            keyring=KEYRING,
            ids=ids,
            inbox=Inbox(self.db, KEYRING, ids),
            outbox=outbox,
            blobs=self.blobs,
            jobs=Jobs(self.db, KEYRING),
            units=self.work,
            bot_id=BOT,
        )
        named = EXAM.model_copy(update={"key": exam})
        return AttachmentFetcher(
            api or self.api, storage, named, InProcessMediaWorker(), self.monotonic
        )

    @property
    def blobs(self) -> Blobs:
        """The files, opened once more."""
        return Blobs.at(self.folder, KEYRING)

    @property
    def files(self) -> set[str]:
        """The files in the folder."""
        return {path.name for path in self.folder.glob("*")}

    async def is_in_state(self, state: State, telegram_id: int = LING) -> None:
        """Somebody is in this state."""
        storage = fsm.SqlStorage(fsm.TableRecords(self.db))
        await storage.set_state(candidate_key(BOT, telegram_id), state)

    async def is_asked_as_staff(self, state: State, telegram_id: int = LING) -> None:
        """Somebody has a seat, and is asked this as one of the staff."""
        storage = fsm.SqlStorage(fsm.TableRecords(self.db))
        await storage.set_state(staff_key(BOT, telegram_id), state)
        assignment = RoleAssignment(
            7, BOT, telegram_id, Role.AREA_REVIEWER, Scope("qinghai"), "", 0, NOW
        )
        async with self.db.write() as connection:
            await role_assignments.grant(connection, KEYRING, assignment)
        await self.work.refresh_staff()

    async def has_account(self, person_id: PersonId = LING_ID, telegram_id: int = LING) -> None:
        """Somebody has an account."""
        one = person("zh-CN", id=person_id, telegram_id=telegram_id, number_hash=None)
        async with self.db.write() as connection:
            await connection.execute(tables.people.insert(), people.as_row(KEYRING, one))

    async def keeps_files(self, size: int) -> None:
        """Files of Ling's with so many bytes are kept."""
        kept = StoredFile("9" * 64, LING_ID, IMAGE, size, NOW)
        async with self.db.write() as connection:
            await connection.execute(tables.blobs.insert(), asdict(kept))

    async def sends(self, content: bytes, telegram_id: int = LING, **more: Any) -> Fetched | None:
        """A file is sent; return what the fetcher makes of it."""
        self.api.files["it"] = content
        document = {"file_id": "it", "file_size": len(content)} | more
        return await self.attachments.fetch(self.row({"document": document}, telegram_id), NOW)

    def row(self, message: dict[str, Any], telegram_id: int = LING) -> ReceivedUpdate:
        """An update with this message."""
        self.numbers += 1
        return ReceivedUpdate(
            self.numbers, BOT, self.numbers, telegram_id, NOW, {"message": message}
        )

    async def rows(self) -> int:
        """How many files have a row."""
        async with self.db.read() as connection:
            return await connection.scalar(select(func.count()).select_from(tables.blobs)) or 0
