"""Intake: numbers the updates of the poller or the webhook, and records when it missed some.

An update that cannot be read or stored is replaced by a *stand-in*: its id, without its content.
The worker sets a stand-in aside with an alert, so no update stops the intake.

https://core.telegram.org/bots/api#getting-updates
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import orjson
import structlog
from starlette.routing import BaseRoute

from bot.core.metrics import Metrics
from bot.core.runtime import Failpoint, FailpointHook, no_failpoint
from bot.updates.conflict import ConflictWatch
from storage.engine.ids import HIGHEST
from storage.updates.inbox import Inbox, ReceivedUpdate

PRE_CHECKOUT = "pre_checkout_query"
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member", PRE_CHECKOUT]
SERVICE = frozenset(
    {
        *("new_chat_title", "new_chat_photo", "delete_chat_photo", "pinned_message"),
        *("message_auto_delete_timer_changed", "users_shared", "chat_shared", "boost_added"),
        *("write_access_allowed", "chat_background_set", "proximity_alert_triggered"),
        *("forum_topic_created", "forum_topic_edited", "forum_topic_closed"),
        *("forum_topic_reopened", "video_chat_started", "video_chat_ended"),
        *("video_chat_scheduled", "video_chat_participants_invited", "giveaway_created"),
        *("giveaway_completed", "gift", "unique_gift", "web_app_data", "connected_website"),
    }
)
"""Keys of service messages that a private chat can have: nobody said anything."""
MOVES = frozenset({"migrate_to_chat_id", "migrate_from_chat_id"})
"""Keys of the messages that a group has become a supergroup."""
GAP = timedelta(seconds=60)
"""A longer pause is recorded: Telegram may have dropped updates meanwhile."""
STAND_IN = "stand_in"
"""The key that marks a stand-in; no update of Telegram has it."""
HOUR = 3600
LATEST = 2**32
"""Seconds since 1970, in the year 2106; a message with a later date is malformed."""

log = structlog.get_logger("intake")


class UpdateSource(Protocol):
    """A source of updates: ``getUpdates``, or a webhook at ``routes``."""

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """The routes that the HTTP server has to serve."""

    @property
    def conflict(self) -> ConflictWatch:
        """Tells whether another bot receives updates with the same token."""

    async def begin(self) -> None:
        """Tell Telegram to use this source.

        Raises:
            ApiError: Telegram refused.
            Unreachable: Telegram did not answer.
        """

    async def run(self) -> None:
        """Receive until cancelled."""


class Intake:
    """Numbers updates and has them committed.

    Args:
        commit: commits updates and runs them; returns how many were new, or raises ``Unavailable``.
        now: returns the real time, which Telegram's updates follow.
        synced_until: the moment until which an earlier run missed no update.
        answer_checkout: begins to answer the question before a payment, which cannot wait for its
            turn in the queue; it must neither wait nor raise.
        admits: returns whether an update is taken; a flood of one person is not.
        is_bound: returns whether a group is bound, so that talk there is nothing for the bot.
        is_staff: returns whether an account has a role.
    """

    def __init__(
        self,
        inbox: Inbox,
        bot_id: int,
        commit: Callable[[Sequence[ReceivedUpdate]], Awaitable[int]],
        *,
        now: Callable[[], datetime],
        synced_until: datetime | None = None,
        failpoint: FailpointHook = no_failpoint,
        metrics: Metrics | None = None,
        answer_checkout: Callable[[object], None] = lambda _query: None,
        admits: Callable[[ReceivedUpdate], bool] = lambda _row: True,
        is_bound: Callable[[int], bool] = lambda _chat: False,
        is_staff: Callable[[int], bool] = lambda _account: False,
    ) -> None:
        self._inbox = inbox
        self._bot_id = bot_id
        self._commit = commit
        self.now = now
        self._synced_until = synced_until
        self._failpoint = failpoint
        self._metrics = metrics or Metrics()
        self._answer_checkout = answer_checkout
        self._admits = admits
        self._is_bound = is_bound
        self._is_staff = is_staff
        self._has_synced = False

    @property
    def synced_until(self) -> datetime | None:
        """The moment until which every update of Telegram is committed."""
        return self._synced_until

    async def take(self, updates: Sequence[object]) -> None:
        """Commit updates; only afterwards may Telegram forget them.

        Args:
            updates: as Telegram sent them; a stand-in replaces each that the inbox cannot store.

        Raises:
            Unavailable: none was committed.
        """
        self._failpoint(Failpoint.RECEIVED)
        now = self.now()
        raw = [
            one or _stand_in(update, now)
            for update in updates
            if not ((one := _storable(update)) and self._is_ignored(one))
        ]
        for update in raw:
            if PRE_CHECKOUT in update:
                self._answer_checkout(update[PRE_CHECKOUT])
        numbered = self._inbox.number(self._bot_id, raw, now)
        rows = self._dated([row for row in numbered if self._admits(row)], now)
        if not rows:
            return
        with self._inbox.uncommitted(rows):
            count = await self._commit(rows)
        self._failpoint(Failpoint.COMMITTED_TO_INBOX)
        self._metrics.updates_kept(count)

    def _dated(self, rows: Sequence[ReceivedUpdate], now: datetime) -> list[ReceivedUpdate]:
        """Date candidates' taps that may have waited for us by the beginning of the wait.

        A tap has no date. After a start, or a gap, something may have waited since the last moment
        at which nothing did. Our absence must not make such a tap too late. It is no older than
        the tapped message, nor than what the person sent before it. A tap of the staff keeps the
        present: its undo window begins with it.
        """
        since = self._synced_until
        if since is None or (self._has_synced and now - since <= GAP):
            return [*rows]
        latest: dict[int, datetime] = {}
        dated = []
        for row in rows:
            at = max(since, latest.get(row.queue_key, since), _shown_at(row.raw, since))
            latest[row.queue_key] = at
            if "callback_query" in row.raw and not self._is_staff(row.queue_key):
                row = replace(row, received_at=min(now, at))
            dated.append(row)
        return dated

    def _is_ignored(self, update: dict[str, Any]) -> bool:
        return is_ignored(update) or is_talk(update, self._is_bound)

    async def mark_synced(self, until: datetime) -> None:
        """Record that Telegram holds no older update, and the gap before if it exceeds a minute.

        Raises:
            Unavailable: the gap was not recorded; call again.
        """
        if self._synced_until is not None and until - self._synced_until > GAP:
            await self._inbox.note_gap(self._synced_until, until)
            self._metrics.intake_gap()
        self._synced_until, self._has_synced = until, True


def unreadable(update_id: int | None) -> dict[str, Any]:
    """Return what ``Intake.take`` gets for an update whose bytes cannot be decoded."""
    return {"update_id": update_id, STAND_IN: True}


def update_id_of(update: object) -> int | None:
    """Return the update_id, or None if there is none that the inbox can store."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int and 0 <= number <= HIGHEST else None


