"""The chats of the staff: real updates, real delivery attempts, and Telegram's messages in memory.

Delivery may lag: a message waits, or is sent and its result is not committed yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import select

from bot.api.client import ApiError, BotApi
from bot.core.open_storage import Storage
from bot.core.runtime import BackgroundTasks, Clocks, WallClock
from bot.delivery.attempts import DeliveryAttempts
from bot.delivery.pacing import RateLimits, Turns
from bot.delivery.renderer import Renderer
from bot.delivery.sender import ChatQueue
from bot.scheduler.desks.apply_decisions import DecisionApplier
from bot.scheduler.desks.idle_claims import IdleClaims
from bot.scheduler.desks.staff_digest import StaffDigest
from bot.scheduler.scheduler import Job
from handlers.registry import SCREENS, STAFF_SCREENS
from handlers.staff.cases.albums import ALBUM, NUMBER
from states import fsm_states
from states.fsm_states import STAFF, Staff
from states.progress.next_step import Position
from states.records import ApplicationId, Records, Stage
from states.step_result import EditScreen, ShowScreen
from states.submissions.application_codes import code_of
from states.texts import Text
from storage.candidates.blobs import Blobs
from storage.data_export import DataExport
from storage.engine import tables
from storage.engine.tables import MOST_OF_AN_ALBUM, OutboxState
from storage.staff.cases.cards import APPLICATION
from storage.staff.cases.claims import ClaimLost
from storage.updates import fsm
from storage.updates.fsm import staff_key
from storage.updates.outbox import DeliveryResult, OutgoingMessage
from tests.bot.storages import storage_over
from tests.factories import BOT, EXAM
from tests.fakes.batch_router import BatchRouter, batch_router
from tests.fakes.jobs import run_job
from tests.fakes.router import TRANSLATIONS
from tests.storage.process import StorageProcess
from tests.storage.staff_members import CONFIRMING, KEYS, PACE

_QUESTIONS = {
    name
    for name in STAFF
    if name.removeprefix("Staff:")
    in ("card", "noting", "refusing", "picking", "reasoning", "wording", "sending")
}
"""The states whose screens are the card of a case."""


@dataclass(slots=True)
class ChatMessage:
    """A message that stands in a chat, and the effect that wrote it last."""

    text: str
    buttons: list[str]
    is_picture: bool
    effect: ShowScreen | EditScreen
    place: int = 0
    """Its place in an album."""

    @property
    def card_of(self) -> int:
        """The application whose card this is; 0 for another message."""
        return self._about if self.effect.screen in _QUESTIONS else 0

    @property
    def paper_of(self) -> tuple[int, str]:
        """The application, and the place of the paper that this is; 0 for another message."""
        is_paper = self.effect.screen == ALBUM and bool(self._about)
        return (self._about, f"{self.effect.data[NUMBER]}.{self.place}") if is_paper else (0, "")

    @property
    def _about(self) -> int:
        """The application that the message shows; 0 if it says only that the claim is lost."""
        about = int(self.effect.data.get(APPLICATION, "0"))
        return 0 if any(one in self.text for one in _lost(about)) else about


@cache
def _lost(about: int) -> list[str]:
    """Return the Chinese texts of a message whose claim on the application is lost."""
    params = {"code": code_of(ApplicationId(about))}
    return [TRANSLATIONS.html(Text(f"lost-{why}", params), "zh-CN") for why in ClaimLost]


class StandingClock(WallClock):
    """Stands still until it is moved."""

    moment = CONFIRMING

    def now(self) -> datetime:
        return self.moment

    def at(self, moment: datetime) -> datetime:
        return moment


class ChatsApi(BotApi):
    """Telegram's side: the messages of each chat, and its refusals."""

    def __init__(self) -> None:
        super().__init__(f"{BOT}:line", "http://127.0.0.1:9")
        self.chats: defaultdict[int, dict[int, ChatMessage]] = defaultdict(dict)
        self.effect: ShowScreen | EditScreen | None = None
        self.refused: list[str] = []
        self._last = 100

    async def call(
        self,
        method: str,
        params: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, bytes] | None = None,
        time_limit: float = 30.0,
    ) -> Any:
        params = params or {}
        chat = self.chats[params["chat_id"]]
        if method == "deleteMessage":
            if chat.pop(params["message_id"], None) is None:
                raise self._refuses("message to delete not found")
            return True
        if method == "deleteMessages":
            for message_id in params["message_ids"]:
                chat.pop(message_id, None)
            return True
        if method == "editMessageReplyMarkup":
            if (closed := chat.get(params["message_id"])) is None:
                raise self._refuses("message to edit not found")
            closed.buttons = []
            return {"message_id": params["message_id"]}
        assert self.effect is not None
        if method == "sendMediaGroup":
            assert 2 <= len(params["media"]) <= MOST_OF_AN_ALBUM
            return [self._album_message(chat, item, n) for n, item in enumerate(params["media"])]
        buttons = [
            button["callback_data"]
            for row in params.get("reply_markup", {}).get("inline_keyboard", ())
            for button in row
            if "callback_data" in button
        ]
        text = params.get("text", params.get("caption", ""))
        shown = ChatMessage(text, buttons, "text" not in params, self.effect)
        if method == "editMessageText":
            older = chat.get(params["message_id"])
            if older is None:
                raise self._refuses("message to edit not found")
            if (older.text, older.buttons) == (shown.text, shown.buttons):
                older.effect = self.effect
                raise ApiError(400, "Bad Request: message is not modified")
            chat[params["message_id"]] = shown
            return {"message_id": params["message_id"]}
        self._last += 1
        chat[self._last] = shown
        return {"message_id": self._last}

    def _album_message(
        self, chat: dict[int, ChatMessage], item: Mapping[str, str], place: int
    ) -> dict[str, int]:
        assert self.effect is not None
        self._last += 1
        chat[self._last] = ChatMessage(item["caption"], [], True, self.effect, place)
        return {"message_id": self._last}

    def _refuses(self, why: str) -> ApiError:
        self.refused.append(why)
        return ApiError(400, f"Bad Request: {why}")


