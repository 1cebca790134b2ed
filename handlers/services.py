"""Services that every step may use and none changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from states.exam import Exam
from states.own_words.intents import Phrasebook
from states.own_words.reply_words import Replies
from states.staff.timings import StaffTimings, WaitTimes
from states.staff_roles import Desk
from states.texts import Text
from storage.engine.encryption import Keyring


@dataclass(frozen=True, slots=True)
class Services:
    """The exam, the keys and the settings of the running bot.

    Args:
        administrators: Telegram accounts that the settings name.
        clock_offset: returns how far the sandbox's clock is ahead of real time.
        clock_moves: whether `/clock` may move it.
        wait_times: returns the usual wait at a desk of an area; None while too few are known.
        invites_last: how long an invitation link can be opened.
        label: returns a text in a language, as on a button.
        real_now: returns the real time, as of an update's arrival.
        ahead: returns how far this machine is ahead of Telegram's clock, which dates messages.
        reading_time: the time that nobody needs less of to see a question and to type an answer.
        paid_broadcasts: whether a broadcast may be sent at 1,000 a second, for Telegram Stars.
        phrasebook: the requests that people make in their own words.
        replies: the words that answer the bot itself, such as yes or back.
    """

    exam: Exam
    keyring: Keyring
    administrators: frozenset[int]
    clock_offset: Callable[[], timedelta]
    clock_moves: bool
    timings: StaffTimings = field(default_factory=StaffTimings)
    wait_times: Callable[[Desk, str], WaitTimes | None] = lambda _desk, _area: None
    invites_last: timedelta = timedelta(hours=48)
    label: Callable[[Text | str, str], str] = lambda text, _locale: str(text)
    real_now: Callable[[], datetime] = lambda: datetime.min.replace(tzinfo=UTC)
    ahead: Callable[[], timedelta] = lambda: timedelta(0)
    reading_time: timedelta = timedelta(0)
    paid_broadcasts: bool = False
    phrasebook: Phrasebook = field(default_factory=lambda: Phrasebook(()))
    replies: Replies = field(default_factory=Replies)