def is_ignored(update: object) -> bool:
    """Return whether the bot does nothing with an update, so that it costs no row.

    These are kinds that nobody asked for, moves of a live location, and service messages of a
    private chat.
    """
    match update:
        case {"edited_message": {"location": _}}:
            return True
        case {"message": {"chat": {"type": "private"}, **rest}}:
            return not rest.keys().isdisjoint(SERVICE)
        case dict():
            kinds = update.keys() - {"update_id"}
            return bool(kinds) and kinds.isdisjoint({*ALLOWED, STAND_IN})
    return False


def _shown_at(raw: Mapping[str, Any], otherwise: datetime) -> datetime:
    """Return the date of a message, or of the message whose button was tapped."""
    match raw:
        case {"message": {"date": date}} | {"callback_query": {"message": {"date": date}}}:
            if type(date) is int and 0 < date < LATEST:
                return datetime.fromtimestamp(date, UTC)
    return otherwise


def is_talk(update: Mapping[str, Any], is_bound: Callable[[int], bool]) -> bool:
    """Return whether people of a bound group talk among themselves: no command, and no move."""
    match update.get("message", update.get("edited_message")):
        case {"chat": {"id": int(chat), "type": "group" | "supergroup"}, **rest}:
            is_command = f"{rest.get('text', '')}".startswith("/")
            return not is_command and rest.keys().isdisjoint(MOVES) and is_bound(chat)
    return False


def _storable(update: object) -> dict[str, Any] | None:
    """Return the update if the inbox can store it."""
    if not isinstance(update, dict) or update_id_of(update) is None or STAND_IN in update:
        return None
    try:
        orjson.dumps(update)  # refuses a value that nests too deeply
    except orjson.JSONEncodeError:
        return None
    return update


def _stand_in(update: object, now: datetime) -> dict[str, Any]:
    """Return the stand-in of an update.

    Without an id it gets the hour as a negative one. So an update that Telegram repeats for a day
    alerts nobody more than once an hour.
    """
    update_id = update_id_of(update)
    log.error("an update cannot be read", update=update_id)
    return unreadable(-int(now.timestamp() // HOUR) if update_id is None else update_id)
