"""DeliveryAttempts sends one outbox row: it renders, calls Telegram and retries.

A message that asks takes the buttons from the question before it, so a chat has one question open.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import structlog

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.failures import raised_at
from bot.core.runtime import Backoff, Clocks, Failpoint, FailpointHook, no_failpoint
from bot.delivery.bulk_claims import BulkClaims
from bot.delivery.pacing import Turns
from bot.delivery.renderer import THREAD, ApiCall, Renderer
from handlers.everyone import notices
from handlers.rendering import Overtaken
from states.records import Records
from states.staff.reach import GroupTrouble, why_group_refuses, why_unreachable
from states.step_result import (
    DeleteMessage,
    EditScreen,
    Effect,
    LeaveChat,
    Priority,
    ShowScreen,
    in_thread,
)
from storage.engine.database import Unavailable
from storage.engine.tables import OutboxState
from storage.updates.folding import asks, is_question
from storage.updates.outbox import DeliveryResult, Outbox, OutgoingMessage

FIRST_RETRY: Final = 1.0
LAST_RETRY: Final = 60.0
"""Seconds until the next attempt, at first and at most."""
SERVER_ERRORS: Final = 8
"""Telegram's own errors at one message, within about 4 minutes, before it is set aside."""
SERVER_ERROR: Final = "500"
MESSAGES_KEPT: Final = 10_000
"""The rows whose message is known without a query; older ones are read from the table."""
_SUBSTITUTE: Final = ShowScreen(notices.APOLOGY)
_NOT_EDITABLE: Final = (
    "message to edit not found",
    "message can't be edited",
    "MESSAGE_ID_INVALID",
    "there is no text in the message to edit",
)
"""Descriptions of Telegram's refusals of an edit, whatever the new content."""
_TOPICS: Final = (GroupTrouble.TOPIC_CLOSED, GroupTrouble.TOPIC_GONE)
"""The troubles of a topic; in a private chat the message goes without it."""

_DELETED: Final = "message to delete not found"
"""The description of Telegram's refusal to delete what is gone already, as after a crash."""

log = structlog.get_logger("delivery")

RecordsReader = Callable[[int], Awaitable[Records]]


