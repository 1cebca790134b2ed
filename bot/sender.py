"""Sends what was decided: per chat in order, one at a time, as fast as Telegram allows.

Rows just committed are handed over in memory; the table is the net for what a crash leaves. What
became of a row (its mark) rides along in the pump's next commit, and a chat's next row waits for
the mark of the one before: so a crash repeats at most one message a chat.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import structlog

from bot.arrows import Arrow, Passing, undisturbed
from bot.backoff import Backoff
from bot.client import ApiError, BotApi, Unreachable
from bot.limits import Limits
from bot.metrics import Metrics
from bot.render import Call, Renderer
from bot.tasks import Tasks
from bot.times import Calendar, Machine
from handlers.everyone import notices
from states.outcome import Edit, Priority, Say
from states.records import Records
from storage.db import Unavailable
from storage.outbox import FORBIDDEN, GONE, Outbox, Outgoing, Sent
from storage.tables import OutboxState

FIRST_RETRY = 1.0
LAST_RETRY = 60.0
_APOLOGY = Say(notices.APOLOGY)
_GONE = ("message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID")
"""What Telegram says of a message that cannot be edited any more, whatever is put in its place."""

log = structlog.get_logger("sender")

Reader = Callable[[int], Awaitable[Records]]


@dataclass(slots=True)
class Chat:
    """The rows of one chat that are not through: queued, and sent but not marked."""

    queue: list[tuple[int, int, Outgoing, Records | None]] = field(default_factory=list)
    unmarked: set[int] = field(default_factory=set)
    marked: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class Sender:
    """The messages on their way.

    Args:
        read: the records of a chat's person, for rows that were not handed over in memory.
        wake: called when marks wait that a chat waits for.
    """

    def __init__(
        self,
        api: BotApi,
        outbox: Outbox,
        renderer: Renderer,
        read: Reader,
        limits: Limits,
        calendar: Calendar,
        machine: Machine,
        tasks: Tasks,
        passing: Passing = undisturbed,
        metrics: Metrics | None = None,
    ) -> None:
        self._api = api
        self._tasks = tasks
        self._outbox = outbox
        self._renderer = renderer
        self._read = read
        self._limits = limits
        self._calendar = calendar
        self._machine = machine
        self._passing = passing
        self._metrics = metrics or Metrics()
        self._chats: dict[int, Chat] = {}
        self._known: set[int] = set()
        self._noted: set[int] = set()
        self._marks: list[Sent] = []
        self.wake: Callable[[], None] = lambda: None
        self.marks_wanted = False

    # --- what comes in ---------------------------------------------------------------------------

    def submit(self, rows: Iterable[Outgoing], records: Records | None = None) -> None:
        """Send committed rows; those on their way already are left out."""
        for row in rows:
            if row.id in self._known:
                continue
            self._known.add(row.id)
            wait = (row.not_before - self._calendar.now()).total_seconds() if row.not_before else 0
            if wait > 0:
                self._tasks.start(self._queue_later(row, records, wait))
            else:
                self._queue(row, records)

    async def _queue_later(self, row: Outgoing, records: Records | None, wait: float) -> None:
        await self._machine.sleep(wait)
        self._queue(row, records)

    def _queue(self, row: Outgoing, records: Records | None) -> None:
        chat = self._chats.setdefault(row.chat_id, Chat())
        if isinstance(row.act, Edit):
            self._replace_older(chat, row.act)
        heapq.heappush(chat.queue, (row.priority, row.id, row, records))
        if chat.task is None:
            chat.task = self._tasks.start(self._drain(row.chat_id, chat))

    def _replace_older(self, chat: Chat, newer: Edit) -> None:
        """Edits of the same message that still wait would be seen by nobody."""
        older = [
            entry
            for entry in chat.queue
            if isinstance(entry[2].act, Edit) and _is_of_same_message(entry[2].act, newer)
        ]
        for entry in older:
            chat.queue.remove(entry)
            self._marks.append(self._mark(entry[2], OutboxState.REPLACED))
        heapq.heapify(chat.queue)

    async def recover(self) -> None:
        """Take up what the table still holds; what was claimed before a crash stays unknown."""
        unknown = await self._outbox.own_up()
        if unknown:
            log.warning("bulk messages of unknown outcome", count=unknown)
        now = self._calendar.now()
        for chat_id, until in (await self._outbox.holds()).items():
            seconds = (until - now).total_seconds()
            self._limits.hold(chat_id, seconds, self._machine.now())
        await self.catch_up()

    async def catch_up(self) -> None:
        """Send what the table holds and memory does not."""
        self._noted.clear()
        rows = await self._outbox.waiting(self._calendar.now())
        # What was noted while the table was read is waiting in this reading only.
        self.submit(row for row in rows if row.id not in self._noted)
        self._limits.forget(self._machine.now())

    # --- marks -----------------------------------------------------------------------------------

    @property
    def has_marks(self) -> bool:
        """Whether something was sent that is not noted."""
        return bool(self._marks)

    def take_marks(self) -> list[Sent]:
        """The marks for the commit that is being made; ``marked`` or ``give_back`` must follow."""
        marks, self._marks = self._marks, []
        self.marks_wanted = False
        return marks

    def give_back(self, marks: Sequence[Sent]) -> None:
        """The commit failed: they wait for the next."""
        self._marks = [*marks, *self._marks]

    def marked(self, marks: Sequence[Sent]) -> None:
        """They are committed: their chats go on."""
        self._metrics.deliveries_finished(marks, self._calendar.offset)
        for mark in marks:
            self._passing(Arrow.MARKED)
            self._known.discard(mark.row.id)
            self._noted.add(mark.row.id)
            chat = self._chats[mark.row.chat_id]
            chat.unmarked.discard(mark.row.id)
            chat.marked.set()
            self._retire(mark.row.chat_id, chat)

    def _retire(self, chat_id: int, chat: Chat) -> None:
        if not chat.queue and not chat.unmarked and chat.task is None:
            self._chats.pop(chat_id, None)

    # --- one chat --------------------------------------------------------------------------------

    async def _drain(self, chat_id: int, chat: Chat) -> None:
        while chat.queue:
            await self._wait_for_marks(chat)
            _, _, row, records = heapq.heappop(chat.queue)
            mark = await self._send(row, records)
            chat.unmarked.add(row.id)
            self._marks.append(mark)
            self.wake()
        chat.task = None
        self._retire(chat_id, chat)

    async def _wait_for_marks(self, chat: Chat) -> None:
        while chat.unmarked:
            chat.marked.clear()
            self.marks_wanted = True
            self.wake()
            await chat.marked.wait()

    async def _send(self, row: Outgoing, records: Records | None) -> Sent:
        """One row, until Telegram has said yes or no."""
        backoff = Backoff(FIRST_RETRY, LAST_RETRY)
        while True:
            if row.expires_at is not None and self._calendar.now() >= row.expires_at:
                return self._mark(row, OutboxState.EXPIRED)
            await self._pace(row)
            row = replace(row, attempts=row.attempts + 1)
            try:
                return await self._attempt(row, records)
            except _Again as again:
                if again.row is not row:
                    row = again.row
                elif again.held:
                    await self._hold(row.chat_id, again.held)
                else:
                    await self._machine.sleep(backoff.next())

    async def _hold(self, chat_id: int, seconds: float) -> None:
        self._limits.hold(chat_id, seconds, self._machine.now())
        try:
            await self._outbox.hold(chat_id, self._calendar.now() + timedelta(seconds=seconds))
        except Unavailable as error:
            log.warning("a limit is remembered in memory only", error=str(error))

    async def _pace(self, row: Outgoing) -> None:
        delay = self._limits.delay(row.chat_id, row.priority, self._machine.now())
        while delay > 0:
            await self._machine.sleep(delay)
            delay = self._limits.held(row.chat_id, row.priority, self._machine.now())

    async def _attempt(self, row: Outgoing, records: Records | None) -> Sent:
        try:
            call = await self._call(row, records)
            if row.priority is Priority.BULK:
                await self._outbox.claim([row.id])
        except Unavailable:
            raise _Again(row) from None
        except Exception as error:  # words, picture or records are not there: later rows must go on
            log.error("a message could not be made", row=row.id, error=type(error).__name__)
            is_answer = isinstance(row.act, Say | Edit) and row.priority is Priority.REPLY
            if is_answer and row.act != _APOLOGY:
                # Whoever waits for an answer hears at least that something went wrong.
                raise _Again(replace(row, act=_APOLOGY)) from None
            return self._mark(row, OutboxState.FAILED, error=type(error).__name__)
        try:
            result = await self._api.call(call.method, call.params, files=call.files)
        except ApiError as error:
            return self._refused(row, call, error)
        except Unreachable as error:
            log.warning("telegram did not answer", row=row.id, error=str(error))
            raise _Again(row) from None
        self._passing(Arrow.SENT)
        return self._mark(row, OutboxState.SENT, message_id=_message_id(result))

    async def _call(self, row: Outgoing, records: Records | None) -> Call:
        if records is None:
            records = await self._read(row.chat_id)
        slot_message = None
        if isinstance(row.act, Edit):
            slot_message = row.act.message_id
            if row.act.slot is not None:
                slot_message = await self._outbox.newest(row.bot_id, row.chat_id, row.act.slot)
        now = self._calendar.now()
        return await self._renderer.call(row.act, row.chat_id, records, now, slot_message)

    def _refused(self, row: Outgoing, call: Call, error: ApiError) -> Sent:
        """What a refusal means: success after all, try again, send anew, or the row's end."""
        if error.code == 429:
            raise _Again(row, held=error.retry_after or FIRST_RETRY)
        if "message is not modified" in error.description:
            return self._mark(row, OutboxState.SENT, message_id=call.params.get("message_id"))
        if isinstance(row.act, Edit) and any(sign in error.description for sign in _GONE):
            raise _Again(replace(row, act=row.act.anew()))
        log.warning("telegram refused a message", row=row.id, code=error.code, method=call.method)
        return self._mark(row, OutboxState.FAILED, error=_reason(error))

    def _mark(
        self,
        row: Outgoing,
        state: OutboxState,
        *,
        message_id: int | None = None,
        error: str | None = None,
    ) -> Sent:
        return Sent(row, state, self._calendar.now(), message_id, error)