@dataclass(slots=True)
class StaffChats:
    """The chats, the router and the scheduler over one database."""

    process: StorageProcess
    router: BatchRouter
    storage: Storage
    jobs: list[Job]
    attempts: DeliveryAttempts
    api: ChatsApi
    clock: StandingClock
    queues: defaultdict[int, ChatQueue] = field(default_factory=lambda: defaultdict(ChatQueue))
    uncommitted: dict[int, DeliveryResult] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)
    reader: Records = field(default_factory=Records)
    """The reader of the messages, whose language they have."""

    async def run(self, *updates: dict[str, Any]) -> None:
        """Run a batch of updates; their messages wait."""
        self.router.now = self.clock.moment
        await self.router.run(*updates)
        await self._collect()

    async def scheduler_runs(self) -> None:
        """Apply what is due; the messages wait."""
        for job in self.jobs:
            await run_job(self.storage, job, self.clock.moment)
        await self._collect()

    async def _collect(self) -> None:
        replaced = []
        for row in await self.process.outbox.waiting(self.clock.moment):
            if row.id not in self.known:
                self.known.add(row.id)
                for older in self.queues[row.chat_id].push(row, None):
                    replaced.append(self.attempts.result(older, OutboxState.REPLACED))
        await self._commit(*replaced)

    async def _commit(self, *results: DeliveryResult) -> None:
        async with self.process.db.write() as tx:
            await self.process.outbox.save_results(tx, results)

    async def send_one(self, chat_id: int) -> bool:
        """Commit the chat's last result and send its next message; whether there was one."""
        if (done := self.uncommitted.pop(chat_id, None)) is not None:
            await self._commit(done)
        if not self.queues[chat_id].has_waiting:
            return False
        row, _ = self.queues[chat_id].pop()
        self.uncommitted[chat_id] = await self._sent(row)
        return True

    async def _sent(self, row: OutgoingMessage) -> DeliveryResult:
        if not isinstance(row.effect, ShowScreen | EditScreen):
            return await self.attempts.send(row, Records())
        if row.effect.screen not in STAFF_SCREENS:
            return self.attempts.result(row, OutboxState.SENT)  # to a candidate
        self.api.effect = row.effect
        return await self.attempts.send(row, self.reader)

    async def deliver(self) -> None:
        """Send everything, and commit it."""
        for chat_id in tuple(self.queues):
            while await self.send_one(chat_id):
                pass

    # --- what there is to see ---------------------------------------------------------------------

    def messages(self, chat_id: int) -> list[ChatMessage]:
        """The messages of a chat, the oldest first."""
        return [message for _, message in sorted(self.api.chats[chat_id].items())]

    def cards(self, chat_id: int) -> list[int]:
        """The applications whose cards stand in a chat, one entry a card."""
        return [one.card_of for one in self.messages(chat_id) if one.card_of]

    def papers(self, chat_id: int) -> list[tuple[int, str]]:
        """The application and number of each paper that stands in a chat."""
        return [one.paper_of for one in self.messages(chat_id) if one.paper_of[0]]

    async def held(self, account: int, *, valid: bool = False) -> set[int]:
        """The applications whose claim an account has, or those whose claim is valid now."""
        claims, assignments = tables.claims, tables.role_assignments
        query = (
            select(claims.c.application_id)
            .join(assignments, assignments.c.id == claims.c.assignment_id)
            .join(tables.applications, tables.applications.c.id == claims.c.application_id)
            .where(assignments.c.telegram_id == account)
        )
        if valid:
            query = query.where(
                claims.c.touched_at > self.clock.moment - PACE.idle,
                assignments.c.revoked_at.is_(None),
                tables.applications.c.stage == Stage.SUBMITTED,
            )
        async with self.process.db.read() as connection:
            return set(await connection.scalars(query))

    async def position(self, account: int) -> Position:
        """Return the position of an account's staff conversation."""
        key = fsm.row_key(staff_key(BOT, account))
        async with self.process.db.read() as connection:
            record = (await fsm.load(connection, [key]))[key]
        return Position(fsm_states.staff_state_of(record.state), dict(record.data))

    async def asked_about(self, account: int) -> int:
        """The application whose question is open; 0 without one."""
        at = await self.position(account)
        return int(at.data.get(APPLICATION, "0")) if at.state is not Staff.idle else 0


async def _reads(_chat_id: int) -> Records:
    return Records()


async def _exports_nothing(chat_id: int) -> DataExport:
    raise LookupError(chat_id)


@asynccontextmanager
async def staff_chats(process: StorageProcess, blobs: Blobs) -> AsyncIterator[StaffChats]:
    """Open the chats of a process; the papers lie in ``blobs``."""
    async with batch_router(process) as router:
        clock, api = StandingClock(), ChatsApi()
        clocks = Clocks(clock)
        renderer = Renderer(
            TRANSLATIONS,
            EXAM,
            blobs,
            SCREENS,
            _exports_nothing,
            STAFF_SCREENS,
            router.staff_views,
        )
        turns = Turns(RateLimits(pacing=False), clocks.monotonic, BackgroundTasks())
        attempts = DeliveryAttempts(api, process.outbox, renderer, _reads, turns, clocks)
        storage = storage_over(process.db, KEYS, process.inbox, process.outbox, blobs)
        jobs: list[Job] = [
            DecisionApplier(storage, EXAM, clock, ()),
            IdleClaims(storage, PACE),
            StaffDigest(storage, EXAM, PACE),
        ]
        yield StaffChats(process, router, storage, jobs, attempts, api, clock)