class DeliveryAttempts:
    """Sends one row at a time.

    Args:
        read: reads the records of a chat's person, for rows that come without them.
    """

    def __init__(
        self,
        api: BotApi,
        outbox: Outbox,
        renderer: Renderer,
        read: RecordsReader,
        turns: Turns,
        clocks: Clocks,
        failpoint: FailpointHook = no_failpoint,
    ) -> None:
        self._api = api
        self._outbox = outbox
        self._claims = BulkClaims(outbox, clocks.monotonic, failpoint)
        self._renderer = renderer
        self._read = read
        self._turns = turns
        self._clocks = clocks
        self._failpoint = failpoint
        self._messages: OrderedDict[int, int] = OrderedDict()
        self._got_through_at = 0.0
        self._first_id = 0
        self._begun: set[int] = set()

    @property
    def _now(self) -> float:
        return self._clocks.monotonic.now()

    async def send(self, row: OutgoingMessage, records: Records | None) -> DeliveryResult:
        """Try a row whose chat has its turn, until Telegram accepts or refuses it, or it expires.

        Each further attempt waits for a turn of its own. A picture above is sent once.
        """
        backoff, broken = Backoff(FIRST_RETRY, LAST_RETRY), _ServerErrors()
        above = _Above()
        while True:
            if self.is_expired(row):
                return self.result(row, OutboxState.EXPIRED)
            row = replace(row, attempts=row.attempts + 1)
            try:
                return await self._attempt(row, records, above)
            except _RetryLater as retry:
                if row.is_bulk:
                    await self._claims.release(row)
                if retry.server_error and broken.is_too_many(self._got_through_at, self._now):
                    if (given_up := self._given_up(row)) is not None:
                        return given_up
                    retry, broken = _RetryLater(_apology(row)), _ServerErrors()
                if retry.row is not row:
                    row = retry.row
                elif retry.after:
                    await self._hold(row.chat_id, retry.after)
                else:
                    await self._clocks.monotonic.sleep(backoff.next())
            await self._turns.turn(row.chat_id, row.priority, row.id)

    def begin(self, first_id: int) -> None:
        """Take rows with lower ids for those of an earlier run."""
        self._first_id = first_id

    async def _is_answered(self, row: OutgoingMessage) -> bool:
        """Return whether a question may have been sent before a crash, and is answered since.

        Only the first row that a chat had waiting can have been sent.
        """
        if row.id >= self._first_id or row.chat_id in self._begun:
            return False
        is_answered = is_question(row) and await self._outbox.is_answered(row)
        self._begun.add(row.chat_id)
        return is_answered

    def _given_up(self, row: OutgoingMessage) -> DeliveryResult | None:
        """Return the result of a row that Telegram answers with its own error again and again.

        None for a reply: its person gets an apology instead.
        """
        log.error("telegram fails at a message; set aside", row=row.id)
        return None if _is_reply(row) else self.result(row, OutboxState.FAILED, error=SERVER_ERROR)

    def is_expired(self, row: OutgoingMessage) -> bool:
        """Return whether it is too late to send a row."""
        return row.expires_at is not None and self._clocks.wall.now() >= row.expires_at

    def result(
        self,
        row: OutgoingMessage,
        state: OutboxState,
        *,
        message_id: int | None = None,
        error: str | None = None,
        edited: bool = False,
        others: tuple[int, ...] = (),
        moved_to: int | None = None,
    ) -> DeliveryResult:
        """Return a result as of now."""
        now = self._clocks.wall.now()
        return DeliveryResult(row, state, now, message_id, error, edited, others, moved_to)

    async def _hold(self, chat_id: int, seconds: float) -> None:
        self._turns.hold(chat_id, seconds)
        until = self._clocks.wall.now() + timedelta(seconds=seconds)
        try:
            await self._outbox.hold(chat_id, until)
        except Unavailable as error:
            log.warning("hold not stored: it is in memory only", error=str(error))

    async def _attempt(
        self, row: OutgoingMessage, records: Records | None, above: _Above
    ) -> DeliveryResult:
        try:
            if await self._is_answered(row):
                await self._close(row.chat_id, row.effect, 0)
                return self.result(row, OutboxState.OVERTAKEN)
            effect = await self._with_message(row)
            former = await self._former(row)
            if isinstance(effect, DeleteMessage) and effect.message_id is None:
                return self.result(row, OutboxState.SENT)  # the slot is empty
            call = await self._render(row, effect, records)
        except Unavailable:
            raise _RetryLater(row) from None
        except Overtaken:
            return self.result(row, OutboxState.OVERTAKEN)
        except Exception as error:  # a bug in one row must not stop the later rows of its chat
            return await self._not_rendered(row, error)
        if row.is_bulk and not await self._claims.claim(row):
            return self.result(row, OutboxState.OVERTAKEN)  # taken back meanwhile
        try:
            if call.above is not None and not above.is_over:
                await self._show_above(row, call.above, above)
            answer = await self._api.call(call.method, call.params, files=call.files)
        except ApiError as error:
            return self._refused(row, call, error)
        except Unreachable as error:
            log.warning("telegram did not answer", row=row.id, error=str(error))
            if error.in_doubt and row.is_bulk:
                return self.result(row, OutboxState.UNKNOWN)  # a second call might be a second copy
            raise _RetryLater(row, server_error=error.server_error) from None
        self._got_through_at = self._now
        self._failpoint(Failpoint.SENT)
        return await self._sent(row, effect, former, call, answer)

    async def _sent(
        self,
        row: OutgoingMessage,
        effect: Effect,
        former: int | None,
        call: ApiCall,
        answer: Any,
    ) -> DeliveryResult:
        """Return the result of an accepted call, and take the buttons off earlier messages."""
        if isinstance(answer, Mapping) and "edit_date" not in answer and "date" in answer:
            self._clocks.wall.compare(answer["date"])
        made = answer if isinstance(answer, list) else [answer]  # the messages of an album
        ids = [one["message_id"] for one in made if isinstance(one, Mapping)]
        message_id, *others = ids or [None]
        self._turns.count(row.chat_id, len(others))
        edited = message_id is not None and message_id == call.params.get("message_id")
        if message_id is not None:
            self._note(row.id, message_id)
            await self._close(row.chat_id, effect, message_id)
            if former is not None:
                await self._take_buttons(row.chat_id, former)
        return self.result(
            row, OutboxState.SENT, message_id=message_id, edited=edited, others=tuple(others)
        )

    async def _not_rendered(self, row: OutgoingMessage, error: Exception) -> DeliveryResult:
        """Return the result of a row that cannot be rendered, or send an apology instead.

        Records that are gone since are no bug: their person was erased. Then the row is gone, too,
        or asks what is not asked any more.
        """
        try:
            if await self._outbox.is_deleted(row.id) or await self._is_closed(row):
                return self.result(row, OutboxState.OVERTAKEN)
        except Unavailable:
            raise _RetryLater(row) from None
        kind = type(error).__name__
        log.error("message not rendered", row=row.id, error=kind, at=raised_at(error))
        if _is_reply(row):
            # A person who waits for a reply gets at least an apology.
            raise _RetryLater(_apology(row)) from None
        return self.result(row, OutboxState.FAILED, error=kind)

    async def _is_closed(self, row: OutgoingMessage) -> bool:
        """Return whether a row asks what is not asked any more."""
        return asks(row.effect) and not await self._outbox.is_open(row, row.effect)

    async def _with_message(self, row: OutgoingMessage) -> Effect:
        """Return the effect with the message that it edits or deletes, if there is one.

        Raises:
            Overtaken: the group that was to be left is bound now.
        """
        effect, chat = row.effect, (row.bot_id, row.chat_id)
        if isinstance(effect, DeleteMessage) and effect.slot is not None:
            message_id, *others = await self._outbox.album(*chat, effect.slot) or (None,)
            return DeleteMessage(message_id, others=tuple(others))
        if isinstance(effect, EditScreen) and effect.slot is not None:
            newest = await self._outbox.newest(*chat, effect.slot)
            return replace(effect, message_id=newest)
        if isinstance(effect, EditScreen) and await self._is_above_question(effect):
            return effect.as_new()
        if isinstance(effect, LeaveChat) and row.not_before is not None:
            now = self._clocks.wall.now()
            if await self._outbox.is_group_wanted(row.bot_id, row.chat_id, now):
                raise Overtaken
        return effect

    async def _is_above_question(self, edit: EditScreen) -> bool:
        """Return whether the chat's question was sent below the message of an edit.

        So it is when a person taps an old question before the answer to their /start arrives.
        """
        asked_in = await self._message_of(edit.closes)
        return asked_in is not None and edit.message_id is not None and asked_in > edit.message_id

    async def _render(
        self, row: OutgoingMessage, effect: Effect, records: Records | None
    ) -> ApiCall:
        if records is None:
            records = await self._read(row.chat_id)
        edited = effect.message_id if isinstance(effect, EditScreen) else None
        now = self._clocks.wall.now()
        return await self._renderer.call(effect, row.chat_id, records, now, edited)

    async def _show_above(self, row: OutgoingMessage, call: ApiCall, above: _Above) -> None:
        """Send the picture above a message, and wait for the message's own turn.

        The message comes without a picture that Telegram refuses, or at which it always fails.
        """
        try:
            await self._api.call(call.method, call.params, files=call.files)
        except ApiError as error:
            if error.code == 429:
                raise
            log.warning("picture above a message refused", code=error.code)
        except Unreachable as error:
            is_broken = error.server_error and above.broken.is_too_many(
                self._got_through_at, self._now
            )
            if not is_broken:
                raise
            log.error("telegram fails at a picture above a message", row=row.id)
        else:
            await self._turns.turn(row.chat_id, row.priority, row.id)
        above.is_over = True

    def _note(self, row_id: int, message_id: int) -> None:
        self._messages[row_id] = message_id
        if len(self._messages) > MESSAGES_KEPT:
            self._messages.popitem(last=False)

    async def _close(self, chat_id: int, effect: Effect, shown_in: int) -> None:
        """Take the buttons off the question before; a message that is gone needs nothing."""
        row_id = effect.closes if isinstance(effect, ShowScreen | EditScreen) else None
        message_id = await self._message_of(row_id)
        if message_id not in (None, shown_in):
            await self._take_buttons(chat_id, message_id)

    async def _former(self, row: OutgoingMessage) -> int | None:
        """Return the message whose place a notice takes: the former one of its slot."""
        match row.effect:
            case ShowScreen(slot=str(slot), priority=Priority.NOTICE):
                return await self._outbox.newest(row.bot_id, row.chat_id, slot)
        return None

    async def _take_buttons(self, chat_id: int, message_id: int) -> None:
        """Take the buttons off a message; one at which Telegram always fails keeps them."""
        backoff, broken = Backoff(FIRST_RETRY, LAST_RETRY), _ServerErrors()
        params = {"chat_id": chat_id, "message_id": message_id}
        while True:
            try:
                await self._api.call("editMessageReplyMarkup", params)
            except ApiError as error:
                if error.code != 429:
                    return
                await self._clocks.monotonic.sleep(error.retry_after or FIRST_RETRY)
            except Unreachable as error:
                if error.server_error and broken.is_too_many(self._got_through_at, self._now):
                    log.error("telegram fails at buttons; they stay")
                    return
                await self._clocks.monotonic.sleep(backoff.next())
            else:
                return

    async def _message_of(self, row_id: int | None) -> int | None:
        if row_id is None:
            return None
        if (known := self._messages.get(row_id)) is not None:
            return known
        with suppress(Unavailable):  # a button too many does no harm: its question is over
            if (found := await self._outbox.message_of(row_id)) is not None:
                self._note(row_id, found)
                return found
        return None

    def _refused(self, row: OutgoingMessage, call: ApiCall, error: ApiError) -> DeliveryResult:
        """Return the result of a refusal: success after all, or a failure.

        Raises:
            _RetryLater: the row is to be tried again, or to be sent as a new message.
        """
        if error.code == 429:
            raise _RetryLater(row, error.retry_after or FIRST_RETRY)
        if "message is not modified" in error.description:
            message_id = call.params.get("message_id")
            if message_id is not None:
                self._note(row.id, message_id)
            return self.result(row, OutboxState.SENT, message_id=message_id)
        if error.moved_to is not None:
            return self.result(
                row, OutboxState.FAILED, error=f"{error.code}", moved_to=error.moved_to
            )
        if (
            row.chat_id > 0
            and why_group_refuses(error.description) in _TOPICS
            and THREAD in call.params
        ):
            raise _RetryLater(replace(row, effect=in_thread(row.effect, None)))
        if _DELETED in error.description and isinstance(row.effect, DeleteMessage):
            return self.result(row, OutboxState.SENT)
        is_gone = any(text in error.description for text in _NOT_EDITABLE)
        if is_gone and isinstance(row.effect, EditScreen):
            raise _RetryLater(replace(row, effect=row.effect.as_new()))
        # A person who blocked the bot is no trouble of ours: the staff find them as unreachable.
        is_left = row.chat_id > 0 and why_unreachable(error.code, error.description) is not None
        note = log.info if is_left else log.warning
        note("telegram refused a message", row=row.id, code=error.code, method=call.method)
        return self.result(row, OutboxState.FAILED, error=_reason(row.chat_id, error))