def _reason(error: ApiError) -> str:
    """Why a row is over: the bot is shut out, there is no such chat, or Telegram's number."""
    if error.code == 403:
        return FORBIDDEN
    return GONE if "chat not found" in error.description else f"{error.code}"


class _Again(Exception):
    """Not over: the row as it is to be tried next, and the seconds a 429 asked for."""

    def __init__(self, row: Outgoing, held: float | None = None) -> None:
        super().__init__()
        self.row = row
        self.held = held


def _is_of_same_message(one: Edit, other: Edit) -> bool:
    """Whether both are for one message, by its slot or its id; who names none makes a new one."""
    named = (one.slot, one.message_id)
    return named == (other.slot, other.message_id) and named != (None, None)


def _message_id(result: object) -> int | None:
    return result.get("message_id") if isinstance(result, Mapping) else None


class Toasts:
    """Answers to pressed buttons: not rows, since after seconds nobody can see them any more."""

    LIFETIME = 10.0

    def __init__(
        self, api: BotApi, machine: Machine, tasks: Tasks, metrics: Metrics | None = None
    ) -> None:
        self._api = api
        self._machine = machine
        self._tasks = tasks
        self._metrics = metrics or Metrics()

    def answer(self, callback_id: str, text: str | None, since: float) -> None:
        """Stop the button's spinner, with a word or without; too late, do nothing."""
        if self._machine.now() - since > self.LIFETIME:
            self._metrics.callback_answer_lost()
            return
        params: dict[str, Any] = {"callback_query_id": callback_id}
        self._tasks.start(self._call({**params, "text": text} if text else params))

    async def _call(self, params: Mapping[str, Any]) -> None:
        try:
            await self._api.call("answerCallbackQuery", params, patience=self.LIFETIME)
        except (ApiError, Unreachable) as error:
            self._metrics.callback_answer_lost()
            log.info("a button's answer was lost", error=str(error))