def _reason(chat_id: int, error: ApiError) -> str:
    """Return why a row failed: what is wrong with a chat, or Telegram's code."""
    in_group = why_group_refuses(error.description) if chat_id < 0 else None
    return in_group or why_unreachable(error.code, error.description) or f"{error.code}"


def _is_reply(row: OutgoingMessage) -> bool:
    """Return whether a person waits for this message, which is no apology yet."""
    is_screen = isinstance(row.effect, ShowScreen | EditScreen)
    return is_screen and row.priority is Priority.REPLY and row.effect != _SUBSTITUTE


def _apology(row: OutgoingMessage) -> OutgoingMessage:
    return replace(row, effect=_SUBSTITUTE)


class _ServerErrors:
    """Counts the answers of one row that were errors of Telegram's own.

    They are the row's fault only if other messages get through meanwhile.
    """

    def __init__(self) -> None:
        self._count = 0
        self._since = 0.0

    def is_too_many(self, got_through_at: float, now: float) -> bool:
        """Count an answer; return whether Telegram never takes this row."""
        self._count += 1
        if self._count == 1:
            self._since = now
        return self._count >= SERVER_ERRORS and got_through_at > self._since


class _Above:
    """The picture above one message: ``is_over`` once it was sent, or is not tried again."""

    def __init__(self) -> None:
        self.is_over = False
        self.broken = _ServerErrors()


class _RetryLater(Exception):
    """Asks for another attempt with ``row``, after the seconds of a 429 if there are any.

    ``server_error``: Telegram answered, with an error of its own.
    """

    def __init__(
        self, row: OutgoingMessage, after: float | None = None, *, server_error: bool = False
    ) -> None:
        super().__init__()
        self.row = row
        self.after = after
        self.server_error = server_error
